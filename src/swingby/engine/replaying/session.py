"""The sides of a comparison, run once over all reviews; their results stay in the database and are asked there."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from sqlglot import exp

from swingby.engine.assessing import Compiled, cells_on, key_of, labelled, plan_for
from swingby.engine.assessment import FactSource, setting_of
from swingby.engine.bulk import branches, ladder_rows, results_union, run_forgetting, undecided
from swingby.engine.compiling import Plan
from swingby.engine.nodes import FactsNode, Input
from swingby.engine.probing import Asking
from swingby.engine.replaying.results import Knowledge, SideName
from swingby.engine.replaying.reviews import Look
from swingby.engine.setting import Setting, known_as_asked
from swingby.engine.sql import Column, DuckDB, Parameters, Value, prepare, statement
from swingby.engine.trees import Branch

Row = tuple[object, ...]

#: Under which node, day and key the tier held after a review stands, and the rank of each place on the ladder.
TIERS = (
    Column("review", "whole"),
    Column("ladder", "text"),
    Column("node", "whole"),
    Column("d", "day"),
    Column("k", "text"),
    Column("ordinal", "whole"),
    Column("rank", "whole"),
)
#: The same for the requirements that a review looks at; a part is what a tier asks for directly.
PLACES = (
    Column("review", "whole"),
    Column("ladder", "text"),
    Column("node", "whole"),
    Column("d", "day"),
    Column("k", "text"),
    Column("ordinal", "whole"),
    Column("path", "text"),
    Column("part", "text"),
    Column("role", "text"),
)
#: The highest tier that requires nothing, by ladder.
BASES = (Column("review", "whole"), Column("ladder", "text"), Column("base", "whole"))
REVIEWS = (Column("review", "whole"), Column("holds_from", "day"))
LATER = (Column("enrolment", "text"),)
WANTED = (Column("review", "whole"), Column("enrolment", "text"), Column("ladder", "text"), Column("ordinal", "whole"))

ENROLLED = """
SELECT l.review, s.e, s.enrolment
FROM scope AS s CROSS JOIN {reviews} AS l
WHERE (s.joined_on IS NULL OR s.joined_on <= l.holds_from) AND (s.ended_on IS NULL OR s.ended_on > l.holds_from)
  AND s.enrolment NOT IN (SELECT w.enrolment FROM {later} AS w)
"""
#: Whether some tier above the highest one met is unknown: then the partner cannot be compared.
UNKNOWN = """
SELECT p.review, p.ladder, r.e, MAX(CASE WHEN r.result = 2 THEN p.ordinal ELSE -1 END) AS unknown,
       MAX(CASE WHEN r.result = 1 THEN p.ordinal ELSE -1 END) AS met
FROM {answers} AS r
JOIN {places} AS p ON p.node = r.node AND p.d = r.d AND p.k = r.k AND p.role IN ('root', 'only')
GROUP BY p.review, p.ladder, r.e
"""
HELD = """
SELECT n.review, n.enrolment, n.e, t.ladder, t.ordinal, t.rank,
       COALESCE(u.unknown > GREATEST(u.met, b.base), FALSE) AS is_unknown
