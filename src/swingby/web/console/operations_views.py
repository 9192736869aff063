"""Operations: whether the nights agree, and whether jobs get done."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from swingby.web.access import enter_console, require, signed_in
from swingby.web.console.operations_pages import operations_page
from swingby.web.console.pages import console_shell
from swingby.web.jobs import enqueue_night
from swingby.web.middleware import ActingRequest
from swingby.web.permissions import can_see_operations

NOT_YOURS = "Operations and program managers see how the nights went."


@require_safe
@signed_in
def operations(request: ActingRequest, owner: str) -> HttpResponse:
    """Alarms first, then the nights."""
    enter_console(request, owner=owner)
    require(allowed=can_see_operations(request.actor, owner=owner), otherwise=NOT_YOURS)
    shell = console_shell(owner, actor=request.actor, current="operations")
    context = {"page": operations_page(owner), "owner": owner, "shell": shell}
    return render(request, "console/operations.html", context)


@require_POST
@signed_in
def night(request: ActingRequest, owner: str) -> HttpResponse:
    """Compare now; a second request while the first waits changes nothing."""
    enter_console(request, owner=owner)
    require(allowed=can_see_operations(request.actor, owner=owner), otherwise=NOT_YOURS)
    enqueue_night(owner=owner)
    messages.success(request, "All standings are recomputed and compared. The result appears here.")
    return redirect("console:operations", owner=owner)
