"""The rules as the small tables that every peer joins: what its author would type in by hand."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from bench.engine_case.rules import AS_OF, TIERS, TOTAL, Case

#: A bound that is always kept, so that no peer has to test for NULL.
NO_QUANTITY = 10**7

RULES = "number form points kind s t least_rating low high status earn cap per"
LEAVES = "path tier place number line"
BRANCHES = "path tier place need"
HALVES = "half number cap"


def rule_rows(case: Case) -> Iterator[tuple[object, ...]]:
    """One row for each rule and kind."""
    for rule in case.rules:
        low, high = rule.quantity or (0, NO_QUANTITY)
        for kind in rule.kinds:
            yield (
                rule.number,
                rule.form,
                rule.form == "points",
                kind,
                rule.window.start,
                rule.window.end,
                rule.least_rating or 0,
                low,
                high,
                rule.status or "",
                rule.earn,
                rule.cap,
                "month" if rule.per == "month" else "quarter",
            )


def leaf_rows(case: Case) -> Iterator[tuple[object, ...]]:
    """One row for each requirement on a number."""
    for leaf in case.leaves:
        yield leaf.path, leaf.tier, leaf.group, leaf.number, leaf.line


def branch_rows(case: Case) -> Iterator[tuple[object, ...]]:
    """One row for each group below a tier; the line on the score is a group of one without a row of its own."""
    for branch in case.branches:
        yield branch.path, branch.tier, branch.group, branch.need


def half_rows(case: Case) -> Iterator[tuple[object, ...]]:
    """Which points each of the two scores adds up."""
    for half, (rules, cap) in enumerate(case.halves, start=1):
        for rule in rules:
            yield half, rule.number, cap


def first_day(case: Case) -> str:
    """The earliest day that any rule looks at."""
    return min(rule.window.start for rule in case.rules).isoformat()


def constants(case: Case) -> dict[str, object]:
    """The values that stand in the peers' statements."""
    return {
        "as_of": AS_OF.isoformat(),
        "first": first_day(case),
        "end": max(rule.window.end for rule in case.rules).isoformat(),
        "total": TOTAL,
        "total_cap": Decimal(case.total_cap),
        "tiers": len(TIERS),
    }
