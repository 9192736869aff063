"""The scorecard of a partner on the vendor's side: the same pages as the partner's own."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from swingby.web.access import enter_console, signed_in
from swingby.web.console.pages import console_shell
from swingby.web.middleware import ActingRequest
from swingby.web.models import Enrolment
from swingby.web.portal.scorecard import answer_number, answer_record, answer_scorecard
from swingby.web.portal.scorecard_pages import Doors, scorecard_page


@require_safe
@signed_in
def scorecard(request: ActingRequest, owner: str, enrolment: str) -> HttpResponse:
    """Every requirement and every number of the program for one partner."""
    row = _enrolment(request, owner, enrolment)
    shell = console_shell(owner, actor=request.actor, current="overview")
    page = scorecard_page(row, doors=Doors(row, "console"))
    return answer_scorecard(request, page, shell=shell)


@require_safe
@signed_in
def number(request: ActingRequest, owner: str, enrolment: str, number: str) -> HttpResponse:
    """The lines behind one number."""
    row = _enrolment(request, owner, enrolment)
    shell = console_shell(owner, actor=request.actor, current="overview")
    return answer_number(request, row, number, doors=Doors(row, "console"), shell=shell)


@require_safe
@signed_in
def record(request: ActingRequest, owner: str, enrolment: str, kind: str, record: str) -> HttpResponse:
    """One record behind the numbers."""
    row = _enrolment(request, owner, enrolment)
    shell = console_shell(owner, actor=request.actor, current="overview")
    return answer_record(request, row, kind, record, doors=Doors(row, "console"), shell=shell)


def _enrolment(request: ActingRequest, owner: str, key: str) -> Enrolment:
    enter_console(request, owner=owner)
    rows = Enrolment.objects.select_related("owner", "partner", "program").filter(owner_id=owner)
    return get_object_or_404(rows, pk=key)
