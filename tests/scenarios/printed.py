"""``examples/published/cases.csv``: what the published texts say comes out in their worked cases.

It was transcribed from the texts before anybody looked at the scenarios, which are named after the same cases.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache

from swingby.engine.scenarios import Scenario
from swingby.program.reading.nodes import MapNode
from tests.scenarios.places import EXAMPLES

#: How many worked cases the texts have, and how many of their figures are transcribed; both may only grow.
CASES, FIGURES = 67, 376


@dataclass(frozen=True, slots=True)
class Field:
    """What is asked: ``tiers.level``, or ``tiers.level@2024-08-15`` for another day than the scenario's last."""

    path: str
    day: date | None = None


def field(text: str) -> Field:
    """A field as it stands in the table."""
    path, _, day = text.partition("@")
    return Field(path, date.fromisoformat(day) if day else None)


@cache
def cases() -> Mapping[str, Mapping[str, Mapping[Field, str]]]:
    """By program and case, what the text says of each field; remarks for readers are left out."""
    found: defaultdict[str, defaultdict[str, dict[Field, str]]] = defaultdict(lambda: defaultdict(dict))
    with (EXAMPLES / "published/cases.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["field"] != "note":
                found[row["program"]][row["case"]][field(row["field"])] = row["expected"]
    return found


def with_days(program: str, scenario: Scenario) -> Scenario:
    """A scenario that is also looked at on the days that the table names, where it expects nothing by itself."""
    named = {asked.day for asked in cases().get(program, {}).get(scenario.name, {}) if asked.day}
    nothing = MapNode(scenario.location, ())
    return replace(scenario, expected={**dict.fromkeys(named - set(scenario.expected), nothing), **scenario.expected})
