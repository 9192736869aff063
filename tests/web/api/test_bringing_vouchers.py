"""Codes and budgets over the API: what is right is kept, what is wrong comes back with its line, and nothing is overdrawn."""

from __future__ import annotations

import csv
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from swingby.web.domain.vouchers.loading import code_of
from swingby.web.models import AuditEntry, KeptAnswer, Voucher, VoucherBudget, VoucherCode
from tests.permissions.vouched import seal_anew
from tests.web.acting import acting, signed_in
from tests.web.api.asking import get, post
from tests.web.enablement.firm import FIRM, LEAD, MEMBER, of_the_firm

pytestmark = pytest.mark.django_db
FIRMS, VENDORS = f"/firms/{FIRM}/vouchers", "/organizations/harbor/vouchers"
OURS, THEIRS = f"/organizations/{FIRM}/voucher-budgets", "/organizations/harbor/voucher-budgets"
HEADER = "code,certifications,price,currency,expires\n"
ROW = "EXAM-7001-QF,expert,300,USD,2026-12-31\n"
SAID = {"what": "vendor:harbor", "year": 2026, "amount": "5000", "currency": "USD"}
ODD: tuple[Any, ...] = ("a\0", "\ud800", 10**400, True, {}, None, [[]], -1, "", "x" * 300_000)


@pytest.fixture(autouse=True)
def _readable() -> None:
    seal_anew(FIRM)


def bring(text: str, *, by: str = LEAD, **headers: str) -> Any:
    return post(FIRMS, {"text": text}, person=by, **headers)


def gift(text: str, *, by: str = "manager", partner: str = FIRM, **headers: str) -> Any:
    return post(VENDORS, {"text": text, "partner": partner}, person=by, **headers)


def say(where: str = OURS, *, by: str = LEAD, **change: Any) -> Any:
    return post(where, {**SAID, **change}, person=by)


def issues(answer: Any) -> list[tuple[str, str]]:
    assert (answer.status_code, answer["Content-Type"]) == (422, "application/problem+json")
    return [(issue["location"], issue["code"]) for issue in answer.json()["issues"]]


def acts(action: str) -> list[tuple[str, str, Any]]:
    with of_the_firm("harbor"):
        rows = AuditEntry.objects.filter(action=action).order_by("owner_id", "partner_id", "side", "number")
        return [(row.actor, row.side, row.detail) for row in rows]


def codes() -> set[str]:
    with acting(LEAD):
        return {code_of(row) for row in VoucherCode.objects.filter(partner_id=FIRM)}


def test_what_is_right_comes_in_and_what_is_wrong_comes_back_with_its_line() -> None:
    answer = bring(HEADER + ROW + "no,expert,300,USD,2026-12-31\n" + ROW + "EXAM-7002-QF,expert,abc,USD,2026-12-31\n")

    assert (answer.status_code, answer.json()) == (
        200,
        {
            "loaded": 1,
            "wrong": [
                {"line": 3, "message": "A code has 4 to 80 letters, digits and signs, without a space."},
                {"line": 4, "message": "This code is here already. Leave the row out."},
                {"line": 5, "message": "Write the amount in digits, such as 300 or 299.50."},
            ],
        },
    )
    assert "EXAM-7001-QF" in codes()
    assert acts("voucher.load") == [(LEAD, "partner", {})]


def test_a_code_is_in_no_answer_and_in_none_that_is_kept() -> None:
    answers = [bring(HEADER + ROW, **{"Idempotency-Key": "once"}) for _ in range(2)]
    answers += [get(FIRMS, person=LEAD), gift(HEADER + ROW.replace("EXAM", "GIFT"), **{"Idempotency-Key": "once"})]
    with of_the_firm("harbor"):
        kept = [row.body for row in KeptAnswer.objects.filter(key="once")]

    assert (answers[1].content, answers[1]["Idempotency-Replayed"]) == (answers[0].content, "true")
    assert len(kept) == 2
    assert not [text for text in (*kept, *(answer.content.decode() for answer in answers)) if "7001-QF" in text]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("nothing\n", "columns"),
        ("code,price\n", "columns"),
        (HEADER + ROW * 501, "too-long"),
        ('"' + "x" * 150_000, "csv"),
    ],
    ids=("words", "columns", "rows", "quote"),
)
def test_what_is_no_such_file_is_refused_at_its_place(text: str, code: str) -> None:
    assert issues(bring(text)) == issues(gift(text)) == [("body.text", code)]


def test_an_open_quote_is_refused_whatever_limit_the_process_has_for_a_field() -> None:
    before = csv.field_size_limit(10**7)
    try:
        assert issues(bring('"' + "x" * 150_000)) == [("body.text", "csv")]
    finally:
        csv.field_size_limit(before)


