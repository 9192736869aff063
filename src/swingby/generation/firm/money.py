"""What each program brought in and cost over the last twelve months, in lines that add up to the year."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from random import Random

from swingby.generation.firm.description import Firm, Vendor
from swingby.generation.firm.drawing import day_between, stream
from swingby.generation.firm.rows import Row, known
from swingby.values import add_months

MONTHS = 12


def worth(firm: Firm, seed: str) -> Iterator[Row]:
    """What came in; for a program that the firm is not in yet, what is expected."""
    for vendor in firm.vendors.values():
        random = stream(seed, "worth", vendor.key)
        yield from _lines(firm, random, vendor, table="worth", total=vendor.worth, kinds=firm.worth_of)


def costs(firm: Firm, seed: str) -> Iterator[Row]:
    """What it cost: hours of learning at cost, work on solutions, fees."""
    for vendor in firm.vendors.values():
        random = stream(seed, "cost", vendor.key)
        yield from _lines(firm, random, vendor, table="cost", total=vendor.cost, kinds=firm.cost_of)


def _lines(
    firm: Firm, random: Random, vendor: Vendor, *, table: str, total: int, kinds: Mapping[str, int]
) -> Iterator[Row]:
    """One line for each month and kind, in whole dollars."""
    weights = [share * random.uniform(0.6, 1.4) for share in kinds.values() for _ in range(MONTHS)]
    amounts = iter(_split(total, weights))
    for kind in kinds:
        for nth in range(MONTHS):
            day = _day(firm, random, nth)
            row: Row = {
                "fact_id": f"{table}-{vendor.key}-{kind}-{nth}",
                "organization": firm.key,
                "vendor": vendor.key,
                "kind": kind,
                "outlook": vendor.outlook,
                "amount": next(amounts),
                "currency": "USD",
                "happened_on": day,
            }
            yield known(row, day, "finance")


def _split(total: int, weights: list[float]) -> list[int]:
    """Whole parts in proportion; what rounding leaves goes to the last one."""
    parts = [int(total * weight / sum(weights)) for weight in weights]
    parts[-1] += total - sum(parts)
    return parts


def _day(firm: Firm, random: Random, nth: int) -> date:
    """A day of the nth month of the twelve that end today."""
    end = firm.today + timedelta(days=1)
    return day_between(random, add_months(end, nth - MONTHS), add_months(end, nth - MONTHS + 1))
