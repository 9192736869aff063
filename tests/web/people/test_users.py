"""Inviting, joining, changing roles, leaving: by the people of an organization themselves."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail as outbox
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django.fixtures import Settings

from swingby.web.domain.audit import find_breaks
from swingby.web.domain.errors import ChangedMeanwhileError, NotAllowedError, RefusedError
from swingby.web.domain.invitations import approve_asking, invite
from swingby.web.domain.mails import send_mail
from swingby.web.domain.orphans import invite_admin, orphans
from swingby.web.domain.users import LastAdminError, set_roles
from swingby.web.models import (
    ApiToken,
    AuditEntry,
    Doorway,
    Invitation,
    InvitationState,
    Mail,
    MatchAct,
    Membership,
    Person,
    Role,
)
from swingby.web.tenancy import Scope, open_scope
from tests.web.acting import acting, signed_in, the_enrolment

pytestmark = pytest.mark.django_db
PASSWORD = "an-example-password"
TARN = Scope(partner_orgs=frozenset({"tarn"}))


@pytest.fixture(autouse=True)
def sends(settings: Settings) -> None:
    settings.SWINGBY_SENDS_MAIL = True
    settings.SWINGBY_ADDRESS = "http://testserver"
    from django.core.cache import cache

    cache.clear()


def roles_of(person: str, organization: str = "tarn") -> list[str]:
    own = frozenset({organization})
    with transaction.atomic(), open_scope(Scope(owner_orgs=own, partner_orgs=own)):
        rows = Membership.objects.filter(person_id=person, organization_id=organization)
        return sorted(rows.values_list("role", flat=True))


def first_link(email: str) -> str:
    """The link in the newest mail to somebody, sent now."""
    with transaction.atomic(), open_scope(TARN):
        mail = Mail.objects.filter(person__email=email.lower(), organization_id="tarn").order_by("-posted_at").first()
    assert mail is not None
    send_mail(mail.pk, organization="tarn")
    return outbox.outbox[-1].body.split()[-1].removeprefix("http://testserver")


def invited(email: str = "new@tarn.test", role: Role = Role.PARTNER_MANAGER) -> str:
    with acting("partner-admin") as actor:
        invite("tarn", actor=actor, email=email, name="New Person", role=role)
    return first_link(email)


def settle(client: Client, link: str, **said: str) -> Any:
    return client.post(link, {"name": "Nina New", "password": PASSWORD, **said})


def test_who_is_invited_chooses_a_password_and_is_in() -> None:
    client, link = Client(), invited()
    assert "Partner-admin invites you, as partner manager" in client.get(link).content.decode()
    refused = settle(client, link, password="short")
    assert (refused.status_code, "too short" in refused.content.decode()) == (422, True)

    assert settle(client, link).status_code == 302
    person = Person.objects.get(email="new@tarn.test")
    assert (person.name, roles_of(person.pk)) == ("Nina New", ["partner_manager"])
    home = "/partner/harbor-program-tarn/"
    terms = client.get(home).headers["Location"]
    assert terms.startswith("/terms/")
    (key,) = re.findall(r'name="terms" value="(\d+)"', client.get(terms).content.decode())
    client.post(terms, {"terms": key})
    assert client.get(home).status_code == 200
    assert "This link is over" in Client().get(link).content.decode()
    assert settle(Client(), link).status_code == 200
    assert Client().post("/accounts/login/", {"login": "NEW@tarn.test", "password": PASSWORD}).status_code == 302


def test_who_has_an_account_signs_in_with_it_and_is_one_human_with_two_employers() -> None:
    person = Person.objects.get(pk="other-partner")
    person.set_password(PASSWORD)
    person.save()
    link = invited("Other-Partner@example.test")
    words = Client().get(link).content.decode()
    assert "You have an account already" in words
    assert settle(Client(), link).status_code == 200
    assert roles_of("other-partner") == []
    assert "sign out first" in signed_in("partner-member").get(link).content.decode()

    assert signed_in("other-partner").post(link).status_code == 302
    assert roles_of("other-partner") == ["partner_manager"]
    with acting("other-partner") as actor:
        assert actor.organizations(frozenset(Role)) == {"tarn", "loom"}
    assert Person.objects.get(pk="other-partner").check_password(PASSWORD)


@pytest.mark.parametrize("how", ["expired", "withdrawn", "forged", "other organization"])
def test_a_link_that_is_over_or_forged_lets_nobody_in(how: str) -> None:
    link = invited()
    with transaction.atomic(), open_scope(TARN):
        row = Invitation.objects.filter(person__email="new@tarn.test")
        if how == "expired":
            row.update(expires_at=timezone.now() - timedelta(seconds=1))
        elif how == "withdrawn":
            row.update(state=InvitationState.WITHDRAWN)
    if how == "forged":
        link = link[:-3] + "xx/"
    if how == "other organization":
        from django.core import signing

        with transaction.atomic(), open_scope(TARN):
            key = Invitation.objects.get(person__email="new@tarn.test").pk
        link = f"/invited/{signing.dumps(f'{key}:loom', salt='swingby.mail')}/"

    answer = settle(Client(), link)
    assert answer.status_code == (404 if how in {"forged", "other organization"} else 200)
    assert not held_by("new@tarn.test")


def held_by(email: str) -> list[str]:
    return roles_of(Person.objects.get(email=email).pk)


def test_sending_again_makes_the_link_hold_longer_and_asks_twice_for_nothing() -> None:
    link = invited()
    with transaction.atomic(), open_scope(TARN):
        Invitation.objects.filter(person__email="new@tarn.test").update(expires_at=timezone.now() - timedelta(days=1))
        key = Invitation.objects.get(person__email="new@tarn.test").pk
    signed_in("partner-admin").post(f"/people/tarn/invitations/{key}/", {"act": "again"})

    assert settle(Client(), link).status_code == 302


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"email": "nobody", "role": "partner_member"}, "Write a whole mail address"),
        ({"email": "a@b.test", "role": "program_manager"}, "Choose one of the roles"),
        ({"email": "a@b.test", "role": ""}, "Choose one of the roles"),
        ({"email": "partner-member@example.test", "role": "partner_member"}, "works here already"),
        ({"email": "a@b.test", "name": "x" * 500, "role": "partner_member"}, "Keep to 120"),
    ],
)
def test_what_cannot_be_sent_is_said_and_keeps_what_was_typed(said: dict[str, str], words: str) -> None:
    answer = signed_in("partner-admin").post("/people/tarn/", said)

    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert said["email"] in answer.content.decode()


def test_removing_somebody_ends_the_sessions_and_tokens_at_once() -> None:
    theirs = signed_in("partner-manager")
    assert theirs.get("/partner/harbor-program-tarn/").status_code == 200

    signed_in("partner-admin").post("/people/tarn/people/partner-manager/", {"act": "remove"})

    assert theirs.get("/partner/harbor-program-tarn/").headers["Location"].startswith("/accounts/login/")
    assert roles_of("partner-manager") == []
    with transaction.atomic(), open_scope(TARN):
        assert ApiToken.objects.get(pk="partner-manager").revoked_at is not None
        chain = AuditEntry.objects.filter(owner="tarn", partner="tarn").order_by("number")
        assert [(entry.action, entry.subject) for entry in chain] == [("user.remove", "partner-manager")]
        assert find_breaks(chain) == []


def test_the_last_admin_leaves_only_knowingly_and_the_partner_is_an_orphan_with_a_cure() -> None:
    with acting("partner-admin") as actor:
        person = Person.objects.get(pk="partner-admin")
        with pytest.raises(LastAdminError):
            set_roles(person, organization="tarn", actor=actor, roles=[])
    client = signed_in("partner-admin")
    asked = client.post("/people/tarn/people/partner-admin/", {"act": "remove"})
    assert (asked.status_code, "I mean it" in asked.content.decode()) == (422, True)
    with acting("operations"):
        before = {each.enrolment.partner_id: each.people for each in orphans("harbor")}
    assert client.post("/people/tarn/people/partner-admin/", {"act": "remove", "sure": "on"}).status_code == 302

    with acting("operations") as actor:
        after = {each.enrolment.partner_id: each.people for each in orphans("harbor")}
        invite_admin(the_enrolment(), actor=actor, email="again@tarn.test", name="Again")
        (row,) = (each for each in orphans("harbor") if each.enrolment.partner_id == "tarn")
    assert (before, after) == ({}, {"tarn": 3})
    assert row.is_invited
    assert settle(Client(), first_link("again@tarn.test")).status_code == 302
    assert held_by("again@tarn.test") == ["partner_admin"]
    with acting("operations") as actor, pytest.raises(NotAllowedError):
        invite_admin(the_enrolment(), actor=actor, email="once-more@tarn.test", name="")


def test_an_office_is_no_orphan_while_its_firm_has_an_admin() -> None:
    with acting("operations"):
        assert [each.enrolment.partner_id for each in orphans("harbor")] == []


def test_an_admin_may_step_down_when_there_is_another() -> None:
    client = signed_in("partner-admin")
    client.post("/people/tarn/people/partner-member/", {"role": ["partner_admin", "partner_member"]})
    assert client.post("/people/tarn/people/partner-admin/", {"role": "partner_member"}).status_code == 302

    assert (roles_of("partner-admin"), roles_of("partner-member")) == (
        ["partner_member"],
        ["partner_admin", "partner_member"],
    )
    assert client.get("/people/tarn/").status_code == 403


def test_a_vendor_admin_gives_a_lead_regions() -> None:
    client = signed_in("vendor-admin")
    said = {"role": ["regional_lead"], "region": ["apac", "nowhere"]}
    assert client.post("/people/harbor/people/lead/", said).status_code == 302
    page = client.get("/people/harbor/people/lead/").content.decode()

    assert "Regional lead (APAC)" in client.get("/people/harbor/").content.decode()
    assert page.count("checked") == 2


def test_nobody_is_given_a_role_of_the_other_side() -> None:
    person = Person.objects.get(pk="partner-member")
    with acting("partner-admin") as actor, pytest.raises(RefusedError):
        set_roles(person, organization="tarn", actor=actor, roles=[Role.PROGRAM_MANAGER])


# --- asking to join ---------------------------------------------------------------------------------------------------


def door(on_match: MatchAct = MatchAct.JOINS, domains: str = "tarn.test", **said: str) -> str:
    said = {"is_open": "on", "domains": domains, "on_match": on_match, **said}
    assert signed_in("partner-admin").post("/people/tarn/door/", said).status_code == 302
    with transaction.atomic(), open_scope(TARN):
        return f"/join/{Doorway.objects.get(pk='tarn').join_code}/"


def ask(address: str, email: str) -> str:
    page = Client().post(address, {"name": "Nina New", "email": email}).content.decode()
    return re.sub(r"[A-Za-z0-9]{64}", "", page)


@pytest.mark.parametrize(
    ("email", "on_match", "roles"),
    [
        ("new@tarn.test", MatchAct.JOINS, ["partner_member"]),
        ("new@tarn.test", MatchAct.WAITS, []),
        ("new@elsewhere.test", MatchAct.JOINS, []),
        ("new@sub.tarn.test", MatchAct.JOINS, []),
        ("new@evil-tarn.test", MatchAct.JOINS, []),
    ],
)
def test_the_own_domain_joins_by_its_rule_and_others_wait(email: str, on_match: MatchAct, roles: list[str]) -> None:
    address = door(on_match)
    ask(address, email)
    assert roles_of(Person.objects.get(email=email).pk) == []
    settle(Client(), first_link(email))
    assert held_by(email) == roles
    if roles:
        return
    with acting("partner-admin") as actor:
        waiting = Invitation.objects.select_related("organization", "person").get(
            person__email=email, state=InvitationState.WAITING
        )
        told = Mail.objects.filter(key__startswith=f"asks:{waiting.pk}").values_list("person_id", flat=True)
        assert list(told) == ["partner-admin"]
        approve_asking(waiting, actor=actor, role=Role.PARTNER_FINANCE)
        with pytest.raises(ChangedMeanwhileError):
            approve_asking(waiting, actor=actor, role=Role.PARTNER_FINANCE)
    assert held_by(email) == ["partner_finance"]


def test_the_answer_never_says_whether_an_address_is_known() -> None:
    address = door()
    told = {ask(address, email) for email in ("new@tarn.test", "new@tarn.test", "partner-member@example.test")}

    assert len(told) == 1
    assert "Look into your mail" in told.pop()


def test_a_door_that_is_closed_or_renewed_leads_nowhere() -> None:
    old = door()
    signed_in("partner-admin").post("/people/tarn/door/", {"act": "renew"})
    assert Client().get(old).status_code == 404
    new = door()
    assert Client().get(new).status_code == 200
    door(is_open="")
    assert Client().get(new).status_code == 404


@pytest.mark.parametrize(
    "domains", ["gmail.com", "no domain", "tarn", "@@", "-x.test", ", ".join(f"d{n}.test" for n in range(60))]
)
def test_a_domain_of_anybody_or_nobody_is_refused_and_nothing_changes(domains: str) -> None:
    door()
    door(domains=domains)
    with transaction.atomic(), open_scope(TARN):
        assert Doorway.objects.get(pk="tarn").domains == ["tarn.test"]


def test_nobody_floods_people_with_mail() -> None:
    address = door()
    codes = [Client().post(address, {"name": "N", "email": f"n{number}@tarn.test"}).status_code for number in range(32)]

    assert (codes.count(200), codes.count(429)) == (30, 2)


def test_the_pages_cost_the_same_however_many_people_there_are() -> None:
    client = signed_in("partner-admin")
    few = _statements(client)
    people = [Person(id=f"many-{number}", email=f"many-{number}@tarn.test", name="Many") for number in range(300)]
    Person.objects.bulk_create(people)
    with transaction.atomic(), open_scope(TARN):
        Membership.objects.bulk_create(
            Membership(person=person, organization_id="tarn", role=Role.PARTNER_MEMBER) for person in people
        )

    assert _statements(client) == few
    assert len(client.get("/people/tarn/").content) < 150_000


def _statements(client: Client) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get("/people/tarn/").status_code == 200
    return len(captured)
