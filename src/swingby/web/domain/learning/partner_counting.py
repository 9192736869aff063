"""Count who holds what at each partner of a vendor: each person at one partner, and again only where something came."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from time import perf_counter
from typing import Any, Final

from django.db import connection
from django.db.models import Min

from swingby.enablement import (
    AHEAD,
    AskStanding,
    Catalogue,
    Cell,
    Records,
    Tally,
    TierAsk,
    ask_standings,
    coverage,
    needs_of,
    tallies,
)
from swingby.web.clock import now, today
from swingby.web.domain.enrolled import not_ended
from swingby.web.domain.errors import RefusedError
from swingby.web.domain.learning.catalogues import catalogue_of
from swingby.web.domain.learning.portions import SLICE_SECONDS
from swingby.web.domain.learning.records import newest_position, offices_everywhere, partner_records
from swingby.web.domain.learning.region_sums import keep_region_sums
from swingby.web.domain.learning.vendors import partner_asks, vendor_catalogue
from swingby.web.domain.live import organizations_of
from swingby.web.models import Enrolment, Organization, PartnerCoverage
from swingby.web.tenancy import act_for_owner

#: So many partners are counted in one transaction.
AT_A_TIME: Final = 20


@dataclass(frozen=True, slots=True)
class VendorLook:
    """What partners are counted by. ``homes`` names the partner at which the people of an organization are counted."""

    owner: str
    day: date
    position: int
    kept: int
    catalogue: Catalogue
    homes: Mapping[str, str]


def count_partners(owner: str, *, seconds: float = SLICE_SECONDS) -> bool:
    """Count what is due of a vendor's partners for some seconds; returns whether more is. It may run twice."""
    until = perf_counter() + seconds
    with act_for_owner(owner):
        due = _find_due(owner)
        look = _look(owner) if due else None
    is_more = look is not None and _count_until(look, due, until)
    with act_for_owner(owner):
        keep_region_sums(owner)
    return is_more


def _count_until(look: VendorLook, due: Sequence[str], until: float) -> bool:
    """Whether time ran out before everything was counted."""
    for start in range(0, len(due), AT_A_TIME):
        with act_for_owner(look.owner):
            _count(look, due[start : start + AT_A_TIME])
        if perf_counter() > until and start + AT_A_TIME < len(due):
            return True
    return False


def kept_catalogue(owner: str) -> int:
    """Which catalogue a vendor keeps; 0 where the types of credentials are it."""
    kept = catalogue_of(owner)
    return kept.row.pk if kept else 0


def _look(owner: str) -> VendorLook:
    partners = set(_running(owner).values_list("partner_id", flat=True))
    return VendorLook(
        owner=owner,
        day=today(),
        position=newest_position(owner),
        kept=kept_catalogue(owner),
        catalogue=vendor_catalogue(owner),
        homes=_homes(partners),
    )


def _running(owner: str) -> Any:
    return Enrolment.objects.filter(not_ended(today()), owner_id=owner, joined_on__lte=today())


def _homes(partners: set[str]) -> Mapping[str, str]:
    """By organization the nearest partner at or above it."""
    parents = dict(Organization.objects.values_list("pk", "parent_id"))
    found = dict[str, str]()
    for one in parents:
        above: str | None = one
        while above is not None and above not in partners:
            above = parents.get(above)
        if above is not None:
            found[one] = above
    return found


# --- what is due ----------------------------------------------------------------------------------------------------


def _find_due(owner: str) -> list[str]:
    rows = PartnerCoverage.objects.filter(owner_id=owner)
    known, partners = (
        set(rows.values_list("partner_id", flat=True)),
        set(_running(owner).values_list("partner_id", flat=True)),
    )
    rows.filter(partner_id__in=known - partners).delete()
    PartnerCoverage.objects.bulk_create(
        (PartnerCoverage(owner_id=owner, partner_id=partner) for partner in sorted(partners - known)), batch_size=1_000
    )
    rows.filter(is_due=False).exclude(day=today(), catalogue=kept_catalogue(owner)).update(is_due=True)
    before, position = rows.filter(is_due=False).aggregate(least=Min("position"))["least"], newest_position(owner)
    if before is not None and before < position:
        rows.filter(partner_id__in=_touched(owner, before)).update(is_due=True)
        rows.filter(is_due=False).update(position=position)
    return list(rows.filter(is_due=True).order_by("partner_id").values_list("partner_id", flat=True))


