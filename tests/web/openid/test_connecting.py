"""An admin connects the provider: what it may speak for, what is kept of it, who may."""

from __future__ import annotations

import re

import pytest
from django.db import connection, transaction
from django.test import Client
from pytest_django.fixtures import Settings

from swingby.web.domain.providers import provider_for, secret_of
from swingby.web.models import AuditEntry, Doorway, Person, ProviderIdentity
from swingby.web.tenancy import Scope, open_scope
from tests.web.acting import acting, signed_in
from tests.web.openid.journey import WAY, come_back
from tests.web.openid.provider import CLIENT, SECRET, Provider

pytestmark = pytest.mark.django_db
PAGE = "/people/tarn/provider/"
TARN = Scope(partner_orgs=frozenset({"tarn"}))


def said(provider: Provider, **changes: str) -> dict[str, str]:
    usual = {"issuer": provider.address, "client_id": CLIENT, "secret": SECRET, "domains": "tarn.example"}
    return {**usual, **changes}


def test_the_secret_is_sealed_and_never_shown(provider: Provider) -> None:
    page = signed_in("partner-admin").get(PAGE).content.decode()
    with connection.cursor() as cursor, transaction.atomic(), open_scope(TARN):
        cursor.execute("SELECT identity_providers::text FROM identity_providers WHERE organization = 'tarn'")
        stored = str(cursor.fetchall())
        noted = str(list(AuditEntry.objects.filter(action="provider.connect").values_list("detail", flat=True)))

    assert [SECRET in text for text in (page, stored, noted)] == [False, False, False]
    assert "http://testserver/accounts/provider/back/" in page
    with transaction.atomic():
        found = provider_for("somebody@tarn.example")
    assert found is not None
    assert secret_of(found) == SECRET


def test_an_empty_secret_keeps_the_one_that_is_there_only_for_the_same_client(provider: Provider) -> None:
    client = signed_in("partner-admin")

    assert client.post(PAGE, said(provider, secret="")).status_code == 302
    refused = client.post(PAGE, said(provider, secret="", client_id="another"))
    assert "Write the client secret" in refused.content.decode()


@pytest.mark.parametrize(
    ("domains", "words"),
    [
        ("loom.example", "Not yours as far as we know: loom.example"),
        ("gmail.com", "Anybody gets an address at gmail.com"),
        ("tarn", "Not a mail domain: tarn"),
        ("", "Name the mail domains"),
    ],
)
def test_a_provider_speaks_only_for_domains_that_the_organization_holds(
    provider: Provider, domains: str, words: str
) -> None:
    answer = signed_in("partner-admin").post(PAGE, said(provider, domains=domains))

    assert answer.status_code == 422
    assert words in answer.content.decode()


def test_a_domain_that_is_not_on_the_list_under_users_is_refused(provider: Provider) -> None:
    with transaction.atomic(), open_scope(TARN):
        Doorway.objects.filter(organization_id="tarn").update(domains=["other.example"])

    assert signed_in("partner-admin").post(PAGE, said(provider)).status_code == 422


def test_one_domain_has_one_provider(provider: Provider) -> None:
    Person.objects.filter(pk="other-partner").update(email="spy@tarn.example", last_login="2026-03-01T09:00:00Z")
    answer = signed_in("other-partner").post("/people/loom/provider/", said(provider))

    assert "Another organization&#x27;s provider speaks for" in answer.content.decode()


def test_an_issuer_that_does_not_answer_is_not_kept(provider: Provider, settings: Settings) -> None:
    client = signed_in("partner-admin")
    assert client.post(PAGE, said(provider, issuer=f"{provider.address}/x")).status_code == 422

    settings.SWINGBY_PROVIDERS_INSIDE = False
    told = client.post(PAGE, said(provider)).content.decode()
    assert "begins with https and leads outside" in told


def test_disconnecting_forgets_who_was_known(provider: Provider) -> None:
    provider.claims = {"sub": "member", "email": "member@tarn.example"}
    come_back(Client())
    assert signed_in("partner-admin").post(PAGE, {"act": "disconnect"}).status_code == 302

    with acting("partner-admin"):
        assert not ProviderIdentity.objects.filter(issuer=provider.address).exists()
    assert Client().post(WAY, {"email": "member@tarn.example"}).status_code == 422


def test_finding_the_provider_tells_nothing_about_accounts(provider: Provider) -> None:
    pages = [
        Client().post(WAY, {"email": f"{name}@tarn.example"}).content.decode() for name in ("member", "nobody-at-all")
    ]
    answers = [re.sub(r'Token": "[^"]*"', "", page) for page in pages]

    assert answers[0] == answers[1]
    assert "127.0.0.1" in answers[0]


def test_only_an_admin_of_the_organization_connects_it(provider: Provider) -> None:
    codes = [signed_in(who).post(PAGE, said(provider)).status_code for who in ("partner-member", "vendor-admin")]

    assert codes == [403, 404]
