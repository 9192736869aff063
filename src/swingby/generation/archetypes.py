"""What a company's partners are like: archetypes and stories, read from YAML."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from swingby.errors import SwingbyError


@dataclass(frozen=True, slots=True)
class Archetype:
    """One kind of partner; rates are a year unless said otherwise.

    Attributes
    ----------
    tracks
        How many partners there are on each track of the company.
    deals, median, spread, growth, january
        Won deals, their median size and its spread between partners (sd of the log), growth, January's factor.
    staff, held
        Technical staff and certificates held at the end, by level.
    plan, campaigns
        Chance of a plan review each quarter; campaigns each half-year.
    """

    name: str
    tracks: tuple[int, ...]
    deals: float
    median: float
    spread: float
    growth: float
    january: float
    staff: float
    held: Mapping[str, float]
    plan: float
    campaigns: float
    review: float
    activities: Mapping[str, float]
    pipeline: float
    survey: float
    advocacy: float
    specialisations: float
    leavers: float = 0.14
    joins: tuple[date, date] | None = None
    quiet_from: date | None = None
    quiet_plan: float | None = None
    quiet_campaigns: float | None = None


@dataclass(frozen=True, slots=True)
class Story:
    """A partner with a name; what is set here replaces what its archetype would draw."""

    name: str
    archetype: str
    track: str
    region: str
    staff: int | None = None
    engineers: int | None = None
    plan: float | None = None
    campaigns_each_half: int | None = None
    activities: Mapping[str, float] | None = None
    contact: str | None = None
    leave: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Company:
    """A whole example: its partners, the days it covers, and how messy its rows are."""

    seed: str
    first: date
    last: date
    regions: Mapping[str, int]
    tracks: tuple[str, ...]
    archetypes: Mapping[str, Archetype]
    stories: tuple[Story, ...] = ()
    mess: Mapping[str, float] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """How many partners the archetypes add up to."""
        return sum(sum(archetype.tracks) for archetype in self.archetypes.values())


def read_company(path: Path) -> Company:
    """Read a company from YAML.

    Raises
    ------
    SwingbyError
        ``archetypes`` when the file cannot be read as one.
    """
    try:
        given = yaml.safe_load(path.read_text(encoding="utf-8"))
        archetypes = {name: _archetype(name, dict(item)) for name, item in given["archetypes"].items()}
        return Company(
            seed=str(given["seed"]),
            first=given["from"],
            last=given["until"],
            regions=given["regions"],
            tracks=tuple(given["tracks"]),
            archetypes=archetypes,
            stories=tuple(Story(**item) for item in given.get("stories", ())),
            mess=given.get("mess", {}),
        )
    except (OSError, yaml.YAMLError, KeyError, TypeError, AttributeError) as error:
        raise SwingbyError(
            code="archetypes",
            message=f"{path} does not describe an example company: {error}.",
            hint="Compare it with the file that came with the example.",
        ) from error


def _archetype(name: str, given: dict[str, Any]) -> Archetype:
    joins = given.pop("joins", None)
    dates = (joins["from"], joins["until"]) if joins else None
    return Archetype(name=name, tracks=tuple(given.pop("tracks")), joins=dates, **given)
