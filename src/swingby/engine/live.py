"""One partner's standing at once, or those of a few, on PostgreSQL: the whole plan as a single prepared statement."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from threading import Lock
from typing import TYPE_CHECKING, Any

from sqlglot import exp

from swingby.engine.assessing import (
    Compiled,
    Enrolled,
    Outcome,
    compile_program,
    fetches,
    plan_for,
    read_row,
    standings,
)
from swingby.engine.clock import Clock
from swingby.engine.compiling import Plan
from swingby.engine.narrowing import by_keys, for_many
from swingby.engine.nodes import AccountNode, AssignNode, EntriesNode, LadderNode, RankNode
from swingby.engine.personal import is_personal
from swingby.engine.place import not_computed
from swingby.engine.plan import DataStep, QueryStep, Step, union_all
from swingby.engine.setting import Setting
from swingby.engine.sql import Column, Prepared, prepare, statement, values
from swingby.engine.sql.on_postgres import on_postgres
from swingby.engine.standing import Standing, TierStanding
from swingby.program import Program
from swingby.program.model import Ladder

if TYPE_CHECKING:
    import psycopg

Incomplete = Callable[[str, date, date], bool]


class LiveEngine:
    """Assesses one enrolment on PostgreSQL; statements are made once per program and day.

    The tier held on a ladder with clocks comes from the caller, who stored it at the last review; what is earned,
    every number and every requirement is computed.
    """

    def __init__(self, program: Program, *, incomplete: Incomplete | None = None) -> None:
        self.compiled: Compiled = compile_program(program)
        self._incomplete = incomplete or _never
        self._prepared: dict[tuple[date, bool], tuple[Plan, Prepared]] = {}
        # Threads that need the same statement wait for the first, whatever day the others ask for.
        self._making = Lock()
        self._refuse_what_needs_more()

    def assess(
        self,
        connection: psycopg.Connection[Any],
        *,
        owner_org: str,
        enrolment: str,
        organizations: Sequence[str],
        as_of: date,
        known_at: int,
        held: Mapping[str, str | None] | None = None,
    ) -> Standing | None:
        """The standing of one enrolment; None when it is not enrolled on the day.

        Parameters
        ----------
        organizations
            The partner's organization and those whose facts count for it.
        known_at
            The ledger position up to which facts are known.
        held
            By ladder, the tier held since the last review; ladders that follow the day need none.
        """
        plan, text = self._statement(as_of)
        parameters: dict[str, Any] = {
            "owner_org": owner_org,
            "enrolment": enrolment,
            "organizations": list(organizations),
            "known_at": known_at,
            "first_day": as_of,
            "last_day": as_of,
        }
        outcome = Outcome(scope={1: Enrolled(enrolment, None, None, None)})
        with _without_nested_loops(connection):
            for row in on_postgres(connection).rows(text, parameters):
                read_row(plan, outcome, row)
        found = standings(self.compiled, plan, outcome) if outcome.tiers or outcome.numbers else []
        return with_held(self.compiled.program, found[0], held or {}) if found else None

    def assess_many(
        self,
        connection: psycopg.Connection[Any],
        *,
        owner_org: str,
        partners: Mapping[str, Sequence[str]],
        as_of: date,
        known_at: int,
        held: Mapping[str, Mapping[str, str | None]] | None = None,
    ) -> dict[str, Standing]:
        """The standings of several enrolments in one statement, by enrolment; who is not enrolled on the day is left out.

        Most of what one standing takes is spent once for all of them.

        Parameters
        ----------
        partners
            By enrolment, the partner's organization and those whose facts count for it.
        known_at
            As for `assess`.
        held
            By enrolment what `assess` takes.
        """
        plan, text = self._statement(as_of, many=True)
        reaching = [(organization, key) for key, own in partners.items() for organization in own]
        parameters: dict[str, Any] = {
            "owner_org": owner_org,
            "enrolments": list(partners),
            "organizations": [organization for organization, _ in reaching],
            "reaching": [key for _, key in reaching],
            "known_at": known_at,
            "first_day": as_of,
            "last_day": as_of,
        }
        outcome = Outcome()
        with _without_nested_loops(connection):
            for row in on_postgres(connection).rows(text, parameters):
                _read_many(plan, outcome, row)
        found = standings(self.compiled, plan, outcome) if outcome.tiers or outcome.numbers else []
        tiers = held or {}
        return {one.enrolment: with_held(self.compiled.program, one, tiers.get(one.enrolment, {})) for one in found}

    def _refuse_what_needs_more(self) -> None:
        """One statement for everybody cannot look at the days of facts, at other partners, or at past reviews."""
        graph, clock = self.compiled.builder.graph, Clock(self.compiled.program)
        for node in graph.nodes:
            read = {type(graph.nodes[item.node]) for item in node.inputs} if not isinstance(node, LadderNode) else set()
            if LadderNode in read:
                not_computed("a rule that reads a tier, live", self.compiled.program)
            if isinstance(node, RankNode | AccountNode | AssignNode) or is_personal(clock, node):
                not_computed("a rule that looks beyond one partner's day, live", self.compiled.program)
            if isinstance(node, EntriesNode) and (
                node.needs or node.closing or node.gate or node.earning.awarded or node.earning.dated
            ):
                not_computed("an earning that reads other rules on the days of its facts, live", node.earning)

    def prepare(self, day: date, *, many: bool = False) -> None:
        """Make the statement of a day now, for one enrolment or for several; the first assessment makes it otherwise."""
        self._statement(day, many=many)

    def _statement(self, day: date, *, many: bool = False) -> tuple[Plan, Prepared]:
        """Of the last day that was asked only: the next day begins anew."""
        with self._making:
            if (day, many) not in self._prepared:
                kept = {key: made for key, made in self._prepared.items() if key[0] == day}
                self._prepared = {**kept, (day, many): self._made(day, many=many)}
            return self._prepared[day, many]

    def _made(self, day: date, *, many: bool) -> tuple[Plan, Prepared]:
        setting = Setting(asked=(day,), restricted=True, incomplete=self._incomplete, replay=False)
        plan = plan_for(self.compiled, setting)
        text = one_statement(for_many(plan) if many else plan, day, who=many)
        return plan, prepare(text, "postgres")


def with_held(program: Program, standing: Standing, held: Mapping[str, str | None]) -> Standing:
    """A standing with the tiers that are held on some ladders since their last review, whatever is earned meanwhile."""
    tiers = {
        name: _hold(program.ladders[tier.ladder], tier, held[name]) if name in held else tier
        for name, tier in standing.tiers.items()
    }
    return replace(standing, tiers=tiers)


def _hold(ladder: Ladder, tier: TierStanding, held: str | None) -> TierStanding:
    names = [item.id for item in ladder.tiers]
    place = names.index(held) if held in names else -1
    return replace(tier, tier=held, next_tier=names[place + 1] if place + 1 < len(names) else None)


def _never(_: str, __: date, ___: date) -> bool:
    return False


_FOR_ONE_PLAN = """
SET LOCAL enable_nestloop = off;
SET LOCAL jit = off;
SET LOCAL plan_cache_mode = force_generic_plan
"""


@contextmanager
def _without_nested_loops(connection: psycopg.Connection[Any]) -> Iterator[None]:
    """The planner knows nothing of how many rows a step leaves, and a nested loop over two of them takes minutes.

    Compiling a statement of hundreds of steps takes longer than running it, and so does planning it for each partner: a
    connection keeps one plan for all values.
    """
    with connection.transaction():
        connection.execute(_FOR_ONE_PLAN)
        yield
        connection.execute("SET LOCAL enable_nestloop = on; SET LOCAL plan_cache_mode = auto")


WHO = """
SELECT 'who' AS family, 0 AS node, s.e, a.d, '' AS k, quantity(NULL) AS value, quantity(NULL) AS line, quantity(NULL) AS gap,
       0 AS result, CAST(NULL AS DATE) AS since, CAST(NULL AS DATE) AS hold, s.enrolment AS word
