"""Deal registrations: reading them, registering, answering, and what became of the deal."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from http import HTTPStatus
from typing import Literal

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from ninja import Query, Router, Schema, Status
from pydantic import Field

from swingby.web.api.application import check_match
from swingby.web.api.guard import Token, require
from swingby.web.api.paging import PageQuery, page_of
from swingby.web.api.partners import find_partner
from swingby.web.api.reports import Nothing
from swingby.web.api.values import Key, Text
from swingby.web.domain.registrations import (
    LONGEST_NAME,
    LONGEST_WORDS,
    DealSaid,
    acts_open_to,
    answer_ask,
    approve_registration,
    ask_for_longer,
    decline_registration,
    end_protection,
    is_asked,
    is_protected,
    register_deal,
    resubmit_registration,
    return_registration,
    say_outcome,
    withdraw_registration,
)
from swingby.web.middleware import ActingRequest
from swingby.web.models import DealRegistration, TokenScope
from swingby.web.permissions import can_answer_registrations, can_read_registrations, can_register_deals
from swingby.web.tenancy import current_scope

router = Router(tags=["deal registrations"], auth=Token(TokenScope.REGISTRATIONS_READ))
WRITES = Token(TokenScope.REGISTRATIONS_WRITE)
NO_READER = "Your role does not read deal registrations."
State = Literal["waiting", "returned", "approved", "declined", "withdrawn", "ended"]
Reason = Literal["taken", "in_talks", "customer", "asked", "outside", "other"]


class RegistrationQuery(PageQuery):
    """Which registrations."""

    partner: Text = Field("", max_length=200)
    state: Literal["", "waiting", "returned", "approved", "declined", "withdrawn", "ended"] = ""


class RegistrationShape(Schema):
    """One registration and what became of it. ``acts`` is what this token may do with it now.

    ``state`` is the vendor's: whether it protects. ``outcome`` is the partner's: how the deal goes. ``deal`` is the id of
    the deal among the facts, once it is approved.
    """

    id: str
    partner: str
    customer: str
    website: str
    words: str
    products: str
    amount: Decimal | None
    currency: str
    closes_on: date | None
    state: State
    registered_by: str
    registered_at: datetime
    answer_due: datetime
    reason: str
    answer: str
    decided_at: datetime | None
    protected_until: date | None
    is_protected: bool
    outcome: Literal["open", "won", "lost"]
    outcome_on: date | None
    asked_until: date | None
    deal: str
    acts: list[str]


class RegistrationsPage(Schema):
    """Registrations, the newest first."""

    items: list[RegistrationShape]
    next: str | None


class RegistrationBody(Schema):
    """Who the customer is, and what was done there."""

    customer: Text = Field(min_length=1, max_length=LONGEST_NAME)
    words: Text = Field(min_length=1, max_length=LONGEST_WORDS, description="What it needs and what you did there.")
    website: Text = Field("", max_length=300)
    products: Text = Field("", max_length=LONGEST_NAME)
    amount: Decimal | None = Field(None, gt=0, max_digits=16, decimal_places=2)
    currency: Text = Field("", max_length=3)
    closes_on: date | None = None

    def said(self) -> DealSaid:
        """The same for the domain."""
        return DealSaid(**self.model_dump())


class ProtectionBody(Schema):
    """Until when it is protected, and under which id the deal stands in the vendor's own system."""

    until: date | None = Field(None, description="The last day; ninety days from today if left out.")
    deal: Text = Field("", max_length=LONGEST_NAME)
    words: Text = Field("", max_length=LONGEST_WORDS)
    despite: bool = Field(default=False, description="Approve although another partner's registration is protected.")


class RegistrationWords(Schema):
    """Words that the other side reads."""

    words: Text = Field(min_length=1, max_length=LONGEST_WORDS)


class DeclinedDealBody(RegistrationWords):
    """A reason, and words."""

    reason: Reason


class LongerProtectionBody(RegistrationWords):
    """Until when, and why."""

    until: date


