"""Changing the roles of people and ending their access over the API, by the rules of the page and with its record."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction
from django.urls import reverse

from swingby.web.models import ApiToken, AuditEntry, Membership, Person, Voucher
from swingby.web.tenancy import Scope, open_scope
from tests.web.acting import signed_in
from tests.web.api.asking import get, post
from tests.web.api.test_users import ADMIN, BOTH, HARBOR, TARN, VENDOR_ADMIN, kept

pytestmark = pytest.mark.django_db
MEMBER, FINANCE = "partner-member", "partner-finance"
NOBODY_LEFT = "Nobody would be left to run the users. Make somebody else admin first."
ODD: tuple[Any, ...] = ("a\0", "\ud800", 10**400, True, {}, None, [[]], ["\0"], ["x"] * 201, "x" * 100_000, -1, [1])


def change(person: str, *roles: str, where: str = TARN, by: str = ADMIN, regions: Any = None, **headers: str) -> Any:
    said = {"roles": list(roles), **({} if regions is None else {"regions": regions})}
    return post(f"{where}/users/{person}/roles", said, person=by, **headers)


def remove(person: str, *, where: str = TARN, by: str = ADMIN, **headers: str) -> Any:
    return post(f"{where}/users/{person}/remove", {}, person=by, **headers)


def roles_of(person: str) -> set[str]:
    return {each.role for each in kept(Membership, person_id=person)}


def told_of(person: str) -> list[tuple[str, str, Any]]:
    rows = sorted(kept(AuditEntry, subject=person), key=lambda each: each.number)
    return [(each.action, each.actor, each.detail) for each in rows]


def test_roles_are_given_and_taken_and_read_again() -> None:
    answer = change(MEMBER, "partner_manager", "partner_finance")

    assert (answer.status_code, answer.json()["roles"]) == (200, ["partner_manager", "partner_finance"])
    assert get(f"{TARN}/users/{MEMBER}", person=ADMIN).json() == answer.json()
    assert roles_of(MEMBER) == {"partner_manager", "partner_finance"}


def test_the_record_is_that_of_the_page() -> None:
    """The same acts by the page and over the API, on two people, leave the same words behind."""
    page = signed_in(ADMIN)
    address = reverse("users:user", args=["tarn", FINANCE])
    page.post(address, {"role": ["partner_manager"]})
    page.post(address, {"act": "remove"})
    change(MEMBER, "partner_manager")
    remove(MEMBER)
    by_page, over_api = told_of(FINANCE), told_of(MEMBER)

    assert [(action, actor, detail["after"]) for action, actor, detail in over_api] == [
        ("user.change", ADMIN, ["partner_manager"]),
        ("user.remove", ADMIN, []),
    ]
    assert [each[:2] for each in by_page] == [each[:2] for each in over_api]
    assert [each[2]["before"] for each in over_api] == [["partner_member"], ["partner_manager"]]
    assert [set(each[2]) for each in by_page] == [set(each[2]) for each in over_api]


def test_whoever_is_removed_has_no_way_in_any_more() -> None:
    before = Person.objects.get(pk=MEMBER).session_round
    answer = remove(MEMBER)

    assert (answer.status_code, answer.json()["person"], answer.json()["roles"]) == (200, MEMBER, [])
    assert roles_of(MEMBER) == set()
    assert Person.objects.get(pk=MEMBER).session_round == before + 1
    assert get("/firms/tarn/vouchers/own", person=MEMBER).status_code == 401
    assert [each.revoked_at is None for each in kept(ApiToken, person_id=MEMBER)] == [False]
    with transaction.atomic(), open_scope(BOTH):
        assert Voucher.objects.get(pk="tarn-voucher").state == "returned"
    assert remove(MEMBER).status_code == change(MEMBER, "partner_member").status_code == 404


@pytest.mark.parametrize(
    ("where", "admin", "role"), [(TARN, ADMIN, "partner_member"), (HARBOR, VENDOR_ADMIN, "finance")]
)
def test_the_last_admin_stays_and_stays_admin(where: str, admin: str, role: str) -> None:
    answers = {
        "body.roles": change(admin, role, where=where, by=admin),
        "path.person": remove(admin, where=where, by=admin),
    }

    for place, answer in answers.items():
        (issue,) = answer.json()["issues"]
        assert (answer.status_code, answer.json()["detail"]) == (422, NOBODY_LEFT)
        assert (issue["location"], issue["code"]) == (place, "last-admin")
    assert len(roles_of(admin)) == 1
    assert told_of(admin) == []


def test_nobody_says_over_the_api_that_it_is_meant() -> None:
    said = {"roles": ["partner_member"], "is_sure": True, "sure": "on"}

    assert post(f"{TARN}/users/{ADMIN}/roles", said, person=ADMIN).status_code == 422
    assert post(f"{TARN}/users/{ADMIN}/remove", said, person=ADMIN).status_code == 422
    assert roles_of(ADMIN) == {"partner_admin"}


def test_one_of_two_admins_may_go_and_the_own_token_ends_with_that() -> None:
    change(MEMBER, "partner_admin")

    assert remove(ADMIN).status_code == 200
    assert get(f"{TARN}/users", person=ADMIN).status_code == 401
    assert remove(MEMBER, by=MEMBER).status_code == 422
    assert roles_of(MEMBER) == {"partner_admin"}


def test_whoever_is_no_admin_any_more_changes_nobody() -> None:
    change(MEMBER, "partner_admin")
    answer = change(ADMIN, "partner_manager")

    assert (answer.status_code, answer.json()["roles"]) == (200, ["partner_manager"])
    assert change(ADMIN, "partner_admin").status_code == 403
    assert roles_of(ADMIN) == {"partner_manager"}


@pytest.mark.parametrize(
    ("where", "admin", "person", "role"),
    [(TARN, ADMIN, MEMBER, "vendor_admin"), (HARBOR, VENDOR_ADMIN, "finance", "partner_admin")],
)
def test_nobody_changes_sides(where: str, admin: str, person: str, role: str) -> None:
    before = roles_of(person)
    answer = change(person, role, where=where, by=admin)
    (issue,) = answer.json()["issues"]

    assert (answer.status_code, issue["location"], issue["code"]) == (422, "body.roles", "side")
    assert roles_of(person) == before


@pytest.mark.parametrize(
    ("roles", "regions", "status"),
    [
        (["regional_lead"], ["emea"], 200),
        (["regional_lead", "finance"], ["emea"], 200),
        (["regional_lead"], [], 200),
        (["finance"], ["emea"], 422),
        (["regional_lead"], ["emea", "moon"], 422),
    ],
    ids=str,
)
def test_only_a_regional_lead_has_regions_and_only_those_that_there_are(
    roles: list[str], regions: list[str], status: int
) -> None:
    answer = change("executive", *roles, where=HARBOR, by=VENDOR_ADMIN, regions=regions)

    assert answer.status_code == status
    if status == 200:
        assert (set(answer.json()["roles"]), answer.json()["regions"]) == (set(roles), regions)
    else:
        assert [each["location"] for each in answer.json()["issues"]] == ["body.regions"]


def test_a_partner_has_no_regions() -> None:
    assert change(MEMBER, "partner_manager", regions=["emea"]).status_code == 422


def test_what_changed_meanwhile_is_not_written_over() -> None:
    mark = get(f"{TARN}/users/{MEMBER}", person=ADMIN)["ETag"]
    change(MEMBER, "partner_manager")
    late = [change(MEMBER, "partner_finance", **{"If-Match": mark}), remove(MEMBER, **{"If-Match": mark})]
    fresh = get(f"{TARN}/users/{MEMBER}", person=ADMIN)["ETag"]

    assert [answer.status_code for answer in late] == [412, 412]
    assert roles_of(MEMBER) == {"partner_manager"}
    assert get(f"{TARN}/users/{MEMBER}", person=ADMIN, **{"If-None-Match": fresh}).status_code == 304
    assert change(MEMBER, "partner_finance", **{"If-Match": fresh}).status_code == 200


def test_the_same_key_acts_once() -> None:
    first, again = (change(MEMBER, "partner_manager", **{"Idempotency-Key": "once"}) for _ in range(2))
    other = change(MEMBER, "partner_finance", **{"Idempotency-Key": "once"})
    gone, gone_again = (remove(MEMBER, **{"Idempotency-Key": "gone"}) for _ in range(2))

    assert (again.content, again["Idempotency-Replayed"]) == (first.content, "true")
    assert (other.status_code, other.json()["code"]) == (422, "key-reused")
    assert (gone.status_code, gone_again.content) == (200, gone.content)
    assert [action for action, _actor, _detail in told_of(MEMBER)] == ["user.change", "user.remove"]


@pytest.mark.parametrize("name", ["roles", "regions"])
def test_odd_bodies_are_refused_at_their_place(name: str) -> None:
    address = f"{TARN}/users/{MEMBER}/roles"
    wrong: list[Any] = [None, [], "x", 1, {}, {"roles": []}, {"roles": ["king"]}, {"roles": ["partner_admin"] * 50}]
    wrong += [{"roles": ["partner_manager"], name: odd} for odd in ODD]
    found = [(str(said)[:60], post(address, said, person=ADMIN).status_code) for said in wrong]

    assert [(said, status) for said, status in found if status not in {400, 422}] == []
    assert roles_of(MEMBER) == {"partner_member"}


@pytest.mark.parametrize(
    "key", ["%00", "%ED%A0%80", "x" * 300, "%2e%2e", "' OR 1=1 --", "😀", "%0a", "executive", "-1"]
)
def test_keys_of_nobody_here_find_nobody(key: str) -> None:
    answers = [get(f"{TARN}/users/{key}", person=ADMIN), change(key, "partner_manager"), remove(key)]

    assert {answer.status_code for answer in answers} <= {404, 422}


@pytest.mark.parametrize(
    ("by", "where", "person", "status"),
    [
        ("partner-manager", TARN, MEMBER, 403),
        (MEMBER, TARN, MEMBER, 403),
        ("manager", HARBOR, "manager", 403),
        ("lead", HARBOR, "finance", 403),
        ("other-partner", TARN, MEMBER, 404),
        ("both-programs", TARN, MEMBER, 404),
        (VENDOR_ADMIN, TARN, MEMBER, 404),
        (ADMIN, HARBOR, "finance", 404),
        (ADMIN, "/organizations/no-such-place", MEMBER, 404),
    ],
)
def test_who_may_not_is_told_so_everywhere(by: str, where: str, person: str, status: int) -> None:
    before = roles_of(person)
    answers = [
        get(f"{where}/users/{person}", person=by),
        change(person, "partner_admin", where=where, by=by),
        remove(person, where=where, by=by),
    ]

    assert [answer.status_code for answer in answers] == [status] * 3
    assert roles_of(person) == before


def test_a_person_of_two_organizations_is_let_go_by_one_of_them_only() -> None:
    with transaction.atomic(), open_scope(Scope(owner_orgs=frozenset({"quay"}), partner_orgs=frozenset({"tarn"}))):
        Membership.objects.create(person_id="other-vendor", organization_id="tarn", role="partner_member")
    quay = Scope(owner_orgs=frozenset({"quay"}), partner_orgs=frozenset({"quay"}))
    answer = remove("other-vendor")
    with transaction.atomic(), open_scope(quay):
        left = {each.organization_id for each in Membership.objects.filter(person_id="other-vendor")}

    assert (answer.status_code, left) == (200, {"quay"})
