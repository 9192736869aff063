"""The rhythm board: both sides' promises, how fast we answer, and nudges."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from swingby.web.console.daily_parts import RhythmPage
from swingby.web.console.rhythm_pages import period_words
from swingby.web.domain.queries.rhythms import kept_by_rhythm
from swingby.web.models import ActivityReport, Enrolment, Note, Nudge, PortfolioRow, RhythmPeriod
from swingby.web.tenancy import act_for_owner
from tests.web.acting import acting, signed_in
from tests.web.many import add_partners

pytestmark = pytest.mark.django_db
PAGE = "/console/harbor/rhythms/"
QUARTERS = (
    (date(2025, 10, 1), date(2025, 12, 31)),
    (date(2026, 1, 1), date(2026, 3, 31)),
    (date(2026, 4, 1), date(2026, 6, 30)),
)


def _page(asked: str = "?whose=all", *, person: str = "success") -> RhythmPage:
    page = signed_in(person).get(f"{PAGE}{asked}").context["page"]
    assert isinstance(page, RhythmPage)
    return page


def _promise(enrolment: str, states: str, *, side: str = "partner", rhythm: str = "plans") -> None:
    """``k`` kept, ``m`` missed, ``o`` open, ``u`` not known, for one quarter after the other."""
    names = {"k": "kept", "m": "missed", "o": "open", "u": "unknown"}
    with act_for_owner("harbor"):
        RhythmPeriod.objects.bulk_create(
            RhythmPeriod(
                owner_id="harbor",
                partner_id=enrolment,
                enrolment_id=enrolment,
                rhythm=rhythm,
                label="Plan reviews",
                side=side,
                starts_on=first,
                last_day=last,
                asked=1,
                done=0,
                state=names[state],
            )
            for state, (first, last) in zip(states, QUARTERS, strict=True)
        )


def test_promises_are_counted_period_by_period_ours_first() -> None:
    for enrolment, states in zip(add_partners(4), ("kmo", "kko", "mmk", "uko"), strict=True):
        _promise(enrolment, states)
        _promise(enrolment, "kkk", side="vendor", rhythm="reviews")
    page = _page()
    ours = next(line for line in page.ours if line.key == "reviews")
    theirs = next(line for line in page.theirs if line.key == "plans")

    assert (ours.kept, ours.asked, ours.percent) == (8, 8, 100)
    assert (theirs.kept, theirs.asked, theirs.percent) == (4, 7, 57)
    assert [(cell.figure, cell.state, cell.words) for cell in theirs.cells] == [
        ("66 %", "some", "2 of 3 kept, 1 not known"),
        ("50 %", "some", "2 of 4 kept"),
        ("running", "open", "1 of 4 kept so far"),
    ]
    html = signed_in("executive").get(PAGE).content.decode()
    assert html.index("What we promised") < html.index("What partners promised")


def test_what_was_kept_of_a_period_that_runs_is_in_no_share() -> None:
    """Of such a period nothing is missed yet: counting what is kept would flatter."""
    enrolments = add_partners(3)
    for enrolment, states in zip(enrolments, ("kmk", "kmo", "mko"), strict=True):
        _promise(enrolment, states)
    line = next(line for line in _page().theirs if line.key == "plans")
    own = next(each for each in _page().partners if each.key == "many-0")

    assert (line.kept, line.asked) == (3, 6)
    assert line.cells[2].words == "1 of 3 kept so far"
    assert [(each.kept, each.asked) for each in own.promises if each.key == "plans"] == [(1, 2)]
    with act_for_owner("harbor"):
        assert [(each.kept, each.asked) for each in kept_by_rhythm("many-0")] == [(1, 2)]


def test_one_sees_the_promises_of_ones_own_book() -> None:
    for enrolment, states in zip(add_partners(2), ("kko", "mmo"), strict=True):
        _promise(enrolment, states)
    with act_for_owner("harbor"):
        Enrolment.objects.filter(pk="many-1").update(success_manager="success")
    page = _page("")

    assert (page.total, [line.percent for line in page.theirs], [each.key for each in page.partners]) == (
        1,
        [0],
        ["many-1"],
    )


def test_the_most_missed_promises_of_both_sides_stand_first() -> None:
    add_partners(3)
    with act_for_owner("harbor"):
        PortfolioRow.objects.filter(enrolment="many-2").update(asked=4, kept=1)
        PortfolioRow.objects.filter(enrolment="many-1").update(our_asked=4, our_kept=0)

    assert [each.key for each in _page().partners][:2] == ["many-1", "many-2"]


def test_answers_are_counted_by_the_quarter_in_which_the_report_came() -> None:
    (enrolment,) = add_partners(1)
    with act_for_owner("harbor"):
        Enrolment.objects.filter(pk=enrolment).update(success_manager="success")
        for days, due, state in ((1, 2, "accepted"), (3, 2, "declined"), (2, 2, "accepted"), (None, 2, "submitted")):
            came = datetime(2025, 11, 3, 9, tzinfo=UTC)
            ActivityReport.objects.create(
                owner_id="harbor",
                partner_id=enrolment,
                enrolment_id=enrolment,
                kind="plan_reviewed",
                happened_on=date(2025, 11, 1),
                state=state,
                submitted_by_id="partner-admin",
                submitted_at=came,
                answer_due=came + timedelta(days=due),
                decided_at=came + timedelta(days=days) if days else None,
            )
    (line,) = _page("").answers

    assert (line.quarter, line.answered, line.in_time, line.median_days, line.waiting) == (
        "Q4 2025",
        3,
        "66 %",
        "2 days",
        1,
    )


def test_a_nudge_is_read_by_the_partner_and_counted() -> None:
    sent = {"rhythm": "partner-example", "text": "Shall we settle a day?"}
    answer = signed_in("success").post(f"{PAGE}harbor-program-tarn/", sent, follow=True)

    assert [str(message) for message in answer.context["messages"]] == ["Sent. The partner reads it in its portal."]
    with acting("partner-admin"):
        assert Note.objects.filter(text="Shall we settle a day?").count() == 1
        assert Nudge.objects.filter(text="Shall we settle a day?").count() == 1
    line = next(each for each in _page().theirs if each.key == "partner-example")
    assert line.nudge_words == "4 nudges, kept after 0"


def test_a_nudge_after_which_the_promise_was_kept_is_said() -> None:
    with act_for_owner("harbor"):
        RhythmPeriod.objects.filter(enrolment="harbor-program-sedge", rhythm="partner-example").update(state="kept")
    line = next(each for each in _page().theirs if each.key == "partner-example")

    assert line.nudge_words == "3 nudges, kept after 1"


@pytest.mark.parametrize(
    ("rhythm", "text", "words"),
    [
        ("partner-example", "", "Write at least a word."),
        ("partner-example", "w" * 1001, "These are 1,001 characters. Keep to 1,000."),
        ("vendor-example", "A word.", "They kept this promise already."),
        ("nothing\0", "A word.", "They kept this promise already."),
    ],
)
def test_a_nudge_that_makes_no_sense_is_refused_in_words(rhythm: str, text: str, words: str) -> None:
    answer = signed_in("success").post(f"{PAGE}harbor-program-tarn/", {"rhythm": rhythm, "text": text}, follow=True)

    assert [str(message) for message in answer.context["messages"]] == [words]


def test_nobody_is_nudged_twice_in_a_week() -> None:
    sent = {"rhythm": "partner-example", "text": "Shall we settle a day?"}
    signed_in("success").post(f"{PAGE}harbor-program-tarn/", sent)
    answer = signed_in("manager").post(f"{PAGE}harbor-program-tarn/", sent, follow=True)

    assert [str(message) for message in answer.context["messages"]] == [
        "They were nudged about this on 31 March. Give them 7 days."
    ]


def test_only_those_who_look_after_partners_are_offered_nudges() -> None:
    assert 'name="rhythm"' in signed_in("success").get(PAGE).content.decode()
    assert 'name="rhythm"' not in signed_in("executive").get(PAGE).content.decode()


@pytest.mark.parametrize("asked", ["?page=0", "?page=99", "?page=x", "?page=99999999999", "?whose=nobody&page=-1"])
def test_an_address_that_makes_no_sense_shows_a_page(asked: str) -> None:
    assert signed_in("executive").get(f"{PAGE}{asked}").status_code == 200


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (date(2026, 2, 1), date(2026, 4, 30), "Feb to Apr 2026"),
        (date(2025, 11, 1), date(2026, 1, 31), "Nov 2025 to Jan 2026"),
        (date(2026, 3, 1), date(2026, 3, 31), "Mar 2026"),
    ],
)
def test_a_period_is_named_by_its_months(first: date, last: date, words: str) -> None:
    assert period_words(first, last) == words


def test_a_page_asks_as_often_for_three_hundred_partners_as_for_ten() -> None:
    client = signed_in("manager")
    for enrolment in add_partners(10):
        _promise(enrolment, "kmo")
    client.get(PAGE)
    with CaptureQueriesContext(connection) as few:
        client.get(PAGE)
    for enrolment in add_partners(300, first=10):
        for rhythm in ("plans", "campaigns", "reviews", "talks"):
            _promise(enrolment, "kmo", rhythm=rhythm)
    with CaptureQueriesContext(connection) as many:
        page = client.get(PAGE)

    assert len(many) == len(few)
    assert len(page.content) < 150_000
