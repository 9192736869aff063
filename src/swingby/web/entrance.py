"""The way in: the first page of each person, and the sign of life."""

from __future__ import annotations

import sys
from http import HTTPStatus

from django.core.exceptions import PermissionDenied
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import get_template
from django.views.decorators.http import require_safe

from swingby.web.access import signed_in
from swingby.web.clock import today
from swingby.web.domain.queries.firm import firm_enrolments
from swingby.web.full_disk import is_full_disk
from swingby.web.middleware import ActingRequest
from swingby.web.models import VENDOR_ROLES, Appeal, AppealState, Enrolment, LineState, ReviewLine
from swingby.web.permissions import (
    can_decide_reviews,
    can_keep_a_week,
    can_read_cards,
    can_read_money,
    can_see_at_a_glance,
)
from swingby.web.visibility import Actor


@require_safe
def health(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """Answer that the server and its database work: the middleware has opened a transaction by now."""
    return HttpResponse("ok", content_type="text/plain")


@require_safe
@signed_in
def home(request: ActingRequest) -> HttpResponse:
    """Lead to the console of the first vendor one works for, else to one's program, or to the firm's page of several."""
    for owner in sorted(request.actor.organizations(VENDOR_ROLES)):
        return redirect(_first_page(request.actor, owner), owner=owner)
    if firm_enrolments(on=today()).values("owner_id").distinct().count() > 1:
        return redirect("firm")
    enrolment = firm_enrolments(on=today()).first() or Enrolment.objects.order_by("joined_on", "id").first()
    if enrolment is None:
        raise PermissionDenied("You belong to no organization yet. Ask your partner admin to invite you.")
    return redirect("portal:home", enrolment=enrolment.pk)


def _first_page(actor: Actor, owner: str) -> str:
    """Where somebody's work begins: what waits for a decision, one's week, money, the program at a glance, or all partners."""
    if can_decide_reviews(actor, owner=owner):
        return "console:review_list" if _reviews_wait(owner) else "console:reports"
    if can_keep_a_week(actor, owner=owner):
        return "console:week"
    is_finance = can_read_money(actor, owner=owner) and not can_read_cards(actor, owner=owner)
    if is_finance:
        return "console:money"
    return "console:glance" if can_see_at_a_glance(actor, owner=owner) else "console:overview"


def _reviews_wait(owner: str) -> bool:
    lines = ReviewLine.objects.filter(owner_id=owner, state=LineState.WAITS)
    return lines.exists() or Appeal.objects.filter(owner_id=owner, state=AppealState.FILED).exists()


def our_mistake(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """The page after an exception; it says so where the database is away or a disk is full, and asks the database nothing."""
    status = _status_of(sys.exc_info()[1])
    answer = HttpResponse(get_template(f"{status.value}.html").render(), status=status)
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        answer["Retry-After"] = "10"
    return answer


def _status_of(error: BaseException | None) -> HTTPStatus:
    if is_full_disk(error):
        return HTTPStatus.INSUFFICIENT_STORAGE
    is_away = isinstance(error, OperationalError | InterfaceError)
    return HTTPStatus.SERVICE_UNAVAILABLE if is_away else HTTPStatus.INTERNAL_SERVER_ERROR
