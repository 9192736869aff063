"""A company that sells through partners and directly, with what was known of each deal when it opened."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from math import exp
from random import Random

from swingby.program import FACT_KINDS, Column, Program
from tests.insight.company import Row
from tests.insight.company import program as plain

SINCE, UNTIL = date(2024, 1, 1), date(2025, 7, 1)
MARKETS = ("large", "middle", "small")


def program() -> Program:
    """A program whose deals say where they came from."""
    deals = FACT_KINDS["deals"]
    with_origin = replace(deals, columns=(*deals.columns, Column("came_from", "word")))
    return replace(plain(), kinds={**FACT_KINDS, "deals": with_origin})


def sold(*, adds: float = 0.5, deals: int = 1600, seed: int = 5) -> dict[str, list[Row]]:
    """Partners have the small deals, which anybody wins more often; `adds` is what they add to the log odds.

    A tenth of their deals they found themselves; direct deals never come from there.
    """
    random = Random(seed)
    names = ("organizations", "enrolments", "customers", "deals", "deal_parties")
    tables: dict[str, list[Row]] = {name: [] for name in names}
    for nth in range(40):
        tables["organizations"].append({"organization": f"p{nth}", "name": f"Partner {nth}"})
        tables["enrolments"].append({"enrolment": f"p{nth}", "organization": f"p{nth}", "joined_on": date(2022, 1, 1)})
    for nth in range(deals):
        log, market = random.gauss(0, 1), random.choice(MARKETS)
        ours = random.random() < 1 / (1 + exp(0.8 * log))
        won = random.random() < 1 / (1 + exp(0.5 + 0.6 * log - adds * ours))
        opened = SINCE + timedelta(days=random.randrange(365))
        origin = "found" if ours and random.random() < 0.1 else random.choice(["campaign", "fair", "call"])
        tables["customers"].append({"customer": f"c{nth}", "market": market})
        _put(
            tables,
            f"d{nth}",
            (opened, opened + timedelta(days=random.randrange(30, 120))),
            "won" if won else "lost",
            log,
            origin,
        )
        if ours:
            partner = f"p{random.randrange(40)}"
            tables["deal_parties"].append(
                {"deal": f"d{nth}", "organization": partner, "role": "seller", "starts_on": opened}
            )
    return tables


def _put(tables: dict[str, list[Row]], deal: str, days: tuple[date, date], end: str, log: float, origin: str) -> None:
    row: Row = {"deal": deal, "customer": f"c{deal[1:]}", "currency": "USD", "came_from": origin}
    row["amount"] = Decimal(str(round(10_000 * exp(log), 2)))
    tables["deals"].append({**row, "stage": "open", "happened_on": days[0]})
    tables["deals"].append({**row, "stage": end, "happened_on": days[1]})
