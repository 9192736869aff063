"""The week with the database: what the rules read, in which order rows stand, and what is done about them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from swingby.web.console.daily_parts import WeekPage
from swingby.web.domain.portfolio.rows import pulses_of
from swingby.web.domain.week.acting import AWAY_DAYS, trusts
from swingby.web.domain.week.reading import read_book
from swingby.web.models import (
    ActivityReport,
    Enrolment,
    Note,
    Organization,
    PortfolioRow,
    ReviewLine,
    RhythmPeriod,
    WeekAct,
)
from swingby.web.tenancy import act_for_owner
from tests.web.acting import acting, signed_in
from tests.web.many import add_partners

pytestmark = pytest.mark.django_db
PAGE = "/console/harbor/week/"
RISK = {
    "loses_on": date(2026, 8, 1),
    "at_risk": 1,
    "outlook": [{"label": "Plan reviews", "words": "one more", "now": False}],
}


def _page(asked: str = "?whose=all", *, person: str = "success") -> WeekPage:
    page = signed_in(person).get(f"{PAGE}{asked}").context["page"]
    assert isinstance(page, WeekPage)
    return page


def _many(page: WeekPage) -> list[str]:
    return [line.key for line in page.lines if line.key.startswith("many")]


def _insert(table: str, **row: Any) -> None:
    with act_for_owner("harbor"), connection.cursor() as cursor:
        names, places = ", ".join(row), ", ".join(["%s"] * len(row))
        cursor.execute(
            f"INSERT INTO {table} (owner_org, position, {names}) VALUES ('harbor', 1, {places})", list(row.values())
        )


def test_rows_stand_in_the_order_of_what_is_lost_by_waiting() -> None:
    add_partners(4, of=lambda number: {**RISK, "worth": Decimal(1000 * (number + 1)), "worth_unit": "USD"})
    with act_for_owner("harbor"):
        PortfolioRow.objects.filter(enrolment="many-0").update(loses_on=date(2026, 4, 5))

    page = _page()
    assert _many(page) == ["many-0", "many-3", "many-2", "many-1"]
    first = next(line for line in page.lines if line.key == "many-0")
    assert first.fact == "Member is lost at the review if nothing happens: Plan reviews: one more"
    assert (first.day, first.worth, first.worth_unit) == (date(2026, 4, 5), Decimal(1000), "USD")


def test_there_are_fifteen_rows_at_most_and_the_rest_is_counted() -> None:
    add_partners(40, of=lambda _: RISK)
    page = _page()

    assert len(page.lines) == 15
    assert page.more == page.partners - 15


def test_a_success_manager_sees_her_own_book_first() -> None:
    add_partners(3, of=lambda _: RISK)
    with act_for_owner("harbor"):
        Enrolment.objects.filter(pk="many-1").update(success_manager="success")

    assert [line.key for line in _page("").lines] == ["many-1"]
    assert _many(_page("", person="manager")) == ["many-0", "many-1", "many-2"]
    assert [line.key for line in _page("?whose=success", person="manager").lines] == ["many-1"]


def test_an_open_review_is_said_with_what_of_it_is_about_the_own_book() -> None:
    """The week and the page at a glance passed over a review that waits."""
    with act_for_owner("harbor"):
        line = ReviewLine.objects.filter(review="harbor-program-review", state="waits").earliest("pk")
        ReviewLine.objects.filter(pk=line.pk).update(state="notice", mend_until=date(2026, 4, 30))
        Enrolment.objects.filter(pk=line.enrolment_id).update(success_manager="success")
        mine = ReviewLine.objects.filter(enrolment=line.enrolment_id, state__in=("waits", "notice")).count()
    (review,) = _page("").open_reviews
    text = signed_in("success").get(PAGE).content.decode()

    assert (review.mine, review.mend_by) == (mine, date(2026, 4, 30))
    assert "A program manager decides; you may recommend." in text
    assert "The first notice ends on 30 April 2026." in text
    assert "/console/harbor/reviews/harbor-program-review/" in text


def test_a_row_that_was_done_stays_away_until_its_day() -> None:
    add_partners(1, of=lambda _: RISK)
    line = next(each for each in _page().lines if each.key == "many-0")
    signed_in("success").post(f"{PAGE}many-0/", {"rule": line.rule, "about": line.about, "deed": "done"})

    assert _many(_page()) == []
    with act_for_owner("harbor"):
        act = WeekAct.objects.get(enrolment="many-0")
        assert (act.until - date(2026, 3, 31)).days == AWAY_DAYS["done"]
        PortfolioRow.objects.filter(enrolment="many-0").update(loses_on=date(2026, 9, 1))
    assert _many(_page()) == ["many-0"], "of another review the rule speaks anew"


def test_nothing_is_put_off_without_a_reason() -> None:
    add_partners(1, of=lambda _: RISK)
    sent = {"rule": "drops", "about": "2026-08-01", "deed": "not_now"}
    answer = signed_in("success").post(f"{PAGE}many-0/", sent, follow=True)

    assert [str(message) for message in answer.context["messages"]] == [
        "Say why not now: the reason keeps the list honest."
    ]
    assert _many(_page()) == ["many-0"]
    signed_in("success").post(f"{PAGE}many-0/", {**sent, "reason": "later", "words": "After Easter."})
    assert _many(_page()) == []


def test_a_row_is_put_off_to_next_week_unless_a_day_is_chosen() -> None:
    add_partners(2, of=lambda _: RISK)
    sent = {"rule": "drops", "about": "2026-08-01", "deed": "not_now", "reason": "later"}
    signed_in("success").post(f"{PAGE}many-0/", sent)
    signed_in("success").post(f"{PAGE}many-1/", {**sent, "until": "2026-05-04"})

    with act_for_owner("harbor"):
        until = dict(WeekAct.objects.filter(enrolment__in=("many-0", "many-1")).values_list("enrolment_id", "until"))
    assert until == {"many-0": date(2026, 4, 7), "many-1": date(2026, 5, 4)}
    assert _page().next_week == date(2026, 4, 7)


def test_done_keeps_a_line_of_what_came_of_it_which_only_we_read_on_the_partners_page() -> None:
    sent = {"rule": "quiet", "about": "x", "deed": "done", "note": "They plan a campaign in May.", "words": "not this"}
    signed_in("success").post(f"{PAGE}harbor-program-tarn/", sent)
    page = signed_in("manager").get("/console/harbor/partners/harbor-program-tarn/?show=touch").context["page"]

    assert ("Done: nothing heard for long", "They plan a campaign in May.", "only_us") in {
        (line.what, line.detail, line.audience) for line in page.timeline
    }


def test_writing_shares_the_words_with_the_partner() -> None:
    sent = {"rule": "drops", "about": "x", "deed": "wrote", "text": "Shall we talk on Monday?"}
    signed_in("success").post(f"{PAGE}harbor-program-tarn/", sent)

    with acting("partner-admin"):
        assert Note.objects.filter(text="Shall we talk on Monday?", audience="shared").count() == 1


@pytest.mark.parametrize("deed", ["wrote", "done", "not_now"])
def test_a_row_that_is_sent_twice_is_dealt_with_once(deed: str) -> None:
    sent = {"rule": "drops", "about": "x", "deed": deed, "text": "Shall we talk?", "note": "So.", "reason": "later"}
    for person in ("success", "success", "manager"):
        answer = signed_in(person).post(f"{PAGE}harbor-program-tarn/", sent, follow=True)

    assert [str(message) for message in answer.context["messages"]] == [
        "This row was dealt with already. The list is up to date now."
    ]
    with act_for_owner("harbor"):
        assert WeekAct.objects.filter(enrolment="harbor-program-tarn", about="x").count() == 1
    with acting("partner-admin"):
        assert Note.objects.filter(text="Shall we talk?").count() == (deed == "wrote")


def test_words_about_a_row_that_is_none_reach_nobody() -> None:
    sent = {"rule": "nothing", "about": "x", "deed": "wrote", "text": "Shall we talk?"}
    signed_in("success").post(f"{PAGE}harbor-program-tarn/", sent)

    with acting("partner-admin"):
        assert Note.objects.filter(text="Shall we talk?").count() == 0


@pytest.mark.parametrize("whose", ["x" * 20_000, "\N{LATIN CAPITAL LETTER A WITH DIAERESIS}" * 6_000])
@pytest.mark.parametrize("page", ["week", "rhythms"])
def test_a_very_long_word_for_the_book_leads_back_to_the_usual_one(page: str, whose: str) -> None:
    sent = {"rule": "drops", "about": "y", "deed": "done", "rhythm": "nothing", "text": "A word.", "whose": whose}
    answer = signed_in("success").post(f"/console/harbor/{page}/harbor-program-tarn/", sent)

    assert (answer.status_code, answer.headers["Location"]) == (302, f"/console/harbor/{page}/")


@pytest.mark.parametrize(
    "sent",
    [
        {"rule": "nothing", "deed": "done"},
        {"rule": "drops", "deed": "nothing"},
        {"rule": "drops", "deed": "wrote", "text": ""},
        {"rule": "drops", "deed": "not_now", "reason": "nothing"},
        {"rule": "drops", "deed": "done", "note": "w" * 501},
        {"rule": "drops", "deed": "not_now", "reason": "later", "until": "2026-03-31"},
        {"rule": "drops", "deed": "not_now", "reason": "later", "until": "2027-03-31"},
        {"rule": "drops", "deed": "not_now", "reason": "later", "until": "soon"},
        {"rule": "drops", "deed": "done", "whose": "\0"},
    ],
)
def test_what_makes_no_sense_is_refused_in_words_and_keeps_nothing(sent: dict[str, str]) -> None:
    answer = signed_in("success").post(f"{PAGE}harbor-program-tarn/", sent, follow=True)

    assert len(list(answer.context["messages"])) == 1
    if sent.get("whose") is None:
        with act_for_owner("harbor"):
            assert WeekAct.objects.filter(enrolment="harbor-program-tarn").exclude(rule="an example").count() == 0


def test_reasons_train_the_order() -> None:
    add_partners(2, of=lambda number: RISK if number == 0 else {"outlook": []})
    _insert(
        "fact_credentials", fact_id="c", partner_org="many-1", person="p", starts_on="2025-01-01", ends_on="2026-05-01"
    )
    with act_for_owner("harbor"):
        PortfolioRow.objects.filter(enrolment__in=["many-0", "many-1"]).update(worth=1000, loses_on=date(2026, 5, 2))
    assert _many(_page()) == ["many-0", "many-1"]
    with act_for_owner("harbor"):
        for _ in range(20):
            WeekAct.objects.create(
                owner_id="harbor",
                partner_id="many-0",
                enrolment_id="many-0",
                rule="drops",
                about="another",
                deed="not_now",
                reason="not_true",
                person_id="success",
                at=datetime(2026, 3, 1, 9, tzinfo=UTC),
                until=date(2026, 3, 2),
            )
        assert trusts(list(WeekAct.objects.filter(rule="drops")))["drops"] < 1

    assert _many(_page()) == ["many-1", "many-0"]


def _report_and_promises() -> None:
    with act_for_owner("harbor"):
        ActivityReport.objects.create(
            owner_id="harbor",
            partner_id="many-0",
            enrolment_id="many-0",
            kind="plan_reviewed",
            happened_on=date(2026, 3, 1),
            submitted_by_id="partner-admin",
            submitted_at=datetime(2026, 3, 2, tzinfo=UTC),
            answer_due=datetime(2026, 3, 30, 9, tzinfo=UTC),
        )
        for side, last_day, state in (
            ("partner", date(2025, 12, 31), "missed"),
            ("partner", date(2026, 4, 30), "open"),
            ("vendor", date(2025, 12, 31), "missed"),
        ):
            RhythmPeriod.objects.create(
                owner_id="harbor",
                partner_id="many-0",
                enrolment_id="many-0",
                rhythm=f"{side}-plans",
                label="Plans",
                side=side,
                starts_on=last_day.replace(day=1),
                last_day=last_day,
                asked=1,
                done=0,
                state=state,
            )


def test_the_rules_read_what_is_known_of_a_partner() -> None:
    add_partners(1, of=lambda _: {"worth": Decimal(500)})
    whose = {"partner_org": "many-0"}
    for number, (starts, ends) in enumerate(
        (("2025-01-01", "2026-05-01"), ("2025-01-01", None), ("2024-01-01", "2026-03-01"))
    ):
        _insert("fact_credentials", fact_id=f"c{number}", **whose, person=f"p{number}", starts_on=starts, ends_on=ends)
    _insert("fact_credentials", fact_id="again", **whose, person="p0", starts_on="2026-01-01", ends_on="2026-06-01")
    for day in ("2025-11-01", "2025-10-01", "2024-10-01"):
        _insert("fact_activities", fact_id=f"a{day}", **whose, organization="many-0", kind="campaign", happened_on=day)
    _insert(
        "fact_subscriptions",
        fact_id="s",
        **whose,
        organization="many-0",
        starts_on="2025-05-01",
        ends_on="2026-04-30",
        customer="sallowby",
        amount=1200,
        currency="USD",
    )
    _report_and_promises()
    with act_for_owner("harbor"):
        book = read_book("harbor", manager=None)
    known = next(each for each in book.known if each.enrolment == "many-0")

    assert (known.lapsing_people, known.lapses_on, known.certified_people) == (1, date(2026, 6, 1), 2)
    with act_for_owner("harbor"):
        assert pulses_of(["many-0", "many-1"], owner="harbor", until=known.today) == {"many-0": (date(2025, 11, 1), 2)}
        assert pulses_of(["many-0"], owner="harbor", until=date(2025, 10, 31)) == {"many-0": (date(2025, 10, 1), 2)}
    assert (known.waiting_reports, known.answer_due) == (1, date(2026, 3, 30))
    assert (known.renewals, known.renewal_on, known.renewal_amount) == (1, date(2026, 4, 30), Decimal(1200))
    assert (known.missed, known.open_promises, known.ours_missed) == (("Plans",), ("Plans",), ("Plans",))
    assert (book.ours_late, book.theirs_late) == (8, 4), (
        "one report, and the promises and registered deals of the small world's three partners"
    )


def test_beneath_the_rows_stands_what_changed_and_what_comes() -> None:
    add_partners(2, of=lambda number: {"next_review": date(2026, 4, 1), "next_tier": "Gold", "gaps": number})
    _insert(
        "fact_deals",
        fact_id="d",
        partner_org="many-0",
        happened_on="2026-03-30",
        deal="d",
        stage="won",
        amount=18200,
        currency="USD",
    )
    _insert(
        "fact_subscriptions",
        fact_id="s",
        partner_org="many-0",
        organization="many-0",
        starts_on="2025-05-01",
        ends_on="2026-04-30",
        customer="sallowby",
        product="Chart",
        amount=1200,
        currency="USD",
    )
    page = _page()

    assert [(each.partner, each.what, each.detail) for each in page.changes] == [
        ("Many Example 00000", "Deal won", "USD 18,200")
    ]
    assert [(each.partner, each.what) for each in page.reviews] == [
        ("Many Example 00000", "Everything is met for Gold")
    ]
    assert page.reviews_total == 2
    assert [(each.day, each.what) for each in page.renewals] == [(date(2026, 4, 30), "sallowby")]


def _shared_deal() -> None:
    """Won by a partner of Asia, with another one in it that has another region; and one of the day before Monday."""
    for deal, day in (("shared", "2026-03-30"), ("before", "2026-03-29")):
        for fact, amount in (("one", 18_200), ("two", 1_800)):
            _insert(
                "fact_deals",
                fact_id=f"{deal}-{fact}",
                partner_org="many-1",
                happened_on=day,
                deal=deal,
                stage="won",
                amount=amount,
                currency="USD",
            )
        for partner in ("many-0", "many-1"):
            _insert(
                "fact_deal_parties",
                fact_id=f"{deal}-{partner}",
                starts_on="2026-01-01",
                deal=deal,
                organization=partner,
                role="seller",
                partner_org=partner,
            )


def _change_parts(words: str) -> None:
    with act_for_owner("harbor"), connection.cursor() as cursor:
        cursor.execute(f"UPDATE fact_deal_parties SET {words} WHERE partner_org = 'many-0'")


def test_a_shared_deal_stands_with_each_of_its_partners_since_monday() -> None:
    add_partners(3)
    _shared_deal()
    both = [(name, "Deal won", "USD 20,000") for name in ("Many Example 00000", "Many Example 00001")]
    assert [(each.partner, each.what, each.detail) for each in _page().changes] == both
    _change_parts("ends_on = '2026-03-30'")
    assert [each.partner for each in _page().changes] == ["Many Example 00001"]
    _change_parts("ends_on = '2026-03-31'")
    assert len(_page().changes) == 2
    _change_parts("reversed_position = position")
    assert [each.partner for each in _page().changes] == ["Many Example 00001"]


def test_a_lead_reads_deals_of_others_in_which_a_partner_of_the_region_has_a_part() -> None:
    add_partners(3)
    with act_for_owner("harbor"):
        Organization.objects.filter(pk="many-0").update(region="emea")
        Organization.objects.filter(pk__in=["many-1", "many-2"]).update(region="apac")
    _shared_deal()
    assert [(each.partner, each.detail) for each in _page(person="lead").changes] == [
        ("Many Example 00000", "USD 20,000")
    ]
    with acting("lead"), connection.cursor() as cursor:
        cursor.execute("UPDATE fact_deals SET amount = 1 WHERE deal = 'before'")
        assert cursor.rowcount == 0
    _change_parts("partner_org = 'many-2'")
    assert _page(person="lead").changes == ()


def test_a_week_asks_as_often_for_three_hundred_partners_as_for_ten() -> None:
    client = signed_in("manager")
    add_partners(10, of=lambda _: RISK)
    client.get(PAGE)
    with CaptureQueriesContext(connection) as few:
        client.get(PAGE)
    add_partners(300, first=10, of=lambda _: RISK)
    with CaptureQueriesContext(connection) as many:
        page = client.get(PAGE)

    assert len(many) == len(few)
    assert len(page.content) < 150_000


def test_who_was_busy_and_is_quiet_is_read_from_the_row_of_the_portfolio() -> None:
    quiet = {"last_activity": date(2025, 12, 1), "busy_before": 4}
    rows = [quiet, {**quiet, "busy_before": 3}, {**quiet, "last_activity": date(2026, 3, 1)}, {}]
    add_partners(4, of=lambda number: rows[number])
    assert _many(_page()) == ["many-0"]


def test_the_statements_of_the_week_are_the_same_for_many_partners() -> None:
    add_partners(2, of=lambda _: RISK)
    client = signed_in("success")
    client.get(f"{PAGE}?whose=all")
    counts = []
    for first in (2, 400):
        with CaptureQueriesContext(connection) as caught:
            client.get(f"{PAGE}?whose=all")
        counts.append((len(caught), max(len(each["sql"]) for each in caught.captured_queries)))
        add_partners(300, first=first, of=lambda _: RISK)
    assert counts[0][0] == counts[1][0]
    assert counts[1][1] < 12_000  # No statement names every partner.
