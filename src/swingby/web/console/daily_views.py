"""The vendor's daily work: views translate between requests and the domain."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from swingby.web.access import enter_console, require, signed_in
from swingby.web.console.pages import console_shell
from swingby.web.console.portfolio_pages import portfolio_file, portfolio_page
from swingby.web.console.rhythm_pages import rhythm_page
from swingby.web.console.week_pages import week_page
from swingby.web.domain.errors import RefusedError
from swingby.web.domain.notes import write_note
from swingby.web.domain.nudges import nudge_partner
from swingby.web.domain.queries.portfolio import choose_columns, question_of
from swingby.web.domain.week.acting import deal_with
from swingby.web.middleware import ActingRequest
from swingby.web.models import Audience, Enrolment, Side, WeekDeed
from swingby.web.permissions import can_keep_a_week

#: No list has more pages than so many digits say.
LONGEST_PAGE = 6
#: No key of a person is longer; an address that is longer than this leads back nowhere.
LONGEST_KEY, LONGEST_ADDRESS = 100, 2000


@require_safe
@signed_in
def overview(request: ActingRequest, owner: str) -> HttpResponse:
    """The portfolio: read only, for everybody on the vendor's side."""
    enter_console(request, owner=owner)
    page = portfolio_page(owner, question_of(request.GET.dict()), actor=request.actor)
    shell = console_shell(owner, actor=request.actor, current="overview")
    return render(request, "console/overview.html", {"page": page, "owner": owner, "shell": shell})


@require_safe
@signed_in
def overview_file(request: ActingRequest, owner: str) -> HttpResponse:
    """The portfolio as a file: everybody whom the filters find, in the columns that are shown."""
    enter_console(request, owner=owner)
    text = portfolio_file(owner, question_of(request.GET.dict()), actor=request.actor)
    answer = HttpResponse(text, content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = 'attachment; filename="partners.csv"'
    return answer


@require_POST
@signed_in
def overview_columns(request: ActingRequest, owner: str) -> HttpResponse:
    """Remember the columns somebody chose, and go back to where they were chosen."""
    enter_console(request, owner=owner)
    choose_columns(owner, actor=request.actor, keys=request.POST.getlist("column"))
    page = reverse("console:overview", args=[owner])
    back = request.POST.get("back", "")
    is_ours = (
        len(back) <= LONGEST_ADDRESS
        and back.startswith(f"{page}?")
        and url_has_allowed_host_and_scheme(back, allowed_hosts=None)
    )
    return redirect(back if is_ours else page)


@require_safe
@signed_in
def week(request: ActingRequest, owner: str) -> HttpResponse:
    """Whom to call, why and what to say: at most fifteen rows."""
    _enter_week(request, owner)
    page = week_page(owner, actor=request.actor, whose=request.GET.get("whose", ""))
    shell = console_shell(owner, actor=request.actor, current="week")
    return render(request, "console/week.html", {"page": page, "owner": owner, "shell": shell})


@require_POST
@signed_in
def week_act(request: ActingRequest, owner: str, enrolment: str) -> HttpResponse:
    """A row was dealt with: somebody wrote, did it, or puts it off with a reason."""
    _enter_week(request, owner)
    row = get_object_or_404(Enrolment.objects.filter(owner_id=owner), pk=enrolment)
    said = {name: request.POST.get(name, "") for name in ("rule", "about", "deed", "reason", "words", "until")}
    if said["deed"] == WeekDeed.DONE:
        said["words"] = request.POST.get("note", "")
    try:
        with transaction.atomic():
            deal_with(row, actor=request.actor, **said)
            if said["deed"] == WeekDeed.WROTE:
                text = request.POST.get("text", "")
                write_note(row, actor=request.actor, side=Side.VENDOR, audience=Audience.SHARED, text=text)
        messages.success(request, _DEALT_WITH[said["deed"]])
    except RefusedError as error:
        messages.error(request, str(error))
    return _to_book("console:week", owner, request.POST.get("whose", ""))


def _to_book(page: str, owner: str, whose: str) -> HttpResponse:
    """Back to the book that was looked at; a word that is no person's leads to the usual one."""
    address = reverse(page, args=[owner])
    kept = 0 < len(whose) <= LONGEST_KEY and "\0" not in whose
    return redirect(f"{address}?{urlencode({'whose': whose})}" if kept else address)


def _enter_week(request: ActingRequest, owner: str) -> None:
    enter_console(request, owner=owner)
    allowed = can_keep_a_week(request.actor, owner=owner)
    require(allowed=allowed, otherwise="Your role looks after no partners.")


_DEALT_WITH: Mapping[str, str] = {
    WeekDeed.WROTE: "Shared with the partner.",
    WeekDeed.DONE: "Done.",
    WeekDeed.NOT_NOW: "Put off to the day you chose. Your reason is kept.",
}


@require_safe
@signed_in
def rhythms(request: ActingRequest, owner: str) -> HttpResponse:
    """The promises of both sides, quarter by quarter: read by everybody on the vendor's side."""
    enter_console(request, owner=owner)
    number = request.GET.get("page", "1")
    page = int(number) if number.isdecimal() and len(number) <= LONGEST_PAGE else 1
    board = rhythm_page(owner, actor=request.actor, whose=request.GET.get("whose", ""), page=page)
    shell = console_shell(owner, actor=request.actor, current="rhythms")
    nudges = can_keep_a_week(request.actor, owner=owner)
    return render(request, "console/rhythms.html", {"page": board, "owner": owner, "nudges": nudges, "shell": shell})


@require_POST
@signed_in
def nudge(request: ActingRequest, owner: str, enrolment: str) -> HttpResponse:
    """Remind a partner of a promise of its own."""
    _enter_week(request, owner)
    row = get_object_or_404(Enrolment.objects.filter(owner_id=owner), pk=enrolment)
    said = {name: request.POST.get(name, "") for name in ("rhythm", "text")}
    try:
        nudge_partner(row, actor=request.actor, rhythm=said["rhythm"].replace("\0", ""), text=said["text"])
        messages.success(request, "Sent. The partner reads it in its portal.")
    except RefusedError as error:
        messages.error(request, str(error))
    return _to_book("console:rhythms", owner, request.POST.get("whose", ""))
