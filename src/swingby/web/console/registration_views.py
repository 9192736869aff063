"""Deal registrations on the vendor's side: the queue, one registration, and its answer."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from swingby.web.access import enter_console, require, signed_in
from swingby.web.console.pages import console_shell
from swingby.web.domain.registrations import (
    answer_ask,
    approve_registration,
    decline_registration,
    end_protection,
    return_registration,
)
from swingby.web.middleware import ActingRequest
from swingby.web.models import DealRegistration
from swingby.web.permissions import can_answer_registrations, can_read_registrations
from swingby.web.portal.registration_pages import vendor_page, vendor_queue
from swingby.web.portal.registrations import Acts, act_as_asked, day_of


@require_safe
@signed_in
def registrations(request: ActingRequest, owner: str) -> HttpResponse:
    """What waits for an answer, who asks for longer, what is protected, what was answered lately."""
    _enter(request, owner)
    shell = console_shell(owner, actor=request.actor, current="registrations")
    return render(request, "console/registrations.html", {**vendor_queue(owner), "shell": shell})


@require_safe
@signed_in
def registration(request: ActingRequest, owner: str, registration: str) -> HttpResponse:
    """One registration, beside what else is known of the customer."""
    _enter(request, owner)
    found = _registration(owner, registration)
    context = {
        "page": vendor_page(found, actor=request.actor),
        "list_url": reverse("console:registrations", args=[owner]),
        "partner_url": reverse("console:partner", args=[owner, found.enrolment_id]),
        "shell": console_shell(owner, actor=request.actor, current="registrations"),
    }
    return render(request, "console/registration.html", context)


@require_POST
@signed_in
def act(request: ActingRequest, owner: str, registration: str) -> HttpResponse:
    """Approve, send back, decline, end early, or answer a request for longer."""
    _enter(request, owner)
    found = _registration(owner, registration)
    allowed = can_answer_registrations(request.actor, owner=owner)
    require(allowed=allowed, otherwise="Your role does not answer registrations.")
    act_as_asked(request, _acts(request, found))
    return redirect("console:registration", owner=owner, registration=found.pk)


def _acts(request: ActingRequest, found: DealRegistration) -> Acts:
    said, actor = request.POST, request.actor
    words, until = said.get("words", ""), said.get("until", "")
    return {
        "approve": (
            lambda: approve_registration(
                found,
                actor=actor,
                until=day_of(until) if until else None,
                deal=said.get("deal", ""),
                words=words,
                despite="despite" in said,
            ),
            "Approved. The partner is told until when it is protected.",
        ),
        "return": (lambda: return_registration(found, actor=actor, words=words), "Sent back, with your words."),
        "decline": (
            lambda: decline_registration(found, actor=actor, reason=said.get("reason", ""), words=words),
            "Declined, with your reason.",
        ),
        "end": (lambda: end_protection(found, actor=actor, words=words), "The protection has ended."),
        "grant": (
            lambda: answer_ask(found, actor=actor, granted=True, until=day_of(until) if until else None, words=words),
            "Protected for longer.",
        ),
        "refuse": (
            lambda: answer_ask(found, actor=actor, granted=False, words=words),
            "Refused. The protection stays as it was.",
        ),
    }


def _enter(request: ActingRequest, owner: str) -> None:
    enter_console(request, owner=owner)
    allowed = can_read_registrations(request.actor, owner=owner)
    require(allowed=allowed, otherwise="Your role does not read deal registrations.")


def _registration(owner: str, key: str) -> DealRegistration:
    rows = DealRegistration.objects.select_related(
        "partner", "enrolment__program", "enrolment__partner", "registered_by", "decided_by", "progress"
    )
    return get_object_or_404(rows.filter(owner_id=owner), pk=key)
