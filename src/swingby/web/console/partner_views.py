"""The page of one partner: views translate between requests and the domain."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from swingby.web.access import enter_console, require, signed_in
from swingby.web.console.pages import console_shell
from swingby.web.console.partner_pages import partner_page
from swingby.web.console.people_pages import partners_people_page
from swingby.web.domain.documents import add_document_once
from swingby.web.domain.errors import RefusedError
from swingby.web.domain.notes import write_note_once
from swingby.web.domain.visits import note_visit
from swingby.web.middleware import ActingRequest
from swingby.web.models import Audience, Enrolment, PartnerDocument, Side
from swingby.web.permissions import can_write_notes
from swingby.web.sending import send_file


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def partner(request: ActingRequest, owner: str, enrolment: str) -> HttpResponse:
    """One partner: standing, what happened, people, notes and documents, each marked shared or only us."""
    row = _enrolment(request, owner, enrolment)
    writes = can_write_notes(request.actor, owner=owner)
    if request.method == "POST":
        require(allowed=writes, otherwise="Your role does not write notes.")
        return _note_written(request, row)
    page = partner_page(
        row, actor=request.actor, before=note_visit(row, actor=request.actor), show=request.GET.get("show", "")
    )
    shell = console_shell(owner, actor=request.actor, current="overview")
    return render(request, "console/partner.html", {"page": page, "writes": writes, "owner": owner, "shell": shell})


@require_safe
@signed_in
def people(request: ActingRequest, owner: str, enrolment: str) -> HttpResponse:
    """Everybody of the partner whom we may know, and who is left out."""
    row = _enrolment(request, owner, enrolment)
    page = partners_people_page(row, after=request.GET.get("after", "").replace("\0", ""))
    shell = console_shell(owner, actor=request.actor, current="overview")
    return render(request, "console/people.html", {"page": page, "owner": owner, "shell": shell})


def _note_written(request: ActingRequest, enrolment: Enrolment) -> HttpResponse:
    try:
        write_note_once(
            enrolment,
            actor=request.actor,
            side=Side.VENDOR,
            audience=_audience(request),
            text=request.POST.get("text", ""),
        )
    except RefusedError as error:
        messages.error(request, str(error))
    return redirect("console:partner", owner=enrolment.owner_id, enrolment=enrolment.pk)


@require_POST
@signed_in
def new_document(request: ActingRequest, owner: str, enrolment: str) -> HttpResponse:
    """Add a file that stays with the partner."""
    row = _enrolment(request, owner, enrolment)
    require(allowed=can_write_notes(request.actor, owner=owner), otherwise="Your role does not add documents.")
    try:
        add_document_once(
            row,
            actor=request.actor,
            side=Side.VENDOR,
            audience=_audience(request),
            file=request.FILES.get("file"),
        )
        messages.success(request, "Added.")
    except RefusedError as error:
        messages.error(request, str(error))
    return redirect("console:partner", owner=owner, enrolment=row.pk)


@require_safe
@signed_in
def document(request: ActingRequest, owner: str, document: int) -> HttpResponseBase:
    """One document of a partner."""
    enter_console(request, owner=owner)
    found = PartnerDocument.objects.select_related("file").filter(owner_id=owner)
    return send_file(get_object_or_404(found, pk=document).file)


def _enrolment(request: ActingRequest, owner: str, key: str) -> Enrolment:
    enter_console(request, owner=owner)
    rows = Enrolment.objects.select_related("partner", "program", "success_manager", "prospect").filter(owner_id=owner)
    return get_object_or_404(rows, pk=key)


def _audience(request: ActingRequest) -> Audience:
    """Only us, unless somebody says otherwise."""
    return Audience.SHARED if request.POST.get("audience") == Audience.SHARED else Audience.ONLY_US
