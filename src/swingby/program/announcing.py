"""One change of a program as its partners read it: what it does to them, by the names that the program gives things."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from swingby.program.comparing import Change
from swingby.program.describing import english, speaker_of
from swingby.program.model import Program, Tier
from swingby.program.numbers import RequirementReference
from swingby.program.walk import walk

_QUOTED: Final = re.compile("“([^”]*)”")
_DEFAULT: Final = " (the default)"
#: What a value begins with that stands for the lack of one.
_LACKS: Final = ("no ", "not ", "none", "nothing", "nobody")
#: Parts of a ladder in the words of partners; a part without words is the business of who runs the program.
_MOVING: Final = {
    "moving up, when": "A higher tier can be reached",
    "moving down, when": "A tier can be lost",
    "moving down, grace": "Time to mend before a tier is lost",
    "moving up, grace": "Time before a higher tier holds",
    "begins with": "Everybody begins with",
}
_OURS: Final = ("protected by decisions on",)
#: What is only counted for a rule says nothing by itself when it comes or goes: the rule does.
_BEHIND: Final = frozenset({"measures", "tracks", "tables", "calendars", "facts"})


def partner_sentence(change: Change, old: Program, new: Program) -> str:
    """What a change does to partners, in a sentence; empty where it does nothing that they would notice.

    Parameters
    ----------
    change
        One change of the difference between the two programs.
    old, new
        The programs, for what tiers are called and which of them ask for a requirement.
    """
    section = change.path.partition(".")[0]
    if change.matter in {"texts", "program"}:
        return ""
    if change.kind == "renamed":
        return f"{_name(change)} was called {change.old} before." if _is_tier(change) else ""
    words = _words(change, section, old, new)
    return english.sentence(words) if words else ""


def _words(change: Change, section: str, old: Program, new: Program) -> str:
    if section == "ladders":
        return _of_tier(change) if _is_tier(change) else _of_ladder(change)
    if section == "requirements":
        return _of_requirement(change, new if change.new_rule else old)
    if section == "benefits":
        return _of_benefit(change, _tier_names(old) | _tier_names(new))
    if section in _BEHIND:
        return _of_measure(change) if section == "measures" and change.kind == "changed" else ""
    return _of_points(change)


def _is_tier(change: Change) -> bool:
    return change.path.startswith("ladders.") and change.path.count(".") > 1


def _name(change: Change) -> str:
    """What the rule is called, without the word for what it is."""
    found = _QUOTED.search(change.rule)
    return english.capital(found.group(1)) if found else change.rule


def _instead(change: Change) -> str:
    """What holds now, and what held before."""
    now, before = (_value(value) for value in (change.new, change.old))
    return f"{now}; before, {before}" if before.startswith(_LACKS) else f"{now} instead of {before}"


def _value(value: str | None) -> str:
    """A value without the mark of those that nobody wrote."""
    return (value or "nothing").removesuffix(_DEFAULT)


def _of_tier(change: Change) -> str:
    name, (head, _, subject) = _name(change), change.part.partition(", ")
    if not change.part:
        return f"New tier, {name}: {change.new}" if change.kind == "added" else f"There is no tier {name} any more"
    asks = f"{name} asks" if head == "asks for" else f"{name}, {head}"
    if change.kind == "added":
        return f"{asks} in addition: {change.new}"
    if change.kind == "removed":
        return f"{asks} no more: {change.old}"
    return f"{asks} for {subject}: {_instead(change)}" if subject else f"{asks}: {_instead(change)}"


def _of_ladder(change: Change) -> str:
    if change.part in _OURS:
        return ""
    if not change.part:
        return f"New tiers, {_name(change)}: {change.new}" if change.kind == "added" else f"{_name(change)} ends"
    return f"{_MOVING.get(change.part, english.capital(change.part))}: {_instead(change)}"


def _of_requirement(change: Change, program: Program) -> str:
    if change.kind == "added" and not change.part:
        return f"“{_name(change)}” means: {change.new}"
    if not change.part:
        return ""
    tiers = tuple(_tiers_asking(change.path.partition(".")[2], program))
    whose = f"For {english.joined(tiers)}, " if tiers else ""
    if change.kind == "added":
        return english.capital(f"{whose}“{_name(change)}” takes this, too: {change.new}")
    if change.kind == "removed":
        return english.capital(f"{whose}“{_name(change)}” no longer takes this: {change.old}")
    return english.capital(f"{whose}{change.part}: {_instead(change)}")


def _tiers_asking(requirement: str, program: Program) -> Iterator[str]:
    """The tiers that ask for a requirement by its name."""
    speaker = speaker_of(program)
    for ladder in program.ladders.values():
        for tier in ladder.tiers:
            if any(isinstance(part, RequirementReference) and part.name == requirement for part in _parts(tier)):
                yield english.capital(speaker.tier(ladder.name, tier.id))


def _parts(tier: Tier) -> Iterator[object]:
    for wanted in (tier.requires, tier.keeps):
        if wanted is not None:
            yield from walk(wanted)


def _tier_names(program: Program) -> dict[str, str]:
    """By the word of a tier in rules, what it is called."""
    speaker = speaker_of(program)
    return {
        english.words(tier.id): english.capital(speaker.tier(ladder.name, tier.id))
        for ladder in program.ladders.values()
        for tier in ladder.tiers
    }


def _of_benefit(change: Change, tiers: dict[str, str]) -> str:
    if not change.part:
        name = _name(change)
        return f"New benefit, {name}: {change.new}" if change.kind == "added" else f"{name} is granted no more"
    part = _QUOTED.sub(lambda found: tiers.get(found.group(1), found.group(0)), change.part)
    return f"{_name(change)}{_part(part.removeprefix('value').removeprefix(','))}: {_instead(change)}"


def _part(part: str) -> str:
    part = part.strip()
    return f" {part}" if part.startswith("for ") else f", {part}" if part else ""


def _of_measure(change: Change) -> str:
    return f"How “{_name(change)}” is counted, {change.part}: {_instead(change)}"


def _of_points(change: Change) -> str:
    name = _name(change)
    if change.part:
        return f"{name}, {change.part}: {_instead(change)}"
    return f"New: {name}. {change.new}" if change.kind == "added" else f"{name} ends"
