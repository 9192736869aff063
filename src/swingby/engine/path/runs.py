"""Runs of the engine over copies of the partner: the plan is made once, and carried out as often as somebody asks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlglot import exp

from swingby.engine.assessing import ASKED, Compiled, Outcome, fetch_outcome, fetches, planned
from swingby.engine.assessment import coverage_test
from swingby.engine.compiling import Plan
from swingby.engine.nodes import LadderNode
from swingby.engine.path.worlds import Copies
from swingby.engine.plans import Made
from swingby.engine.probing import probed
from swingby.engine.scope import CHOSEN, chosen_rows
from swingby.engine.setting import Begun, Setting
from swingby.engine.sql import Column, DuckDB, Parameters, statement

_ENROLMENTS = (Column("enrolment", "text"),)
_IN_FULL = "r.e IN (SELECT s.e FROM scope AS s JOIN in_full AS f ON f.enrolment = s.enrolment)"
_UNDECIDED = "SELECT DISTINCT s.enrolment FROM {walk} AS w JOIN scope AS s ON s.e = w.e WHERE w.undecided = 1"


@dataclass(frozen=True, slots=True)
class Run:
    """What one run said, the number of each copy, and those that a day of grace may keep where reviews demote them."""

    plan: Plan
    outcome: Outcome
    numbers: Mapping[str, int]
    undecided: frozenset[str]


@dataclass(frozen=True, slots=True)
class Questions:
    """What runs ask: nodes by day, and those whose results are fetched of every copy; the rest only of some."""

    by_day: Mapping[date, frozenset[int]]
    of_all: frozenset[int]

    @property
    def nodes(self) -> frozenset[int]:
        """Every node that is asked on some day."""
        return frozenset().union(*self.by_day.values())


class Runs:
    """One plan over copies, without days of grace or with them, made when it is first run on what the copies hold then.

    What they hold later may be less, no more: the days of facts are part of a plan.
    """

    def __init__(
        self,
        compiled: Compiled,
        copies: Copies,
        questions: Questions,
        begun: Mapping[str, Mapping[str, Begun]] | None,
    ) -> None:
        self.compiled, self.copies, self.questions, self.begun = compiled, copies, questions, begun
        self._carried: dict[bool, _Carried] = {}

    @property
    def walks(self) -> bool:
        """True where runs walk ladders, from where the partner stands already."""
        return self.begun is not None

    def _setting(self, *, grace: bool) -> Setting:
        setting = Setting(
            asked=tuple(sorted(self.questions.by_day)),
            restricted=False,
            incomplete=coverage_test(self.copies.coverage),
            chosen=(),
            grace=grace,
            questions=self.questions.by_day,
        )
        setting = probed(self.compiled, self.copies, setting, self.copies.latest_position)
        return replace(setting, replay=self.walks, begun=self.begun or {})

    def run(self, names: Sequence[str], in_full: Sequence[str], *, grace: bool = False) -> Run:
        """Run the engine on what the copies hold now: ``names`` are their enrolments, some of which are fetched in full."""
        if grace not in self._carried:
            made = planned(self.compiled, self._setting(grace=grace))
            self._carried[grace] = _Carried(made, self.questions, DuckDB(self.copies.connection.cursor()))
        return self._carried[grace].run(names, in_full, self.copies.latest_position)

    def close(self) -> None:
        """End the sessions."""
        for each in self._carried.values():
            each.connection.close()


def _fetches(plan: Plan, questions: Questions) -> Iterator[exp.Expr]:
    """What is fetched of all copies, and the rest of those in full."""
    yield from fetches(plan, questions.of_all)
    whose = statement(_IN_FULL)
    for query in fetches(plan, questions.nodes - questions.of_all):
        yield query.where(whose, copy=False)  # type: ignore[attr-defined]


class _Carried:
    """A plan on a connection, with what stays the same from run to run."""

    def __init__(self, made: Made, questions: Questions, connection: DuckDB) -> None:
        self.made, self.plan, self.connection = made, made.plan, connection
        self._fetches = made.results((questions.of_all, questions.nodes), lambda: _fetches(self.plan, questions))
        made.show(connection)
        connection.store("asked", ASKED, [(day,) for day in self.plan.setting.asked])

    def run(self, names: Sequence[str], in_full: Sequence[str], known_at: int) -> Run:
        asked, connection = self.plan.setting.asked, self.connection
        parameters: Parameters = {"known_at": known_at, "first_day": asked[0], "last_day": asked[-1]}
        connection.store(CHOSEN, _ENROLMENTS, chosen_rows(names))
        connection.store("in_full", _ENROLMENTS, chosen_rows(in_full))
        self.made.carry_out(connection, parameters)
        outcome = fetch_outcome(connection, self.plan, self._fetches)
        numbers = {who.enrolment: e for e, who in outcome.scope.items()}
        return Run(self.plan, outcome, numbers, self._undecided())

    def _undecided(self) -> frozenset[str]:
        places = self.plan.places_of(LadderNode)
        rows = [row for name in places for row in self.connection.rows(statement(_UNDECIDED, walk=name))]
        return frozenset(str(name) for (name,) in rows)
