"""The way in for people who are not known yet: views translate between requests and the domain."""

from __future__ import annotations

from dataclasses import replace

from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth import login
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods

from swingby.web.domain.doorways import doorway_behind
from swingby.web.domain.errors import RefusedError
from swingby.web.domain.invitations import (
    Opened,
    accept_invitation,
    ask_to_join,
    joining,
    opened_invitation,
    settle_account,
)
from swingby.web.domain.providers import provider_that_must
from swingby.web.middleware import ActingRequest
from swingby.web.models import InvitationState, Role
from swingby.web.people.user_parts import InvitedPage

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
UNPROCESSABLE, TOO_MANY = 422, 429
TOO_MANY_WORDS = "Too many people asked just now. Try again in an hour."
_ASKED = "Look into your mail"
_ASKED_LEAD = "If you are not in yet, a link is on its way to you. It holds for two weeks."


@require_http_methods(["GET", "HEAD", "POST"])
def invited(request: ActingRequest, seal: str) -> HttpResponse:
    """Follow the link of an invitation: new people choose a password, known ones sign in, then they are in."""
    opened = opened_invitation(seal)
    if opened is None:
        raise Http404
    if opened.is_over:
        lead = "It was used, taken back, or is too old. Sign in, or ask for a new one."
        sign_in = reverse("account_login")
        return _show(request, InvitedPage(title="This link is over", lead=lead, button="Sign in", link=sign_in))
    if request.method == "POST" and not _must_sign_in(request, opened):
        return _joined(request, opened)
    return _show(request, _step(request, opened))


@require_http_methods(["GET", "HEAD", "POST"])
def join(request: ActingRequest, code: str) -> HttpResponse:
    """Ask to join an organization by its link; the answer never says whether an address is known."""
    doorway = doorway_behind(code)
    if doorway is None:
        raise Http404
    title = f"Join {doorway.organization.name}"
    lead = "You confirm your address by mail. An admin may have to let you in."
    said = {name: request.POST.get(name, "").replace("\0", "")[:254] for name in ("name", "email")}
    page = InvitedPage(title=title, lead=lead, step="ask", button="Ask to join", **said)
    if request.method != "POST":
        return _show(request, page)
    if not _may_ask(request, doorway.organization_id):
        return _show(request, replace(page, problem=TOO_MANY_WORDS), TOO_MANY)
    try:
        if not said["name"].strip():
            raise RefusedError("Write your name.")
        with transaction.atomic(), joining(doorway.organization_id):
            ask_to_join(doorway, email=said["email"], name=said["name"])
    except RefusedError as error:
        return _show(request, replace(page, problem=str(error)), UNPROCESSABLE)
    return _show(request, InvitedPage(title=_ASKED, lead=_ASKED_LEAD))


def _step(request: ActingRequest, opened: Opened, *, problem: str = "", name: str = "") -> InvitedPage:
    invitation = opened.invitation
    organization, role = invitation.organization.name, Role(invitation.role).label.lower()
    who = f"{invitation.made_by.name} invites you" if invitation.made_by else "You asked to join"
    lead = f"{who}, as {role}. Your address is {invitation.person.email}."
    title = f"Work with {organization}"
    if _must_sign_in(request, opened):
        back = urlencode({"next": request.path})
        words = f"{lead} You have an account already: sign in with it."
        if request.user.is_authenticated:
            words = f"{lead} You are signed in as somebody else: sign out first."
            return InvitedPage(title=title, lead=words, button="Sign out", link=reverse("account_logout"))
        link = f"{reverse('account_login')}?{back}"
        return InvitedPage(title=title, lead=words, button="Sign in", link=link)
    if invitation.person.has_usable_password():
        return InvitedPage(title=title, lead=lead, step="accept", button=f"Work with {organization}", problem=problem)
    name = name or invitation.person.name
    return InvitedPage(title=title, lead=lead, step="settle", button="Continue", name=name, problem=problem)


def _must_sign_in(request: ActingRequest, opened: Opened) -> bool:
    """Who has an account proves more than the address: it is signed in with."""
    person = opened.invitation.person
    return person.has_usable_password() and request.actor.person != person.pk


def _joined(request: ActingRequest, opened: Opened) -> HttpResponse:
    person = opened.invitation.person
    is_new = not person.has_usable_password()
    name, password = request.POST.get("name", ""), request.POST.get("password", "")
    try:
        with transaction.atomic():
            if is_new:
                settle_account(person, name=name, password=password)
            invitation = accept_invitation(opened)
    except RefusedError as error:
        return _show(request, _step(request, opened, problem=str(error), name=name.replace("\0", "")), UNPROCESSABLE)
    if invitation.state == InvitationState.WAITING:
        words = "An admin gets a mail now and lets you in. You get a mail then."
        return _show(request, InvitedPage(title="Your address is confirmed", lead=words))
    if provider_that_must(person) is not None:
        return redirect("provider_way")
    if is_new:
        login(request, person, backend=BACKEND)
    messages.success(request, f"You work with {invitation.organization.name} now.")
    return redirect("home")


def _may_ask(request: ActingRequest, organization: str) -> bool:
    """Some from one address and some for one organization: nobody floods people with mail through us."""
    return bool(ratelimit.consume(request, action="join", key=organization))


def _show(request: ActingRequest, page: InvitedPage, status: int = 200) -> HttpResponse:
    return render(request, "people/invited.html", {"page": page}, status=status)
