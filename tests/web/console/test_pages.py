from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from swingby.web.domain.reports import submit_report
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
