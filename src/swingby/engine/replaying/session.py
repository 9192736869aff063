"""One side of a comparison, run once over all reviews; its results stay in the database and are asked there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from sqlglot import exp

from swingby.engine.assessing import Compiled, cells_on, key_of, labelled, plan_for
from swingby.engine.assessment import FactSource, setting_of
from swingby.engine.bulk import branches, ladder_rows, results_union, run_forgetting, undecided
from swingby.engine.compiling import REQUIREMENTS, Plan
from swingby.engine.nodes import FactsNode, Input
from swingby.engine.probing import Asking
from swingby.engine.replaying.results import Knowledge
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
FROM scope AS s CROSS JOIN re_reviews AS l
WHERE (s.joined_on IS NULL OR s.joined_on <= l.holds_from) AND (s.ended_on IS NULL OR s.ended_on > l.holds_from)
  AND s.enrolment NOT IN (SELECT w.enrolment FROM re_later AS w)
"""
#: Whether some tier above the highest one met is unknown: then the partner cannot be compared.
UNKNOWN = """
SELECT p.review, p.ladder, r.e, MAX(CASE WHEN r.result = 2 THEN p.ordinal ELSE -1 END) AS unknown,
       MAX(CASE WHEN r.result = 1 THEN p.ordinal ELSE -1 END) AS met
FROM {answers} AS r
JOIN re_places AS p ON p.node = r.node AND p.d = r.d AND p.k = r.k AND p.role IN ('root', 'only')
GROUP BY p.review, p.ladder, r.e
"""
HELD = """
SELECT n.review, n.enrolment, n.e, t.ladder, t.ordinal, t.rank,
       COALESCE(u.unknown > GREATEST(u.met, b.base), FALSE) AS is_unknown
FROM {ladders} AS r
JOIN re_tiers AS t ON t.node = r.node AND t.d = r.d AND t.k = r.k AND t.ordinal = r.ordinal
JOIN re_enrolled AS n ON n.review = t.review AND n.e = r.e
JOIN re_bases AS b ON b.review = t.review AND b.ladder = t.ladder
LEFT JOIN re_unknown AS u ON u.review = t.review AND u.ladder = t.ladder AND u.e = r.e
"""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a side is run for.

    Attributes
    ----------
    ranks
        By ladder and tier (None for no tier) its rank in the common order; other ladders are left out.
    costs
        By benefit the node of what it costs a partner after the last review.
    """

    looks: tuple[Look, ...]
    ranks: Mapping[str, Mapping[str | None, int]]
    costs: Mapping[str, Input]
    known: Knowledge | None
    known_at: int

    @property
    def last_day(self) -> date:
        """The day from which the last outcome holds, on which costs are counted."""
        return self.looks[-1].holds_from


@dataclass(frozen=True, slots=True)
class Run:
    """One pass of a side: everybody whose answer is final in it."""

    compiled: Compiled
    plan: Plan
    connection: DuckDB
    asked: Asked

    def write_held(self, target: Path) -> None:
        """Write the tier of everybody after each review."""
        self.write("SELECT h.review, h.enrolment, h.ladder, h.rank, h.is_unknown FROM re_held AS h", target)

    def write(self, text: str, target: Path, **parts: exp.Expr) -> None:
        """Write the rows of a query as Parquet."""
        self.connection.raw.sql(prepare(statement(text, **parts), "duckdb").text).write_parquet(str(target))

    def rows(self, text: str, parameters: Parameters | None = None, **parts: exp.Expr) -> list[Row]:
        """The rows of a query."""
        return self.connection.rows(statement(text, **parts), parameters)

    def answers(self, columns: str) -> exp.Expr:
        """The results of requirements, with the key of their cell."""
        places = [name for name in self.plan.places_of(*REQUIREMENTS) if not self.plan.has_things(name)]
        if not places:
            return statement(NO_ANSWERS)
        return results_union(self.plan, places, columns, keyed=True)

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


def run_side(compiled: Compiled, facts: FactSource, asked: Asked) -> tuple[Run, ...]:
    """Run a version over all reviews at once; those whom days of grace may matter to come in a second pass."""
    setting = _setting(compiled, facts, asked)
    first, later = _pass(compiled, facts, setting, asked)
    if not later:
        return (first,)
    second, _ = _pass(compiled, facts, replace(setting, chosen=later, grace=True), asked)
    return first, second


def _setting(compiled: Compiled, facts: FactSource, asked: Asked) -> Setting:
    days = tuple(sorted({day for look in asked.looks for day in (look.holds_from, look.looks_at)}))
    setting = replace(
        setting_of(compiled, facts, days, asked.known_at), in_bulk=True, questions=_questions(compiled, asked)
    )
    if asked.known == "now":
        return replace(setting, known_by=known_as_asked)
    if asked.known is None:
        return setting
    ask = Asking(compiled.program, facts)
    if not ask.knowledge_matters(compiled.builder.graph.of(FactsNode), asked.known_at):
        return setting
    return replace(setting, known_by=ask.known_by(asked.known_at), as_then=True)


def _questions(compiled: Compiled, asked: Asked) -> Mapping[date, frozenset[int]]:
    """The ladders and costs on the days from which outcomes hold, the requirements on those that reviews look at."""
    ladders = [compiled.builder.graph.ladders[name] for name in asked.ranks]
    standing = frozenset(ladders)
    trees = [tree for name in asked.ranks for tree in compiled.trees[name].values()]
    looked = frozenset(branch.node for tree in trees for _, branch in branches(tree, ""))
    found: dict[date, frozenset[int]] = {}
    for look in asked.looks:
        found[look.holds_from] = found.get(look.holds_from, frozenset()) | standing
        found[look.looks_at] = found.get(look.looks_at, frozenset()) | looked
    found[asked.last_day] |= {item.node for item in asked.costs.values()}
    return found


def _pass(
    compiled: Compiled, facts: FactSource, setting: Setting, asked: Asked
) -> tuple[Run, tuple[str, ...]]:
    plan = plan_for(compiled, setting)
    connection = DuckDB(facts.connection.cursor())
    days = setting.asked
    parameters: Parameters = {"known_at": asked.known_at, "first_day": days[0], "last_day": days[-1]}
    costs = [plan.places[plan.number_on(item.node, asked.last_day)] for item in asked.costs.values()]
    run_forgetting(connection, plan, parameters, also_kept=costs)
    run = Run(compiled, plan, connection, asked)
    later = undecided(connection, plan)
    _prepare(run, later)
    return run, later


def _prepare(run: Run, later: Sequence[str]) -> None:
    """The small relations that questions join, and everybody's tier after each review."""
    connection, looks = run.connection, run.asked.looks
    connection.store("re_later", LATER, [(name,) for name in later])
    connection.store("re_reviews", REVIEWS, [(number, look.holds_from) for number, look in enumerate(looks)])
    connection.store("re_tiers", TIERS, _tiers(run))
    connection.store("re_places", PLACES, _places(run))
    connection.store("re_bases", BASES, _bases(run))
    connection.keep("re_enrolled", statement(ENROLLED))
    connection.keep("re_unknown", statement(UNKNOWN, answers=run.answers("node, e, d, result")))
    held = statement(HELD, ladders=ladder_rows(run.plan)) if run.asked.ranks else statement(NO_HELD)
    connection.keep("re_held", held)


NO_HELD = """
SELECT n.review, n.enrolment, n.e, '' AS ladder, 0 AS ordinal, 0 AS rank, FALSE AS is_unknown FROM re_enrolled AS n WHERE n.e < 0
"""


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
            node = graph.ladders[name]
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
    """End the sessions of a side."""
    for run in runs:
        run.connection.close()
