"""Small worlds for the oracle's own tests, a line at a time."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from .tree import World, read_program

PUBLISHED = Path(__file__).parent / "published"
JOINED = date(2023, 2, 1)


class Making:
    """Collects facts of one partner (organization ``acme``, enrolment ``e1``) and makes a world of them."""

    def __init__(self, *program: str, joined: date = JOINED, country: str = "US", region: str = "apac") -> None:
        """Take the texts of a program, or the names of published ones."""
        self.program = [text if "\n" in text else PUBLISHED / f"{text}.yaml" for text in program]
        self.facts: dict[str, list[dict[str, Any]]] = {
            "organizations": [{"organization": "acme", "parent": None, "country": country, "region": region}],
            "enrolments": [{"enrolment": "e1", "organization": "acme", "joined_on": joined, "ended_on": None}],
        }

    def row(self, kind_: str, /, **columns: Any) -> Making:
        """Add a row as it is; facts get an id when they have none."""
        rows = self.facts.setdefault(kind_, [])
        written = {name: Decimal(value) if type(value) is int else value for name, value in columns.items()}
        rows.append({"fact_id": f"{kind_}-{len(rows):03}", **written})
        return self

    def reference(self, table: str, /, **columns: Any) -> Making:
        """Add a row of a reference table."""
        self.facts.setdefault(table, []).append(columns)
        return self

    def event(self, kind_: str, on: str, /, **columns: Any) -> Making:
        """Add an event of the partner."""
        owner = {} if "organization" in columns else {"organization": "acme"}
        return self.row(kind_, happened_on=date.fromisoformat(on), **owner, **columns)

    def state(self, kind_: str, starts: str, ends: str | None = None, /, **columns: Any) -> Making:
        """Add a state of the partner."""
        owner = {} if {"organization", "unlinked"} & set(columns) else {"organization": "acme"}
        columns.pop("unlinked", None)
        until = date.fromisoformat(ends) if ends else None
        return self.row(kind_, starts_on=date.fromisoformat(starts), ends_on=until, **owner, **columns)

    def employ(self, people: str, starts: str = "2020-01-01", ends: str | None = None) -> Making:
        """Employ people, one letter each."""
        for person in people:
            self.state("employments", starts, ends, person=person)
        return self

    def certify(self, people: str, starts: str = "2024-01-01", ends: str | None = None, **columns: Any) -> Making:
        """Give people a credential, one letter each."""
        for person in people:
            self.state("credentials", starts, ends, person=person, unlinked=True, **columns)
        return self

    def take_back(self, kind: str, fact_id: str, recorded_at: datetime) -> Making:
        """Reverse a fact."""
        return self.row(kind, fact_id=f"{fact_id}-r", reverses=fact_id, recorded_at=recorded_at)

    def world(self) -> World:
        """The world made so far."""
        return World(read_program(*self.program), {kind: list(rows) for kind, rows in self.facts.items()})


def on(text: str) -> date:
    """A day."""
    return date.fromisoformat(text)


def day_after(text: str, days: int) -> str:
    """A day some days later, as text."""
    return (on(text) + timedelta(days=days)).isoformat()


def sales(made: Making, *amounts: int | str, day: str = "2024-06-01", **columns: Any) -> Making:
    """Transactions of these amounts on one day."""
    for amount in amounts:
        made.event("transactions", day, amount=Decimal(amount), **columns)
    return made
