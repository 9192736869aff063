"""Caps: ties, refunds, cancelled events, several caps in order."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import pytest

from tests.soundness.worlds import World, on

CAPPED = """
points:
  quarterly: {for_each: transactions, earn: {rate: 1, of: quantity}, cap: {at_most: 10, per: quarter}}
  ever: {for_each: transactions, earn: {rate: 1, of: quantity}, cap: 10}
  monthly_then_quarterly:
    {for_each: transactions, earn: {rate: 1, of: quantity}, cap: [{at_most: 6, per: month}, {at_most: 10, per: quarter}]}
  each: {for_each: transactions, earn: {rate: 1, of: quantity}, cap: {at_most: 4, per: fact}}
  kept: {for_each: transactions, earn: {rate: 1, of: quantity}, cap: {at_most: 10, per: quarter}, cancelled: keep}
"""
QUARTER_THEN_YEAR = """
calendars: {fiscal: {starts: 02-01}}
points:
  sold:
    for_each: transactions
    earn: {rate: 1, of: quantity}
    cap: [{at_most: 10, per: quarter}, {at_most: 25, per: fiscal year}]
    expires: {after: 2 months}
"""
Line = tuple[str | None, str, Decimal]


def bought(*rows: tuple[str, str, int | str], cancelled: str | None = None) -> World:
    """Transactions: id, day, quantity; the first may be cancelled."""
    made = World.of(CAPPED)
    for index, (fact, day, quantity) in enumerate(rows):
        off = {"cancelled_on": cancelled} if cancelled and index == 0 else {}
        made.event("transactions", day, fact, quantity=Decimal(quantity), **off)
    return made


def lines(made: World, number: str, day: str = "2024-03-31") -> list[Line]:
    """Fact, kind and amount of each line, in order."""
    with made.assessed(day) as found:
        listed = found.history("acme", number)
        total = found.standing("acme", on(day)).numbers[number].value
        assert sum((line.amount for line in listed), Decimal(0)) == total
    return [(line.fact, line.kind, line.amount) for line in listed]


@pytest.mark.parametrize(
    ("ids", "first"), [(("a", "b"), "a"), (("b", "a"), "a"), (("B", "a"), "B"), (("é", "z"), "z"), (("10", "9"), "10")]
)
def test_ties_are_decided_by_the_bytes_of_the_id(ids: Sequence[str], first: str) -> None:
    """Both on one day, 7 and 7 under a cap of 10: the first keeps 7, the second 3."""
    second = next(item for item in ids if item != first)
    made = bought(*((item, "2024-02-10", 7) for item in ids))
    capped = [line for line in lines(made, "quarterly") if line[1] == "cap"]
    assert capped == [(second, "cap", -4)]


@pytest.mark.parametrize(
    ("amounts", "running"),
    [
        # What is kept is the total within the cap, so that a refund tells once the total falls below the cap.
        ((15, -4, 6), [10, 10, 10]),
        ((15, -6, 3), [10, 9, 10]),
        ((-5, 20), [-5, 10]),
        ((4, 4, 4, -12), [4, 8, 10, 0]),
        ((10, -15, 4), [10, -5, -1]),
        ((10, 0, "0.00000001"), [10, 10, 10]),
    ],
)
def test_negative_amounts(amounts: Sequence[int | str], running: Sequence[int]) -> None:
    days = [f"2024-02-{day:02}" for day in range(1, len(amounts) + 1)]
    made = bought(*((f"t{day}", day, amount) for day, amount in zip(days, amounts, strict=True)))
    assert made.over("quarterly", *days) == running
    assert made.over("ever", *days) == running


def test_caps_of_two_periods_apply_in_order() -> None:
    made = bought(("a", "2024-01-10", 9), ("b", "2024-02-10", 9), ("c", "2024-03-10", 1), ("d", "2024-04-10", 9))
    days = ("2024-01-31", "2024-02-29", "2024-03-31", "2024-04-30")
    assert made.over("monthly_then_quarterly", *days) == [6, 10, 10, 16]


def test_a_cap_is_filled_by_what_came_before_the_period_of_the_next() -> None:
    """The year begins inside a quarter that January had filled: of March nothing counts for it, so October finds room."""
    made = World.of(QUARTER_THEN_YEAR)
    for day in ("2024-01-10", "2024-03-01", "2024-04-10", "2024-07-05", "2024-10-05"):
        made.event("transactions", day, day, quantity=Decimal(10))
    days = ("2024-01-31", "2024-03-31", "2024-04-30", "2024-07-31", "2024-10-31")
    assert [made.values(day)["sold"] for day in days] == [10, 0, 10, 10, 5]


def test_a_cap_for_each_fact() -> None:
    made = bought(("a", "2024-01-10", 9), ("b", "2024-01-10", 3), ("c", "2024-01-10", 4))
    assert made.values("2024-03-31")["each"] == 11


def test_a_cancelled_event_leaves_a_negative_line_and_no_room() -> None:
    made = bought(("a", "2024-02-01", 8), ("b", "2024-02-02", 8), cancelled="2024-02-20")
    days = ("2024-02-01", "2024-02-02", "2024-02-19", "2024-02-20", "2024-03-31")
    assert made.over("quarterly", *days) == [8, 10, 10, 2, 2]
    assert made.over("kept", *days) == [8, 10, 10, 10, 10]
    assert lines(made, "quarterly") == [("a", "entry", 8), ("b", "cap", -6), ("b", "entry", 8), ("a", "reversal", -8)]


def test_a_capped_entry_that_is_cancelled_takes_back_what_it_gave() -> None:
    made = bought(("b", "2024-02-02", 8), ("a", "2024-02-01", 8), cancelled="2024-02-20")
    assert made.over("quarterly", "2024-02-19", "2024-02-20") == [10, 8]


def test_a_cancelled_event_is_not_counted_from_the_day_on() -> None:
    made = World.of(
        "measures: {n: {count: facts, of: activities, over: ever}, s: {sum: quantity, of: activities, over: ever}}"
    )
    made.event("activities", "2024-02-01", kind="x", quantity=3, cancelled_on="2024-03-01")
    made.event("activities", "2024-02-02", kind="x", quantity=4)
    assert made.over("n", "2024-02-29", "2024-03-01") == [2, 1]
    assert made.over("s", "2024-02-29", "2024-03-01") == [7, 4]


def test_a_cap_of_a_state_is_filled_by_what_is_in_force() -> None:
    """When a subscription ends, the next one gets its room."""
    made = World.of("points: {p: {for_each: subscriptions, earn: {rate: 1, of: quantity}, cap: 10}}")
    made.state("subscriptions", "2024-01-01", "2024-02-01", quantity=8).state("subscriptions", "2024-01-15", quantity=8)
    assert made.over("p", "2024-01-14", "2024-01-15", "2024-01-31", "2024-02-01") == [8, 10, 10, 8]


def test_a_score_has_its_own_cap() -> None:
    made = World.of(
        """
points:
  a: {for_each: activities, where: {kind: x}, earn: 30, cap: 50}
  b: {for_each: activities, where: {kind: y}, earn: 30}
scores: {total: {sum: [a, b], cap: 60}}
"""
    )
    for kind in ("x", "x", "y"):
        made.event("activities", "2024-01-01", kind=kind)
    found = made.values("2024-03-31")
    assert found == {"a": 50, "b": 30, "total": 60}
    kinds = [(kind, amount) for _, kind, amount in lines(made, "total")]
    assert kinds == [("entry", 30), ("cap", -10), ("entry", 30), ("entry", 30), ("score cap", -20)]
