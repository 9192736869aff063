"""The program at a glance, for whoever answers for it."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from swingby.web.access import enter_console, require, signed_in
from swingby.web.console.glance_pages import glance_page
from swingby.web.console.pages import console_shell
from swingby.web.middleware import ActingRequest
from swingby.web.permissions import can_see_at_a_glance


@require_safe
@signed_in
def glance(request: ActingRequest, owner: str) -> HttpResponse:
    """Where the program stands, what waits, and what evidence says: on one page."""
    enter_console(request, owner=owner)
    allowed = can_see_at_a_glance(request.actor, owner=owner)
    require(allowed=allowed, otherwise="Executives and program managers see the program at a glance.")
    page = glance_page(owner, actor=request.actor)
    shell = console_shell(owner, actor=request.actor, current="glance")
    return render(request, "console/glance.html", {"page": page, "owner": owner, "shell": shell})
