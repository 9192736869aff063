"""The smaller things that a program declares: calendars, tables, kinds of fact, tracks, accounts, benefits."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from swingby.program.blocks import ByCase, DayOfYear, Value
from swingby.program.describing import english
from swingby.program.describing.columns import column_words
from swingby.program.describing.filters import whose
from swingby.program.describing.moments import at, moment_from
from swingby.program.describing.numbers import ROLL_UPS, facts_named
from swingby.program.describing.requirements import requirement_lines
from swingby.program.describing.speaker import Speaker, says, unit_of
from swingby.program.describing.tree import Line
from swingby.program.describing.values import by_case_line
from swingby.program.kinds import FACT_KINDS, Column
from swingby.program.model import Account, Benefit, Calendar, FactDeclaration, Header, Table, Track, TrackCase

_LAST_DAY_OF_ALL: Final = 28


def program_name(header: Header) -> str:
    """What a program is called: its label, or its id as people write it."""
    return header.label if header.label != header.id else english.words(header.id)


def header_lines(header: Header) -> Iterator[Line]:
    """Who the program is, from when it holds, and what it takes as given."""
    called = program_name(header)
    name = english.quoted(called) + (f" (id {header.id})" if header.id != called else "")
    yield Line(f"This is version {header.version} of {name}, in version {header.language} of the program language.")
    yield Line(f"It holds from {english.day(header.effective)}.")
    if header.announced:
        yield Line(f"Partners hear of it on {english.day(header.announced)}.")
    if header.shadow_from:
        yield Line(f"It is computed beside the version in force from {english.day(header.shadow_from)}.")
    if header.protected_through:
        yield Line(f"Nobody moves down a tier through {english.day(header.protected_through)}.")
    yield Line(f"Amounts are in {header.currency}; days are those of the time zone {header.time_zone}.")
    yield Line(f"What an organization does counts for {ROLL_UPS[header.roll_up]}.")


def calendar_lines(calendar: Calendar, speaker: Speaker) -> Iterator[Line]:
    """When its year begins."""
    yield Line(f"{english.capital(speaker.say(calendar))}.")


@says(Calendar)
def _calendar(calendar: Calendar, _: Speaker) -> str:
    name = english.words(calendar.name)
    months = ""
    if calendar.month_starts:
        months = f"; its months begin on {english.joined(english.day(day) for day in calendar.month_starts)}"
    if isinstance(calendar.starts, DayOfYear):
        return f"a {name} year begins on {english.day_of_year(calendar.starts)}{months or _quarters(calendar.starts)}"
    begins = "the partner joins" if calendar.starts == "joined" else "the tier held began"
    return f"a {name} year begins when {begins}, for each partner by itself{months}"


def _quarters(start: DayOfYear) -> str:
    """The days on which quarters and half-years begin, where every month has the day."""
    if start.day > _LAST_DAY_OF_ALL:
        return ""
    days = [DayOfYear((start.month - 1 + months) % 12 + 1, start.day) for months in (0, 3, 6, 9)]
    return f"; its quarters begin on {english.days_of_year(days)}, its half-years on {english.days_of_year(days[::2])}"


def table_lines(table: Table, speaker: Speaker) -> tuple[Line, ...]:
    """The items of a list, or a value."""
    if table.value:
        return value_lines(table.value, speaker)
    return (Line(f"A list: {english.joined(speaker.say(item) for item in table.items)}."),)


def value_lines(value: Value, speaker: Speaker) -> tuple[Line, ...]:
    """A value as a sentence, or its cases as a list."""
    if not isinstance(value, ByCase):
        return (Line(english.sentence(speaker.say(value))),)
    found = by_case_line(value, speaker)
    return (Line(f"{english.capital(found.text)}:", found.items),)


def fact_lines(fact: FactDeclaration, speaker: Speaker) -> Iterator[Line]:
    """What a kind of fact carries, or which part of another kind it is."""
    if fact.subset_of:
        yield Line(
            f"{english.capital(facts_named(fact.subset_of, speaker))}{whose(fact.where, fact.subset_of, speaker)}."
        )
        if fact.pick:
            yield Line(f"Picked over all partners before credit: {speaker.about(fact.subset_of).say(fact.pick)}.")
    elif fact.kind:
        yield Line(english.sentence(speaker.say(fact)))


@says(FactDeclaration)
def _fact(fact: FactDeclaration, speaker: Speaker) -> str:
    if fact.kind is None:
        return f"a part of {speaker.name('facts', fact.subset_of or fact.name)}"
    nature = "happens on a day" if fact.kind.shape == "event" else "holds from a day to a day"
    return f"each {nature} and belongs to one {fact.kind.owner}{_columns(fact)}"


def _columns(fact: FactDeclaration) -> str:
    known = FACT_KINDS[fact.name].columns if fact.name in FACT_KINDS else ()
    own = [column for column in fact.kind.columns if column not in known] if fact.kind else []
    listed = [_column(column) for column in own if not column.required]
    listed += [
        f"{column_words(name)} (made of {english.joined(map(column_words, parts))})" for name, parts in fact.joint
    ]
    beside = "beside the usual columns " if fact.name in FACT_KINDS else ""
    return f"; {beside}it has {english.joined(listed)}" if listed else ""


def _column(column: Column) -> str:
    return f"{column_words(column.name)} ({column.type})"


def track_lines(track: Track, speaker: Speaker) -> Iterator[Line]:
    """Which word a partner gets."""
    rest = english.data_word(track.otherwise)
    if track.chosen:
        yield Line(f"The partner's latest choice on {english.data_word(track.chosen)}; {rest} without one.")
        return
    yield Line(f"The first of these words whose condition is met; {rest} if none is.")
    for case in track.cases:
        yield Line(f"{speaker.say(case)}, if:", requirement_lines(case.requires, speaker))


@says(TrackCase)
def _case(case: TrackCase, _: Speaker) -> str:
    return english.data_word(case.word)


def account_lines(account: Account, speaker: Speaker) -> Iterator[Line]:
    """What it holds, from when and until when it can be used."""
    opens = f"from {moment_from(account.opens, 'the day it came in', speaker)}" if account.opens else "at once"
    lapses = "never lapses"
    if account.expires:
        lapses = f"lapses {at(moment_from(account.expires, 'the day it came in', speaker))}"
    yield Line(f"Holds {unit_of(account.unit).many}.")
    yield Line(f"What comes in can be used {opens} and {lapses}.")
    yield Line("What came in first is spent first; on one day lots lapse, then arrive, then are spent.")
    yield Line("What would go beyond the balance is not spent.")


def benefit_lines(benefit: Benefit, speaker: Speaker) -> tuple[Line, ...]:
    """What is granted."""
    unit = unit_of(benefit.text.unit)
    return value_lines(benefit.value, speaker.counting(unit))
