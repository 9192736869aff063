"""The users of an organization: who works with it here in which roles, who is on the way, letting in and letting go."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime
from http import HTTPStatus

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from ninja import Query, Router, Schema, Status
from pydantic import Field

from swingby.web.api.application import check_match
from swingby.web.api.guard import Token, require
from swingby.web.api.paging import PageQuery, keyed_page, page_of
from swingby.web.api.problems import Issue, ProblemError
from swingby.web.api.values import Key, Text
from swingby.web.domain.invitations import (
    LONGEST_NAME,
    acts_open_to,
    approve_asking,
    decline_asking,
    invite,
    is_foreign,
    send_link_again,
    withdraw_invitation,
)
from swingby.web.domain.sharing import doorway_of
from swingby.web.domain.users import Colleague, LastAdminError, colleagues, lock_users, regions_of, set_roles
from swingby.web.middleware import ActingRequest
from swingby.web.models import (
    OPEN_STATES,
    PARTNER_ROLES,
    VENDOR_ROLES,
    Doorway,
    Invitation,
    InvitationState,
    Role,
    TokenScope,
)
from swingby.web.permissions import can_run_users

router = Router(tags=["users"], auth=Token(TokenScope.USERS_READ))
WRITES = Token(TokenScope.USERS_WRITE)
NOT_YOURS = "Your role does not run users. Ask your admin."
LONGEST_MAIL, MOST_REGIONS = 254, 100
LAST_ADMIN = "Nobody would be left to run the users. Make somebody else admin first."
FOREIGN = "Whether the address lies outside the mail domains that the organization named."


class UserShape(Schema):
    """Somebody who works with the organization here, with every role; ``regions`` are those of a regional lead."""

    person: str
    name: str
    email: str
    roles: list[Role]
    regions: list[str]
    last_seen: datetime | None
    is_foreign: bool = Field(description=FOREIGN)


class UserPageShape(Schema):
    """Users, in the order of their keys, and how many there are in all."""

    items: list[UserShape]
    total: int
    next: str | None


class InvitationShape(Schema):
    """Somebody on the way: invited, or asking to join. The name is that of who asks and confirmed the address.

    ``until`` is the moment at which the link is over, null where somebody waits for an answer. ``acts`` is what this token
    may do with it now. The link itself is told to nobody but who is invited.
    """

    id: str
    email: str
    name: str | None
    role: Role
    regions: list[str]
    state: InvitationState
    made_by: str | None
    made_at: datetime
    until: datetime | None
    is_foreign: bool = Field(description=FOREIGN)
    acts: list[str]


class InvitationPage(Schema):
    """Who is on the way, who came last first."""

    items: list[InvitationShape]
    next: str | None


class InviteBody(Schema):
    """Whom to invite, in which role; a regional lead has regions. The name is for people who are new here."""

    email: Text = Field(min_length=1, max_length=LONGEST_MAIL)
    name: Text = Field("", max_length=LONGEST_NAME)
    role: Role
    regions: list[Key] = Field(default_factory=list, max_length=MOST_REGIONS)


class LetInBody(Schema):
    """In which role to let somebody in; the one that stands with the asking if left out."""

    role: Role | None = None


class RolesBody(Schema):
    """The roles that somebody holds from now on, and no others; a regional lead has regions."""

    roles: list[Role] = Field(min_length=1, max_length=len(Role))
    regions: list[Key] = Field(default_factory=list, max_length=MOST_REGIONS)


@router.get("/organizations/{organization}/users", response=UserPageShape)
def list_users(request: ActingRequest, organization: Key, query: Query[PageQuery]) -> UserPageShape:
    """Who works with an organization here, in which roles. For its own admins."""
    _enter(request, organization)
    doorway, everybody = doorway_of(organization), colleagues(organization)
    found, following = keyed_page(everybody, query, key=lambda each: each.person.pk)
    return UserPageShape(items=[_user(each, doorway) for each in found], total=len(everybody), next=following)


@router.get("/organizations/{organization}/users/{person}", response=UserShape)
def read_user(request: ActingRequest, organization: Key, person: Key) -> UserShape:
    """One person with every role. For the organization's own admins."""
    _enter(request, organization)
    return _user(_colleague(organization, person), doorway_of(organization))


@router.post("/organizations/{organization}/users/{person}/roles", response=UserShape, auth=WRITES)
def change_user(request: ActingRequest, organization: Key, person: Key, body: RolesBody) -> UserShape:
    """Let somebody hold these roles and no others. The last admin stays admin."""
    colleague = _turn(request, organization, person)
    _check_regions(organization, body.roles, body.regions)
    _set_roles(request, organization, colleague, body, place="body.roles")
    return _user(_colleague(organization, person), doorway_of(organization))


@router.post("/organizations/{organization}/users/{person}/remove", response=UserShape, auth=WRITES)
def remove_user(request: ActingRequest, organization: Key, person: Key) -> UserShape:
    """Take every role from somebody: no way in any more, from now on. The last admin stays."""
    colleague = _turn(request, organization, person)
    _set_roles(request, organization, colleague, None, place="path.person")
    return _user(Colleague(colleague.person, (), ()), doorway_of(organization))


@router.get("/organizations/{organization}/invitations", response=InvitationPage)
def list_invitations(request: ActingRequest, organization: Key, query: Query[PageQuery]) -> InvitationPage:
    """Who is on the way: invited, or asking to join. For the organization's own admins."""
    _enter(request, organization)
    doorway, rows = doorway_of(organization), _invitations(organization).filter(state__in=OPEN_STATES)
    found, following = page_of(rows, query, order=("-made_at", "-id"))
    return InvitationPage(items=[_invitation(row, doorway, request) for row in found], next=following)


