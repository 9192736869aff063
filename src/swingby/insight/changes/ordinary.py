"""What else happened around a change: the log of ordinary changes, and what moved for everybody."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from swingby.engine import FactSource
from swingby.insight.changes.question import YEAR, ChangeQuestion
from swingby.insight.effects import statements
from swingby.insight.effects.question import Act
from swingby.insight.effects.reading import Months, months_between, where_words
from swingby.insight.wording import counted, percent
from swingby.program import Program
from swingby.values import add_months

if TYPE_CHECKING:
    import duckdb

#: Within so many months of the change something else happened at the same time.
NEAR = 3
#: By so much prices and rates move to be told.
LEAST_PRICE, LEAST_RATE = 0.02, 0.05
#: So many lines of a product on either side without which its price is not told.
FEWEST_LINES = 5

CAME = """
SELECT count(*) FILTER (joined_on >= $since AND joined_on < $until),
       count(*) FILTER (ended_on >= $since AND ended_on < $until) FROM ref_enrolments
"""
NUMBER = """
SELECT count(*) FROM fact_{kind} AS f
WHERE f.{day} >= $since AND f.{day} < $until AND {known} AND {holds} AND {where}
"""
PRICES = """
WITH lines AS (
  SELECT f.product, f.currency, f.happened_on >= $day AS is_after, f.list_amount / f.quantity AS price
  FROM fact_deal_lines AS f
  WHERE {known} AND f.cancelled_on IS NULL AND f.quantity > 0 AND f.list_amount > 0
    AND f.happened_on >= $since AND f.happened_on < $until
), products AS (
  SELECT product, currency, median(price) FILTER (NOT is_after) AS before, median(price) FILTER (is_after) AS after,
         count(*) FILTER (NOT is_after) AS lines_before, count(*) FILTER (is_after) AS lines_after
  FROM lines GROUP BY product, currency
)
SELECT CAST(median(after / before - 1) AS DOUBLE), count(*) FROM products
WHERE lines_before >= $fewest AND lines_after >= $fewest
"""
RATES = """
SELECT currency, CAST(avg(rate) FILTER (valued_on >= $day) / avg(rate) FILTER (valued_on < $day) - 1 AS DOUBLE) AS moved
FROM ref_exchange_rates WHERE valued_on >= $since AND valued_on < $until GROUP BY currency ORDER BY currency
"""


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the log: on which day, what, and whether it came at the same time as the change."""

    on: date | None
    text: str
    is_near: bool


@dataclass(frozen=True, slots=True)
class Everybody:
    """The same months of all partners in the year before and the year since: a difference, not an effect.

    Attributes
    ----------
    months
        How many months are compared with the same months a year before; 0 if none can be.
    before, after
        Money of a partner and month.
    """

    months: int
    before: float
    after: float

    @property
    def difference(self) -> float:
        """The change as a share of what was before; not a number where nothing was."""
        return self.after / self.before - 1 if self.before else float("nan")


@dataclass(frozen=True, slots=True)
class _Spans:
    """The days since a change, a year at most, and as many days before it."""

    day: date
    until: date

    @property
    def bound(self) -> tuple[dict[str, date], dict[str, date]]:
        """The days before and the days since."""
        return {"since": self.day - (self.until - self.day), "until": self.day}, {
            "since": self.day,
            "until": self.until,
        }


def everybody(months: Months, since: date, day: date) -> Everybody:
    """Compare whole months from a day on with the same months a year before."""
    first = months_between(since, day) + (day.day > 1)
    number = min(YEAR, months.money.shape[1] - first)
    if number < 1 or first < YEAR:
        return Everybody(0, 0.0, 0.0)
    after, before = (_mean(months, slice(at, at + number)) for at in (first, first - YEAR))
    return Everybody(number, before, after)


def _mean(months: Months, span: slice) -> float:
    there = months.enrolled[:, span]
    return float(np.where(there, months.money[:, span], 0).sum() / max(1, there.sum()))


