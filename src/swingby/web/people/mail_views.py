"""The mails of an organization: views translate between requests and the domain."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from swingby.web.access import require, signed_in
from swingby.web.domain.errors import RefusedError
from swingby.web.domain.mails import send_again
from swingby.web.middleware import ActingRequest
from swingby.web.models import Mail
from swingby.web.people.entering import enter_organization, organization_shell
from swingby.web.people.mail_pages import mail_page, mails_page
from swingby.web.permissions import can_read_mails


@require_safe
@signed_in
def mails(request: ActingRequest, organization: str) -> HttpResponse:
    """What was sent on behalf of an organization, the newest first."""
    _enter(request, organization)
    page = mails_page(organization, page=request.GET.get("page", ""))
    shell = organization_shell(request, organization, current="mails")
    return render(request, "people/mails.html", {"page": page, "shell": shell})


@require_safe
@signed_in
def mail(request: ActingRequest, organization: str, mail: str) -> HttpResponse:
    """One mail, whole."""
    page = mail_page(_found(request, organization, mail))
    shell = organization_shell(request, organization, current="mails")
    return render(request, "people/mail.html", {"page": page, "shell": shell})


@require_POST
@signed_in
def again(request: ActingRequest, organization: str, mail: str) -> HttpResponse:
    """Try a mail that was given up once more."""
    row = _found(request, organization, mail)
    try:
        send_again(row)
        messages.success(request, "It is tried again now.")
    except RefusedError as error:
        messages.error(request, str(error))
    return redirect("mail:mail", organization=organization, mail=row.pk)


def _enter(request: ActingRequest, organization: str) -> None:
    enter_organization(request, organization)
    allowed = can_read_mails(request.actor, organization=organization)
    require(allowed=allowed, otherwise="Your role does not read the mails of the organization.")


def _found(request: ActingRequest, organization: str, key: str) -> Mail:
    _enter(request, organization)
    rows = Mail.objects.select_related("person", "sent_by").filter(organization_id=organization)
    return get_object_or_404(rows, pk=key)