@router.post("/organizations/{organization}/invitations", response={201: InvitationShape}, auth=WRITES)
def invite_user(request: ActingRequest, organization: Key, body: InviteBody) -> Status[InvitationShape]:
    """Invite somebody by mail; the link holds for two weeks. Who is invited already gets a new link in this role."""
    _enter(request, organization)
    _check_regions(organization, (body.role,), body.regions)
    row = invite(organization, actor=request.actor, **body.model_dump())
    return Status(HTTPStatus.CREATED, _shape_of(request, row))


@router.post("/organizations/{organization}/invitations/{invitation}/again", response=InvitationShape, auth=WRITES)
def invite_again(request: ActingRequest, organization: Key, invitation: Key) -> InvitationShape:
    """Send the link once more; it holds for two weeks from now."""
    return _acted(request, organization, invitation, lambda row: send_link_again(row, actor=request.actor))


@router.post("/organizations/{organization}/invitations/{invitation}/withdraw", response=InvitationShape, auth=WRITES)
def withdraw_user(request: ActingRequest, organization: Key, invitation: Key) -> InvitationShape:
    """Take an invitation back: its link opens nothing any more."""
    return _acted(request, organization, invitation, lambda row: withdraw_invitation(row, actor=request.actor))


@router.post("/organizations/{organization}/invitations/{invitation}/approve", response=InvitationShape, auth=WRITES)
def approve_user(request: ActingRequest, organization: Key, invitation: Key, body: LetInBody) -> InvitationShape:
    """Let in who asked to join and confirmed the address."""

    def approve(row: Invitation) -> None:
        approve_asking(row, actor=request.actor, role=body.role or Role(row.role))

    return _acted(request, organization, invitation, approve)


@router.post("/organizations/{organization}/invitations/{invitation}/decline", response=InvitationShape, auth=WRITES)
def decline_user(request: ActingRequest, organization: Key, invitation: Key) -> InvitationShape:
    """Do not let in who asked to join."""
    return _acted(request, organization, invitation, lambda row: decline_asking(row, actor=request.actor))


def _enter(request: ActingRequest, organization: str) -> None:
    """To who works elsewhere there is no such organization; to who runs no users it says so."""
    if organization not in request.actor.organizations(VENDOR_ROLES | PARTNER_ROLES):
        raise Http404
    require(allowed=can_run_users(request.actor, organization=organization), otherwise=NOT_YOURS)


def _turn(request: ActingRequest, organization: str, person: str) -> Colleague:
    """Whom to change, as it stands once whoever changes the users now is done."""
    _enter(request, organization)
    lock_users(organization)
    colleague = _colleague(organization, person)
    check_match(request, _user(colleague, doorway_of(organization)))
    return colleague


def _colleague(organization: str, person: str) -> Colleague:
    found = next((each for each in colleagues(organization) if each.person.pk == person), None)
    if found is None:
        raise Http404
    return found


def _set_roles(
    request: ActingRequest, organization: str, colleague: Colleague, body: RolesBody | None, *, place: str
) -> None:
    """No roles at all let the person go. That nobody is left to run the users only a person means, on the page."""
    roles, regions = (body.roles, body.regions) if body else ((), ())
    try:
        set_roles(colleague.person, organization=organization, actor=request.actor, roles=roles, regions=regions)
    except LastAdminError as error:
        issue = Issue(location=place, code="last-admin", message=LAST_ADMIN)
        raise ProblemError(HTTPStatus.UNPROCESSABLE_ENTITY, LAST_ADMIN, code="refused", issues=[issue]) from error


def _check_regions(organization: str, roles: Collection[Role], regions: Collection[str]) -> None:
    """A page offers no others."""
    known = regions_of(organization)
    if regions and (Role.REGIONAL_LEAD not in roles or not known or not set(regions) <= set(known)):
        words = "Only a regional lead has regions, and only such as your partners belong to."
        issue = Issue(location="body.regions", code="region", message=words, hint=", ".join(known))
        raise ProblemError(HTTPStatus.UNPROCESSABLE_ENTITY, "Mend what the issues name.", issues=[issue])


def _acted(request: ActingRequest, organization: str, key: str, act: Callable[[Invitation], None]) -> InvitationShape:
    _enter(request, organization)
    row = get_object_or_404(_invitations(organization), pk=key)
    act(row)
    return _shape_of(request, row)


def _shape_of(request: ActingRequest, row: Invitation) -> InvitationShape:
    """As it stands now."""
    found = _invitations(row.organization_id).get(pk=row.pk)
    return _invitation(found, doorway_of(found.organization_id), request)


def _invitations(organization: str) -> QuerySet[Invitation]:
    return Invitation.objects.select_related("organization", "person").filter(organization_id=organization)


def _user(each: Colleague, doorway: Doorway) -> UserShape:
    person = each.person
    return UserShape(
        person=person.pk,
        name=person.name,
        email=person.email,
        roles=list(each.roles),
        regions=list(each.regions),
        last_seen=person.last_login,
        is_foreign=is_foreign(person.email, doorway),
    )


def _invitation(row: Invitation, doorway: Doorway, request: ActingRequest) -> InvitationShape:
    waits = row.state == InvitationState.WAITING
    return InvitationShape(
        email=row.person.email,
        name=row.person.name if waits else None,
        made_by=row.made_by_id,
        until=None if waits else row.expires_at,
        is_foreign=is_foreign(row.person.email, doorway),
        acts=list(acts_open_to(request.actor, invitation=row)),
        **{name: getattr(row, name) for name in ("id", "role", "regions", "state", "made_at")},
    )
