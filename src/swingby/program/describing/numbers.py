"""Numbers in words, as what stands before "is at least"."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from swingby.program.blocks import PeriodUnit
from swingby.program.describing import english
from swingby.program.describing.columns import column_words, each_words, fact, facts, things
from swingby.program.describing.filters import whose
from swingby.program.describing.speaker import NUMBERS, Speaker, says
from swingby.program.describing.units import unit_for
from swingby.program.describing.values import times
from swingby.program.describing.windows import as_of
from swingby.program.numbers import (
    AccountNumber,
    AssignNumber,
    Cap,
    Credit,
    EachNumber,
    FactNumber,
    ListItemNumber,
    ListNumber,
    Number,
    NumberOptions,
    NumberReference,
    Pick,
    RankNumber,
    Requirement,
    Seat,
    TimeNumber,
    ValueNumber,
)

AGGREGATES: Final = {
    "sum": "sum",
    "average": "average",
    "median": "median",
    "least": "smallest",
    "greatest": "largest",
}
_NUMBER_TYPES: Final = (
    FactNumber,
    EachNumber,
    ListNumber,
    RankNumber,
    AssignNumber,
    TimeNumber,
    NumberReference,
    AccountNumber,
    ValueNumber,
)


# --- of facts -------------------------------------------------------------------------------------------------------


@says(FactNumber)
def _of_facts(number: FactNumber, speaker: Speaker) -> str:
    named = facts_named(number.of, speaker)
    found = f"{named}{whose(number.where, number.of, speaker)}"
    when = time_of_facts(number.of, number.when, speaker.say(number.over) if number.over else None, speaker)
    when = f",{when}" if number.where and when.startswith(" held") else when
    rest = f"{picked(number.pick, number.of, speaker)}{credited(number.credit, speaker)}"
    return f"{_put_together(number, found)}{when}{times(number.times, speaker)}{rest}{_options(number, speaker)}"


def _put_together(number: FactNumber, found: str) -> str:
    if number.aggregate == "count":
        if number.column == "facts":
            return f"the number of {found}"
        among = "with" if number.column == "person" else "in"
        return f"the number of {things(number.column)} {among} {found}"
    word = "total" if number.aggregate == "sum" else AGGREGATES[number.aggregate]
    return f"the {word} {column_words(number.column)} of {found}"


def facts_named(kind: str, speaker: Speaker) -> str:
    """``activities``."""
    return facts(kind, speaker.name("facts", kind))


def fact_named(kind: str, speaker: Speaker) -> str:
    """``activity``."""
    return fact(kind, speaker.name("facts", kind))


def time_of_facts(kind: str, when: str, window: str | None, speaker: Speaker) -> str:
    """`` in the last 12 months``, `` held on the day``, `` that started in the last year``."""
    found = speaker.program.kinds.get(kind)
    if found is None or found.shape == "event":
        return f" {window}" if window else ""
    if when == "held":
        return f" held {_some_time(window)}" if window else " held on the day looked at"
    return f" that {when} {window}" if window else f" that {when}"


def _some_time(window: str) -> str:
    return window if window.startswith("at any time") else f"at some time {window}"


def picked(pick: Pick | None, kind: str, speaker: Speaker) -> str:
    """`` (of all, first only the latest)``; nothing without a pick."""
    return f" (of all, first only {speaker.about(kind).say(pick)})" if pick else ""


_ORDERS: Final = {"first": "earliest", "last": "latest", "highest": "highest", "lowest": "lowest"}


@says(Pick)
def _pick(pick: Pick, speaker: Speaker) -> str:
    count = "" if pick.count == 1 else f"{english.spelled(pick.count)} "
    by = f" by {column_words(pick.column)}" if pick.column else ""
    per = f" for each {english.joined(each_words(column) for column in pick.per)}" if pick.per else ""
    among = f", among those whose {speaker.say(pick.among)}" if pick.among else ""
    return f"the {count}{_ORDERS[pick.order]}{by}{per}{among}"


def credited(credit: Credit | None, speaker: Speaker) -> str:
    return f" ({speaker.say(credit)})" if credit else ""


_SEVERAL: Final = {
    "all": "",
    "earliest": "of several partners the one linked earliest gets it",
    "latest": "of several partners the one linked latest gets it",
    "split": "shared out among several partners by their shares, else equally",
}
ROLL_UPS: Final = {
    "nearest": "the nearest enrolled organization at or above its own",
    "own": "its own organization only",
    "tree": "every enrolled organization at or above its own",
}


@says(Credit)
def _credit(credit: Credit, speaker: Speaker) -> str:
    if credit.anyone:
        return "whoever they belong to"
    parts = [f"through {speaker.name('facts', credit.through)}"] if credit.through else []
    parts += [f"matched by {column_words(credit.matching)}"] if credit.matching else []
    parts += [_LINK_DAYS[credit.at]] if credit.at else []
    parts += [_several(credit)] if _several(credit) else []
    parts += [f"for {ROLL_UPS[credit.roll_up]}"] if credit.roll_up else []
    return f"credited {', '.join(parts) or 'to all linked partners'}"


_LINK_DAYS: Final = {"fact": "by the link on the fact's day", "as_of": "by the link on the day looked at"}


def _several(credit: Credit) -> str:
    if isinstance(credit.several, str):
        return _SEVERAL[credit.several]
    order = ", then ".join(english.data_word(word) for word in credit.several)
    return f"by the first kind of link that is there: {order}"


# --- of each --------------------------------------------------------------------------------------------------------


@says(EachNumber)
def _of_each(number: EachNumber, speaker: Speaker) -> str:
    options = _options(number, speaker)
    if not isinstance(number.item, _NUMBER_TYPES):
        which = f"{_place(number)} which {speaker.say(number.item)}"
        return (
            f"the number of {_each_many(number.each)}{_span(number, speaker)} {which}{_only(number, speaker)}{options}"
        )
    word = AGGREGATES.get(number.aggregate, "number")
    of = "sum of" if number.aggregate == "sum" else f"{word} of" if number.aggregate == "median" else f"{word}"
    over = f"over each {_each_one(number.each)}{_span(number, speaker)}{_only(number, speaker)}"
    return f"the {of} {_inner(number.item, speaker)} {over}{options}"


def _span(number: EachNumber, speaker: Speaker) -> str:
    return f"{_peers(number.peers)}{f' {speaker.say(number.over)}' if number.over else ''}"


def _only(number: EachNumber, speaker: Speaker) -> str:
    """Which of the things take part."""
    return f", looking only at those for which {speaker.say(number.only)}" if number.only else ""


def _place(number: EachNumber) -> str:
    return "in" if isinstance(number.each, PeriodUnit) else "for"


def counted_in(number: EachNumber, line: str, speaker: Speaker) -> str:
    """``in at least 3 of the quarters in the last four complete quarters “plans” is at least 1``."""
    things = f"{line} of the {_each_many(number.each)}{_span(number, speaker)}"
    tail = f"{_only(number, speaker)}{_options(number, speaker)}"
    return f"{_place(number)} {things} {speaker.say(number.item)}{tail}"


def _each_one(each: str | PeriodUnit) -> str:
    return english.period(each) if isinstance(each, PeriodUnit) else each_words(each)


def _each_many(each: str | PeriodUnit) -> str:
    if isinstance(each, PeriodUnit):
        return (
            english.units(each)
            if each.count == 1
            else f"periods of {english.spelled(each.count)} {english.units(each)}"
        )
    return english.plural(each_words(each))


def _peers(peers: Sequence[str]) -> str:
    shared = english.joined(each_words(peer) for peer in peers)
    return f" with the same {shared}" if shared else ""


# --- of a list ------------------------------------------------------------------------------------------------------


@says(ListNumber)
def _of_list(number: ListNumber, speaker: Speaker) -> str:
    items = [speaker.say(item) for item in number.items]
    base = f" (undefined where the second is below {speaker.plain.say(number.base)})" if number.base else ""
    return f"{operation(number.operation, items)}{base}{_options(number, speaker)}"


def operation(word: str, items: Sequence[str]) -> str:
    """``the sum of a, b and c``."""
    if word == "ratio":
        return f"{items[0]} divided by {items[1]}"
    if word == "difference":
        return f"{items[0]} less {items[1]}"
    if word == "growth":
        return f"the growth of {items[0]} over {items[1]}"
    if word == "count":
        return f"the number of these that hold: {'; '.join(items)}"
    if word == "product":
        return " times ".join(items)
    return f"the {AGGREGATES[word]} of {english.joined(items)}"


@says(ListItemNumber)
def _list_item(item: ListItemNumber, speaker: Speaker) -> str:
    weight = f" (weight {speaker.plain.say(item.weight)})" if item.weight else ""
    return f"{_inner(item.item, speaker)}{weight}"


def _inner(item: Number | Requirement, speaker: Speaker) -> str:
    """A number inside another, in brackets where it could be read together with what stands around it."""
    said = speaker.say(item)
    return f"({said})" if isinstance(item, ListNumber) and not said.startswith("the ") else said


# --- ranks, seats, time ---------------------------------------------------------------------------------------------


@says(RankNumber)
def _rank(number: RankNumber, speaker: Speaker) -> str:
    peers = f"enrolments{_peers(number.peers)}" if number.peers else "all enrolments"
    only = f" for which {speaker.say(number.only)}" if number.only else ""
    return (
        f"the place by {speaker.say(number.number)} among {peers}{only}, 1 being the highest{_options(number, speaker)}"
    )


@says(AssignNumber)
def _assign(number: AssignNumber, speaker: Speaker) -> str:
    who = english.plural(column_words(number.person))
    seats = "; ".join(speaker.about(number.of).say(seat) for seat in number.seats)
    roles = (
        f"; each {column_words(number.person)} in at most {speaker.say(number.roles)} different roles"
        if number.roles
        else ""
    )
    each = (
        f"; each {column_words(number.person)} in at most {speaker.say(number.seats_each)} seats"
        if number.seats_each
        else ""
    )
    named = facts_named(number.of, speaker)
    return f"the most seats that {who} can fill by their {named} ({seats}{roles}{each}){_options(number, speaker)}"


@says(Seat)
def _seat(seat: Seat, speaker: Speaker) -> str:
    where = f" for those whose {speaker.say(seat.where)}" if seat.where else " for anybody"
    return (
        f"{speaker.plain.say(seat.count)} of {english.data_word(seat.role)} in {english.data_word(seat.inside)}{where}"
    )


@says(TimeNumber)
def _of_time(number: TimeNumber, speaker: Speaker) -> str:
    return f"the number of whole {_each_many(number.unit)} {speaker.say(number.over)}{_options(number, speaker)}"


# --- references -----------------------------------------------------------------------------------------------------


@says(NumberReference)
def _reference(reference: NumberReference, speaker: Speaker) -> str:
    return f"{speaker.reference(NUMBERS[reference.section], reference.name)}{beside(reference, speaker)}"


def beside(reference: NumberReference, speaker: Speaker) -> str:
    """What a reference says beside the name: a window of its own, another day."""
    over = f" earned {speaker.say(reference.over)}" if reference.over else ""
    return f"{over}{as_of(reference.ago, reference.at).removeprefix(',')}"


_SHOWN: Final = {
    "balance": "the balance of",
    "opened": "what came into",
    "used": "what was spent from",
    "expired": "what lapsed in",
}


@says(AccountNumber)
def _account(number: AccountNumber, speaker: Speaker) -> str:
    window = f" {speaker.say(number.over)}" if number.over else ""
    return f"{_SHOWN[number.show]} the account {speaker.reference('accounts', number.account)}{window}"


@says(ValueNumber)
def _value(number: ValueNumber, speaker: Speaker) -> str:
    return speaker.plain.say(number.value)


# --- options --------------------------------------------------------------------------------------------------------


def _options(number: Number, speaker: Speaker) -> str:
    options: NumberOptions = getattr(number, "options")  # noqa: B009 (only some numbers have options)
    return "".join(f", {phrase}" for phrase in option_phrases(options, speaker.counting(unit_for(number, speaker))))


def option_phrases(options: NumberOptions, speaker: Speaker) -> Iterable[str]:
    """Cells, limits, rounding and what stands for an undefined result."""
    if options.by:
        yield f"for each {english.joined(each_words(column) for column in options.by)} by itself"
    yield from (speaker.say(cap) for cap in options.cap)
    if options.round:
        yield speaker.say(options.round)
    if options.undefined:
        yield f"{speaker.say(options.undefined)} where it is undefined"
    if options.undefined_is_none:
        yield "staying undefined where it is"


@says(NumberOptions)
def _all_options(options: NumberOptions, speaker: Speaker) -> str:
    return ", ".join(option_phrases(options, speaker))


@says(Cap)
def _cap(cap: Cap, speaker: Speaker) -> str:
    """``at most 20 points for each fiscal quarter``."""
    limits = [f"at least {speaker.say(cap.at_least)}"] if cap.at_least else []
    limits += [f"at most {speaker.say(cap.at_most)}"] if cap.at_most else []
    per = f" for each {per_words(cap.per)}" if cap.per else ""
    return f"{' and '.join(limits)}{per}"


def per_words(per: Sequence[str | PeriodUnit]) -> str:
    """``customer and month``."""
    return english.joined(_each_one(each) for each in per)


def is_number(part: Number | Requirement) -> bool:
    """Whether a part is a number rather than a requirement."""
    return isinstance(part, _NUMBER_TYPES)
