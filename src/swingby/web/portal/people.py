"""People and credentials: a view translates between requests and what is stored."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from swingby.web.access import partner_enrolment, signed_in
from swingby.web.middleware import ActingRequest
from swingby.web.permissions import can_dispute
from swingby.web.portal.pages import partner_shell
from swingby.web.portal.people_pages import people_page


@require_safe
@signed_in
def people(request: ActingRequest, enrolment: str) -> HttpResponse:
    """Who of the partner's people counts for what, what lapses, who left."""
    row = partner_enrolment(enrolment)
    may = can_dispute(request.actor, lineage=row.partner.lineage)
    page = people_page(row, actor=request.actor, after=request.GET.get("after", ""), may_dispute=may)
    shell = partner_shell(row, actor=request.actor, current="people")
    return render(request, "portal/people.html", {"page": page, "shell": shell})
