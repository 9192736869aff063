"""Small worlds for soundness tests: a program as text, facts a line at a time, answers worked out by hand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from swingby.engine import Assessment, NumberResult, Standing, assess
from swingby.facts import FactSet, from_rows
from swingby.program import Program, load_text

HEADER = "program: {id: tried, language: 1, version: '1', effective: 2020-01-01, currency: USD"
JOINED = date(2020, 1, 1)


def program_text(body: str, *, header: str = "") -> str:
    """A program with this body, and perhaps more in its header."""
    return f"{HEADER}{', ' + header if header else ''}}}\n{body}"


def read(text: str) -> Program:
    """The program; nothing may be wrong with it."""
    loaded = load_text(text)
    assert loaded.program is not None, [str(issue) for issue in loaded.issues]
    return loaded.program


def on(text: str) -> date:
    """A day."""
    return date.fromisoformat(text)


@dataclass(slots=True)
class World:
    """A program and facts; organization and enrolment ``acme`` are there from the start unless partners are given."""

    program: Program
    tables: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    @classmethod
    def of(cls, body: str, *, header: str = "", partners: Sequence[str] = ("acme",)) -> World:
        """A world without facts."""
        world = cls(read(program_text(body, header=header)))
        for name in partners:
            world.enrol(name)
        return world

    def enrol(self, name: str, *, parent: str | None = None, **columns: Any) -> World:
        """Add a partner with its organization."""
        organization = {name: columns.pop(name) for name in ("country", "region") if name in columns}
        self.organize(name, parent=parent, **organization)
        return self.row("enrolments", enrolment=name, organization=name, **{"joined_on": JOINED, **columns})

    def organize(self, name: str, *, parent: str | None = None, **columns: Any) -> World:
        """Add an organization that is not enrolled itself."""
        return self.row("organizations", organization=name, parent=parent, **columns)

    def row(self, table: str, /, **columns: Any) -> World:
        """Add a row; days may be written as text, whole numbers as such."""
        self.tables.setdefault(table, []).append({name: _cell(name, value) for name, value in columns.items()})
        return self

    def event(self, kind: str, day: str, /, fact_id: str | None = None, **columns: Any) -> World:
        """Add an event, of ``acme`` where it needs an organization and names none."""
        return self._fact(kind, fact_id, {"happened_on": on(day), **columns})

    def state(
        self, kind: str, starts: str, ends: str | None = None, /, fact_id: str | None = None, **columns: Any
    ) -> World:
        """Add a state, of ``acme`` where it needs an organization and names none."""
        until = on(ends) if ends else None
        return self._fact(kind, fact_id, {"starts_on": on(starts), "ends_on": until, **columns})

    def _fact(self, kind: str, fact_id: str | None, columns: dict[str, Any]) -> World:
        if self.program.kinds[kind].column("organization") and "organization" not in columns:
            columns["organization"] = "acme"
        number = len(self.tables.get(kind, ()))
        return self.row(kind, fact_id=fact_id or f"{kind}-{number:04}", **columns)

    @contextmanager
    def facts(self) -> Iterator[FactSet]:
        """The facts, read; no row may be refused."""
        with from_rows(self.tables, self.program) as facts:
            assert not facts.errors, [str(issue) for issue in facts.errors]
            yield facts

    @contextmanager
    def assessed(self, *days: str, **options: Any) -> Iterator[Assessment]:
        """A run on some days."""
        with self.facts() as facts:
            found = assess(self.program, facts, as_of=[on(day) for day in days], **options)
            yield found
            found.close()

    def standing(self, day: str, enrolment: str = "acme", **options: Any) -> Standing:
        """One standing."""
        with self.assessed(day, **options) as found:
            return found.standing(enrolment)

    def values(self, day: str, enrolment: str = "acme", **options: Any) -> dict[str, Decimal | str | None]:
        """Every named number on a day."""
        standing = self.standing(day, enrolment, **options)
        return {name: value(number) for name, number in standing.numbers.items()}

    def over(self, number: str, *days: str, **options: Any) -> list[Decimal | str | None]:
        """One number on several days, from one run."""
        with self.assessed(*days, **options) as found:
            return [value(found.standing("acme", on(day)).numbers[number]) for day in days]

    def held(self, ladder: str, *days: str, **options: Any) -> list[str | None]:
        """The tier held on several days, from one run."""
        with self.assessed(*days, **options) as found:
            return [found.standing("acme", on(day)).tiers[ladder].tier for day in days]


def value(number: NumberResult) -> Decimal | str | None:
    """A number, or the word for why there is none."""
    return number.value if number.state == "known" else number.state


def _cell(name: str, given: Any) -> Any:
    if isinstance(given, str) and (name.endswith("_on") or name in ("complete_from", "complete_to")):
        return on(given)
    return Decimal(given) if type(given) is int else given
