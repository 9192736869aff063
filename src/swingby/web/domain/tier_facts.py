"""Decisions about tiers as facts: written, taken back, and the tier that counts because of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

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
    program: Program,
    enrolment: Enrolment,
    before: Standing | None,
    *,
    on: date,
    decided: Sequence[TierDecision] | None = None,
) -> Mapping[str, str | None]:
    """The tiers held on ladders with reviews: as they were stored, then as people decided since.

    A stored standing has heeded the decisions that were known at its position and had begun by its day.

    Parameters
    ----------
    decided
        What `tier_decisions` found for the enrolment on the day; it is asked if left out.
    """
    stored: Mapping[str, str | None] = before.result.get("held", {}) if before else {}
    # Who joined since stands where everybody starts.
    starts = {name: ladder.start for name, ladder in program.ladders.items() if has_reviews(ladder) and not ladder.by}
    held = starts | {label: tier for label, tier in stored.items() if _is_reviewed(program, label)}
    if held and decided is None:
        decided = tier_decisions([enrolment], on=on)[enrolment.pk]
    for label, tier in held.items():
        held[label] = _decided(program, label, tier, [row for row in decided or () if row.is_about(label)], before)
    return held


@dataclass(frozen=True, slots=True)
class TierDecision:
    """What people decided about a tier by a day; one that was taken back has no effect."""

    fact_id: str
    position: int
    ladder: str
    cell: str | None
    effect: str
    tier: str
    starts_on: date
    in_force: bool
    taken_back: int | None

    def is_about(self, label: str) -> bool:
        """Whether it is about a ladder, or a ladder's cell: ``level[emea]``."""
        ladder, _, cell = label.rstrip("]").partition("[")
        return self.ladder == ladder and self.cell in {None, cell}


def tier_decisions(enrolments: Sequence[Enrolment], *, on: date) -> dict[str, list[TierDecision]]:
    """By enrolment of one owner, what people decided by a day about its tiers, in one statement."""
    found: dict[str, list[TierDecision]] = {each.pk: [] for each in enrolments}
    if not enrolments:
        return found
    by_partner: defaultdict[str, list[Enrolment]] = defaultdict(list)
    for each in enrolments:
        by_partner[each.partner_id].append(each)
    with connection.cursor() as cursor:
        cursor.execute(_DECISIONS, {"owner": enrolments[0].owner_id, "partners": list(by_partner), "on": on})
        for partner, program, *columns in cursor.fetchall():
            for each in by_partner[partner]:
                if program in {None, each.program_id}:
                    found[each.pk].append(TierDecision(*columns))
    return found


_DECISIONS = """
SELECT organization, program, fact_id, position, ladder, cell,
       CASE WHEN reversed_position IS NULL THEN effect ELSE '' END, tier, starts_on,
       (ends_on IS NULL OR ends_on > %(on)s), reversed_position
FROM fact_tier_decisions
WHERE owner_org = %(owner)s AND organization = ANY (%(partners)s::text[]) AND starts_on <= %(on)s
"""


def _is_reviewed(program: Program, label: str) -> bool:
    ladder = program.ladders.get(label.partition("[")[0])
    return ladder is not None and has_reviews(ladder)


def _decided(
    program: Program, label: str, tier: str | None, rows: Sequence[TierDecision], before: Standing | None
) -> str | None:
    order = [item.id for item in program.ladders[label.partition("[")[0]].tiers]
    places = {WITHOUT: -1, **{name: place for place, name in enumerate(order)}}
    place = places.get(tier or WITHOUT, -1)
    # A decision of before may have been taken back since: what it settled is then worked out by those that stand.
    settled = [row for row in rows if row.effect == SETTLED and row.tier in places]
    newest = max(settled, key=lambda row: (row.starts_on, row.position, row.fact_id), default=None)
    if newest is not None and _is_news(newest, before, rows):
        place = places[newest.tier]
    least = [places[row.tier] for row in rows if row.effect == AT_LEAST and row.in_force and row.tier in places]
    place = max([place, *least])
    return order[place] if place >= 0 else None


def _is_news(row: TierDecision, before: Standing | None, rows: Sequence[TierDecision]) -> bool:
    """Whether the stored standing cannot have heeded a decision, or heeded one that was taken back since."""
    if before is None:
        return True
    known = row.position > before.position or row.starts_on > before.as_of
    gone = any(item.taken_back is not None and item.taken_back > before.position for item in rows)
    return known or gone
