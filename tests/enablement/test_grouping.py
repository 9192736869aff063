"""Study groups: what fits and why, against a count of half hours; new groups leave an hour and a language to all."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from swingby.enablement import (
    LEAST,
    MOST,
    FreeTime,
    Meeting,
    Seeker,
    StudyGroup,
    StudyLevel,
    Subject,
    common_hours,
    match_group,
    match_groups,
    new_group,
)

TODAY = date(2026, 3, 31)
ZONES = ("America/Chicago", "America/Toronto", "America/Monterrey", "Asia/Kolkata", "Australia/Sydney", "UTC")
HALF_HOUR = timedelta(minutes=30)
EXPERT = Subject(code="expert")
EVENINGS = FreeTime(zone="America/Chicago", days=frozenset({0, 1, 2, 3, 4}), starts=time(17), ends=time(20))
MEI = Seeker(
    person="mei",
    subject=EXPERT,
    goal_on=date(2026, 6, 30),
    level=StudyLevel.NEW,
    free=EVENINGS,
    languages=frozenset({"en", "zh"}),
)
TUESDAYS = StudyGroup(
    key="tuesdays",
    subject=EXPERT,
    goal_on=date(2026, 6, 30),
    level=StudyLevel.NEW,
    meeting=Meeting(zone="America/Toronto", day=1, starts=time(18, 30)),
    language="en",
    members=4,
)

clocks = st.integers(0, 47).map(lambda count: time(count // 2, 30 * (count % 2)))
starts_and_ends = st.lists(clocks, min_size=2, max_size=2, unique=True).map(sorted)


@st.composite
def free_times(draw: st.DrawFn) -> FreeTime:
    starts, ends = draw(starts_and_ends)
    days = draw(st.frozensets(st.integers(0, 6), min_size=1))
    return FreeTime(zone=draw(st.sampled_from(ZONES)), days=days, starts=starts, ends=ends)


@st.composite
def seekers(draw: st.DrawFn, number: int) -> Seeker:
    return Seeker(
        person=f"person-{number}",
        subject=draw(st.sampled_from([EXPERT, EXPERT, EXPERT, Subject(topic="Cloud basics")])),
        goal_on=TODAY + timedelta(days=draw(st.integers(20, 70))),
        level=draw(st.sampled_from(StudyLevel)),
        free=draw(free_times()),
        languages=draw(st.frozensets(st.sampled_from(["en", "es", "fr"]), min_size=1)),
    )


crowds = st.integers(1, 12).flatmap(lambda count: st.tuples(*(seekers(number) for number in range(count))))
days = st.dates(date(2026, 1, 1), date(2026, 12, 31))


def is_free(free: FreeTime, moment: datetime) -> bool:
    """Whether the half hour from a moment on is free, told by the clock on the wall."""
    local = moment.astimezone(ZoneInfo(free.zone))
    return local.weekday() in free.days and free.starts <= local.time() < free.ends


@given(st.lists(free_times(), min_size=1, max_size=4), days)
def test_common_hours_are_the_half_hours_that_all_have(free: list[FreeTime], on: date) -> None:
    first = datetime.combine(on, time(), UTC)
    halves = [first + number * HALF_HOUR for number in range(7 * 48)]
    expected = {moment for moment in halves if all(is_free(each, moment) for each in free)}
    found = common_hours(free, on)
    assert {moment for moment in halves if any(a <= moment < b for a, b in found)} == expected


@given(crowds)
def test_a_new_group_goes_with_everybody_in_it(crowd: tuple[Seeker, ...]) -> None:
    answer = new_group(crowd[0], crowd, TODAY)
    made = answer.group
    if made is None:
        return
    people = [next(each for each in crowd if each.person == person) for person in made.people]
    moment = made.meeting.moment(next(made.meeting.days_until(TODAY, TODAY + timedelta(days=8))))
    assert made.people[0] == crowd[0].person
    assert LEAST <= len(people) == len(set(made.people)) <= MOST
    assert all(each.free.holds(moment) for each in people)
    assert all(made.language in each.languages for each in people)
    assert {each.subject.key for each in people} == {crowd[0].subject.key}
    assert max(e.goal_on for e in people) - min(e.goal_on for e in people) <= timedelta(days=30)
    assert max(each.level for each in people) - min(each.level for each in people) <= 1


@given(crowds)
def test_who_gets_no_group_is_told_why(crowd: tuple[Seeker, ...]) -> None:
    answer = new_group(crowd[0], crowd, TODAY)
    assert answer.reason.endswith(".")
    assert not any(each.person in answer.reason for each in crowd)


@given(crowds)
def test_whoever_comes_first_makes_no_difference(crowd: tuple[Seeker, ...]) -> None:
    assert new_group(crowd[0], crowd, TODAY) == new_group(crowd[0], tuple(reversed(crowd)), TODAY)


def test_everything_that_speaks_for_a_group_is_said() -> None:
    match = match_group(MEI, TUESDAYS, TODAY)
    assert match.fits
    assert match.reasons == (
        "It is for the same.",
        "Its goal is yours: 30 June 2026.",
        "New to it: as you.",
        "It meets in your hours: Tuesday at 17:30 for you.",
        "It speaks a language of yours.",
        "4 of 8 places are free.",
    )


@pytest.mark.parametrize(
    ("change", "obstacle"),
    [
        ({"subject": Subject(topic="Cloud")}, "It is for something else."),
        (
            {"goal_on": date(2026, 8, 10)},
            "Its goal, 10 August 2026, is 41 days after yours; 30 days apart is the most.",
        ),
        ({"goal_on": TODAY}, "Its goal, 31 March 2026, has passed."),
        ({"level": StudyLevel.NEARLY}, "Nearly ready: too far from where you are."),
        (
            {"meeting": Meeting(zone="Asia/Kolkata", day=1, starts=time(18))},
            "It meets outside your hours: Tuesday at 07:30 for you.",
        ),
        ({"language": "fr"}, "It speaks none of your languages."),
        ({"members": 8}, "All of its 8 places are taken."),
        ({"is_closed": True}, "It is closed."),
    ],
)
def test_what_stands_in_the_way_is_said(change: dict[str, object], obstacle: str) -> None:
    match = match_group(MEI, replace(TUESDAYS, **change), TODAY)  # type: ignore[arg-type]
    assert obstacle in match.obstacles
    assert not match.fits


def test_a_change_of_clocks_is_no_surprise() -> None:
    """In London clocks change on 29 March 2026, in Phoenix never: one hour earlier from then on."""
    phoenix = FreeTime(zone="America/Phoenix", days=frozenset({1}), starts=time(11), ends=time(13))
    london = replace(TUESDAYS, meeting=Meeting(zone="Europe/London", day=1, starts=time(18)))
    match = match_group(replace(MEI, free=phoenix), london, date(2026, 3, 20))
    assert match.obstacles == (
        "It meets outside your hours: from 31 March 2026 on, when clocks change, Tuesday at 10:00 for you.",
    )


def test_groups_that_fit_come_first_the_nearest_goal_before_others() -> None:
    full = replace(TUESDAYS, key="full", members=8)
    later = replace(TUESDAYS, key="later", goal_on=date(2026, 7, 15))
    found = match_groups(MEI, [full, later, TUESDAYS], TODAY)
    assert [match.group.key for match in found] == ["tuesdays", "later", "full"]


def test_a_topic_is_the_same_however_it_is_written() -> None:
    assert Subject(topic=" Cloud  Basics").key == Subject(topic="cloud basics").key != Subject(code="cloud").key


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"subject": Subject(topic="Else")}, "Too few others look for a group for this yet."),
        (
            {"goal_on": date(2026, 12, 1)},
            "Others look for the same, but too few have a goal within 30 days of yours.",
        ),
        (
            {"level": StudyLevel.NEARLY},
            "Others look for the same by about your day, but too few are as far as you are.",
        ),
        ({"languages": frozenset({"fr"})}, "Others look for the same, but too few speak a language of yours."),
        (
            {"free": replace(EVENINGS, days=frozenset({6}))},
            "Others look for the same, but their hours and yours have no hour in common.",
        ),
    ],
)
def test_why_there_is_no_new_group(change: dict[str, object], reason: str) -> None:
    others = [replace(MEI, person=str(number), **change) for number in range(3)]  # type: ignore[arg-type]
    answer = new_group(MEI, others, TODAY)
    assert (answer.group, answer.reason) == (None, reason)