FROM scope AS s CROSS JOIN asked AS a
"""


def _read_many(plan: Plan, outcome: Outcome, row: Sequence[Any]) -> None:
    if row[0] == "who":
        outcome.scope[int(row[2])] = Enrolled(str(row[-1]), None, None, None)
    else:
        read_row(plan, outcome, row)


def one_statement(plan: Plan, day: date, *, who: bool = False) -> exp.Expr:
    """All steps of a plan as one query; the rows carry their family (number, answer, tier, word) in front.

    With ``who`` there is a family more, which says whose the numbers of partners are.
    """
    asked = DataStep("asked", (Column("d", "day"),), ((day,),))
    parts = [*fetches(plan), *([statement(WHO)] if who else [])]
    found, written = union_all(parts).unnest(), {step.name: step for step in plan.steps if isinstance(step, DataStep)}
    for step in (*(by_keys(step, written) for step in plan.steps), asked):
        found = found.with_(step.name, as_=_relation(step), copy=False)  # type: ignore[attr-defined]
    return found


def _relation(step: Step) -> exp.Expr:
    if isinstance(step, QueryStep):
        return step.query
    if isinstance(step, DataStep):
        return exp.select("*").from_(values("written_rows", step.columns, step.rows))  # type: ignore[arg-type]
    raise TypeError(f"{step.name}: an array step cannot be part of one statement")
