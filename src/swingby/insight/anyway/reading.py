"""Reads deals as they were on the day they opened, with whose they were and how they ended."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from swingby.engine import FactSource
from swingby.insight.anyway.question import AnywayQuestion
from swingby.insight.effects import statements
from swingby.insight.numerics.arrays import Floats, Integers, Truths
from swingby.program import Program

Words = npt.NDArray[np.object_]
#: The number of a deal without a partner.
DIRECT = -1

#: Each deal's first row, and its last one that ended it. On one day a row that ends a deal comes after one that does not.
ENDS = """
SELECT d.deal, min(d.happened_on) AS opened,
       arg_min({{'amount': d.amount, 'currency': coalesce(d.currency, $currency), 'customer': d.customer, 'origin': {origin},
                'over': d.stage IN ($won, $lost)}}, (d.happened_on, d.stage IN ($won, $lost), d.position, d.fact_id)) AS first,
       arg_max({{'won': d.stage = $won, 'day': d.happened_on, 'amount': d.amount, 'currency': coalesce(d.currency, $currency)}},
               (d.happened_on, d.position, d.fact_id)) FILTER (d.stage IN ($won, $lost)) AS last
FROM fact_deals AS d WHERE {known} AND d.cancelled_on IS NULL AND d.happened_on < $until GROUP BY d.deal
"""

#: Whose a deal is: the partner with the largest share that was in it in time. Anybody in any part makes it not direct.
SIDES = """
SELECT l.deal, arg_max(r.p, (coalesce(l.share, 1), -r.p))
         FILTER ({part} AND r.p IS NOT NULL AND l.starts_on <= e.opened + CAST($within AS INTEGER)) AS p
FROM fact_deal_parties AS l JOIN evidence_opened AS e ON e.deal = l.deal
LEFT JOIN evidence_reach AS r ON r.organization = l.organization
WHERE {known} GROUP BY l.deal
"""

#: The product with the most money among the lines that were there on the day of the opening.
PRODUCTS = """
SELECT n.deal, arg_max(n.product, (n.money, n.product)) AS product FROM (
  SELECT l.deal, l.product, coalesce(sum(l.amount), 0) AS money
  FROM fact_deal_lines AS l JOIN evidence_opened AS e ON e.deal = l.deal AND l.happened_on <= e.opened
  WHERE {known} AND l.cancelled_on IS NULL AND l.product IS NOT NULL GROUP BY ALL
) AS n GROUP BY n.deal
"""

DEALS = """
SELECT e.opened, e.first.over AS over, e.last.won AS won, date_diff('day', e.opened, e.last.day) AS days,
       CAST(e.first.amount * x.rate AS DOUBLE) AS size, CAST(e.last.amount * y.rate AS DOUBLE) AS money,
       CASE WHEN s.deal IS NULL THEN -1 ELSE coalesce(s.p, -2) END AS p,
       e.first.origin AS origin, c.market, c.country, i.product,
       CASE WHEN c.customer IS NULL THEN NULL WHEN c.won_on < e.opened THEN 'known' ELSE 'new' END AS customer
FROM evidence_opened AS e
LEFT JOIN ({sides}) AS s ON s.deal = e.deal
LEFT JOIN ({products}) AS i ON i.deal = e.deal
LEFT JOIN (SELECT customer, any_value(market) AS market, any_value(country) AS country, min(won_on) AS won_on
           FROM ref_customers GROUP BY customer) AS c ON c.customer = e.first.customer
ASOF LEFT JOIN ({rates}) AS x ON x.currency = e.first.currency AND e.opened >= x.valued_on
ASOF LEFT JOIN ({rates}) AS y ON y.currency = e.last.currency AND coalesce(e.last.day, e.opened) >= y.valued_on
WHERE e.opened >= $since ORDER BY e.deal
"""
RATES = """
SELECT currency, valued_on, rate FROM ref_exchange_rates WHERE currency <> $currency
UNION ALL SELECT $currency, DATE '0001-01-01', 1
"""
#: What is known of a deal besides its size and day.
NAMED = ("origin", "market", "country", "product", "customer")


@dataclass(frozen=True, slots=True)
class Deals:
    """Deals that opened in the days that are looked at and have ended, one item for each.

    Attributes
    ----------
    partner
        Number of the partner; `DIRECT` without one.
    won, days, money
        How it ended, after how many days, and what it was worth if it was won.
    size, quarter
        What it was worth on the day it opened, and the quarter of that day.
    named
        Words that were known on that day, by what they are about; empty where nothing was.
    """

    partner: Integers
    won: Truths
    days: Floats
    money: Floats
    size: Floats
    quarter: Words
    named: dict[str, Words]

    @property
    def with_partner(self) -> Truths:
        """Which are a partner's."""
        found: Truths = self.partner != DIRECT
        return found

    def only(self, kept: Truths) -> Self:
        """Some of them."""
        arrays = {one.name: getattr(self, one.name)[kept] for one in fields(self) if one.name != "named"}
        return replace(self, **arrays, named={name: words[kept] for name, words in self.named.items()})


