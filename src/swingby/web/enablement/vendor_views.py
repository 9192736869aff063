"""A vendor looks at the certifications of its partners: how many, never who plans what."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from swingby.web.access import enter_console, signed_in
from swingby.web.console.pages import console_shell
from swingby.web.domain.learning.program_coverage import ProgramQuestion
from swingby.web.enablement.board_pages import partner_boards_page
from swingby.web.enablement.board_views import asked_of
from swingby.web.enablement.coverage_pages import partner_coverage
from swingby.web.enablement.program_pages import program_page
from swingby.web.middleware import ActingRequest
from swingby.web.models import Enrolment, Organization


@require_safe
@signed_in
def certifications(request: ActingRequest, owner: str, enrolment: str) -> HttpResponse:
    """Role by level by product: held and lapsing, and what the tiers ask."""
    enter_console(request, owner=owner)
    rows = Enrolment.objects.select_related("partner", "program").filter(owner_id=owner)
    page = partner_coverage(get_object_or_404(rows, pk=enrolment))
    shell = console_shell(owner, actor=request.actor, current="overview")
    return render(request, "enablement/coverage.html", {"page": page, "shell": shell})


@require_safe
@signed_in
def program_certifications(request: ActingRequest, owner: str) -> HttpResponse:
    """The same of all partners together; a regional lead sees those of the regions."""
    enter_console(request, owner=owner)
    asked = {name: request.GET.get(name, "").replace("\0", "")[:100] for name in ("region", "manager")}
    vendor = get_object_or_404(Organization.objects.all(), pk=owner)
    page = program_page(vendor, ProgramQuestion(**asked), actor=request.actor)
    shell = console_shell(owner, actor=request.actor, current="certifications")
    return render(request, "enablement/program.html", {"page": page, "shell": shell})


@require_safe
@signed_in
def boards(request: ActingRequest, owner: str) -> HttpResponse:
    """Partners, their regions and years of joining by net new; a regional lead sees those of the regions."""
    enter_console(request, owner=owner)
    page = partner_boards_page(get_object_or_404(Organization.objects.all(), pk=owner), asked_of(request))
    shell = console_shell(owner, actor=request.actor, current="boards")
    return render(request, "enablement/boards.html", {"page": page, "shell": shell})
