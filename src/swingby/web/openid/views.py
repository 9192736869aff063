"""Signing in through a provider: finding it by mail domain, going there, coming back."""

from __future__ import annotations

from dataclasses import asdict
from urllib.parse import urlsplit

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from allauth.core import ratelimit
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from swingby.web.access import BY_PROVIDER
from swingby.web.domain.errors import RefusedError
from swingby.web.domain.invitations import domain_of
from swingby.web.domain.provider_entry import Entry, enter_by_provider
from swingby.web.domain.providers import provider_behind, provider_for, secret_of
from swingby.web.middleware import ActingRequest
from swingby.web.models import IdentityProvider
from swingby.web.openid.errors import ProviderError
from swingby.web.openid.protocol import Begun, Claims, Client, address_to_ask, answered, begin
from swingby.web.people.provider_parts import WayPage
from swingby.web.people.provider_views import callback_address

KEPT = "swingby_provider_sign_in"
UNPROCESSABLE, TOO_MANY = 422, 429
_TITLE = "Sign in through your organization"
_LEAD = "Write your mail address at work. You go on to where your organization signs you in."
_NONE = "No organization here signs in through a provider for this mail domain. Use your password or a passkey."
_TOO_MANY = "Too many tries just now. Try again in a minute."
_DENIED = "Your provider did not let you in, or you turned back there."


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def way(request: ActingRequest) -> HttpResponse:
    """Find the provider by mail domain; the address goes no further than that."""
    page = WayPage(title=_TITLE, lead=_LEAD, step="ask", button="Go on")
    if request.method != "POST":
        return _show(request, page)
    if not ratelimit.consume(request, action="login"):
        return _show(request, WayPage(title=_TITLE, lead=_TOO_MANY), TOO_MANY)
    email = request.POST.get("email", "").replace("\0", "").strip()[:254]
    provider = provider_for(email)
    if provider is None:
        told = WayPage(title=_TITLE, lead=_LEAD, step="ask", button="Go on", email=email, problem=_NONE)
        return _show(request, told, UNPROCESSABLE)
    host = urlsplit(provider.issuer).hostname or ""
    after = urlencode({"next": _next(request)}) if _next(request) else ""
    link = reverse("provider_go", args=[domain_of(email)])
    lead = f"{host} asks you who you are and sends you back here."
    return _show(request, WayPage(title=_TITLE, lead=lead, link=f"{link}?{after}", button=f"Go on to {host}"))


@never_cache
@require_safe
def go(request: ActingRequest, domain: str) -> HttpResponse:
    """Leave for the provider, with words that its answer must hold."""
    provider = provider_for(f"somebody@{domain}")
    if provider is None:
        raise Http404
    begun = begin(provider.organization_id, after=_next(request))
    try:
        address = address_to_ask(_client(provider), begun)
    except (ProviderError, RefusedError) as error:
        return _show(request, WayPage(title=_TITLE, lead=str(error)), UNPROCESSABLE)
    request.session[KEPT] = asdict(begun)
    return HttpResponseRedirect(address)


@never_cache
@require_safe
def back(request: ActingRequest) -> HttpResponse:
    """Take the provider's answer, once, and let in whom it speaks of, if our rules do."""
    kept = request.session.pop(KEPT, None)
    begun = Begun(**kept) if kept else None
    provider = provider_behind(begun.organization) if begun else None
    if begun is None or provider is None:
        lead = "Nothing was begun here, or it was answered before. Start again."
        return _show(request, WayPage(title=_TITLE, lead=lead), UNPROCESSABLE)
    try:
        claims = _answer(request, provider, begun)
    except (ProviderError, RefusedError) as error:
        return _show(request, WayPage(title=_TITLE, lead=str(error)), UNPROCESSABLE)
    return _entered(request, enter_by_provider(provider, claims, signed_in=request.actor.person), begun)


def _answer(request: ActingRequest, provider: IdentityProvider, begun: Begun) -> Claims:
    said = {name: request.GET.get(name, "") for name in ("state", "code", "error", "iss")}
    if said["error"]:
        raise ProviderError(_DENIED)
    if said["iss"] not in {"", provider.issuer}:
        raise ProviderError("Another provider answered than the one that was asked. Start again.")
    return answered(_client(provider), begun, state=said["state"], code=said["code"])


def _entered(request: ActingRequest, entry: Entry, begun: Begun) -> HttpResponse:
    if entry.person is None:
        title = "Your address is confirmed" if entry.waits else "Not let in"
        return _show(request, WayPage(title=title, lead=entry.words), 200 if entry.waits else UNPROCESSABLE)
    if request.actor.person == entry.person.pk:
        return redirect("mfa_index")
    record_authentication(request, entry.person, BY_PROVIDER, organization=begun.organization)
    answer: HttpResponse = perform_login(request, Login(user=entry.person, redirect_url=begun.next or None))
    return answer


def _client(provider: IdentityProvider) -> Client:
    return Client(provider.issuer, provider.client_id, secret_of(provider), callback_address())


def _next(request: ActingRequest) -> str:
    said = request.POST.get("next") or request.GET.get("next", "")
    safe = url_has_allowed_host_and_scheme(said, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return said if safe else ""


def _show(request: ActingRequest, page: WayPage, status: int = 200) -> HttpResponse:
    return render(request, "people/way.html", {"page": page, "next": _next(request)}, status=status)
