"""The people of an organization: views translate between requests and the domain."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from swingby.web.access import require, signed_in
from swingby.web.domain.doorways import change_doorway, renew_join_code
from swingby.web.domain.errors import RefusedError
from swingby.web.domain.invitations import (
    approve_asking,
    decline_asking,
    invite,
    send_link_again,
    withdraw_invitation,
)
from swingby.web.domain.users import Colleague, LastAdminError, colleagues, regions_of, set_roles
from swingby.web.middleware import ActingRequest
from swingby.web.models import Invitation, MatchAct, Role
from swingby.web.people.entering import enter_organization, organization_shell
from swingby.web.people.user_pages import region_label, user_page, users_page
from swingby.web.permissions import can_run_users

UNPROCESSABLE = 422


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def users(request: ActingRequest, organization: str) -> HttpResponse:
    """Who works here and who is on the way; inviting one more."""
    is_vendor = _enter(request, organization)
    if request.method == "POST":
        return _invited(request, organization, is_vendor=is_vendor)
    search = request.GET.get("q", "").replace("\0", "")[:100]
    return _users(request, organization, is_vendor=is_vendor, search=search)


@require_POST
@signed_in
def door(request: ActingRequest, organization: str) -> HttpResponse:
    """Open, close or change the link under which people ask to join."""
    if _enter(request, organization):
        raise Http404  # A vendor invites its own people one by one.
    said = request.POST
    try:
        if said.get("act") == "renew":
            renew_join_code(organization, actor=request.actor)
            messages.success(request, "There is a new link. The old one leads nowhere.")
        else:
            on_match = MatchAct(said["on_match"]) if said.get("on_match") in MatchAct.values else MatchAct.WAITS
            is_open, domains = said.get("is_open") == "on", said.get("domains", "")
            change_doorway(organization, actor=request.actor, is_open=is_open, domains=domains, on_match=on_match)
            messages.success(request, "Kept.")
    except RefusedError as error:
        messages.error(request, str(error))
    return redirect("users:users", organization=organization)


@require_POST
@signed_in
def invitation(request: ActingRequest, organization: str, invitation: str) -> HttpResponse:
    """Send a link again or take it back; let in or decline who asked."""
    _enter(request, organization)
    rows = Invitation.objects.select_related("organization", "person").filter(organization_id=organization)
    row = get_object_or_404(rows, pk=invitation)
    acts: dict[str, tuple[Callable[[], None], str]] = {
        "again": (lambda: send_link_again(row, actor=request.actor), "Sent again. The link holds for two weeks."),
        "withdraw": (lambda: withdraw_invitation(row, actor=request.actor), "Withdrawn. The link opens nothing now."),
        "approve": (
            lambda: approve_asking(row, actor=request.actor, role=_role(request.POST.get("role", row.role))),
            "Let in.",
        ),
        "decline": (lambda: decline_asking(row, actor=request.actor), "Declined."),
    }
    act, done = acts.get(request.POST.get("act", ""), (None, ""))
    try:
        if act is None:
            raise RefusedError("Choose what to do.")
        act()
        messages.success(request, done)
    except RefusedError as error:
        messages.error(request, str(error))
    return redirect("users:users", organization=organization)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def user(request: ActingRequest, organization: str, person: str) -> HttpResponse:
    """One person: give and take roles, or let the person go."""
    is_vendor = _enter(request, organization)
    colleague = next((each for each in colleagues(organization) if each.person.pk == person), None)
    if colleague is None:
        raise Http404
    if request.method == "POST":
        return _changed(request, organization, colleague, is_vendor=is_vendor)
    return _user(request, organization, colleague, is_vendor=is_vendor)


def _enter(request: ActingRequest, organization: str) -> bool:
    is_vendor = enter_organization(request, organization)
    allowed = can_run_users(request.actor, organization=organization)
    require(allowed=allowed, otherwise="Your role does not run users. Ask your admin.")
    return is_vendor


def _invited(request: ActingRequest, organization: str, *, is_vendor: bool) -> HttpResponse:
    said = {name: request.POST.get(name, "") for name in ("email", "name", "role")}
    regions = _regions(request, organization)
    try:
        invite(
            organization,
            actor=request.actor,
            email=said["email"],
            name=said["name"],
            role=_role(said["role"]),
            regions=regions,
        )
    except RefusedError as error:
        return _users(request, organization, is_vendor=is_vendor, said=said, problem=str(error))
    messages.success(request, f"Invited. {said['email'].strip()} gets a link that holds for two weeks.")
    return redirect("users:users", organization=organization)


def _changed(request: ActingRequest, organization: str, colleague: Colleague, *, is_vendor: bool) -> HttpResponse:
    leaves = request.POST.get("act") == "remove"
    chosen = [] if leaves else request.POST.getlist("role")
    regions = _regions(request, organization)
    is_sure = request.POST.get("sure") == "on"
    try:
        roles = [_role(each) for each in chosen]
        if not leaves and not roles:
            raise RefusedError("Choose at least one role, or remove the person below.")
        set_roles(
            colleague.person,
            organization=organization,
            actor=request.actor,
            roles=roles,
            regions=regions,
            is_sure=is_sure,
        )
    except LastAdminError as error:
        return _user(
            request, organization, colleague, is_vendor=is_vendor, chosen=chosen, problem=str(error), sure=True
        )
    except RefusedError as error:
        return _user(request, organization, colleague, is_vendor=is_vendor, chosen=chosen, problem=str(error))
    name = colleague.person.name or colleague.person.email
    messages.success(request, f"{name} has no way in any more." if leaves else f"Kept for {name}.")
    if colleague.person.pk == request.actor.person:
        return redirect("home")
    return redirect("users:users", organization=organization)


def _role(text: str) -> Role:
    if text not in Role.values:
        raise RefusedError("Choose one of the roles that are offered.")
    return Role(text)


def _regions(request: ActingRequest, organization: str) -> list[str]:
    return [each for each in request.POST.getlist("region") if each in regions_of(organization)]


def _users(
    request: ActingRequest,
    organization: str,
    *,
    is_vendor: bool,
    search: str = "",
    said: dict[str, str] | None = None,
    problem: str = "",
) -> HttpResponse:
    page = users_page(organization, actor=request.actor, is_vendor=is_vendor, search=search, said=said, problem=problem)
    shell = organization_shell(request, organization, current="users")
    labels = tuple((each, region_label(each)) for each in page.regions)
    context = {"page": page, "shell": shell, "regions": labels}
    return render(request, "people/users.html", context, status=UNPROCESSABLE if problem else 200)


def _user(
    request: ActingRequest,
    organization: str,
    colleague: Colleague,
    *,
    is_vendor: bool,
    chosen: list[str] | None = None,
    problem: str = "",
    sure: bool = False,
) -> HttpResponse:
    page = user_page(
        colleague,
        organization,
        actor=request.actor,
        is_vendor=is_vendor,
        chosen=chosen,
        problem=problem,
        asks_to_be_sure=sure,
    )
    shell = organization_shell(request, organization, current="users")
    return render(request, "people/user.html", {"page": page, "shell": shell}, status=UNPROCESSABLE if problem else 200)
