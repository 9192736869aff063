"""Earnings in words: points and incentives."""

from __future__ import annotations

from collections.abc import Iterator

from swingby.program.blocks import Dated, Length, Moment, Scale, Schedule
from swingby.program.describing import english
from swingby.program.describing.columns import column_words, each_words
from swingby.program.describing.filters import whose
from swingby.program.describing.measures import control_lines
from swingby.program.describing.moments import at, moment_from
from swingby.program.describing.numbers import credited, fact_named, per_words, picked, time_of_facts
from swingby.program.describing.requirements import requirement_lines
from swingby.program.describing.scales import scale_line, sum_line
from swingby.program.describing.speaker import NO_UNIT, Speaker, Unit, says
from swingby.program.describing.tree import Line
from swingby.program.describing.units import unit_for, unit_of_earning
from swingby.program.describing.values import times
from swingby.program.model import Earning, FactSource, SplitPart
from swingby.program.numbers import Cap, NumberReference


def earning_lines(earning: Earning, speaker: Speaker) -> tuple[Line, ...]:
    """Everything an earning says, the defaults included."""
    own = speaker.counting(unit_of_earning(earning, speaker))
    found = [_main(earning, own), *_limits(earning, own), *_days(earning, own), *_flow(earning, own)]
    told = (Line(english.sentence(line.text), line.items) for line in found)
    return (*told, *control_lines(earning, speaker))


def limit_words(earning: Earning, cap: Cap, speaker: Speaker) -> str:
    """One limit of an earning, as a part of a sentence."""
    return speaker.counting(unit_of_earning(earning, speaker)).say(cap)


# --- what is earned -------------------------------------------------------------------------------------------------


def _main(earning: Earning, speaker: Speaker) -> Line:
    verb = "takes" if earning.out_of else "earns"
    head = verb if earning.based_on is not None else f"{speaker.say(earning.for_each)} {verb}"
    lines = [scale_line(part, *_x(earning, part, speaker), speaker) for part in earning.scale.summands]
    scale, factor = sum_line(lines), times(earning.times, speaker)
    text = f"({scale.text})" if factor and len(lines) > 1 else scale.text
    return Line(f"{head} {text}{factor}{':' if scale.items else ''}", scale.items)


def _x(earning: Earning, scale: Scale, speaker: Speaker) -> tuple[str, Unit]:
    """What the x of a scale is called, and what it counts."""
    if earning.based_on is not None:
        said = speaker.plain.say(earning.based_on)
        is_simple = isinstance(earning.based_on, NumberReference) or said.startswith("the ")
        return said if is_simple else f"({said})", unit_for(earning.based_on, speaker)
    column, source = scale.of, earning.for_each
    of = "" if column is None else column_words(column) if "." in column else f"its {column_words(column)}"
    money = bool(source and column and _is_money(source.of, column, speaker)) and not earning.own_currency
    return of, speaker.money if money else NO_UNIT


def _is_money(kind: str, column: str, speaker: Speaker) -> bool:
    found = speaker.about(kind).column(column)
    return found is not None and found.type == "amount"


@says(FactSource)
def _facts(source: FactSource, speaker: Speaker) -> str:
    """``each activity whose kind is “talk” in the last 12 months``."""
    found = speaker.program.kinds.get(source.of)
    window = speaker.say(source.over) if source.over else None
    is_open = source.over is None and source.when == "held" and found is not None and found.shape == "state"
    when = "" if is_open else time_of_facts(source.of, source.when, window, speaker)
    apart = bool(when and source.where and len(source.where.conditions) > 1)
    rest = f"{picked(source.pick, source.of, speaker)}{credited(source.credit, speaker)}"
    when = f",{when},{rest}" if apart else f"{when}{rest}"
    return f"each {fact_named(source.of, speaker)}{whose(source.where, source.of, speaker)}{when}"


# --- limits ---------------------------------------------------------------------------------------------------------


def _limits(earning: Earning, speaker: Speaker) -> Iterator[Line]:
    if earning.requires:
        day = "the day of the entry" if _has_entries(earning) else "the day looked at"
        yield Line(f"only if on {day}:", requirement_lines(earning.requires, speaker.plain))
    for cap in earning.cap:
        yield Line(speaker.say(cap))
    if earning.round:
        yield Line(speaker.say(earning.round))
    if earning.by:
        yield Line(f"each {english.joined(each_words(column) for column in earning.by)} has a value of its own")
    if earning.own_currency:
        yield Line("amounts stay in the currency of the fact")


def _has_entries(earning: Earning) -> bool:
    return earning.for_each is not None or earning.each is not None


# --- days -----------------------------------------------------------------------------------------------------------


