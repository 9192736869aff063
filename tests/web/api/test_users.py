"""The users of an organization over the API: invited, let in, declined; never more than the page allows."""

from __future__ import annotations

from typing import Any

import pytest
from django.core import mail as outbox
from django.db import transaction
from django.urls import reverse
from pytest_django.fixtures import Settings

from swingby.web.domain.mails import send_mail
from swingby.web.models import AuditEntry, Invitation, Mail, Membership, Person, Role
from swingby.web.tenancy import Scope, open_scope
from tests.web.acting import signed_in
from tests.web.api.asking import get, post

pytestmark = pytest.mark.django_db
TARN, HARBOR = "/organizations/tarn", "/organizations/harbor"
ADMIN, VENDOR_ADMIN = "partner-admin", "vendor-admin"
NEW = {"email": "New@tarn.test", "name": "Nina New", "role": "partner_manager"}
BOTH = Scope(owner_orgs=frozenset({"harbor", "tarn"}), partner_orgs=frozenset({"harbor", "tarn"}))


def invite(where: str = TARN, *, person: str = ADMIN, said: dict[str, Any] | None = None, key: str = "") -> Any:
    headers = {"Idempotency-Key": key} if key else {}
    return post(f"{where}/invitations", {**NEW, **(said or {})}, person=person, **headers)


def act(key: str, word: str, body: Any = None, *, where: str = TARN, person: str = ADMIN) -> Any:
    return post(f"{where}/invitations/{key}/{word}", body or {}, person=person)


def listed(where: str = TARN, *, person: str = ADMIN) -> dict[str, dict[str, Any]]:
    return {row["id"]: row for row in get(f"{where}/invitations", person=person).json()["items"]}


def kept(model: type[Any], **said: Any) -> list[Any]:
    with transaction.atomic(), open_scope(BOTH):
        return list(model.objects.filter(**said))


def test_who_works_here_is_read_with_every_role() -> None:
    found = get(f"{TARN}/users", person=ADMIN).json()
    by_key = {row["person"]: row for row in found["items"]}
    vendors = {row["person"]: row for row in get(f"{HARBOR}/users", person=VENDOR_ADMIN).json()["items"]}

    assert set(by_key) == {"partner-admin", "partner-finance", "partner-manager", "partner-member"}
    assert (found["total"], found["next"]) == (4, None)
    assert by_key[ADMIN]["roles"] == ["partner_admin"]
    assert by_key[ADMIN]["email"] == "partner-admin@example.test"
    assert (vendors["lead"]["roles"], vendors["lead"]["regions"]) == (["regional_lead"], ["emea"])


def test_users_come_page_by_page_and_each_once() -> None:
    seen: list[str] = []
    following: str | None = ""
    while following is not None:
        page = get(f"{TARN}/users?limit=3&cursor={following}", person=ADMIN).json()
        seen += [row["person"] for row in page["items"]]
        following = page["next"]

    assert seen == ["partner-admin", "partner-finance", "partner-manager", "partner-member"]


def test_who_is_on_the_way_comes_page_by_page() -> None:
    first = get(f"{TARN}/invitations?limit=1", person=ADMIN).json()
    second = get(f"{TARN}/invitations?limit=1&cursor={first['next']}", person=ADMIN).json()

    assert {first["items"][0]["id"], second["items"][0]["id"]} == {"tarn-open", "tarn-waiting"}
    assert second["next"] is None


def test_a_name_is_told_of_who_waits_and_of_nobody_else() -> None:
    """Who was invited may be known elsewhere: the answer is the same for every address."""
    rows = listed()
    known, new = invite(said={"email": "other-partner@example.test", "name": ""}).json(), invite().json()

    assert (rows["tarn-open"]["name"], rows["tarn-waiting"]["name"]) == (None, "Newcomer")
    assert (rows["tarn-open"]["acts"], rows["tarn-waiting"]["acts"]) == (["again", "withdraw"], ["approve", "decline"])
    assert (rows["tarn-open"]["until"] is None, rows["tarn-waiting"]["until"]) == (False, None)
    assert (known["name"], new["name"]) == (None, None)
    assert {name for name in known if known[name] != new[name]} == {"id", "email", "made_at", "until"}


def test_who_is_invited_is_sent_again_and_withdrawn() -> None:
    invited = invite()
    row = invited.json()
    again, withdrawn = act(row["id"], "again").json(), act(row["id"], "withdraw").json()

    assert (invited.status_code, row["email"], row["role"], row["state"]) == (
        201,
        "new@tarn.test",
        "partner_manager",
        "open",
    )
    assert (row["made_by"], row["acts"]) == (ADMIN, ["again", "withdraw"])
    assert (again["state"], again["until"] > row["until"]) == ("open", True)
    assert (withdrawn["state"], withdrawn["acts"], row["id"] in listed()) == ("withdrawn", [], False)
    assert [act(row["id"], word).status_code for word in ("again", "withdraw", "approve", "decline")] == [409] * 4


def test_the_page_shows_who_was_invited_over_the_api_and_the_audit_says_it() -> None:
    row = invite().json()
    page = signed_in(ADMIN).get(reverse("users:users", args=["tarn"])).content.decode()
    act(row["id"], "withdraw")
    person = Person.objects.get(email="new@tarn.test")
    told = sorted(kept(AuditEntry, subject=person.pk), key=lambda each: each.number)

    assert "new@tarn.test" in page
    assert [(each.action, each.actor) for each in told] == [("user.invite", ADMIN), ("user.withdraw", ADMIN)]


def test_who_asks_is_let_in_or_declined() -> None:
    let_in = act("tarn-waiting", "approve", {"role": "partner_finance"}).json()
    roles = {each.role for each in kept(Membership, person_id="tarn-waiting-newcomer")}

    assert (let_in["state"], roles) == ("accepted", {Role.PARTNER_FINANCE})
    assert act("tarn-waiting", "decline").status_code == 409


