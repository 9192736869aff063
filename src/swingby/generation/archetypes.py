"""What a company's partners are like: archetypes, figures and stories, read from YAML."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from swingby.errors import SwingbyError
from swingby.generation.drawing import Floats

Figures = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Story:
    """A partner with a name; what is set here replaces what its archetype would draw."""

    name: str
    archetype: str
    track: str
    region: str
    rank: int | None = None
    staff: int | None = None
    others: int | None = None
    engineers: int | None = None
    growth: float | None = None
    deals: float | None = None
    plan: float | None = None
    campaigns: int | None = None
    level: float = 1.0
    bookings: tuple[float, ...] = ()
    activities: Figures | None = None
    quiet: Figures | None = None
    lapsing: Figures | None = None
    leave: Figures | None = None
    price_held: date | None = None
    integration: date | None = None
    idle: bool = False
    gone: int = 0


@dataclass(frozen=True, slots=True)
class Company:
    """A whole example: its partners, the days it covers, its figures, and how messy its rows are."""

    seed: str
    first: date
    last: date
    regions: tuple[str, ...]
    tracks: Mapping[str, tuple[int, ...]]
    archetypes: Mapping[str, Figures]
    stories: tuple[Story, ...]
    figures: Figures

    @property
    def size(self) -> int:
        """How many partners the archetypes add up to."""
        return sum(sum(archetype["tracks"]) for archetype in self.archetypes.values())

    def __getitem__(self, section: str) -> Any:
        """The figures of a section of the file."""
        return self.figures[section]

    def per_archetype(self, name: str) -> Floats:
        """A figure of each archetype, in order."""
        return np.array([float(figures.get(name, self["usual"].get(name, 0))) for figures in self.archetypes.values()])

    def code(self, archetype: str) -> int:
        """The number of an archetype."""
        return list(self.archetypes).index(archetype)

    def by_archetype(self, figures: Figures) -> Floats:
        """Figures that some archetypes have of their own, ``otherwise`` the others'."""
        return np.array([float(figures.get(name, figures["otherwise"])) for name in self.archetypes])


def read_company(path: Path, *, truth: bool = True) -> Company:
    """Read a company from YAML.

    Parameters
    ----------
    truth
        False takes the figures under ``without``, which plant no effect.

    Raises
    ------
    SwingbyError
        ``archetypes`` when the file cannot be read as one.
    """
    try:
        given = yaml.safe_load(path.read_text(encoding="utf-8"))
        return _company(given if truth else _merged(given, given.get("without", {})))
    except (OSError, yaml.YAMLError, KeyError, TypeError, AttributeError, ValueError) as error:
        raise SwingbyError(
            code="archetypes",
            message=f"{path} does not describe an example company: {type(error).__name__}, {error}.",
            hint="Compare it with the file that came with the example.",
        ) from error


def _company(given: dict[str, Any]) -> Company:
    if (given["from"].day, given["regions"]) != (1, list(given["countries"])):
        raise ValueError("from must be the first day of a month, and each region must have countries")
    return Company(
        seed=str(given["seed"]),
        first=given["from"],
        last=given["until"],
        regions=tuple(given["regions"]),
        tracks={name: tuple(counts) for name, counts in given["tracks"].items()},
        archetypes=given["archetypes"],
        stories=tuple(_story(item) for item in given.get("stories", ())),
        figures=given,
    )


def _story(given: dict[str, Any]) -> Story:
    unknown = set(given) - {each.name for each in fields(Story)}
    if unknown:
        raise ValueError(f"a story cannot say {', '.join(sorted(unknown))}")
    said: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in given.items()}
    return Story(**said)


def _merged(given: dict[str, Any], other: Figures) -> dict[str, Any]:
    """What is given, with figures of `other` in its place; mappings are merged."""
    merged = dict(given)
    for name, value in other.items():
        old = merged.get(name)
        merged[name] = _merged(old, value) if isinstance(old, dict) and isinstance(value, dict) else value
    return merged
