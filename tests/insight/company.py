"""A small company with facts: who is certified when, and deals whose size the certificate raises."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from math import exp
from random import Random

from swingby.facts import FactSet, from_rows
from swingby.program import FACT_KINDS, Header, Program
from swingby.values import add_months

SINCE, UNTIL = date(2023, 2, 1), date(2025, 2, 1)
DAYS_OF_MONTH = 30
Row = dict[str, object]


def program(roll_up: str = "nearest") -> Program:
    """A program without rules."""
    header = Header(
        id="small",
        label="Small",
        language=1,
        version="1",
        effective=SINCE,
        currency="USD",
        roll_up=roll_up,  # type: ignore[arg-type]
    )
    return Program(header=header, kinds=FACT_KINDS)


def facts(tables: dict[str, list[Row]], *, rules: Program | None = None) -> FactSet:
    """Tables as facts; every row must be good."""
    found = from_rows(tables, rules or program())
    assert found.errors == ()
    return found


@dataclass(frozen=True, slots=True)
class Truth:
    """What moves the deals of those who are certified, in logs: the certificate, or something else that goes with it."""

    raised: float = 0.25
    #: Gained a month, certified or not yet.
    drift: float = 0.0
    #: Lost in the three months before, and back again after.
    spell: float = 0.0
    #: How many deals are won in a month, at least and at most.
    deals: tuple[int, int] = (8, 8)

    def worth(self, certified: date | None, day: date) -> float:
        """What the deals of one day are larger by."""
        if certified is None:
            return 0.0
        anyway = self.drift * ((day - SINCE).days / DAYS_OF_MONTH)
        if day >= certified:
            return anyway + self.raised
        return anyway - self.spell * ((certified - day).days <= 3 * DAYS_OF_MONTH)


def drawn(
    *, partners: int = 120, ever: float = 0.5, raised: float = 0.25, seed: int = 1, truth: Truth | None = None
) -> dict[str, list[Row]]:
    """Partners that win eight deals a month; those who are certified in months 7 to 20 win larger ones from then on."""
    truth = truth or Truth(raised)
    random = Random(seed)
    tables: dict[str, list[Row]] = {
        name: []
        for name in ("organizations", "enrolments", "people", "employments", "credentials", "deals", "deal_parties")
    }
    for nth in range(partners):
        key, quality = f"p{nth:03}", random.gauss(0, 1)
        ever_certified = random.random() < ever + 0.15 * (quality > 0) - 0.15 * (quality <= 0)
        certified = add_months(SINCE, random.randrange(7, 20)) + timedelta(days=9) if ever_certified else None
        tables["organizations"].append({"organization": key, "region": random.choice(["north", "south"])})
        tables["enrolments"].append({"enrolment": key, "organization": key, "joined_on": date(2022, 1, 1)})
        if certified:
            tables["people"].append({"person": f"{key}.e"})
            tables["employments"].append({"organization": key, "person": f"{key}.e", "starts_on": date(2022, 6, 1)})
            tables["credentials"].append({"person": f"{key}.e", "level": "advanced", "starts_on": certified})
        _deals(random, tables, key, quality, certified, truth)
    return tables


def _deals(
    random: Random, tables: dict[str, list[Row]], key: str, quality: float, certified: date | None, truth: Truth
) -> None:
    for month in range(24):
        least, most = truth.deals
        for nth in range(least if least == most else random.randint(least, most)):
            day = add_months(SINCE, month) + timedelta(days=random.randrange(28))
            noise = random.gauss(0, 0.45)
            amount = round(3000 * exp(0.8 * quality + 0.01 * month + noise + truth.worth(certified, day)), 2)
            deal = f"{key}-{month}-{nth}"
            tables["deals"].append(
                {"deal": deal, "stage": "won", "amount": Decimal(str(amount)), "currency": "USD", "happened_on": day}
            )
            tables["deal_parties"].append({"deal": deal, "organization": key, "starts_on": day - timedelta(days=30)})
