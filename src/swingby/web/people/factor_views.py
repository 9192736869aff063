"""The second factor that roles need: views translate between requests and the domain."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from swingby.web.access import known, proved_at, require, signed_in
from swingby.web.domain.errors import RefusedError
from swingby.web.domain.second_factors import holders_of, require_second_factors, second_factor_due
from swingby.web.domain.sharing import doorway_of
from swingby.web.middleware import ActingRequest
from swingby.web.models import Role
from swingby.web.people.entering import enter_organization, onward_of, organization_shell
from swingby.web.people.factor_parts import DuePage, FactorPage, RoleLine
from swingby.web.permissions import can_run_users

UNPROCESSABLE = 422


@require_safe
@known
def due(request: ActingRequest) -> HttpResponse:
    """What to set up before going on; once it is there, the way leads on."""
    organization = second_factor_due(request.actor, proved_at=proved_at(request))
    if organization is None:
        return redirect(onward_of(request))
    page = DuePage(
        organization=organization.name,
        passkey_url=reverse("mfa_add_webauthn"),
        app_url=reverse("mfa_activate_totp"),
        sign_out=reverse("account_logout"),
    )
    return render(request, "people/second_factor.html", {"page": page})


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def rule(request: ActingRequest, organization: str) -> HttpResponse:
    """Which roles need a second factor here."""
    is_vendor = enter_organization(request, organization)
    allowed = can_run_users(request.actor, organization=organization)
    require(allowed=allowed, otherwise="Your role does not run users. Ask your admin.")
    if request.method != "POST":
        return _show(request, organization, is_vendor=is_vendor)
    chosen = [Role(value) for value in request.POST.getlist("role") if value in Role.values]
    try:
        require_second_factors(organization, actor=request.actor, roles=chosen, is_vendor=is_vendor)
    except RefusedError as error:
        return _show(request, organization, is_vendor=is_vendor, problem=str(error))
    messages.success(request, "Kept. It holds from everybody's next page on.")
    return redirect("users:factor", organization=organization)


def _show(request: ActingRequest, organization: str, *, is_vendor: bool, problem: str = "") -> HttpResponse:
    needed = set(doorway_of(organization).second_factor_roles)
    page = FactorPage(
        url=reverse("users:factor", args=[organization]),
        users_url=reverse("users:users", args=[organization]),
        lines=tuple(
            RoleLine(
                value=each.role.value,
                label=each.role.label,
                people=each.people,
                protected=each.protected,
                chosen=each.role.value in needed,
            )
            for each in holders_of(organization, is_vendor=is_vendor)
        ),
        problem=problem,
    )
    shell = organization_shell(request, organization, current="users")
    context = {"page": page, "shell": shell}
    return render(request, "people/factor.html", context, status=UNPROCESSABLE if problem else 200)
