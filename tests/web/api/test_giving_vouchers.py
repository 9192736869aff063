"""Giving vouchers, taking them back and using them over the API: within the budget, never twice, failures private."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from django.urls import reverse

from swingby.web.models import AuditEntry, Notification, NotificationKind, Voucher, VoucherBudget, VoucherCode
from tests.permissions.vouched import seal_anew
from tests.web.acting import acting, signed_in
from tests.web.api.asking import get, post
from tests.web.enablement.firm import ADMIN, FIRM, LEAD, MEMBER, employ, key_of, of_the_firm

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 31)
WHERE = f"/firms/{FIRM}/vouchers"
ODD: tuple[Any, ...] = ("a\0", "\ud800", 10**400, True, {}, None, [[]], "x" * 201, "x" * 100_000, -1, "")


@pytest.fixture(autouse=True)
def _readable() -> None:
    seal_anew(FIRM)


def give(person: str, *, by: str = LEAD, code: str = "expert", where: str = WHERE, **headers: str) -> Any:
    return post(f"{where}/give", {"learner": key_of(person), "code": code}, person=by, **headers)


def take_back(key: str, *, by: str = LEAD, where: str = WHERE, **headers: str) -> Any:
    return post(f"{where}/{key}/take-back", {}, person=by, **headers)


def read(key: str, *, by: str = LEAD) -> dict[str, Any]:
    found: dict[str, Any] = get(f"{WHERE}/{key}", person=by).json()
    return found


def issues(answer: Any) -> list[tuple[str, str]]:
    assert (answer.status_code, answer["Content-Type"]) == (422, "application/problem+json")
    return [(issue["location"], issue["code"]) for issue in answer.json()["issues"]]


def budget(**change: Any) -> VoucherBudget:
    with of_the_firm():
        rows = VoucherBudget.objects.filter(organization_id=FIRM)
        if change:
            rows.update(**change)
        return rows.get()


def only_bought() -> None:
    """What the vendor gave has expired."""
    with of_the_firm():
        Voucher.objects.filter(pk="tarn-gift").update(expires_on=TODAY - timedelta(days=1))


def acts(action: str) -> list[tuple[str, str, Any]]:
    with of_the_firm("harbor"):
        rows = AuditEntry.objects.filter(action=action).order_by("number")
        return [(row.actor, row.subject, row.detail) for row in rows]


def test_the_vendors_goes_first_and_its_holder_reads_the_code() -> None:
    answer = give(ADMIN)
    own = get(f"{WHERE}/own", person=ADMIN).json()["items"]

    assert answer.status_code == 200
    assert {name: answer.json()[name] for name in ("id", "state", "holder", "given_for", "masked")} == {
        "id": "tarn-gift",
        "state": "given",
        "holder": "Partner-admin",
        "given_for": "expert",
        "masked": "••••234",
    }
    assert read("tarn-gift") == answer.json()
    assert [(row["id"], row["code"]) for row in own] == [("tarn-gift", "TARN-GIFT-1234")]
    assert budget().given == Decimal(900)


def test_what_the_firm_pays_for_counts_in_its_budget_until_it_comes_back() -> None:
    only_bought()
    key = give(ADMIN).json()["id"]
    counted = budget().given
    back = take_back(key)

    assert (key, counted) == ("tarn-free", Decimal(1200))
    assert (back.status_code, back.json()) == (200, {"id": key, "state": "returned"})
    assert budget().given == Decimal(900)
    assert (read(key)["holder"], read(key)["given_for"]) == (None, None)


def test_the_record_and_the_word_are_those_of_the_page() -> None:
    give(ADMIN)
    take_back("tarn-gift")
    given, taken = acts("voucher.give"), acts("voucher.take_back")
    page = signed_in(LEAD)
    page.post(reverse("learning:voucher_give", args=[FIRM]), {"learner": key_of(ADMIN), "code": "expert"})
    page.post(reverse("learning:voucher_act", args=[FIRM, "tarn-gift"]))

    assert given == taken == [(LEAD, "tarn-gift", {})]
    assert (acts("voucher.give"), acts("voucher.take_back")) == (given * 2, taken * 2)
    with acting(ADMIN):
        told = Notification.objects.filter(person_id=ADMIN, kind=NotificationKind.VOUCHER)
        assert {row.words for row in told} == {
            "You were given a voucher for Harbor Expert. Its last day is 20 May 2026."
        }


def test_none_is_given_beyond_the_budget() -> None:
    only_bought()
    budget(amount=Decimal(1100))
    answer = give(ADMIN)

    assert issues(answer) == [("body.code", "budget")]
    assert "USD\u00a0200 are left" in answer.json()["detail"]
    assert (read("tarn-free")["state"], budget().given) == ("free", Decimal(900))
    assert acts("voucher.give") == []


@pytest.mark.parametrize(
    ("change", "code"), [({"year": 2025}, "no-budget"), ({"currency": "EUR"}, "currency"), ({"given": 3000}, "budget")]
)
def test_every_refusal_of_a_budget_has_its_place(change: dict[str, Any], code: str) -> None:
    only_bought()
    budget(**change)

    assert issues(give(ADMIN)) == [("body.code", code)]


def test_nothing_that_expired_is_given() -> None:
    with of_the_firm():
        Voucher.objects.filter(partner_id=FIRM, given_on=None).update(expires_on=TODAY - timedelta(days=1))

    assert issues(give(ADMIN)) == [("body.code", "expired")]
    assert issues(give(ADMIN, code="basics")) == [("body.code", "none-free")]


def test_nobody_has_two_for_one_exam_and_nobody_unknown_has_one() -> None:
    unknown = post(f"{WHERE}/give", {"learner": "nobody", "code": "expert"}, person=LEAD)
    other_firms = post(f"{WHERE}/give", {"learner": key_of("both-programs"), "code": "expert"}, person=LEAD)

    assert issues(give(MEMBER)) == [("body.learner", "has-one")]
    assert issues(unknown) == issues(other_firms) == [("body.learner", "unknown")]
    assert issues(give(ADMIN, code="no-such-code")) == [("body.code", "unknown")]


def test_a_holder_gives_the_own_one_back_and_is_told_no_more_of_it() -> None:
    answer = take_back("tarn-voucher", by=MEMBER)

    assert (answer.status_code, answer.json()) == (200, {"id": "tarn-voucher", "state": "returned"})
    assert get(f"{WHERE}/own", person=MEMBER).json()["items"] == []
    assert issues(take_back("tarn-voucher", by=MEMBER)) == [("path.voucher", "not-given")]


@pytest.mark.parametrize("key", ["tarn-used", "tarn-free", "tarn-leads"])
def test_only_what_is_given_comes_back(key: str) -> None:
    assert issues(take_back(key)) == [("path.voucher", "not-given")]


def test_what_changed_meanwhile_is_not_taken_back() -> None:
    mark = get(f"{WHERE}/tarn-voucher", person=LEAD)["ETag"]
    take_back("tarn-voucher", by=MEMBER)
    with of_the_firm():
        Voucher.objects.filter(pk="tarn-gift").update(state="used", given_on=TODAY)
        Voucher.objects.filter(pk="tarn-voucher").update(expires_on=TODAY)
    assert give(ADMIN).json()["id"] == "tarn-voucher"
    late = take_back("tarn-voucher", **{"If-Match": mark})
    fresh = get(f"{WHERE}/tarn-voucher", person=LEAD)["ETag"]

    assert (late.status_code, late.json()["code"]) == (412, "changed-meanwhile")
    assert read("tarn-voucher")["holder"] == "Partner-admin"
    assert get(f"{WHERE}/tarn-voucher", person=LEAD, **{"If-None-Match": fresh}).status_code == 304
    assert take_back("tarn-voucher", **{"If-Match": fresh}).status_code == 200


def test_the_same_key_gives_and_takes_back_once() -> None:
    first, again = (give(ADMIN, **{"Idempotency-Key": "once"}) for _ in range(2))
    other = give(LEAD, **{"Idempotency-Key": "once"})
    back, back_again = (take_back("tarn-gift", **{"Idempotency-Key": "once"}) for _ in range(2))

    assert (again.content, again["Idempotency-Replayed"]) == (first.content, "true")
    assert (other.status_code, other.json()["code"]) == (422, "key-reused")
    assert (back.status_code, back_again.content) == (200, back.content)
    assert (len(acts("voucher.give")), len(acts("voucher.take_back"))) == (1, 1)


def begin(person: str) -> None:
    """Somebody is on the way to the exam."""
    employ(key_of(person))
    for by, address, said in (
        (person, "learning/own", {"word": "want"}),
        (ADMIN, "learning", {"word": "agree", "learner": key_of(person)}),
        (person, "learning/own", {"word": "start"}),
    ):
        assert post(f"/firms/{FIRM}/{address}", {**said, "code": "expert"}, person=by).status_code == 201


def tell(word: str, *, person: str = MEMBER, **said: str) -> int:
    return int(post(f"/firms/{FIRM}/learning/own", {"word": word, "code": "expert", **said}, person=person).status_code)


def test_an_exam_that_is_booked_uses_it_and_one_after_its_last_day_does_not() -> None:
    begin(MEMBER)
    with transaction.atomic():
        late = tell("book", exam_on="2026-05-21"), read("tarn-voucher")["state"]
        transaction.set_rollback(True)
    booked = tell("book", exam_on="2026-05-20"), read("tarn-voucher")["state"]

    assert (late, booked) == ((201, "given"), (201, "used"))
    assert get(f"{WHERE}/own", person=MEMBER).json()["items"] == []
    assert issues(take_back("tarn-voucher", by=MEMBER)) == [("path.voucher", "not-given")]


def test_passed_and_failed_use_it_and_no_answer_differs() -> None:
    begin(MEMBER)
    addresses = (WHERE, f"{WHERE}/tarn-voucher", f"/organizations/{FIRM}/voucher-budgets", f"/firms/{FIRM}/learning")
    seen = []
    for word in ("passed", "failed"):
        with transaction.atomic():
            assert tell(word) == 201
            answers = [get(address, person=LEAD).content for address in addresses]
            answers.append(get("/organizations/harbor/vouchers", person="manager").content)
            answers.append(take_back("tarn-voucher").content)
            with of_the_firm():
                kept = list(VoucherCode.objects.order_by("pk").values())
            seen.append((answers, kept))
            transaction.set_rollback(True)

    assert seen[0] == seen[1]
    assert b'"state": "used"' in seen[0][0][1]


@pytest.mark.parametrize("name", ["learner", "code"])
def test_odd_bodies_are_refused_at_their_place(name: str) -> None:
    right = {"learner": key_of(ADMIN), "code": "expert"}
    wrong: list[Any] = [None, [], "x", 1, {}, *({**right, name: odd} for odd in ODD)]
    found = [(str(said)[:60], post(f"{WHERE}/give", said, person=LEAD).status_code) for said in wrong]

    assert [(said, status) for said, status in found if status not in {400, 422}] == []
    assert acts("voucher.give") == []


@pytest.mark.parametrize(
    "key", ["%00", "%ED%A0%80", "x" * 300, "%2e%2e", "' OR 1=1 --", "😀", "%0a", "sedge-gift", "-1"]
)
def test_keys_of_no_voucher_here_find_none(key: str) -> None:
    answers = [get(f"{WHERE}/{key}", person=LEAD), take_back(key), take_back(key, by=MEMBER)]

    assert {answer.status_code for answer in answers} <= {404, 422}


def test_the_words_of_other_addresses_are_no_vouchers() -> None:
    assert get(f"{WHERE}/give", person=LEAD).status_code == 405
    assert post(f"{WHERE}/own", {}, person=LEAD).status_code == 405


@pytest.mark.parametrize(
    ("by", "giving", "reading", "taking"),
    [
        (MEMBER, 403, 403, 200),
        ("partner-finance", 403, 403, 404),
        ("other-partner", 404, 404, 404),
        ("both-programs", 404, 404, 404),
        ("manager", 404, 404, 404),
        ("vendor-admin", 404, 404, 404),
        ("other-vendor", 404, 404, 404),
    ],
)
def test_who_may_not_is_told_so(by: str, giving: int, reading: int, taking: int) -> None:
    answers = [give(ADMIN, by=by), get(f"{WHERE}/tarn-voucher", person=by), take_back("tarn-voucher", by=by)]

    assert [answer.status_code for answer in answers] == [giving, reading, taking]
    assert read("tarn-gift")["state"] == "free"
    assert read("tarn-voucher")["state"] == ("returned" if taking == 200 else "given")


def test_no_voucher_is_reached_through_another_firm() -> None:
    for by in ("both-programs", LEAD):
        for where, key in ((WHERE, "sedge-gift"), ("/firms/sedge/vouchers", "tarn-voucher")):
            assert take_back(key, by=by, where=where).status_code == 404
    assert read("tarn-voucher")["state"] == "given"


def test_without_a_catalogue_none_is_given_and_one_comes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("swingby.web.api.firms.catalogue_of", lambda _: None)

    assert (give(ADMIN).status_code, take_back("tarn-voucher").status_code) == (409, 200)
