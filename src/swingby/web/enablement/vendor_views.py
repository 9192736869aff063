"""A vendor looks at the certifications of one partner: how many, never who plans what."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from swingby.web.access import enter_console, signed_in
from swingby.web.console.pages import console_shell
from swingby.web.enablement.coverage_pages import partner_coverage
from swingby.web.middleware import ActingRequest
from swingby.web.models import Enrolment


@require_safe
@signed_in
def certifications(request: ActingRequest, owner: str, enrolment: str) -> HttpResponse:
    """Role by level by product: held and lapsing, and what the tiers ask."""
    enter_console(request, owner=owner)
    rows = Enrolment.objects.select_related("partner", "program").filter(owner_id=owner)
    page = partner_coverage(get_object_or_404(rows, pk=enrolment))
    shell = console_shell(owner, actor=request.actor, current="overview")
    return render(request, "enablement/coverage.html", {"page": page, "shell": shell})
