"""Accounts worked out by hand: published credits and market development funds, as plain movements."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from swingby.engine.lots import Book, Movement, book

ONE_DAY = timedelta(days=1)


def bought(day: str, amount: int) -> Movement:
    """A purchase of credits, which can be used for two years."""
    on = date.fromisoformat(day)
    return Movement(on, "in", Decimal(amount), f"bought {day}", on, on.replace(year=on.year + 2))


def earned(day: str, amount: int) -> Movement:
    """A share of a sale in the second half of 2023, to be used in the first half of 2024."""
    return Movement(date.fromisoformat(day), "in", Decimal(amount), f"earned {day}", date(2024, 1, 1), date(2024, 7, 1))


def spent(day: str, amount: int, entry: str = "spent") -> Movement:
    on = date.fromisoformat(day)
    return Movement(on, "out", Decimal(amount), entry, on)


def balance(account: Book, day: str) -> Decimal:
    return account.show("balance", None, date.fromisoformat(day) + ONE_DAY)


def left(account: Book) -> list[Decimal]:
    return [lot.left for lot in account.lots]


@pytest.mark.parametrize(
    ("amount", "through", "lots", "whole"),
    [
        (700, "2025-06-01", [300, 1000], 1300),
        (700, "2026-01-09", [300, 1000], 1300),
        (700, "2026-01-10", [0, 1000], 1000),
        (1200, "2025-06-01", [0, 800], 800),
        (1200, "2026-01-10", [0, 800], 800),
        (1200, "2027-01-10", [0, 0], 0),
    ],
    ids=["UMB-1", "UMB-1 the day before", "UMB-2", "UMB-3", "UMB-3 nothing lapses", "two years without renewal"],
)
def test_credits_roll_over_and_lapse_after_two_years(amount: int, through: str, lots: list[int], whole: int) -> None:
    movements = [bought("2024-01-10", 1000), bought("2025-01-10", 1000), spent("2025-06-01", amount)]
    account = book(movements, through=date.fromisoformat(through))
    assert (left(account), balance(account, through)) == (lots, whole)


def test_credits_of_a_spending_taken_back_after_they_lapsed_are_lost() -> None:
    movements = [bought("2024-01-10", 1000), bought("2025-01-10", 1000), spent("2025-06-01", 1200)]
    account = book([*movements, spent("2026-03-01", -1200)], through=date(2026, 3, 1))
    assert (left(account), [lot.expired for lot in account.lots]) == ([0, 1000], [1000, 0])
    assert [balance(account, day) for day in ("2026-02-28", "2026-03-01")] == [800, 1000]


def test_funds_open_with_the_half_after_they_were_earned() -> None:
    account = book([earned("2023-09-30", 7000), earned("2023-12-31", 5000)], through=date(2024, 6, 30))
    assert [balance(account, day) for day in ("2023-12-31", "2024-01-01", "2024-06-30")] == [0, 12000, 12000]
    assert account.show("opened", date(2024, 1, 1), date(2024, 7, 1)) == 12000


def test_what_is_not_spent_in_its_half_is_forfeited() -> None:
    account = book([earned("2023-09-30", 12000), spent("2024-06-30", 9000)], through=date(2024, 7, 1))
    assert [balance(account, day) for day in ("2024-06-30", "2024-07-01")] == [3000, 0]
    assert account.show("expired", date(2024, 7, 1), date(2025, 1, 1)) == 3000
    assert [(line.taken, line.cut) for line in account.spent] == [(9000, 0)]


def test_a_claim_on_the_day_of_forfeit_gets_nothing() -> None:
    account = book([earned("2023-09-30", 12000), spent("2024-07-01", 9000)], through=date(2024, 7, 1))
    assert [(line.taken, line.cut) for line in account.spent] == [(0, 9000)]


def test_claims_beyond_the_funds_are_cut_in_their_order() -> None:
    claims = [spent("2024-03-02", 3000, "c"), spent("2024-03-01", 8000, "b"), spent("2024-03-01", 2000, "a")]
    account = book([earned("2023-09-30", 12000), *claims], through=date(2024, 6, 30))
    assert [(line.entry, line.taken, line.cut) for line in account.spent] == [
        ("a", 2000, 0),
        ("b", 8000, 0),
        ("c", 2000, 1000),
    ]


def test_a_claim_taken_back_pays_for_a_later_one_but_not_for_an_earlier_cut() -> None:
    claims = [spent("2024-02-01", 12000, "a"), spent("2024-03-01", 3000, "b"), spent("2024-05-01", 3000, "d")]
    account = book([earned("2023-09-30", 12000), *claims, spent("2024-04-01", -12000, "a")], through=date(2024, 6, 30))
    assert [(line.entry, line.taken) for line in account.spent] == [("a", 12000), ("b", 0), ("a", -12000), ("d", 3000)]
    assert balance(account, "2024-06-30") == 9000


@pytest.mark.parametrize("names", [("a", "b"), ("b", "a")], ids="".join)
def test_a_sale_cancelled_is_taken_back_alike_whatever_its_earnings_are_called(names: tuple[str, str]) -> None:
    """Found by the oracle: what a sale had spent went back after or before what it had earned, by the names of the two."""
    earns, spends = names
    sold, cancelled = date(2024, 4, 1), date(2024, 4, 2)
    movements = [
        Movement(sold, "in", Decimal(500), earns, sold),
        Movement(sold, "out", Decimal(20), spends, sold),
        Movement(cancelled, "in", Decimal(-500), earns, cancelled),
        Movement(cancelled, "out", Decimal(-20), spends, cancelled),
    ]
    assert balance(book(movements), "2024-04-02") == 0
