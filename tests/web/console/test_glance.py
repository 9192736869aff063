"""The program at a glance: tiers then and now, who is near a line, what waits, and what evidence says."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from swingby.web.clock import now, today
from swingby.web.console.glance_pages import compared_days
from swingby.web.console.glance_parts import GlancePage
from swingby.web.domain.organizations import enrol_partner
from swingby.web.domain.queries.glance import Moves, held_tiers
from swingby.web.domain.queries.rhythms import promises
from swingby.web.models import (
    ActivityReport,
    DealRegistration,
    Enrolment,
    Organization,
    PortfolioRow,
    Program,
    ProgramVersion,
    RegistrationState,
    ReviewLine,
    Standing,
)
from swingby.web.tenancy import act_for_owner
from tests.web.acting import ENROLMENT, acting, signed_in
from tests.web.many import add_partners

pytestmark = pytest.mark.django_db
PAGE = "/console/harbor/glance/"
DAYS = (date(2025, 3, 31), date(2025, 12, 31), date(2026, 3, 31))
TIERS = {"s": ("select", "Select", 0), "g": ("gold", "Gold", 1)}


def _page(person: str = "executive") -> GlancePage:
    page = signed_in(person).get(PAGE).context["page"]
    assert isinstance(page, GlancePage)
    return page


def _stand(enrolment: str, tiers: str, days: tuple[date, ...] = DAYS) -> None:
    """``s`` select, ``g`` gold, a dot for no standing, for one day after the other."""
    with act_for_owner("harbor"):
        version = ProgramVersion.objects.filter(program_id="harbor-program").first()
        assert version is not None
        for letter, day in zip(tiers, days, strict=True):
            if letter in TIERS:
                key, label, rank = TIERS[letter]
                said: dict[str, Any] = {"tier": {"label": label, "rank": rank}}
                partner = Enrolment.objects.get(pk=enrolment).partner_id
                Standing.objects.create(
                    owner_id="harbor", partner_id=partner, enrolment_id=enrolment, as_of=day, position=1,
                    program_version=version, program_hash="x", engine_version="1", tier=key, result=said,
                )  # fmt: skip


def test_tiers_are_told_of_each_day_and_unknown_is_no_zero() -> None:
    with acting("executive"):
        before, unmoved = held_tiers("harbor", days=DAYS)
    for enrolment, tiers in zip(add_partners(4), (".sg", ".gs", "..s", "..."), strict=True):
        _stand(enrolment, tiers)
    with acting("executive"):
        after, moved = held_tiers("harbor", days=DAYS)
    assert after[0].unknown - before[0].unknown == 4
    assert after[1].unknown - before[1].unknown == 2
    assert after[2].unknown - before[2].unknown == 1
    assert after[2].tiers[1, "Gold"] - before[2].tiers[1, "Gold"] == 1
    assert after[2].tiers[0, "Select"] - before[2].tiers[0, "Select"] == 2
    assert (moved.up - unmoved.up, moved.down - unmoved.down, moved.unknown - unmoved.unknown) == (1, 1, 2)


def test_who_joins_and_leaves_moves_no_tier() -> None:
    with acting("executive"):
        _, before = held_tiers("harbor", days=DAYS)
    new, gone = add_partners(2)
    for enrolment in (new, gone):
        _stand(enrolment, "..g")
    with act_for_owner("harbor"):
        Enrolment.objects.filter(pk=new).update(joined_on=date(2026, 2, 1))
        Enrolment.objects.filter(pk=gone).update(ended_on=date(2026, 2, 1))
    with acting("executive"):
        _, after = held_tiers("harbor", days=DAYS)
    assert after == Moves(before.up, before.down, before.joined + 1, before.left + 1, before.unknown)


def test_the_days_compared_are_a_year_ago_and_the_end_of_the_last_quarter() -> None:
    civil = date(2026, 1, 1)
    assert compared_days(date(2026, 5, 15), year=civil) == (date(2025, 5, 15), date(2026, 3, 31), date(2026, 5, 15))
    assert compared_days(civil, year=civil)[1] == date(2025, 12, 31)
    assert compared_days(date(2024, 2, 29), year=date(2024, 1, 1))[0] == date(2023, 2, 28)


@pytest.mark.parametrize(
    ("day", "a_year_ago", "a_quarter_ago"),
    [
        # In the year from 1 February.
        (date(2026, 2, 1), date(2025, 2, 1), date(2026, 1, 31)),
        (date(2026, 4, 30), date(2025, 4, 30), date(2026, 1, 31)),
        (date(2026, 5, 1), date(2025, 5, 1), date(2026, 4, 30)),
        (date(2027, 1, 31), date(2026, 1, 31), date(2026, 10, 31)),
        # Around a leap day.
        (date(2028, 12, 31), date(2027, 12, 31), date(2028, 10, 31)),
        (date(2028, 3, 1), date(2027, 3, 1), date(2028, 1, 31)),
        (date(2028, 2, 29), date(2027, 2, 28), date(2028, 1, 31)),
        (date(2029, 2, 28), date(2028, 2, 28), date(2029, 1, 31)),
    ],
)
def test_the_days_follow_the_programs_own_year_also_around_a_leap_day(
    day: date, a_year_ago: date, a_quarter_ago: date
) -> None:
    year = date(day.year if day.month > 1 else day.year - 1, 2, 1)
    assert compared_days(day, year=year) == (a_year_ago, a_quarter_ago, day)


def test_who_is_near_a_line_is_counted_and_who_was_not_looked_at_is_said() -> None:
    before = _page()
    known: dict[str, Any] = {"as_of": today(), "outlook_on": today()}
    rows: list[dict[str, Any]] = [known | {"at_risk": 2, "loses_on": today() + timedelta(9)}, known | {"gaps": 1}, {}]
    add_partners(3, of=lambda number: rows[number])
    page = _page()
    assert page.at_risk.count - before.at_risk.count == page.close.count - before.close.count == 1
    assert page.at_risk.unknown - before.at_risk.unknown == page.close.unknown - before.close.unknown == 1


def test_work_that_waits_is_the_same_for_whoever_may_open_it_and_linked_only_there() -> None:
    executive, manager = _page("executive"), _page("manager")
    assert [(line.count, line.oldest_days) for line in executive.waiting] == [
        (line.count, line.oldest_days) for line in manager.waiting
    ]
    assert executive.waiting[0].count > 0
    assert [bool(line.url) for line in executive.waiting] == [False, False, True, True, False, False]
    assert all(line.url for line in manager.waiting)


def test_a_partner_in_two_programs_is_one_partner_in_two_places() -> None:
    before = _page()
    with act_for_owner("harbor"):
        second = Program.objects.create(id="zz-second", owner_id="harbor", name="Second")
        tarn = Organization.objects.get(pk="tarn")
        enrol_partner(second, partner=tarn, joined_on=date(2026, 2, 1), key="zz-tarn")
        PortfolioRow.objects.filter(partner="tarn").update(at_risk=1, outlook_on=today())
    page = _page()

    assert (page.total, page.tiers.totals) == (before.total, before.tiers.totals)
    assert (before.tiers.twice, page.tiers.twice, page.tiers.places) == (0, 1, before.total + 1)
    assert page.at_risk.count == len({row.name for row in page.at_risk.rows})
    words = " ".join(signed_in("executive").get(PAGE).content.decode().split())
    assert f"today there are {before.total + 1} places in programs, one more than partners" in words


def test_what_waits_about_partners_who_left_is_not_counted() -> None:
    before = _page()
    with act_for_owner("harbor"):
        Enrolment.objects.filter(owner="harbor").update(ended_on=today())
    after = _page()

    assert sum(line.count for line in before.waiting[:5]) > 0
    assert [line.count for line in after.waiting] == [0, 0, 0, 0, 0, before.waiting[5].count]
    with act_for_owner("harbor"):
        Enrolment.objects.filter(owner="harbor").update(ended_on=today() + timedelta(days=1))
    assert [line.count for line in _page().waiting] == [line.count for line in before.waiting]


def test_registered_deals_that_wait_are_among_the_work() -> None:
    lines = {line.label: line for line in _page("manager").waiting}
    with act_for_owner("harbor"):
        waiting = DealRegistration.objects.filter(owner="harbor", state=RegistrationState.WAITING).count()

    assert (lines["Registered deals to answer"].count, lines["Registered deals to answer"].url) == (
        waiting,
        "/console/harbor/registrations/",
    )


def test_what_came_is_compared_with_the_days_before() -> None:
    before = next(line for line in _page().waiting if line.label == "Activity reports to answer")
    with act_for_owner("harbor"):
        known = ActivityReport.objects.filter(owner="harbor", enrolment=ENROLMENT).earliest("pk")
        for nth, (days, state) in enumerate(((1, "accepted"), (29, "submitted"), (31, "declined"), (61, "submitted"))):
            known.pk, known.state = f"came-{nth}", state
            known.submitted_at = now() - timedelta(days=days)
            known.save(force_insert=True)
    after = next(line for line in _page().waiting if line.label == "Activity reports to answer")

    assert (after.came - before.came, after.before - before.before, after.count - before.count) == (2, 1, 2)


def test_promises_of_the_newest_periods_stand_beside_those_before() -> None:
    page = _page()
    with acting("executive"):
        said = [each for each in promises("harbor", manager=None) if each.side == "vendor"]
    periods = [(each.over[-1], each.over[-2] if len(each.over) > 1 else None) for each in said if each.over]
    newest = [one for one, _ in periods]
    kept, asked = sum(one.kept for one in newest), sum(one.kept + one.missed for one in newest)

    assert page.kept[0].is_ours
    assert page.kept[0].newest == (100 * kept // asked if asked else None)


@pytest.mark.parametrize(
    ("person", "words"),
    [("manager", "You decide."), ("executive", "A program manager decides.")],
)
def test_an_open_review_is_said_with_how_many_wait_and_until_when(person: str, words: str) -> None:
    with act_for_owner("harbor"):
        waiting = ReviewLine.objects.filter(review="harbor-program-review", state__in=("waits", "notice")).count()
    answer = signed_in(person).get(PAGE)
    (review,) = answer.context["page"].open_reviews
    text = answer.content.decode()

    assert (review.key, review.waiting, review.mine) == ("harbor-program-review", waiting, 0)
    assert f"{waiting} proposals wait for a decision." in text
    assert words in text


def test_cards_are_told_in_their_own_words() -> None:
    page = signed_in("executive").get(PAGE)
    cards = page.context["page"].cards
    assert cards
    for card in cards:
        assert card.view.sentence in page.content.decode().replace("&#x27;", "'")
        assert card.view.verdict in page.content.decode()


def test_an_executive_begins_here() -> None:
    assert signed_in("executive").get("/").headers["Location"] == PAGE


def test_a_page_of_many_asks_no_more_statements() -> None:
    client = signed_in("executive")
    client.get(PAGE)
    with CaptureQueriesContext(connection) as few:
        client.get(PAGE)
    add_partners(300)
    with CaptureQueriesContext(connection) as many:
        client.get(PAGE)
    assert len(many) == len(few)
    with act_for_owner("harbor"):
        assert PortfolioRow.objects.count() >= 300
