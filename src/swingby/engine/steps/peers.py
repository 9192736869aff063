"""Numbers of the enrolments that share some columns or tracks: ranks, and peers put together."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from sqlglot import exp

from swingby.engine.nodes import RankNode
from swingby.engine.place import not_computed
from swingby.engine.plan import Draft, union_all
from swingby.engine.scope import TREE_DEPTH
from swingby.engine.sql import statement
from swingby.engine.steps.beside import need_source, with_needs
from swingby.engine.steps.each import LOOK, as_numbers, without
from swingby.engine.steps.lists import EVEN, MEDIAN, NODE_DAY, TERM, node_days
from swingby.engine.steps.members import Members
from swingby.engine.steps.reading import with_gaps
from swingby.engine.steps.scales import scope_row

ROOT = "organization.root"

#: Everybody with the group of peers that they belong to; ``g`` is the number of its first partner.
GROUPED = """
SELECT p.node, p.e, p.d, MIN(p.e) OVER (PARTITION BY p.node, p.d, p.peer) AS g, p.enrolled
FROM (
  SELECT b.node, b.e, b.d, {peer} AS peer,
         (s.joined_on IS NULL OR s.joined_on <= b.d) AND (s.ended_on IS NULL OR s.ended_on > b.d) AS enrolled
  FROM {rows} AS b
  JOIN scope AS s ON s.e = b.e
  {roots}
) AS p
"""
EVERYBODY = "SELECT a.node, s.e, a.d FROM {days} AS a CROSS JOIN scope AS s"

#: The peers that are chosen, with their number; ``e`` is the group.
CHOSEN = """
SELECT a.node, p.g AS e, a.d, p.e AS peer, 1 AS place, COALESCE(v.value, a.fallback) AS value,
       CASE WHEN {incomplete} OR {unsure} THEN 2 WHEN v.state IS NOT NULL THEN v.state
            WHEN a.fallback IS NULL THEN 1 ELSE 0 END AS state
FROM {looks} AS a
JOIN {peers} AS p ON p.node = a.node AND p.d = a.d AND p.enrolled
LEFT JOIN {items} AS v ON v.node = a.input AND v.e = p.e AND v.d = a.input_d
"""
ONLY = """
LEFT JOIN {onlys} AS o ON o.node = a.only AND o.e = p.e AND o.d = a.only_d
WHERE a.only IS NULL OR o.result <> 0
"""

PLACES = """
SELECT r.node, r.peer AS e, r.d, CAST(r.place AS DECIMAL(38, 12)) AS value, CAST(r.place AS DECIMAL(38, 12)) AS num,
       CAST(1 AS DECIMAL(38, 12)) AS den, CASE WHEN r.worst = 2 THEN 2 ELSE 0 END AS state
FROM (
  SELECT c.node, c.peer, c.d, c.state, RANK() OVER (PARTITION BY c.node, c.e, c.d ORDER BY 0 - c.value) AS place,
         MAX(c.state) OVER (PARTITION BY c.node, c.e, c.d) AS worst
  FROM {chosen} AS c
  WHERE c.state <> 1
) AS r
"""
RANKED = "SELECT c.node, c.e, c.d, 1 AS place, CAST(1 AS DECIMAL(38, 12)) AS value, c.state FROM {chosen} AS c WHERE c.state <> 1"

OF_PEERS = """
SELECT p.node, p.e, p.d, f.value, f.num, f.den, f.state
FROM {peers} AS p
JOIN {folded} AS f ON f.node = p.node AND f.e = p.g AND f.d = p.d
"""


def add_peers(group: Members, stratum: int) -> None:
    """Add ranks and numbers of peers; those that share the same columns and tracks share a grouping."""
    draft = group.draft
    by_peers: dict[tuple[str, ...], list[int]] = {}
    for number in group.numbers:
        by_peers.setdefault(_rank(draft, number).peers, []).append(number)
    for place, numbers in enumerate(by_peers.values()):
        _add_peers(draft, numbers, group.name(f"s{stratum}_peers{place}"))


def _rank(draft: Draft, number: int) -> RankNode:
    node = draft.graph[number]
    if not isinstance(node, RankNode):
        raise TypeError(number)
    return node


def _add_peers(draft: Draft, numbers: Sequence[int], name: str) -> None:
    peers = _group(draft, numbers, name)
    chosen = _chosen(draft, numbers, name, peers)
    ranks = [number for number in numbers if _rank(draft, number).aggregate == "rank"]
    others = [number for number in numbers if number not in ranks]
    if ranks:
        draft.put(ranks, draft.query(f"{name}_ranks", PLACES, chosen=_of(chosen, ranks)))
    if others:
        folded = _folded(draft, others, name, chosen)
        draft.put(others, draft.query(f"{name}_together", OF_PEERS, peers=peers, folded=folded))


def _of(chosen: str, numbers: Sequence[int]) -> exp.Expr:
    return statement(
        "SELECT c.* FROM {chosen} AS c WHERE {inside}", chosen=chosen, inside=exp.column("node", "c").isin(*numbers)
    )


def _group(draft: Draft, numbers: Sequence[int], name: str) -> str:
    node = _rank(draft, numbers[0])
    days = draft.data(f"{name}_days", NODE_DAY, node_days(draft, numbers))
    needs = {number: _rank(draft, number).tracks for number in numbers}
    rows = with_needs(draft, statement(EVERYBODY, days=days), needs, day=exp.column("d", "f"))
    row = scope_row("s", exp.column("d", "b"))
    need = need_source(needs.values(), "b")
    parts: list[exp.Expr] = []
    for column in node.peers:
        found = exp.column("root", "t") if column == ROOT else need(column) or row.column(column)
        if found is None:
            not_computed(f"peers by {column}", draft.program)
        parts.append(statement("COALESCE('=' || CAST({found} AS TEXT), '')", found=found))
    peer = parts[0] if parts else exp.Literal.string("")
    for part in parts[1:]:
        peer = statement("{peer} || '/' || {part}", peer=peer, part=part)
    roots = ROOT in node.peers
    text = GROUPED.replace("{roots}", "LEFT JOIN {roots} AS t ON t.e = b.e" if roots else "")
    more = {"roots": _roots(draft)} if roots else {}
    return draft.query(f"{name}_grouped", text, rows=rows, peer=peer, **more)


_ROOT_0 = "SELECT s.e, s.organization AS root FROM scope AS s"
_ROOT_N = """
SELECT r.e, COALESCE(o.parent, r.root) AS root
FROM {below} AS r LEFT JOIN ref_organizations AS o ON o.organization = r.root
"""


def _roots(draft: Draft) -> str:
    """The top of everybody's tree."""
    last = f"roots_{TREE_DEPTH}"
    if all(step.name != last for step in draft.steps):
        draft.query("roots_0", _ROOT_0)
        for level in range(TREE_DEPTH):
            draft.query(f"roots_{level + 1}", _ROOT_N, below=f"roots_{level}")
    return last


