"""One row for each partner: what the portfolio shows, so that a page of it needs one statement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import connection

from swingby.web.models import Enrolment, PortfolioRow, Prospect, Standing

#: A score is compared with the one so many days before.
TREND_DAYS = 90
BATCH = 2_000
#: So many closed requirements are named; the others are counted.
NAMED_GAPS = 2
_FIELDS = (
    *("name", "region", "as_of", "position", "tier", "tier_rank", "next_tier", "score", "trend", "trend_since"),
    *("next_review", "loses_on", "worth", "worth_unit", "gaps", "gap_words", "last_touch"),
    *("last_activity", "busy_before", "tier_before", "tier_moved_on"),
)


@dataclass(frozen=True, slots=True)
class Earlier:
    """What a score was on an earlier day."""

    day: date
    score: Decimal


def keep_rows(standings: Sequence[Standing], *, earlier: Mapping[str, Earlier] | None = None) -> None:
    """Bring the rows of these standings up to date, all in a handful of statements.

    Parameters
    ----------
    earlier
        By enrolment, the scores to compare with; those that are stored if left out.
    """
    if not standings:
        return
    keys = [standing.enrolment_id for standing in standings]
    before = earlier_scores(keys, until=standings[0].as_of) if earlier is None else earlier
    names = {row.pk: row.partner for row in Enrolment.objects.select_related("partner").filter(pk__in=keys)}
    partners = [partner.pk for partner in names.values()]
    touches = last_touches(partners, owner=standings[0].owner_id)
    pulses = pulses_of(partners, owner=standings[0].owner_id, until=standings[0].as_of)
    stored = {row.pk: row for row in PortfolioRow.objects.filter(pk__in=keys)}
    rows = [
        PortfolioRow(
            enrolment_id=standing.enrolment_id,
            owner_id=standing.owner_id,
            partner_id=standing.partner_id,
            name=names[standing.enrolment_id].name,
            region=names[standing.enrolment_id].region,
            last_touch=touches.get(standing.partner_id),
            **pulses.get(standing.partner_id, QUIET)._asdict(),
            **_read(standing, before.get(standing.enrolment_id) or _compared_with(stored.get(standing.enrolment_id))),
            **_moved(standing, stored.get(standing.enrolment_id)),
        )
        for standing in standings
    ]
    PortfolioRow.objects.bulk_create(
        rows, batch_size=BATCH, update_conflicts=True, unique_fields=["enrolment"], update_fields=list(_FIELDS)
    )
    _forget_risks(rows, stored)


def _forget_risks(rows: Sequence[PortfolioRow], stored: Mapping[str, PortfolioRow]) -> None:
    """What was to be missing for a tier that is held no more, or that cannot be lost, is at risk no more; a job looks ahead anew."""
    risky = [row for row in rows if (before := stored.get(row.enrolment_id)) and before.outlook]
    gone = [row.enrolment_id for row in risky if row.loses_on is None or row.tier != stored[row.enrolment_id].tier]
    if gone:
        about = PortfolioRow.objects.filter(pk__in=gone)
        about.update(outlook=[], at_risk=0, outlook_position=0, outlook_on=None)
        Prospect.objects.filter(enrolment__in=gone).update(loses_on=None, closing=[])


def earlier_scores(enrolments: Sequence[str], *, until: date) -> Mapping[str, Earlier]:
    """By enrolment, the newest score that was stored for a day at least a quarter before."""
    rows = (
        Standing.objects.filter(enrolment__in=enrolments, as_of__lte=until - timedelta(days=TREND_DAYS))
        .order_by("enrolment", "-as_of", "-position", "-id")
        .distinct("enrolment")
        .values_list("enrolment", "as_of", "result__score__value")
    )
    return {key: Earlier(day, Decimal(value)) for key, day, value in rows if value is not None}


def _compared_with(stored: PortfolioRow | None) -> Earlier | None:
    """What the row was compared with, where that stands nowhere else: the first run works it out and keeps no standing of then."""
    if stored is None or stored.trend_since is None or stored.trend is None or stored.score is None:
        return None
    return Earlier(stored.trend_since, stored.score - stored.trend)


def last_touches(partners: Sequence[str], *, owner: str) -> Mapping[str, date]:
    """When somebody of ours was last in touch with each of these partners."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT partner_org, max(happened_on) FROM fact_touches WHERE owner_org = %s AND partner_org = ANY (%s)"
            " AND reversed_position IS NULL AND cancelled_on IS NULL GROUP BY 1",
            [owner, list(partners)],
        )
        return dict(cursor.fetchall())