def test_a_vendor_gives_within_its_budget() -> None:
    first, second = (gift(HEADER + f"GIFT-{number},expert,2000,USD,2026-12-31\n").json() for number in (7001, 7002))
    with of_the_firm("harbor"):
        given = VoucherBudget.objects.get(organization_id="harbor").given
        row = Voucher.objects.get(expires_on=date(2026, 12, 31))

    assert first == {"loaded": 1, "wrong": []}
    assert [each["message"] for each in second["wrong"]] == [
        "Of its budget USD\u00a0100 are left, and it costs USD\u00a02,000. Raise the budget."
    ]
    assert given == Decimal(2900)
    assert (row.owner_id, row.partner_id, row.is_bought) == ("harbor", FIRM, False)


def test_a_vendor_gives_nothing_to_who_is_no_partner_of_it() -> None:
    for partner in ("loom", "harbor", "no-such-partner"):
        assert issues(gift(HEADER + ROW, partner=partner)) == [("body.partner", "unknown")]


@pytest.mark.parametrize(
    ("where", "by", "side"), [(OURS, LEAD, "partner"), (THEIRS, "manager", "vendor")], ids=("firm", "vendor")
)
def test_a_budget_is_said_on_both_sides_and_recorded_as_by_the_page(where: str, by: str, side: str) -> None:
    answer = say(where, by=by)
    names = ("learning:voucher_budget", FIRM) if side == "partner" else ("console:voucher_budget", "harbor")
    signed_in(by).post(reverse(names[0], args=[names[1]]), SAID)

    assert (answer.status_code, answer.json()) == (
        200,
        {
            "vendor": "harbor",
            "certification": None,
            "year": 2026,
            "amount": "5000",
            "given": "900",
            "currency": "USD",
        },
    )
    assert get(where, person=by).json()["items"] == [answer.json()]
    by_api, by_page = acts("voucher.budget")
    assert by_api[:2] == by_page[:2] == (by, side)
    assert {**by_api[2], "amount": 5000} == {**by_page[2], "amount": 5000}


def test_a_budget_of_one_certification_stands_beside_that_of_its_vendor() -> None:
    assert say(what="code:expert", amount="299.50").json()["certification"] == "expert"
    assert [row["certification"] for row in get(OURS, person=LEAD).json()["items"]] == [None, "expert"]


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({"amount": "899"}, ("body.amount", "given")),
        ({"amount": "-1"}, ("body.amount", "amount")),
        ({"amount": "1.005"}, ("body.amount", "amount")),
        ({"amount": "100000001"}, ("body.amount", "amount")),
        ({"currency": "EUR"}, ("body.currency", "currency")),
        ({"currency": "1$€"}, ("body.currency", "currency")),
        ({"year": 2031}, ("body.year", "year")),
        ({"what": "vendor:nobody"}, ("body.what", "unknown")),
        ({"what": "expert"}, ("body.what", "unknown")),
    ],
    ids=str,
)
def test_what_no_budget_can_be_is_refused_at_its_place(change: dict[str, Any], found: tuple[str, str]) -> None:
    before = get(OURS, person=LEAD).json()

    assert issues(say(**change)) == [found]
    assert get(OURS, person=LEAD).json() == before


@pytest.mark.parametrize(
    ("address", "by", "right"),
    [
        (FIRMS, LEAD, {"text": HEADER}),
        (VENDORS, "manager", {"text": HEADER, "partner": FIRM}),
        (OURS, LEAD, SAID),
    ],
    ids=("codes", "gifts", "budget"),
)
def test_odd_bodies_are_refused(address: str, by: str, right: dict[str, Any]) -> None:
    wrong: list[Any] = [None, [], "x", 1, {}, *({**right, name: odd} for name in right for odd in ODD)]
    found = [(str(said)[:70], post(address, said, person=by).status_code) for said in wrong]

    assert [(said, status) for said, status in found if status not in {400, 413, 422}] == []


@pytest.mark.parametrize(
    ("by", "ours", "theirs"),
    [
        (MEMBER, 403, 404),
        ("partner-finance", 403, 404),
        ("manager", 404, 200),
        ("finance", 404, 403),
        ("lead", 404, 403),
        ("other-partner", 404, 404),
        ("both-programs", 404, 404),
        ("other-vendor", 404, 404),
    ],
)
def test_who_may_not_is_told_so(by: str, ours: int, theirs: int) -> None:
    firm = [bring(HEADER + ROW, by=by), say(by=by)]
    vendor = [gift(HEADER + ROW.replace("EXAM", "GIFT"), by=by), say(THEIRS, by=by)]

    assert [answer.status_code for answer in firm] == [ours] * 2
    assert [answer.status_code for answer in vendor] == [theirs] * 2
    assert "EXAM-7001-QF" not in codes()
