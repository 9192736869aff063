"""What practitioners ask about a certificate, one case each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest

from swingby.enablement import Certification, Event, EventKind, ExamVersion, Life, Retirement, live
from swingby.program.blocks import Length

TERMS = Certification(
    code="cloud",
    label="Cloud",
    vendor="v",
    product="v",
    role="engineering",
    level="advanced",
    valid=Length(((24, "month"),)),
    renewal=Length(((90, "day"),)),
    grace=Length(((30, "day"),)),
)
RETIRING = Certification(
    code="old",
    label="Old",
    vendor="v",
    product="v",
    role="engineering",
    level="advanced",
    valid=Length(((24, "month"),)),
    retirement=Retirement(exams_until=date(2025, 7, 1), counts_until=date(2026, 1, 1)),
)
VERSIONED = Certification(
    code="exam",
    label="Exam",
    vendor="v",
    product="v",
    role="engineering",
    level="advanced",
    versions=(
        ExamVersion(name="1", starts_on=date(2023, 1, 1), counts_until=date(2025, 9, 1)),
        ExamVersion(name="2", starts_on=date(2025, 3, 1)),
    ),
)


def event(day: str, kind: str, exam: str | None = None, *, expires: Sequence[str] = ()) -> Event:
    return Event(
        date.fromisoformat(day),
        EventKind(kind),
        exam_on=date.fromisoformat(exam) if exam else None,
        expires_on=date.fromisoformat(expires[0]) if expires else None,
    )


def told(life: Life) -> list[str]:
    """What is held from when on."""
    return [f"{span.period.start} {span.state}" for span in life.holding[1:]]


CASES = {
    "left alone": (
        TERMS,
        "2024-01-31 passed",
        "2024-01-31 held|2025-11-02 renewal window|2026-01-31 grace|2026-03-02 lapsed",
    ),
    "renewed in the window": (
        TERMS,
        "2024-01-31 passed|2025-12-01 renewed",
        "2024-01-31 held|2025-11-02 renewal window|2025-12-01 held|2027-11-02 renewal window|2028-01-31 grace|2028-03-01 lapsed",
    ),
    "renewed in grace, from the old expiry": (
        TERMS,
        "2024-01-31 passed|2026-03-01 renewed",
        (
            "2024-01-31 held|2025-11-02 renewal window|2026-01-31 grace|2026-03-01 held"
            "|2027-11-02 renewal window|2028-01-31 grace|2028-03-01 lapsed"
        ),
    ),
    "earned again after the lapse, from the day of the exam": (
        TERMS,
        "2024-01-31 passed|2026-03-02 passed",
        (
            "2024-01-31 held|2025-11-02 renewal window|2026-01-31 grace|2026-03-02 held"
            "|2027-12-03 renewal window|2028-03-02 grace|2028-04-01 lapsed"
        ),
    ),
    "sat again before the window, from the day of the exam": (
        TERMS,
        "2024-01-31 passed|2025-01-31 passed",
        "2024-01-31 held|2026-11-02 renewal window|2027-01-31 grace|2027-03-02 lapsed",
    ),
    "revoked and given back": (
        TERMS,
        "2024-01-31 passed|2024-06-01 revoked|2024-07-01 re-awarded",
        "2024-01-31 held|2024-06-01 revoked|2024-07-01 held|2025-11-02 renewal window|2026-01-31 grace|2026-03-02 lapsed",
    ),
    "retired with a later last day": (RETIRING, "2025-06-30 passed", "2025-06-30 held|2026-01-01 retired"),
    "lapsed before it is retired": (RETIRING, "2023-06-30 passed", "2023-06-30 held|2025-06-30 lapsed"),
    "superseded": (VERSIONED, "2024-05-01 passed", "2024-05-01 held|2025-09-01 superseded"),
    "the new version in time": (VERSIONED, "2024-05-01 passed|2025-08-31 passed", "2024-05-01 held"),
}


@pytest.mark.parametrize("case", CASES)
def test_holding(case: str) -> None:
    terms, happened, expected = CASES[case]
    assert told(live(terms, [event(*one.split()) for one in happened.split("|")])) == expected.split("|")


ANY_TIME = replace(TERMS, renewal=None)
SHORT = replace(TERMS, valid=Length(((1, "month"),)), renewal=None, grace=Length(((3, "month"),)))
#: The vendor's own word on the expiry stands behind an event.
TOLD_BY_SEVERAL = {
    "one renewal told as pass and as renewal": (
        ANY_TIME,
        "2024-01-31 passed|2025-12-01 passed|2025-12-01 renewed",
        "2024-01-31 held|2028-01-31 grace|2028-03-01 lapsed",
    ),
    "one renewal told with and without its expiry": (
        ANY_TIME,
        "2024-01-31 passed|2025-12-01 renewed|2025-12-01 renewed 2027-12-31",
        "2024-01-31 held|2027-12-31 grace|2028-01-30 lapsed",
    ),
    "extended by the vendor before the window": (
        ANY_TIME,
        "2024-01-31 passed|2025-06-01 renewed 2028-01-31",
        "2024-01-31 held|2028-01-31 grace|2028-03-01 lapsed",
    ),
    "extended by the vendor after the lapse": (
        ANY_TIME,
        "2024-01-31 passed|2026-03-10 renewed 2028-01-31",
        "2024-01-31 held|2026-01-31 grace|2026-03-02 lapsed|2026-03-10 held|2028-01-31 grace|2028-03-01 lapsed",
    ),
    "known by its renewal only": (
        ANY_TIME,
        "2025-06-01 renewed 2028-01-31",
        "2025-06-01 held|2028-01-31 grace|2028-03-01 lapsed",
    ),
    "passed so late in a long grace that a term from the old expiry would be over": (
        SHORT,
        "2025-01-01 passed|2025-04-15 passed",
        "2025-01-01 held|2025-02-01 grace|2025-04-15 held|2025-05-15 grace|2025-08-15 lapsed",
    ),
}


@pytest.mark.parametrize("case", TOLD_BY_SEVERAL)
def test_what_several_sources_tell(case: str) -> None:
    terms, happened, expected = TOLD_BY_SEVERAL[case]
    events = [event(*one.split()[:2], expires=one.split()[2:]) for one in happened.split("|")]
    assert told(live(terms, events)) == expected.split("|")
    assert told(live(terms, reversed(events))) == expected.split("|")


def test_a_new_booking_on_the_day_of_a_failure_stays() -> None:
    life = live(
        TERMS,
        [
            event("2025-03-01", "booked", "2025-03-15"),
            event("2025-03-15", "booked", "2025-04-20"),
            event("2025-03-15", "failed"),
            event("2025-04-02", "cancelled"),
            event("2025-04-02", "booked", "2025-05-02"),
        ],
    )
    assert [f"{span.period.start} {span.state}" for span in life.preparing[1:]] == [
        "2025-03-01 exam booked",
        "2025-05-02 in progress",
    ]


REFUSED = {
    "too early": (TERMS, "2024-01-31 passed|2025-11-01 renewed", ["renewed-too-early"]),
    "too late by a day": (TERMS, "2024-01-31 passed|2026-03-02 renewed", ["renewed-too-late"]),
    "on the first day of the window": (TERMS, "2024-01-31 passed|2025-11-02 renewed", []),
    "an exam that is gone": (RETIRING, "2025-07-01 passed", ["not-offered"]),
    "an exam that has not begun": (VERSIONED, "2022-12-31 passed", ["not-offered"]),
    "given back after it would have lapsed": (
        TERMS,
        "2024-01-31 passed|2024-06-01 revoked|2026-03-02 re-awarded",
        ["over-already"],
    ),
    "given back though nobody took it": (TERMS, "2024-01-31 passed|2024-06-01 re-awarded", ["nothing-revoked"]),
    "cancelled on the day of the exam": (
        TERMS,
        "2024-01-01 booked 2024-01-20|2024-01-20 cancelled",
        ["nothing-booked"],
    ),
    "booked for yesterday": (TERMS, "2024-01-02 booked 2024-01-01", ["exam-before-booking"]),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_changes_nothing(case: str) -> None:
    terms, happened, codes = REFUSED[case]
    life = live(terms, [event(*one.split()) for one in happened.split("|")])
    assert [refusal.code for refusal in life.refused] == codes


def test_preparing_goes_on_beside_holding() -> None:
    life = live(
        TERMS,
        [
            event("2025-01-10", "wanted"),
            event("2025-01-20", "agreed"),
            event("2025-02-01", "started"),
            event("2025-03-01", "booked", "2025-03-15"),
            event("2025-03-15", "failed"),
            event("2025-03-20", "booked", "2025-04-20"),
            event("2025-04-20", "passed"),
        ],
    )
    assert [f"{span.period.start} {span.state}" for span in life.preparing[1:]] == [
        "2025-01-10 proposed",
        "2025-01-20 planned",
        "2025-02-01 in progress",
        "2025-03-01 exam booked",
        "2025-03-15 in progress",
        "2025-03-20 exam booked",
        "2025-04-20 nothing",
    ]
    days = [date(2025, 1, 9), date(2025, 1, 25), date(2025, 4, 19), date(2025, 4, 20)]
    assert [life.on(day).value for day in days] == ["nothing", "planned", "exam booked", "held"]


def test_in_grace_it_is_held_but_counts_only_where_the_catalogue_says_so() -> None:
    life = live(TERMS, [event("2024-01-31", "passed")])
    days = [date(2026, 1, 30), date(2026, 1, 31), date(2026, 3, 1), date(2026, 3, 2)]
    assert [(life.held_on(day), life.counts_on(day)) for day in days] == [
        (True, True),
        (True, False),
        (True, False),
        (False, False),
    ]
    assert [life.expires_after(day) for day in days] == [date(2026, 3, 2)] * 3 + [None]