FROM {ladders} AS r
JOIN {tiers} AS t ON t.node = r.node AND t.d = r.d AND t.k = r.k AND t.ordinal = r.ordinal
JOIN {enrolled} AS n ON n.review = t.review AND n.e = r.e
JOIN {bases} AS b ON b.review = t.review AND b.ladder = t.ladder
LEFT JOIN {unknown} AS u ON u.review = t.review AND u.ladder = t.ladder AND u.e = r.e
"""
#: The relations that belong to a side, by their holes in statements.
_OWN = frozenset("reviews later tiers places bases enrolled unknown held wanted compared next_parts".split())
_HOLE = re.compile(r"\{([a-z_]+)\}")


@dataclass(frozen=True, slots=True)
class Asked:
    """What a side is run for.

    Attributes
    ----------
    side
        ``old`` or ``new``.
    ranks
        By ladder and tier (None for no tier) its rank in the common order; other ladders are left out.
    costs
        By benefit the node of what it costs a partner after the last review.
    tracks
        By track the node of its word on that day, for the side whose groups are counted.
    """

    side: SideName
    compiled: Compiled
    looks: tuple[Look, ...]
    ranks: Mapping[str, Mapping[str | None, int]]
    costs: Mapping[str, Input]
    tracks: Mapping[str, Input]

    @property
    def last_day(self) -> date:
        """The day from which the last outcome holds, on which costs are counted."""
        return self.looks[-1].holds_from


@dataclass(frozen=True, slots=True)
class Run:
    """One side in one pass: everybody whose answer is final in it."""

    asked: Asked
    plan: Plan
    connection: DuckDB

    @property
    def compiled(self) -> Compiled:
        """The version."""
        return self.asked.compiled

    def name(self, relation: str) -> str:
        """What a relation of this side is called."""
        return f"{self.asked.side}_{relation}"

    def store(self, relation: str, columns: Sequence[Column], rows: Iterable[Sequence[Value]]) -> None:
        """Make a relation of this side of rows."""
        self.connection.store(self.name(relation), columns, rows)

    def keep(self, relation: str, text: str, parameters: Parameters | None = None, **parts: exp.Expr) -> None:
        """Make a relation of this side of the rows of a query."""
        self.connection.keep(self.name(relation), self._statement(text, parts), parameters)

    def rows(self, text: str, parameters: Parameters | None = None, **parts: exp.Expr) -> list[Row]:
        """The rows of a query, whose holes may name relations of this side."""
        return self.connection.rows(self._statement(text, parts), parameters)

    def write_held(self, target: Path) -> None:
        """Write the tier of everybody after each review as Parquet."""
        query = self._statement("SELECT h.review, h.enrolment, h.ladder, h.rank, h.is_unknown FROM {held} AS h", {})
        self.connection.raw.sql(prepare(query, "duckdb").text).write_parquet(str(target))

    def _statement(self, text: str, parts: Mapping[str, exp.Expr]) -> exp.Expr:
        own = {hole: self.name(hole) for hole in _HOLE.findall(text) if hole in _OWN}
        return statement(text, **own, **parts)

    def answers(self, columns: str, *roles: str) -> exp.Expr:
        """The results of requirements of some roles, perhaps among others, with the key of their cell."""
        nodes = {node for tier, tree in self._trees() for *_, role, node in _roles(tree, tier) if role in roles}
        numbers = {self.plan.number_on(node, look.looks_at) for node in nodes for look in self.asked.looks}
        places = sorted({self.plan.places[number] for number in numbers})
        if not places:
            return statement(NO_ANSWERS)
        return results_union(self.plan, places, columns, keyed=True)

    def _trees(self) -> Iterator[tuple[str, Branch | None]]:
        for name in self.asked.ranks:
            yield from self.compiled.trees[name].items()

    def branch(self, ladder: str, path: str) -> tuple[str, Branch]:
        """The tier and the requirement at a path of a ladder, which may be one by cells."""
        name = ladder.partition("[")[0]
        tier = next(
            tier
            for tier in sorted(self.compiled.trees[name], key=len, reverse=True)
            if path == tier or path.startswith(f"{tier}.")
        )
        return tier, dict(branches(self.compiled.trees[name][tier], tier))[path]


NO_ANSWERS = """
SELECT 0 AS node, 0 AS e, CAST(NULL AS DATE) AS d, 0 AS result, quantity(NULL) AS value, quantity(NULL) AS line,
       quantity(NULL) AS gap, '' AS k
FROM scope AS s WHERE s.e < 0
"""


@dataclass(frozen=True, slots=True)
class Knowing:
    """What reviews see, the ledger position up to which facts are known, and whether what people decided counts."""

    known: Knowledge | None
    known_at: int
    people: bool = True


def run_sides(sides: Sequence[Asked], facts: FactSource, knowing: Knowing) -> list[tuple[Run, ...]]:
    """Run one or both sides over all reviews at once; those whom days of grace may matter to come in a second pass.

    Sides that are run together share a graph, so that what they say alike is computed once.
    """
    setting = _setting(sides, facts, knowing)
    first, later = _pass(sides, facts, setting, knowing.known_at)
    if not later:
        return [(run,) for run in first]
    second, _ = _pass(sides, facts, replace(setting, chosen=later, grace=True), knowing.known_at)
    return list(zip(first, second, strict=True))


def _setting(sides: Sequence[Asked], facts: FactSource, knowing: Knowing) -> Setting:
    days = {day for side in sides for look in side.looks for day in (look.holds_from, look.looks_at)}
    compiled = sides[-1].compiled
    setting = setting_of(compiled, facts, tuple(sorted(days)), knowing.known_at)
    people = setting.tier_decisions and knowing.people
    setting = replace(setting, in_bulk=True, questions=_questions(sides), tier_decisions=people)
    if knowing.known == "now":
        return replace(setting, known_by=known_as_asked)
    ask = Asking(compiled, facts)
    numbers = compiled.builder.graph.of(FactsNode)
    if knowing.known is None or not ask.knowledge_matters(numbers, knowing.known_at):
        return setting
    return replace(setting, known_by=ask.known_by(knowing.known_at), as_then=True)


def _questions(sides: Iterable[Asked]) -> Mapping[date, frozenset[int]]:
    """The ladders and costs on the days from which outcomes hold, the requirements on those that reviews look at."""
    found: defaultdict[date, frozenset[int]] = defaultdict(frozenset)
    for side in sides:
        ladders = frozenset(side.compiled.builder.ladder(name) for name in side.ranks)
        trees = [tree for name in side.ranks for tree in side.compiled.trees[name].values()]
        looked = frozenset(branch.node for tree in trees for _, branch in branches(tree, ""))
        for look in side.looks:
            found[look.holds_from] |= ladders
            found[look.looks_at] |= looked
        found[side.last_day] |= {item.node for item in (*side.costs.values(), *side.tracks.values())}
    return dict(found)


def _pass(
    sides: Sequence[Asked], facts: FactSource, setting: Setting, known_at: int
) -> tuple[list[Run], tuple[str, ...]]:
    plan = plan_for(sides[-1].compiled, setting)
    connection = DuckDB(facts.connection.cursor())
    days = setting.asked
    parameters: Parameters = {"known_at": known_at, "first_day": days[0], "last_day": days[-1]}
    read = [(item.node, side.last_day) for side in sides for item in (*side.costs.values(), *side.tracks.values())]
    also_kept = {plan.places[plan.number_on(node, day)] for node, day in read}
    run_forgetting(connection, plan, parameters, also_kept=also_kept)
    later = undecided(connection, plan)
    runs = [Run(side, plan, connection) for side in sides]
    for run in runs:
        _prepare(run, later)
    return runs, later


def _prepare(run: Run, later: Sequence[str]) -> None:
    """The small relations that questions join, and everybody's tier after each review."""
    run.store("later", LATER, [(name,) for name in later])
    run.store("reviews", REVIEWS, [(number, look.holds_from) for number, look in enumerate(run.asked.looks)])
    run.store("tiers", TIERS, _tiers(run))
    run.store("places", PLACES, _places(run))
    run.store("bases", BASES, _bases(run))
    run.keep("enrolled", ENROLLED)
    run.keep("unknown", UNKNOWN, answers=run.answers("node, e, d, result", "root", "only"))
    run.keep("held", HELD, ladders=ladder_rows(run.plan))