def _chosen(draft: Draft, numbers: Sequence[int], name: str, peers: str) -> str:
    rows = [row for number in numbers for row in _looks(draft, number)]
    looks = draft.data(f"{name}_looks", LOOK, rows)
    items = sorted({int(row[2]) for row in rows if row[2] is not None})  # type: ignore[call-overload]
    onlys = sorted({int(row[4]) for row in rows if row[4] is not None})  # type: ignore[call-overload]
    gaps, parts = with_gaps(draft, name, {(int(row[2]), row[3]) for row in rows if row[2] is not None})  # type: ignore[call-overload, misc]
    more: dict[str, exp.Expr | str] = {**parts, "unsure": exp.false()}
    if onlys:
        more["unsure"] = statement("COALESCE(o.result, 0) = 2")
        more["onlys"] = draft.results_of(onlys, "node, e, d, result")
    text = CHOSEN + gaps.replace("s.e", "p.e") + (ONLY if onlys else "")
    return draft.query(f"{name}_chosen", text, looks=looks, peers=peers, items=as_numbers(draft, items), **more)


def _looks(draft: Draft, number: int) -> list[tuple[object, ...]]:
    node = _rank(draft, number)
    found: list[tuple[object, ...]] = []
    for day in draft.demand.days(number):
        item = draft.input_of(number, node.item) if node.item else None
        item_day = draft.clock.shifted(day, node.item.shift) if node.item else None
        only = draft.input_of(number, node.only) if node.only else None
        only_day = draft.clock.shifted(day, node.only.shift) if node.only else None
        found.append((number, day, item, item_day, only, only_day, *without(draft, item, item_day)))
    return found


def _folded(draft: Draft, numbers: Sequence[int], name: str, chosen: str) -> exp.Expr:
    parts = []
    medians = [number for number in numbers if _rank(draft, number).aggregate == "median"]
    ranked = [number for number in numbers if _rank(draft, number).aggregate == "ranked"]
    plain = [number for number in numbers if number not in {*medians, *ranked}]
    nothing: dict[str, Sequence[exp.Expr]] = {"keys": [], "inner": []}
    if medians:
        parts.append(draft.query(f"{name}_medians", MEDIAN, read=_of(chosen, medians), **nothing))
    for members, kind in ((ranked, "ranked"), (plain, "folded")):
        if members:
            read = statement(RANKED, chosen=_of(chosen, members)) if kind == "ranked" else _of(chosen, members)
            terms = draft.data(f"{name}_{kind}_terms", TERM, (_term(draft, number) for number in members))
            found = draft.query(f"{name}_{kind}", EVEN, read=read, terms=terms, same_day=exp.true(), **nothing)
            parts.append(found)
    return union_all([statement("SELECT * FROM {part}", part=part) for part in parts])


def _term(draft: Draft, number: int) -> tuple[object, ...]:
    aggregate = _rank(draft, number).aggregate
    return (number, 1, "sum" if aggregate in ("count", "ranked") else aggregate, Decimal(1), True)