def _days(earning: Earning, speaker: Speaker) -> Iterator[Line]:
    if not _has_entries(earning):
        yield Line("worked out again every day")
    if earning.each:
        over = f", {speaker.say(earning.over)}" if earning.over else ""
        yield Line(f"worked out once for each {english.period(earning.each)} that is over{over}")
    elif earning.over:
        yield Line(f"worked out {speaker.say(earning.over)}")
    if _has_entries(earning) or earning.dated or earning.expires or earning.awarded:
        yield Line(f"counts from {_dated(earning, speaker)}{_expires(earning, speaker)}{_awarded(earning, speaker)}")
    if earning.rates_at:
        yield Line(f"rates are those of the {column_words(earning.rates_at)}")
    if earning.for_each and not _is_state(earning, speaker):
        yield Line(f"if it is cancelled, {_cancelled(earning)}")
    elif earning.cancelled != "reverse":
        yield Line(f"if a fact is cancelled, {_cancelled(earning)}")


def _is_state(earning: Earning, speaker: Speaker) -> bool:
    kind = speaker.program.kinds.get(earning.for_each.of) if earning.for_each else None
    return kind is not None and kind.shape == "state"


def _is_held(earning: Earning, speaker: Speaker) -> bool:
    """Whether an entry lasts as long as the state that it stands for."""
    return _is_state(earning, speaker) and earning.for_each is not None and earning.for_each.when == "held"


def _natural_day(earning: Earning, speaker: Speaker) -> str:
    if earning.for_each:
        of = fact_named(earning.for_each.of, speaker)
        if earning.for_each.when == "ended":
            return f"the day on which the {of} ended"
        return f"the {'first ' if _is_state(earning, speaker) else ''}day of the {of}"
    return "the last day of the period" if earning.each else "the day looked at"


def _dated(earning: Earning, speaker: Speaker) -> str:
    natural = _natural_day(earning, speaker)
    if earning.dated is None:
        return natural
    if isinstance(earning.dated, Moment):
        return moment_from(earning.dated, natural, speaker)
    if isinstance(earning.dated, Dated):
        return f"{natural}, or from the day that is set: {speaker.plain.say(earning.dated)}"
    return speaker.plain.say(earning.dated)


def _awarded(earning: Earning, speaker: Speaker) -> str:
    if earning.awarded is None:
        return ""
    if isinstance(earning.awarded, Schedule):
        return f". It is confirmed {speaker.say(earning.awarded)}, and pending until then"
    return f". It is confirmed {at(moment_from(earning.awarded, 'that day', speaker))}, and pending until then"


def _expires(earning: Earning, speaker: Speaker) -> str:
    if earning.expires:
        return f" and expires {_until(earning.expires, speaker)}"
    if _is_held(earning, speaker):
        return " for as long as it and its link to the partner hold"
    flows = earning.into or earning.out_of or earning.split
    return "" if flows else " and never expires"


def _until(moment: Moment, speaker: Speaker) -> str:
    if len(moment.steps) == 1 and moment.steps[0].anchor is None and moment.steps[0].after:
        return f"{english.length(moment.steps[0].after)} later"
    return at(moment_from(moment, "that day", speaker))


def _cancelled(earning: Earning) -> str:
    """What becomes of an entry; what was spent goes back."""
    what, back, stays = ("took", "given back", "stays taken") if earning.out_of else ("earned", "taken back", "is kept")
    if isinstance(earning.cancelled, Length):
        within = english.length(earning.cancelled)
        return f"what it {what} is {back} if that happens within {within}, and {stays.removeprefix('is ')} later"
    if earning.cancelled == "keep":
        return f"what it {what} {stays}"
    return f"what it {what} is {back} on that day"


# --- where it goes --------------------------------------------------------------------------------------------------


def _flow(earning: Earning, speaker: Speaker) -> Iterator[Line]:
    if earning.into:
        yield Line(
            f"paid into the account {speaker.reference('accounts', earning.into)}{_lapses(earning.into, speaker)}"
        )
    if earning.out_of:
        yield Line(f"spent from the account {speaker.reference('accounts', earning.out_of)}")
    if earning.split:
        yield Line("split among accounts:", tuple(Line(speaker.say(part)) for part in earning.split))


def _lapses(account: str, speaker: Speaker) -> str:
    declared = speaker.program.accounts.get(account)
    return ", which says when it lapses" if declared and declared.expires else ""


@says(SplitPart)
def _part(part: SplitPart, speaker: Speaker) -> str:
    found = f"{speaker.plain.say(part.share)} into {speaker.reference('accounts', part.into)}"
    if part.at_least is None:
        per = f", for each {per_words(part.per)}" if part.per else ""
        other = f", otherwise into {speaker.reference('accounts', part.otherwise)}" if part.otherwise else ""
        return f"{found}{per}{other}"
    per = f" for each {per_words(part.per)}" if part.per else ""
    other = f"into {speaker.reference('accounts', part.otherwise)}" if part.otherwise else "nowhere"
    return f"{found} if it comes to at least {speaker.say(part.at_least)}{per}, otherwise {other}"