class Pulse(NamedTuple):
    """The newest activity of a partner, and how many there were in the year that ends with it."""

    last_activity: date | None
    busy_before: int


QUIET = Pulse(None, 0)


def pulses_of(partners: Sequence[str], *, owner: str, until: date) -> Mapping[str, Pulse]:
    """By partner, of those that did anything in the two years before a day."""
    with connection.cursor() as cursor:
        cursor.execute(_PULSES, {"owner": owner, "partners": list(partners), "until": until})
        return {row[0]: Pulse(*row[1:]) for row in cursor.fetchall()}


_PULSES = """
SELECT partner_org, max(happened_on), count(*) FILTER (WHERE happened_on >= last - 365) FROM (
    SELECT partner_org, happened_on, max(happened_on) OVER (PARTITION BY partner_org) AS last FROM fact_activities
    WHERE owner_org = %(owner)s AND partner_org = ANY (%(partners)s) AND reversed_position IS NULL
      AND cancelled_on IS NULL AND happened_on <= %(until)s AND happened_on >= %(until)s::date - 730
) AS done GROUP BY 1
"""


def monday(day: date) -> date:
    """The Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def _moved(standing: Standing, stored: PortfolioRow | None) -> dict[str, Any]:
    """The tier before this one; what was left in the same week was held for less than it."""
    if stored is None or stored.as_of is None:
        return {"tier_before": "", "tier_moved_on": None}
    label = str((standing.result.get("tier") or {}).get("label", ""))
    moved = {"tier_before": stored.tier_before, "tier_moved_on": stored.tier_moved_on}
    if label == stored.tier:
        return moved
    again = stored.tier_moved_on is not None and stored.tier_moved_on >= monday(standing.as_of)
    return {**(moved if again else {"tier_before": stored.tier}), "tier_moved_on": standing.as_of}


def refresh_touches(owner: str) -> None:
    """After a load: the last touch of every partner."""
    with connection.cursor() as cursor:
        cursor.execute(_REFRESH_TOUCHES, {"owner": owner})


_REFRESH_TOUCHES = """
UPDATE portfolio_rows AS p SET last_touch = t.day
FROM (SELECT partner_org, max(happened_on) AS day FROM fact_touches
      WHERE owner_org = %(owner)s AND reversed_position IS NULL AND cancelled_on IS NULL GROUP BY 1) AS t
WHERE p.owner_org = %(owner)s AND p.partner_org = t.partner_org AND p.last_touch IS DISTINCT FROM t.day
"""


def _read(standing: Standing, before: Earlier | None) -> dict[str, Any]:
    result: Mapping[str, Any] = standing.result
    tier, following, worth = (result.get(name) or {} for name in ("tier", "next", "worth"))
    score = _number((result.get("score") or {}).get("value"))
    gates = [gate for gate in result.get("gates", ()) if gate["state"] != "met"]
    days = [_day(text) for text in (result.get("reviews") or {}).values()]
    return {
        "as_of": standing.as_of,
        "position": standing.position,
        "tier": tier.get("label", ""),
        "tier_rank": int(tier.get("rank", -1)),
        "next_tier": following.get("label", ""),
        "score": score,
        "trend": score - before.score if score is not None and before is not None else None,
        "trend_since": before.day if before is not None else None,
        "next_review": min((day for day in days if day), default=None),
        "loses_on": _day((result.get("reviews") or {}).get("demotion")),
        "worth": _number(worth.get("value")),
        "worth_unit": worth.get("unit", ""),
        "gaps": len(gates),
        "gap_words": gap_words(gates),
    }


def gap_words(gates: Sequence[Mapping[str, Any]]) -> str:
    """The first closed requirements in words, those that are no points first."""
    ordered = sorted(gates, key=lambda gate: bool(gate.get("is_score")))
    said = [f"{gate['label']}: {gate['words']}" if gate.get("words") else str(gate["label"]) for gate in ordered]
    more = [f"and {len(said) - NAMED_GAPS} more"] if len(said) > NAMED_GAPS else []
    return "; ".join([*said[:NAMED_GAPS], *more])


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
