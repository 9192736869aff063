"""Hours of study: views translate between requests and the domain."""

from __future__ import annotations

from datetime import date

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from swingby.web.access import require, signed_in
from swingby.web.domain.study.hours import change_hours, note_hours, own_notes, say_rule
from swingby.web.enablement.acting import said, try_act
from swingby.web.enablement.entering import catalogue_or_refusal, enter
from swingby.web.enablement.hour_pages import hours_page
from swingby.web.middleware import ActingRequest
from swingby.web.people.entering import organization_shell
from swingby.web.permissions import can_lead_learning, can_switch_boards


@require_safe
@signed_in
def hours(request: ActingRequest, firm: str) -> HttpResponse:
    """What teams studied, and each person where the firm says so."""
    row, _kept = enter(request, firm)
    allowed = can_lead_learning(request.actor, organization=firm)
    require(allowed=allowed, otherwise=_("Your role does not read hours of study. Ask your partner admin."))
    shell = organization_shell(request, firm, current="hours")
    return render(request, "enablement/hours.html", {"page": hours_page(row, actor=request.actor), "shell": shell})


@require_POST
@signed_in
def hours_note(request: ActingRequest, firm: str) -> HttpResponse:
    """Note hours of one's own."""
    _row, kept = enter(request, firm)

    def note() -> None:
        note_hours(
            firm,
            actor=request.actor,
            catalogue=catalogue_or_refusal(kept).catalogue,
            code=said(request, "code"),
            step=said(request, "step"),
            day=_day(said(request, "day")),
            hours=said(request, "hours"),
        )

    try_act(request, note, done=_("Noted."))
    return redirect("learning:mine", firm=firm)


@require_POST
@signed_in
def hours_change(request: ActingRequest, firm: str, note: int) -> HttpResponse:
    """Say an own note anew, or take it away."""
    enter(request, firm)
    row = get_object_or_404(own_notes(firm, request.actor.person), pk=note)
    try_act(request, lambda: change_hours(row, hours=said(request, "hours")), done=_("Noted."))
    return redirect("learning:mine", firm=firm)


@require_POST
@signed_in
def hours_rule(request: ActingRequest, firm: str) -> HttpResponse:
    """Say who reads hours, and how much is to be billed."""
    enter(request, firm)
    allowed = can_switch_boards(request.actor, organization=firm)
    require(allowed=allowed, otherwise=_("Your role does not say who reads hours. Ask your partner admin."))
    shows = said(request, "shows") == "yes"
    done = _("Noted. Everybody reads it on their path.")
    try_act(
        request,
        lambda: say_rule(firm, actor=request.actor, shows_people=shows, billed=said(request, "billed")),
        done=done,
    )
    return redirect("learning:hours", firm=firm)


def _day(word: str) -> date | None:
    try:
        return date.fromisoformat(word)
    except ValueError:
        return None
