"""How all partners of a vendor together stand with every certification: what was counted of each, added up.

A reader has the partners that the portfolio shows: a regional lead those of the regions. Everybody else may look at one
region, or at the partners that a success manager looks after.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from django.db import connection
from django.db.models import Count, Max, Min, Q, QuerySet, Sum

from swingby.enablement import Catalogue
from swingby.web.clock import today
from swingby.web.domain.enrolled import not_ended
from swingby.web.domain.learning.partner_counting import kept_catalogue
from swingby.web.domain.learning.records import newest_position
from swingby.web.domain.learning.vendors import vendor_catalogue
from swingby.web.models import Enrolment, PartnerCoverage
from swingby.web.visibility import Actor

NO_MANAGER: Final = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgramCell:
    """One certification at all partners together.

    Attributes
    ----------
    needed, missing, uncovered
        What the partners' tiers ask, and what lacks at partners that have too few, now and once what lapses soon has
        lapsed; what one partner has to spare helps no other.
    """

    code: str
    held: int = 0
    lapsing: int = 0
    needed: int = 0
    missing: int = 0
    uncovered: int = 0
    hours: Decimal = Decimal(0)
    in_progress: int = 0


@dataclass(frozen=True, slots=True)
class RegionLine:
    """The partners of one region; empty for those without one."""

    region: str
    partners: int
    people: int
    to_keep: int
    to_reach: int


@dataclass(frozen=True, slots=True)
class LackingPartner:
    """A partner that lacks people for what its tiers ask, and the enrolment under which its page stands."""

    partner: str
    name: str
    region: str
    enrolment: str
    people: int
    to_keep: int
    to_reach: int
    lacks: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgramCovered:
    """Every certification of a vendor as its partners stand with it.

    Attributes
    ----------
    partners, due
        How many partners there are, and how many of them are to be counted anew.
    never
        How many of these were never counted, and so are in no figure.
    lacking
        Partners that lack people, those first that lack most to keep their tiers.
    """

    catalogue: Catalogue
    cells: tuple[ProgramCell, ...]
    partners: int
    people: int
    to_keep: int
    to_reach: int
    due: int
    never: int
    lacking: tuple[LackingPartner, ...]
    lacking_total: int
    regions: tuple[RegionLine, ...]
    day: date | None = None
    counted_at: datetime | None = None
    is_current: bool = True


@dataclass(frozen=True, slots=True)
class ProgramQuestion:
    """Which partners: of one region, or of one success manager (``me``, ``none`` or a key); all where it is empty."""

    region: str = ""
    manager: str = ""


def program_covered(owner: str, question: ProgramQuestion, *, actor: Actor, most: int) -> ProgramCovered:
    """All partners that the reader sees, each person at one of them; so many that lack people are named."""
    everywhere = PartnerCoverage.objects.filter(_managed(owner, question.manager, actor), owner_id=owner)
    rows = everywhere.filter(partner__region=question.region) if question.region else everywhere
    totals: dict[str, Any] = rows.aggregate(**_TOTALS)
    catalogue = vendor_catalogue(owner)
    lacking = rows.filter(Q(to_keep__gt=0) | Q(to_reach__gt=0))
    numbers = ("partners", "due", "never", "people", "to_keep", "to_reach")
    return ProgramCovered(
        catalogue=catalogue,
        cells=_cells(rows, catalogue),
        lacking=_lacking(owner, lacking, most),
        lacking_total=lacking.count(),
        regions=_regions(everywhere),
        day=totals["all_day"],
        counted_at=totals["all_counted_at"],
        is_current=_is_current(owner, totals),
        **{name: totals[f"all_{name}"] or 0 for name in numbers},
    )


_COUNTED: Final = Q(counted_at__isnull=False)
_TOTALS: Final[Mapping[str, Any]] = {
    "all_partners": Count("pk"),
    "all_due": Count("pk", filter=Q(is_due=True)),
    "all_never": Count("pk", filter=~_COUNTED),
    "all_people": Sum("people"),
    "all_to_keep": Sum("to_keep"),
    "all_to_reach": Sum("to_reach"),
    "all_day": Min("day"),
    "all_counted_at": Min("counted_at"),
    "all_position": Min("position", filter=_COUNTED),
    "all_catalogue": Max("catalogue", filter=_COUNTED),
}


def _managed(owner: str, manager: str, actor: Actor) -> Q:
    """As the portfolio decides whose partners somebody looks after."""
    if not manager:
        return Q()
    running = Enrolment.objects.filter(not_ended(today()), owner_id=owner)
    person = None if manager == NO_MANAGER else actor.person if manager == "me" else manager
    return Q(partner__in=running.filter(success_manager=person).values("partner"))


def _cells(rows: QuerySet[PartnerCoverage], catalogue: Catalogue) -> tuple[ProgramCell, ...]:
    """One statement adds up the lists of all partners."""
    inner, bound = rows.order_by().values_list(*_LISTS).query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(_ADDED.format(inner=inner), bound)
        found = {code: dict(zip(_LISTS[1:], numbers, strict=True)) for code, *numbers in cursor.fetchall()}
    return tuple(
        ProgramCell(code=one.code, hours=one.hours * counted.get("missing", 0), **counted)
        for one in catalogue
        for counted in (found.get(one.code, {}),)
    )


def _lacking(owner: str, rows: QuerySet[PartnerCoverage], most: int) -> tuple[LackingPartner, ...]:
    listed = list(rows.select_related("partner").order_by("-to_keep", "-to_reach", "partner__name", "pk")[:most])
    running = Enrolment.objects.filter(owner_id=owner, partner__in=[row.partner_id for row in listed])
    doors = dict(running.order_by("-joined_on", "-pk").values_list("partner_id", "pk"))
    return tuple(
        LackingPartner(
            partner=row.partner_id,
            name=row.partner.name,
            region=row.partner.region,
            enrolment=doors.get(row.partner_id, ""),
            people=row.people,
            to_keep=row.to_keep,
            to_reach=row.to_reach,
            lacks=row.lacks,
        )
        for row in listed
    )


def _regions(rows: QuerySet[PartnerCoverage]) -> tuple[RegionLine, ...]:
    """The regions of the reader's partners; those without one come last."""
    sums = (Count("pk"), Sum("people"), Sum("to_keep"), Sum("to_reach"))
    found = rows.order_by().values_list("partner__region").annotate(*sums)
    lines = (RegionLine(region, *(number or 0 for number in numbers)) for region, *numbers in found)
    return tuple(sorted(lines, key=lambda line: (not line.region, line.region)))


def _is_current(owner: str, totals: Mapping[str, Any]) -> bool:
    if totals["all_due"] or totals["all_position"] is None:
        return not totals["all_due"]
    known = totals["all_position"] >= newest_position(owner) and totals["all_catalogue"] == kept_catalogue(owner)
    return bool(known and totals["all_day"] == today())


_LISTS: Final = ("codes", "held", "lapsing", "needed", "missing", "uncovered")
_ADDED: Final = """
SELECT u.code, sum(u.held)::int, sum(u.lapsing)::int, sum(u.needed)::int, sum(u.missing)::int, sum(u.uncovered)::int
FROM ({inner}) AS c (codes, held, lapsing, needed, missing, uncovered),
     unnest(c.codes, c.held, c.lapsing, c.needed, c.missing, c.uncovered)
       AS u (code, held, lapsing, needed, missing, uncovered)
GROUP BY 1
"""
