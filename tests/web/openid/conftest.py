from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from pytest_django.fixtures import Settings

from swingby.web.domain.providers import connect_provider
from swingby.web.models import IdentityProvider, Person
from tests.permissions.fixtures import database, django_db_setup, held_still
from tests.web.acting import acting
from tests.web.openid.provider import CLIENT, SECRET, Provider, running_provider

__all__ = ["database", "django_db_setup", "held_still"]
DOMAIN = "tarn.example"
#: The people of tarn, with addresses of its own; the admin has been here before.
MAILS = {"partner-admin": "admin@tarn.example", "partner-member": "member@tarn.example"}


@pytest.fixture
def provider(settings: Settings, db: None) -> Iterator[Provider]:
    """Tarn's provider, connected by its admin; nobody else's speaks."""
    cache.clear()
    settings.SWINGBY_PROVIDERS_INSIDE = True
    settings.SWINGBY_ADDRESS = "http://testserver"
    for person, mail in MAILS.items():
        Person.objects.filter(pk=person).update(email=mail, last_login="2026-03-01T09:00:00Z")
    with acting("partner-admin"):
        IdentityProvider.objects.filter(organization_id="tarn").delete()  # that of the small world
    with running_provider() as running:
        connect(running)
        yield running


def connect(provider: Provider, *, is_required: bool = False) -> None:
    with acting("partner-admin") as actor:
        connect_provider(
            "tarn",
            actor=actor,
            issuer=provider.address,
            client_id=CLIENT,
            secret=SECRET,
            domains=DOMAIN,
            is_required=is_required,
        )
