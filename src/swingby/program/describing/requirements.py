"""Requirements in words: a clause inside a sentence, or a list with lists inside."""

from __future__ import annotations

from typing import Final

from swingby.program.describing import english
from swingby.program.describing.numbers import beside, counted_in
from swingby.program.describing.speaker import NO_UNIT, NUMBERS, Speaker, Unit, says, unit_of
from swingby.program.describing.tree import Line
from swingby.program.describing.units import unit_for
from swingby.program.describing.windows import as_of
from swingby.program.numbers import (
    ColumnTest,
    Compare,
    DecisionMade,
    EachNumber,
    Group,
    NumberReference,
    RankLine,
    Requirement,
    RequirementReference,
    RuleText,
    TierHeld,
    TrackIs,
)

_LINES: Final = {
    "at_least": "at least",
    "above": "more than",
    "at_most": "at most",
    "below": "less than",
    "is": "exactly",
    "is_not": "anything but",
}
_TIERS: Final = {
    "at_least": "{} or higher",
    "above": "higher than {}",
    "at_most": "{} or lower, or none",
    "below": "lower than {}, or none",
    "is": "{}",
    "is_not": "not {}",
}


# --- clauses --------------------------------------------------------------------------------------------------------


@says(Compare)
def _compare(found: Compare, speaker: Speaker) -> str:
    number, day = found.number, as_of(found.ago, found.at)
    if isinstance(number, EachNumber) and number.aggregate == "count":
        line = line_of(found, speaker) if found.line else _all_line(found).removesuffix(" of them")
        return f"{counted_in(number, line, speaker)}{day}"
    subject = speaker.say(number)
    return f"{subject}{',' * (', ' in subject)} is {line_of(found, speaker)}{day}"


def line_of(found: Compare, speaker: Speaker) -> str:
    """``at least 4``, with the unit of the number; ``all`` is everything counted."""
    if found.line is None:
        return _all_line(found)
    return f"{_LINES[found.test]} {speaker.counting(_unit(found, speaker)).say(found.line)}"


def _all_line(found: Compare) -> str:
    return "all of them" if found.test == "at_least" else f"{_LINES[found.test]} all of them"


def _unit(found: Compare, speaker: Speaker) -> Unit:
    """The unit of the line; a number that is called like its unit needs none."""
    if found.text.unit:
        return unit_of(found.text.unit)
    unit, number = unit_for(found.number, speaker), found.number
    if isinstance(number, NumberReference) and speaker.name(NUMBERS[number.section], number.name).lower() == unit.many:
        return NO_UNIT
    return unit


@says(RankLine)
def _rank(found: RankLine, speaker: Speaker) -> str:
    return f"{speaker.say(found.number)} is {_top(found, speaker)}"


def _top(found: RankLine, speaker: Speaker) -> str:
    if not found.is_share:
        return f"among the first {speaker.plain.say(found.top)}"
    cut = "rounded up" if found.cut == "up" else "cut down"
    return f"within the first {speaker.plain.say(found.top)} of the peers, {cut} to whole places"


@says(TierHeld)
def _tier_held(found: TierHeld, speaker: Speaker) -> str:
    tier = _TIERS[found.test].format(speaker.tier(found.ladder, found.tier))
    return f"the tier held on {speaker.reference('ladders', found.ladder)} is {tier}{as_of(found.ago, found.at)}"


@says(DecisionMade)
def _decision(found: DecisionMade, speaker: Speaker) -> str:
    outcomes = english.joined((english.data_word(word) for word in found.outcomes), "or")
    when = f", taken {speaker.say(found.over)}" if found.over else " and in force"
    return f"the latest decision on {english.data_word(found.topic)} is {outcomes}{when}"


@says(TrackIs)
def _track(found: TrackIs, speaker: Speaker) -> str:
    words = english.joined((english.data_word(word) for word in found.words), "or")
    return f"the track {speaker.reference('tracks', found.track)} is {'not ' if found.negated else ''}{words}"


@says(ColumnTest)
def _column(found: ColumnTest, speaker: Speaker) -> str:
    return speaker.say(found.filter)


