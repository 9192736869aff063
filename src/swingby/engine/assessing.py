"""One run: a program version over facts, as of days, as known at a position."""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from itertools import product
from typing import TYPE_CHECKING, cast

from sqlglot import exp

from swingby.engine.building import Builder, build
from swingby.engine.compiling import REQUIREMENTS, Plan, make_plan
from swingby.engine.declared import SHOWN
from swingby.engine.graph import Graph
from swingby.engine.keys import BETWEEN
from swingby.engine.lots import Lot
from swingby.engine.nodes import NUMBERS, WORDS, LadderNode
from swingby.engine.plan import ArrayStep, DataStep, QueryStep, Step
from swingby.engine.plans import Made, Plans
from swingby.engine.setting import Setting
from swingby.engine.sql import Column, Connection, Parameters, Statement, statement
from swingby.engine.standing import AccountStanding, NumberResult, Standing, State, TierStanding
from swingby.engine.steps.reading import is_zero_without_facts
from swingby.engine.trees import RESULTS, Answer, Branch, tier_trees, tree_rows
from swingby.program import Program
from swingby.program.blocks import Value
from swingby.program.model import Tier
from swingby.program.walk import kinds_read

if TYPE_CHECKING:
    from swingby.engine.sql import DuckDB

_STATES: Mapping[int, State] = {0: "known", 1: "undefined", 2: "incomplete"}
_UNDEFINED = 1
Key = tuple[int, date]
Place = tuple[int, str]


@dataclass(frozen=True, slots=True)
class Held:
    """A tier held, as places on the ladder (-1 for none), with its dates where the ladder has clocks."""

    ordinal: int
    possible: int
    earned: int
    since: date | None = None
    hold: date | None = None


@dataclass(frozen=True, slots=True)
class Enrolled:
    """A partner of a run: its enrolment, its dates, and the day on which windows that start with joining start."""

    enrolment: str
    joined: date | None
    ended: date | None
    since: date | None


