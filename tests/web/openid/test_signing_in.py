"""Signing in through the provider of one's organization: the good way, and every word that must not be believed."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from django.db import transaction
from django.test import Client

from swingby.web.domain.organizations import give_role
from swingby.web.models import AuditEntry, Doorway, Invitation, MatchAct, Membership, Person, ProviderIdentity, Role
from swingby.web.tenancy import Scope, open_scope
from tests.web.acting import signed_in
from tests.web.openid.conftest import connect
from tests.web.openid.journey import BACK, WAY, answer_of, asked_address, come_back, is_in
from tests.web.openid.provider import Provider

pytestmark = pytest.mark.django_db
MEMBER = {"sub": "member", "email": "member@tarn.example"}
TARN = Scope(partner_orgs=frozenset({"tarn"}), owner_orgs=frozenset({"tarn"}))


def acts() -> list[str]:
    """What was noted about the provider, the newest last."""
    with transaction.atomic(), open_scope(TARN):
        rows = AuditEntry.objects.filter(partner_id="tarn", action__startswith="provider.").order_by("number")
        return list(rows.values_list("action", flat=True))


def open_door(act: MatchAct) -> None:
    with transaction.atomic(), open_scope(TARN):
        Doorway.objects.filter(organization_id="tarn").update(is_open=True, domains=["tarn.example"], on_match=act)


def test_a_member_goes_to_the_provider_and_comes_back_signed_in(provider: Provider) -> None:
    provider.claims = dict(MEMBER)
    client = Client()
    page = client.post(WAY, {"email": "Member@Tarn.example"}).content.decode()
    assert 'href="/accounts/provider/to/tarn.example/?"' in page
    assert "member@" not in page.lower().replace('value="member@', "")

    assert come_back(client).status_code == 302
    assert is_in(client)
    assert acts() == ["provider.connect", "provider.sign_in"]
    # From now on the provider's own key for the person counts, whatever the address becomes.
    provider.claims = {"sub": "member", "email": "else@nowhere.example", "email_verified": False}
    again = Client()
    come_back(again)
    assert is_in(again)


def test_whoever_was_asked_to_sign_in_comes_to_the_page_again(provider: Provider) -> None:
    provider.claims = dict(MEMBER)
    client = Client()
    address = client.get(f"{WAY}to/tarn.example/?next=/accounts/security/").headers["Location"]

    assert client.get(answer_of(address)).headers["Location"] == "/accounts/security/"
    elsewhere = client.get(f"{WAY}?next=https://evil.example/").content.decode()
    assert "evil.example" not in elsewhere


def _now(**seconds: int) -> dict[str, object]:
    return {name: int(time.time()) + away for name, away in seconds.items()}


WRONG: dict[str, Callable[[Provider], None]] = {
    "a nonce of another try": lambda it: it.claims.update(nonce="another"),
    "no nonce": lambda it: it.claims.update(nonce=None),
    "a token that is over": lambda it: it.claims.update(_now(exp=-120, iat=-500)),
    "a token from the future": lambda it: it.claims.update(_now(iat=600, exp=900)),
    "a token without an end": lambda it: it.claims.update(exp=None),
    "a token for another client": lambda it: it.claims.update(aud="somebody-else"),
    "a token for several that names another": lambda it: it.claims.update(aud=["swingby-at-tarn", "x"], azp="x"),
    "a token for several that names none": lambda it: it.claims.update(aud=["swingby-at-tarn", "x"]),
    "a token of another issuer": lambda it: it.claims.update(iss="https://evil.example"),
    "a token of nobody": lambda it: it.claims.update(sub=None),
    "a token of an empty name": lambda it: it.claims.update(sub=""),
    "a key that is not the provider's": lambda it: setattr(it, "signed_by", "another"),
    "no signature": lambda it: setattr(it, "algorithm", "none"),
    "a signature by a shared word": lambda it: setattr(it, "algorithm", "HS256"),
    "a mail address that is not confirmed": lambda it: it.claims.update(email_verified=False),
    "a confirmation that is no yes": lambda it: it.claims.update(email_verified="true"),
    "no word about the address": lambda it: it.claims.update(email_verified=None),
    "an address of another domain": lambda it: it.claims.update(email="manager@example.test"),
    "an address below the domain": lambda it: it.claims.update(email="x@sub.tarn.example"),
    "an address that ends alike": lambda it: it.claims.update(email="x@evil-tarn.example"),
    "no address": lambda it: it.claims.update(email=None),
    "a description of another issuer": lambda it: it.discovery.update(issuer="https://evil.example"),
}


@pytest.mark.parametrize("spoil", WRONG.values(), ids=WRONG.keys())
def test_what_cannot_be_trusted_lets_nobody_in(provider: Provider, spoil: Callable[[Provider], None]) -> None:
    provider.claims = dict(MEMBER)
    client = Client()
    address = asked_address(client)
    spoil(provider)

    assert client.get(answer_of(address)).status_code == 422
    assert not is_in(client)
    with transaction.atomic(), open_scope(TARN):
        assert not ProviderIdentity.objects.filter(issuer=provider.address).exists()


def test_a_state_that_is_not_ours_is_refused_and_ends_the_try(provider: Provider) -> None:
    provider.claims = dict(MEMBER)
    client = Client()
    answer = answer_of(asked_address(client))

    assert client.get(answer.replace("state=", "state=x")).status_code == 422
    assert client.get(answer).status_code == 422
    assert not is_in(client)


def test_an_answer_counts_once_and_in_its_own_browser(provider: Provider) -> None:
    provider.claims = dict(MEMBER)
    client, other = Client(), Client()
    answer = answer_of(asked_address(client))

    assert other.get(answer).status_code == 422
    assert client.get(answer).status_code == 302
    client.post("/accounts/logout/")
    assert client.get(answer).status_code == 422
    assert not is_in(client)


def test_an_answer_of_another_issuer_or_a_refusal_is_told(provider: Provider) -> None:
    client = Client()
    answer = answer_of(asked_address(client))
    assert "Another provider answered" in client.get(f"{answer}&iss=https://evil.example").content.decode()

    asked_address(client)
    told = client.get(f"{BACK}?error=access_denied&error_description=<script>").content.decode()
    assert "did not let you in" in told
    assert "<script>" not in told
    assert provider.asked.count("/keys") == 0


def test_a_try_ends_after_a_while(provider: Provider, monkeypatch: pytest.MonkeyPatch) -> None:
    client = Client()
    answer = answer_of(asked_address(client))
    late = time.time() + 601
    monkeypatch.setattr("swingby.web.openid.protocol.time.time", lambda: late)

    assert "took too long" in client.get(answer).content.decode()
    assert "/keys" not in provider.asked


def test_an_account_that_is_good_elsewhere_is_not_opened(provider: Provider) -> None:
    Person.objects.filter(pk="other-partner").update(email="other@tarn.example")
    provider.claims = {"sub": "other", "email": "other@tarn.example"}
    client = Client()

    assert "also good elsewhere" in come_back(client).content.decode()
    assert client.get("/").status_code == 302
    assert acts()[-1] == "provider.refuse"


def test_who_works_for_two_connects_the_provider_while_signed_in(provider: Provider) -> None:
    with transaction.atomic(), open_scope(Scope(partner_orgs=frozenset({"loom"}))):
        give_role(Person.objects.get(pk="partner-member"), organization="loom", role=Role.PARTNER_MEMBER)
    provider.claims = dict(MEMBER)
    assert "also good elsewhere" in come_back(Client()).content.decode()

    wrong = come_back(signed_in("partner-manager"))
    assert "signed in as somebody else" in wrong.content.decode()
    assert come_back(signed_in("partner-member")).headers["Location"] == "/accounts/security/"
    client = Client()
    come_back(client)
    assert is_in(client)


def test_a_second_employer_closes_what_the_first_provider_opened(provider: Provider) -> None:
    provider.claims = dict(MEMBER)
    come_back(Client())
    with transaction.atomic(), open_scope(Scope(partner_orgs=frozenset({"loom"}))):
        give_role(Person.objects.get(pk="partner-member"), organization="loom", role=Role.PARTNER_MEMBER)
    client = Client()

    assert "also good elsewhere" in come_back(client).content.decode()
    assert not is_in(client)


def test_who_left_is_not_let_in(provider: Provider) -> None:
    provider.claims = dict(MEMBER)
    come_back(Client())
    with transaction.atomic(), open_scope(TARN):
        Membership.objects.filter(person_id="partner-member").delete()
    client = Client()

    assert "do not work here any more" in come_back(client).content.decode()
    assert client.get("/accounts/security/").status_code == 302


def test_an_unknown_person_is_let_in_only_as_the_door_says(provider: Provider) -> None:
    client = Client()
    assert "Ask your admin to invite you" in come_back(client).content.decode()
    assert not Person.objects.filter(email="mei@tarn.example").exists()

    open_door(MatchAct.WAITS)
    assert "An admin gets a mail now" in come_back(client).content.decode()
    assert not is_in(client)
    assert "An admin gets a mail now" in come_back(client).content.decode()
    with transaction.atomic(), open_scope(TARN):
        assert Invitation.objects.filter(person__email="mei@tarn.example").count() == 1
    assert acts()[1:] == ["provider.refuse", "provider.wait", "provider.wait"]


def test_an_open_door_makes_a_member_without_a_password(provider: Provider) -> None:
    open_door(MatchAct.JOINS)
    client = Client()
    come_back(client)

    person = Person.objects.get(email="mei@tarn.example")
    assert (person.name, person.has_usable_password()) == ("Mei Example", False)
    # As everybody who is new: the vendor's terms of use come first.
    assert client.get("/accounts/security/").status_code == 200
    assert client.get("/partner/harbor-program-tarn/").headers["Location"].startswith("/terms/")
    with transaction.atomic(), open_scope(TARN):
        assert list(Membership.objects.filter(person=person).values_list("role", flat=True)) == ["partner_member"]


def test_an_address_that_only_the_provider_tells_elsewhere_counts(provider: Provider) -> None:
    provider.claims = {"sub": "member", "email": None, "email_verified": None}
    provider.userinfo = {"sub": "member", "email": "member@tarn.example", "email_verified": True}
    client = Client()
    come_back(client)
    assert is_in(client)

    provider.userinfo["sub"] = "another"
    assert come_back(Client()).status_code == 422


def test_only_through_the_provider_leaves_a_way_in_for_admins(provider: Provider) -> None:
    connect(provider, is_required=True)
    for person in ("partner-admin", "partner-member"):
        row = Person.objects.get(pk=person)
        row.set_password("an-example-password")
        row.save()
    member, admin = Client(), Client()
    told = member.post(
        "/accounts/login/", {"login": "member@tarn.example", "password": "an-example-password"}, follow=True
    )
    assert told.redirect_chain == [("/accounts/provider/", 302)]
    assert "through its own provider only" in told.content.decode()
    assert not is_in(member)

    admin.post("/accounts/login/", {"login": "admin@tarn.example", "password": "an-example-password"})
    assert is_in(admin)
    assert acts()[-1] == "provider.around"
    provider.claims = dict(MEMBER)
    come_back(member)
    assert is_in(member)


def test_a_reset_password_does_not_lead_around_the_provider(provider: Provider) -> None:
    connect(provider, is_required=True)
    client = Client()
    person = Person.objects.get(pk="partner-member")
    person.set_password("another-example-password")
    person.save()

    client.post("/accounts/login/", {"login": "member@tarn.example", "password": "another-example-password"})
    assert not is_in(client)


def test_open_sessions_of_others_end_when_the_provider_becomes_the_only_way(provider: Provider) -> None:
    member, admin = signed_in("partner-member"), signed_in("partner-admin")
    connect(provider)
    assert is_in(member)
    connect(provider, is_required=True)
    assert not is_in(member)
    assert is_in(admin)
    provider.claims = dict(MEMBER)
    come_back(member)
    connect(provider, is_required=True)
    assert is_in(member)
