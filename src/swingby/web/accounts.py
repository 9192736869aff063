"""Sign-in: by mail address, for people who were invited; or through the provider where an organization asks for that."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from swingby.web.domain.provider_entry import note_around
from swingby.web.domain.providers import provider_that_must
from swingby.web.models import Person


class InvitationOnly(DefaultAccountAdapter):  # type: ignore[misc]  # allauth carries no types
    """Nobody makes an account for themselves."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 - the package's signature
        """Closed: an organization's admin invites."""
        return False

    def get_reset_password_from_key_url(self, key: str) -> str:
        """Below the address that we were set up for: who asks chooses no other host for somebody else's mail."""
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY-KEY"})
        return f"{settings.SWINGBY_ADDRESS.rstrip('/')}{path.replace('UID-KEY-KEY', quote(key))}"

    def pre_login(self, request: HttpRequest, user: Person, **known: Any) -> HttpResponse | None:
        """Send to the provider who may come in by nothing else, once the password or passkey was right."""
        refused: HttpResponse | None = super().pre_login(request, user, **known)
        if refused is not None or _came_by_provider(request, user) or provider_that_must(user) is None:
            return refused
        messages.error(request, _("Your organization lets you in through its own provider only."))
        return redirect("provider_way")

    def post_login(self, request: HttpRequest, user: Person, **known: Any) -> HttpResponse:
        """Note who got in without the provider that others must use."""
        if not _came_by_provider(request, user):
            note_around(user)
        answer: HttpResponse = super().post_login(request, user, **known)
        return answer


def _came_by_provider(request: HttpRequest, person: Person) -> bool:
    return any(record.get("method") == "provider" for record in get_authentication_records(request, person))
