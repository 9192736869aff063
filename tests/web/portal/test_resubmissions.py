"""What was sent back and is sent again: done, answered by somebody else meanwhile, refused, or not allowed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django import forms
from django.contrib.messages import get_messages
from django.contrib.messages.storage.cookie import CookieStorage
from django.test import RequestFactory

from swingby.web.domain.errors import ChangedMeanwhileError, NotAllowedError, RefusedError
from swingby.web.domain.reports import return_report, submit_report
from swingby.web.models import ActivityReport, ReportState
from swingby.web.portal.resubmissions import is_resubmitted
from tests.web.acting import ENROLMENT, acting, signed_in, the_enrolment


class Form(forms.Form):
    words = forms.CharField()


def _refusing(error: Exception) -> Callable[[], None]:
    def act() -> None:
        raise error

    return act


def _sent(act: Callable[[], object]) -> tuple[bool, list[str], list[str]]:
    request: Any = RequestFactory().post("/", {"words": "kept"})
    request._messages = CookieStorage(request)
    form = Form(request.POST)
    assert form.is_valid()
    done = is_resubmitted(request, form, act, waits_for="an answer")
    return done, [str(message) for message in get_messages(request)], [str(error) for error in form.non_field_errors()]


@pytest.mark.parametrize(
    ("act", "expected"),
    [
        (lambda: None, (True, ["Sent again. It waits for an answer."], [])),
        (_refusing(ChangedMeanwhileError("Answered.")), (True, ["Answered."], [])),
        (_refusing(RefusedError("Too late.")), (False, [], ["Too late."])),
    ],
)
def test_each_end_says_what_happened(act: Callable[[], object], expected: tuple[bool, list[str], list[str]]) -> None:
    assert _sent(act) == expected


def test_who_may_not_is_not_told_it_was_a_mistake_of_the_form() -> None:
    with pytest.raises(NotAllowedError):
        _sent(_refusing(NotAllowedError("No.")))


@pytest.mark.django_db
def test_a_report_that_came_back_waits_again_with_what_was_mended() -> None:
    with acting("partner-admin") as actor:
        key = submit_report(the_enrolment(), actor=actor, kind="plan_reviewed", happened_on=date(2026, 3, 5)).pk
    with acting("manager") as actor:
        return_report(ActivityReport.objects.get(pk=key), actor=actor, answer="Which plan?")
    address = f"/partner/{ENROLMENT}/reports/{key}/"
    seller = signed_in("partner-admin")
    assert "Which plan?" in seller.get(address).content.decode()
    said = {"kind": "plan_reviewed", "happened_on": "2026-03-05", "details": "The plan of spring."}
    page = seller.post(address, said, follow=True).content.decode()
    assert "Sent again. It waits for checking." in page
    with acting("partner-admin"):
        found = ActivityReport.objects.get(pk=key)
    assert (found.state, found.details) == (ReportState.SUBMITTED, "The plan of spring.")
