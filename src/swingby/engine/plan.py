"""A plan: named steps in order, and where each node's result will stand."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlglot import exp

from swingby.engine.clock import Clock
from swingby.engine.demand import Demand
from swingby.engine.graph import Graph
from swingby.engine.sql import Column, statement
from swingby.program import Program

Row = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class DataStep:
    """A small table that the compiler wrote: rules, days, lines."""

    name: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class QueryStep:
    """A relation computed by the backend from earlier steps."""

    name: str
    query: exp.Expr


@dataclass(frozen=True, slots=True)
class ArrayStep:
    """A relation computed in Python from rows of earlier steps, the same code after every backend."""

    name: str
    columns: tuple[Column, ...]
    reads: Mapping[str, exp.Expr]
    compute: Callable[[Mapping[str, Sequence[Row]]], Iterable[Row]]


Step = DataStep | QueryStep | ArrayStep


@dataclass(frozen=True, slots=True)
class Setting:
    """What a plan is made for.

    Attributes
    ----------
    asked
        The as-of days, in order.
    restricted
        True when facts are narrowed to the bound organizations (one partner's page); False for a run over all.
    incomplete
        Says whether a fact kind is outside its sources' coverage somewhere in a span of days.
    chosen
        The enrolments a run over chosen partners is about; None for all.
    grace
        False to leave the days of grace out of a first pass; the walk then names who needs them.
    replay
        True to walk every ladder with clocks from the beginning; False where the caller knows the tier held.
    """

    asked: tuple[date, ...]
    restricted: bool
    incomplete: Callable[[str, date, date], bool]
    chosen: tuple[str, ...] | None = None
    replay: bool = True
    grace: bool = True


@dataclass(slots=True)
class Draft:
    """A plan while it is being written."""

    program: Program
    graph: Graph
    clock: Clock
    demand: Demand
    setting: Setting
    steps: list[Step] = field(default_factory=list)
    places: dict[int, str] = field(default_factory=dict)
    entry_lines: dict[int, str] = field(default_factory=dict)
    covered: dict[tuple[int, date], bool] = field(default_factory=dict)

    def data(self, name: str, columns: Sequence[Column], rows: Iterable[Row]) -> str:
        """Add a small table and give its name."""
        self.steps.append(DataStep(name, tuple(columns), tuple(rows)))
        return name

    def query(self, name: str, text: str, **parts: exp.Expr | str | Sequence[exp.Expr]) -> str:
        """Add a relation computed by SQL and give its name."""
        self.steps.append(QueryStep(name, statement(text, **parts)))
        return name

    def put(self, numbers: Iterable[int], name: str) -> None:
        """Say in which relation the results of some nodes stand."""
        self.places.update(dict.fromkeys(numbers, name))

    def results_of(self, numbers: Iterable[int], columns: str) -> exp.Expr:
        """The relation that holds the results of some nodes: one step, or the union of several."""
        names = sorted({self.places[number] for number in numbers if number in self.places})
        parts = [statement(f"SELECT {columns} FROM {{step}}", step=name) for name in names]
        return union_all(parts)


def union_all(parts: Sequence[exp.Expr]) -> exp.Expr:
    """One query out of several with the same columns."""
    found = parts[0]
    for part in parts[1:]:
        found = exp.Union(this=found, expression=part, distinct=False)
    return exp.paren(found)
