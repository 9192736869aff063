"""What one partner has from the program, as its vendor sees it."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from swingby.web.access import enter_console, signed_in
from swingby.web.console.pages import console_shell
from swingby.web.middleware import ActingRequest
from swingby.web.models import Enrolment
from swingby.web.portal.benefits import benefits_page


@require_safe
@signed_in
def benefits(request: ActingRequest, owner: str, enrolment: str) -> HttpResponse:
    """The same as the partner reads."""
    enter_console(request, owner=owner)
    rows = Enrolment.objects.select_related("partner", "program").filter(owner_id=owner)
    row = get_object_or_404(rows, pk=enrolment)
    page = benefits_page(row, back_url=reverse("console:partner", args=[owner, row.pk]))
    shell = console_shell(owner, actor=request.actor, current="overview")
    return render(request, "console/benefits.html", {"page": page, "owner": owner, "shell": shell})
