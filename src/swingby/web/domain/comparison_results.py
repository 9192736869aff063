"""What a comparison says, as it is kept: keys of partners and plain values, names only when a page is made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from swingby.engine import FactSource, assess
from swingby.engine.replaying import Comparison, Move, NearLine, Review, because, headline, knowledge, why
from swingby.program import Program, plain_number
from swingby.program.numbers import FactNumber

MOST_NEAR = 200
Sides = tuple[Program, Program]


@dataclass(frozen=True, slots=True)
class Money:
    """What partners bring, by the program's own measure of money: its words, and the amount by partner."""

    label: str
    amounts: Mapping[str, Decimal]


def money_of(program: Program, facts: FactSource, found: Comparison) -> Money | None:
    """The money of the partners who move, if the program measures any."""
    name = _money_measure(program)
    moving = sorted({move.enrolment for move in found.last.moves})
    if name is None or not moving:
        return None
    with closing(assess(program, facts, as_of=found.old.day, enrolments=moving)) as run:
        values = {standing.enrolment: standing.numbers[name].value for standing in run if name in standing.numbers}
    label = program.measures[name].text.label or name.replace("_", " ").capitalize()
    return Money(label, {key: value for key, value in values.items() if value is not None})


def _money_measure(program: Program) -> str | None:
    """The first measure that puts amounts of deals together."""
    for name, measure in program.measures.items():
        number = measure.number
        if isinstance(number, FactNumber) and number.aggregate == "sum" and number.column == "amount":
            return name
    return None


def movers_of(found: Comparison, sides: Sides, money: Money | None) -> list[dict[str, Any]]:
    """Who stands elsewhere at the last review: those who drop first, the largest first."""
    lost = {row.enrolment: row.lost for row in found.worse_off}
    rows = [_mover(move, found, sides, lost, money) for move in found.last.moves]
    order = {"down": 0, "aside": 1, "up": 2}
    return sorted(rows, key=lambda row: (order[row["direction"]], -Decimal(row["money"] or 0), row["enrolment"]))


def _mover(
    move: Move, found: Comparison, sides: Sides, lost: Mapping[str, Decimal | None], money: Money | None
) -> dict[str, Any]:
    amount = money.amounts.get(move.enrolment) if money else None
    return {
        "enrolment": move.enrolment,
        "ladder": move.ladder,
        "old": _tier(sides[0], move.ladder, move.old),
        "new": _tier(sides[1], move.ladder, move.new),
        "direction": move.direction,
        "why": why(move, found),
        "money": _plain(amount),
        "lost": _plain(lost.get(move.enrolment)),
    }


def _tier(program: Program, ladder: str, tier: str | None) -> str:
    if tier is None:
        return "No tier"
    return next((item.label or item.id for item in program.ladders[ladder].tiers if item.id == tier), tier)


def summary_of(found: Comparison, sides: Sides) -> dict[str, Any]:
    """Everything of a comparison but who moves."""
    return {
        "headline": headline(found),
        "old": found.old.version,
        "new": found.new.version,
        "currency": found.currency,
        "known": knowledge(found),
        "by_month": found.by_month,
        "compared": found.last.compared,
        "not_compared": list(found.not_compared),
        "worse_off": len(found.worse_off),
        "reviews": [_review(review) for review in found.reviews],
        "tiers": [
            {"label": row.label, "old": row.old, "new": row.new, "up": row.up, "down": row.down, "aside": row.aside}
            for row in found.last.tiers
        ],
        "groups": [
            {"by": row.by, "group": row.group, "compared": row.compared, "up": row.up, "down": row.down}
            for row in found.groups
        ],
        **_near(found.near, sides[1]),
        "stopping": _stopping(found, sides),
        "not_replayable": [
            {
                "label": row.label,
                "tier": _tier(sides[row.side == "new"], row.ladder, row.tier),
                "side": row.side,
                "partners": row.partners,
                "reviews": len(row.reviews),
                "because": because(row.because),
            }
            for row in found.not_replayable
        ],
        "costs": [
            {
                "label": row.label,
                "old": _plain(row.old),
                "new": _plain(row.new),
                "change": _plain(row.change),
                "yearly": row.is_yearly,
                "unknown": row.unknown,
            }
            for row in found.costs
        ],
    }


def _review(review: Review) -> dict[str, Any]:
    return {
        "on": review.on.isoformat(),
        "compared": review.compared,
        "unknown": review.unknown,
        "up": review.count("up"),
        "down": review.count("down"),
        "aside": review.count("aside"),
    }


def _near(rows: Sequence[NearLine], program: Program) -> dict[str, Any]:
    """How many are near a line on either side, and the nearest of them."""
    shown = sorted(rows, key=lambda row: (abs(row.value - row.line) / abs(row.line or Decimal(1)), row.enrolment))[
        :MOST_NEAR
    ]
    return {
        "near_above": sum(row.is_met for row in rows),
        "near_below": sum(not row.is_met for row in rows),
        "near": [
            {
                "enrolment": row.enrolment,
                "tier": _tier(program, row.ladder, row.tier),
                "label": row.label,
                "value": plain_number(row.value),
                "line": plain_number(row.line),
                "above": row.is_met,
            }
            for row in shown
        ],
    }


def _stopping(found: Comparison, sides: Sides) -> list[dict[str, Any]]:
    """What each requirement of the new version stops, and what the same one stopped before."""
    before = {(row.ladder, row.tier, row.label): len(row.alone) for row in found.stopping if row.side == "old"}
    rows = [row for row in found.stopping if row.side == "new" and row.missed]
    rows.sort(key=lambda row: (-len(row.alone), -row.missed, row.path))
    return [
        {
            "tier": _tier(sides[1], row.ladder, row.tier),
            "label": row.label,
            "missed": row.missed,
            "alone": len(row.alone),
            "before": before.get((row.ladder, row.tier, row.label)),
        }
        for row in rows
    ]


def _plain(value: Decimal | None) -> str | None:
    return None if value is None else plain_number(value)
