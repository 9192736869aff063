"""Decisions about tiers as facts: written, taken back, and the tier that counts because of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from swingby.engine import AT_LEAST, SETTLED, WITHOUT, has_reviews
from swingby.program import Program
from swingby.web.domain.facts import take_position
from swingby.web.models import Enrolment, Standing

SOURCE = "reviews"
_COLUMNS = (
    "fact_id, position, source, starts_on, ends_on, organization, program, ladder, cell, effect, tier, decided_by,"
    " owner_org, partner_org, batch"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TierFact:
    """One decision about a tier, ready to be written.

    Attributes
    ----------
    ladder
        With the cell, where tiers are held by cell: ``level[emea]``.
    tier
        None for no tier.
    """

    fact: str
    enrolment: Enrolment
    ladder: str
    effect: str
    tier: str | None
    starts_on: date
    ends_on: date | None
    by: str | None = None


def write_tier_facts(facts: Sequence[TierFact], *, owner: str, batch: str, taken_back: Iterable[str] = ()) -> int:
    """Write decisions and take others back at one position of the owner's ledger, which is returned."""
    position = take_position(owner, batch=batch)
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO fact_tier_decisions ({_COLUMNS}) VALUES ({', '.join(['%s'] * 15)})",
            [_row(item, owner=owner, batch=batch, position=position) for item in facts],
        )
        cursor.execute(
            "UPDATE fact_tier_decisions SET reversed_position = %s WHERE owner_org = %s AND fact_id = ANY(%s)"
            " AND reversed_position IS NULL",
            [position, owner, sorted(taken_back)],
        )
    return position


def _row(item: TierFact, *, owner: str, batch: str, position: int) -> list[str | int | date | None]:
    ladder, _, cell = item.ladder.rstrip("]").partition("[")
    partner = item.enrolment.partner_id
    what = [ladder, cell or None, item.effect, item.tier or WITHOUT, item.by or None]
    whose = [partner, item.enrolment.program_id]
    return [item.fact, position, SOURCE, item.starts_on, item.ends_on, *whose, *what, owner, partner, batch]


def tiers_that_count(
    program: Program, enrolment: Enrolment, before: Standing | None, *, on: date
) -> Mapping[str, str | None]:
    """The tiers held on ladders with reviews: as they were stored, then as people decided since.

    A stored standing has heeded the decisions that were known at its position and had begun by its day.
    """
    stored: Mapping[str, str | None] = before.result.get("held", {}) if before else {}
    # Who joined since stands where everybody starts.
    starts = {name: ladder.start for name, ladder in program.ladders.items() if has_reviews(ladder) and not ladder.by}
    held = starts | {label: tier for label, tier in stored.items() if _is_reviewed(program, label)}
    for label, tier in held.items():
        held[label] = _decided(program, label, tier, _decisions(enrolment, label, on), before)
    return held


def _is_reviewed(program: Program, label: str) -> bool:
    ladder = program.ladders.get(label.partition("[")[0])
    return ladder is not None and has_reviews(ladder)


def _decided(
    program: Program, label: str, tier: str | None, rows: Sequence[Mapping[str, Any]], before: Standing | None
) -> str | None:
    order = [item.id for item in program.ladders[label.partition("[")[0]].tiers]
    places = {WITHOUT: -1, **{name: place for place, name in enumerate(order)}}
    place = places.get(tier or WITHOUT, -1)
    # A decision of before may have been taken back since: what it settled is then worked out by those that stand.
    settled = [row for row in rows if row["effect"] == SETTLED and row["tier"] in places]
    newest = max(settled, key=lambda row: (row["starts_on"], row["position"], row["fact_id"]), default=None)
    if newest is not None and _is_news(newest, before, rows):
        place = places[newest["tier"]]
    least = [
        places[row["tier"]] for row in rows if row["effect"] == AT_LEAST and row["in_force"] and row["tier"] in places
    ]
    place = max([place, *least])
    return order[place] if place >= 0 else None


def _is_news(row: Mapping[str, Any], before: Standing | None, rows: Sequence[Mapping[str, Any]]) -> bool:
    """Whether the stored standing cannot have heeded a decision, or heeded one that was taken back since."""
    if before is None:
        return True
    known = row["position"] > before.position or row["starts_on"] > before.as_of
    gone = any(item["taken_back"] is not None and item["taken_back"] > before.position for item in rows)
    return known or gone


def _decisions(enrolment: Enrolment, label: str, on: date) -> list[dict[str, Any]]:
    """What people decided about a ladder by a day; those taken back stand there without an effect."""
    ladder, _, cell = label.rstrip("]").partition("[")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT fact_id, position, CASE WHEN reversed_position IS NULL THEN effect ELSE '' END, tier, starts_on,"
            " (ends_on IS NULL OR ends_on > %s), reversed_position FROM fact_tier_decisions WHERE owner_org = %s"
            " AND organization = %s AND (program IS NULL OR program = %s) AND ladder = %s"
            " AND (cell IS NULL OR cell = %s) AND starts_on <= %s",
            [on, enrolment.owner_id, enrolment.partner_id, enrolment.program_id, ladder, cell, on],
        )
        names = ("fact_id", "position", "effect", "tier", "starts_on", "in_force", "taken_back")
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
