"""Count who holds what at each partner of a vendor: each person at one partner, and again only where something came.

Partners are counted many at a time, with as many statements as one of them takes.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from time import perf_counter
from typing import Any, Final

from django.db import connection
from django.db.models import Count, Min, Q

from swingby.enablement import (
    AHEAD,
    AskStanding,
    Lives,
    Records,
    Tally,
    TierAsk,
    ask_standings,
    by_nearest_way,
    cells_of,
    needs_of,
    tallies,
)
from swingby.web.clock import now, today
from swingby.web.domain.enrolled import not_ended
from swingby.web.domain.learning.asked_of_many import Asking, newest_standings
from swingby.web.domain.learning.catalogues import catalogue_of
from swingby.web.domain.learning.portions import SLICE_SECONDS
from swingby.web.domain.learning.records import newest_position, offices_everywhere, records_by_partner
from swingby.web.domain.learning.region_sums import keep_region_sums
from swingby.web.domain.learning.vendors import vendor_catalogue
from swingby.web.domain.live import organizations_of_many
from swingby.web.models import Enrolment, Organization, PartnerCoverage
from swingby.web.tenancy import act_for_owner

#: So many partners are counted in one transaction, and fewer where so many would take more seconds than these.
AT_A_TIME: Final = 100
FEW: Final = 20
LONGEST: Final = 1.0


@dataclass(frozen=True, slots=True)
class VendorLook:
    """What partners are counted by."""

    owner: str
    day: date
    position: int
    kept: int
    asking: Asking


@dataclass(frozen=True, slots=True)
class PartnerLook:
    """What is known of one partner: its people's records, those of them who are here, and what its tiers ask.

    Attributes
    ----------
    here
        The lives of those who work at it or below it.
    own
        Those of them who are counted at it: whose last place among all partners is this one.
    asks
        Where one of several ways will do, that of the nearest one.
    """

    records: Records
    here: Lives
    own: Sequence[str]
    asks: Sequence[TierAsk]


def count_partners(owner: str, *, seconds: float = SLICE_SECONDS) -> bool:
    """Count what is due of a vendor's partners for some seconds; returns whether more is. It may run twice.

    What an earlier slice left is counted first: only then are all partners looked at.
    """
    until = perf_counter() + seconds
    for find in (_left, _find_due):
        with act_for_owner(owner):
            due = find(owner)
            look = _look(owner) if due else None
        if look is not None and _count_until(look, due, until):
            return True
    with act_for_owner(owner):
        keep_region_sums(owner)
    return False


def _count_until(look: VendorLook, due: Sequence[str], until: float) -> bool:
    """Whether some are still due: time ran out, or something came of them."""
    done, size, are_left = 0, min(FEW, AT_A_TIME), False
    while done < len(due):
        began = perf_counter()
        with act_for_owner(look.owner):
            are_left |= _count(look, due[done : done + size])
        done, each = done + size, (perf_counter() - began) / size
        if perf_counter() > until and done < len(due):
            return True
        size = AT_A_TIME if each * AT_A_TIME < LONGEST else min(FEW, AT_A_TIME)
    return are_left


def kept_catalogue(owner: str) -> int:
    """Which catalogue a vendor keeps; 0 where the types of credentials are it."""
    kept = catalogue_of(owner)
    return kept.row.pk if kept else 0


def _look(owner: str) -> VendorLook:
    return VendorLook(
        owner=owner,
        day=today(),
        position=newest_position(owner),
        kept=kept_catalogue(owner),
        asking=Asking(vendor_catalogue(owner), today()),
    )


def _running(owner: str) -> Any:
    return Enrolment.objects.filter(not_ended(today()), owner_id=owner, joined_on__lte=today())


# --- what is due ----------------------------------------------------------------------------------------------------


def _due(owner: str) -> Any:
    return PartnerCoverage.objects.filter(owner_id=owner, is_due=True)


def _left(owner: str) -> list[str]:
    """What is due by what was found before."""
    return list(_due(owner).order_by("partner_id").values_list("partner_id", flat=True))


def _find_due(owner: str) -> list[str]:
    """Look at all partners: those that came and left, another day or catalogue, and what came of people."""
    rows, running = PartnerCoverage.objects.filter(owner_id=owner), _running(owner)
    rows.exclude(partner__in=running.values("partner")).delete()
    new = set(running.exclude(partner__in=rows.values("partner")).values_list("partner_id", flat=True))
    PartnerCoverage.objects.bulk_create(
        (PartnerCoverage(owner_id=owner, partner_id=partner) for partner in sorted(new)), batch_size=1_000
    )
    current = Q(day=today(), catalogue=kept_catalogue(owner))
    found = rows.aggregate(
        due=Count("pk", filter=Q(is_due=True) | ~current), least=Min("position", filter=Q(is_due=False) & current)
    )
    if found["due"]:
        rows.filter(~current, is_due=False).update(is_due=True)
    are_touched = found["least"] is not None and _find_touched(owner, found["least"])
    return _left(owner) if found["due"] or are_touched else []


def _find_touched(owner: str, before: int) -> bool:
    """Call due of whom something came after a position; the others are known up to now. Whether there is one."""
    rows, position = PartnerCoverage.objects.filter(owner_id=owner), newest_position(owner)
    if before >= position:
        return False
    touched = rows.filter(partner_id__in=_touched(owner, before)).update(is_due=True)
    rows.filter(is_due=False).exclude(position=position).update(position=position)
    return bool(touched)


def _touched(owner: str, position: int) -> set[str]:
    """Partners of whose people facts came or were taken back after a position, and all above them."""
    with connection.cursor() as cursor:
        cursor.execute(_TOUCHED, {"owner": owner, "position": position})
        found = [partner for (partner,) in cursor.fetchall()]
    lineages = Organization.objects.filter(pk__in=found).values_list("lineage", flat=True)
    return {one for lineage in lineages for one in lineage}


# --- counting -------------------------------------------------------------------------------------------------------


def _count(look: VendorLook, partners: Sequence[str]) -> bool:
    """Whether one of them is due again already."""
    enrolments = list(_running(look.owner).filter(partner_id__in=partners).order_by("joined_on", "pk"))
    standings = newest_standings([each.pk for each in enrolments])
    known = _partner_looks(look, partners, enrolments, standings)
    counted = [_counted(look, partner, each) for partner, each in known.items()]
    return _keep(look.owner, counted, enrolments, standings)


def _keep(
    owner: str, counted: Sequence[PartnerCoverage], enrolments: Sequence[Enrolment], standings: Mapping[str, int]
) -> bool:
    """Write rows. A standing that came since they were counted has called them due in vain: they stay it.

    Whoever stores a standing locks them as well, in the same order: it sees these rows, or its standing is seen here.
    """
    rows = PartnerCoverage.objects.filter(owner_id=owner, partner_id__in=[row.partner_id for row in counted])
    keys = dict(rows.order_by("pk").select_for_update().values_list("partner_id", "pk"))
    newest = newest_standings([each.pk for each in enrolments])
    moved = {each.partner_id for each in enrolments if newest.get(each.pk) != standings.get(each.pk)}
    kept = [row for row in counted if row.partner_id in keys]
    for row in kept:
        row.pk, row.is_due = keys[row.partner_id], row.partner_id in moved
    PartnerCoverage.objects.bulk_create(kept, update_conflicts=True, unique_fields=["id"], update_fields=list(_FIELDS))
    return bool(moved)


def _partner_looks(
    look: VendorLook, partners: Sequence[str], enrolments: Sequence[Enrolment], standings: Mapping[str, int]
) -> dict[str, PartnerLook]:
    asks = look.asking.asks(enrolments, standings)
    records = records_by_partner(look.owner, _organizations(partners, enrolments), look.asking.catalogue)
    here = {partner: found.present(look.day) for partner, found in records.items()}
    own = _own_people(look, here)
    asked = {partner: list[TierAsk]() for partner in partners}
    for each in enrolments:
        known = records[each.partner_id]
        asked[each.partner_id] += by_nearest_way(asks[each.pk], known.lives, known.belonging(), look.day)
    return {one: PartnerLook(records[one], here[one], own[one], asked[one]) for one in partners}


def _organizations(partners: Sequence[str], enrolments: Sequence[Enrolment]) -> dict[str, list[str]]:
    """By partner itself and all whose facts count for it in one of its programs."""
    found = {partner: {partner} for partner in partners}
    counting = organizations_of_many(enrolments)
    for each in enrolments:
        found[each.partner_id].update(counting[each.pk])
    return {partner: sorted(organizations) for partner, organizations in found.items()}


def _own_people(look: VendorLook, here: Mapping[str, Lives]) -> dict[str, list[str]]:
    """By partner who is counted there."""
    everywhere = offices_everywhere(look.owner, sorted({person for people in here.values() for person in people}))
    places = {stay.person: stay.firm for stay in everywhere if look.day in stay.counted}
    nearest = _nearest_partners(look.owner, set(places.values()))
    homes = {person: nearest.get(firm) for person, firm in places.items()}
    return {partner: [one for one in people if homes.get(one) == partner] for partner, people in here.items()}


def _nearest_partners(owner: str, organizations: Collection[str]) -> Mapping[str, str]:
    """By organization the nearest partner at or above it."""
    lineages = Organization.objects.filter(pk__in=organizations).values_list("lineage", flat=True)
    above = {one for lineage in lineages for one in lineage}
    parents = dict(Organization.objects.filter(pk__in=above).values_list("pk", "parent_id"))
    partners = set(_running(owner).filter(partner_id__in=above).values_list("partner_id", flat=True))
    found = {one: _nearest(one, parents, partners) for one in organizations}
    return {one: partner for one, partner in found.items() if partner is not None}


def _nearest(organization: str, parents: Mapping[str, str | None], partners: Collection[str]) -> str | None:
    one: str | None = organization if organization in parents else None
    while one is not None and one not in partners:
        one = parents.get(one)
    return one


def _counted(look: VendorLook, partner: str, known: PartnerLook) -> PartnerCoverage:
    row = PartnerCoverage(owner_id=look.owner, partner_id=partner)
    _list(row, look, known)
    records = known.records
    standings = ask_standings(known.asks, records.lives, records.belonging(), look.day, ahead=AHEAD)
    row.to_keep, row.to_reach = (_missing(standings, purpose) for purpose in ("keep", "next"))
    row.people, row.lacks = len(known.own), _lacks(standings)
    row.day, row.position, row.catalogue, row.counted_at = look.day, look.position, look.kept, now()
    return row


def _list(row: PartnerCoverage, look: VendorLook, known: PartnerLook) -> None:
    """Who holds what of those that are counted here, and what lacks of all who are."""
    catalogue, needs = look.asking.catalogue, needs_of(known.asks)
    everybody = counted = tallies(catalogue, known.here.values(), look.day)
    if len(known.own) < len(known.here):
        counted = tallies(catalogue, (known.here[one] for one in known.own), look.day)
    wanted = counted.keys() | {need.code for need in needs if need.people}
    cells = cells_of((one for one in catalogue if one.code in wanted), everybody, needs)
    own = [counted.get(cell.code, Tally()) for cell in cells]
    row.codes = [cell.code for cell in cells]
    row.held, row.lapsing = [one.held for one in own], [one.lapsing for one in own]
    row.needed, row.missing = [cell.needed for cell in cells], [cell.missing for cell in cells]
    row.uncovered = [cell.uncovered for cell in cells]


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