@says(RequirementReference)
def _reference(found: RequirementReference, speaker: Speaker) -> str:
    return f"{speaker.reference('requirements', found.name)} is met{as_of(found.ago, found.at)}"


@says(Group)
def _group(found: Group, speaker: Speaker) -> str:
    clauses = [f"({speaker.say(item)})" if isinstance(item, Group) else speaker.say(item) for item in found.items]
    if found.kind in ("all", "any"):
        return english.joined(clauses, "and" if found.kind == "all" else "or")
    return f"{_how_many(found, speaker)} of these holds: {'; '.join(clauses)}"


def _how_many(found: Group, speaker: Speaker) -> str:
    if found.kind == "none":
        return "not one"
    return f"at least {speaker.plain.say(found.at_least)}" if found.at_least else "every one"


# --- lists ----------------------------------------------------------------------------------------------------------


def requirement_line(found: Requirement, speaker: Speaker, *, opened: bool = False) -> Line:
    """A requirement as an item of a list, with what it is made of below it.

    Parameters
    ----------
    opened
        Whether a requirement that is named shows what it asks for, so that the reader need not look it up.
    """
    if isinstance(found, RequirementReference):
        return _named(found, speaker, opened=opened)
    label = f"{found.text.label}: " if found.text.label else ""
    head = _head(found, speaker)
    text = f"{label}{head}" if label else english.capital(head)
    items = (
        tuple(requirement_line(item, speaker, opened=opened) for item in found.items)
        if isinstance(found, Group)
        else ()
    )
    return Line(f"{text}{remarks(found.text)}{':' if items else ''}", items)


def requirement_lines(found: Requirement, speaker: Speaker, *, opened: bool = False) -> tuple[Line, ...]:
    """The items of a group that needs all, or the one requirement."""
    if isinstance(found, Group) and found.kind == "all" and not found.text.label:
        return tuple(requirement_line(item, speaker, opened=opened) for item in found.items)
    return (requirement_line(found, speaker, opened=opened),)


def _head(found: Requirement, speaker: Speaker) -> str:
    if isinstance(found, Group):
        return group_head(found, speaker)
    number = getattr(found, "number", None)
    if isinstance(found, Compare | RankLine) and isinstance(number, NumberReference):
        name = f"{speaker.name(NUMBERS[number.section], number.name)}{beside(number, speaker)}"
        line = line_of(found, speaker) if isinstance(found, Compare) else _top(found, speaker)
        day = as_of(found.ago, found.at) if isinstance(found, Compare) else ""
        return f"{english.capital(name)}: {line}{day}"
    return speaker.say(found)


def group_head(found: Group, speaker: Speaker) -> str:
    """How many of the members must hold: ``all of these``."""
    if found.kind == "count":
        return f"{_how_many(found, speaker)} of these"
    return {"all": "all of these", "any": "at least one of these", "none": "not one of these"}[found.kind]


def _named(found: RequirementReference, speaker: Speaker, *, opened: bool) -> Line:
    label = f"{found.text.label}: " if found.text.label else ""
    name = speaker.name("requirements", found.name)
    text = f"{label}{name if label else english.capital(name)}{as_of(found.ago, found.at)}{remarks(found.text)}"
    if not opened:
        return Line(text)
    body = speaker.program.requirements[found.name].requirement
    return Line(f"{text}: that is {_meaning(body, speaker)}", _below(body, speaker))


def _meaning(body: Requirement, speaker: Speaker) -> str:
    return f"{group_head(body, speaker)}:" if isinstance(body, Group) else speaker.say(body)


def _below(body: Requirement, speaker: Speaker) -> tuple[Line, ...]:
    return tuple(requirement_line(item, speaker, opened=True) for item in body.items) if isinstance(body, Group) else ()


def remarks(text: RuleText) -> str:
    """Clause and note of a requirement that has no heading of its own."""
    found = [f"source: {text.source}"] if text.source else []
    found += [text.note] if text.note else []
    return f" [{'; '.join(found)}]" if found else ""