class LongerAnswerBody(Schema):
    """Whether longer protection is granted; refused, with words."""

    granted: bool
    until: date | None = Field(None, description="Another day than the one that was asked for.")
    words: Text = Field("", max_length=LONGEST_WORDS)


class DealOutcomeBody(Schema):
    """How the deal went, and since when."""

    outcome: Literal["won", "lost"]
    on: date


@router.get("/registrations", response=RegistrationsPage)
def list_registrations(request: ActingRequest, query: Query[RegistrationQuery]) -> RegistrationsPage:
    """Those of one's own organizations, and of those programs whose registrations one's role reads; the newest first."""
    said = {"enrolment_id": query.partner, "state": query.state}
    rows = _readable(request).filter(**{name: value for name, value in said.items() if value})
    found, following = page_of(rows, query, order=("-registered_at", "-id"))
    return RegistrationsPage(items=[registration_shape(row, request) for row in found], next=following)


@router.get("/registrations/{registration}", response=RegistrationShape)
def read_registration(request: ActingRequest, registration: Key) -> RegistrationShape:
    """One registration."""
    return registration_shape(_found(request, registration), request)


@router.post("/partners/{partner}/registrations", response={201: RegistrationShape}, auth=WRITES)
def send_registration(request: ActingRequest, partner: Key, body: RegistrationBody) -> Status[RegistrationShape]:
    """Register a deal. A customer whom one has registered already cannot be registered again while that goes on."""
    row = find_partner(partner)
    allowed = can_register_deals(request.actor, lineage=row.partner.lineage)
    require(allowed=allowed, otherwise="Your role does not register deals. Ask your partner admin.")
    found = register_deal(row, actor=request.actor, said=body.said())
    return Status(HTTPStatus.CREATED, registration_shape(_found(request, found.pk), request))


@router.post("/registrations/{registration}/resubmit", response=RegistrationShape, auth=WRITES)
def mend_registration(request: ActingRequest, registration: Key, body: RegistrationBody) -> RegistrationShape:
    """Send what came back again, mended."""
    row = _of_partner(request, registration)
    resubmit_registration(row, actor=request.actor, said=body.said())
    return registration_shape(_found(request, registration), request)


@router.post("/registrations/{registration}/withdraw", response=RegistrationShape, auth=WRITES)
def take_registration_back(
    request: ActingRequest,
    registration: Key,
    body: Nothing | None = None,  # noqa: ARG001 - ninja's signature
) -> RegistrationShape:
    """Take back what nobody has approved."""
    withdraw_registration(_of_partner(request, registration), actor=request.actor)
    return registration_shape(_found(request, registration), request)


@router.post("/registrations/{registration}/longer", response=RegistrationShape, auth=WRITES)
def ask_longer(request: ActingRequest, registration: Key, body: LongerProtectionBody) -> RegistrationShape:
    """Ask for longer protection: before it ends, one request at a time."""
    ask_for_longer(_of_partner(request, registration), actor=request.actor, until=body.until, words=body.words)
    return registration_shape(_found(request, registration), request)


@router.post("/registrations/{registration}/outcome", response=RegistrationShape, auth=WRITES)
def say_how_it_went(request: ActingRequest, registration: Key, body: DealOutcomeBody) -> RegistrationShape:
    """Say that the deal is won or lost; its protection ends with it."""
    say_outcome(_of_partner(request, registration), body.outcome, actor=request.actor, on=body.on)
    return registration_shape(_found(request, registration), request)


@router.post("/registrations/{registration}/approve", response=RegistrationShape, auth=WRITES)
def approve(request: ActingRequest, registration: Key, body: ProtectionBody) -> RegistrationShape:
    """Approve: it is protected, and the deal stands among the facts as registered by the partner."""
    approve_registration(_of_vendor(request, registration), actor=request.actor, **body.model_dump())
    return registration_shape(_found(request, registration), request)


