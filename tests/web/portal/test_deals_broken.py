"""Attempts to break the page of deals, and what the form of a report says is left."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from swingby.web.domain.queries.records import record_of
from swingby.web.models import PointsHistory, ScorecardLine
from swingby.web.tenancy import act_for_owner
from tests.web.acting import ENROLMENT, acting, signed_in, the_enrolment
from tests.web.portal.test_deals import PAGE, _names, _page
from tests.web.portal.test_home import _clear, _customer, _deal, _fact
from tests.web.portal.test_left import FORM, _left, _publish

pytestmark = pytest.mark.django_db
WON = date(2026, 3, 20)


@pytest.fixture(autouse=True)
def _nothing() -> None:
    with act_for_owner("harbor"):
        _clear("deals", "deal_lines", "deal_parties", "subscriptions", "associations")


def _won(deal: str, day: date = WON, **more: Any) -> None:
    with act_for_owner("harbor"):
        _deal(deal, "won", day, **more)


def _party(role: str, *, ends_on: date | None = None, **more: Any) -> None:
    with act_for_owner("harbor"):
        _fact(
            "deal_parties",
            deal="d",
            organization="tarn",
            role=role,
            starts_on=date(2026, 1, 1),
            ends_on=ends_on,
            **more,
        )


@pytest.mark.parametrize(
    ("people", "status"),
    [
        (("manager", "executive", "lead"), 403),
        (("other-vendor", "other-partner", "both-programs", "stranger"), 404),
        (("partner-admin", "partner-manager", "partner-member", "partner-finance"), 200),
    ],
)
def test_deals_are_the_partners_own(people: tuple[str, ...], status: int) -> None:
    assert {signed_in(person).get(PAGE).status_code for person in people} == {status}


@pytest.mark.parametrize("enrolment", ["harbor-program-sedge", "quay-program-loom", "none", "%00"])
def test_deals_of_another_enrolment_are_not_found(enrolment: str) -> None:
    assert signed_in("partner-admin").get(f"/partner/{enrolment}/deals/").status_code == 404


def test_an_admin_who_looks_as_a_colleague_reads_the_deals_and_sends_no_report() -> None:
    client: Client = signed_in("partner-admin")
    assert client.post("/people/tarn/people/partner-manager/look/").status_code == 302
    answer = client.get(PAGE)

    assert answer.status_code == 200
    assert "You look as" in answer.content.decode()
    assert client.get(f"{FORM}?kind=plan_reviewed").status_code == 200
    assert client.post(FORM, {"kind": "plan_reviewed", "happened_on": "2026-03-20"}).status_code == 403


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        *((f"page={page}", 1) for page in ("-1", "0", "999999", "9" * 5000, "%00", "%D9%A2", "%C2%B2", "1e3")),
        ("state=lost&state=won", 1),
        ("state=won%00", 1),
        ("customer=%00", 1),
        ("customer=SALLOW%00by", 1),
        *((f"customer={words}", 0) for words in ("%25", "_", "%5C", "%ED%A0%80", "x" * 50_000)),
    ],
)
def test_odd_askings_find_what_they_ask_for_or_everything(asked: str, found: int) -> None:
    with act_for_owner("harbor"):
        _customer("c-1", "Sallowby Foods")
    _won("d", customer="c-1")

    assert len(_page(f"?{asked}").deals) == found


@pytest.mark.parametrize(
    ("amount", "shown"), [("-0.4", "0"), ("0.5", "1"), ("2.5", "3"), ("-7.5", "-8"), ("9999999999999999.9", "1e16")]
)
def test_an_amount_is_rounded_as_people_do_and_zero_has_no_sign(amount: str, shown: str) -> None:
    _won("d", amount=amount, currency="USD")
    (deal,) = _page().deals

    assert str(deal.amount) == f"{Decimal(shown):f}"


def test_the_year_of_deals_has_edges_and_what_was_taken_back_is_not_there() -> None:
    today = date(2026, 3, 31)
    for name, day in {"first": today - timedelta(365), "before": today - timedelta(366), "after": today}.items():
        _won(name, day)
    _won("ahead", today + timedelta(1))
    _won("cancelled", cancelled_on=WON)
    _won("reversed", reversed_position=2)
    _won("cancelled ahead", cancelled_on=today + timedelta(1))

    assert _names(_page()) == ["after", "cancelled ahead", "first"]


def test_a_customer_with_an_empty_name_is_called_by_its_key() -> None:
    with act_for_owner("harbor"):
        _customer("c-1", "")
        _deal("d", "registered", date(2026, 1, 1), customer="c-1")
        _fact("associations", organization="tarn", customer="c-1", starts_on=date(2025, 1, 1))
    _won("d", customer="")
    page = _page()

    assert ([deal.name for deal in page.deals], [row.name for row in page.customers]) == (["c-1"], ["c-1"])


@pytest.mark.parametrize(
    ("renewed_on", "runs_out"),
    [
        (date(2026, 4, 1), None),
        (date(2026, 4, 2), None),
        (date(2026, 4, 8), None),
        (date(2026, 4, 9), date(2026, 3, 31)),
    ],
)
def test_a_subscription_is_renewed_within_a_week_and_one_until_9999_runs_out_never(
    renewed_on: date, runs_out: date | None
) -> None:
    whose: dict[str, Any] = {"organization": "tarn", "customer": "c-1", "product": "chart"}
    with act_for_owner("harbor"):
        _fact("subscriptions", **whose, starts_on=date(2025, 4, 2), ends_on=date(2026, 4, 1))
        _fact("subscriptions", **whose, starts_on=renewed_on, ends_on=date(2027, 4, 1))
        _fact("subscriptions", **{**whose, "product": "notes"}, starts_on=WON, ends_on=date(9999, 12, 31))

    assert [row.last_day for row in _page().customers] == [runs_out]


def test_a_deal_whose_end_was_reversed_is_open_again_since_it_was_registered() -> None:
    with act_for_owner("harbor"):
        _deal("d", "registered", date(2026, 1, 1))
    _won("d", reversed_position=2)
    (deal,) = _page().deals

    assert (deal.state, deal.since, deal.silent_days) == ("open", date(2026, 1, 1), 89)


def _shared(**of_tarn: Any) -> None:
    """A deal that is sedge's first of all, with a part of tarn's."""
    with act_for_owner("harbor"):
        _deal("d", "won", WON, partner="sedge", amount=999, currency="EUR", customer="c-of-sedge")
        _fact("deal_lines", partner="sedge", deal="d", product="keep_base", happened_on=WON)
        _fact("associations", partner="sedge", organization="sedge", customer="c-of-sedge", starts_on=WON)
    _party("secret", partner="sedge")
    if of_tarn:
        _party(**of_tarn)


def _read(person: str, table: str) -> int:
    with acting(person), connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM fact_{table} WHERE deal = 'd'")
        return int(cursor.fetchone()[0])


def test_a_deal_of_two_partners_is_read_by_both_and_each_reads_its_own_part_alone() -> None:
    _shared(role="sold")
    (deal,) = _page().deals

    assert (deal.state, deal.amount, deal.currency, deal.roles, deal.products) == (
        "won", 999, "EUR", "Sold", "Keep base",
    )  # fmt: skip
    assert "secret" not in signed_in("partner-member").get(PAGE).content.decode().lower()
    assert [_read("partner-member", each) for each in ("deals", "deal_lines", "deal_parties")] == [1, 1, 1]


def test_a_deal_is_read_by_nobody_who_has_no_part_in_it() -> None:
    _shared()

    assert _page().deals == ()
    assert [_read("partner-member", each) for each in ("deals", "deal_lines", "deal_parties")] == [0, 0, 0]
    _party("sold")
    assert [_read(person, "deals") for person in ("other-vendor", "stranger")] == [0, 0]


def test_whose_part_has_ended_reads_what_happened_until_then_and_whose_part_is_reversed_nothing() -> None:
    _shared(role="sold", ends_on=date(2026, 3, 1))
    with act_for_owner("harbor"):
        _deal("d", "registered", date(2026, 2, 1), partner="sedge")
    (deal,) = _page().deals
    assert (deal.state, deal.amount) == ("open", None)

    with act_for_owner("harbor"), connection.cursor() as cursor:
        cursor.execute("UPDATE fact_deal_parties SET reversed_position = position WHERE partner_org = 'tarn'")
    assert (_page().deals, _read("partner-member", "deals")) == ((), 0)


@pytest.mark.parametrize(("person", "reads_prices"), [("partner-member", False), ("success", True)])
def test_of_a_line_that_counts_for_it_a_party_reads_no_price_that_was_agreed_with_another(
    person: str, *, reads_prices: bool
) -> None:
    _shared(role="sold")
    with act_for_owner("harbor"):
        _fact(
            "deal_lines",
            partner="sedge",
            deal="d",
            product="chart",
            happened_on=WON,
            fact_id="priced",
            amount=7,
            margin=3,
        )
        ScorecardLine.objects.create(
            owner_id="harbor", partner_id="tarn", enrolment_id=ENROLMENT, rule="total", kind="entry", key="x", counts=True,
            day=WON, amount=1, record_kind="deal_lines", record="priced",
        )  # fmt: skip
    with acting(person):
        found = record_of(the_enrolment(), kind="deal_lines", key="priced")
    assert found is not None
    said = dict(found.details)

    assert (said["Amount"], said.get("Margin")) == ("7", "3" if reads_prices else None)


def test_a_part_in_a_deal_of_the_same_name_at_another_vendor_reads_nothing_here() -> None:
    _shared()
    with act_for_owner("fjord"), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO fact_deal_parties (fact_id, owner_org, partner_org, position, organization, deal, starts_on)"
            " VALUES ('there', 'fjord', 'tarn', 1, 'tarn', 'd', '2026-01-01')"
        )

    assert _read("partner-member", "deals") == 0


def test_a_part_that_ended_is_not_ones_part_unless_the_deal_ended_before() -> None:
    with act_for_owner("harbor"):
        _deal("d", "registered", date(2026, 1, 1))
    _party("sold", ends_on=date(2026, 3, 25))
    _party("sourced", ends_on=date(2026, 4, 1))
    under_way = _page().deals[0].roles
    _won("d")

    assert (under_way, _page().deals[0].roles) == ("Sourced", "Sold, Sourced")


def test_the_name_of_another_partners_customer_is_neither_read_nor_found() -> None:
    with act_for_owner("harbor"), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO ref_customers (owner_org, partner_org, customer, name)"
            " VALUES ('harbor', 'sedge', 'c-9', 'Secret Example')"
        )
        _fact("associations", organization="tarn", customer="c-9", starts_on=date(2025, 1, 1))
    _won("d", customer="c-9")
    page, searched = _page(), _page("?customer=secret")

    assert ([deal.name for deal in page.deals], [row.name for row in page.customers]) == (["c-9"], ["c-9"])
    assert (searched.found, searched.customers) == (0, ())


def test_markup_in_names_stays_words() -> None:
    with act_for_owner("harbor"):
        _customer("c-1", "\u202e<i>name")
        _fact("deal_lines", deal="<i>deal", product="<i>product", happened_on=WON)
    _won("<i>deal", customer="c-1", currency="<i>money", amount=1)

    assert "<i>" not in signed_in("partner-member").get(PAGE).content.decode()


def test_points_that_were_taken_back_whole_come_to_zero() -> None:
    _won("d", fact_id="won-d")
    with act_for_owner("harbor"):
        lines = [{"fact": fact, "points": points} for fact, points in (("won-d", "5"), ("won-d", "-5"), (None, "9"))]
        PointsHistory.objects.filter(pk=ENROLMENT).update(lines=lines)

    assert [deal.points for deal in _page().deals] == [Decimal(0)]


def test_a_subscription_of_which_the_renewal_was_reversed_still_runs_out() -> None:
    whose: dict[str, Any] = {"organization": "tarn", "customer": "c-1", "product": "chart"}
    with act_for_owner("harbor"):
        _fact("subscriptions", **whose, starts_on=date(2025, 4, 2), ends_on=date(2026, 4, 1))
        _fact("subscriptions", **whose, starts_on=date(2026, 4, 1), ends_on=date(2027, 4, 1), reversed_position=2)

    assert [(row.last_day, row.days) for row in _page().customers] == [(date(2026, 3, 31), 0)]


def test_much_news_of_one_deal_takes_no_more_statements() -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as caught:
            client.get(PAGE)
        return len(caught)

    _won("d", date(2026, 1, 1))
    client = signed_in("partner-member")
    client.get(PAGE)
    few = asked()
    with act_for_owner("harbor"):
        for number in range(80):
            _deal("d", "proposed", date(2026, 1, 2) + timedelta(number), customer=f"c-{number}")
            _fact("associations", organization="tarn", customer=f"c-{number}", starts_on=date(2025, 1, 1))

    assert asked() == few
    assert (len(_page().customers), _page().more_customers) == (15, 65)


# --- what is left ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("day", ["0001-01-01", "2025-02-28", "2025-03-29", "2026-04-01", "9999-12-31"])
def test_nothing_is_left_to_say_of_a_day_that_no_report_may_be_of(day: str) -> None:
    _publish(training="cap: {at_most: 4, per: quarter}, ")

    assert _left(f"kind=training_completed&happened_on={day}") is None


@pytest.mark.parametrize("day", ["2026-02-30", "", "x" * 5000, "%00", "-1", "2026-03-31T00:00"])
def test_what_is_no_day_asks_for_today(day: str) -> None:
    _publish(training="cap: {at_most: 4, per: quarter}, ")

    assert _left(f"kind=training_completed&happened_on={day}") == _left("kind=training_completed")


@pytest.mark.parametrize(
    ("people", "status"),
    [
        (("manager", "partner-member", "partner-finance"), 403),
        (("other-vendor", "other-partner", "both-programs", "stranger"), 404),
    ],
)
def test_what_is_left_is_told_to_nobody_who_may_not_report(people: tuple[str, ...], status: int) -> None:
    assert {signed_in(person).get(f"{FORM}?kind=training_completed").status_code for person in people} == {status}


def test_the_home_of_the_second_partner_counts_a_deal_that_two_won_once() -> None:
    _shared(role="sold")
    with act_for_owner("harbor"):
        _deal("d", "won", WON, partner="sedge", amount=999, currency="EUR", fact_id="said-again")
    told = signed_in("partner-member").get(f"/partner/{ENROLMENT}/").context["page"].happened

    assert "1 deal won, EUR 999;" in told
