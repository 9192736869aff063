"""What was found, in words: which rule, which part of it, what it said and what it says."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import MISSING, fields, is_dataclass, replace
from datetime import date
from typing import Any, Final

from swingby.program.blocks import Length, PeriodUnit
from swingby.program.comparing.finding import Case, Found, Step
from swingby.program.comparing.parts import LEFT_OUT, PARTS
from swingby.program.describing import english, said
from swingby.program.describing.columns import column_words
from swingby.program.describing.ladders import review_words, tier_words
from swingby.program.describing.requirements import group_head, line_of
from swingby.program.describing.speaker import NUMBERS, Speaker, unit_of
from swingby.program.describing.units import unit_of_earning
from swingby.program.describing.values import case_word
from swingby.program.describing.windows import as_of
from swingby.program.model import EVERY_DAY, Benefit, DeclaredNumber, Earning, FactSource, Ladder, Review, Tier
from swingby.program.numbers import Compare, FactNumber, Group, NumberReference, RequirementReference, RuleText
from swingby.program.walk import walk

_ACCOUNTS: Final = ("into", "out_of")


def part_words(found: Found, speakers: Sequence[Speaker]) -> str:
    """Which part of a rule: ``asks for, Engineers with Advanced``."""
    words = [word for step in found.way if (word := _step_words(step))]
    subject = _subject(found, speakers)
    return ", ".join(dict.fromkeys([*words, *([subject] if subject else [])]))


def _step_words(step: Step) -> str:
    if step.name.startswith("case "):
        return f"for {english.data_word(step.name[5:])}"
    own = PARTS.get(f"{type(step.new).__name__}.{step.name}")
    return own or PARTS.get(step.name, english.words(step.name))


def _subject(found: Found, speakers: Sequence[Speaker]) -> str:
    """The number whose line moved."""
    if not _is_line(found):
        return ""
    number = found.new.number
    return shared_name(speakers, NUMBERS[number.section], number.name)


def shared_name(speakers: Sequence[Speaker], section: str, name: str) -> str:
    """What both sides call a rule; its name where they call it otherwise."""
    known = {speaker.names[section, name] for speaker in speakers if (section, name) in speaker.names}
    return known.pop() if len(known) == 1 else english.words(name)


def _is_line(found: Found) -> bool:
    """Whether two comparisons hold the same named number against different lines."""
    old, new = found.old, found.new
    return (
        isinstance(old, Compare)
        and isinstance(new, Compare)
        and isinstance(new.number, NumberReference)
        and old.number == new.number
    )


def value_words(found: Found, speaker: Speaker, *, is_new: bool) -> str | None:
    """What one side says; None where a whole item is absent."""
    value = found.new if is_new else found.old
    other = found.old if is_new else found.new
    own = _speaker_at(found.way, speaker, is_new=is_new)
    owner = (found.way[-1].new if is_new else found.way[-1].old) if found.way else None
    name = found.way[-1].name if found.way else ""
    if value is None and _is_item(owner, name, other):
        return None
    if _is_line(found):
        return f"{line_of(value, own)}{as_of(value.ago, value.at)}"
    return f"{_said(value, name, owner, own)}{_default_mark(value, name, owner)}"


def _is_item(owner: Any, name: str, other: Any) -> bool:
    """Whether the other side is one item of a list that this side lacks."""
    return isinstance(getattr(owner, name, None), tuple) and not isinstance(other, tuple)


def _speaker_at(way: Sequence[Step], speaker: Speaker, *, is_new: bool) -> Speaker:
    """The speaker who knows what plain numbers count at the end of a way."""
    for step in way:
        part = step.new if is_new else step.old
        if isinstance(part, Earning):
            speaker = speaker.counting(unit_of_earning(part, speaker))
        elif isinstance(part, DeclaredNumber | Benefit):
            speaker = speaker.counting(unit_of(part.text.unit))
        elif isinstance(part, FactNumber | FactSource):
            speaker = replace(speaker, kind=speaker.program.kinds.get(part.of))
    return speaker


def _said(value: Any, name: str, owner: Any, speaker: Speaker) -> str:
    if value is None or value == ():
        return _left_out(name, owner)
    if isinstance(value, tuple):
        return english.joined(_said(item, name, owner, speaker) for item in value)
    if isinstance(value, bool):
        return "yes" if value else LEFT_OUT.get(name, "no")
    if isinstance(value, str):
        return _word(value, name, owner, speaker)
    return _plain(value, speaker)


def _plain(value: Any, speaker: Speaker) -> str:
    kind: Any = type(value)
    if kind in said() and not (isinstance(value, Group) and not value.items):
        return speaker.say(value)
    phrase = _PHRASES.get(kind)
    return phrase(value, speaker) if phrase else str(value)


def _case(case: Case, speaker: Speaker) -> str:
    return f"{speaker.say(case.value)} for {case_word(case.by, case.word, speaker)}"


_PHRASES: Final[dict[Any, Callable[[Any, Speaker], str]]] = {
    date: lambda value, _: english.day(value),
    Length: lambda value, _: english.length(value),
    PeriodUnit: lambda value, _: english.period(value),
    Case: _case,
    Group: group_head,
    Tier: tier_words,
    Review: review_words,
}


def _word(value: str, name: str, owner: Any, speaker: Speaker) -> str:
    if name in _ACCOUNTS:
        return speaker.reference("accounts", value)
    if isinstance(owner, Ladder) and name == "start":
        return speaker.tier(owner.name, value)
    if isinstance(owner, Earning) and name == "cancelled":
        return {"reverse": "what it earned is taken back", "keep": "what it earned is kept"}[value]
    if name in ("by", "rates_at", "column", "each"):
        return column_words(value)
    return english.words(value) if value.islower() else value


def _left_out(name: str, owner: Any) -> str:
    return LEFT_OUT.get(f"{type(owner).__name__}.{name}") or LEFT_OUT.get(name) or "not said"


def _default_mark(value: Any, name: str, owner: Any) -> str:
    """`` (the default)`` where a part is as if it had been left out."""
    if not is_dataclass(owner) or isinstance(owner, RuleText):
        return ""
    if value == EVERY_DAY.schedule:
        return " (the default)"
    default = next((item.default for item in fields(owner) if item.name == name), MISSING)
    return " (the default)" if default is not MISSING and value == default else ""


def names_in(value: Any, other: Any) -> str:
    """The names of rules that only one of two parts reads, where labels do not tell them apart."""
    mine, theirs = ([part.name for part in walk(side) if isinstance(part, _REFERENCES)] for side in (value, other))
    only = [name for name in mine if name not in theirs]
    return f" ({english.joined(only)})" if only else ""


_REFERENCES: Final = (NumberReference, RequirementReference)
