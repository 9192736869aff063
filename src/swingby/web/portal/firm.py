"""The firm's own board: its programs at several vendors side by side, the one whose day comes next first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from http import HTTPStatus

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from swingby.web.access import partner_enrolment, require, signed_in
from swingby.web.clock import today
from swingby.web.domain.errors import RefusedError
from swingby.web.domain.kept_aftermaths import ask_for_aftermaths
from swingby.web.domain.queries.firm import FirmProgram, firm_enrolments, firm_programs
from swingby.web.domain.stakes import newest_stakes, people_who_answer, say_stake
from swingby.web.middleware import ActingRequest
from swingby.web.models import Enrolment
from swingby.web.permissions import can_lead_programs, can_read_stakes
from swingby.web.portal.firm_pages import firm_file, firm_page
from swingby.web.portal.firm_parts import ON_A_PAGE
from swingby.web.portal.firm_shell import firm_shell
from swingby.web.portal.forms import StakeForm
from swingby.web.portal.what_if_pages import Asking, address_of, answered, asking, problem_of, with_what_if


@require_safe
@signed_in
def firm(request: ActingRequest) -> HttpResponse:
    """Every program of the reader's firm; straight on to the only one."""
    found = firm_programs(on=today())
    if not found:
        raise Http404
    if len(found) == 1:
        return redirect("portal:home", enrolment=found[0].enrolment.pk)
    asked = asking(request.actor, (row.enrolment for row in found), request.GET.dict())
    return _board(request, found, asked)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def what_if(request: ActingRequest) -> HttpResponse:
    """Ask what becomes of the programs if people left; and how far the answer is."""
    if request.method == "POST":
        return _ask_what_if(request)
    asked = _asked(request, firm_enrolments(on=today()).select_related("owner", "partner"), request.GET.dict())
    require(allowed=request.looking is None, otherwise=_("What somebody asked is seen by that person alone."))
    rows = request.GET.getlist("row")[:ON_A_PAGE]
    answer, lines = answered(asked, request.actor, shown=rows)
    falls = [lines.get(key) for key in rows]
    return render(request, "portal/_what_if_progress.html", {"asked": answer, "falls": falls})


def _ask_what_if(request: ActingRequest) -> HttpResponse:
    found = firm_programs(on=today())
    asked = _asked(request, (row.enrolment for row in found), request.POST.dict())
    problem = problem_of(asked)
    if not problem:
        try:
            ask_for_aftermaths(asked.led, asked.chosen, gone_on=asked.day, actor=request.actor)
        except RefusedError as error:
            problem = str(error)
    if problem:
        return _board(request, found, replace(asked, problem=problem), status=HTTPStatus.UNPROCESSABLE_ENTITY)
    return redirect(address_of(asked.chosen, asked.day))


def _asked(request: ActingRequest, enrolments: Iterable[Enrolment], said: Mapping[str, str]) -> Asking:
    """The question of who may ask it; who works for no partner finds no such page."""
    rows = list(enrolments)
    if not rows:
        raise Http404
    asked = asking(request.actor, rows, said)
    if asked is None:
        raise PermissionDenied(_("Your role does not ask this. Ask your partner admin."))
    return asked


def _board(
    request: ActingRequest, found: tuple[FirmProgram, ...], asked: Asking | None, *, status: int = HTTPStatus.OK
) -> HttpResponse:
    page = firm_page(request.actor, found, page=request.GET.get("page", ""))
    page = with_what_if(page, request.actor, asked, shows_own=request.looking is None)
    context = {"page": page, "shell": firm_shell(request.actor, current="firm")}
    return render(request, "portal/firm.html", context, status=status)


@require_safe
@signed_in
def board_file(request: ActingRequest) -> HttpResponse:
    """The board as a file, for those who read what programs are worth."""
    found = firm_programs(on=today())
    if not found:
        raise Http404
    allowed = any(can_read_stakes(request.actor, lineage=row.enrolment.partner.lineage) for row in found)
    require(allowed=allowed, otherwise=_("Your role does not read what programs are worth. Ask your partner admin."))
    answer = HttpResponse(firm_file(request.actor, found), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = 'attachment; filename="programs.csv"'
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def stake(request: ActingRequest, enrolment: str) -> HttpResponse:
    """Say who answers for a program, and what it is worth and costs in a year."""
    row = partner_enrolment(enrolment)
    allowed = can_lead_programs(request.actor, lineage=row.partner.lineage)
    require(allowed=allowed, otherwise=_("Your role does not say this. Ask your partner admin."))
    before = newest_stakes([row.pk]).get(row.pk)
    form = StakeForm(request.POST or None, before=before, people=people_who_answer(row))
    if request.method == "POST" and form.is_valid():
        try:
            say_stake(row, actor=request.actor, **form.cleaned_data)
        except RefusedError as error:
            form.add_error(None, str(error))
        else:
            return redirect("firm")
    shell = firm_shell(request.actor, current="firm")
    return render(request, "portal/stake.html", {"form": form, "enrolment": row, "before": before, "shell": shell})
