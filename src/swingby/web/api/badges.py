"""Badges: one's own, made, shown and withdrawn; those of others that one keeps; and what the world sees of a shown one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from http import HTTPStatus
from typing import Literal

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from ninja import Query, Router, Schema, Status
from pydantic import Field

from swingby.web.api.application import check_match, marked
from swingby.web.api.firms import catalogue_at, enter_firm
from swingby.web.api.guard import Token
from swingby.web.api.paging import MOST_ROWS, PageQuery, page_of
from swingby.web.api.problems import ProblemError
from swingby.web.api.values import Key, Text
from swingby.web.domain.badges.foreign import take_badge
from swingby.web.domain.badges.issuing import (
    BadgeState,
    badge_file,
    badges_to_make,
    issue_badge,
    public_badge,
    show_badge,
    state_of,
    withdraw_badge,
)
from swingby.web.domain.badges.keys import absolute
from swingby.web.domain.badges.signing import LONGEST
from swingby.web.middleware import ActingRequest
from swingby.web.models import Badge, ForeignBadge, TokenScope
from swingby.web.sending import sent_badge

router = Router(tags=["badges"], auth=Token(TokenScope.BADGES_READ))
WRITES = Token(TokenScope.BADGES_WRITE)
UNTIL = "The first day on which it is no longer held."
GONE = "This badge was withdrawn, and that is for ever. Make another one."
LONGEST_KEY = 20_000


class BadgeShape(Schema):
    """A certification as a signed file. ``page`` is where whoever has the link sees it, null while nobody does."""

    id: str
    code: str
    label: str
    vendor: str
    state: BadgeState
    starts_on: date
    ends_on: date | None = Field(description=UNTIL)
    issued_at: datetime
    is_public: bool
    shows_name: bool
    page: str | None


class OwnBadgePage(Schema):
    """One's own badges, withdrawn ones too, in the order of what they are called."""

    items: list[BadgeShape]
    next: str | None


class ToMakeShape(Schema):
    """A certification that the maker of the token holds and has no badge of."""

    code: str
    label: str


class ToMakeList(Schema):
    """What could become a badge today."""

    items: list[ToMakeShape]


class ForeignBadgeShape(Schema):
    """A badge that somebody else issued. ``proof`` is how the key was found that the signature holds against."""

    id: int
    name: str
    issuer: str
    starts_on: date
    ends_on: date | None = Field(description=UNTIL)
    proof: Literal["carried", "issuer", "given"]
    taken_at: datetime


class ForeignBadgePage(Schema):
    """Badges of others that one keeps, in the order of their names."""

    items: list[ForeignBadgeShape]
    next: str | None


class PublicBadgeShape(Schema):
    """What the world sees of a badge that its holder shows; ``holder`` is null where it names nobody."""

    id: str
    label: str
    vendor: str
    issuer: str
    holder: str | None
    state: BadgeState
    starts_on: date
    ends_on: date | None = Field(description=UNTIL)
    page: str
    file: str


class MakeBody(Schema):
    """Of which certification."""

    code: Key


class ShowBody(Schema):
    """Whether whoever has the link reads the name as well."""

    with_name: bool = False


class ForeignBody(Schema):
    """The file of a badge as it is, and the issuer's public key as a JWK where the badge does not carry it."""

    text: Text = Field(min_length=1, max_length=LONGEST)
    key: Text = Field("", max_length=LONGEST_KEY)


@router.get("/firms/{firm}/badges/own", response=OwnBadgePage)
def list_own_badges(request: ActingRequest, firm: Key, query: Query[PageQuery]) -> OwnBadgePage:
    """The badges of the maker of the token. Nobody reads those of others, whatever the role."""
    rows, following = page_of(_own(request, firm), query, order=("label", "id"))
    return OwnBadgePage(items=[_badge(row) for row in rows], next=following)


@router.post("/firms/{firm}/badges/own", response={201: BadgeShape}, auth=WRITES)
def make_badge(request: ActingRequest, firm: Key, body: MakeBody) -> Status[BadgeShape]:
    """Make a badge of what one holds today; the same again gives the one that is there. Nobody else sees it yet."""
    kept = catalogue_at(request, firm)
    row = issue_badge(firm, actor=request.actor, code=body.code, catalogue=kept.catalogue)
    return Status(HTTPStatus.CREATED, _badge(row))


@router.get("/firms/{firm}/badges/own/to-make", response=ToMakeList)
def list_badges_to_make(request: ActingRequest, firm: Key) -> ToMakeList:
    """What the maker of the token holds today and has no badge of; up to 200."""
    kept = catalogue_at(request, firm)
    found = badges_to_make(firm, actor=request.actor, catalogue=kept.catalogue)[:MOST_ROWS]
    return ToMakeList(items=[ToMakeShape(code=one.code, label=one.label) for one in found])