def read_log(question: ChangeQuestion, facts: FactSource, program: Program, against: Program) -> tuple[Entry, ...]:
    """Everything ordinary that changed near a change, in the order of days; what has none comes last."""
    session = facts.connection.cursor()
    day = question.day_of(program)
    spans = _Spans(day, min(question.until, add_months(day, YEAR)))
    entries = [
        *_versions(program, against),
        *(Entry(one.on, one.text, _is_near(one.on, day)) for one in question.noted),
        *_sources(facts, day),
        *_prices(session, facts, day),
        *_rates(session, day),
        *_partners(session, spans),
        *(_counted(session, facts.latest_position, program, act, spans) for act in question.also),
    ]
    return tuple(sorted(entries, key=lambda one: (one.on is None, one.on or day, one.text)))


def _versions(program: Program, against: Program) -> Iterator[Entry]:
    header = program.header
    yield Entry(against.header.effective, f"version {against.header.version} in force", is_near=False)
    if header.announced:
        yield Entry(header.announced, f"version {header.version} announced", is_near=False)
    yield Entry(header.effective, f"version {header.version} in force", is_near=False)
    if header.protected_through:
        yield Entry(header.protected_through, "the last day on which tiers of before are protected", is_near=False)


def _is_near(on: date, day: date) -> bool:
    return add_months(day, -NEAR) <= on < add_months(day, NEAR)


def _sources(facts: FactSource, day: date) -> Iterator[Entry]:
    """Sources that begin or end within a year of the change: what is counted differs then."""
    for row in facts.coverage:
        for on, said in (
            (row.complete_from, "are complete only from then on"),
            (row.complete_to, "are complete only until then"),
        ):
            if on and add_months(day, -YEAR) <= on < add_months(day, YEAR):
                yield Entry(on, f"{row.kind} from {row.source or 'its source'} {said}", _is_near(on, day))


def _around(day: date) -> dict[str, object]:
    return {"day": day, "since": add_months(day, -NEAR), "until": add_months(day, NEAR)}


def _prices(session: duckdb.DuckDBPyConnection, facts: FactSource, day: date) -> Iterator[Entry]:
    statement = PRICES.format(known=statements.KNOWN.format(alias="f"))
    bound = _around(day) | {"known": facts.latest_position, "fewest": FEWEST_LINES}
    moved, products = session.execute(statement, bound).fetchone() or (None, 0)
    if moved is not None and abs(moved) >= LEAST_PRICE:
        text = f"list prices moved by {percent(moved, signed=True)} (the middle one of {counted(products, 'product', 'products')})"
        yield Entry(None, text, is_near=True)


def _rates(session: duckdb.DuckDBPyConnection, day: date) -> Iterator[Entry]:
    for currency, moved in session.execute(RATES, _around(day)).fetchall():
        if moved is not None and abs(moved) >= LEAST_RATE:
            yield Entry(None, f"the rate of {currency} moved by {percent(moved, signed=True)}", is_near=True)


def _partners(session: duckdb.DuckDBPyConnection, spans: _Spans) -> Iterator[Entry]:
    (joined_before, left_before), (joined, left) = (
        session.execute(CAME, span).fetchone() or (0, 0) for span in spans.bound
    )
    for said, before, after in (("joined", joined_before, joined), ("left", left_before, left)):
        if before or after:
            yield _change(f"partners that {said}", before, after, spans)


def _counted(session: duckdb.DuckDBPyConnection, known: int, program: Program, act: Act, spans: _Spans) -> Entry:
    kind = program.kinds[act.kind]
    where, words = where_words(act.where)
    statement = NUMBER.format(
        kind=kind.name,
        day=kind.day_columns[0],
        where=where,
        holds=statements.HOLDS[kind.shape],
        known=statements.KNOWN.format(alias="f"),
    )
    bound = words | {"known": known}
    before, after = ((session.execute(statement, span | bound).fetchone() or (0,))[0] for span in spans.bound)
    return _change(act.said, before, after, spans)


def _change(what: str, before: int, after: int, spans: _Spans) -> Entry:
    """Two counts over as many days; near where luck alone would hardly move them as far apart."""
    from scipy.stats import binomtest

    days = counted((spans.until - spans.day).days, "day", "days")
    moved = bool(before + after) and binomtest(after, before + after).pvalue < 0.05  # noqa: PLR2004 (the usual alarm)
    return Entry(None, f"{what}: {before:,} in the {days} before, {after:,} in the {days} since", bool(moved))
