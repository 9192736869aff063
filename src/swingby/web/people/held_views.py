"""What was sent after the session had ended: views translate between requests and what is kept."""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from swingby.web import holding
from swingby.web.access import signed_in
from swingby.web.middleware import ActingRequest
from swingby.web.people.held_parts import HeldPage


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def held(request: ActingRequest) -> HttpResponse:
    """What was written, to be sent after all, or not."""
    found = holding.held(request)
    if found is None:
        return redirect("home")
    if request.method != "POST":
        page = HeldPage(back_url=found.page, had_files=found.had_files, fields=found.fields)
        return render(request, "people/held.html", {"page": page})
    holding.forget(request)
    if "drop" in request.POST or found.had_files:
        return redirect("home")
    # The browser sends the same form on to where it was meant for.
    return HttpResponse(status=HTTPStatus.TEMPORARY_REDIRECT, headers={"Location": found.path})