def test_who_is_declined_does_not_work_here() -> None:
    assert act("tarn-waiting", "decline").json()["state"] == "declined"
    assert kept(Membership, person_id="tarn-waiting-newcomer") == []


def test_who_is_let_in_without_a_word_gets_the_role_of_the_asking() -> None:
    act("tarn-waiting", "approve")

    assert {each.role for each in kept(Membership, person_id="tarn-waiting-newcomer")} == {Role.PARTNER_MEMBER}


def test_the_link_is_in_no_answer(settings: Settings) -> None:
    settings.SWINGBY_SENDS_MAIL, settings.SWINGBY_ADDRESS = True, "http://testserver"
    answers = [invite(key="secret"), invite(key="secret"), get(f"{TARN}/invitations", person=ADMIN)]
    answers.append(act(answers[0].json()["id"], "again"))
    for each in kept(Mail, person__email="new@tarn.test"):
        send_mail(each.pk, organization="tarn")
    seals = [mail.body.split("/invited/")[1].split("/")[0] for mail in outbox.outbox]

    assert (len(seals), all(seals)) == (2, True)
    assert not [seal for seal in seals for answer in answers if seal in answer.content.decode()]
    assert not [answer for answer in answers if "invited/" in answer.content.decode()]


def test_the_same_key_invites_once() -> None:
    first, again = (invite(key="once") for _ in range(2))

    assert (first.status_code, again.content, again["Idempotency-Replayed"]) == (201, first.content, "true")
    assert len(kept(Mail, person__email="new@tarn.test")) == 1


def test_without_a_key_there_is_one_invitation_all_the_same() -> None:
    first, again = invite().json(), invite(said={"role": "partner_member"}).json()

    assert (first["id"], again["role"]) == (again["id"], "partner_member")
    assert len(kept(Invitation, person__email="new@tarn.test")) == 1


@pytest.mark.parametrize(
    "said",
    [
        {"email": "no address"},
        {"email": ""},
        {"email": f"{'x' * 250}@tarn.test"},
        {"email": "a\0b@tarn.test"},
        {"email": "partner-member@example.test"},
        {"email": "waiting@tarn.test"},
        {"name": "x" * 121},
        {"role": "vendor_admin"},
        {"role": "king"},
        {"regions": ["emea"]},
        {"role": "regional_lead", "regions": ["emea"]},
    ],
    ids=str,
)
def test_what_a_page_would_refuse_is_refused(said: dict[str, Any]) -> None:
    before = listed()

    assert (invite(said=said).status_code, listed()) == (422, before)
    assert kept(Mail, organization_id="tarn", key__startswith="invitation:") == []


def test_nobody_is_let_in_in_a_role_of_the_other_side() -> None:
    assert act("tarn-waiting", "approve", {"role": "vendor_admin"}).status_code == 422
    assert listed()["tarn-waiting"]["state"] == "waiting"


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ({"role": "regional_lead", "regions": ["emea"]}, 201),
        ({"role": "regional_lead"}, 201),
        ({"role": "finance"}, 201),
        ({"role": "finance", "regions": ["emea"]}, 422),
        ({"role": "regional_lead", "regions": ["emea", "moon"]}, 422),
        ({"role": "partner_admin"}, 422),
    ],
    ids=str,
)
def test_a_vendor_invites_in_its_own_roles_and_regions(said: dict[str, Any], status: int) -> None:
    answer = invite(HARBOR, person=VENDOR_ADMIN, said=said)

    assert answer.status_code == status
    if status == 201:
        assert answer.json()["regions"] == said.get("regions", [])


def test_what_is_wrong_with_regions_is_told_at_its_place() -> None:
    (issue,) = invite(HARBOR, person=VENDOR_ADMIN, said={"role": "regional_lead", "regions": ["moon"]}).json()["issues"]

    assert issue["location"] == "body.regions"
    assert "emea" in issue["hint"]


@pytest.mark.parametrize(
    ("person", "where", "status"),
    [
        ("partner-manager", TARN, 403),
        ("partner-member", TARN, 403),
        ("manager", HARBOR, 403),
        ("lead", HARBOR, 403),
        ("other-partner", TARN, 404),
        ("both-programs", TARN, 404),
        ("vendor-admin", TARN, 404),
        ("partner-admin", HARBOR, 404),
        ("partner-admin", "/organizations/no-such-place", 404),
    ],
)
def test_who_may_not_is_told_so_everywhere(person: str, where: str, status: int) -> None:
    key = f"{where.rpartition('/')[2]}-open"
    answers = [get(f"{where}/{name}", person=person) for name in ("users", "invitations")]
    answers += [invite(where, person=person)]
    answers += [act(key, word, where=where, person=person) for word in ("again", "withdraw", "approve", "decline")]

    assert {answer.status_code for answer in answers} == {status}
    assert not Person.objects.filter(email="new@tarn.test").exists()


@pytest.mark.parametrize("word", ["again", "withdraw", "approve", "decline"])
def test_no_invitation_is_reached_through_another_organization(word: str) -> None:
    assert act("harbor-open", word).status_code == 404
    assert act("tarn-open", word, where=HARBOR, person=VENDOR_ADMIN).status_code == 404
    assert act("no-such-invitation", word).status_code == 404


def test_nothing_new_is_answered_with_304() -> None:
    for name in ("users", "invitations"):
        mark = get(f"{TARN}/{name}", person=ADMIN)["ETag"]
        assert get(f"{TARN}/{name}", person=ADMIN, **{"If-None-Match": mark}).status_code == 304
