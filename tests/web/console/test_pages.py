from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from swingby.web.console.pages import WaitingReport
from swingby.web.domain.reports import resubmit_report, return_report, submit_report
from swingby.web.models import Note
from tests.web.acting import ENROLMENT, acting, signed_in, the_enrolment

pytestmark = pytest.mark.django_db


def _report(day: int) -> str:
    with acting("partner-admin") as actor:
        report = submit_report(the_enrolment(), actor=actor, kind="plan_reviewed", happened_on=date(2026, 3, day))
    return report.pk


def test_accepting_by_the_button_accepts() -> None:
    key = _report(20)
    answer = signed_in("manager").post(f"/console/harbor/reports/{key}/accept/", follow=True)

    assert [str(message) for message in answer.context["messages"]] == [
        "Accepted. The partner's standing is up to date."
    ]
    with acting("partner-admin"):
        assert the_enrolment().reports.get(pk=key).state == "accepted"


def _mark(key: str) -> str:
    page: tuple[WaitingReport, ...] = signed_in("manager").get("/console/harbor/reports/").context["page"]
    return next(report.mark for report in page if report.key == key)


def _messages(key: str, act: str, **sent: str) -> list[str]:
    answer = signed_in("manager").post(f"/console/harbor/reports/{key}/{act}/", sent, follow=True)
    return [str(message) for message in answer.context["messages"]]


@pytest.mark.parametrize("act", ["accept", "return", "decline"])
def test_a_decision_about_another_text_than_was_read_is_refused_with_what_changed(act: str) -> None:
    """Sent back by somebody else and sent again by the partner, it was decided by the page of before."""
    key = _report(20)
    mark = _mark(key)
    with acting("second-manager") as actor:
        return_report(the_enrolment().reports.get(pk=key), actor=actor, answer="Which day?")
    with acting("partner-admin") as actor:
        resubmit_report(
            the_enrolment().reports.get(pk=key), actor=actor, kind="plan_reviewed", happened_on=date(2026, 3, 9),
            details="With Ann.",
        )  # fmt: skip
    (said,) = _messages(key, act, seen=mark, answer="No.")

    assert "sent this report again on" in said
    assert "What changed: the day, 2026-03-09 instead of 2026-03-20; the words. Nothing was decided" in said
    with acting("partner-admin"):
        assert the_enrolment().reports.get(pk=key).state == "submitted"
    assert _messages(key, act, seen=_mark(key), answer="No.") != [said]


def test_what_counts_already_is_told_before_and_after_the_same_is_accepted_again() -> None:
    first, second = _report(20), _report(20)
    marks = _mark(first), _mark(second)
    accepted = _messages(first, "accept", seen=marks[0])
    again = _messages(second, "accept", seen=marks[1])
    looked = _messages(second, "accept", seen=_mark(second))

    assert accepted == [
        "Accepted. The partner's standing is up to date.",
        "Much like it is known: 20 March, from another report: waits too.",
    ]
    assert again == ["Much like this counts since you opened the page. Nothing was decided; look at it again."]
    assert looked[1:] == ["Much like it is known: 20 March, from another report: counts already."]


@pytest.mark.parametrize("seen", ["{", "[]", "7", '{"counting": "x"}', "n" * 5000, '{"counting": null}'])
def test_a_mark_that_is_none_stops_nobody_in_error(seen: str) -> None:
    key = _report(20)
    signed_in("manager").post(f"/console/harbor/reports/{key}/accept/", {"seen": seen}, follow=True)

    with acting("partner-admin"):
        assert the_enrolment().reports.get(pk=key).state == "accepted"


def test_declining_without_words_says_what_to_do() -> None:
    key = _report(20)
    answer = signed_in("manager").post(f"/console/harbor/reports/{key}/decline/", follow=True)

    assert [str(message) for message in answer.context["messages"]] == [
        "Say in a sentence what is missing, so that the partner can act on it."
    ]


def test_the_executive_reads_and_is_offered_no_act() -> None:
    page = signed_in("executive").get(f"/console/harbor/partners/{ENROLMENT}/").content.decode()

    assert 'name="audience"' not in page
    assert "/accept/" not in page


def test_what_is_only_ours_is_not_shown_to_the_partner() -> None:
    manager = signed_in("manager")
    manager.post(f"/console/harbor/partners/{ENROLMENT}/", {"text": "Handle with care.", "audience": "only_us"})
    manager.post(f"/console/harbor/partners/{ENROLMENT}/", {"text": "Well done.", "audience": "shared"})

    with acting("partner-admin"):
        texts = set(Note.objects.values_list("text", flat=True))
    assert "Well done." in texts
    assert "Handle with care." not in texts


@pytest.mark.parametrize("path", ["", "reports/", f"partners/{ENROLMENT}/"])
def test_a_page_asks_as_often_for_three_rows_as_for_one(path: str) -> None:
    client = signed_in("manager")
    _report(1)
    client.get(f"/console/harbor/{path}")
    with CaptureQueriesContext(connection) as once:
        client.get(f"/console/harbor/{path}")
    for day in (2, 3):
        _report(day)
    with CaptureQueriesContext(connection) as thrice:
        client.get(f"/console/harbor/{path}")

    assert len(thrice) == len(once)


def test_a_note_that_cannot_be_kept_is_refused_in_words() -> None:
    address = f"/console/harbor/partners/{ENROLMENT}/"
    before = signed_in("manager").get(address).context["page"].notes
    answer = signed_in("manager").post(address, {"text": "n" * 4001}, follow=True)

    assert len(list(answer.context["messages"])) == 1
    assert answer.context["page"].notes == before


def test_a_note_that_is_sent_twice_is_one_and_other_words_are_another() -> None:
    address = f"/console/harbor/partners/{ENROLMENT}/"
    for text, audience in (("Hello.", "shared"), ("Hello.", "shared"), ("Hello.", "only_us"), ("Again.", "shared")):
        signed_in("manager").post(address, {"text": text, "audience": audience})
    signed_in("success").post(address, {"text": "Hello.", "audience": "shared"})
    found = [note.text for note in signed_in("manager").get(address).context["page"].notes]

    assert (found.count("Hello."), found.count("Again.")) == (3, 1)


def test_a_zero_in_a_note_is_left_out_of_it() -> None:
    address = f"/console/harbor/partners/{ENROLMENT}/"
    answer = signed_in("manager").post(address, {"text": "a\0b"}, follow=True)

    assert "ab" in {note.text for note in answer.context["page"].notes}


@pytest.mark.parametrize("act", ["return", "decline"])
def test_an_answer_that_cannot_be_kept_decides_nothing(act: str) -> None:
    key = _report(20)
    signed_in("manager").post(f"/console/harbor/reports/{key}/{act}/", {"answer": "n" * 2001})

    with acting("partner-admin"):
        assert the_enrolment().reports.get(pk=key).state == "submitted"
