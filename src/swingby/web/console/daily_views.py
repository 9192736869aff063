"""The vendor's daily work: views translate between requests and the domain."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from swingby.web.access import enter_console, signed_in
from swingby.web.console.pages import console_shell
from swingby.web.console.portfolio_pages import portfolio_file, portfolio_page
from swingby.web.domain.queries.portfolio import choose_columns, question_of
from swingby.web.middleware import ActingRequest


@require_safe
@signed_in
def overview(request: ActingRequest, owner: str) -> HttpResponse:
    """The portfolio: read only, for everybody on the vendor's side."""
    enter_console(request, owner=owner)
    page = portfolio_page(owner, question_of(request.GET.dict()), actor=request.actor)
    shell = console_shell(owner, actor=request.actor, current="overview")
    return render(request, "console/overview.html", {"page": page, "owner": owner, "shell": shell})


@require_safe
@signed_in
def overview_file(request: ActingRequest, owner: str) -> HttpResponse:
    """The portfolio as a file: everybody whom the filters find, in the columns that are shown."""
    enter_console(request, owner=owner)
    text = portfolio_file(owner, question_of(request.GET.dict()), actor=request.actor)
    answer = HttpResponse(text, content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = 'attachment; filename="partners.csv"'
    return answer


@require_POST
@signed_in
def overview_columns(request: ActingRequest, owner: str) -> HttpResponse:
    """Remember the columns somebody chose, and go back to where they were chosen."""
    enter_console(request, owner=owner)
    choose_columns(owner, actor=request.actor, keys=request.POST.getlist("column"))
    page = reverse("console:overview", args=[owner])
    back = request.POST.get("back", "")
    is_ours = back.startswith(f"{page}?") and url_has_allowed_host_and_scheme(back, allowed_hosts=None)
    return redirect(back if is_ours else page)
