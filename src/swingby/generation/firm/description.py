"""What a firm is like: offices, vendors, levels and what was tried, read from YAML."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from swingby.errors import SwingbyError

#: The levels of every path, from low to high.
LEVELS = ("fundamentals", "intermediate", "advanced")


@dataclass(frozen=True, slots=True)
class Level:
    """What a level takes: hours before the factors of role and vendor, a fee in USD, months until it lapses."""

    name: str
    hours: Decimal
    pass_rate: Decimal
    fee: int
    valid_months: int


@dataclass(frozen=True, slots=True)
class Year:
    """What one year did to an office: credentials earned (by quarter, or in all), lapsed and moved; people who came and left."""

    earned: tuple[int, ...]
    lapsed: int
    moved_in: int
    moved_out: int
    joiners: int
    leavers: int

    @property
    def net(self) -> int:
        """By how many credentials the office grew."""
        return sum(self.earned) - self.lapsed + self.moved_in - self.moved_out


@dataclass(frozen=True, slots=True)
class Office:
    """One office: people by role on the last day, teams, and credentials year by year.

    Attributes
    ----------
    opening
        Credentials held on the first day.
    first_wave
        How many of the teams are in the first wave.
    """

    key: str
    name: str
    country: str
    opening: int
    people: Mapping[str, int]
    teams: int
    first_wave: int
    years: Mapping[int, Year]

    @property
    def held(self) -> int:
        """Credentials held on the last day by those whom the office counted."""
        return self.opening + sum(year.net for year in self.years.values())

    @property
    def lasting(self) -> int:
        """Of these, the ones that were held on the first day already."""
        added = sum(sum(year.earned) + year.moved_in for year in self.years.values())
        return self.held - added


@dataclass(frozen=True, slots=True)
class Vendor:
    """A vendor whose program the firm is in, and what the firm did there.

    Attributes
    ----------
    program
        The folder of the vendor's program.
    factor
        How much longer a path takes here than elsewhere.
    held
        By role how many people hold each level.
    settled, safe_until
        Engineers had Advanced before the first day; nothing of theirs lapses before the day.
    lapses, leaves
        How many of these engineers lapse or leave later all the same, and when.
    """

    key: str
    name: str
    program: Path
    joined_on: date
    factor: Decimal
    held: Mapping[str, tuple[int, ...]]
    settled: bool
    worth: int
    cost: int
    safe_until: date | None = None
    outlook: str = "actual"
    lapses: Mapping[str, Any] | None = None
    leaves: Mapping[str, Any] | None = None
    activities: tuple[Mapping[str, Any], ...] = ()
    decisions: tuple[Mapping[str, Any], ...] = ()
    references: tuple[Mapping[str, Any], ...] = ()
    deals: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Round:
    """One round of study groups: who was invited by lot, who waited, and how many of each passed in time."""

    name: str
    drawn_on: date
    invited: int
    waiting: int
    invited_passed: int
    waiting_passed: int


@dataclass(frozen=True, slots=True)
class Firm:
    """A whole example: who the firm is, its offices and vendors, and what it tried."""

    seed: str
    first: date
    today: date
    organization: Mapping[str, str]
    enablement: Path
    billing_target: Decimal
    roles: Mapping[str, Decimal]
    levels: Mapping[str, Level]
    offices: Mapping[str, Office]
    transfers: tuple[Mapping[str, Any], ...]
    people: tuple[Mapping[str, str], ...]
    board: Mapping[str, date]
    cash: Mapping[str, Any]
    stage: Mapping[str, Any]
    study_days: int
    rounds: tuple[Round, ...]
    exams: Mapping[str, int]
    idle: Mapping[str, Any]
    deals: Mapping[str, Any]
    worth_of: Mapping[str, int]
    cost_of: Mapping[str, int]
    vendors: Mapping[str, Vendor]
    first_names: tuple[str, ...]
    last_names: tuple[str, ...]

    @property
    def key(self) -> str:
        """The firm's organization."""
        return self.organization["key"]


def path_code(vendor: str, role: str, level: str) -> str:
    """The code of a learning path, which is that of its credential."""
    return f"{vendor}_{role}_{level}"


def read_firm(path: Path) -> Firm:
    """Read a firm from YAML.

    Raises
    ------
    SwingbyError
        ``firm`` when the file cannot be read as one.
    """
    try:
        return _firm(path.parent, yaml.safe_load(path.read_text(encoding="utf-8")))
    except (OSError, yaml.YAMLError, LookupError, TypeError, ValueError, ArithmeticError, AttributeError) as error:
        raise SwingbyError(
            code="firm",
            message=f"{path} does not describe a firm: {error!r}.",
            hint="Compare it with the file that came with the example.",
        ) from error


def _firm(folder: Path, given: dict[str, Any]) -> Firm:
    groups, names = given.pop("study_groups"), given.pop("names")
    read = {
        "enablement": folder / given.pop("enablement"),
        "billing_target": Decimal(str(given.pop("billing_target"))),
        "roles": {name: Decimal(str(factor)) for name, factor in given.pop("roles").items()},
        "levels": {name: _level(name, item) for name, item in given.pop("levels").items()},
        "offices": {key: _office(key, item) for key, item in given.pop("offices").items()},
        "vendors": {key: _vendor(folder, key, item) for key, item in given.pop("vendors").items()},
        "transfers": tuple(given.pop("transfers")),
        "people": tuple(given.pop("people")),
        "study_days": groups["days"],
        "rounds": tuple(Round(name, **item) for name, item in groups["rounds"].items()),
        "first_names": tuple(names["first"].split()),
        "last_names": tuple(names["last"].split()),
    }
    return Firm(**given, **read)


def _level(name: str, given: dict[str, Any]) -> Level:
    hours, rate = Decimal(str(given.pop("hours"))), Decimal(str(given.pop("pass_rate")))
    return Level(name, hours, rate, **given)


def _office(key: str, given: dict[str, Any]) -> Office:
    years = {number: _year(item) for number, item in given.pop("years").items()}
    return Office(key, years=years, **given)


def _year(given: dict[str, Any]) -> Year:
    return Year(tuple(given.pop("earned")), **given)


def _vendor(folder: Path, key: str, given: dict[str, Any]) -> Vendor:
    read: dict[str, Any] = {
        "program": folder / given.pop("program"),
        "factor": Decimal(str(given.pop("factor"))),
        "held": {role: tuple(counts) for role, counts in given.pop("held").items()},
        **{name: tuple(given.pop(name, ())) for name in ("activities", "decisions", "references", "deals")},
    }
    return Vendor(key=key, **given, **read)
