"""Which word is due to a holder on which day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from swingby.enablement import Certification, DueWord, Event, EventKind, due_words, endings, live
from swingby.program.blocks import Length
from swingby.values import END_OF_TIME, Period
from tests.enablement.drawn import length

EARNED, ENDS = date(2025, 6, 14), date(2026, 6, 14)


def certification(renewal: int | None) -> Certification:
    return Certification(
        code="expert",
        label="Harbor Expert",
        vendor="harbor",
        product="",
        role="engineering",
        level="advanced",
        valid=Length(((12, "month"),)),
        renewal=length(renewal) if renewal else None,
    )


def words(today: date, renewal: int | None = None) -> tuple[DueWord, ...]:
    lives = {"ola": {"expert": live(certification(renewal), [Event(EARNED, EventKind.PASSED)])}}
    members = {"ola": [Period(date(2024, 1, 1), END_OF_TIME)]}
    return due_words(endings(lives, members, today, END_OF_TIME), lives, today)


def days_before(days: int) -> date:
    return ENDS - timedelta(days=days)


@pytest.mark.parametrize(
    ("ahead", "before"),
    [(91, None), (90, 90), (61, 90), (60, 60), (31, 60), (30, 30), (8, 30), (7, 7), (1, 7)],
)
def test_a_word_is_due_90_60_30_and_7_days_before(ahead: int, before: int | None) -> None:
    found = words(days_before(ahead))
    assert [(word.before, word.due) for word in found] == ([(before, days_before(before))] if before else [])
    assert [word.ending.day for word in found] == ([ENDS] if before else [])


def test_a_word_is_due_when_the_window_opens() -> None:
    assert words(days_before(121), 120) == ()
    (word,) = words(days_before(100), 120)
    assert (word.before, word.due, word.renewable) == (None, days_before(120), True)
    (later,) = words(days_before(90), 120)
    assert (later.before, later.due, later.renewable) == (90, days_before(90), True)


def test_of_two_words_of_one_day_there_is_one() -> None:
    (word,) = words(days_before(90), 90)
    assert (word.before, word.due, word.renewable) == (90, days_before(90), True)


def test_a_window_between_two_reminders_has_its_own_day() -> None:
    (word,) = words(days_before(44), 45)
    assert (word.before, word.due) == (None, days_before(45))
    (before,) = words(days_before(50), 45)
    assert (before.before, before.renewable) == (60, False)
