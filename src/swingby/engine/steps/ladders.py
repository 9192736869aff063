"""Ladders: the tier that follows the day in SQL; tiers with clocks as an array step over review moments."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cache

from sqlglot import exp

from swingby.engine.moments import Moment, follows_the_day
from swingby.engine.nodes import Input, LadderNode
from swingby.engine.plan import ArrayStep, Compute, Draft
from swingby.engine.setting import Setting
from swingby.engine.sql import Column, predicate, statement
from swingby.engine.steps.credited import Crediting, credited, route_of
from swingby.engine.steps.members import Members, input_key
from swingby.engine.steps.requirements import NO_ROWS
from swingby.engine.tier_decisions import TIER_DECISIONS
from swingby.engine.walk import HELD, LOWER, Walk, walk_rows
from swingby.program.numbers import Credit

TIER = (
    Column("node", "whole"),
    Column("d", "day"),
    Column("ordinal", "whole"),
    Column("member", "whole"),
    Column("member_d", "day"),
)
LADDER_DAY = (Column("node", "whole"), Column("d", "day"), Column("base", "whole"))
KEPT = (
    Column("review", "whole"),
    Column("d", "day"),
    Column("ordinal", "whole"),
    Column("member", "whole"),
    Column("member_d", "day"),
)
PROTECTED = (Column("node", "whole"), Column("d", "day"), Column("member", "whole"))
TIER_WORD = (Column("word", "text"), Column("ordinal", "whole"))

#: The highest tier that is met, and the highest that is met or unknown; -1 where no tier is.
EARNED = """
SELECT a.node, s.e, a.d, {keys}, GREATEST(COALESCE(h.met, -1), a.base) AS ordinal,
       GREATEST(COALESCE(h.possible, -1), a.base) AS possible
FROM {days} AS a
CROSS JOIN scope AS s
LEFT JOIN {met} AS h ON h.node = a.node AND h.e = s.e AND h.d = a.d AND {same_key}
"""
MET = """
SELECT t.node, q.e, t.d, {keys}, MAX(CASE WHEN q.result = 1 THEN t.ordinal ELSE -1 END) AS met,
       MAX(CASE WHEN q.result <> 0 THEN t.ordinal ELSE -1 END) AS possible
FROM {tiers} AS t
JOIN {results} AS q ON q.node = t.member AND q.d = t.member_d
GROUP BY t.node, q.e, t.d, {keys}
"""
#: The same per cell; a requirement without cells holds in all of them.
MET_EACH = """
SELECT t.node, q.e, t.d, w.k, MAX(CASE WHEN q.result = 1 THEN t.ordinal ELSE -1 END) AS met,
       MAX(CASE WHEN q.result <> 0 THEN t.ordinal ELSE -1 END) AS possible
FROM {tiers} AS t
JOIN {results} AS q ON q.node = t.member AND q.d = t.member_d
JOIN {cells} AS w ON w.e = q.e AND {same_key}
GROUP BY t.node, q.e, t.d, w.k
"""
CELLS = "SELECT DISTINCT w.e, w.k FROM {wanted} AS w"

FOLLOWS = """
SELECT b.node, b.e, b.d, {keys}, {ordinal} AS ordinal, GREATEST(b.possible, {ordinal}) AS possible, b.ordinal AS earned,
       CAST(NULL AS DATE) AS since, CAST(NULL AS DATE) AS hold, 0 AS undecided
FROM {earned} AS b
{protected}
"""
LIFTED = """
LEFT JOIN {words} AS q ON q.e = b.e AND q.d = b.d AND q.node = {word}
LEFT JOIN {order} AS o ON o.word = q.word
"""

KEEPING = """
SELECT t.review, t.d, t.ordinal, q.e, {key} AS k
FROM {kept} AS t
JOIN {results} AS q ON q.node = t.member AND q.d = t.member_d
{cells}
WHERE q.result <> 0
GROUP BY t.review, t.d, t.ordinal, q.e, {key}
"""
IN_CELLS = "JOIN {cell_rows} AS w ON w.e = q.e AND {same_key}"

PROTECT = """
SELECT c.e, c.outcome, c.starts_on, c.ends_on, c.fact_id, c.position, c.reversed_position
FROM {facts} AS c
WHERE c.topic = {topic} AND c.position <= :known_at
"""

DECIDED = """
SELECT c.e, c.cell, c.effect, c.tier, c.starts_on, c.ends_on, c.fact_id, c.position
FROM {facts} AS c
WHERE c.ladder = {ladder} AND (c.program IS NULL OR c.program = {program}) AND c.position <= :known_at
  AND (c.reversed_position IS NULL OR c.reversed_position > :known_at)
