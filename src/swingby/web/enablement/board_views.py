"""A firm's boards: views translate between requests and the domain."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from swingby.web.access import require, signed_in
from swingby.web.domain.errors import RefusedError
from swingby.web.domain.learning.board_choices import choose_board, switch_country
from swingby.web.enablement.board_pages import Asked, boards_page
from swingby.web.enablement.entering import catalogue_or_refusal, enter
from swingby.web.middleware import ActingRequest
from swingby.web.models import Grouping
from swingby.web.people.entering import organization_shell
from swingby.web.permissions import can_switch_boards


@require_safe
@signed_in
def boards(request: ActingRequest, firm: str) -> HttpResponse:
    """Offices, teams, regions, years of joining by net new; and people who asked to be shown."""
    row, _kept = enter(request, firm)
    page = boards_page(row, asked_of(request), actor=request.actor, is_own=request.looking is None)
    shell = organization_shell(request, firm, current="boards")
    return render(request, "enablement/boards.html", {"page": page, "shell": shell})


@require_POST
@signed_in
def choose(request: ActingRequest, firm: str) -> HttpResponse:
    """Be shown among people by name, by a pseudonym, or not at all."""
    _row, kept = enter(request, firm)
    try:
        catalogue = catalogue_or_refusal(kept).catalogue
        shown_as = request.POST.get("shown_as", "")
        chosen = choose_board(firm, actor=request.actor, shown_as=shown_as, catalogue=catalogue)
        messages.success(request, _("Noted.") if chosen else _("Noted. You are on no board of people any more."))
    except RefusedError as error:
        messages.error(request, str(error))
    return _back(firm)


@require_POST
@signed_in
def switch(request: ActingRequest, firm: str) -> HttpResponse:
    """Forbid or allow that people of a country are shown one by one."""
    enter(request, firm)
    otherwise = _("Only a partner admin says where people may be shown one by one.")
    require(allowed=can_switch_boards(request.actor, organization=firm), otherwise=otherwise)
    is_forbidden = request.POST.get("word") == "forbid"
    try:
        country = request.POST.get("country", "").replace("\0", "")
        switch_country(firm, actor=request.actor, country=country, is_forbidden=is_forbidden)
        messages.success(request, _("Nobody there is shown one by one.") if is_forbidden else _("Noted."))
    except RefusedError as error:
        messages.error(request, str(error))
    return _back(firm)


def asked_of(request: ActingRequest) -> Asked:
    """Which board a request asks for."""
    words = (request.GET.get(name, "")[:20] for name in ("of", "period", "by"))
    return Asked(*words)


def _back(firm: str) -> HttpResponse:
    return redirect(f"{reverse('learning:boards', args=[firm])}?of={Grouping.PERSON}")
