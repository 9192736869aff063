"""Sharing between a partner and its distributor: views translate between requests and the domain."""

from __future__ import annotations

from decimal import Decimal

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from swingby.web.access import require, signed_in
from swingby.web.clock import today
from swingby.web.design.wording import number_words
from swingby.web.domain.enrolled import not_ended
from swingby.web.domain.errors import RefusedError
from swingby.web.domain.sharing import Shared, doorway_of, end_share, share_standing, shared_with
from swingby.web.middleware import ActingRequest
from swingby.web.models import Enrolment, StandingShare
from swingby.web.people.entering import enter_organization, organization_shell
from swingby.web.people.sharing_parts import ResellerRow, ShareRow, SharingPage
from swingby.web.permissions import can_share_standing

#: How many fit into a page that a phone loads at once.
MOST_SHOWN = 20


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def sharing(request: ActingRequest, organization: str) -> HttpResponse:
    """Who sees where we stand, and who lets us see where they stand."""
    _enter(request, organization)
    if request.method == "POST":
        return _shared(request, organization)
    shell = organization_shell(request, organization, current="sharing")
    page = sharing_page(request, organization)
    return render(request, "people/sharing.html", {"page": page, "shell": shell})


@require_POST
@signed_in
def end(request: ActingRequest, organization: str, share: int) -> HttpResponse:
    """End a share at once, on either side."""
    _enter(request, organization)
    row = get_object_or_404(StandingShare.objects.all(), pk=share)
    if organization not in {row.partner_id, row.distributor_id}:
        raise Http404
    try:
        end_share(row, actor=request.actor)
        messages.success(request, "Ended. Nothing of it is seen any more.")
    except RefusedError as error:
        messages.error(request, str(error))
    return redirect("sharing:sharing", organization=organization)


def _enter(request: ActingRequest, organization: str) -> None:
    if enter_organization(request, organization):
        raise Http404  # Vendors see their partners anyway.
    allowed = can_share_standing(request.actor, organization=organization)
    require(allowed=allowed, otherwise="Your role does not decide what is shared. Ask your partner admin.")


def _shared(request: ActingRequest, organization: str) -> HttpResponse:
    mine = Enrolment.objects.select_related("partner").filter(partner_id=organization)
    enrolment = get_object_or_404(mine, pk=request.POST.get("program", "").replace("\0", ""))
    try:
        share = share_standing(enrolment, actor=request.actor, code=request.POST.get("code", ""))
        messages.success(request, f"{share.distributor_name} sees where you stand from now on.")
    except RefusedError as error:
        messages.error(request, str(error))
    return redirect("sharing:sharing", organization=organization)


def sharing_page(request: ActingRequest, organization: str) -> SharingPage:
    """Everything the page shows."""
    search = request.GET.get("q", "").replace("\0", "").strip()[:100]
    found = shared_with(organization, actor=request.actor, words=search)
    enrolled = Enrolment.objects.filter(not_ended(today()), partner_id=organization).order_by("program__name")
    shares = StandingShare.objects.select_related("enrolment__program", "shared_by")
    return SharingPage(
        organization=organization,
        code=" ".join(_in_fours(doorway_of(organization).share_code)),
        programs=tuple(enrolled.values_list("pk", "program__name")),
        shares=tuple(_share(row) for row in shares.filter(partner_id=organization, ended_at=None)),
        resellers=tuple(_reseller(each, organization) for each in found[:MOST_SHOWN]),
        total=len(found),
        search=search,
        share_url=reverse("sharing:sharing", args=[organization]),
    )


def _in_fours(code: str) -> list[str]:
    return [code[start : start + 4] for start in range(0, len(code), 4)]


def _share(row: StandingShare) -> ShareRow:
    return ShareRow(
        name=row.distributor_name,
        program=row.enrolment.program.name,
        since=row.shared_at,
        shared_by=row.shared_by.name,
        end_url=reverse("sharing:end", args=[row.partner_id, row.pk]),
    )


def _reseller(shared: Shared, organization: str) -> ResellerRow:
    """A row of a partner that shares; the tier and the score are those on the partner's own home page."""
    share, standing = shared.share, shared.standing
    result = standing.result if standing else {}
    tier, following, score = (result.get(name) or {} for name in ("tier", "next", "score"))
    value = score.get("value")
    return ResellerRow(
        name=share.enrolment.partner.name,
        program=share.enrolment.program.name,
        since=share.shared_at,
        end_url=reverse("sharing:end", args=[organization, share.pk]),
        tier=tier.get("label", ""),
        rank=int(tier.get("rank", 0)),
        next_tier=following.get("label", ""),
        score="" if value is None else f"{score.get('label', '')}: {number_words(Decimal(value))}",
        as_of=standing.as_of if standing else None,
    )