@router.get("/firms/{firm}/badges/own/{badge}", response=BadgeShape)
def read_own_badge(request: ActingRequest, firm: Key, badge: Key) -> BadgeShape:
    """One badge of one's own."""
    return _badge(get_object_or_404(_own(request, firm), pk=badge))


@router.get(
    "/firms/{firm}/badges/own/{badge}/file",
    response={HTTPStatus.OK: bytes},
    openapi_extra={"x-media-type": "text/plain"},
)
def read_own_badge_file(request: ActingRequest, firm: Key, badge: Key) -> HttpResponse:
    """The badge as a signed file, a compact JWS; none once it is withdrawn."""
    row = get_object_or_404(_own(request, firm), pk=badge, withdrawn_at=None)
    return marked(request, sent_badge(badge_file(row), name=row.pk))


@router.post("/firms/{firm}/badges/own/{badge}/show", response=BadgeShape, auth=WRITES)
def show_own_badge(request: ActingRequest, firm: Key, badge: Key, body: ShowBody) -> BadgeShape:
    """Let whoever has the link see it, without the name or with it."""
    row = _open(request, firm, badge)
    show_badge(row, is_public=True, shows_name=body.with_name)
    return _badge(row)


@router.post("/firms/{firm}/badges/own/{badge}/hide", response=BadgeShape, auth=WRITES)
def hide_own_badge(request: ActingRequest, firm: Key, badge: Key) -> BadgeShape:
    """Let nobody see it any more: the link leads nowhere, files that others have stay good."""
    row = _open(request, firm, badge)
    show_badge(row, is_public=False, shows_name=False)
    return _badge(row)


@router.post("/firms/{firm}/badges/own/{badge}/withdraw", response=BadgeShape, auth=WRITES)
def withdraw_own_badge(request: ActingRequest, firm: Key, badge: Key) -> BadgeShape:
    """Take it back for ever: its file does not hold any more."""
    row = _open(request, firm, badge)
    withdraw_badge(row)
    return _badge(_own(request, firm).get(pk=row.pk))


@router.get("/firms/{firm}/badges/foreign", response=ForeignBadgePage)
def list_foreign_badges(request: ActingRequest, firm: Key, query: Query[PageQuery]) -> ForeignBadgePage:
    """Badges of others that the maker of the token keeps here."""
    enter_firm(request, firm)
    mine = ForeignBadge.objects.filter(organization_id=firm, person_id=request.actor.person)
    rows, following = page_of(mine, query, order=("name", "id"))
    return ForeignBadgePage(items=_foreign(rows), next=following)


@router.post("/firms/{firm}/badges/foreign", response={201: ForeignBadgeShape}, auth=WRITES)
def keep_foreign_badge(request: ActingRequest, firm: Key, body: ForeignBody) -> Status[ForeignBadgeShape]:
    """Keep a badge of somebody else, if its signature holds; nothing is fetched from elsewhere for it."""
    enter_firm(request, firm)
    row = take_badge(firm, actor=request.actor, text=body.text, key=body.key)
    return Status(HTTPStatus.CREATED, _foreign([row])[0])


@router.get("/badges/{badge}", response=PublicBadgeShape)
def read_public_badge(request: ActingRequest, badge: Key) -> PublicBadgeShape:  # noqa: ARG001 - ninja's signature
    """Whether a badge that its holder shows holds, as its page tells the world; of all others there is none."""
    found = public_badge(badge)
    if found is None:
        raise Http404
    row = found.row
    return PublicBadgeShape(
        issuer=found.issuer,
        holder=found.holder or None,
        state=state_of(row),
        page=absolute(reverse("badge", args=[row.pk])),
        file=absolute(reverse("badge_public_file", args=[row.pk])),
        **{name: getattr(row, name) for name in ("id", "label", "vendor", "starts_on", "ends_on")},
    )


def _own(request: ActingRequest, firm: str) -> QuerySet[Badge]:
    """The own ones; to all others there is no such badge."""
    enter_firm(request, firm)
    return Badge.objects.filter(organization_id=firm, person_id=request.actor.person)


def _open(request: ActingRequest, firm: str, badge: str) -> Badge:
    """One that is not withdrawn, and as it was read; nobody else changes it meanwhile."""
    row: Badge = get_object_or_404(_own(request, firm).select_for_update(), pk=badge)
    check_match(request, _badge(row))
    if row.withdrawn_at is not None:
        raise ProblemError(HTTPStatus.CONFLICT, GONE)
    return row


def _badge(row: Badge) -> BadgeShape:
    names = ("id", "code", "label", "vendor", "starts_on", "ends_on", "issued_at", "is_public", "shows_name")
    return BadgeShape(
        state=state_of(row),
        page=absolute(reverse("badge", args=[row.pk])) if row.is_public else None,
        **{name: getattr(row, name) for name in names},
    )


def _foreign(rows: Sequence[ForeignBadge]) -> list[ForeignBadgeShape]:
    names = ForeignBadgeShape.model_fields
    return [ForeignBadgeShape(**{name: getattr(row, name) for name in names}) for row in rows]
