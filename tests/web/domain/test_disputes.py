"""Disputes: a table of acts, one case for each line, one answer, and records that put things right."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from functools import partial

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from swingby.web.domain.dispute_cures import cure_by_adding, cure_by_record, cure_by_removing
from swingby.web.domain.disputes import (
    TRANSITIONS,
    Matter,
    acts_open_to,
    answer_dispute,
    open_dispute,
    withdraw_dispute,
)
from swingby.web.domain.errors import ChangedMeanwhileError, NotAllowedError, RefusedError
from swingby.web.domain.prospects import find_prospect
from swingby.web.domain.reports import accept_report, submit_report
from swingby.web.domain.standings import assess_enrolment, current_position
from swingby.web.models import (
    ActivityReport,
    AuditEntry,
    Dispute,
    DisputeState,
    Mail,
    PointsHistory,
    ScorecardLine,
)
from swingby.web.tenancy import Scope, act_for_owner, open_scope
from tests.web.acting import ENROLMENT, acting, the_enrolment

pytestmark = pytest.mark.django_db
PLANS = Matter(number="plans", number_label="Plan reviewed")
PICTURE = b"\x89PNG\r\n\x1a\n" + b"0" * 100


@pytest.fixture(autouse=True)
def no_case_yet() -> None:
    with act_for_owner("harbor"):
        Dispute.objects.filter(enrolment_id=ENROLMENT).update(state=DisputeState.WITHDRAWN)


def a_line() -> ScorecardLine:
    return ScorecardLine.objects.filter(enrolment_id=ENROLMENT, rule="plans").order_by("-day", "-id")[0]


def opened(person: str = "partner-admin", *, about_line: bool = True) -> str:
    with acting(person) as actor:
        matter = (
            Matter(number="plans", number_label="Plan reviewed", line=a_line(), line_words="A line")
            if about_line
            else PLANS
        )
        return open_dispute(the_enrolment(), actor=actor, matter=matter, words=" It was in February. ").pk


def case(key: str) -> Dispute:
    rows = Dispute.objects.select_related("partner", "enrolment", "opened_by")
    return rows.get(pk=key)


def answered(key: str, answer: str, *, by: str = "manager") -> None:
    with acting(by) as actor:
        answer_dispute(case(key), answer, actor=actor, words="We looked at it.")


def accepted_report() -> str:
    with acting("partner-admin") as actor:
        key = submit_report(the_enrolment(), actor=actor, kind="plan_reviewed", happened_on=date(2026, 3, 3)).pk
    with acting("manager") as actor:
        report = ActivityReport.objects.select_related("partner", "enrolment").get(pk=key)
        position = accept_report(report, actor=actor)
    assess_enrolment(ENROLMENT, owner="harbor", position=position)
    find_prospect(ENROLMENT, owner="harbor")
    return report.fact_id


def total() -> Decimal | None:
    """The score after everything was worked out anew."""
    with act_for_owner("harbor"):
        position = current_position("harbor")
    assess_enrolment(ENROLMENT, owner="harbor", position=position)
    find_prospect(ENROLMENT, owner="harbor")
    with act_for_owner("harbor"):
        return PointsHistory.objects.get(pk=ENROLMENT).total


def test_a_case_keeps_what_it_is_about_and_both_sides_see_it_and_it_is_noted() -> None:
    key = opened()
    for person in ("partner-member", "success"):
        with acting(person):
            found = case(key)
            assert (found.state, found.words, found.line_words) == ("open", "It was in February.", "A line")
            assert found.record == "harbor-tarn"
            assert found.answer_due > found.opened_at
    with act_for_owner("harbor"):
        assert AuditEntry.objects.filter(action="dispute.open", subject=key).count() == 1


def test_a_picture_goes_with_it_and_a_program_does_not() -> None:
    with acting("partner-admin") as actor:
        file = SimpleUploadedFile("proof.png", PICTURE)
        found = open_dispute(the_enrolment(), actor=actor, matter=PLANS, words="See it.", file=file)
        assert found.file is not None
        assert found.file.name == "proof.png"
        bad = SimpleUploadedFile("proof.exe", b"MZ" + b"0" * 100)
        with pytest.raises(RefusedError):
            open_dispute(the_enrolment(), actor=actor, matter=PLANS, words="See it.", file=bad)


def test_of_one_line_there_is_one_open_case_and_of_missing_things_there_are_several() -> None:
    key = opened()
    with pytest.raises(ChangedMeanwhileError, match="open case"):
        opened()
    opened(about_line=False)
    opened(about_line=False)
    answered(key, "decline")
    assert opened() != key


@pytest.mark.parametrize("person", ["partner-member", "partner-finance", "manager"])
def test_only_admins_and_managers_of_the_partner_open_a_case(person: str) -> None:
    with pytest.raises(NotAllowedError):
        opened(person)


def test_a_case_needs_words() -> None:
    with acting("partner-admin") as actor, pytest.raises(RefusedError, match="what is wrong"):
        open_dispute(the_enrolment(), actor=actor, matter=PLANS, words=" \n ")


ANSWERERS = {"manager", "success"}
EVERYBODY = (
    "partner-admin",
    "partner-manager",
    "partner-member",
    "manager",
    "success",
    "operations",
    "lead",
    "finance",
)


@pytest.mark.parametrize("person", EVERYBODY)
def test_the_table_says_who_may_do_what(person: str) -> None:
    key = opened()
    vendor = {"uphold", "change", "decline"} if person in ANSWERERS else set()
    partner = {"withdraw"} if person in {"partner-admin", "partner-manager"} else set()
    with acting(person) as actor:
        assert set(acts_open_to(actor, dispute=case(key))) == vendor | partner
    for answer in ("uphold", "change", "decline"):
        with acting(person) as actor, transaction.atomic():
            if person not in ANSWERERS:
                with pytest.raises(NotAllowedError):
                    answer_dispute(case(key), answer, actor=actor, words="We looked.")


@pytest.mark.parametrize("state", [state for state in DisputeState if state != DisputeState.OPEN])
@pytest.mark.parametrize("act", TRANSITIONS)
def test_nothing_happens_to_a_case_that_is_not_open(state: DisputeState, act: str) -> None:
    key = opened()
    with act_for_owner("harbor"):
        Dispute.objects.filter(pk=key).update(state=state)
    with acting("partner-admin" if act == "withdraw" else "manager") as actor:
        found = case(key)
        done = (
            partial(withdraw_dispute, found, actor=actor)
            if act == "withdraw"
            else partial(answer_dispute, found, act, actor=actor, words="We looked.")
        )
        with pytest.raises(ChangedMeanwhileError):
            done()


def test_of_two_who_answer_at_once_one_is_told() -> None:
    key = opened()
    with acting("manager"):
        seen_by_both = case(key)
    answered(key, "uphold", by="success")
    with acting("manager") as actor, pytest.raises(ChangedMeanwhileError):
        answer_dispute(seen_by_both, "decline", actor=actor, words="No.")
    with acting("manager"):
        assert case(key).state == DisputeState.UPHELD


def test_the_one_who_opened_it_gets_one_mail_for_the_answer() -> None:
    key = opened()
    answered(key, "decline")
    with both_sides():
        mails = Mail.objects.filter(key__startswith=f"dispute:{key}")
        assert [(mail.person_id, mail.subject) for mail in mails] == [
            ("partner-admin", "Plan reviewed: it stays as it is")
        ]


@contextmanager
def both_sides() -> Iterator[Scope]:
    own = frozenset({"harbor", "tarn"})
    with transaction.atomic(), open_scope(Scope(owner_orgs=own, partner_orgs=own)) as scope:
        yield scope


@pytest.mark.parametrize("words", ["", "   "])
def test_an_answer_needs_a_reason(words: str) -> None:
    key = opened()
    with acting("manager") as actor, pytest.raises(RefusedError, match="Say why"):
        answer_dispute(case(key), "uphold", actor=actor, words=words)


# --- putting it right ---------------------------------------------------------------------------------------------------


def test_taking_the_record_out_takes_its_points_and_the_line_says_so() -> None:
    fact = accepted_report()
    before = total()
    with acting("partner-admin") as actor:
        line = ScorecardLine.objects.get(enrolment_id=ENROLMENT, record=fact, kind="entry")
        matter = Matter(number="plans", number_label="Plan reviewed", line=line)
        key = open_dispute(the_enrolment(), actor=actor, matter=matter, words="We did not do this.").pk
    answered(key, "uphold")
    with acting("operations") as actor:
        cure_by_removing(case(key), actor=actor)
    assert total() == (before or 0) - (line.amount or 0)
    with acting("partner-member"):
        found = case(key)
        assert (found.cure, found.cure_record) == ("removed", fact)
        assert not ScorecardLine.objects.filter(enrolment_id=ENROLMENT, record=fact, counts=True).exists()


def test_adding_a_record_gives_its_points() -> None:
    before = total() or Decimal(0)
    key = opened(about_line=False)
    answered(key, "uphold")
    with acting("manager") as actor:
        cure_by_adding(case(key), actor=actor, kind="plan_reviewed", day="2026-03-12")
    assert (total() or 0) > before
    with acting("partner-member"):
        assert ScorecardLine.objects.filter(record=f"dispute-{key}", kind="entry").exists()
        assert case(key).cured_at is not None
    with both_sides():
        assert Mail.objects.filter(key=f"dispute:{key}:cured").count() == 1


def test_a_record_that_was_there_before_puts_nothing_right() -> None:
    key = opened()
    answered(key, "change")
    with acting("manager") as actor:
        for kind, record in (("activities", "nothing"), ("nothing", "harbor-tarn"), ("activities", "harbor-tarn")):
            with pytest.raises(RefusedError):
                cure_by_record(case(key), actor=actor, kind=kind, record=record)
    fact = accepted_report()
    with acting("manager") as actor:
        cure_by_record(case(key), actor=actor, kind="activities", record=fact)
        assert case(key).cure == "loaded"


def test_a_case_is_put_right_once_and_only_by_who_brings_records_in() -> None:
    key = opened(about_line=False)
    with acting("manager") as actor, pytest.raises(ChangedMeanwhileError):
        cure_by_adding(case(key), actor=actor, kind="plan_reviewed", day="2026-03-12")
    answered(key, "uphold")
    with acting("success") as actor, pytest.raises(NotAllowedError):
        cure_by_adding(case(key), actor=actor, kind="plan_reviewed", day="2026-03-12")
    with acting("operations") as actor:
        cure_by_adding(case(key), actor=actor, kind="plan_reviewed", day="2026-03-12")
    with acting("manager") as actor, pytest.raises(ChangedMeanwhileError):
        cure_by_adding(case(key), actor=actor, kind="plan_reviewed", day="2026-03-12")


@pytest.mark.parametrize(
    ("day", "quantity"),
    [("", ""), ("yesterday", ""), ("2026-03-12", "many"), ("2026-03-12", "NaN"), ("2027-01-01", "")],
)
def test_a_cure_that_makes_no_sense_changes_nothing(day: str, quantity: str) -> None:
    key = opened(about_line=False)
    answered(key, "uphold")
    with acting("manager") as actor, pytest.raises(RefusedError):
        cure_by_adding(case(key), actor=actor, kind="plan_reviewed", day=day, quantity=quantity)
    with acting("manager"):
        assert case(key).cured_at is None


def test_a_record_without_a_source_is_not_taken_out_and_the_case_waits_on() -> None:
    key = opened()
    answered(key, "uphold")
    with pytest.raises(RefusedError, match="names no source"), acting("manager") as actor:
        cure_by_removing(case(key), actor=actor)
    with acting("manager"):
        assert case(key).cured_at is None
