"""What is asked of one side: who is near a line, which requirement stops whom, what has no answer, what benefits cost."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from decimal import Decimal

from swingby.engine.assessing import plain, whole
from swingby.engine.bulk import results_union
from swingby.engine.compiling import Plan
from swingby.engine.nodes import AnyoneNode, AssignNode, DecisionNode, EntriesNode, FactsNode
from swingby.engine.replaying.pairing import FULL, in_order
from swingby.engine.replaying.results import (
    Direction,
    Gap,
    GroupCount,
    Move,
    NearLine,
    NotReplayable,
    SideName,
    Stopping,
)
from swingby.engine.replaying.session import LATER, Row, Run
from swingby.engine.sql import Parameters
from swingby.engine.trees import Branch

#: One part in twenty of a line is near it. Numbers of the tier held, on either side of its lines, and of the next tier, below its lines. A number counts only where
#: the part of the tier that it stands in comes out as it does itself: else another alternative decides. Whole numbers
#: below twenty are left out: five per cent of them is less than one.
_NEAR = """
SELECT h.enrolment, h.ladder, p.path, r.value, r.line, r.result
FROM {held} AS h
JOIN {places} AS p ON p.review = h.review AND p.ladder = h.ladder AND p.role = 'number'
  AND (p.ordinal = h.ordinal OR p.ordinal = h.ordinal + 1)
JOIN {answers} AS r ON r.node = p.node AND r.d = p.d AND r.k = p.k AND r.e = h.e
JOIN {places} AS q ON q.review = h.review AND q.ladder = h.ladder AND q.path = p.part AND q.role IN ('part', 'only')
JOIN {results} AS o ON o.node = q.node AND o.d = q.d AND o.k = q.k AND o.e = h.e
WHERE h.review = :review AND r.d = :day AND o.d = :day AND r.result = o.result AND r.result <> 2 AND r.line <> 0
  AND (ABS(r.line) >= 20 OR r.line <> FLOOR(r.line) OR r.value <> FLOOR(r.value))
  AND (p.ordinal = h.ordinal OR r.result = 0)
  AND ABS(r.value - r.line) * 20 <= ABS(r.line) AND h.enrolment IN (SELECT c.enrolment FROM {compared} AS c)