@router.post("/registrations/{registration}/return", response=RegistrationShape, auth=WRITES)
def send_registration_back(request: ActingRequest, registration: Key, body: RegistrationWords) -> RegistrationShape:
    """Send back, saying what is missing."""
    return_registration(_of_vendor(request, registration), actor=request.actor, words=body.words)
    return registration_shape(_found(request, registration), request)


@router.post("/registrations/{registration}/decline", response=RegistrationShape, auth=WRITES)
def decline_deal(request: ActingRequest, registration: Key, body: DeclinedDealBody) -> RegistrationShape:
    """Decline for good, with a reason."""
    row = _of_vendor(request, registration)
    decline_registration(row, actor=request.actor, reason=body.reason, words=body.words)
    return registration_shape(_found(request, registration), request)


@router.post("/registrations/{registration}/end", response=RegistrationShape, auth=WRITES)
def end_early(request: ActingRequest, registration: Key, body: RegistrationWords) -> RegistrationShape:
    """End a protection early, saying why."""
    end_protection(_of_vendor(request, registration), actor=request.actor, words=body.words)
    return registration_shape(_found(request, registration), request)


@router.post("/registrations/{registration}/longer/answer", response=RegistrationShape, auth=WRITES)
def answer_longer(request: ActingRequest, registration: Key, body: LongerAnswerBody) -> RegistrationShape:
    """Grant or refuse longer protection."""
    answer_ask(_of_vendor(request, registration), actor=request.actor, **body.model_dump())
    return registration_shape(_found(request, registration), request)


def _readable(request: ActingRequest) -> QuerySet[DealRegistration]:
    scope = current_scope()
    owners = [owner for owner in scope.owner_orgs if can_read_registrations(request.actor, owner=owner)]
    require(allowed=bool(owners or scope.partner_orgs) or not scope.owner_orgs, otherwise=NO_READER)
    rows = DealRegistration.objects
    return _rows(rows.filter(owner_id__in=owners) | rows.filter(partner_id__in=scope.partner_orgs))


def _rows(rows: QuerySet[DealRegistration]) -> QuerySet[DealRegistration]:
    return rows.select_related("partner", "enrolment__program", "enrolment__partner", "progress")


def _found(request: ActingRequest, key: str) -> DealRegistration:
    row: DealRegistration = get_object_or_404(_rows(DealRegistration.objects.all()), pk=key)
    partners_own = row.partner_id in current_scope().partner_orgs
    require(allowed=partners_own or can_read_registrations(request.actor, owner=row.owner_id), otherwise=NO_READER)
    return row


def _for_act(request: ActingRequest, key: str) -> DealRegistration:
    row = _found(request, key)
    check_match(request, registration_shape(row, request))
    return row


def _of_partner(request: ActingRequest, key: str) -> DealRegistration:
    row = _for_act(request, key)
    allowed = can_register_deals(request.actor, lineage=row.partner.lineage)
    require(allowed=allowed, otherwise="This is for the partner's side, in a role that registers deals.")
    return row


def _of_vendor(request: ActingRequest, key: str) -> DealRegistration:
    row = _for_act(request, key)
    allowed = can_answer_registrations(request.actor, owner=row.owner_id)
    require(allowed=allowed, otherwise="Your role does not answer registrations.")
    return row


_SAME = (
    *("customer", "website", "words", "products", "amount", "currency", "closes_on", "state", "registered_at"),
    *("answer_due", "reason", "answer", "decided_at", "protected_until", "deal"),
)


def registration_shape(row: DealRegistration, request: ActingRequest) -> RegistrationShape:
    """A registration as this token sees it."""
    return RegistrationShape(
        id=row.pk,
        partner=row.enrolment_id,
        registered_by=row.registered_by_id,
        is_protected=is_protected(row),
        asked_until=row.progress.asked_until if is_asked(row) else None,
        acts=list(acts_open_to(request.actor, registration=row)),
        **{name: getattr(row, name) for name in _SAME},
        **{name: getattr(row.progress, name) for name in ("outcome", "outcome_on")},
    )
