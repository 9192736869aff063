"""The tiers of both sides put together: who is compared, who moves, how many hold what."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from swingby.engine.assessing import plain
from swingby.engine.replaying.results import Cause, Direction, Move, Reason, TierCount
from swingby.engine.replaying.session import WANTED, Run
from swingby.engine.replaying.versions import Order
from swingby.engine.sql import DuckDB
from swingby.engine.sql.on_duckdb import open_duckdb

Row = tuple[Any, ...]
#: A move before it has its reasons: the review's number, the enrolment, the ladder's label, both ranks.
Moved = tuple[int, str, str, int, int]
#: Where a reason belongs: the review's number, the enrolment, the ladder's label.
Who = tuple[int, str, str]

_PAIRS = """
CREATE TEMP TABLE pairs AS
SELECT o.review, o.enrolment, o.ladder, o.rank AS old, n.rank AS new, o.is_unknown OR n.is_unknown AS is_unknown
FROM read_parquet($old) AS o
JOIN read_parquet($new) AS n ON n.review = o.review AND n.enrolment = o.enrolment AND n.ladder = o.ladder
"""
_LEFT_OUT = """
CREATE TEMP TABLE left_out AS SELECT DISTINCT review, enrolment FROM pairs WHERE is_unknown
"""
_COMPARED = """
CREATE TEMP TABLE compared AS SELECT p.* FROM pairs AS p ANTI JOIN left_out AS l USING (review, enrolment)
"""


@dataclass(frozen=True, slots=True)
class Pairs:
    """Both sides joined; the small answers about them are read when they are asked for."""

    connection: DuckDB

    @classmethod
    def of(cls, old: Sequence[Run], new: Sequence[Run], folder: Path) -> Pairs:
        """Join the tiers of both sides by review, enrolment and ladder; ``folder`` holds them on their way."""
        for name, runs in (("old", old), ("new", new)):
            (folder / name).mkdir()
            for number, run in enumerate(runs):
                run.write_held(folder / name / f"{number}.parquet")
        connection = open_duckdb()
        given = {name: str(folder / name / "*.parquet") for name in ("old", "new")}
        connection.raw.execute(_PAIRS, given)
        connection.raw.execute(_LEFT_OUT)
        connection.raw.execute(_COMPARED)
        return cls(connection)

    def _rows(self, text: str, *given: object) -> list[Row]:
        return self.connection.raw.execute(text, list(given)).fetchall()

    def compared(self) -> dict[int, int]:
        """How many partners are compared at each review."""
        return dict(self._rows("SELECT review, COUNT(DISTINCT enrolment) FROM compared GROUP BY review"))

    def unknown(self) -> dict[int, int]:
        """How many are not, because facts are missing."""
        return dict(self._rows("SELECT review, COUNT(*) FROM left_out GROUP BY review"))

    def left_out(self, review: int) -> tuple[str, ...]:
        """Who is not compared at a review."""
        rows = self._rows("SELECT enrolment FROM left_out WHERE review = ? ORDER BY enrolment", review)
        return tuple(name for (name,) in rows)

    def enrolments(self, review: int) -> frozenset[str]:
        """Who is compared at a review."""
        return frozenset(
            name for (name,) in self._rows("SELECT DISTINCT enrolment FROM compared WHERE review = ?", review)
        )

    def moved(self) -> list[Moved]:
        """Whoever stands elsewhere, in order of review, ladder and enrolment."""
        return self._rows("SELECT review, enrolment, ladder, old, new FROM compared WHERE old <> new ORDER BY ALL")

    def flows(self) -> dict[int, list[tuple[str, int, int, int]]]:
        """By review how many go from which tier to which: the ladder, both ranks, the partners."""
        found: defaultdict[int, list[tuple[str, int, int, int]]] = defaultdict(list)
        text = "SELECT review, ladder, old, new, COUNT(*) FROM compared GROUP BY ALL ORDER BY ALL"
        for review, *flow in self._rows(text):
            found[review].append(tuple(flow))
        return dict(found)

    def close(self) -> None:
        """Forget everything."""
        self.connection.close()


def name_of(label: str) -> str:
    """The ladder of a label, which may name a cell."""
    return label.partition("[")[0]


@dataclass(frozen=True, slots=True)
class Tiers:
    """The ladders of both sides: their orders, and the label of a tier by ladder and id."""

    orders: Mapping[str, Order]
    labels: Mapping[tuple[str, str], str]

    def counts(self, flows: Iterable[tuple[str, int, int, int]]) -> tuple[TierCount, ...]:
        """The tiers of every ladder from the highest to none, with their movements."""
        by_ladder: defaultdict[str, dict[tuple[int, int], int]] = defaultdict(dict)
        for ladder, old, new, partners in flows:
            by_ladder[ladder][old, new] = partners
        return tuple(
            _count(ladder, rank, tier, moved, self)
            for ladder, moved in sorted(by_ladder.items())
            for rank, tier in _by_rank(self.orders[name_of(ladder)])
            if tier is not None or any(rank in pair for pair in moved)
        )


def _by_rank(order: Order) -> list[tuple[int, str | None]]:
    tiers = {rank: tier for tier, rank in (*order.old.items(), *order.new.items())}
    return sorted(tiers.items(), reverse=True)


def _count(ladder: str, rank: int, tier: str | None, moved: Mapping[tuple[int, int], int], tiers: Tiers) -> TierCount:
    ways: dict[Direction, int] = {"up": 0, "down": 0, "aside": 0}
    order = tiers.orders[name_of(ladder)]
    for (old, new), partners in moved.items():
        if old == rank != new:
            ways[order.direction(old, new)] += partners
    return TierCount(
        ladder=ladder,
        tier=tier,
        label="no tier" if tier is None else tiers.labels[name_of(ladder), tier],
        old=sum(partners for (old, _), partners in moved.items() if old == rank),
        new=sum(partners for (_, new), partners in moved.items() if new == rank),
        up=ways["up"],
        down=ways["down"],
        aside=ways["aside"],
    )


# --- why ------------------------------------------------------------------------------------------------------------

_REASONS = """
SELECT w.review, w.enrolment, w.ladder, p.path, r.value, r.line, r.gap
FROM {wanted} AS w
JOIN {enrolled} AS n ON n.review = w.review AND n.enrolment = w.enrolment
JOIN {places} AS p ON p.review = w.review AND p.ladder = w.ladder AND p.ordinal = w.ordinal AND p.role IN ('part', 'only')
JOIN {answers} AS r ON r.node = p.node AND r.d = p.d AND r.k = p.k AND r.e = n.e
WHERE r.result = 0
"""
FULL = "node, e, d, value, line, gap, result"


def moves(
    moved: Sequence[Moved], old: Sequence[Run], new: Sequence[Run], orders: Mapping[str, Order]
) -> dict[int, tuple[Move, ...]]:
    """The moves of each review with their reasons."""
    wanted = {way: _wanted(moved, orders, way) for way in ("down", "up")}
    reasons = {
        **_reasons(new, wanted["down"], is_missed=True),
        **_reasons(old, wanted["up"], is_missed=False),
    }
    answered = {who for listed in wanted.values() for who, _ in listed}
    found: defaultdict[int, list[Move]] = defaultdict(list)
    for review, enrolment, ladder, before, after in moved:
        order, who = orders[name_of(ladder)], (review, enrolment, ladder)
        why = tuple(reasons.get(who, ()))
        cause: Cause = "no tier" if who not in answered else "requirement" if why else "timing"
        tiers = _tier(order.old, before), _tier(order.new, after)
        found[review].append(Move(enrolment, ladder, *tiers, order.direction(before, after), why, cause))
    return {review: tuple(listed) for review, listed in found.items()}


def _tier(ranks: Mapping[str | None, int], rank: int) -> str | None:
    return next(tier for tier, found in ranks.items() if found == rank)


def _wanted(moved: Iterable[Moved], orders: Mapping[str, Order], direction: str) -> list[tuple[Who, str]]:
    """Which tier of the other side those who go a way would need: the higher of the two, where that side has it."""
    found = []
    for review, enrolment, ladder, before, after in moved:
        order = orders[name_of(ladder)]
        if order.direction(before, after) == direction:
            here = _tier(order.old, before) if direction == "down" else _tier(order.new, after)
            tier = order.new_tier(here) if direction == "down" else order.old_tier(here)
            if tier is not None:
                found.append(((review, enrolment, ladder), tier))
    return found


def _reasons(runs: Sequence[Run], wanted: Sequence[tuple[Who, str]], *, is_missed: bool) -> dict[Who, list[Reason]]:
    found: defaultdict[Who, list[Reason]] = defaultdict(list)
    for run in runs if wanted else ():
        ladders = run.compiled.program.ladders
        places = {(name, tier.id): place for name in ladders for place, tier in enumerate(ladders[name].tiers)}
        rows = [(*who, places[name_of(who[2]), tier]) for who, tier in wanted]
        run.store("wanted", WANTED, rows)
        for review, enrolment, ladder, path, *measured in run.rows(_REASONS, answers=run.answers(FULL, "part", "only")):
            who = (int(str(review)), str(enrolment), str(ladder))
            found[who].append(_reason(run, who[2], str(path), measured, is_missed=is_missed))
    return {who: sorted(reasons, key=lambda reason: in_order(reason.path)) for who, reasons in found.items()}


def _reason(run: Run, ladder: str, path: str, measured: Sequence[object], *, is_missed: bool) -> Reason:
    tier, branch = run.branch(ladder, path)
    value, line, gap = (plain(item) if branch.kind == "number" else None for item in measured)
    return Reason(tier, path, branch.label, is_missed, value, line, gap, branch.test, branch.is_place)


def in_order(path: str) -> tuple[tuple[int, str], ...]:
    """Sorts paths by their places, so that the tenth part follows the ninth."""
    return tuple((int(part), "") if part.isdigit() else (0, part) for part in path.split("."))
