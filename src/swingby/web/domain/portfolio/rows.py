"""One row for each partner: what the portfolio shows, so that a page of it needs one statement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection

from swingby.web.models import Enrolment, PortfolioRow, Standing

#: A score is compared with the one so many days before.
TREND_DAYS = 90
BATCH = 2_000
#: So many closed requirements are named; the others are counted.
NAMED_GAPS = 2
_FIELDS = (
    *("name", "region", "as_of", "position", "tier", "tier_rank", "next_tier", "score", "trend", "trend_since"),
    *("next_review", "loses_on", "worth", "worth_unit", "gaps", "gap_words", "last_touch"),
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
    touches = last_touches([partner.pk for partner in names.values()], owner=standings[0].owner_id)
    rows = (
        PortfolioRow(
            enrolment_id=standing.enrolment_id,
            owner_id=standing.owner_id,
            partner_id=standing.partner_id,
            name=names[standing.enrolment_id].name,
            region=names[standing.enrolment_id].region,
            last_touch=touches.get(standing.partner_id),
            **_read(standing, before.get(standing.enrolment_id)),
        )
        for standing in standings
    )
    PortfolioRow.objects.bulk_create(
        rows, batch_size=BATCH, update_conflicts=True, unique_fields=["enrolment"], update_fields=list(_FIELDS)
    )


def earlier_scores(enrolments: Sequence[str], *, until: date) -> Mapping[str, Earlier]:
    """By enrolment, the newest score that was stored for a day at least a quarter before."""
    rows = (
        Standing.objects.filter(enrolment__in=enrolments, as_of__lte=until - timedelta(days=TREND_DAYS))
        .order_by("enrolment", "-as_of", "-position", "-id")
        .distinct("enrolment")
        .values_list("enrolment", "as_of", "result__score__value")
    )
    return {key: Earlier(day, Decimal(value)) for key, day, value in rows if value is not None}


def last_touches(partners: Sequence[str], *, owner: str) -> Mapping[str, date]:
    """When somebody of ours was last in touch with each of these partners."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT partner_org, max(happened_on) FROM fact_touches WHERE owner_org = %s AND partner_org = ANY (%s)"
            " AND reversed_position IS NULL AND cancelled_on IS NULL GROUP BY 1",
            [owner, list(partners)],
        )
        return dict(cursor.fetchall())


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
