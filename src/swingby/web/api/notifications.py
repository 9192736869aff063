"""What the maker of a token was told, as one of a partner or of a vendor."""

from __future__ import annotations

from datetime import datetime

from ninja import Query, Router, Schema

from swingby.web.api.guard import Token, require
from swingby.web.api.paging import PageQuery, page_of
from swingby.web.api.partners import find_partner
from swingby.web.api.programs import find_program
from swingby.web.api.reports import Nothing
from swingby.web.api.values import Key
from swingby.web.domain.notifications import Desk, desk_of, read_all, told, unread_count
from swingby.web.middleware import ActingRequest
from swingby.web.models import Side, TokenScope
from swingby.web.tenancy import current_scope

router = Router(tags=["notifications"], auth=Token(TokenScope.NOTIFICATIONS_READ))
WRITES = Token(TokenScope.NOTIFICATIONS_WRITE)
OTHER_SIDE = "These are for the people of the other side."


class NotificationShape(Schema):
    """One thing that happened, in a sentence, and the page that it leads to."""

    id: str
    kind: str
    words: str
    path: str
    at: datetime
    read_at: datetime | None


class NotificationPage(Schema):
    """Notifications, the newest first, and how many were not read."""

    items: list[NotificationShape]
    unread: int
    next: str | None


class ReadCount(Schema):
    """How many were not read before."""

    read: int


@router.get("/partners/{partner}/notifications", response=NotificationPage)
def list_partner_notifications(request: ActingRequest, partner: Key, page: Query[PageQuery]) -> NotificationPage:
    """What one was told as one of a partner's people, in one program."""
    return _page(request, _partners_desk(partner), page)


@router.get("/programs/{program}/notifications", response=NotificationPage)
def list_program_notifications(request: ActingRequest, program: Key, page: Query[PageQuery]) -> NotificationPage:
    """What one was told as one of the vendor's people."""
    return _page(request, _vendors_desk(program), page)


@router.post("/partners/{partner}/notifications/read", response=ReadCount, auth=WRITES)
def read_partner_notifications(request: ActingRequest, partner: Key, body: Nothing | None = None) -> ReadCount:  # noqa: ARG001 - ninja's signature
    """Note that all were read."""
    return ReadCount(read=read_all(request.actor, _partners_desk(partner)))


@router.post("/programs/{program}/notifications/read", response=ReadCount, auth=WRITES)
def read_program_notifications(request: ActingRequest, program: Key, body: Nothing | None = None) -> ReadCount:  # noqa: ARG001 - the same
    """Note that all were read."""
    return ReadCount(read=read_all(request.actor, _vendors_desk(program)))


def _partners_desk(partner: str) -> Desk:
    row = find_partner(partner)
    require(allowed=row.partner_id in current_scope().partner_orgs, otherwise=OTHER_SIDE)
    return desk_of(row)


def _vendors_desk(program: str) -> Desk:
    owner = find_program(program).owner_id
    require(allowed=owner in current_scope().owner_orgs, otherwise=OTHER_SIDE)
    return Desk(side=Side.VENDOR, owner=owner)


def _page(request: ActingRequest, desk: Desk, page: PageQuery) -> NotificationPage:
    found, following = page_of(told(request.actor, desk), page, order=("-at", "-id"))
    names = NotificationShape.model_fields
    items = [NotificationShape(**{name: getattr(row, name) for name in names}) for row in found]
    return NotificationPage(items=items, unread=unread_count(request.actor, desk), next=following)
