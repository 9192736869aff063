"""A plan: named steps in order, and where each node's result will stand."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlglot import exp

from swingby.engine.clock import Clock
from swingby.engine.demand import Demand
from swingby.engine.graph import Graph
from swingby.engine.nodes import EachThingNode, Input
from swingby.engine.personal import is_personal
from swingby.engine.setting import Cohort, Setting
from swingby.engine.sql import Column, literal, statement
from swingby.program import Program

Row = tuple[object, ...]
Compute = Callable[[Mapping[str, Sequence[Row]]], Iterable[Row]]


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
    """A relation computed in Python from rows of earlier steps, the same code after every backend.

    ``computing`` gives the computation for another setting, where it depends on whom a run is about.
    """

    name: str
    columns: tuple[Column, ...]
    reads: Mapping[str, exp.Expr]
    compute: Compute
    computing: Callable[[Setting], Compute] | None = None


Step = DataStep | QueryStep | ArrayStep


@dataclass(slots=True)
class Draft:
    """A plan while it is being written.

    Attributes
    ----------
    places
        By numbered node the relation that holds its results.
    entry_lines
        By numbered earning the relation that holds its lines.
    fact_lines
        By numbered number of facts the relation of the facts that counted on asked days, where they are kept.
    lots
        By numbered account the relation that holds its lots.
    pairs
        By numbered node that not everybody needs on all of its days: the relation of who needs it when (node, e, d).
    wanted
        By numbered node with cells or things: the relation of those it is needed for (node, e, d, k).
    shown
        By relation that is kept without its lines and gaps: the statement with all columns of a requirement.
    things
        By numbered number *of each*: the relation of its things (node, e, d, k, inner).
    """

    program: Program
    graph: Graph
    clock: Clock
    demand: Demand
    setting: Setting
    steps: list[Step] = field(default_factory=list)
    places: dict[int, str] = field(default_factory=dict)
    entry_lines: dict[int, str] = field(default_factory=dict)
    fact_lines: dict[int, str] = field(default_factory=dict)
    lots: dict[int, str] = field(default_factory=dict)
    covered: dict[tuple[int, date, Cohort], bool] = field(default_factory=dict)
    pairs: dict[int, str] = field(default_factory=dict)
    wanted: dict[int, str] = field(default_factory=dict)
    things: dict[int, str] = field(default_factory=dict)
    shown: dict[str, exp.Expr] = field(default_factory=dict)
    clocks: dict[Cohort, Clock] = field(default_factory=dict)
    personal: dict[int, bool] = field(default_factory=dict)

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

    def results_of(self, numbers: Iterable[int], columns: str, *, keyed: bool = False) -> exp.Expr:
        """The relation that holds the results of some nodes: one step, or the union of several.

        ``keyed`` adds the column ``k``, which is empty for nodes without cells and things.
        """
        listed = [number for number in numbers if number in self.places]
        keys = {self.places[number]: self.graph.dims_of(number) for number in listed}
        parts = []
        if not keys:
            return statement("SELECT {columns} FROM scope AS s WHERE s.e < 0", columns=_typed(columns, keyed=keyed))
        for name in sorted(keys):
            key = (", k" if keys[name] else ", '' AS k") if keyed else ""
            step = self.shown.get(name, name) if "line" in columns.split(", ") else name
            parts.append(statement(f"SELECT {columns}{key} FROM {{step}} AS r", step=step))
        return union_all(parts)

    def clock_of(self, cohort: Cohort) -> Clock:
        """The clock of those who joined on a day."""
        if cohort not in self.clocks:
            self.clocks[cohort] = self.clock.of_those_who_joined(cohort)
        return self.clocks[cohort]

    def dim_number(self, dim: str) -> int:
        """A short name for a cell or thing, for the names of relations."""
        things = {node.thing for _, node in self.graph.of(EachThingNode)}
        return sorted({*things, *(name for dims in self.graph.dims for name in dims)}).index(dim)

    def is_personal(self, number: int) -> bool:
        """True when the days that a node reads depend on the day of joining."""
        node = number % self.demand.size
        if node not in self.personal:
            self.personal[node] = is_personal(self.clock, self.graph[node])
        return self.personal[node]

    def results_of_wanted(self, numbers: Iterable[int]) -> exp.Expr:
        """Who needs some nodes with cells or things, when and for which."""
        names = sorted({self.wanted[number] for number in numbers if number in self.wanted})
        if not names:
            return statement(
                "SELECT {columns} FROM scope AS s WHERE s.e < 0", columns=_typed("node, e, d, k", keyed=False)
            )
        return union_all([statement("SELECT node, e, d, k FROM {name}", name=name) for name in names])

    def lens_shift(self, number: int) -> int:
        """What is added to a node's own number under the lens of a numbered node."""
        return number - number % self.demand.size

    def input_of(self, number: int, item: Input) -> int:
        """The number of what a numbered node reads, under the same lens."""
        return item.node + self.lens_shift(number)

    def known(self, number: int) -> int | None:
        """The position up to which facts are known to a numbered node, where that is not the asked one."""
        return self.demand.lens_of(number).known

    def by_rule(self, expressions: Mapping[int, exp.Expr], alias: str = "p") -> exp.Expr:
        """One expression for all rules: itself when they agree, else a CASE on the rule (``p.node``)."""
        rules: dict[exp.Expr, set[int]] = {}
        for number, expression in expressions.items():
            rules.setdefault(expression, set()).add(number % self.demand.size)
        if len(rules) == 1:
            return next(iter(rules))
        case = exp.Case()
        for expression, numbers in rules.items():
            case.when(self._rule(alias).isin(*sorted(numbers)), expression.copy(), copy=False)
        return case

    def _rule(self, alias: str) -> exp.Expr:
        node = exp.column("node", alias)
        if len(self.demand.lenses) == 1:
            return node
        return exp.paren(exp.Mod(this=node, expression=exp.Literal.number(self.demand.size)))


_TYPES = {"d": "day", "k": "text", "word": "text"} | dict.fromkeys(("node", "e", "state", "result", "ordinal"), "whole")


def _typed(columns: str, *, keyed: bool) -> list[exp.Expr]:
    """The columns of a relation without rows."""
    names = [*columns.split(", "), *(["k"] if keyed else [])]
    return [exp.alias_(literal(None, _TYPES.get(name, "quantity")), name) for name in names]  # type: ignore[arg-type]


def union_all(parts: Sequence[exp.Expr]) -> exp.Expr:
    """One query out of several with the same columns."""
    found = parts[0]
    for part in parts[1:]:
        found = exp.Union(this=found, expression=part, distinct=False)
    return exp.paren(found)