def _labels(run: Run, day: date) -> Iterator[tuple[str, str, Mapping[str, str]]]:
    """The ladders that are compared, those by cells once for each cell of a day: the name, the label, the cells."""
    program = run.compiled.program
    for name in run.asked.ranks:
        by = program.ladders[name].by
        for cells in cells_on(program, by, day):
            yield name, labelled(name, cells), dict(zip(by, cells, strict=True))


def _tiers(run: Run) -> Iterator[tuple[Value, ...]]:
    graph = run.plan.graph
    for review, look in enumerate(run.asked.looks):
        day = look.holds_from
        for name, label, cells in _labels(run, day):
            node = run.compiled.builder.ladder(name)
            place = (review, label, run.plan.number_on(node, day), day, key_of(cells, graph.dims_of(node)))
            names = (None, *(tier.id for tier in run.compiled.program.ladders[name].tiers))
            yield from ((*place, ordinal, run.asked.ranks[name][tier]) for ordinal, tier in enumerate(names, start=-1))


def _bases(run: Run) -> Iterator[tuple[Value, ...]]:
    for review, look in enumerate(run.asked.looks):
        for name, label, _ in _labels(run, look.holds_from):
            tiers = run.compiled.program.ladders[name].tiers
            yield review, label, max((place for place, tier in enumerate(tiers) if tier.requires is None), default=-1)


def _places(run: Run) -> Iterator[tuple[Value, ...]]:
    graph = run.plan.graph
    for review, look in enumerate(run.asked.looks):
        for name, label, cells in _labels(run, look.looks_at):
            for ordinal, (tier, tree) in enumerate(run.compiled.trees[name].items()):
                for path, part, role, node in _roles(tree, tier):
                    number = run.plan.number_on(node, look.looks_at)
                    key = key_of(cells, graph.dims_of(node))
                    yield review, label, number, look.looks_at, key, ordinal, path, part, role


def _roles(tree: Branch | None, tier: str) -> Iterator[tuple[str, str, str, int]]:
    """The path of each requirement, the part that it stands in, its role and its node.

    The role is ``root`` for a whole of several parts, ``only`` for a whole that is its own part, ``part`` for one of
    several; ``number`` and ``status`` for what has no parts itself, which may be a part or a whole too.
    """
    if tree is None:
        return
    whole = tree.kind == "all" and tree.parts
    yield tier, tier, "root" if whole else "only", tree.node
    if not whole:
        yield from _inside(tree, tier, tier)
        return
    for place, part in enumerate(tree.parts, start=1):
        path = f"{tier}.{place}"
        yield path, path, "part", part.node
        yield from _inside(part, path, path)


def _inside(branch: Branch, path: str, part: str) -> Iterator[tuple[str, str, str, int]]:
    if branch.kind == "number":
        yield path, part, "number", branch.node
    elif not branch.parts:
        yield path, part, "status", branch.node
    for place, inner in enumerate(branch.parts, start=1):
        yield from _inside(inner, f"{path}.{place}", part)


def close(runs: Iterable[Run]) -> None:
    """End the sessions, each once."""
    for connection in {id(run.connection): run.connection for run in runs}.values():
        connection.close()
