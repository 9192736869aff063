"""Deals: a view translates between requests and what is stored."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from swingby.web.access import partner_enrolment, signed_in
from swingby.web.middleware import ActingRequest
from swingby.web.portal.deals_pages import deals_page, question_of
from swingby.web.portal.pages import partner_shell


@require_safe
@signed_in
def deals(request: ActingRequest, enrolment: str) -> HttpResponse:
    """The partner's deals of a year, and its customers."""
    row = partner_enrolment(enrolment)
    page = deals_page(row, question_of(request.GET.dict()), actor=request.actor)
    shell = partner_shell(row, actor=request.actor, current="deals")
    return render(request, "portal/deals.html", {"page": page, "shell": shell})
