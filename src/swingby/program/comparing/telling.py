"""From what was found to changes: each with its rule, in words, and where it stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any, Final

from swingby.program.blocks import NOWHERE, Location
from swingby.program.comparing.bare import without_texts
from swingby.program.comparing.change import MATTERS, Change, Kind, Matter, Rule
from swingby.program.comparing.finding import Found, Step, differing
from swingby.program.comparing.renaming import renames_between, speaker_under_new_names, under_new_names
from swingby.program.comparing.wording import names_in, part_words, value_words
from swingby.program.describing import SECTIONS, english, rule_words
from swingby.program.describing.speaker import speaker_of
from swingby.program.model import Ladder, Program, Tier

_MATTERS: Final[dict[str, Matter]] = {
    "ladders": "tiers",
    "requirements": "tiers",
    "scores": "points",
    "points": "points",
    "incentives": "points",
    "benefits": "points",
    "accounts": "points",
    "measures": "measures",
    "tracks": "measures",
    "calendars": "measures",
    "tables": "measures",
    "facts": "measures",
    "program": "program",
}
_ONE: Final = {"ladders": "Ladder", "points": "Points", "facts": "Kind of fact"}


class Comparison:
    """Two programs, the old one under the names of the new one, and what each side calls its rules."""

    def __init__(self, old: Program, new: Program) -> None:
        self.renames = renames_between(old, new)
        renamed = under_new_names(old, self.renames)
        self.speakers = (speaker_under_new_names(old, renamed, self.renames), speaker_of(new))
        self.programs = (renamed, new)

    def changes(self) -> Iterator[Change]:
        """Every change, in no particular order; one edit that is read twice comes twice."""
        yield from self._between("program", "program", self.programs[0].header, self.programs[1].header)
        for section in SECTIONS:
            old, new = (getattr(program, section.name) for program in self.programs)
            for name in dict.fromkeys((*old, *new)):
                yield from self._rule(section.name, name, old.get(name), new.get(name))

    def _rule(self, section: str, name: str, old: Any, new: Any) -> Iterator[Change]:
        if old is None or new is None:
            kind: Kind = "added" if old is None else "removed"
            before = old and rule_words(section, old, self.speakers[0])
            after = new and rule_words(section, new, self.speakers[1])
            places = (old and old.location, new and new.location)
            rules = [body and self._rule_of(section, name, side) for side, body in enumerate((old, new))]
            yield Change(kind, _MATTERS[section], rules[0], rules[1], "", before, after, *places)
            return
        yield from self._between(section, name, old, new)

    def _between(self, section: str, name: str, old: Any, new: Any) -> Iterator[Change]:
        for found in differing(without_texts(old), without_texts(new)):
            yield from self._told(section, name, new, found)
        for found in differing(old, new):
            is_silent = found.silent or without_texts(found.old) == without_texts(found.new)
            if is_silent and not _is_repeated(found):
                yield from self._told(section, name, new, replace(found, silent=True))
        if self.renames.old_rule(section, name) != name:
            yield self._renamed_rule(section, name, old, new)
        if isinstance(old, Ladder):
            yield from self._renamed_tiers(old, new)

    def _renamed_rule(self, section: str, name: str, old: Any, new: Any) -> Change:
        before = self.renames.old_rule(section, name)
        rules = [self._rule_of(section, name, side) for side in (0, 1)]
        return Change("renamed", _MATTERS[section], rules[0], rules[1], "", before, name, old.location, new.location)

    def _renamed_tiers(self, old: Ladder, new: Ladder) -> Iterator[Change]:
        tiers = [{tier.id: tier for tier in ladder.tiers} for ladder in (old, new)]
        for (ladder, before), after in self.renames.tiers.items():
            if ladder != new.name:
                continue
            was, now = (speaker.tier(ladder, after) for speaker in self.speakers)
            words = (before, after) if was == now else (was, now)
            rules = [self._tier_of(new.name, after, side) for side in (0, 1)]
            places = (tiers[0][after].location, tiers[1][after].location)
            yield Change("renamed", "tiers", rules[0], rules[1], "", *words, *places)

    def _told(self, section: str, name: str, body: Any, found: Found) -> Iterator[Change]:
        """A change in words; a part that only names another part is left to that."""
        if found.silent and self._is_renaming(found):
            return
        old = value_words(found, self.speakers[0], is_new=False)
        new = value_words(found, self.speakers[1], is_new=True)
        if old == new:
            old, new = f"{old}{names_in(found.old, found.new)}", f"{new}{names_in(found.new, found.old)}"
        kind: Kind = "added" if old is None else "removed" if new is None else "changed"
        rules = [self._where(section, name, body, found, side) for side in (0, 1)]
        if isinstance(found.old or found.new, Tier) and None in (found.old, found.new):
            rules = [found.old and rules[0], found.new and rules[1]]
        part = part_words(replace(found, way=_below_tier(found.way)), self.speakers)
        places = (_known(place) for place in found.places)
        yield Change(kind, "texts" if found.silent else _MATTERS[section], rules[0], rules[1], part, old, new, *places)

    def _is_renaming(self, found: Found) -> bool:
        names = {step.name for step in found.way}
        tiers = [part for step in found.way for part in (step.old, step.new) if isinstance(part, Tier)]
        return bool({"was", "label"} & names) and any(tier.id in self.renames.tiers.values() for tier in tiers)

    def _where(self, section: str, name: str, body: Any, found: Found, side: int) -> Rule:
        """The rule on one side, or the tier inside it."""
        tier = _tier_in(found)
        if tier is not None and isinstance(body, Ladder):
            return self._tier_of(body.name, tier.id, side)
        return self._rule_of(section, name, side)

    def _rule_of(self, section: str, name: str, side: int) -> Rule:
        if section == "program":
            return Rule("program", "Program")
        heading = next(item.heading for item in SECTIONS if item.name == section)
        one = _ONE.get(section, heading.removesuffix("s"))
        path = f"{section}.{name if side else self.renames.old_rule(section, name)}"
        return Rule(path, f"{one} {self.speakers[side].reference(section, name)}")

    def _tier_of(self, ladder: str, tier: str, side: int) -> Rule:
        speaker = self.speakers[side]
        path = f"ladders.{ladder}.{tier if side else self.renames.old_tier(ladder, tier)}"
        many = any(len(program.ladders) > 1 for program in self.programs)
        on = f" on {speaker.reference('ladders', ladder)}" if many else ""
        return Rule(path, f"Tier {english.quoted(speaker.tier(ladder, tier))}{on}")

    def place_of(self, change: Change) -> tuple[Any, ...]:
        """Where a change stands among others: what matters first, whichever side is the old one."""
        section = change.path.partition(".")[0]
        texts = sorted((change.old or "", change.new or ""))
        return (
            MATTERS.index(change.matter),
            _ORDER.index(section),
            self._places(change),
            _KINDS[change.kind],
            sorted(rule.path for rule in (change.old_rule, change.new_rule) if rule),
            change.part,
            texts,
        )

    def _places(self, change: Change) -> tuple[int, int]:
        paths = {rule.path for rule in (change.old_rule, change.new_rule) if rule}
        return min(self._position(*path.split(".", 1)) if "." in path else (0, 0) for path in paths)

    def _position(self, section: str, name: str) -> tuple[int, int]:
        """The place of a rule in its section, and of a tier from the top; the earlier one of both sides."""
        rule, _, tier = name.partition(".")
        names = [list(getattr(program, section)) for program in self.programs] if section != "program" else []
        tiers = [_from_the_top(program, rule) for program in self.programs] if tier else []
        place = min((listed.index(rule) for listed in names if rule in listed), default=0)
        return place, min((listed.index(tier) for listed in tiers if tier in listed), default=_LAST)


def _from_the_top(program: Program, ladder: str) -> list[str]:
    found = program.ladders.get(ladder)
    return [tier.id for tier in reversed(found.tiers)] if found else []


# A ladder's clocks come after its tiers.
_LAST: Final = 10_000
_ORDER: Final = ("program", *(section.name for section in SECTIONS))
_KINDS: Final[dict[Kind, int]] = {"renamed": 0, "added": 1, "removed": 1, "changed": 2}


def _known(place: Location) -> Location | None:
    return None if place == NOWHERE else place


def _tier_in(found: Found) -> Tier | None:
    """The tier that holds what differs, or that was added or removed."""
    parts = [*(step.new for step in found.way), found.new, *(step.old for step in found.way), found.old]
    return next((part for part in parts if isinstance(part, Tier)), None)


def _below_tier(way: tuple[Step, ...]) -> tuple[Step, ...]:
    return way[1:] if way and way[0].name == "tiers" and len(way) > 1 and way[1].name != "order" else way


def _is_repeated(found: Found) -> bool:
    """Silent parts outside of texts were found without texts already."""
    return found.silent and not any(step.name == "text" for step in found.way)


def merged(changes: Iterable[Change]) -> list[Change]:
    """Rows that one edit changed together, such as a line that a list of numbers shares, are one change."""
    found: dict[Any, Change] = {}
    for change in changes:
        places = (change.old_place, change.new_place)
        key = (change.path, change.kind, change.old, change.new, places) if change.part and all(places) else change
        earlier = found.get(key)
        found[key] = replace(change, part=_both(earlier.part, change.part)) if earlier else change
    return list(found.values())


def _both(one: str, other: str) -> str:
    if one == other:
        return one
    before, _, first = one.rpartition(", ")
    _, _, second = other.rpartition(", ")
    return ", ".join(part for part in (before, f"{first} and {second}") if part)
