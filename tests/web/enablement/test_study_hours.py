"""Hours of study: noted with a tap, against a step, by the person alone; leads read sums of large teams, and more if the firm says so."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.db import IntegrityError, connection
from django.urls import reverse

from swingby.enablement import Certification, PathStep
from swingby.program.blocks import Location
from swingby.web.domain.study.hours import remaining_hours
from swingby.web.enablement.hour_parts import HoursPage
from swingby.web.enablement.parts import MyPathPage, PlanLine
from swingby.web.models import Learner, Person, StudyHours
from tests.web.acting import acting, signed_in
from tests.web.enablement.firm import ADMIN, FIRM, LEAD, MEMBER, employ, key_of, of_the_firm

pytestmark = pytest.mark.django_db
TODAY, YESTERDAY = date(2026, 3, 31), "2026-03-30"


def post(name: str, *args: Any, person: str = MEMBER, **said: str) -> list[str]:
    answer = signed_in(person).post(reverse(f"learning:{name}", args=[FIRM, *args]), said)
    assert answer.status_code == 302
    return [str(message) for message in get_messages(answer.wsgi_request)]


def note(hours: str = "1", *, person: str = MEMBER, **said: str) -> list[str]:
    return post("hours_note", person=person, **{"code": "basics", "step": "Course", "day": "", "hours": hours, **said})


def my_path(person: str = MEMBER) -> MyPathPage:
    shown = signed_in(person).get(reverse("learning:mine", args=[FIRM])).context["page"]
    assert isinstance(shown, MyPathPage)
    return shown


def plan(person: str = MEMBER) -> PlanLine:
    return next(line for line in my_path(person).plans if line.code == "basics")


def page(person: str = LEAD) -> HoursPage:
    shown = signed_in(person).get(reverse("learning:hours", args=[FIRM])).context["page"]
    assert isinstance(shown, HoursPage)
    return shown


def noted(person: str = MEMBER) -> dict[date, Decimal]:
    with acting(person):
        rows = StudyHours.objects.filter(person_id=person, code="basics").order_by("day")
        return dict(rows.values_list("day", "hours"))


def team(people: int) -> list[str]:
    """So many colleagues of one role at an office."""
    keys = [f"colleague-{number}" for number in range(people)]
    for key in keys:
        Person.objects.create_user(f"{key}@tarn.test", name=key, key=key)
        with of_the_firm():
            Learner.objects.create(organization_id=FIRM, key=key, person_id=key)
    employ(*keys)
    return keys


def studied(person: str, hours: str, day: date) -> None:
    with of_the_firm(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('swingby.person', %s, true)", [person])
        cursor.execute(
            "INSERT INTO study_hours (organization, person, learner, code, step, day, hours, noted_on)"
            " VALUES (%s, %s, %s, 'basics', 'Course', %s, %s, %s)",
            [FIRM, person, person, day, hours, day],
        )


def test_a_tap_adds_to_the_step_and_what_is_left_falls() -> None:
    assert (plan().note, plan().steps[0].words) == ("8 hours", "0 of 8 hours")
    assert note("0.5") == ["Noted."]
    note("2")
    note("1", day=YESTERDAY)
    assert noted() == {date(2026, 3, 30): Decimal(1), TODAY: Decimal("2.5")}
    assert (plan().note, plan().steps[0].words) == ("4.5 of 8 hours left", "3.5 of 8 hours")
    note("8")
    assert plan().note == "All hours of the path are noted."


def test_what_is_left_is_never_below_zero() -> None:
    here = Location("all.yaml", 1, 1)
    steps = (
        PathStep(location=here, label="Course", hours=Decimal(8)),
        PathStep(location=here, label="Labs", hours=Decimal(4)),
    )
    one = Certification(
        location=here, code="one", label="One", vendor="v", product="p", role="r", level="l", steps=steps
    )
    assert (
        remaining_hours(one, {("one", "Course"): Decimal(20), ("one", "Labs"): Decimal(1), ("two", "Labs"): Decimal(9)})
        == 3
    )


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"hours": "0.1"}, "Write hours in quarters, such as 0.5 or 1.25, at most 24."),
        ({"hours": "NaN"}, "Write hours in quarters, such as 0.5 or 1.25, at most 24."),
        ({"hours": "1e9"}, "Write hours in quarters, such as 0.5 or 1.25, at most 24."),
        ({"hours": "-1"}, "Write hours in quarters, such as 0.5 or 1.25, at most 24."),
        ({"day": "2026-04-01"}, "Choose today or one of the 14 days before."),
        ({"day": "2026-03-16"}, "Choose today or one of the 14 days before."),
        ({"step": "Nothing"}, "Choose a step of your path."),
        ({"code": "nothing"}, "Choose a step of your path."),
    ],
)
def test_what_no_note_can_be_is_refused_in_words(said: dict[str, str], words: str) -> None:
    assert note(**said) == [words]
    assert noted() == {}


def test_a_day_has_24_hours_in_all() -> None:
    note("20")
    said = note("5", code="expert")
    assert said == ["A day has 24 hours, and 20.00 are noted on this one."]
    assert note("4", code="expert") == ["Noted."]
    with pytest.raises(IntegrityError):
        studied(MEMBER, "24.25", TODAY - timedelta(days=30))


def test_a_note_is_changed_or_taken_away_for_14_days_by_its_writer_alone() -> None:
    note("2")
    with acting(MEMBER):
        key = StudyHours.objects.get(person_id=MEMBER, code="basics").pk
    assert post("hours_change", key, hours="3.5") == ["Noted."]
    assert noted() == {TODAY: Decimal("3.5")}
    assert signed_in(LEAD).post(reverse("learning:hours_change", args=[FIRM, key]), {"hours": "1"}).status_code == 404
    assert post("hours_change", key, hours="0") == ["Noted."]
    assert noted() == {}
    note("1")
    with acting(MEMBER):
        row = StudyHours.objects.get(person_id=MEMBER, code="basics")
        StudyHours.objects.filter(pk=row.pk).update(noted_on=TODAY - timedelta(days=15))
    answer = signed_in(MEMBER).post(reverse("learning:hours_change", args=[FIRM, row.pk]), {"hours": "2"})
    assert answer.status_code == 404


def test_a_team_of_ten_is_shown_as_a_sum_and_one_of_nine_is_not() -> None:
    nine = team(9)
    studied(nine[0], "12", date(2026, 3, 25))
    assert (page().teams, page().too_small) == ((), 1)
    employ(key_of(MEMBER))
    shown = page()
    assert [(one.team, one.heads, one.hours, one.per_week) for one in shown.teams] == [
        ("North, Engineering", 10, Decimal(16), Decimal("0.1"))
    ]


def test_the_week_that_runs_is_in_no_sum() -> None:
    ten = team(10)
    studied(ten[0], "12", date(2026, 3, 30))
    assert [one.hours for one in page().teams] == [Decimal(0)]


def test_leads_read_people_from_the_day_on_which_the_firm_says_so() -> None:
    """The small world's firm says so since 24 March: what was noted for days before is read by nobody."""
    assert [(one.name, one.hours) for one in page().people] == [
        ("Partner-manager", Decimal(2)),
        ("Partner-member", Decimal(2)),
    ]
    assert my_path().shown_from == date(2026, 3, 24)
    assert post("hours_rule", person=ADMIN, billed="75") == ["Noted. Everybody reads it on their path."]
    assert (page().people, page().billed) == ((), 75)
    with acting(LEAD):
        assert {row.person_id for row in StudyHours.objects.all()} == {LEAD}
    post("hours_rule", person=ADMIN, shows="yes", billed="")
    assert (page().people, page().billed, my_path().shown_from) == ((), None, TODAY)


def test_a_wrong_percentage_is_refused_in_words() -> None:
    assert post("hours_rule", person=ADMIN, billed="101") == [
        "Write the part that is to be billed in percent, such as 75, or leave it empty."
    ]
