"""A comparison in sentences, for terminals and pages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import ROUND_HALF_UP, Decimal

from swingby.engine.replaying.results import Comparison, Cost, Direction, Gap, Move, Reason, Review, TierCount
from swingby.engine.wording import gap_words

_VERBS: dict[Direction, tuple[str, str]] = {
    "down": ("drops", "drop"),
    "up": ("rises", "rise"),
    "aside": ("changes", "change"),
}
_SIZES = ((Decimal(10) ** 9, "bn"), (Decimal(10) ** 6, "M"), (Decimal(10) ** 3, "k"))
_LEAST = 10


def headline(found: Comparison) -> str:
    """What the change does, in one sentence: who moves at the last review, and what it costs."""
    moved = movements(found.last)
    if not found.is_of_versions:
        days = f"Between {found.old.day} and {found.new.day}"
        return f"{days}: {', '.join([*moved, *_came_and_went(found), *money(found)])}."
    return f"If nobody changed behaviour: {', '.join([*moved, *money(found)])}."


def movements(review: Review) -> list[str]:
    """``3 of 33 Gold drop``, from the highest tier down; then who rises, or that nobody does."""
    if not review.compared:
        return ["nobody can be compared"]
    found = []
    for direction in ("down", "up", "aside"):
        parts = [_movement(tier, direction) for tier in review.tiers if getattr(tier, direction)]
        found += parts or ([f"none {_VERBS[direction][1]}"] if direction != "aside" else [])
    return found


def _movement(tier: TierCount, direction: Direction) -> str:
    partners = getattr(tier, direction)
    whom = f"with {tier.label}" if tier.tier is None else tier.label
    return f"{partners:,} of {tier.old:,} {whom} {_VERBS[direction][partners != 1]}"


def _came_and_went(found: Comparison) -> Iterator[str]:
    if found.joined:
        yield f"{len(found.joined):,} joined"
    if found.left:
        yield f"{len(found.left):,} left"


def money(found: Comparison) -> list[str]:
    """``USD 1.4 M less Discount a year``, for every priced benefit whose cost changes."""
    return [f"{_change(cost, found.currency)}" for cost in found.costs if cost.change]


def _change(cost: Cost, currency: str) -> str:
    way = "less" if cost.change < 0 else "more"
    return f"{amount(abs(cost.change), currency)} {way} {cost.label}{' a year' if cost.is_yearly else ''}"


def amount(value: Decimal, currency: str) -> str:
    """Money in few words: ``USD 1.4 M``; rounded half up to one decimal of its size, small sums to whole units."""
    for size, word in _SIZES:
        if abs(value) >= size:
            shown = value / size
            digits = Decimal("0.1") if abs(shown) < _LEAST * _LEAST else Decimal(1)
            return f"{currency} {shown.quantize(digits, ROUND_HALF_UP):,f} {word}"
    return f"{currency} {value.quantize(Decimal(1), ROUND_HALF_UP):f}"


def why(move: Move, found: Comparison) -> str:
    """Why a partner stands elsewhere."""
    if move.cause == "no tier":
        return "one side has no such tier"
    if move.cause == "timing":
        return "meets what is asked for on both; a review, a hold or protection decides"
    asked = "; ".join(_reason(item) for item in move.reasons)
    if move.direction == "down":
        return f"misses {asked}"
    return f"no longer needs {asked}" if found.is_of_versions else f"missed {asked} before"


def _reason(reason: Reason) -> str:
    gap = gap_words(reason.gap, reason.test, is_place=reason.is_place) if reason.is_missed else ""
    return f"{reason.label} ({gap})" if gap else reason.label


def because(gaps: Sequence[Gap]) -> str:
    """Which sources are not complete on every day."""
    return "; ".join(f"{gap.kind} from {gap.source}: complete {_span(gap)}" for gap in gaps)


def _span(gap: Gap) -> str:
    if gap.complete_from and gap.complete_to:
        return f"from {gap.complete_from} until {gap.complete_to}"
    return f"from {gap.complete_from}" if gap.complete_from else f"until {gap.complete_to}"


def knowledge(found: Comparison) -> str:
    """What the reviews see, in words."""
    return {
        "now": "every review with what is known now",
        "then": "every review with what was known on its day",
        None: "as two assessments",
    }[found.known]