"""
_NEXT = """
SELECT h.enrolment, h.ladder, p.path, r.result
FROM {held} AS h
JOIN {places} AS p ON p.review = h.review AND p.ladder = h.ladder AND p.ordinal = h.ordinal + 1 AND p.role IN ('part', 'only')
JOIN {results} AS r ON r.node = p.node AND r.d = p.d AND r.k = p.k AND r.e = h.e
WHERE h.review = :review AND r.d = :day AND h.enrolment IN (SELECT c.enrolment FROM {compared} AS c)
"""
_MISSED = "SELECT n.ladder, n.path, COUNT(*) FROM {next_parts} AS n WHERE n.result = 0 GROUP BY n.ladder, n.path"
_ALONE = """
SELECT n.enrolment, n.ladder, MAX(n.path)
FROM {next_parts} AS n
WHERE n.result <> 1
GROUP BY n.enrolment, n.ladder
HAVING COUNT(*) = 1 AND MAX(n.result) = 0
"""
_UNANSWERED = """
SELECT p.review, p.ladder, p.path, COUNT(*)
FROM {results} AS r
JOIN {places} AS p ON p.node = r.node AND p.d = r.d AND p.k = r.k AND p.role IN ('number', 'status')
JOIN {enrolled} AS n ON n.review = p.review AND n.e = r.e
WHERE r.result = 2
GROUP BY p.review, p.ladder, p.path
"""
_COSTS = """
SELECT n.enrolment, r.value, r.state
FROM {costs} AS r JOIN {enrolled} AS n ON n.e = r.e AND n.review = :review
WHERE r.node = :node AND r.d = :day
"""
_RESULTS = "node, e, d, result"
_PARTS = ("part", "only")
_INCOMPLETE = 2


def keep_compared(runs: Sequence[Run], enrolments: Collection[str]) -> None:
    """Tell a side who is compared at the last review."""
    for run in runs:
        run.store("compared", LATER, [(name,) for name in sorted(enrolments)])


def near_lines(runs: Sequence[Run], review: int) -> tuple[NearLine, ...]:
    """Who is within five per cent of a line that decides."""
    found = [
        _near(run, *row)
        for run in runs
        for row in run.rows(
            _NEAR, _at(run, review), answers=run.answers(FULL, "number"), results=run.answers(_RESULTS, *_PARTS)
        )
    ]
    return tuple(sorted(found, key=lambda item: (item.ladder, not item.is_met, item.enrolment, in_order(item.path))))


def _at(run: Run, review: int) -> Parameters:
    """The number of a review and the day that it looks at."""
    return {"review": review, "day": run.asked.looks[review].looks_at}


def _near(run: Run, enrolment: object, ladder: object, path: object, *measured: object) -> NearLine:
    tier, branch = run.branch(str(ladder), str(path))
    value, line = (plain(item) or Decimal(0) for item in measured[:2])
    return NearLine(str(enrolment), str(ladder), tier, str(path), branch.label, value, line, measured[2] == 1)


def stopping(runs: Sequence[Run], review: int, side: SideName) -> tuple[Stopping, ...]:
    """Of every part of every tier how many miss it on their way there, and whom it alone stops."""
    missed: defaultdict[tuple[str, str], int] = defaultdict(int)
    alone: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for run in runs:
        run.keep("next_parts", _NEXT, _at(run, review), results=run.answers(_RESULTS, *_PARTS))
        for ladder, path, partners in run.rows(_MISSED):
            missed[str(ladder), str(path)] += whole(partners)
        for enrolment, ladder, path in run.rows(_ALONE):
            alone[str(ladder), str(path)].append(str(enrolment))
    return tuple(
        Stopping(
            side, label, tier, path, branch.name, branch.label, missed[label, path], tuple(sorted(alone[label, path]))
        )
        for label, tier, path, branch in _parts(runs[0], review)
    )


def _parts(run: Run, review: int) -> Iterator[tuple[str, str, str, Branch]]:
    """What each tier asks for directly, by ladder, from the lowest tier to the highest."""
    text = """SELECT p.ladder, p.ordinal, p.path FROM {places} AS p WHERE p.review = :review AND p.role IN ('part', 'only')"""
    rows = sorted(
        run.rows(text, {"review": review}), key=lambda row: (str(row[0]), whole(row[1]), in_order(str(row[2])))
    )
    for ladder, _, path in rows:
        tier, branch = run.branch(str(ladder), str(path))
        yield str(ladder), tier, str(path), branch


# --- what has no answer ---------------------------------------------------------------------------------------------


def not_replayable(
    runs: Sequence[Run], side: SideName, bounded: Mapping[str, Sequence[Gap]]
) -> tuple[NotReplayable, ...]:
    """The requirements that are unknown for somebody at some review; ``bounded`` are the sources with gaps by kind."""
    reviews: defaultdict[tuple[str, str], dict[int, int]] = defaultdict(dict)
    for run in runs if bounded else ():
        for review, ladder, path, partners in run.rows(_UNANSWERED, results=run.answers(_RESULTS, "number", "status")):
            at = reviews[str(ladder), str(path)]
            at[whole(review)] = at.get(whole(review), 0) + whole(partners)
    found = []
    for (ladder, path), partners in sorted(reviews.items(), key=lambda item: (item[0][0], in_order(item[0][1]))):
        tier, branch = runs[0].branch(ladder, path)
        because = tuple(gap for kind in _kinds(runs[0].plan, branch.node) for gap in bounded.get(kind, ()))
        days = tuple(runs[0].asked.looks[review].on for review in sorted(partners))
        found.append(NotReplayable(side, ladder, tier, path, branch.label, days, max(partners.values()), because))
    return tuple(found)


def _kinds(plan: Plan, node: int) -> list[str]:
    """The kinds of fact that a node reads, itself or through what it reads."""
    waiting, seen = [node], set()
    while waiting:
        number = waiting.pop()
        if number not in seen:
            seen.add(number)
            waiting += [item.node for item in plan.graph[number].inputs]
    read = {kind for number in seen for kind in _read_by(plan, number)}
    return sorted({name for kind in read for name in plan.program.up_to_base(kind)})


def _read_by(plan: Plan, number: int) -> Iterator[str]:
    node = plan.graph[number]
    match node:
        case FactsNode():
            yield node.kind
        case AnyoneNode():
            yield node.facts.kind
        case AssignNode():
            yield node.number.of
        case DecisionNode():
            yield "decisions"
        case EntriesNode() if node.earning.for_each is not None:
            yield node.earning.for_each.of


# --- what benefits cost ---------------------------------------------------------------------------------------------


def costs(runs: Sequence[Run], review: int) -> dict[str, dict[str, Decimal | None]]:
    """By benefit what it costs each partner after the last review; None where a number is missing."""
    found: dict[str, dict[str, Decimal | None]] = {}
    for run in runs:
        for benefit, item in run.asked.costs.items():
            listed = found.setdefault(benefit, {})
            for enrolment, value, state in _cost_rows(run, item.node, review):
                listed[str(enrolment)] = None if state == _INCOMPLETE else plain(value) or Decimal(0)
    return found


def _cost_rows(run: Run, node: int, review: int) -> list[Row]:
    number = run.plan.number_on(node, run.asked.last_day)
    place = run.plan.places[number]
    union = results_union(run.plan, [place], "node, e, d, value, state", keyed=False)
    return run.rows(_COSTS, {"review": review, "node": number, "day": run.asked.last_day}, costs=union)


# --- regions and tracks ---------------------------------------------------------------------------------------------

_REGIONS = """
SELECT n.enrolment, COALESCE(s.region, '') AS word
FROM {enrolled} AS n JOIN scope AS s ON s.e = n.e
WHERE n.review = :review AND n.enrolment IN (SELECT c.enrolment FROM {compared} AS c)
"""
_WORDS = """
SELECT n.enrolment, r.word
FROM {words} AS r JOIN {enrolled} AS n ON n.e = r.e AND n.review = :review
WHERE r.node = :node AND r.d = :day AND n.enrolment IN (SELECT c.enrolment FROM {compared} AS c)
"""


def groups(runs: Sequence[Run], review: int, moves: Sequence[Move]) -> tuple[GroupCount, ...]:
    """How many move in each region, and on each track."""
    ways: defaultdict[str, set[Direction]] = defaultdict(set)
    for move in moves:
        ways[move.enrolment].add(move.direction)
    words: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for run in runs:
        for by, rows in _grouped(run, review):
            for enrolment, word in rows:
                words[by, str(word or "")].append(str(enrolment))
    return tuple(_group(by, word, names, ways) for (by, word), names in sorted(words.items()))


def _grouped(run: Run, review: int) -> Iterator[tuple[str, list[Row]]]:
    yield "region", run.rows(_REGIONS, {"review": review})
    for track, item in run.asked.tracks.items():
        number = run.plan.number_on(item.node, run.asked.last_day)
        union = results_union(run.plan, [run.plan.places[number]], "node, e, d, word", keyed=False)
        given: Parameters = {"review": review, "node": number, "day": run.asked.last_day}
        yield track, run.rows(_WORDS, given, words=union)


def _group(by: str, word: str, names: Sequence[str], ways: Mapping[str, set[Direction]]) -> GroupCount:
    counts = {way: sum(way in ways[name] for name in names if name in ways) for way in ("up", "down", "aside")}
    return GroupCount(by=by, group=word, compared=len(names), **counts)
