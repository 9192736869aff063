"""Deals of a year and customers: what their newest news says, what counts, filters, pages."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from swingby.web.models import PointsHistory, Scorecard, ScorecardLine
from swingby.web.portal.deals_pages import PAGE_DEALS
from swingby.web.portal.deals_parts import CustomerRow, DealRow, DealsPage
from swingby.web.tenancy import act_for_owner
from tests.web.acting import ENROLMENT, signed_in
from tests.web.portal.test_home import _clear, _customer, _deal, _fact

pytestmark = pytest.mark.django_db
PAGE = f"/partner/{ENROLMENT}/deals/"


def _page(asked: str = "") -> DealsPage:
    page = signed_in("partner-member").get(f"{PAGE}{asked}").context["page"]
    assert isinstance(page, DealsPage)
    return page


def _names(page: DealsPage) -> list[str]:
    return [deal.reference for deal in page.deals]


@pytest.fixture(autouse=True)
def _deals() -> None:
    with act_for_owner("harbor"):
        _clear("deals", "deal_lines", "deal_parties", "subscriptions", "associations")
        _customer("c-1", "Sallowby Foods")
        _deal("d-1", "registered", date(2026, 3, 1), customer="c-1", amount=100, currency="USD")
        _deal("d-1", "proposed", date(2026, 3, 9))
        _deal("d-1", "proposed", date(2026, 3, 20), amount=120, currency="USD")
        _fact("deal_lines", deal="d-1", product="keep_base", happened_on=date(2026, 3, 1))
        for role in ("sold", "sourced"):
            _fact("deal_parties", deal="d-1", organization="tarn", role=role, starts_on=date(2026, 3, 1))
        _deal("d-2", "registered", date(2026, 1, 2), customer="c-2")
        _deal("d-3", "won", date(2026, 3, 25), customer="c-2", fact_id="won-3")
        _deal("d-4", "expired", date(2026, 2, 1))
        _deal("d-5", "won", date(2024, 1, 1))
        _fact("deals", partner="loom", deal="d-6", stage="registered", happened_on=date(2026, 3, 30))


def test_a_deal_says_what_its_news_say_and_since_when() -> None:
    page = _page()

    assert _names(page) == ["d-3", "d-1", "d-4", "d-2"]
    assert page.deals[1] == DealRow(
        name="Sallowby Foods",
        reference="d-1",
        state="open",
        stage="Proposed",
        since=date(2026, 3, 9),
        products="Keep base",
        amount=Decimal(120),
        currency="USD",
        roles="Sold, Sourced",
    )
    assert [deal.silent_days for deal in page.deals] == [0, 0, 0, 88]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("?state=open", ["d-1", "d-2"]),
        ("?state=won", ["d-3"]),
        ("?state=lost", ["d-4"]),
        ("?customer=sallow", ["d-1"]),
        ("?customer=%25", []),
        ("?state=won&customer=sallow", []),
        ("?state=nonsense&page=x", ["d-3", "d-1", "d-4", "d-2"]),
    ],
)
def test_deals_are_found_by_state_and_customer(asked: str, found: list[str]) -> None:
    assert _names(_page(asked)) == found


def test_what_a_deal_counts_for_and_the_points_it_earned_stand_beside_it() -> None:
    line: dict[str, Any] = {"day": "2026-03-25", "rule": "sold", "label": "Sold", "kind": "entry", "expires": None}
    with act_for_owner("harbor"):
        whose = {"owner_id": "harbor", "partner_id": "tarn", "enrolment_id": ENROLMENT}
        Scorecard.objects.filter(pk=ENROLMENT).update(numbers=[{"name": "sold", "label": "Bookings"}])
        for counts in (True, False):
            ScorecardLine.objects.create(
                **whose, rule="sold" if counts else "lost", kind="counted", key=str(counts), counts=counts,
                day=date(2026, 3, 25), record_kind="deals", record="won-3",
            )  # fmt: skip
        lines = [{**line, "fact": "won-3", "points": points} for points in ("20", "-5")]
        PointsHistory.objects.filter(pk=ENROLMENT).update(lines=lines)
    won, proposed, *_ = _page().deals

    assert [(link.label, link.href) for link in won.counts_for] == [
        ("Bookings", f"/partner/{ENROLMENT}/scorecard/sold/")
    ]
    assert won.points == Decimal(15)
    assert (proposed.counts_for, proposed.points) == ((), None)


def test_customers_begin_with_what_runs_out_next_and_was_not_renewed() -> None:
    def subscribed(customer: str, product: str, starts_on: date, ends_on: date | None) -> None:
        _fact(
            "subscriptions",
            organization="tarn",
            customer=customer,
            product=product,
            starts_on=starts_on,
            ends_on=ends_on,
        )

    with act_for_owner("harbor"):
        subscribed("c-1", "chart", date(2025, 6, 1), date(2026, 6, 1))
        subscribed("c-1", "notes", date(2025, 5, 1), date(2026, 5, 1))
        subscribed("c-1", "notes", date(2026, 5, 1), date(2027, 5, 1))
        subscribed("c-2", "chart", date(2025, 6, 1), None)
        subscribed("c-9", "chart", date(2024, 6, 1), date(2025, 6, 1))
        _fact("associations", organization="tarn", customer="c-3", starts_on=date(2025, 1, 1))
    page = _page()

    assert page.customers[0] == CustomerRow(name="Sallowby Foods", product="Chart", last_day=date(2026, 5, 31), days=61)
    assert [(row.name, row.kinds, row.last_day) for row in page.customers[1:]] == [
        ("c-2", "", None),
        ("c-3", "", None),
    ]
    assert [row.name for row in _page("?customer=c-3").customers] == ["c-3"]


def test_many_deals_come_in_pages_with_the_same_number_of_statements() -> None:
    def asked() -> int:
        client = signed_in("partner-member")
        with CaptureQueriesContext(connection) as caught:
            client.get(PAGE)
        return len(caught)

    _page()  # The first look asks for what is worked out anew.
    few = asked()
    with act_for_owner("harbor"):
        for number in range(PAGE_DEALS):
            _deal(f"m-{number}", "registered", date(2026, 1, 31) - timedelta(days=number), customer="c-1")
    first, last, beyond = _page(), _page("?page=2"), _page("?page=900")

    assert asked() == few
    assert (first.found, len(first.deals), first.before_url) == (PAGE_DEALS + 4, PAGE_DEALS, "")
    assert (len(last.deals), last.after_url) == (4, "")
    assert beyond == last
    assert not set(_names(first)) & set(_names(last))


def test_a_partner_without_deals_is_told_when_they_appear() -> None:
    with act_for_owner("harbor"):
        _clear("deals")
    page = signed_in("partner-member").get(PAGE).content.decode()

    assert "No deals yet" in page
    assert "The records do not say when a deal is expected to close" in page
