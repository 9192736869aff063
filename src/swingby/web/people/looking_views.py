"""Looking as a colleague: views translate between requests and the domain."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from swingby.web.access import known, require, signed_in
from swingby.web.domain.errors import RefusedError
from swingby.web.looking import begin_looking, end_looking
from swingby.web.middleware import ActingRequest
from swingby.web.models import Membership
from swingby.web.people.entering import enter_organization
from swingby.web.permissions import can_run_users


@require_POST
@signed_in
def look(request: ActingRequest, organization: str, person: str) -> HttpResponse:
    """Begin to look as a colleague."""
    enter_organization(request, organization)
    allowed = can_run_users(request.actor, organization=organization)
    require(allowed=allowed, otherwise="Your role does not look as others. Ask your admin.")
    row = Membership.objects.select_related("person").filter(organization_id=organization, person_id=person).first()
    if row is None:
        raise Http404
    try:
        begin_looking(request.session, row.person, organization=organization, actor=request.actor)
    except RefusedError as error:
        messages.error(request, str(error))
        return redirect("users:user", organization=organization, person=person)
    return redirect("home")


@require_POST
@known
def stop(request: ActingRequest) -> HttpResponse:
    """Stop looking, and go back to one's own pages."""
    end_looking(request.session, actor=request.actor)
    return redirect("home")
