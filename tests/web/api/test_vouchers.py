"""Vouchers over the API: as the pages show them, and a code to nobody but who has it."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction

from swingby.web.models import Voucher, VoucherState
from swingby.web.tenancy import Scope, open_scope
from tests.permissions.vouched import seal_anew
from tests.web.acting import signed_in
from tests.web.api.asking import get

pytestmark = pytest.mark.django_db
FIRM, VENDOR = "/firms/tarn/vouchers", "/organizations/harbor/vouchers"
GIVERS = ("partner-admin", "partner-manager")


@pytest.fixture(autouse=True)
def _readable() -> None:
    seal_anew("tarn")


def items(address: str, person: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = get(address, person=person).json()["items"]
    return found


def test_who_gives_vouchers_reads_all_of_the_firm_with_who_has_them() -> None:
    for person in GIVERS:
        rows = {row["id"]: row for row in items(FIRM, person)}

        assert set(rows) == {"tarn-free", "tarn-gift", "tarn-voucher", "tarn-used", "tarn-leads"}
        assert (rows["tarn-voucher"]["holder"], rows["tarn-voucher"]["given_for"]) == ("Partner-member", "expert")
        assert (rows["tarn-voucher"]["is_bought"], rows["tarn-voucher"]["price"]) == (False, "300")
        # Who gave one back has it no more.
        assert (rows["tarn-leads"]["state"], rows["tarn-leads"]["holder"]) == ("returned", None)
        assert (rows["tarn-free"]["holder"], rows["tarn-free"]["given_for"]) == (None, None)


def test_vouchers_come_page_by_page_and_each_once() -> None:
    seen: list[str] = []
    following: str | None = ""
    while following is not None:
        page = get(f"{FIRM}?limit=2&cursor={following}", person="partner-admin").json()
        seen += [row["id"] for row in page["items"]]
        following = page["next"]

    assert seen == sorted({"tarn-free", "tarn-gift", "tarn-voucher", "tarn-used", "tarn-leads"})


def test_a_code_is_told_to_who_has_it_and_to_nobody_else() -> None:
    mine = items(f"{FIRM}/own", "partner-member")
    budgets = "/organizations/tarn/voucher-budgets"
    others = [get(address, person=person) for person in GIVERS for address in (FIRM, f"{FIRM}/own", budgets)]
    others += [get(VENDOR, person="manager"), get(FIRM, person="partner-member")]

    assert [(row["id"], row["code"], row["given_for"]) for row in mine] == [
        ("tarn-voucher", "TARN-VOUCHER-1234", "expert")
    ]
    assert {row["masked"] for row in items(FIRM, "partner-admin")} == {"••••234"}
    assert not [answer for answer in others if "-1234" in answer.content.decode()]


def test_of_what_was_used_or_given_back_no_code_is_told() -> None:
    with transaction.atomic(), open_scope(Scope(partner_orgs=frozenset({"tarn"}))):
        Voucher.objects.filter(pk="tarn-voucher").update(state=VoucherState.RETURNED, given_on=None)

    assert items(f"{FIRM}/own", "partner-member") == []


def test_a_vendor_reads_how_many_and_never_whose() -> None:
    answer = get(VENDOR, person="executive")
    rows = {row["partner"]: row for row in answer.json()["items"]}
    page = signed_in("executive").get("/console/harbor/vouchers/").content.decode()

    assert set(rows) == {"tarn", "sedge"}
    assert {name: rows["tarn"][name] for name in ("free", "given", "used", "expired")} == {
        "free": 1,
        "given": 1,
        "used": 0,
        "expired": 0,
    }
    assert "Partner-member" not in answer.content.decode()
    assert all(row["name"] in page for row in rows.values())


@pytest.mark.parametrize(("person", "partners"), [("lead", {"tarn"}), ("other-lead", {"sedge"})])
def test_a_regional_lead_reads_of_the_own_regions(person: str, partners: set[str]) -> None:
    assert {row["partner"] for row in items(VENDOR, person)} == partners


def test_budgets_are_read_on_both_sides() -> None:
    for organization, person in (("tarn", "partner-admin"), ("harbor", "finance")):
        (row,) = items(f"/organizations/{organization}/voucher-budgets", person)

        assert row == {
            "vendor": "harbor",
            "certification": None,
            "year": 2026,
            "amount": "3000",
            "given": "900",
            "currency": "USD",
        }


def test_without_a_catalogue_there_is_nothing_as_on_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("swingby.web.api.firms.catalogue_of", lambda _: None)
    answers = [get(address, person="partner-admin") for address in (FIRM, f"{FIRM}/own")]

    assert [answer.status_code for answer in answers] == [409, 409]


@pytest.mark.parametrize(
    ("person", "address", "status"),
    [
        ("partner-member", FIRM, 403),
        ("partner-finance", FIRM, 403),
        ("partner-member", "/organizations/tarn/voucher-budgets", 403),
        ("other-partner", FIRM, 404),
        ("manager", FIRM, 404),
        ("manager", "/organizations/tarn/voucher-budgets", 404),
        ("partner-admin", VENDOR, 404),
        ("partner-admin", "/organizations/harbor/voucher-budgets", 404),
        ("partner-admin", "/organizations/tarn/vouchers", 404),
        ("other-vendor", VENDOR, 404),
    ],
)
def test_who_may_not_read_is_told_so(person: str, address: str, status: int) -> None:
    assert get(address, person=person).status_code == status
