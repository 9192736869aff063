"""The doors of the views: anonymous people sign in, strangers find nothing, insiders without the right are told."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar
from urllib.parse import urlsplit

from allauth.account.authentication import get_authentication_records
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.http import urlencode
from django_htmx.http import HttpResponseClientRedirect

from swingby.web.domain.second_factors import second_factor_due
from swingby.web.domain.terms import terms_due
from swingby.web.domain.warming import warming
from swingby.web.holding import hold
from swingby.web.middleware import ActingRequest
from swingby.web.models import Enrolment
from swingby.web.permissions import can_read_console
from swingby.web.tenancy import current_scope

P = ParamSpec("P")
#: How a session remembers that somebody came through an identity provider.
BY_PROVIDER = "provider"
#: A page, or a file that is sent.
Sent = TypeVar("Sent", bound=HttpResponseBase)


def known(
    view: Callable[Concatenate[ActingRequest, P], Sent],
) -> Callable[Concatenate[ActingRequest, P], Sent | HttpResponse]:
    """Send people who did not sign in to the sign-in page."""

    @wraps(view)
    def guarded(request: ActingRequest, /, *args: P.args, **kwargs: P.kwargs) -> Sent | HttpResponse:
        if not request.actor.is_known:
            return _to_sign_in(request)
        return view(request, *args, **kwargs)

    return guarded


def signed_in(
    view: Callable[Concatenate[ActingRequest, P], Sent],
) -> Callable[Concatenate[ActingRequest, P], Sent | HttpResponse]:
    """Let in who signed in, has the second factor that the role needs and accepted the terms; lead all others there."""

    @known
    @wraps(view)
    def guarded(request: ActingRequest, /, *args: P.args, **kwargs: P.kwargs) -> Sent | HttpResponse:
        first = "" if getattr(request, "looking", None) else _first(request)
        return _by_way_of(first, request) if first else view(request, *args, **kwargs)

    return guarded


def proved_at(request: ActingRequest) -> frozenset[str]:
    """The organizations whose identity provider vouched for the person in this session."""
    records = get_authentication_records(request, request.user)
    return frozenset(str(each["organization"]) for each in records if each.get("method") == BY_PROVIDER)


def _first(request: ActingRequest) -> str:
    """What somebody has to do before anything else: the name of its page, or nothing."""
    if second_factor_due(request.actor, proved_at=proved_at(request)) is not None:
        return "second_factor"
    return "terms" if terms_due(request.actor) is not None else ""


def _by_way_of(name: str, request: ActingRequest) -> HttpResponse:
    """The way to a page that comes first, and back from there to the page that was asked for."""
    if "HX-Request" in request.headers:
        page = urlsplit(request.headers.get("HX-Current-URL", "/")).path
        return HttpResponseClientRedirect(f"{reverse(name)}?{urlencode({'next': page})}")
    page = request.get_full_path() if request.method in {"GET", "HEAD"} else reverse("held") if hold(request) else "/"
    return redirect(f"{reverse(name)}?{urlencode({'next': page})}")


def _to_sign_in(request: ActingRequest) -> HttpResponse:
    """The way to the sign-in page; a page that asks for a part of itself goes there whole."""
    is_part, is_held = "HX-Request" in request.headers, hold(request)
    page = urlsplit(request.headers.get("HX-Current-URL", "/")).path if is_part else request.get_full_path()
    there = redirect_to_login(reverse("held") if is_held else page)
    return HttpResponseClientRedirect(there.url) if is_part else there


def partner_enrolment(key: str) -> Enrolment:
    """An enrolment for a page of the partner's side: 404 to strangers, 403 to the vendor's people."""
    enrolment = get_object_or_404(
        Enrolment.objects.select_related("owner", "partner", "program", "success_manager", "prospect"), pk=key
    )
    if enrolment.partner_id not in current_scope().partner_orgs:
        raise PermissionDenied("This page is the partner's own.")
    warming.ask(enrolment.owner_id)
    return enrolment


def enter_console(request: ActingRequest, *, owner: str) -> None:
    """Let in the vendor's people only; to all others there is no such page."""
    if not can_read_console(request.actor, owner=owner):
        raise Http404
    warming.ask(owner)


def require(*, allowed: bool, otherwise: str) -> None:
    """Refuse with 403 and words."""
    if not allowed:
        raise PermissionDenied(otherwise)
