"""Which early sign tells who stays: chosen among earlier customers, judged on later ones."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from swingby.engine import FactSource, coverage_test
from swingby.insight.cards import Card, Check, Count, Figure, Mark, Picture, Result, Series, refused_card
from swingby.insight.effects import statements
from swingby.insight.numerics.arrays import Floats, Truths
from swingby.insight.numerics.estimates import Range
from swingby.insight.numerics.lots import wilson
from swingby.insight.numerics.ranking import area_under_curve, best_line
from swingby.insight.settings import SETTINGS, Settings
from swingby.insight.staying.question import SignsQuestion
from swingby.insight.verdicts import Verdict
from swingby.insight.wording import counted, percent

if TYPE_CHECKING:
    import duckdb

#: Customers with their first day, their last one if all has ended, and how much they subscribed.
CUSTOMERS = """
CREATE OR REPLACE TEMP TABLE evidence_customers AS
SELECT CAST(row_number() OVER (ORDER BY s.customer) - 1 AS INTEGER) AS c, s.*
FROM (
  SELECT f.customer, min(f.starts_on) AS begun, CASE WHEN count(*) = count(f.ends_on) THEN max(f.ends_on) END AS ended,
         coalesce(sum(f.quantity) FILTER (f.starts_on <= g.begun + CAST($within AS INTEGER)), 0) AS quantity
  FROM fact_subscriptions AS f
  JOIN (SELECT f.customer, min(f.starts_on) AS begun FROM fact_subscriptions AS f WHERE {known} GROUP BY f.customer) AS g
    ON g.customer = f.customer
  WHERE {known} GROUP BY f.customer
) AS s
WHERE s.begun >= $since AND s.begun + CAST($horizon AS INTEGER) <= $until
"""

#: What was used early: how often a metric was seen, and the sum over products of its last reading.
USED = """
SELECT u.c, u.metric, sum(u.seen) AS seen, CAST(coalesce(sum(u.last), 0) AS DOUBLE) AS last FROM (
  SELECT c.c, f.metric, f.product, count(*) AS seen, max_by(f.quantity, (f.happened_on, f.fact_id)) AS last
  FROM fact_usage AS f JOIN evidence_customers AS c ON c.customer = f.customer
  WHERE {known} AND f.cancelled_on IS NULL AND f.metric IS NOT NULL
    AND f.happened_on >= c.begun AND f.happened_on < c.begun + CAST($within AS INTEGER)
  GROUP BY c.c, f.metric, f.product
) AS u GROUP BY u.c, u.metric
"""

CASES = """
SELECT c.c, count(*) FROM fact_cases AS f JOIN evidence_customers AS c ON c.customer = f.customer
WHERE {known} AND f.cancelled_on IS NULL AND f.happened_on >= c.begun AND f.happened_on < c.begun + CAST($within AS INTEGER)
GROUP BY c.c
"""

METHOD = (
    "Each sign is what was known within {within} days of a customer's first subscription. Among the earlier half of customers the "
    "sign that tells most pairs apart is chosen (the area under its curve), with its line (Youden's); what is told comes from the later half "
    "(DeLong's errors, Wilson's ranges). Staying means a subscription {horizon} days after the first."
)


@dataclass(frozen=True, slots=True)
class _Read:
    """Customers in order of their first day: each sign, and who stayed."""

    signs: dict[str, Floats]
    stayed: Truths
    gone_early: int


@dataclass(frozen=True, slots=True)
class _Judged:
    """A sign among earlier customers and among later ones, turned so that more of it means staying."""

    name: str
    earlier: float
    later: Range


def answer_signs(question: SignsQuestion, facts: FactSource, *, settings: Settings = SETTINGS) -> Card:
    """Answer which early sign tells which customers stay.

    Raises
    ------
    MisusedError
        ``question`` when no customer can have been looked at for long enough.
    """
    question.check()
    test = coverage_test(facts.coverage)
    missing = [kind for kind in ("subscriptions", "usage") if test(kind, question.since, question.until)]
    if missing:
        return refused_card(
            question.words, f"Not complete from {question.since} until {question.until}: {', '.join(missing)}."
        )
    read = _read(question, facts)
    half = len(read.stayed) // 2
    fewest = min(
        (int((part == kind).sum()) for part in (read.stayed[:half], read.stayed[half:]) for kind in (True, False)),
        default=0,
    )
    if fewest < settings.fewest_departures:
        return refused_card(
            question.words,
            f"Of {counted(len(read.stayed), 'customer', 'customers')}, an earlier or a later half has {fewest} that stayed or left;"
            f" {settings.fewest_departures} of each are needed in both.",
        )
    return _card(question, read, half)


def _read(question: SignsQuestion, facts: FactSource) -> _Read:
    session = facts.connection.cursor()
    known = facts.latest_position if question.known_at is None else question.known_at
    held, within = statements.KNOWN.format(alias="f"), {"within": question.within, "known": known}
    span = {"since": question.since, "until": question.until, "horizon": question.horizon}
    session.execute(CUSTOMERS.format(known=held), within | span)
    rows = session.execute("SELECT begun, ended, quantity FROM evidence_customers ORDER BY c").fetchall()
    signs = {"subscribed": np.array([float(row[2]) for row in rows])}
    signs |= _used(session, held, within, signs["subscribed"])
    signs["support cases"] = _counted(session, held, within, len(rows))
    ends = [(row[1] - row[0]).days if row[1] else question.horizon + 1 for row in rows]
    kept = np.array([end > question.within for end in ends], bool)
    order = np.argsort([row[0].toordinal() for row in rows], kind="stable")
    order = order[kept[order]]
    stayed = np.array([end > question.horizon for end in ends], bool)
    return _Read({name: sign[order] for name, sign in signs.items()}, stayed[order], int((~kept).sum()))


def _used(
    session: duckdb.DuckDBPyConnection, held: str, bound: dict[str, int], subscribed: Floats
) -> dict[str, Floats]:
    """Of metrics that are read again and again, the last reading as a share of what was subscribed; of others, whether seen."""
    rows = session.execute(USED.format(known=held), bound).fetchall()
    found: dict[str, Floats] = {}
    for metric in sorted({row[1] for row in rows}):
        mine = [row for row in rows if row[1] == metric]
        seen, last = np.zeros(len(subscribed)), np.zeros(len(subscribed))
        for customer, _, times, reading in mine:
            seen[customer], last[customer] = times, reading
        share = last / np.where(subscribed > 0, subscribed, np.nan)
        is_read = seen.max() > 1 and len(np.unique(last)) > 2  # noqa: PLR2004 (a reading, not a mark that it happened)
        name = str(metric).replace("_", " ")
        found[f"{name}, of what is subscribed" if is_read else name] = (
            np.nan_to_num(share) if is_read else np.minimum(seen, 1)
        )
    return found


def _counted(session: duckdb.DuckDBPyConnection, held: str, bound: dict[str, int], number: int) -> Floats:
    result = np.zeros(number)
    for customer, cases in session.execute(CASES.format(known=held), bound).fetchall():
        result[customer] = cases
    return result


def _card(question: SignsQuestion, read: _Read, half: int) -> Card:
    judged = sorted(_judged(read, half), key=lambda one: -one.earlier)
    best = judged[0]
    sign, stayed = read.signs[best.name], read.stayed
    line = (
        best_line(sign[:half], stayed[:half]) if _rises(sign, stayed, half) else best_line(-sign[:half], stayed[:half])
    )
    has = sign[half:] >= line if _rises(sign, stayed, half) else -sign[half:] >= line
    shares = [_share(stayed[half:][side]) for side in (has, ~has)]
    holds = best.later.low > CHANCE
    return Card(
        question=question.words,
        verdict=Verdict.SHOWN if holds else Verdict.NOT_SHOWN,
        sentence=_sentence(best, line, shares, holds=holds),
        figures=tuple(_figures(judged, has, shares)),
        picture=_picture(judged),
        checks=tuple(_checks(judged)),
        counts=(
            Count("customers looked at", len(stayed)),
            Count("among whom the sign was chosen", half),
            Count("on whom it was judged", len(stayed) - half),
            Count("left out: gone before signs are read", read.gone_early),
            Count("signs tried", len(judged)),
        ),
        about=f"Customers that began from {question.since} on, {question.horizon} days before {question.until} or earlier.",
        method=METHOD.format(within=question.within, horizon=question.horizon),
        mind=("The same sign among customers of next year.",),
        decision="Of those without the sign call a half that is drawn by lot, and compare: the sign tells who leaves, not that calling keeps them."
        if holds
        else "Do not sort customers by any of these signs.",
        notes=("A sign tells who stays; it is not shown to be the reason.",),
    )


CHANCE = 0.5


def _judged(read: _Read, half: int) -> Iterator[_Judged]:
    for name, sign in read.signs.items():
        if len(np.unique(sign[:half])) < 2:  # noqa: PLR2004 (one value tells nobody apart)
            continue
        turned = sign if _rises(sign, read.stayed, half) else -sign
        yield _Judged(
            name,
            area_under_curve(turned[:half], read.stayed[:half]).value,
            area_under_curve(turned[half:], read.stayed[half:]),
        )


def _rises(sign: Floats, stayed: Truths, half: int) -> bool:
    """Whether more of a sign went with staying among earlier customers."""
    return area_under_curve(sign[:half], stayed[:half]).value >= CHANCE


def _share(stayed: Truths) -> Range:
    if not len(stayed):
        return Range(0.0, 0.0, 1.0)
    low, high = wilson(int(stayed.sum()), len(stayed))
    return Range(float(stayed.mean()), low, high)


def _sentence(best: _Judged, line: float, shares: list[Range], *, holds: bool) -> str:
    if not holds:
        return f"No sign is shown to tell who stays: the best among earlier customers, {best.name}, tells later ones no better than chance."
    with_it, without = shares
    said = f"{best.name} (from {abs(line):.3g} on)" if abs(line) not in {0.0, 1.0} else best.name
    return (
        f"Who stays is told best by: {said}. Of later customers with it {percent(with_it.value)} stayed, of those without it"
        f" {percent(without.value)}."
    )


def _figures(judged: list[_Judged], has: Truths, shares: list[Range]) -> Iterator[Figure]:
    best = judged[0]
    yield Figure(
        f'One stays, one leaves: how often "{best.name}" tells which; 50 % is chance',
        best.later.value,
        "share",
        best.later.low,
        best.later.high,
    )
    for label, share in zip(("with it", "without it"), shares, strict=True):
        yield Figure(f"Later customers that stayed, {label}", share.value, "share", share.low, share.high)
    yield Figure("Later customers with it", float(has.mean()), "share")
    for one in judged[1:]:
        yield Figure(f'How often "{one.name}" tells which', one.later.value, "share", one.later.low, one.later.high)


def _picture(judged: list[_Judged]) -> Picture:
    marks = (Mark(nth, one.later.value, one.later.low, one.later.high) for nth, one in enumerate(judged, start=1))
    return Picture(
        title="How well each sign tells later customers apart",
        x="sign",
        y="one stays, one leaves: how often it tells which; 50 % is chance",
        series=(Series("", tuple(marks)),),
        unit="share",
        band="95 % ranges",
        bounds=(0, 1),
        places=tuple(one.name for one in judged),
        nothing=CHANCE,
    )


def _checks(judged: list[_Judged]) -> Iterator[Check]:
    best, *others = judged
    yield Check(
        "out of time",
        Result.PASSED if best.later.low > CHANCE else Result.FAILED,
        f"{best.name.capitalize()}: {percent(best.earlier)} among earlier customers, {percent(best.later.value)} among later ones.",
    )
    rejected = [one.name for one in others if one.later.low <= CHANCE]
    yield Check(
        "no better than chance",
        Result.PASSED,
        f"No better than chance among later customers: {', '.join(rejected)}." if rejected else "None of the others.",
    )
    if others:
        apart = best.later.low > others[0].later.high
        yield Check(
            "better than the next",
            Result.PASSED if apart else Result.FAILED,
            f"The next, {others[0].name}, tells in {percent(others[0].later.value)} of pairs which one stays.",
        )
