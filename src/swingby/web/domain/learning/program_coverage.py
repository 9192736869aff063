"""How all partners of a vendor together stand with every certification: what was counted of each, added up.

A reader has the partners that the portfolio shows: a regional lead those of the regions. Everybody else may look at one
region, or at the partners that a success manager looks after.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from django.db.models import Q, QuerySet

from swingby.enablement import Catalogue
from swingby.web.clock import today
from swingby.web.domain.enrolled import not_ended
from swingby.web.domain.learning.partner_counting import kept_catalogue
from swingby.web.domain.learning.records import has_newer
from swingby.web.domain.learning.region_sums import LISTS, Figures, RegionTotals, region_figures, region_totals
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
    regions = region_totals(everywhere)
    lines = [line for line in regions if question.region in {"", line.region}]
    catalogue = vendor_catalogue(owner)
    lacking = sum(line.lacking for line in lines)
    numbers = ("partners", "due", "never", "people", "to_keep", "to_reach")
    return ProgramCovered(
        catalogue=catalogue,
        cells=_cells(region_figures(owner, rows, lines), catalogue),
        lacking=_lacking(owner, rows, most) if lacking else (),
        lacking_total=lacking,
        regions=tuple(RegionLine(**{name: getattr(line, name) for name in _OF_REGION}) for line in regions),
        day=min((line.day for line in lines if line.day), default=None),
        counted_at=min((line.counted_at for line in lines if line.counted_at), default=None),
        is_current=_is_current(owner, lines),
        **{name: sum(getattr(line, name) for line in lines) for name in numbers},
    )


_OF_REGION: Final = ("region", "partners", "people", "to_keep", "to_reach")


def _managed(owner: str, manager: str, actor: Actor) -> Q:
    """As the portfolio decides whose partners somebody looks after."""
    if not manager:
        return Q()
    running = Enrolment.objects.filter(not_ended(today()), owner_id=owner)
    person = None if manager == NO_MANAGER else actor.person if manager == "me" else manager
    return Q(partner__in=running.filter(success_manager=person).values("partner"))


def _cells(figures: Figures, catalogue: Catalogue) -> tuple[ProgramCell, ...]:
    return tuple(
        ProgramCell(code=one.code, hours=one.hours * counted.get("missing", 0), **counted)
        for one in catalogue
        for counted in (figures.get(one.code, {}),)
    )


def _lacking(owner: str, rows: QuerySet[PartnerCoverage], most: int) -> tuple[LackingPartner, ...]:
    lacking = rows.filter(Q(to_keep__gt=0) | Q(to_reach__gt=0)).defer(*LISTS)
    listed = list(lacking.select_related("partner").order_by("-to_keep", "-to_reach", "partner__name", "pk")[:most])
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


def _is_current(owner: str, lines: Sequence[RegionTotals]) -> bool:
    """Whether what is known now was known when the partners were counted."""
    counted = [line for line in lines if line.position is not None]
    if not counted or any(line.due for line in lines):
        return not any(line.due for line in lines)
    if {(line.day, line.catalogue) for line in counted} != {(today(), kept_catalogue(owner))}:
        return False
    return not has_newer(owner, min(line.position or 0 for line in counted))
