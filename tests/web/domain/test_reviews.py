"""Reviews: who would move, what people decide, and that live, nightly and replayed tiers are the same ones."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction
from pytest_django.fixtures import Settings

from swingby.web.domain.appeals import answer_appeal, file_appeal
from swingby.web.domain.errors import ChangedMeanwhileError, NotAllowedError, RefusedError
from swingby.web.domain.review_opening import open_due_reviews
from swingby.web.domain.reviews import (
    acts_open_to,
    approve_lines,
    ask_for_reviews,
    choose_what_waits,
    end_notice,
    move_line,
    replay_review,
)
from swingby.web.domain.tier_exceptions import ask_for_exception, move_exception
from swingby.web.jobs import enqueue_reviews
from swingby.web.jobs.tasks import task_open_reviews
from swingby.web.models import Appeal, Enrolment, Program, Review, ReviewAct, ReviewLine, TierException
from tests.web.acting import acting
from tests.web.domain.reviewing import (
    NORTH,
    OWNER,
    PROGRAM,
    SEDGE,
    TARN,
    act,
    begin,
    line_of,
    live,
    opened,
    plan_reviewed,
    position,
    publish,
    recomputed,
    state_of,
)

pytestmark = pytest.mark.django_db
TODAY = "2026-03-31"
WORDS = "Their new office opens in April."


def test_the_latest_reviews_are_opened_once_with_a_line_for_each_who_would_move() -> None:
    keys = opened()
    again = open_due_reviews(PROGRAM, owner=OWNER)

    assert again == []
    with acting("manager"):
        reviews = list(Review.objects.filter(ladder="level").values_list("on", "lowers", "partners").order_by("on"))
        lines = list(
            ReviewLine.objects.filter(ladder="level")
            .order_by("on")
            .values_list("enrolment_id", "on", "before", "after", "state")
        )
    assert (len(keys), reviews) == (2, [(date(2026, 2, 1), True, 3), (date(2026, 3, 1), False, 3)])
    assert lines == [
        (TARN, date(2026, 2, 1), "gold", "member", "waits"),
        (SEDGE, date(2026, 3, 1), "member", "select", "at_once"),
    ]


def test_a_line_says_by_which_requirement() -> None:
    opened()
    with acting("manager"):
        (row,) = line_of().requirements
    assert row == {
        "path": "gold", "label": "Plan reviews at least 2", "result": "unmet", "test": "at_least",
        "value": "0", "line": "2", "gap": "2",
    }  # fmt: skip


def test_before_the_decision_the_tier_stays_live_and_recomputed() -> None:
    opened()
    assert (live(), recomputed("2026-01-31", "2026-02-01", TODAY)) == (
        "gold",
        {"2026-01-31": "gold", "2026-02-01": "gold", TODAY: "gold"},
    )
    assert (live(SEDGE), recomputed(TODAY, enrolment=SEDGE)) == ("select", {TODAY: "select"})


def test_an_approved_demotion_holds_from_today_and_the_past_stays() -> None:
    opened()
    before = position()
    act("approve", told="We talked about it in February.")

    assert (live(), recomputed("2026-03-30", TODAY)) == ("member", {"2026-03-30": "gold", TODAY: "member"})
    assert recomputed(TODAY, known_at=before) == {TODAY: "gold"}
    with acting("partner-member"):
        assert (line_of().state, line_of().told) == ("approved", "We talked about it in February.")


def test_a_held_demotion_is_looked_at_again_by_the_next_review() -> None:
    opened()
    act("hold", words=WORDS)

    assert (live(), recomputed(TODAY, "2026-07-31", "2026-08-01")) == (
        "gold",
        {TODAY: "gold", "2026-07-31": "gold", "2026-08-01": "member"},
    )


def test_a_protected_tier_outlasts_the_next_review_and_no_further() -> None:
    opened()
    act("protect", words=WORDS, until=date(2026, 9, 1))

    assert (live(), recomputed("2026-08-01", "2027-01-31", "2027-02-01")) == (
        "gold",
        {"2026-08-01": "gold", "2027-01-31": "gold", "2027-02-01": "member"},
    )


def test_promotions_may_wait_too_and_then_hold_from_the_day_of_the_review() -> None:
    begin()
    with acting("manager") as actor:
        choose_what_waits(Program.objects.get(pk=PROGRAM), actor=actor, promotions=True, demotions=True)
    open_due_reviews(PROGRAM, owner=OWNER)
    waiting = live(SEDGE), recomputed(TODAY, enrolment=SEDGE)[TODAY]
    act("approve", enrolment=SEDGE, on="2026-03-01")

    assert waiting == ("member", "member")
    assert (live(SEDGE), recomputed("2026-02-28", "2026-03-01", TODAY, enrolment=SEDGE)) == (
        "select",
        {"2026-02-28": "member", "2026-03-01": "select", TODAY: "select"},
    )


def test_a_program_may_let_demotions_take_effect_without_people() -> None:
    begin()
    with acting("manager") as actor:
        choose_what_waits(Program.objects.get(pk=PROGRAM), actor=actor, promotions=False, demotions=False)
    open_due_reviews(PROGRAM, owner=OWNER)

    assert state_of() == "at_once"
    assert (live(), recomputed("2026-01-31", "2026-02-01", TODAY)) == (
        "member",
        {"2026-01-31": "gold", "2026-02-01": "member", TODAY: "member"},
    )


@pytest.mark.parametrize("waits", [True, False])
def test_an_appeal_that_is_overturned_gives_the_tier_back_since_it_was_earned(*, waits: bool) -> None:
    begin()
    with acting("manager") as actor:
        choose_what_waits(Program.objects.get(pk=PROGRAM), actor=actor, promotions=False, demotions=waits)
    open_due_reviews(PROGRAM, owner=OWNER)
    if waits:
        act("approve")
    lost = live()
    with acting("partner-admin") as actor:
        file_appeal(line_of(), actor=actor, words="Two plan reviews of December are missing.")
    known = position()
    with acting("manager") as actor:
        answer_appeal(Appeal.objects.get(line__ladder="level"), "overturn", actor=actor, words="You are right.")

    assert (lost, state_of(), live()) == ("member", "overturned", "gold")
    assert recomputed("2026-02-01", TODAY) == {"2026-02-01": "gold", TODAY: "gold"}
    assert recomputed(TODAY, known_at=known) == {TODAY: "member"}


def test_a_promotion_that_was_held_can_be_appealed_and_is_given_from_the_answer_on() -> None:
    begin()
    with acting("manager") as actor:
        choose_what_waits(Program.objects.get(pk=PROGRAM), actor=actor, promotions=True, demotions=True)
    open_due_reviews(PROGRAM, owner=OWNER)
    act("hold", enrolment=SEDGE, on="2026-03-01", words="Their references are not checked.")
    with acting("both-programs") as actor:
        line = ReviewLine.objects.select_related("partner").get(enrolment_id=SEDGE, on="2026-03-01")
        file_appeal(line, actor=actor, words="They are checked.")
    with acting("manager") as actor:
        answer_appeal(Appeal.objects.get(line__ladder="level"), "overturn", actor=actor, words="They are.")

    assert (live(SEDGE), recomputed("2026-03-30", TODAY, enrolment=SEDGE)) == (
        "select",
        {"2026-03-30": "member", TODAY: "select"},
    )


def test_an_appeal_that_is_upheld_changes_no_tier_and_is_answered_once() -> None:
    opened()
    act("approve")
    with acting("partner-admin") as actor:
        file_appeal(line_of(), actor=actor, words="Look again.")
        with pytest.raises(ChangedMeanwhileError):
            file_appeal(line_of(), actor=actor, words="And again.")
    with acting("manager") as actor:
        one, other = Appeal.objects.get(line__ladder="level"), Appeal.objects.get(line__ladder="level")
        answer_appeal(one, "uphold", actor=actor, words="There is none in December.")
        with pytest.raises(ChangedMeanwhileError):
            answer_appeal(other, "overturn", actor=actor, words="You are right.")

    assert (state_of(), live()) == ("approved", "member")


def test_who_waits_cannot_appeal_yet_and_later_than_sixty_days_nobody(settings: Settings) -> None:
    opened()
    with acting("partner-admin") as actor, pytest.raises(RefusedError, match="no decision"):
        file_appeal(line_of(), actor=actor, words="Why?")
    act("approve")
    settings.SWINGBY_TODAY = date(2026, 6, 15)
    with acting("partner-admin") as actor, pytest.raises(RefusedError, match="60 days"):
        file_appeal(line_of(), actor=actor, words="Why?")


def test_a_notice_ends_with_what_the_partner_mended_or_waits_again(settings: Settings) -> None:
    opened()
    act("give notice", until=date(2026, 4, 30), told="Two plan reviews are missing.")
    with acting("manager"):
        key = line_of().pk
    end_notice(key, owner=OWNER)
    early = state_of()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT min(scheduled_at) > now() + interval '59 minutes' FROM procrastinate_jobs WHERE task_name = 'end_notice'"
            " AND id = (SELECT max(id) FROM procrastinate_jobs)"
        )
        assert cursor.fetchone() == (True,), "a look that came too early is asked for again at once, for ever"
    settings.SWINGBY_TODAY = date(2026, 5, 1)
    end_notice(key, owner=OWNER)
    late = state_of()
    act("give notice", until=date(2026, 5, 20))
    with acting("manager"):
        plan_reviewed("tarn", "2026-05-04")
        plan_reviewed("tarn", "2026-05-05")
    settings.SWINGBY_TODAY = date(2026, 5, 21)
    end_notice(key, owner=OWNER)

    assert (early, late, state_of(), live()) == ("notice", "waits", "mended", "gold")
    assert recomputed("2026-05-21") == {"2026-05-21": "gold"}


def test_nobody_is_demoted_on_incomplete_sources() -> None:
    begin()
    with acting("manager"), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO ref_coverage (owner_org, kind, source, complete_from) VALUES (%s, 'activities', 'tests', '2025-06-01')",
            [OWNER],
        )
    open_due_reviews(PROGRAM, owner=OWNER)

    with acting("manager"):
        line = line_of()
    assert (line.direction, line.state, line.before, [row["label"] for row in line.requirements]) == (
        "stay", "undecided", "gold", ["Plan reviews at least 2"],
    )  # fmt: skip
    assert live() == "gold"


def test_a_newer_review_has_the_word_about_lines_that_nobody_decided(settings: Settings) -> None:
    opened()
    settings.SWINGBY_TODAY = date(2026, 8, 2)
    open_due_reviews(PROGRAM, owner=OWNER)

    assert (state_of(), state_of(on="2026-08-01")) == ("overtaken", "waits")
    assert recomputed("2026-08-02") == {"2026-08-02": "gold"}
    with pytest.raises(ChangedMeanwhileError):
        act("approve")


def test_several_lines_are_approved_at_once_and_those_that_moved_meanwhile_are_named() -> None:
    opened()
    act("hold", words=WORDS)
    with acting("manager") as actor:
        found = approve_lines([line_of()], actor=actor)
    assert (found.done, [key for key, _ in found.refused]) == (0, [TARN])


def test_of_two_who_decide_at_once_one_is_told() -> None:
    opened()
    with acting("manager") as actor:
        one, other = line_of(), line_of()
        move_line(one, "approve", actor=actor)
        with pytest.raises(ChangedMeanwhileError):
            move_line(other, "hold", actor=actor, words=WORDS)
    assert (state_of(), live()) == ("approved", "member")


@pytest.mark.parametrize("person", ["success", "operations", "finance", "executive"])
def test_others_on_our_side_decide_nothing(person: str) -> None:
    opened()
    with pytest.raises(NotAllowedError):
        act("approve", by=person)
    with acting(person) as actor:
        assert acts_open_to(actor, line=line_of()) == (("recommend",) if person == "success" else ())


def test_a_recommendation_is_kept_and_decides_nothing() -> None:
    opened()
    act("recommend", by="success", words="Hold it: they have a new manager.")
    with acting("manager"):
        acts = list(ReviewAct.objects.filter(line__ladder="level").values_list("act", "person_id", "words"))
    assert (acts, state_of()) == ([("recommend", "success", "Hold it: they have a new manager.")], "waits")


def test_what_is_only_ours_is_not_seen_by_the_partner() -> None:
    opened()
    act("hold", words=WORDS)
    with acting("partner-admin"):
        assert (Review.objects.count(), ReviewAct.objects.count()) == (0, 0)
        assert ReviewLine.objects.filter(ladder="level").count() == 1


def test_a_hold_needs_a_reason_and_a_protection_a_day_to_come() -> None:
    opened()
    with pytest.raises(RefusedError, match="sentence"):
        act("hold")
    with pytest.raises(RefusedError, match="later one"):
        act("protect", words=WORDS, until=date(2026, 3, 31))
    with pytest.raises(RefusedError, match="within"):
        act("protect", words=WORDS, until=date(2036, 3, 31))
    assert state_of() == "waits"


def test_a_version_made_effective_while_a_review_is_open_carries_tiers_and_leaves_the_line(settings: Settings) -> None:
    opened()
    with acting("manager"):
        publish("s", "2026-04-01", member="base")
    settings.SWINGBY_TODAY = date(2026, 4, 2)
    open_due_reviews(PROGRAM, owner=OWNER)

    assert recomputed("2026-04-01", "2026-04-02") == {"2026-04-01": "gold", "2026-04-02": "gold"}
    with pytest.raises(RefusedError, match="know no Member"):
        act("approve")
    act("hold", words="The rules have changed.")
    assert (state_of(), live(), live(SEDGE)) == ("held", "gold", "select")


def test_a_review_is_worked_out_again_and_comes_out_the_same_after_decisions_and_late_facts() -> None:
    opened()
    act("approve")
    with acting("manager"):
        plan_reviewed("tarn", "2025-12-01")
        key = Review.objects.get(on="2026-02-01", ladder="level").pk
    assert replay_review(key, owner=OWNER) == "same"
    with acting("manager"):
        Review.objects.filter(pk=key).update(document=Review.objects.get(pk=key).document.replace('"gold"', '"elite"'))
    assert replay_review(key, owner=OWNER) == "The stored decision was altered."


def test_a_list_that_was_corrected_since_changes_no_decision_and_is_named_when_it_is_worked_out_again() -> None:
    opened()
    act("approve")
    with acting("manager"), connection.cursor() as cursor:
        decided = (state_of(), line_of().after)
        key = Review.objects.get(on="2026-02-01", ladder="level").pk
        cursor.execute(_ADD_RATE, [OWNER])
    assert replay_review(key, owner=OWNER) == "same"
    with acting("manager"), connection.cursor() as cursor:
        cursor.execute("UPDATE ref_enrolments SET ended_on = '2026-01-15' WHERE enrolment = %s", [TARN])

    assert replay_review(key, owner=OWNER) == (
        f"changed for 1: {TARN}. Lists keep no past, and these say something else now: enrolments: 3 rows, not the same ones;"
        " exchange_rates: 1 rows then, 2 now. What was decided stays as it is."
    )
    with acting("manager"):
        assert (state_of(), line_of().after) == decided


_ADD_RATE = "INSERT INTO ref_exchange_rates (owner_org, currency, valued_on, rate) VALUES (%s, 'XTS', '2025-01-01', 2)"


# --- exceptions -------------------------------------------------------------------------------------------------------


def exception(until: date = date(2026, 9, 1), by: str = "success") -> TierException:
    with acting(by) as actor:
        return ask_for_exception(
            Enrolment.objects.get(pk=NORTH), actor=actor, ladder="level", tier="gold", first=date(2026, 3, 31),
            until=until, words=WORDS,
        )  # fmt: skip


def decide(row: TierException, name: str, *, by: str = "manager", words: str = "") -> None:
    with acting(by) as actor:
        move_exception(TierException.objects.select_related("enrolment").get(pk=row.pk), name, actor=actor, words=words)


def test_an_exception_is_granted_by_a_second_person_and_asked_for_again_by_the_review_after_it() -> None:
    begin()
    row = exception()
    before = live(NORTH)
    decide(row, "grant")

    assert (before, live(NORTH)) == ("member", "gold")
    assert recomputed("2026-03-30", TODAY, "2026-08-01", "2027-01-31", "2027-02-01", enrolment=NORTH) == {
        "2026-03-30": "member", TODAY: "gold", "2026-08-01": "gold", "2027-01-31": "gold", "2027-02-01": "member",
    }  # fmt: skip


def test_who_asked_cannot_grant() -> None:
    begin()
    row = exception(by="manager")
    with pytest.raises(NotAllowedError):
        decide(row, "grant")
    decide(row, "grant", by="second-manager")
    with acting("manager"), pytest.raises(IntegrityError), transaction.atomic():
        TierException.objects.filter(pk=row.pk).update(decided_by_id="manager")


def test_an_exception_that_ends_early_is_looked_at_by_the_next_review() -> None:
    begin()
    row = exception()
    decide(row, "grant")
    granted = position()
    decide(row, "end", words="They withdrew.")

    assert recomputed(TODAY, "2026-07-31", "2026-08-01", enrolment=NORTH) == {
        TODAY: "gold", "2026-07-31": "gold", "2026-08-01": "member",
    }  # fmt: skip
    assert recomputed("2026-08-01", enrolment=NORTH, known_at=granted) == {"2026-08-01": "gold"}


def test_a_partner_sees_an_exception_when_it_is_granted() -> None:
    begin()
    with acting("success") as actor:
        row = ask_for_exception(
            Enrolment.objects.get(pk=TARN), actor=actor, ladder="level", tier="gold", first=date(2026, 4, 1),
            until=date(2026, 5, 1), words=WORDS,
        )  # fmt: skip
    with acting("partner-member"):
        asked = TierException.objects.filter(ladder="level").count()
    decide(row, "grant")
    with acting("partner-member"):
        assert (asked, TierException.objects.filter(ladder="level").count()) == (0, 1)


# --- jobs -------------------------------------------------------------------------------------------------------------


def waiting_jobs() -> list[tuple[str, bool]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT task_name, scheduled_at IS NOT NULL FROM procrastinate_jobs WHERE args ->> 'program' = %s ORDER BY id",
            [PROGRAM],
        )
        return [(str(name), bool(later)) for name, later in cursor.fetchall()]


def test_a_program_is_looked_at_every_night_once_and_whenever_somebody_asks() -> None:
    with acting("manager") as actor:
        program = Program.objects.get(pk=PROGRAM)
        ask_for_reviews(program, actor=actor)
        for _ in range(2):
            enqueue_reviews(owner=OWNER, program=PROGRAM, day=date(2026, 4, 1))
    assert waiting_jobs() == [("open_reviews", False), ("open_reviews", True)]


def test_the_nightly_job_asks_for_the_next_night_and_may_run_twice() -> None:
    begin()
    for _ in range(2):
        task_open_reviews(owner=OWNER, program=PROGRAM)
    with acting("manager"):
        assert Review.objects.filter(ladder="level").count() == 2
    assert waiting_jobs() == [("open_reviews", True)]


def test_only_who_decides_may_look_and_settle_what_waits() -> None:
    with acting("success") as actor:
        program = Program.objects.get(pk=PROGRAM)
        with pytest.raises(NotAllowedError):
            ask_for_reviews(program, actor=actor)
        with pytest.raises(NotAllowedError):
            choose_what_waits(program, actor=actor, promotions=True, demotions=False)
