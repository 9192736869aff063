"""The firm's own board: its programs at several vendors side by side, the one whose day comes next first."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from swingby.web.access import partner_enrolment, require, signed_in
from swingby.web.clock import today
from swingby.web.design.parts import Link, NavGroup, NavItem, Shell
from swingby.web.domain.errors import RefusedError
from swingby.web.domain.queries.firm import FirmProgram, firm_programs
from swingby.web.domain.stakes import newest_stakes, people_who_answer, say_stake
from swingby.web.middleware import ActingRequest
from swingby.web.models import PARTNER_ROLES
from swingby.web.permissions import can_lead_programs, can_read_stakes
from swingby.web.portal.firm_pages import firm_file, firm_name, firm_page
from swingby.web.portal.forms import StakeForm
from swingby.web.portal.pages import role_words
from swingby.web.portal.what_if_pages import with_what_if
from swingby.web.visibility import Actor

MOST_LINKS = 8


@require_safe
@signed_in
def firm(request: ActingRequest) -> HttpResponse:
    """Every program of the reader's firm; straight on to the only one."""
    found = firm_programs(on=today())
    if not found:
        raise Http404
    if len(found) == 1:
        return redirect("portal:home", enrolment=found[0].enrolment.pk)
    page = firm_page(request.actor, found, page=request.GET.get("page", ""))
    page = with_what_if(page, request.actor, found, request.GET.dict())
    return render(request, "portal/firm.html", {"page": page, "shell": _shell(request.actor, found)})


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
    shell = _shell(request.actor, firm_programs(on=today()))
    return render(request, "portal/stake.html", {"form": form, "enrolment": row, "before": before, "shell": shell})


def _shell(actor: Actor, found: tuple[FirmProgram, ...]) -> Shell:
    """Around the page stand the ways into its programs."""
    here = NavItem(label="All programs", short="All", icon="layers", href=reverse("firm"), current=True)
    name = firm_name(actor, found)
    ways = tuple(
        NavItem(
            label=row.enrolment.program.name, icon="building-2", href=reverse("portal:home", args=[row.enrolment.pk])
        )
        for row in found[:MOST_LINKS]
    )
    return Shell(
        program=name,
        organization=name,
        person=actor.name,
        role=role_words(actor, sorted(actor.organizations(PARTNER_ROLES))),
        navigation=(NavGroup(items=(here,)), NavGroup(items=ways, heading="Programs")),
        as_of=today(),
        sign_out=reverse("account_logout"),
        account=(Link(label="Security", href=reverse("mfa_index")),),
    )
