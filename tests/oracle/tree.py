"""The raw program tree and the results that the oracle gives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

Node = dict[str, Any]
Cell = str | Decimal | date | datetime | bool | int | None
Row = Mapping[str, Any]


@dataclass(frozen=True, eq=False)
class World:
    """A program and everything known about its partners.

    Parameters
    ----------
    program
        The nested mapping of the program's YAML with every scalar as text.
    facts
        Rows by kind. Fact kinds carry ``fact_id``, their days and columns, and may carry ``recorded_at``
        (a datetime) and ``reverses``. Reference tables (organizations, enrolments, people, customers,
        products, credential_types, exchange_rates, coverage, holidays) come the same way.
    """

    program: Node
    facts: Mapping[str, list[dict[str, Any]]]

    def section(self, name: str) -> Node:
        """A section of the program, empty when it is not written."""
        return self.program.get(name) or {}


# A fraction, "undefined" or "incomplete"; and exact amounts. Tests compare them with plain integers.
Number = Any
Exact = Any
Entry = tuple[str, date, Exact, Exact]
Leaf = tuple[object, object, object, str]


@dataclass(frozen=True)
class Result:
    """Where one enrolment stands on one day.

    A number, tier or requirement of a cell is named ``name[cell]``. ``rows`` is keyed by (ladder, tier,
    path): the path is empty for the tier's requirement itself and ``0.1`` for the second part of its
    first part. An entry is (fact id or period end, day, amount before caps, amount after caps).
    """

    tiers: dict[str, str | None] = field(default_factory=dict)
    numbers: dict[str, Number] = field(default_factory=dict)
    requirements: dict[str, str] = field(default_factory=dict)
    rows: dict[tuple[str, str, str], Leaf] = field(default_factory=dict)
    entries: dict[str, list[Entry]] = field(default_factory=dict)
    tracks: dict[str, str] = field(default_factory=dict)
    accounts: dict[str, Exact] = field(default_factory=dict)
    lots: dict[str, list[tuple[str, date, date | None, Exact, Exact]]] = field(default_factory=dict)


def read_yaml(text: str) -> Node:
    """Read one YAML document with every scalar kept as text."""
    tree = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 - BaseLoader builds only text, lists and mappings
    assert isinstance(tree, dict)
    return tree


def read_program(*sources: str | Path) -> Node:
    """Read the files (or texts) of one version and put their sections together."""
    program: Node = {}
    for source in sources:
        text = source.read_text() if isinstance(source, Path) else source
        for section, content in read_yaml(text).items():
            program.setdefault(section, {}).update(content)
    return program
