"""What is coming, against days that are looked at one by one, and for Ola's certificate."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from swingby.enablement import (
    Certification,
    Employment,
    Ending,
    Event,
    EventKind,
    Fall,
    Lives,
    Reminder,
    Requirement,
    Resting,
    State,
    due_reminders,
    endings,
    falls,
    heads,
    live,
    members_of,
    resting,
    stays,
    without,
    without_failures,
)
from swingby.program.blocks import Length
from swingby.values import END_OF_TIME, Period
from tests.enablement.drawn import days, events
from tests.enablement.drawn_people import all_days, employments, lives

UNTIL = all_days()[-1]
ALWAYS = [Period(date(2024, 1, 1), END_OF_TIME)]


def after(today: date) -> list[date]:
    return [day for day in all_days() if day > today]


@settings(max_examples=100, deadline=None)
@given(lives, days)
def test_every_ending_is_the_first_day_that_does_not_count(held: Lives, today: date) -> None:
    found = endings(held, dict.fromkeys(held, ALWAYS), today, UNTIL)
    first = {
        (person, code): next((day for day in after(today) if not life.counts_on(day)), UNTIL)
        for person, by_code in held.items()
        for code, life in by_code.items()
        if life.counts_on(today)
    }
    expected = {key: day for key, day in first.items() if day < UNTIL}
    assert {(one.person, one.code): one.day for one in found} == expected
    assert all(held[one.person][one.code].holding_on(one.day) is one.becomes for one in found)
    assert list(found) == sorted(found)


@settings(max_examples=100, deadline=None)
@given(lives, employments, days, st.integers(1, 2))
def test_every_fall_is_the_first_day_with_too_few(
    held: Lives, reported: list[Employment], today: date, people: int
) -> None:
    group = members_of(stays(reported), "Thornquay")
    gold = Requirement("Gold", ("A", "B"), people)
    count = {day: heads(held, "AB", group, (), day).held for day in (today, *after(today))}
    short = [day for day in after(today) if day < UNTIL and count[day] < people]
    expected = [(short[0], count[short[0]])] if count[today] >= people and short else []
    assert [(one.day, one.held) for one in falls([gold], held, group, today, UNTIL)] == expected


TODAY = date(2026, 3, 16)
LAPSES = date(2026, 6, 14)
NINETY = Length(((90, "day"),))
YEARLY = Certification(
    code="A", label="A", vendor="v", product="v", role="r", level="l", valid=Length(((1, "year"),)), renewal=NINETY
)


def held_by(**since: date) -> Lives:
    return {person: {"A": live(YEARLY, [Event(day, EventKind.PASSED)])} for person, day in since.items()}


OLAS = held_by(Ola=date(2025, 6, 14))
LAPSE = Ending(LAPSES, "Ola", "A", State.LAPSED)


def test_reminders_come_ninety_sixty_thirty_and_seven_days_before() -> None:
    found = {}
    for number in range(120):
        today = TODAY + timedelta(days=number)
        coming = endings(OLAS, {"Ola": ALWAYS}, today, END_OF_TIME)
        for one in due_reminders(coming, today, today - timedelta(days=1)):
            found[today] = one
    assert found == {LAPSES - timedelta(days=before): Reminder(LAPSE, before) for before in (90, 60, 30, 7)}


def test_after_runs_that_were_left_out_there_is_one_word() -> None:
    assert due_reminders([LAPSE], date(2026, 5, 20), date(2026, 3, 1)) == (Reminder(LAPSE, 30),)


def test_what_is_renewed_is_no_ending() -> None:
    told = [Event(date(2025, 6, 14), EventKind.PASSED), Event(date(2026, 4, 1), EventKind.RENEWED)]
    renewed = {"Ola": {"A": live(YEARLY, told)}}
    assert endings(renewed, {"Ola": ALWAYS}, date(2026, 4, 15), LAPSES + timedelta(days=1)) == ()


def test_what_a_leaver_takes_along_has_not_ended() -> None:
    leaves = {"Ola": [Period(date(2024, 1, 1), date(2026, 5, 1))]}
    assert endings(OLAS, leaves, TODAY, END_OF_TIME) == ()


def test_gold_rests_on_olas_certificate() -> None:
    held = {**OLAS, **held_by(Mei=date(2026, 1, 5))}
    members = dict.fromkeys(held, ALWAYS)
    gold, silver = Requirement("Gold", ("A",), 2), Requirement("Silver", ("A",), 1)
    until = date(2026, 12, 31)
    assert falls([silver, gold], held, members, TODAY, until) == (Fall(gold, LAPSES, 1, ("Ola",), ()),)
    coming = endings(held, members, TODAY, until)
    assert resting(coming, [silver, gold], held, members) == (Resting(LAPSE, ("Gold",)),)
    assert falls([Requirement("Elite", ("A",), 3)], held, members, TODAY, until) == ()


def test_what_if_mei_left() -> None:
    held = {**OLAS, **held_by(Mei=date(2026, 1, 5))}
    gold = Requirement("Gold", ("A",), 2)
    left = without(dict.fromkeys(held, ALWAYS), {"Mei"}, TODAY)
    tomorrow = TODAY + timedelta(days=1)
    assert falls([gold], held, left, TODAY, date(2026, 12, 31)) == (Fall(gold, tomorrow, 1, (), ("Mei",)),)


@settings(max_examples=60, deadline=None)
@given(st.lists(events(), max_size=8))
def test_others_see_no_trace_of_a_failure(told: list[Event]) -> None:
    failed = [Event(one.day, EventKind.FAILED) for one in told]
    seen, never = live(YEARLY, without_failures([*told, *failed])), live(YEARLY, without_failures(told))
    assert seen == never
    assert not any(one.kind is EventKind.FAILED for one in without_failures(told))
