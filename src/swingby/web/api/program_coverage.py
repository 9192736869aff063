"""All partners of a vendor together, with every certification in numbers of people."""

from __future__ import annotations

from datetime import date, datetime

from django.http import Http404
from ninja import Query, Router, Schema
from pydantic import Field

from swingby.enablement import AHEAD, Catalogue
from swingby.web.api.certification_numbers import CertificationNumbers, numbers_of
from swingby.web.api.guard import Token
from swingby.web.api.paging import PageQuery, keyed_page
from swingby.web.api.values import Key, Text
from swingby.web.domain.learning.program_coverage import (
    LackingPartner,
    ProgramCell,
    ProgramQuestion,
    RegionLine,
    program_covered,
)
from swingby.web.middleware import ActingRequest
from swingby.web.models import TokenScope
from swingby.web.permissions import can_read_console

router = Router(tags=["learning"], auth=Token(TokenScope.LEARNING_READ))
MOST_LACKING = 100


class ProgramCoverageQuery(PageQuery):
    """Which partners; without words all that the maker of the token sees."""

    region: Text = Field("", max_length=200, description="Those of this region only.")
    manager: Text = Field("", max_length=200, description="Those of a success manager: `me`, `none` or a person's key.")


class ProgramCellShape(CertificationNumbers):
    """One certification at all partners: what one partner has to spare is not taken from what another lacks."""


class LackingPartnerShape(Schema):
    """A partner that lacks people to keep its tiers or to reach the next; ``id`` is its key under partners."""

    id: str
    partner: str
    name: str
    region: str
    people: int
    to_keep: int
    to_reach: int
    lacks: str


class RegionShape(Schema):
    """The partners of one region; empty for those without one."""

    region: str
    partners: int
    people: int
    to_keep: int
    to_reach: int


class ProgramCoveragePage(Schema):
    """Certifications in the order of their codes, regions, and up to 100 partners that lack most.

    It was counted at ``counted_at``, null while nothing was. Without ``is_current`` something came since: ``due``
    partners are to be counted anew, and ``never`` of them were never counted and are in no figure.
    """

    as_of: date | None
    counted_at: datetime | None
    is_current: bool
    partners: int
    due: int
    never: int
    people: int
    to_keep: int
    to_reach: int
    ahead_days: int
    regions: list[RegionShape]
    lacking: list[LackingPartnerShape]
    lacking_total: int
    items: list[ProgramCellShape]
    next: str | None


@router.get("/organizations/{organization}/certifications", response=ProgramCoveragePage)
def list_program_certifications(
    request: ActingRequest, organization: Key, query: Query[ProgramCoverageQuery]
) -> ProgramCoveragePage:
    """What a vendor's records say of the people of all its partners, in numbers. A regional lead reads the regions' own."""
    if not can_read_console(request.actor, owner=organization):
        raise Http404
    question = ProgramQuestion(region=query.region, manager=query.manager)
    found = program_covered(organization, question, actor=request.actor, most=MOST_LACKING)
    cells, following = keyed_page(found.cells, query, key=lambda cell: cell.code)
    names = ("counted_at", "is_current", "partners", "due", "never", "people", "to_keep", "to_reach", "lacking_total")
    return ProgramCoveragePage(
        as_of=found.day,
        ahead_days=AHEAD,
        regions=[_region(one) for one in found.regions],
        lacking=[_lacking(one) for one in found.lacking],
        items=[_cell(cell, found.catalogue) for cell in cells],
        next=following,
        **{name: getattr(found, name) for name in names},
    )


def _cell(cell: ProgramCell, catalogue: Catalogue) -> ProgramCellShape:
    return ProgramCellShape(**numbers_of(ProgramCellShape, cell, catalogue))


def _region(line: RegionLine) -> RegionShape:
    return RegionShape(**{name: getattr(line, name) for name in RegionShape.model_fields})


def _lacking(line: LackingPartner) -> LackingPartnerShape:
    own = {name: getattr(line, name) for name in LackingPartnerShape.model_fields if name != "id"}
    return LackingPartnerShape(id=line.enrolment, **own)
