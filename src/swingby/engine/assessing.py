"""One run: a program version over facts, as of days, as known at a position."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from swingby.engine.building import Builder, build
from swingby.engine.compiling import Plan, make_plan
from swingby.engine.plan import ArrayStep, DataStep, QueryStep, Setting, Step, union_all
from swingby.engine.sql import Connection, Parameters, statement
from swingby.engine.standing import NumberResult, Standing, State, TierStanding
from swingby.engine.trees import RESULTS, Answer, Branch, tier_trees, tree_rows
from swingby.program import Program

_STATES: Mapping[int, State] = {0: "known", 1: "undefined", 2: "incomplete"}
Key = tuple[int, date]


@dataclass(slots=True)
class Outcome:
    """Rows of one run by partner number and day, before they are put into words."""

    scope: dict[int, tuple[str, date | None, date | None]] = field(default_factory=dict)
    numbers: dict[Key, dict[int, NumberResult]] = field(default_factory=dict)
    answers: dict[Key, dict[int, Answer]] = field(default_factory=dict)
    tiers: dict[Key, dict[int, tuple[object, ...]]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Compiled:
    """A program ready to be run: its builder and the requirement trees of its ladders."""

    program: Program
    builder: Builder
    trees: Mapping[str, Mapping[str, Branch | None]]


def compile_program(program: Program) -> Compiled:
    """Turn a program into nodes and trees, once for many runs.

    Raises
    ------
    SwingbyError
        ``not-computed``, with the place, for what this version loads but cannot compute.
    """
    builder = build(program)
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
        outcome.scope[_whole(e)] = (str(enrolment), _day(joined), _day(ended))
    _fetch_numbers(connection, plan, outcome)
    _fetch_answers(connection, plan, outcome)
    _fetch_tiers(connection, plan, outcome)
    return outcome


from swingby.engine.sql import Column  # noqa: E402

_ASKED = (Column("d", "day"),)
_SCOPE_ROWS = "SELECT e, enrolment, joined_on, ended_on FROM scope ORDER BY e"
_ASKED_ROWS = "SELECT {columns} FROM {rows} AS r JOIN asked AS a ON a.d = r.d"


def _fetch_numbers(connection: Connection, plan: Plan, outcome: Outcome) -> None:
    for name in plan.places_of(numbers=True):
        query = statement("SELECT r.node, r.e, r.d, r.value, r.state FROM {rows} AS r JOIN asked AS a ON a.d = r.d", rows=name)
        for node, e, day, value, state in connection.rows(query):
            found = NumberResult(None if state == 1 else plain(value), _STATES[_whole(state)])
            outcome.numbers.setdefault((_whole(e), _asked_day(day)), {})[_whole(node)] = found


def _fetch_answers(connection: Connection, plan: Plan, outcome: Outcome) -> None:
    for name in plan.places_of(numbers=False):
        query = statement(
            "SELECT r.node, r.e, r.d, r.value, r.line, r.gap, r.result FROM {rows} AS r JOIN asked AS a ON a.d = r.d",
            rows=name,
        )
        for node, e, day, value, line, gap, result in connection.rows(query):
            answer = Answer(plain(value), plain(line), plain(gap), _whole(result))
            outcome.answers.setdefault((_whole(e), _asked_day(day)), {})[_whole(node)] = answer


def _fetch_tiers(connection: Connection, plan: Plan, outcome: Outcome) -> None:
    names = sorted({plan.places[number] for number in plan.graph.ladders.values()})
    if not names:
        return
    parts = union_all([statement(f"SELECT {_HELD} FROM {{step}}", step=name) for name in names])
    query = statement("SELECT r.* FROM {rows} AS r JOIN asked AS a ON a.d = r.d", rows=parts)
    for node, e, day, *rest in connection.rows(query):
        outcome.tiers.setdefault((_whole(e), _asked_day(day)), {})[_whole(node)] = tuple(rest)


_HELD = "node, e, d, ordinal, possible, earned, since, hold"


def standings(compiled: Compiled, plan: Plan, outcome: Outcome) -> list[Standing]:
    """The standings of every partner that was enrolled on an asked day, in order of day and enrolment."""
    found = []
    for day in plan.setting.asked:
        for e, (enrolment, joined, ended) in outcome.scope.items():
            if (joined is None or joined <= day) and (ended is None or ended > day):
                found.append(_standing(compiled, outcome, enrolment, (e, day)))
    return found


def _standing(compiled: Compiled, outcome: Outcome, enrolment: str, key: Key) -> Standing:
    graph = compiled.builder.graph
    numbers, answers = outcome.numbers.get(key, {}), outcome.answers.get(key, {})
    zero = NumberResult(Decimal(0), "known")
    return Standing(
        enrolment=enrolment,
        as_of=key[1],
        tiers={name: _tier(compiled, outcome, name, key) for name in compiled.program.ladders},
        numbers={name: numbers.get(item.node) or _absent(compiled, item.node, zero) for name, item in graph.numbers.items()},
        requirements={name: RESULTS[answers[item.node].result] for name, item in graph.requirements.items()},
    )


def _absent(compiled: Compiled, node: int, zero: NumberResult) -> NumberResult:
    """A number of facts has no row where there are no facts: 0 for counts and sums, else undefined."""
    from swingby.engine.steps.reading import is_zero_without_facts

    return zero if is_zero_without_facts(compiled.builder.graph, node) else NumberResult(None, "undefined")


def _tier(compiled: Compiled, outcome: Outcome, name: str, key: Key) -> TierStanding:
    tiers = compiled.program.ladders[name].tiers
    number = compiled.builder.graph.ladders[name]
    ordinal, possible, earned, since, hold = outcome.tiers[key][number]
    held = _whole(ordinal)
    answers = outcome.answers.get(key, {})
    return TierStanding(
        ladder=name,
        tier=_id(tiers, held),
        earned=_id(tiers, _whole(earned)),
        next_tier=_id(tiers, held + 1) if held + 1 < len(tiers) else None,
        since=_day(since),
        hold_until=_day(hold),
        is_incomplete=_whole(possible) > max(_whole(earned), held),
        rows={tier.id: tuple(tree_rows(compiled.trees[name][tier.id], tier.id, answers)) for tier in tiers},
    )


def _id(tiers: Sequence[object], ordinal: int) -> str | None:
    return None if ordinal < 0 else tiers[ordinal].id  # type: ignore[attr-defined, no-any-return]


def plain(value: object) -> Decimal | None:
    """A carried quantity without the zeros that only carry."""
    if value is None:
        return None
    number = value if isinstance(value, Decimal) else Decimal(str(value))
    whole = number.to_integral_value()
    return whole.quantize(Decimal(1)) if whole == number else number.normalize()


def _whole(value: object) -> int:
    if not isinstance(value, int | Decimal):
        raise TypeError(value)
    return int(value)


def _day(value: object) -> date | None:
    return value if isinstance(value, date) else None


def _asked_day(value: object) -> date:
    if not isinstance(value, date):
        raise TypeError(value)
    return value