@dataclass(slots=True)
class Outcome:
    """Rows of one run by partner number and day, before they are put into words.

    A result stands under its node and the key of its cell, which is empty for what is not split by cells.
    """

    scope: dict[int, Enrolled] = field(default_factory=dict)
    numbers: dict[Key, dict[Place, NumberResult]] = field(default_factory=dict)
    answers: dict[Key, dict[Place, Answer]] = field(default_factory=dict)
    tiers: dict[Key, dict[Place, Held]] = field(default_factory=dict)
    words: dict[Key, dict[Place, str]] = field(default_factory=dict)
    lots: dict[Key, dict[int, list[Lot]]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Compiled:
    """A program ready to be run: its builder, the requirement trees of its ladders, and the kinds of facts it reads."""

    program: Program
    builder: Builder
    trees: Mapping[str, Mapping[str, Branch | None]]
    kinds: frozenset[str]
    plans: Plans = field(default_factory=Plans, compare=False, repr=False)


def cells_of(program: Program, name: str) -> tuple[str, ...]:
    """The cells that a named number has one value for each of, in the order of the program."""
    declared = program.measures.get(name) or program.scores.get(name)
    if declared is None:
        return (program.points.get(name) or program.incentives[name]).by
    options = getattr(declared.number, "options", None)
    return tuple(options.by) if options else ()


def compile_program(
    program: Program, *, given: Mapping[str, Value] | None = None, onto: Graph | None = None
) -> Compiled:
    """Turn a program into nodes and trees, once for many runs; ``given`` sets numbers by hand, for scenarios.

    ``onto`` is the graph of another version, for a run over both at once.

    Raises
    ------
    SwingbyError
        ``not-computed``, with the place, for what this version loads but cannot compute.
    """
    builder = build(program, given, onto=onto)
    trees = {name: tier_trees(builder, ladder) for name, ladder in program.ladders.items()}
    return Compiled(program, builder, trees, kinds_read(program))


def plan_for(compiled: Compiled, setting: Setting) -> Plan:
    """The plan of a compiled program for asked days."""
    return make_plan(compiled.program, setting, compiled.builder.graph)


def planned(compiled: Compiled, setting: Setting) -> Made:
    """The same with its texts for DuckDB, kept for the next question that is like it."""
    return compiled.plans.plan(compiled.program, setting, compiled.builder.graph)


def run_steps(connection: Connection, steps: Iterable[Step], parameters: Parameters) -> None:
    """Carry out the steps in order, keeping each relation under its name."""
    for step in steps:
        if isinstance(step, DataStep):
            connection.store(step.name, step.columns, step.rows)  # type: ignore[arg-type]
        elif isinstance(step, QueryStep):
            connection.keep(step.name, step.query, parameters)
        else:
            _run_array_step(connection, step, parameters)


def _run_array_step(connection: Connection, step: ArrayStep, parameters: Parameters) -> None:
    with _without_collecting():
        tables = {name: connection.rows(query, parameters) for name, query in step.reads.items()}
        connection.store(step.name, step.columns, step.compute(tables))  # type: ignore[arg-type]


@contextmanager
def _without_collecting() -> Iterator[None]:
    """Rows are millions of small objects without cycles, and looking for cycles among them takes a third of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def run_plan(connection: Connection, made: Made | Plan, known_at: int) -> Outcome:
    """Run a plan on a connection that has the fact and reference tables, and fetch its results."""
    plan = made if isinstance(made, Plan) else made.plan
    asked = plan.setting.asked
    parameters: Parameters = {"known_at": known_at, "first_day": asked[0], "last_day": asked[-1]}
    if isinstance(made, Plan):
        run_steps(connection, plan.steps, parameters)
    else:
        session = cast("DuckDB", connection)  # What is made ready is so for DuckDB.
        made.show(session)
        made.carry_out(session, parameters)
    connection.store("asked", ASKED, [(day,) for day in asked])
    queries = fetches(plan) if isinstance(made, Plan) else made.results("all", lambda: fetches(plan))
    return fetch_outcome(connection, plan, queries)


def fetch_outcome(connection: Connection, plan: Plan, queries: Iterable[Statement]) -> Outcome:
    """What the steps of a plan left behind, by its queries for results (`fetches`)."""
    outcome = Outcome()
    for e, enrolment, joined, ended, since in connection.rows(statement(_SCOPE_ROWS)):
        outcome.scope[whole(e)] = Enrolled(str(enrolment), _day(joined), _day(ended), _day(since))
    for query in queries:
        for row in connection.rows(query):
            read_row(plan, outcome, row)
    for name in sorted(set(plan.lots.values())):
        for row in connection.rows(statement(_LOTS, rows=name)):
            _read_lot(plan, outcome, row)
    return outcome


_LOTS = """
SELECT r.node, r.e, r.d, r.entry, r.day, r.opens, r.expires, r.amount, r.unspent, r.used, r.expired
FROM {rows} AS r JOIN asked AS a ON a.d = r.d
ORDER BY r.e, r.d, r.place
"""


def _read_lot(plan: Plan, outcome: Outcome, row: Sequence[object]) -> None:
    number, e, on, entry, day, opens, expires, *amounts = row
    key = (whole(e), _asked_day(on))
    if plan.is_of_day(whole(number), key[1]):
        shown = [plain(amount) or Decimal(0) for amount in amounts]
        lot = Lot(str(entry), _asked_day(day), _asked_day(opens), _day(expires), *shown)
        outcome.lots.setdefault(key, {}).setdefault(whole(number) % plan.demand.size, []).append(lot)


#: The relation ``asked``, which results are fetched by.
ASKED = (Column("d", "day"),)
_SCOPE_ROWS = "SELECT e, enrolment, joined_on, ended_on, since FROM scope ORDER BY e"
_NUMBERS = """
SELECT 'number' AS family, r.node, r.e, r.d, {key} AS k, r.value, quantity(NULL) AS line, quantity(NULL) AS gap, r.state AS result,
       {nothing}
FROM {rows} AS r JOIN asked AS a ON a.d = r.d
"""
_ANSWERS = """
SELECT 'answer' AS family, r.node, r.e, r.d, {key} AS k, r.value, r.line, r.gap, r.result, {nothing}
FROM {rows} AS r JOIN asked AS a ON a.d = r.d
"""
_TIERS = """
SELECT 'tier' AS family, r.node, r.e, r.d, {key} AS k, quantity(r.ordinal) AS value, quantity(r.possible) AS line,
       quantity(r.earned) AS gap, 0 AS result, r.since, r.hold, CAST(NULL AS TEXT) AS word
FROM {rows} AS r JOIN asked AS a ON a.d = r.d
"""
_WORDS = """
SELECT 'word' AS family, r.node, r.e, r.d, {key} AS k, quantity(NULL) AS value, quantity(NULL) AS line, quantity(NULL) AS gap,
       0 AS result, CAST(NULL AS DATE) AS since, CAST(NULL AS DATE) AS hold, r.word
FROM {rows} AS r JOIN asked AS a ON a.d = r.d
"""
_NOTHING = ("CAST(NULL AS DATE) AS since", "CAST(NULL AS DATE) AS hold", "CAST(NULL AS TEXT) AS word")


def fetches(plan: Plan, nodes: Iterable[int] | None = None) -> Iterator[exp.Expr]:
    """The queries for the results on the asked days (a relation ``asked``), each row with its family in front.

    ``nodes`` are those whose results are wanted; all by default.
    """
    families = ((_NUMBERS, NUMBERS), (_ANSWERS, REQUIREMENTS), (_TIERS, (LadderNode,)), (_WORDS, WORDS))
    chosen = None if nodes is None else frozenset(nodes)
    for text, kinds in families:
        for place in plan.places_of(*kinds):
            if not plan.has_things(place):
                yield from _fetch(plan, text, place, chosen)


def _fetch(plan: Plan, text: str, place: str, nodes: frozenset[int] | None) -> Iterator[exp.Expr]:
    key = exp.column("k", "r") if plan.is_keyed(place) else exp.Literal.string("")
    parts = {"nothing": [statement(item) for item in _NOTHING]} if "{nothing}" in text else {}
    found = statement(text, rows=place, key=key, **parts)
    if nodes is None:
        yield found
        return
    held = (number for number, name in plan.places.items() if name == place and plan.is_asked(number))
    numbers = [number for number in sorted(held) if number % plan.demand.size in nodes]
    if numbers:
        yield found.where(exp.column("node", "r").isin(*numbers), copy=False)  # type: ignore[attr-defined]


def read_row(plan: Plan, outcome: Outcome, row: Sequence[object]) -> None:
    """Sort one fetched row, (family, node, e, d, k, …), into the outcome; those of another lens are left out."""
    family, number, e, day, k, *rest = row
    key = (whole(e), _asked_day(day))
    if not plan.is_of_day(whole(number), key[1]):
        return
    place = (whole(number) % plan.demand.size, str(k))
    value, line, gap, result, since, hold, word = rest
    if family == "number":
        known = None if whole(result) == _UNDEFINED else plain(value)
        outcome.numbers.setdefault(key, {})[place] = NumberResult(known, _STATES[whole(result)])
    elif family == "answer":
        outcome.answers.setdefault(key, {})[place] = Answer(plain(value), plain(line), plain(gap), whole(result))
    elif family == "tier":
        held = Held(whole(value), whole(line), whole(gap), _day(since), _day(hold))
        outcome.tiers.setdefault(key, {})[place] = held
    else:
        outcome.words.setdefault(key, {})[place] = str(word)


def standings(compiled: Compiled, plan: Plan, outcome: Outcome) -> list[Standing]:
    """The standings of every partner that was enrolled on an asked day, in order of day and enrolment."""
    found = []
    for day in plan.setting.asked:
        for e, who in outcome.scope.items():
            if (who.joined is None or who.joined <= day) and (who.ended is None or who.ended > day):
                found.append(standing_of(compiled, plan, outcome, (e, day)))
    return found


def standing_of(compiled: Compiled, plan: Plan, outcome: Outcome, key: Key) -> Standing:
    """The standing of one partner, by its number and a day on which everything was asked."""
    graph, who = compiled.builder.graph, outcome.scope[key[0]]
    answers, words = outcome.answers.get(key, {}), outcome.words.get(key, {})
    return Standing(
        enrolment=who.enrolment,
        as_of=key[1],
        tiers={
            label: tier for name in compiled.program.ladders for label, tier in tiers_of(compiled, outcome, name, key)
        },
        numbers={
            label: number
            for name, item in graph.numbers.items()
            for label, number in _numbers(compiled, plan, outcome, (name, item.node), key=key, since=who.since)
        },
        requirements={name: RESULTS[answers[item.node, ""].result] for name, item in graph.requirements.items()},
        tracks={name: words.get((item.node, ""), "") for name, item in graph.tracks.items()},
        accounts={name: _account(plan, outcome, name, key) for name in compiled.program.accounts},
    )


def _account(plan: Plan, outcome: Outcome, name: str, key: Key) -> AccountStanding:
    shown = {
        show: _number(plan, outcome, (plan.graph.accounts[name, show].node, ""), key, None).value or Decimal(0)
        for show in SHOWN
    }
    lots = outcome.lots.get(key, {}).get(plan.graph.accounts[name, "balance"].node, ())
    return AccountStanding(**shown, lots=tuple(lots))


def _numbers(
    compiled: Compiled, plan: Plan, outcome: Outcome, named: tuple[str, int], *, key: Key, since: date | None
) -> Iterator[tuple[str, NumberResult]]:
    """A named number, or one for each of its cells, called ``name[cell]``."""
    name, node = named
    by = cells_of(compiled.program, name)
    for cells in cells_on(compiled.program, by, key[1]):
        place = (node, key_of(dict(zip(by, cells, strict=True)), compiled.builder.graph.dims[node]))
        yield labelled(name, cells), _number(plan, outcome, place, key, since)


def labelled(name: str, cells: Sequence[str]) -> str:
    """What the result of a cell is called."""
    return name + "".join(f"[{cell}]" for cell in cells)


def key_of(cells: Mapping[str, str], dims: Sequence[str]) -> str:
    """The key under which a node's result of some cells stands."""
    return BETWEEN.join(cells[name] for name in dims)


def cells_on(program: Program, by: Sequence[str], day: date) -> Iterator[tuple[str, ...]]:
    """Every combination of the cells of some columns that are listed on a day."""
    lists = []
    for name in by:
        items = program.tables[name].items
        listed = (item for item in items if (item.starts_on or date.min) <= day < (item.ends_on or date.max))
        lists.append(list(dict.fromkeys(str(item.value) for item in listed)))
    yield from product(*lists)


def _number(plan: Plan, outcome: Outcome, place: Place, key: Key, since: date | None) -> NumberResult:
    """A number of facts has no row where there are no facts: 0 for counts and sums, else undefined."""
    node = place[0]
    found = outcome.numbers.get(key, {}).get(place)
    if found is None:
        zero = is_zero_without_facts(plan.graph, node)
        found = NumberResult(Decimal(0), "known") if zero else NumberResult(None, "undefined")
    outside = {(node, key[1], None), (node, key[1], since)} & plan.incomplete
    return replace(found, state="incomplete") if outside else found


def tiers_of(compiled: Compiled, outcome: Outcome, name: str, key: Key) -> Iterator[tuple[str, TierStanding]]:
    """The tier on a ladder, or one for each of its cells, called ``name[cell]``."""
    ladder = compiled.program.ladders[name]
    for cells in cells_on(compiled.program, ladder.by, key[1]):
        yield labelled(name, cells), _tier(compiled, outcome, name, dict(zip(ladder.by, cells, strict=True)), key)


def _tier(compiled: Compiled, outcome: Outcome, name: str, cells: Mapping[str, str], key: Key) -> TierStanding:
    tiers = compiled.program.ladders[name].tiers
    graph = compiled.builder.graph
    number = graph.ladders[name]
    found = outcome.tiers[key][number, key_of(cells, graph.dims[number])]
    held = found.ordinal
    answers = outcome.answers.get(key, {})

    def answer(node: int) -> Answer:
        return answers[node, key_of(cells, graph.dims[node])]

    return TierStanding(
        ladder=name,
        tier=_id(tiers, held),
        earned=_id(tiers, found.earned),
        next_tier=_id(tiers, held + 1) if held + 1 < len(tiers) else None,
        since=found.since,
        hold_until=found.hold,
        is_incomplete=found.possible > (found.earned if found.since else max(found.earned, held)),
        rows={tier.id: tuple(tree_rows(compiled.trees[name][tier.id], tier.id, answer)) for tier in tiers},
    )


def _id(tiers: Sequence[Tier], ordinal: int) -> str | None:
    return None if ordinal < 0 else tiers[ordinal].id


def plain(value: object) -> Decimal | None:
    """A carried quantity without the zeros that only carry."""
    if value is None:
        return None
    number = value if isinstance(value, Decimal) else Decimal(str(value))
    whole = number.to_integral_value()
    return whole.quantize(Decimal(1)) if whole == number else number.normalize()


def whole(value: object) -> int:
    """A whole number as the backends give it."""
    if not isinstance(value, int | Decimal):
        raise TypeError(value)
    return int(value)


def _day(value: object) -> date | None:
    return value if isinstance(value, date) else None


def _asked_day(value: object) -> date:
    if not isinstance(value, date):
        raise TypeError(value)
    return value