"""


def add_ladder(draft: Draft, base: int, stratum: int) -> None:
    """Add one ladder under all its numbers. Its relation: node, e, d, (k), ordinal, possible, earned, since, hold."""
    node = draft.graph[base]
    numbers = draft.demand.numbered(base)
    if not isinstance(node, LadderNode) or not numbers:
        return
    name = f"s{stratum}_ladder_{base}"
    if draft.setting.replay and not follows_the_day(node.ladder, draft.program.header):
        _add_walk(draft, base, node, name)
        return
    dims = draft.graph.dims[base]
    shared = [number for number in numbers if not dims and draft.demand.is_shared(number)]
    rest = [number for number in numbers if number not in shared]
    for members, is_shared in ((shared, True), (rest, False)):
        if members:
            group = Members(draft, tuple(members), dims, is_shared)
            _add_following(group, node, group.name(name))


def _add_following(group: Members, node: LadderNode, name: str) -> None:
    draft = group.draft
    looks = [(number, day) for number in group.numbers for day in draft.demand.days(number)]
    days = draft.data(f"{name}_days", LADDER_DAY, ((*look, _base(node)) for look in looks))
    earned = draft.query(
        f"{name}_earned",
        group.text(EARNED),
        days=days,
        met=_met(draft, node, looks, name, group),
        keys=group.keys("s"),
        same_key=group.same_key("h", "s"),
        **group.who(),
    )
    draft.put(group.numbers, _followed(group, node, earned, name))


def _followed(group: Members, node: LadderNode, earned: str, name: str) -> str:
    draft, protected = group.draft, node.protected
    if protected is None:
        text = FOLLOWS.replace("{protected}", "")
        return draft.query(name, text, earned=earned, keys=group.keys("b"), ordinal=exp.column("ordinal", "b"))
    order = draft.data(f"{name}_order", TIER_WORD, ((tier.id, place) for place, tier in enumerate(node.ladder.tiers)))
    inputs = [draft.input_of(number, protected) for number in group.numbers]
    word = draft.by_rule(
        {number: exp.Literal.number(draft.input_of(number, protected)) for number in group.numbers}, "b"
    )
    if len(draft.demand.lenses) > 1:
        size = exp.Literal.number(draft.demand.size)
        word = statement("{base} + b.node - b.node % {size}", base=exp.Literal.number(protected.node), size=size)
    return draft.query(
        name,
        FOLLOWS.replace("{protected}", LIFTED),
        earned=earned,
        keys=group.keys("b"),
        ordinal=predicate("GREATEST(b.ordinal, COALESCE(o.ordinal, -1))"),
        words=draft.results_of(inputs, "node, e, d, word"),
        word=word,
        order=order,
    )


def _base(node: LadderNode) -> int:
    """The highest tier that requires nothing."""
    return max((index for index, item in enumerate(node.earned) if item is None), default=-1)


def _met(draft: Draft, node: LadderNode, looks: Iterable[tuple[int, date]], name: str, group: Members) -> exp.Expr:
    asked = [(index, item) for index, item in enumerate(node.earned) if item is not None]
    rows = [
        (number, day, index, draft.input_of(number, item), draft.clock.shifted(day, item.shift))
        for number, day in looks
        for index, item in asked
    ]
    tiers = draft.data(f"{name}_tiers", TIER, rows)
    inputs = sorted({int(row[3]) for row in rows})
    results = _results(draft, inputs, keyed=bool(group.dims))
    if not group.dims:
        return statement(MET, tiers=tiers, results=results, keys=[])
    same_key = input_key(draft, exp.column("k", "w"), group.dims, of="q", inputs=inputs, rule="t.member")
    return statement(
        MET_EACH, tiers=tiers, results=results, cells=_cells(group), same_key=same_key if inputs else exp.true()
    )


def _cells(group: Members) -> exp.Expr:
    return statement(CELLS, wanted=group.draft.results_of_wanted(group.numbers))


def _results(draft: Draft, inputs: Sequence[int], *, keyed: bool) -> exp.Expr:
    if not inputs:
        return statement(f"SELECT n.*, '' AS k FROM ({NO_ROWS}) AS n")
    return draft.results_of(inputs, "node, e, d, result", keyed=keyed)


# --- ladders with clocks --------------------------------------------------------------------------------------------


def _add_walk(draft: Draft, base: int, node: LadderNode, name: str) -> None:
    dims = draft.graph.dims[base]
    numbers = draft.demand.numbered(base)
    group = Members(draft, tuple(numbers), dims, is_shared=not dims)
    moments = draft.demand.reviews[base]

    @cache
    def number_at(moment: Moment) -> int:
        return draft.demand.number_at(draft.setting, moment, base)

    promotions = {(number_at(moment), moment.looks_at) for up, _ in moments.by_cohort.values() for moment in up}
    asked = {(draft.demand.asked_lens[day] * draft.demand.size + base, day) for day in draft.setting.asked}
    earned = draft.query(
        f"{name}_earned", "SELECT * FROM {met} AS m", met=_met(draft, node, sorted(promotions | asked), name, group)
    )
    walk = Walk(
        ladder=node.ladder,
        clock=draft.clock,
        header=draft.program.header,
        reviews=moments,
        number_at=number_at,
        always_kept=tuple(tuple(item is None for item in row) for row in node.kept),
        days=tuple((number, day, _until(draft, number)) for number in numbers for day in draft.demand.days(number)),
        base=_base(node),
        grace=draft.setting.grace,
        has_cells=bool(dims),
        known_by=draft.setting.known_by,
        begun={},
    )

    def computing(setting: Setting) -> Compute:
        own = replace(walk, known_by=setting.known_by, begun=setting.begun.get(node.ladder.name, {}))
        return lambda tables: walk_rows(own, tables)

    columns = (*HELD, Column("k", "text")) if dims else HELD
    tables = _tables(group, node, earned, base, name)
    draft.steps.append(ArrayStep(name, columns, tables, computing(draft.setting), computing))
    draft.put(numbers, name)


def _until(draft: Draft, number: int) -> date | None:
    return draft.demand.lens_of(number).until or draft.setting.decided_until


def _tables(group: Members, node: LadderNode, earned: str, base: int, name: str) -> Mapping[str, exp.Expr]:
    draft = group.draft
    key = "m.k" if group.dims else "'' AS k"
    partners = statement("SELECT s.e, s.since, '' AS k FROM scope AS s")
    if group.dims:
        partners = statement(
            "SELECT s.e, s.since, w.k FROM scope AS s JOIN {cells} AS w ON w.e = s.e", cells=_cells(group)
        )
    found = {
        "scope": partners,
        "earned": statement(f"SELECT m.e, {key}, m.node, m.d, m.met, m.possible FROM {{earned}} AS m", earned=earned),
        "kept": statement(
            "SELECT m.review, m.d, m.ordinal, m.e, m.k FROM {keeping} AS m", keeping=_keeping(group, node, base, name)
        ),
    }
    if node.ladder.protect is not None:
        kind = draft.program.kinds["decisions"]
        facts = credited(draft, Crediting(kind, route_of(draft, kind, None), known="row"))
        decided = draft.query(f"{name}_protect", PROTECT, facts=facts, topic=exp.Literal.string(node.ladder.protect))
        found["protect"] = statement("SELECT * FROM {decided} AS p", decided=decided)
    if draft.setting.tier_decisions:
        found["decided"] = _decided(draft, node, name)
    return found


def _decided(draft: Draft, node: LadderNode, name: str) -> exp.Expr:
    """What people decided about the partner's own tiers, known at the asked position: later than the review saw."""
    kind = draft.program.kinds[TIER_DECISIONS]
    facts = credited(draft, Crediting(kind, route_of(draft, kind, _OWN), known="row"))
    ladder, program = exp.Literal.string(node.ladder.name), exp.Literal.string(draft.program.header.id)
    decided = draft.query(f"{name}_decided", DECIDED, facts=facts, ladder=ladder, program=program)
    return statement("SELECT * FROM {decided} AS p", decided=decided)