def _touched(owner: str, position: int) -> set[str]:
    """Partners of whose people facts came or were taken back after a position, and all above them."""
    with connection.cursor() as cursor:
        cursor.execute(_TOUCHED, {"owner": owner, "position": position})
        found = [partner for (partner,) in cursor.fetchall()]
    lineages = Organization.objects.filter(pk__in=found).values_list("lineage", flat=True)
    return {one for lineage in lineages for one in lineage}


# --- counting -------------------------------------------------------------------------------------------------------


def _count(look: VendorLook, partners: Sequence[str]) -> None:
    rows = {row.partner_id: row for row in PartnerCoverage.objects.filter(owner_id=look.owner, partner_id__in=partners)}
    enrolments: dict[str, list[Enrolment]] = {partner: [] for partner in rows}
    for one in (
        _running(look.owner).filter(partner_id__in=partners).select_related("program").order_by("joined_on", "pk")
    ):
        enrolments[one.partner_id].append(one)
    for partner, row in rows.items():
        _fill(row, look, enrolments[partner])
    PartnerCoverage.objects.bulk_update(rows.values(), _FIELDS)


def _fill(row: PartnerCoverage, look: VendorLook, enrolments: Sequence[Enrolment]) -> None:
    organizations = sorted({one for each in enrolments for one in organizations_of(each)} | {row.partner_id})
    records = partner_records(look.owner, organizations, look.catalogue)
    asks = [ask for each in enrolments for ask in _asks(each, look)]
    cells = coverage(look.catalogue, records.present(look.day), needs_of(asks), look.day)
    own = _own_people(look, row.partner_id, records)
    _list(row, cells, tallies(look.catalogue, (records.lives.get(one, {}) for one in own), look.day))
    standings = ask_standings(asks, records.lives, records.belonging(), look.day, ahead=AHEAD)
    row.to_keep, row.to_reach = (_missing(standings, purpose) for purpose in ("keep", "next"))
    row.people, row.lacks = len(own), _lacks(standings)
    row.day, row.position, row.catalogue, row.counted_at, row.is_due = look.day, look.position, look.kept, now(), False


def _asks(enrolment: Enrolment, look: VendorLook) -> tuple[TierAsk, ...]:
    try:
        return partner_asks(enrolment, look.catalogue, look.day).asks
    except RefusedError:  # Without rules nothing is asked.
        return ()


def _own_people(look: VendorLook, partner: str, records: Records) -> list[str]:
    """Who is counted here: whose last place among all partners is this one."""
    here = list(records.present(look.day))
    places = offices_everywhere(look.owner, here)
    return sorted({stay.person for stay in places if look.day in stay.counted and look.homes.get(stay.firm) == partner})


def _list(row: PartnerCoverage, cells: Iterable[Cell], counted: Mapping[str, Tally]) -> None:
    listed = [cell for cell in cells if cell.code in counted or cell.needed]
    own = [counted.get(cell.code, Tally()) for cell in listed]
    row.codes = [cell.code for cell in listed]
    row.held, row.lapsing = [one.held for one in own], [one.lapsing for one in own]
    row.needed, row.missing = [cell.needed for cell in listed], [cell.missing for cell in listed]
    row.uncovered = [cell.uncovered for cell in listed]


def _missing(standings: Iterable[AskStanding], purpose: str) -> int:
    return sum(one.missing for one in standings if one.ask.purpose == purpose)


def _lacks(standings: Iterable[AskStanding]) -> str:
    """What lacks most people: of what keeps a tier first."""
    lacking = [one for one in standings if one.missing]
    most = min(lacking, key=lambda one: (one.ask.purpose != "keep", -one.missing), default=None)
    return f"{most.ask.requirement.source}: {most.ask.label}" if most else ""


_FIELDS = (
    *("day", "position", "catalogue", "is_due", "people", "codes", "held", "lapsing", "needed", "missing", "uncovered"),
    *("to_keep", "to_reach", "lacks", "counted_at"),
)
#: A person who came from another partner is not there any more: whatever concerns the person concerns both.
_TOUCHED = """
WITH people AS (
    SELECT person FROM fact_employments WHERE owner_org = %(owner)s AND position > %(position)s
    UNION SELECT person FROM fact_employments WHERE owner_org = %(owner)s AND reversed_position > %(position)s
    UNION SELECT person FROM fact_credentials WHERE owner_org = %(owner)s AND position > %(position)s
    UNION SELECT person FROM fact_credentials WHERE owner_org = %(owner)s AND reversed_position > %(position)s
)
SELECT DISTINCT e.partner_org FROM fact_employments AS e JOIN people AS p ON p.person = e.person
WHERE e.owner_org = %(owner)s AND e.partner_org IS NOT NULL
"""
