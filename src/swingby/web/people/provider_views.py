"""An organization's identity provider, for its admin: views translate between requests and the domain."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from swingby.web.access import require, signed_in
from swingby.web.domain.errors import RefusedError
from swingby.web.domain.providers import connect_provider, disconnect_provider, provider_of
from swingby.web.middleware import ActingRequest
from swingby.web.models import ProviderIdentity
from swingby.web.openid.errors import ProviderError
from swingby.web.openid.protocol import discovered
from swingby.web.people.entering import enter_organization, organization_shell
from swingby.web.people.provider_parts import ProviderPage
from swingby.web.permissions import can_run_users

UNPROCESSABLE = 422
_FIELDS = ("issuer", "client_id", "domains")


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def provider(request: ActingRequest, organization: str) -> HttpResponse:
    """Connect a provider, change how, or take it away."""
    enter_organization(request, organization)
    allowed = can_run_users(request.actor, organization=organization)
    require(allowed=allowed, otherwise="Your role does not run users. Ask your admin.")
    if request.method != "POST":
        return _show(request, organization)
    try:
        return _changed(request, organization)
    except (RefusedError, ProviderError) as error:
        return _show(request, organization, problem=str(error))


def callback_address() -> str:
    """Where a provider sends people back to: the address that we were set up for, whatever a request says."""
    return f"{settings.SWINGBY_ADDRESS.rstrip('/')}{reverse('provider_back')}"


def _changed(request: ActingRequest, organization: str) -> HttpResponse:
    if request.POST.get("act") == "disconnect":
        disconnect_provider(organization, actor=request.actor)
        messages.success(request, "Disconnected. Your people sign in by what else they have.")
    else:
        said = {name: request.POST.get(name, "").strip() for name in (*_FIELDS, "secret")}
        discovered(said["issuer"])
        required = request.POST.get("is_required") == "on"
        connect_provider(organization, actor=request.actor, is_required=required, **said)
        messages.success(request, "Kept. Try it in another browser before you sign out.")
    return redirect("users:provider", organization=organization)


def _show(request: ActingRequest, organization: str, *, problem: str = "") -> HttpResponse:
    row = provider_of(organization)
    kept = {"issuer": row.issuer, "client_id": row.client_id, "domains": ", ".join(row.domains)} if row else {}
    posted = {name: request.POST.get(name, "").replace("\0", "")[:2000] for name in _FIELDS} if problem else {}
    page = ProviderPage(
        url=reverse("users:provider", args=[organization]),
        users_url=reverse("users:users", args=[organization]),
        callback=callback_address(),
        is_connected=row is not None,
        said=posted or kept,
        is_required=request.POST.get("is_required") == "on" if problem else bool(row and row.is_required),
        known=ProviderIdentity.objects.filter(organization_id=organization).count(),
        problem=problem,
    )
    shell = organization_shell(request, organization, current="users")
    return render(
        request, "people/provider.html", {"page": page, "shell": shell}, status=UNPROCESSABLE if problem else 200
    )
