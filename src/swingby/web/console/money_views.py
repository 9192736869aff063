"""Money: what partners were promised, earned and used, for whoever answers for it."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from swingby.web.access import enter_console, require, signed_in
from swingby.web.console.money_pages import figure_page, money_file, money_page, subject_of
from swingby.web.console.pages import console_shell
from swingby.web.middleware import ActingRequest
from swingby.web.permissions import can_read_money

NOT_YOURS = "Finance, executives and program managers read what is paid. Ask one of them."
LONGEST_PAGE = 6


@require_safe
@signed_in
def money(request: ActingRequest, owner: str) -> HttpResponse:
    """Everything on one page."""
    _enter(request, owner)
    shell = console_shell(owner, actor=request.actor, current="money")
    context = {"page": money_page(owner, actor=request.actor), "owner": owner, "shell": shell}
    return render(request, "console/money.html", context)


@require_safe
@signed_in
def partners(request: ActingRequest, owner: str) -> HttpResponse:
    """The partners behind one figure."""
    _enter(request, owner)
    subject, number = subject_of(request.GET.dict()), request.GET.get("page", "1")
    is_page = number.isascii() and number.isdecimal() and len(number) <= LONGEST_PAGE
    page = figure_page(owner, subject, page=max(int(number), 1) if is_page else 1) if subject else None
    if page is None:
        raise Http404
    shell = console_shell(owner, actor=request.actor, current="money")
    return render(request, "console/money_partners.html", {"page": page, "owner": owner, "shell": shell})


@require_safe
@signed_in
def file(request: ActingRequest, owner: str) -> HttpResponse:
    """One figure, or all of them, partner by partner as CSV."""
    _enter(request, owner)
    text = money_file(owner, subject_of(request.GET.dict()))
    answer = HttpResponse(text, content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = 'attachment; filename="money.csv"'
    return answer


def _enter(request: ActingRequest, owner: str) -> None:
    enter_console(request, owner=owner)
    require(allowed=can_read_money(request.actor, owner=owner), otherwise=NOT_YOURS)
