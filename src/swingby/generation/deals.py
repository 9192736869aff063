"""Deals: won ones by month with season, growth and January's rush; as many lost as the win rate says."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from swingby.generation.archetypes import Company
from swingby.generation.drawing import chance, day_between, lognormal, poisson, stream
from swingby.generation.partners import Partner
from swingby.values import CIVIL

Row = dict[str, object]
SEASON = {2: 0.75, 4: 1.10, 7: 1.12, 10: 1.10}
NEW_CUSTOMER = 0.35
OPEN_FOR = timedelta(days=48)
JANUARY = 1


def deals(company: Company, seed: str, partner: Partner) -> tuple[list[Row], list[Row]]:
    """Won deals of one partner, and the links that credit them."""
    random = stream(seed, "deals", partner.key)
    won: list[Row] = []
    first = max(company.first, partner.joined_on)
    for nth, month in enumerate(CIVIL.periods_between(first, company.last + timedelta(days=1), "month")):
        for _ in range(poisson(random, _rate(partner, month.start, nth) * lognormal(random, 0.25, -0.03))):
            day = min(day_between(random, max(first, month.start), month.end), company.last)
            amount = round(partner.deal_median * lognormal(random, 0.55), 2)
            won.append(_deal(partner, len(won), day, Decimal(str(amount)), new=chance(random, NEW_CUSTOMER)))
    return won, [_party(partner, row) for row in won]


def _rate(partner: Partner, month: date, nth: int) -> float:
    archetype = partner.archetype
    season = archetype.january if month.month == JANUARY else SEASON.get(month.month, 1.0)
    growth = (1 + archetype.growth) ** ((nth - 18) / 12)
    return float(archetype.deals / 12 * partner.deal_level * season * growth)


def _deal(partner: Partner, nth: int, day: date, amount: Decimal, *, new: bool) -> Row:
    customer = nth if new else nth // 3 * 3
    return {
        "fact_id": f"deal-{partner.key}-{nth}-won",
        "deal": f"{partner.key}-{nth}",
        "customer": f"{partner.key}.c{customer}",
        "stage": "won",
        "amount": amount,
        "currency": "USD",
        "happened_on": day,
    }


def _party(partner: Partner, deal: Row) -> Row:
    day = deal["happened_on"]
    return {
        "fact_id": f"party-{deal['deal']}",
        "organization": partner.key,
        "deal": deal["deal"],
        "role": "seller",
        "starts_on": day - OPEN_FOR if isinstance(day, date) else None,
    }
