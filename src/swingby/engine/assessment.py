"""The façade of a run: assess a program over facts and ask what came out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Protocol

from swingby.engine.assessing import Compiled, compile_program, plan_for, planned, run_plan, standings
from swingby.engine.behind import LineItems, line_items
from swingby.engine.clock import Clock
from swingby.engine.compiling import Plan
from swingby.engine.history import History, history_query, kept_rows
from swingby.engine.nodes import LadderNode, RankNode
from swingby.engine.probing import probed
from swingby.engine.setting import Setting
from swingby.engine.sql import Connection, DuckDB, statement
from swingby.engine.standing import HistoryLine, Standing
from swingby.engine.upcoming import NextReviews, next_reviews
from swingby.errors import SwingbyError
from swingby.program import Program

if TYPE_CHECKING:
    import duckdb


class Covered(Protocol):
    """What a source of a kind is complete for: from a day up to a day (first one no longer); None is open."""

    @property
    def kind(self) -> str:
        """The fact kind."""
        ...

    @property
    def source(self) -> str:
        """Where the facts come from; the spans of one source add up."""
        ...

    @property
    def complete_from(self) -> date | None:
        """The first complete day."""
        ...

    @property
    def complete_to(self) -> date | None:
        """The first day that is no longer complete."""
        ...


class FactSource(Protocol):
    """Facts that a run can read: relations ``fact_<kind>`` and ``ref_<table>`` in a DuckDB database."""

    @property
    def connection(self) -> duckdb.DuckDBPyConnection:
        """The database; a run works in a session of its own on it."""
        ...

    @property
    def latest_position(self) -> int:
        """The ledger position of the last batch."""
        ...

    @property
    def coverage(self) -> Sequence[Covered]:
        """What the sources are complete for; a kind that is not named is complete."""
        ...

    def position_at(self, moment: date) -> int:
        """The last position that was recorded by the end of a day."""
        ...


def coverage_test(coverage: Sequence[Covered]) -> Callable[[str, date, date], bool]:
    """A test whether some source of a kind does not cover the days [start, end)."""
    sources: defaultdict[str, defaultdict[str, list[tuple[date, date]]]] = defaultdict(lambda: defaultdict(list))
    for row in coverage:
        sources[row.kind][row.source].append((row.complete_from or date.min, row.complete_to or date.max))

    def is_incomplete(kind: str, start: date, end: date) -> bool:
        return any(not _cover(spans, start, end) for spans in sources.get(kind, {}).values())

    return is_incomplete


def _cover(spans: Sequence[tuple[date, date]], start: date, end: date) -> bool:
    """Whether spans, perhaps several that follow each other, hold every day of [start, end)."""
    reached = start
    for first, until in sorted(spans):
        if first <= reached:
            reached = max(reached, until)
    return reached >= end


_JOINED = "SELECT s.since FROM scope AS s WHERE s.enrolment = :enrolment"


@dataclass(frozen=True, slots=True)
class Assessment:
    """What one run said. The session stays open for histories until `close`."""

    program: Program
    as_of: tuple[date, ...]
    known_at: int
    plan: Plan
    connection: Connection
    by_key: Mapping[tuple[str, date], Standing]
    #: The run again, with the days of grace, of those to whom they matter.
    again: Mapping[str, Assessment] = field(default_factory=dict)

    def __iter__(self) -> Iterator[Standing]:
        return iter(self.by_key.values())

    def __len__(self) -> int:
        return len(self.by_key)

    def standing(self, enrolment: str, day: date | None = None) -> Standing:
        """The standing of one enrolment on a day (the last asked one by default).

        Raises
        ------
        SwingbyError
            ``partner-unknown`` when it was not enrolled on the day.
        """
        found = self.by_key.get((enrolment, day or self.as_of[-1]))
        if found is None:
            raise SwingbyError(
                code="partner-unknown",
                message=f"{enrolment} was not enrolled on {day or self.as_of[-1]}.",
                hint="Check the name against the enrolments.",
            )
        return found

    def history(self, enrolment: str, number: str, day: date | None = None) -> tuple[HistoryLine, ...]:
        """The line items behind a score or points; they add up to it exactly."""
        chosen = day or self.as_of[-1]
        self.standing(enrolment, chosen)
        run = self.again.get(enrolment, self)
        rows = run.connection.rows(history_query(run.plan), {"enrolment": enrolment, "day": chosen})
        return History(run.plan, Clock(self.program), kept_rows(rows), chosen).lines(number)

    def line_items(self, enrolment: str) -> LineItems:
        """The lines and facts behind all numbers of one enrolment; facts only where the run was to keep them.

        Raises
        ------
        SwingbyError
            ``partner-unknown`` when it was not enrolled on the last asked day.
        """
        self.standing(enrolment)
        run = self.again.get(enrolment, self)
        return line_items(run.plan, run.connection, enrolment=enrolment)

    def next_reviews(self, enrolment: str, day: date | None = None) -> Mapping[str, NextReviews]:
        """When the tiers of one enrolment are looked at next, by ladder; see `next_reviews`."""
        standing, joined = self.standing(enrolment, day), self.joined_on(enrolment)
        return next_reviews(self.program, standing, joined_on=joined, holidays=self.plan.setting.holidays)

    def joined_on(self, enrolment: str) -> date | None:
        """When an enrolment joined, where that is known."""
        rows = self.connection.rows(statement(_JOINED), {"enrolment": enrolment})
        return next((on for (on,) in rows if isinstance(on, date)), None)

    def histories(self, number: str, day: date | None = None) -> Mapping[str, tuple[HistoryLine, ...]]:
        """The histories of everybody at once, by enrolment."""
        chosen = day or self.as_of[-1]
        names = [name for name, asked in self.by_key if asked == chosen]
        found = _lines_of(self, [name for name in names if name not in self.again], number, chosen)
        for run in {id(run): run for run in self.again.values()}.values():
            found |= _lines_of(run, [name for name in names if name in self.again], number, chosen)
        return {name: found[name] for name in names}

    def close(self) -> None:
        """End the session."""
        self.connection.close()
        for run in self.again.values():
            run.connection.close()


def _lines_of(run: Assessment, names: Sequence[str], number: str, day: date) -> dict[str, tuple[HistoryLine, ...]]:
    by_enrolment: defaultdict[str, list[tuple[object, ...]]] = defaultdict(list)
    for row in run.connection.rows(history_query(run.plan, everybody=True), {"day": day}):
        by_enrolment[str(row[0])].append(row)
    clock = Clock(run.program)
    return {name: History(run.plan, clock, kept_rows(by_enrolment[name]), day).lines(number) for name in names}


def assess(
    program: Program | Compiled,
    facts: FactSource,
    *,
    as_of: date | Sequence[date],
    known_at: int | None = None,
    enrolments: Sequence[str] | None = None,
    decided_until: date | None = None,
    keep_facts: bool = False,
) -> Assessment:
    """Where every enrolled partner stands on one or several days.

    Parameters
    ----------
    program
        One version of the rules, perhaps already compiled.
    facts
        What happened, with its enrolments.
    known_at
        The ledger position up to which facts are known; the latest by default.
    enrolments
        Only these; all by default.
    decided_until
        The last day whose reviews have decided; all by default.
    keep_facts
        True to keep which facts counted for each number, so that `LineItems.facts` can be asked.

    Raises
    ------
    SwingbyError
        ``not-computed`` for a construct that this version does not compute.
    """
    compiled = program if isinstance(program, Compiled) else compile_program(program)
    days = tuple(sorted({as_of} if isinstance(as_of, date) else set(as_of)))
    position = facts.latest_position if known_at is None else known_at
    chosen = None if enrolments is None else tuple(enrolments)
    setting = setting_of(compiled, facts, days, position, chosen=chosen)
    setting = replace(setting, decided_until=decided_until, keeps_facts=keep_facts)
    run = _run(compiled, facts, setting, position)
    if chosen is not None:
        run = replace(run, by_key={key: found for key, found in run.by_key.items() if key[0] in chosen})
    undecided = _undecided(run)
    if not undecided:
        return run
    setting = replace(setting, chosen=None if setting.everybody else undecided, grace=True)
    second = _run(compiled, facts, setting, position)
    decided = {key: standing for key, standing in second.by_key.items() if key[0] in undecided and key in run.by_key}
    return replace(run, by_key={**run.by_key, **decided}, again=dict.fromkeys(undecided, second))


def ranks_partners(compiled: Compiled) -> bool:
    """Whether a rule compares partners, so that nobody can be assessed without all the others."""
    return any(compiled.builder.graph.of(RankNode))


def setting_of(
    compiled: Compiled,
    facts: FactSource,
    days: tuple[date, ...],
    known_at: int,
    *,
    chosen: tuple[str, ...] | None = None,
) -> Setting:
    """What the plan of a first pass is made for; days of grace are many and matter to few, so that it leaves them out.

    Those whom they matter to are assessed again by themselves, which cannot be done where partners are ranked.
    """
    graph = compiled.builder.graph
    has_grace = any(review.grace for _, node in graph.of(LadderNode) for review in node.ladder.demote)
    setting = Setting(
        asked=days,
        restricted=False,
        incomplete=coverage_test(facts.coverage),
        chosen=chosen,
        grace=not has_grace or ranks_partners(compiled),
    )
    return probed(compiled, facts, setting, known_at)


def _run(compiled: Compiled, facts: FactSource, setting: Setting, position: int) -> Assessment:
    """A plan for chosen partners is likely to be asked for again, about others."""
    made = plan_for(compiled, setting) if setting.chosen is None else planned(compiled, setting)
    plan = made if isinstance(made, Plan) else made.plan
    connection = DuckDB(facts.connection.cursor())
    outcome = run_plan(connection, made, position)
    found = {(standing.enrolment, standing.as_of): standing for standing in standings(compiled, plan, outcome)}
    return Assessment(compiled.program, setting.asked, position, plan, connection, found)


_UNDECIDED = "SELECT DISTINCT s.enrolment FROM {walk} AS w JOIN scope AS s ON s.e = w.e WHERE w.undecided = 1"


def _undecided(run: Assessment) -> tuple[str, ...]:
    """Those whom a review would demote unless a day of grace keeps them."""
    if run.plan.setting.grace:
        return ()
    walks = run.plan.places_of(LadderNode)
    rows = [row for name in walks for row in run.connection.rows(statement(_UNDECIDED, walk=name))]
    return tuple(sorted({str(name) for (name,) in rows}))
