"""What differs between two versions of a program: changes, each with its place in both."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final, Literal

from swingby.program.blocks import Location

Kind = Literal["renamed", "added", "removed", "changed"]
#: What a change touches, in the order in which partners care.
Matter = Literal["tiers", "points", "measures", "program", "texts"]
MATTERS: Final[tuple[Matter, ...]] = ("tiers", "points", "measures", "program", "texts")
_MIRRORED: Final[dict[Kind, Kind]] = {
    "added": "removed",
    "removed": "added",
    "changed": "changed",
    "renamed": "renamed",
}


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of one side: its path, such as ``points.training`` or ``ladders.level.gold``, and what people call it."""

    path: str
    words: str


@dataclass(frozen=True, slots=True)
class Change:
    """One difference.

    Attributes
    ----------
    matter
        What it touches; ``texts`` changes no result.
    old_rule, new_rule
        The rule on each side; None where it is absent. They differ only where it was renamed.
    part
        Which part of the rule, in words; empty for the whole of it.
    old, new
        What it said and says; None where it is absent.
    old_place, new_place
        Where that is written.
    """

    kind: Kind
    matter: Matter
    old_rule: Rule | None
    new_rule: Rule | None
    part: str
    old: str | None
    new: str | None
    old_place: Location | None
    new_place: Location | None

    @property
    def path(self) -> str:
        """The path of the rule, the new one if there is one."""
        return self._rule.path

    @property
    def rule(self) -> str:
        """What people call the rule, the new name if there is one."""
        return self._rule.words

    @property
    def _rule(self) -> Rule:
        return self.new_rule or self.old_rule or Rule("program", "Program")

    def mirrored(self) -> Change:
        """The change as seen from the other side."""
        return replace(
            self,
            kind=_MIRRORED[self.kind],
            old_rule=self.new_rule,
            new_rule=self.old_rule,
            old=self.new,
            new=self.old,
            old_place=self.new_place,
            new_place=self.old_place,
        )


@dataclass(frozen=True, slots=True)
class Version:
    """Which version one side is, and from when it holds."""

    label: str
    version: str
    effective: str


@dataclass(frozen=True, slots=True)
class Difference:
    """All that differs between two versions, what matters most to partners first.

    Attributes
    ----------
    changes
        What may change a result.
    texts
        Labels, clauses, notes and other words that change none.
    """

    old: Version
    new: Version
    changes: tuple[Change, ...] = ()
    texts: tuple[Change, ...] = ()

    @property
    def says_the_same(self) -> bool:
        """Whether both give the same results to everybody on every day."""
        return not self.changes
