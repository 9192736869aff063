"""The door and the frame of pages that both sides have for one organization."""

from __future__ import annotations

from django.http import Http404
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from swingby.web.console.pages import console_shell
from swingby.web.design.parts import Shell
from swingby.web.middleware import ActingRequest
from swingby.web.models import PARTNER_ROLES, VENDOR_ROLES, Enrolment, Organization
from swingby.web.portal.firm_shell import firm_shell, has_own_pages
from swingby.web.portal.pages import partner_shell
from swingby.web.visibility import Actor


def is_vendor_at(actor: Actor, organization: str) -> bool:
    """Whether somebody works on the vendor's side of an organization."""
    return organization in actor.organizations(VENDOR_ROLES)


def enter_organization(request: ActingRequest, organization: str) -> bool:
    """Let in who works there, whether it is a vendor's page; to all others there is no such page."""
    is_vendor = is_vendor_at(request.actor, organization)
    if not is_vendor and organization not in request.actor.organizations(PARTNER_ROLES):
        raise Http404
    return is_vendor


def organization_shell(request: ActingRequest, organization: str, *, current: str) -> Shell:
    """What surrounds a page of an organization: the console, the firm's own frame, its one program, or little."""
    if is_vendor_at(request.actor, organization):
        return console_shell(organization, actor=request.actor, current=current)
    if has_own_pages():
        return firm_shell(request.actor, current=current, organization=organization)
    rows = Enrolment.objects.select_related("owner", "partner", "program", "success_manager")
    enrolment = rows.filter(partner_id=organization).order_by("joined_on", "id").first()
    if enrolment is not None:
        return partner_shell(enrolment, actor=request.actor, current=current)
    name = Organization.objects.get(pk=organization).name
    return Shell(
        program=name, organization=name, person=request.actor.name, navigation=(), sign_out=reverse("account_logout")
    )


def onward_of(request: ActingRequest) -> str:
    """Where somebody wanted to go before this page came first."""
    onward = request.GET.get("next", "")
    ours = url_has_allowed_host_and_scheme(onward, allowed_hosts={request.get_host()})
    # Without a slash in front a word could be read as the name of a route, of which there is none.
    return onward if ours and onward.startswith("/") else reverse("home")
