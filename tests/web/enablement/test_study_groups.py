"""Study groups: found and founded, seen from inside alone, parted when a firm ends it, with a file that others read."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Any

import pytest
import vobject  # type: ignore[import-untyped]  # It has no types, and no stubs that we lock.
from django.contrib.messages import get_messages
from django.urls import reverse
from pytest_django.fixtures import Settings

from swingby.web.domain.notifications import choose_ways, desk_of
from swingby.web.domain.notifications import told as seen_by
from swingby.web.domain.study.nudging import nudge_buddies
from swingby.web.domain.study.sharing import share_study
from swingby.web.domain.study.usual import Usual, usual_for
from swingby.web.enablement.study_parts import GroupPage, GroupsPage
from swingby.web.models import Notification, NotificationKind, SpokenLanguages, StudyCircle, StudyMember, StudySeat, Way
from swingby.web.tenancy import act_for_owner
from tests.permissions.world import PROGRAM_TEXT
from tests.web.acting import acting, signed_in, the_enrolment
from tests.web.enablement.firm import ADMIN, FIRM, LEAD, MEMBER, of_the_firm
from tests.web.publishing import publish

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 31)
CIRCLE = "tarn-circle"
WISH = {
    "code": "expert",
    "goal_on": "2026-06-20",
    "level": "0",
    "zone": "America/Chicago",
    "days": ["1", "3"],
    "starts": "17:00",
    "ends": "20:00",
    "languages": ["en"],
}
FOUNDED = {**WISH, "code": "", "topic": "Reading designs aloud", "day": "3", "starts": "18:00"}


def post(name: str, *args: str, person: str, **said: Any) -> list[str]:
    answer = signed_in(person).post(reverse(f"learning:{name}", args=[FIRM, *args]), said)
    assert answer.status_code == 302
    return [str(message) for message in get_messages(answer.wsgi_request)]


def groups(person: str) -> GroupsPage:
    page = signed_in(person).get(reverse("learning:groups", args=[FIRM])).context["page"]
    assert isinstance(page, GroupsPage)
    return page


def group(person: str, circle: str = CIRCLE, firm: str = FIRM) -> GroupPage | None:
    answer = signed_in(person).get(reverse("learning:group", args=[firm, circle]))
    return answer.context["page"] if answer.status_code == 200 else None


def inside(person: str) -> GroupPage:
    page = group(person)
    assert page is not None
    return page


def study_news(person: str) -> list[str]:
    with acting(person):
        rows = Notification.objects.filter(person_id=person, kind=NotificationKind.STUDY)
        return list(rows.values_list("words", flat=True))


def joined(*people: str) -> None:
    for person in people:
        post("group_act", CIRCLE, person=person, act="join")


def test_a_wish_finds_the_group_with_its_reasons() -> None:
    assert post("study_wish", person=LEAD, **WISH) == ["Noted. Below is what fits. Nobody else sees what you look for."]
    (line,) = groups(LEAD).matches
    assert (line.label, line.obstacles) == ("Harbor Expert", ())
    assert line.reasons == (
        "It is for the same.",
        "Its goal, 30 June 2026, is 10 days after yours.",
        "New to it: as you.",
        "It meets in your hours: Tuesday at 17:30 for you.",
        "It speaks a language of yours.",
        "7 of 8 places are free.",
    )


def test_what_stands_in_the_way_is_said_and_no_name() -> None:
    post("study_wish", person=LEAD, **{**WISH, "days": ["5"]})
    (line,) = groups(LEAD).matches
    assert line.obstacles == ("It meets outside your hours: Tuesday at 17:30 for you.",)
    text = signed_in(LEAD).get(reverse("learning:groups", args=[FIRM])).content.decode()
    assert "Partner-Member" not in text


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"goal_on": "2026-03-31"}, "Choose a day after today, within two years."),
        ({"zone": "Mars/Olympus"}, "Choose a time zone, such as America/Chicago."),
        ({"days": []}, "Choose at least one day of the week on which you can meet."),
        ({"ends": "17:00"}, "The hours must end after they begin."),
        ({"languages": ["xx"]}, "Choose at least one language."),
        ({"code": "nothing"}, "Choose a certification, or write a topic of at most 80 letters."),
        ({"level": "\u00b2"}, "Say how far you are."),
        ({"starts": "25:00"}, "Say the time as hours and minutes, such as 17:30."),
    ],
)
def test_what_no_wish_can_be_is_refused_in_words(change: dict[str, Any], words: str) -> None:
    assert post("study_wish", person=LEAD, **{**WISH, **change}) == [words]


def test_members_see_each_other_and_nobody_else_does() -> None:
    assert group(LEAD) is None
    joined(LEAD)
    assert [(one.words) for one in inside(LEAD).members] == ["your buddy", "you"]
    assert group(ADMIN) is None


def test_three_are_one_pair_of_three_and_who_is_left_is_paired() -> None:
    joined(LEAD, ADMIN)
    assert [one.words for one in inside(ADMIN).members] == ["your buddy", "your buddy", "you"]
    post("group_act", CIRCLE, person=LEAD, act="leave")
    assert [one.words for one in inside(ADMIN).members] == ["your buddy", "you"]
    assert (group(LEAD), inside(ADMIN).line.places) == (None, "2 of 8 places taken")


def test_one_line_is_read_by_the_group() -> None:
    joined(LEAD)
    post("group_act", CIRCLE, person=LEAD, act="say", words="Studied 3 hours,\ndone step 2.")
    assert [one.words for one in inside(MEMBER).check_ins] == ["Studied 3 hours, done step 2.", "Example of one line"]


def test_a_full_group_takes_nobody_and_a_closed_one_neither() -> None:
    refused = ["This group is full, closed, or past its goal. Look for another or found one."]
    with of_the_firm():
        StudyCircle.objects.filter(pk=CIRCLE).update(size=8)
    assert post("group_act", CIRCLE, person=LEAD, act="join") == refused
    with of_the_firm():
        StudyCircle.objects.filter(pk=CIRCLE).update(size=1)
    assert post("group_act", CIRCLE, person=MEMBER, act="close") == ["Closed. Its members can still read it."]
    assert post("group_act", CIRCLE, person=LEAD, act="join") == refused


def test_a_founded_group_is_told_to_who_looks_for_it() -> None:
    post("study_wish", person=LEAD, **{**WISH, "code": "", "topic": "reading  designs ALOUD"})
    post("group_found", person=MEMBER, **FOUNDED)
    words = ["There is a study group that fits what you look for: Reading designs aloud."]
    assert (study_news(LEAD), study_news(ADMIN), study_news(MEMBER)) == (words, [], [])


def test_a_silent_buddy_is_told_of_once_a_week(settings: Settings) -> None:
    joined(LEAD)
    told = []
    for days in (13, 14, 15, 20, 21, 28):
        settings.SWINGBY_TODAY = TODAY + timedelta(days=days)
        nudge_buddies(FIRM)
        nudge_buddies(FIRM)
        told.append((len(study_news(MEMBER)), len(study_news(LEAD))))
    # The member spoke a day before the lead joined.
    assert told == [(0, 1), (1, 1), (1, 1), (1, 2), (2, 2), (3, 3)]


def test_who_turned_it_off_hears_nothing(settings: Settings) -> None:
    joined(LEAD)
    with acting(MEMBER) as actor:
        choose_ways(actor, desk_of(the_enrolment()), {NotificationKind.STUDY: Way.NONE})
    settings.SWINGBY_TODAY = TODAY + timedelta(days=14)
    nudge_buddies(FIRM)
    with acting(MEMBER) as actor:
        kinds = set(seen_by(actor, desk_of(the_enrolment())).values_list("kind", flat=True))
    assert NotificationKind.STUDY not in kinds


def test_the_plan_and_the_calendar_agree_as_another_reader_reads_it() -> None:
    weeks = inside(MEMBER).weeks
    content = signed_in(MEMBER).get(reverse("learning:group_calendar", args=[FIRM, CIRCLE])).content.decode()
    events = vobject.readOne(content).vevent_list
    assert len(weeks) == 13
    assert [event.dtstart.value.date() for event in events] == [week.day for week in weeks]
    assert {event.dtstart.value.time() for event in events} == {time(17, 30)}
    assert len({event.uid.value for event in events}) == len(weeks)
    assert all(event.dtend.value - event.dtstart.value == timedelta(hours=1) for event in events)
    assert "ATTENDEE" not in content


# --- with another firm --------------------------------------------------------------------------------------------------


def found_by_sedge() -> list[str]:
    with acting("both-programs"):
        return list(StudyCircle.objects.filter(organization_id=FIRM).values_list("pk", flat=True))


def test_an_open_group_is_found_by_a_firm_that_allows_it_until_either_ends_it() -> None:
    assert found_by_sedge() == [CIRCLE]
    with acting(ADMIN) as actor:
        share_study(FIRM, "harbor", actor=actor, is_allowed=False)
    assert found_by_sedge() == []


def test_who_ends_it_parts_people_at_once() -> None:
    answer = signed_in("both-programs").post(reverse("learning:group_act", args=["sedge", CIRCLE]), {"act": "join"})
    assert answer.status_code == 302
    assert [one.words for one in inside(MEMBER).members] == ["you", "your buddy, from another firm"]
    with acting(ADMIN) as actor:
        share_study(FIRM, "harbor", actor=actor, is_allowed=False)
    assert [one.words for one in inside(MEMBER).members] == ["you"]
    assert group("both-programs", firm="sedge") is None
    with acting("both-programs"):
        assert not StudySeat.objects.exclude(circle__organization_id="sedge").exists()
        assert not StudyMember.objects.filter(circle_id=CIRCLE).exists()


def usual(person: str) -> tuple[list[str], list[str]]:
    form = groups(person).founding
    return [one.value for one in form.zones if one.chosen], [one.value for one in form.languages if one.chosen]


def test_the_form_begins_with_the_own_group_then_the_firm_s_then_the_program_s() -> None:
    with acting(LEAD):
        SpokenLanguages.objects.filter(person_id=LEAD).delete()
    post("group_found", person=LEAD, **{**FOUNDED, "zone": "Asia/Tokyo", "languages": ["ja"]})
    assert usual(LEAD) == (["Asia/Tokyo"], ["ja"])
    assert usual(ADMIN) == (["America/Chicago"], ["en"])


def test_the_form_begins_with_the_languages_one_said_that_of_the_own_group_first() -> None:
    post("group_found", person=LEAD, **{**FOUNDED, "zone": "Asia/Tokyo", "languages": ["ja"]})
    post("languages", person=LEAD, languages=["en", "ja"])
    assert usual(LEAD) == (["Asia/Tokyo"], ["ja"])
    assert {one.value for one in groups(LEAD).form.languages if one.chosen} == {"en", "ja"}


def test_where_no_group_meets_it_begins_with_the_zone_of_the_first_program_that_names_one() -> None:
    with acting(ADMIN) as actor:
        pass
    with act_for_owner("harbor"):
        assert usual_for(FIRM, actor=actor) == Usual("UTC", ("en",))
    publish("2", "2026-02-01", PROGRAM_TEXT.replace("currency: USD", "currency: USD, time_zone: America/New_York"))
    with act_for_owner("harbor"):
        assert usual_for(FIRM, actor=actor) == Usual("America/New_York", ("en",))
