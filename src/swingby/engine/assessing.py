"""One run: a program version over facts, as of days, as known at a position."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from swingby.engine.building import Builder, build
from swingby.engine.compiling import Plan, make_plan
from swingby.engine.plan import ArrayStep, DataStep, QueryStep, Setting, Step
from swingby.engine.sql import Column, Connection, Parameters, statement
from swingby.engine.standing import NumberResult, Standing, State, TierStanding
from swingby.engine.steps.reading import is_zero_without_facts
from swingby.engine.trees import RESULTS, Answer, Branch, tier_trees, tree_rows
from swingby.program import Program
from swingby.program.blocks import Value
from swingby.program.model import Tier

_STATES: Mapping[int, State] = {0: "known", 1: "undefined", 2: "incomplete"}
_UNDEFINED = 1
Key = tuple[int, date]


@dataclass(frozen=True, slots=True)
class Held:
    """A tier held, as places on the ladder (-1 for none), with its dates where the ladder has clocks."""

    ordinal: int
    possible: int
    earned: int
    since: date | None = None
    hold: date | None = None


@dataclass(slots=True)
class Outcome:
    """Rows of one run by partner number and day, before they are put into words."""

    scope: dict[int, tuple[str, date | None, date | None]] = field(default_factory=dict)
    numbers: dict[Key, dict[int, NumberResult]] = field(default_factory=dict)
    answers: dict[Key, dict[int, Answer]] = field(default_factory=dict)
    tiers: dict[Key, dict[int, Held]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Compiled:
    """A program ready to be run: its builder and the requirement trees of its ladders."""

    program: Program
    builder: Builder
    trees: Mapping[str, Mapping[str, Branch | None]]


def compile_program(program: Program, *, given: Mapping[str, Value] | None = None) -> Compiled:
    """Turn a program into nodes and trees, once for many runs; ``given`` sets numbers by hand, for scenarios.

    Raises
    ------
    SwingbyError
        ``not-computed``, with the place, for what this version loads but cannot compute.
    """
    builder = build(program, given)
    trees = {name: tier_trees(builder, ladder) for name, ladder in program.ladders.items()}
    return Compiled(program, builder, trees)


def plan_for(compiled: Compiled, setting: Setting) -> Plan:
    """The plan of a compiled program for asked days."""
    return make_plan(compiled.program, setting, compiled.builder.graph)


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
    tables = {name: connection.rows(query, parameters) for name, query in step.reads.items()}
    connection.store(step.name, step.columns, step.compute(tables))  # type: ignore[arg-type]


def run_plan(connection: Connection, plan: Plan, known_at: int) -> Outcome:
    """Run a plan on a connection that has the fact and reference tables, and fetch its results."""
    asked = plan.setting.asked
    parameters: Parameters = {"known_at": known_at, "first_day": asked[0], "last_day": asked[-1]}
    run_steps(connection, plan.steps, parameters)
    connection.store("asked", _ASKED, [(day,) for day in asked])
    outcome = Outcome()
    for e, enrolment, joined, ended in connection.rows(statement(_SCOPE_ROWS)):
        outcome.scope[whole(e)] = (str(enrolment), _day(joined), _day(ended))
    _fetch(connection, plan, outcome)
    return outcome


_ASKED = (Column("d", "day"),)
_SCOPE_ROWS = "SELECT e, enrolment, joined_on, ended_on FROM scope ORDER BY e"
_NUMBERS = """
SELECT 'number' AS family, r.node, r.e, r.d, r.value, NULL AS line, NULL AS gap, r.state
FROM {rows} AS r JOIN asked AS a ON a.d = r.d
"""
_ANSWERS = """
SELECT 'answer' AS family, r.node, r.e, r.d, r.value, r.line, r.gap, r.result
FROM {rows} AS r JOIN asked AS a ON a.d = r.d
"""
_TIERS = """
SELECT 'tier' AS family, r.node, r.e, r.d, r.ordinal, r.possible, r.earned, 0 AS nothing, r.since, r.hold
FROM {rows} AS r JOIN asked AS a ON a.d = r.d
"""


def _fetch(connection: Connection, plan: Plan, outcome: Outcome) -> None:
    for name in plan.places_of(numbers=True):
        _read(connection, outcome, _NUMBERS, name)
    for name in plan.places_of(numbers=False):
        _read(connection, outcome, _ANSWERS, name)
    for name in sorted({plan.places[number] for number in plan.graph.ladders.values()}):
        _read(connection, outcome, _TIERS, name)


def _read(connection: Connection, outcome: Outcome, text: str, name: str) -> None:
    for row in connection.rows(statement(text, rows=name)):
        read_row(outcome, row)


def read_row(outcome: Outcome, row: Sequence[object]) -> None:
    """Sort one fetched row, (family, node, e, d, …), into the outcome."""
    family, node, e, day, *rest = row
    key, number = (whole(e), _asked_day(day)), whole(node)
    if family == "number":
        value, _, _, state = rest[:4]
        known = None if whole(state) == _UNDEFINED else plain(value)
        outcome.numbers.setdefault(key, {})[number] = NumberResult(known, _STATES[whole(state)])
    elif family == "answer":
        value, line, gap, result = rest[:4]
        outcome.answers.setdefault(key, {})[number] = Answer(plain(value), plain(line), plain(gap), whole(result))
    else:
        outcome.tiers.setdefault(key, {})[number] = _held(rest)


def _held(cells: Sequence[object]) -> Held:
    ordinal, possible, earned, _, *dates = cells
    since, hold = (_day(item) for item in dates) if dates else (None, None)
    return Held(whole(ordinal), whole(possible), whole(earned), since, hold)


def standings(compiled: Compiled, plan: Plan, outcome: Outcome) -> list[Standing]:
    """The standings of every partner that was enrolled on an asked day, in order of day and enrolment."""
    found = []
    for day in plan.setting.asked:
        for e, (enrolment, joined, ended) in outcome.scope.items():
            if (joined is None or joined <= day) and (ended is None or ended > day):
                found.append(_standing(compiled, plan, outcome, enrolment, (e, day)))
    return found


def _standing(compiled: Compiled, plan: Plan, outcome: Outcome, enrolment: str, key: Key) -> Standing:
    graph = compiled.builder.graph
    answers = outcome.answers.get(key, {})
    return Standing(
        enrolment=enrolment,
        as_of=key[1],
        tiers={name: _tier(compiled, outcome, name, key) for name in compiled.program.ladders},
        numbers={name: _number(plan, outcome, item.node, key) for name, item in graph.numbers.items()},
        requirements={name: RESULTS[answers[item.node].result] for name, item in graph.requirements.items()},
    )


def _number(plan: Plan, outcome: Outcome, node: int, key: Key) -> NumberResult:
    """A number of facts has no row where there are no facts: 0 for counts and sums, else undefined."""
    found = outcome.numbers.get(key, {}).get(node)
    if found is None:
        zero = is_zero_without_facts(plan.graph, node)
        found = NumberResult(Decimal(0), "known") if zero else NumberResult(None, "undefined")
    return replace(found, state="incomplete") if (node, key[1]) in plan.incomplete else found


def _tier(compiled: Compiled, outcome: Outcome, name: str, key: Key) -> TierStanding:
    tiers = compiled.program.ladders[name].tiers
    number = compiled.builder.graph.ladders[name]
    found = outcome.tiers[key][number]
    held = found.ordinal
    answers = outcome.answers.get(key, {})
    return TierStanding(
        ladder=name,
        tier=_id(tiers, held),
        earned=_id(tiers, found.earned),
        next_tier=_id(tiers, held + 1) if held + 1 < len(tiers) else None,
        since=found.since,
        hold_until=found.hold,
        is_incomplete=found.possible > max(found.earned, held),
        rows={tier.id: tuple(tree_rows(compiled.trees[name][tier.id], tier.id, answers)) for tier in tiers},
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
