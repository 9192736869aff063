"""Partners of a program, where they stand and why, and their points history."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import OuterRef, Subquery
from django.shortcuts import get_object_or_404
from ninja import Query, Router, Schema
from pydantic import Field

from swingby.web.api.guard import Token, require
from swingby.web.api.paging import PageQuery, page_of
from swingby.web.api.programs import find_program
from swingby.web.api.values import Key, Number, Text
from swingby.web.domain.standings import latest_standing
from swingby.web.middleware import ActingRequest
from swingby.web.models import Enrolment, Standing, TokenScope
from swingby.web.tenancy import current_scope

router = Router(tags=["partners"], auth=Token(TokenScope.PARTNERS_READ))
_NEWEST = ("-as_of", "-position", "-id")


class PartnerQuery(PageQuery):
    """Which partners."""

    tier: Text = Field("", max_length=100, description="Only those that hold this tier.")
    region: Text = Field("", max_length=100, description="Only those of this region.")
    country: Text = Field("", max_length=100, description="Only those of this country.")
    name: Text = Field("", max_length=100, description="Only those whose name holds these letters.")


class PartnerShape(Schema):
    """One partner in one program."""

    id: str
    program: str
    owner: str
    organization: str
    name: str
    parent: str | None
    country: str
    region: str
    joined_on: date
    ended_on: date | None
    tier: str | None
    score: Number | None
    as_of: date | None


class PartnerPage(Schema):
    """Partners."""

    items: list[PartnerShape]
    next: str | None


class Tier(Schema):
    """A tier of the ladder that is shown first; the rank counts from the lowest."""

    id: str
    label: str
    rank: int


class Score(Schema):
    """The score that sums up the others."""

    name: str
    label: str
    value: Number | None


class Requirement(Schema):
    """One requirement as the engine computed it; gap is what is missing, or too much where the value must stay low."""

    ladder: str
    tier: str
    requirement: str
    state: str
    value: Number | None
    threshold: Number | None
    gap: Number | None


class NextStep(Schema):
    """What the partner itself can do."""

    title: str
    effort: str
    ready_by: date | None
    points: Number | None
    unlocks: str


class StandingShape(Schema):
    """Where a partner stands, with what it rests on."""

    partner: str
    as_of: date
    position: int
    computed_at: datetime
    program_version: str
    program_hash: str
    engine_version: str
    tier: Tier | None
    next_tier: Tier | None
    held: dict[str, str | None]
    score: Score | None


class StandingPage(Schema):
    """Standings, the newest first."""

    items: list[StandingShape]
    next: str | None


class StandingWhole(StandingShape):
    """A standing with each requirement and what is worth doing next."""

    requirements: list[Requirement]
    next_steps: list[NextStep]


class HistoryLine(Schema):
    """One line of the points history."""

    day: date
    what: str
    points: Number | None
    state: str
    source: str
    note: str


class PointsHistory(Schema):
    """The newest lines of the points history, and how many there are in all."""

    items: list[HistoryLine]
    total: int


@router.get("/programs/{program}/partners", response=PartnerPage)
def list_partners(request: ActingRequest, program: Key, query: Query[PartnerQuery]) -> PartnerPage:  # noqa: ARG001 - ninja's signature
    """Partners of a program; a partner sees itself and those below it."""
    rows = Enrolment.objects.select_related("partner").filter(program=find_program(program))
    found, following = page_of(_filtered(rows, query), query, order=("pk",))
    standings = _standings_of(found)
    return PartnerPage(items=[_partner(row, standings.get(row.pk, {})) for row in found], next=following)


@router.get("/partners/{partner}", response=PartnerShape)
def read_partner(request: ActingRequest, partner: Key) -> PartnerShape:  # noqa: ARG001 - the same
    """One partner in one program."""
    row = find_partner(partner)
    return _partner(row, _standings_of([row]).get(row.pk, {}))


@router.get("/partners/{partner}/standing", response=StandingWhole)
def read_standing(request: ActingRequest, partner: Key) -> StandingWhole:  # noqa: ARG001 - the same
    """Where a partner stands now, requirement by requirement."""
    standing = latest_standing(find_partner(partner))
    return _whole(get_object_or_404(_kept(), pk=standing.pk if standing else None))


@router.get("/partners/{partner}/standings", response=StandingPage)
def list_standings(request: ActingRequest, partner: Key, page: Query[PageQuery]) -> StandingPage:  # noqa: ARG001 - the same
    """Every standing that was computed, the newest first."""
    rows = _kept().filter(enrolment=find_partner(partner))
    found, following = page_of(rows, page, order=_NEWEST)
    return StandingPage(items=[StandingShape(**_standing(row)) for row in found], next=following)


@router.get("/partners/{partner}/standings/{standing}", response=StandingWhole)
def read_old_standing(request: ActingRequest, partner: Key, standing: int) -> StandingWhole:  # noqa: ARG001 - the same
    """One standing by its ledger position: the newest that was computed at this position."""
    rows = _kept().filter(enrolment=find_partner(partner))
    if not 0 <= standing < 2**63:
        rows = rows.none()
    found = rows.filter(position=standing).order_by(*_NEWEST).first()
    return _whole(get_object_or_404(rows, pk=found.pk if found else None))


@router.get("/partners/{partner}/points-history", response=PointsHistory)
def read_points_history(request: ActingRequest, partner: Key) -> PointsHistory:  # noqa: ARG001 - the same
    """What earned points, the newest first; what waits for checking counts nowhere."""
    standing = latest_standing(find_partner(partner))
    result: Mapping[str, Any] = standing.result if standing else {}
    lines = [
        HistoryLine(
            day=line["day"],
            what=line["what"],
            points=_number(line.get("points")),
            state=line.get("state", "counted"),
            source=line.get("source", ""),
            note=line.get("note", ""),
        )
        for line in result.get("history", ())
    ]
    return PointsHistory(items=lines, total=int(result.get("history_total", len(lines))))


def find_partner(key: str) -> Enrolment:
    """A partner that the token may see, or 404."""
    rows = Enrolment.objects.select_related("owner", "partner", "program")
    return get_object_or_404(rows, pk=key)


def find_own(key: str) -> Enrolment:
    """A partner of one's own organizations; 404 to strangers, 403 to the vendor's people."""
    row = find_partner(key)
    require(allowed=row.partner_id in current_scope().partner_orgs, otherwise="This is for the partner's own people.")
    return row


def _filtered(rows: Any, query: PartnerQuery) -> Any:
    said = {"partner__region": query.region, "partner__country": query.country, "partner__name__icontains": query.name}
    rows = rows.filter(**{name: value for name, value in said.items() if value})
    if query.tier:
        newest = Standing.objects.filter(enrolment=OuterRef("pk")).order_by(*_NEWEST).values("tier")[:1]
        rows = rows.annotate(held=Subquery(newest)).filter(held=query.tier)
    return rows


def _standings_of(rows: Iterable[Enrolment]) -> dict[str, Mapping[str, Any]]:
    """The tier and the score of each, in one statement."""
    newest = Standing.objects.filter(enrolment__in=[row.pk for row in rows]).order_by("enrolment_id", *_NEWEST)
    wanted = newest.distinct("enrolment_id").values("enrolment_id", "as_of", "tier", "result__score__value")
    return {row["enrolment_id"]: row for row in wanted}


def _partner(row: Enrolment, standing: Mapping[str, Any]) -> PartnerShape:
    partner = row.partner
    return PartnerShape(
        id=row.pk,
        program=row.program_id,
        owner=row.owner_id,
        organization=partner.pk,
        name=partner.name,
        parent=partner.parent_id,
        country=partner.country,
        region=partner.region,
        joined_on=row.joined_on,
        ended_on=row.ended_on,
        tier=standing.get("tier") or None,
        score=_number(standing.get("result__score__value")),
        as_of=standing.get("as_of"),
    )


def _kept() -> Any:
    return Standing.objects.select_related("program_version")


def _standing(row: Standing) -> dict[str, Any]:
    result = row.result
    score = result.get("score")
    return {
        "partner": row.enrolment_id,
        "as_of": row.as_of,
        "position": row.position,
        "computed_at": row.computed_at,
        "program_version": row.program_version.version,
        "program_hash": row.program_hash,
        "engine_version": row.engine_version,
        "tier": result.get("tier"),
        "next_tier": result.get("next"),
        "held": result.get("held", {}),
        "score": {**score, "value": _number(score["value"])} if score else None,
    }


def _whole(row: Standing) -> StandingWhole:
    names = ("ladder", "tier", "requirement", "state", "value", "threshold", "gap")
    requirements = [
        Requirement(**{name: getattr(each, name) for name in names}) for each in row.requirements.order_by("id")
    ]
    steps = [
        NextStep(
            title=each["title"],
            effort=each.get("effort", ""),
            ready_by=each.get("ready_by"),
            points=_number(each.get("points")),
            unlocks=each.get("unlocks", ""),
        )
        for each in row.result.get("actions", ())
    ]
    return StandingWhole(**_standing(row), requirements=requirements, next_steps=steps)


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
