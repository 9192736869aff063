"""What a partner reads of evidence: cards that the vendor shared with it, and no others."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from swingby.web.access import partner_enrolment, signed_in
from swingby.web.evidence.card_pages import TONES, card_view
from swingby.web.evidence.parts import SharedLine
from swingby.web.evidence.views import paper_answer
from swingby.web.middleware import ActingRequest
from swingby.web.models import CardShare, Enrolment
from swingby.web.portal.pages import partner_shell


@require_safe
@signed_in
def cards(request: ActingRequest, enrolment: str) -> HttpResponse:
    """The cards that are shared with this partner, the newest first."""
    row = partner_enrolment(enrolment)
    lines = tuple(_line(row, share) for share in _shares(row))
    shell = partner_shell(row, actor=request.actor, current="evidence")
    return render(request, "evidence/shared_list.html", {"lines": lines, "shell": shell})


def _shares(enrolment: Enrolment) -> Any:
    return CardShare.objects.filter(enrolment=enrolment, withdrawn_at=None).select_related("edition")


def _line(enrolment: Enrolment, share: CardShare) -> SharedLine:
    told = share.edition.told
    tone, icon = TONES[told["verdict"]]
    return SharedLine(
        question=told["question"],
        sentence=told["sentence"],
        verdict=told["verdict"].capitalize(),
        tone=tone,
        icon=icon,
        shared_on=share.shared_at.date(),
        url=reverse("portal:evidence_card", args=[enrolment.pk, share.pk]),
    )


@require_safe
@signed_in
def card(request: ActingRequest, enrolment: str, share: str) -> HttpResponse:
    """One shared card."""
    row = partner_enrolment(enrolment)
    found = get_object_or_404(_shares(row), pk=share)
    context = {
        "card": card_view(found.edition.told),
        "shared_on": found.shared_at.date(),
        "back_url": reverse("portal:evidence", args=[row.pk]),
        "paper_url": reverse("portal:evidence_paper", args=[row.pk, found.pk]),
        "shell": partner_shell(row, actor=request.actor, current="evidence"),
    }
    return render(request, "evidence/shared.html", context)


@require_safe
@signed_in
def paper(request: ActingRequest, enrolment: str, share: str) -> HttpResponse:  # noqa: ARG001 - as its neighbours
    """One shared card as PDF."""
    row = partner_enrolment(enrolment)
    found = get_object_or_404(_shares(row), pk=share)
    about = f"{row.program.name}, shared on {found.shared_at:%-d %B %Y}. Names of partners, and what rests on few, are left out."
    return paper_answer(found.edition.told, about_data=about)
