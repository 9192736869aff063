"""What the matrix of a whole program shows: frozen values without markup."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from swingby.web.design.parts import Choice
from swingby.web.enablement.parts import Matrix

#: So many partners and certifications are listed, those that lack most.
MOST_PARTNERS: Final = 12
MOST_MISSING: Final = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingLine:
    """A certification of which partners lack people, now or soon; what others have to spare helps them not."""

    label: str
    needed: int
    missing: int
    soon: int
    hours: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class LackingLine:
    """A partner that lacks people for what its tiers ask."""

    name: str
    region: str
    people: int
    to_keep: int
    to_reach: int
    lacks: str
    href: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RegionRow:
    """The partners of one region."""

    label: str
    partners: int
    people: int
    to_keep: int
    to_reach: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgramCoveragePage:
    """All partners of a program together. ``behind`` says what is not in the figures."""

    name: str
    matrix: Matrix | None = None
    partners: int = 0
    people: int = 0
    held: int = 0
    to_keep: int = 0
    to_reach: int = 0
    missing: tuple[MissingLine, ...] = ()
    missing_total: int = 0
    lacking: tuple[LackingLine, ...] = ()
    lacking_total: int = 0
    regions: tuple[RegionRow, ...] = ()
    region_choices: tuple[Choice, ...] = ()
    manager_choices: tuple[Choice, ...] = ()
    counted: str = ""
    is_current: bool = True
    behind: str = ""
    ahead_days: int = 90