_OWN = Credit(roll_up="own")


def _keeping(group: Members, node: LadderNode, base: int, name: str) -> str:
    draft = group.draft
    rows = list(dict.fromkeys(_kept_rows(draft, base, node)))
    kept = draft.data(f"{name}_kept", KEPT, rows)
    inputs = sorted({int(row[3]) for row in rows})  # type: ignore[call-overload]
    results = _results(draft, inputs, keyed=bool(group.dims))
    if not group.dims:
        text = KEEPING.replace("{cells}", "").replace(
            "GROUP BY t.review, t.d, t.ordinal, q.e, {key}", "GROUP BY t.review, t.d, t.ordinal, q.e"
        )
        return draft.query(f"{name}_keeping", text, kept=kept, results=results, key=exp.Literal.string(""))
    same_key = (
        input_key(draft, exp.column("k", "w"), group.dims, of="q", inputs=inputs, rule="t.member")
        if inputs
        else exp.true()
    )
    return draft.query(
        f"{name}_keeping",
        KEEPING.replace("{cells}", IN_CELLS),
        kept=kept,
        results=results,
        key=exp.column("k", "w"),
        cell_rows=_cells(group),
        same_key=same_key,
    )


def _kept_rows(draft: Draft, base: int, node: LadderNode) -> Iterator[tuple[object, ...]]:
    for _, demotions in draft.demand.reviews[base].by_cohort.values():
        for moment in demotions:
            number = draft.demand.number_at(draft.setting, moment, base)
            for review, items in ((moment.review, node.kept[moment.review]), (LOWER - moment.review, node.lower)):
                for ordinal, member, day in _kept_looks(draft, number, moment, items):
                    yield (review, moment.on, ordinal, member, day)


def _kept_looks(
    draft: Draft, number: int, moment: Moment, items: Sequence[Input | None]
) -> Iterator[tuple[int, int, date]]:
    """The requirements that keep tiers at a review, on the day that it looks at and those of grace."""
    for ordinal, item in enumerate(items):
        for look in (moment.looks_at, *moment.grace) if item else ():
            if item is not None:
                yield ordinal, draft.input_of(number, item), draft.clock.shifted(look, item.shift)