@dataclass(frozen=True, slots=True)
class Read:
    """What was read, and how many deals were left out by reason.

    Attributes
    ----------
    open_shares
        The shares of deals that are still open: with a partner, and direct.
    names
        Of partners, by number.
    """

    deals: Deals
    unopened: int
    late: int
    still_open: int
    without_size: int
    open_shares: tuple[float, float]
    names: tuple[str, ...]


def read_deals(facts: FactSource, program: Program, question: AnywayQuestion) -> Read:
    """Read the deals of a question that was checked."""
    found, names = _found(facts, program, question)
    opened, sided = ~found["over"], found["p"] > DIRECT - 1
    ended = found["won"] >= 0
    sized = np.isfinite(found["size"]) & (found["size"] > 0)
    here = opened & sided
    kept = here & ended & sized
    return Read(
        deals=_deals(found).only(kept),
        unopened=int((~opened).sum()),
        late=int((opened & ~sided).sum()),
        still_open=int((here & ~ended).sum()),
        without_size=int((here & ended & ~sized).sum()),
        open_shares=(_share(~ended[here & (found["p"] >= 0)]), _share(~ended[here & (found["p"] == DIRECT)])),
        names=names,
    )


def _share(which: Truths) -> float:
    return float(which.mean()) if len(which) else 0.0


def _found(facts: FactSource, program: Program, question: AnywayQuestion) -> tuple[dict[str, Any], tuple[str, ...]]:
    """The columns of `DEALS` without gaps: -1 for unknown endings, NaN for unknown numbers, empty words."""
    session = facts.connection.cursor()
    known = {"known": facts.latest_position if question.known_at is None else question.known_at}
    session.execute(statements.PARTNERS, {"since": question.since, "until": question.until})
    session.execute(statements.REACH[program.header.roll_up])
    origin = f'd."{question.origin}"' if question.origin else "NULL"
    ends = ENDS.format(origin=origin, known=statements.KNOWN.format(alias="d"))
    priced = {"currency": program.header.currency}
    bound = known | priced | {"won": question.won, "lost": question.lost, "until": question.until}
    session.execute(f"CREATE OR REPLACE TEMP TABLE evidence_opened AS {ends}", bound)
    held = statements.KNOWN.format(alias="l")
    whole = DEALS.format(
        sides=SIDES.format(part=statements.PART, known=held), products=PRODUCTS.format(known=held), rates=RATES
    )
    asked = {"within": question.within, "since": question.since}
    rows = session.execute(whole, known | priced | asked | statements.parts_bound(question.parts)).fetchnumpy()
    names = session.execute(
        "SELECT coalesce(o.name, p.organization) FROM evidence_partners AS p "
        "LEFT JOIN ref_organizations AS o ON o.organization = p.organization ORDER BY p.p"
    ).fetchall()
    return {name: _filled(name, column) for name, column in rows.items()}, tuple(str(name) for (name,) in names)


def _filled(name: str, column: Any) -> Any:
    if name in NAMED:
        return np.array([str(one) if one else "" for one in np.ma.filled(np.ma.asarray(column, object), "")], object)
    if name in {"size", "money", "days"}:
        return np.ma.filled(np.ma.asarray(column, np.float64), np.nan)
    if name == "won":
        return np.ma.filled(np.ma.asarray(column, np.int64), -1)
    return np.ma.getdata(column)


def _deals(found: dict[str, Any]) -> Deals:
    months = found["opened"].astype("datetime64[M]").astype(np.int64)
    won = found["won"] > 0
    return Deals(
        partner=found["p"].astype(np.int64),
        won=won,
        days=found["days"],
        money=np.where(won, np.nan_to_num(found["money"]), 0.0),
        size=found["size"],
        quarter=np.array([f"{1970 + one // 12} quarter {one % 12 // 3 + 1}" for one in months], object),
        named={name: found[name] for name in NAMED},
    )
