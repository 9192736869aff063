"""What the world may ask of badges, without signing in: only what holders made public, and what it takes to verify."""

from __future__ import annotations

from typing import TypeVar

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from swingby.web.domain.badges.documents import OB3, V2, profile
from swingby.web.domain.badges.issuing import public_badge, public_file, public_issuer, public_key, withdrawn_list
from swingby.web.enablement.badge_parts import PublicBadgePage
from swingby.web.middleware import ActingRequest
from swingby.web.sending import sent_badge

Answer = TypeVar("Answer")


@require_safe
def badge(request: ActingRequest, badge: str) -> HttpResponse:
    """Whether a badge holds, and what its holder shows of it."""
    found = public_badge(badge)
    if found is None:
        raise Http404
    row = found.row
    page = PublicBadgePage(
        label=row.label,
        vendor=row.vendor,
        issuer=found.issuer,
        holder=found.holder,
        state=found.state,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        file_url=reverse("badge_public_file", args=[row.pk]),
    )
    return render(request, "enablement/badge.html", {"page": page})


@require_safe
def badge_file(_request: ActingRequest, badge: str) -> HttpResponse:
    """The file of a public badge."""
    return sent_badge(_found(public_file(badge)), name=badge)


@require_safe
def issuer(_request: ActingRequest, organization: str) -> JsonResponse:
    """Who issues, as a Profile."""
    return JsonResponse({"@context": [V2, OB3], **profile(_found(public_issuer(organization)))})


@require_safe
def withdrawn(_request: ActingRequest, organization: str) -> HttpResponse:
    """The signed list of withdrawn badges."""
    answer = HttpResponse(_found(withdrawn_list(organization)), content_type="application/vc+jwt")
    answer["Cache-Control"] = "public, max-age=300"
    return answer


@require_safe
def key(_request: ActingRequest, organization: str, key: str) -> JsonResponse:
    """The public half of a key, as a JWK."""
    return JsonResponse(_found(public_key(organization, key)), content_type="application/jwk+json")


def _found(answer: Answer | None) -> Answer:
    if answer is None:
        raise Http404
    return answer
