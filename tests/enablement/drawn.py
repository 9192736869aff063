"""Certifications and events at random, dense enough that everything meets everything."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import strategies as st

from swingby.enablement import Certification, Event, EventKind, ExamVersion, Retirement
from swingby.program.blocks import Length

FIRST = date(2024, 1, 1)
DAYS = 40


def day(count: int) -> date:
    """The day so many days after the first."""
    return FIRST + timedelta(days=count)


def length(days: int) -> Length:
    """So many days."""
    return Length(((days, "day"),))


lengths = st.integers(1, 8).map(length)
days = st.integers(0, DAYS - 1).map(day)


@st.composite
def certifications(draw: st.DrawFn) -> Certification:
    """One with any mixture of terms."""
    valid = draw(st.none() | st.integers(3, 15) | st.integers(3, 15))
    retired = draw(st.none() | st.none() | st.lists(days, min_size=2, max_size=2).map(sorted))
    return Certification(
        code="a",
        label="A",
        vendor="v",
        product="v",
        role="r",
        level="l",
        versions=draw(versions()),
        valid=length(valid) if valid else None,
        renewal=length(draw(st.integers(1, valid))) if valid and draw(st.booleans()) else None,
        grace=draw(st.none() | lengths) if valid else None,
        counts_in_grace=draw(st.booleans()),
        retirement=Retirement(exams_until=retired[0], counts_until=retired[1]) if retired else None,
    )


@st.composite
def versions(draw: st.DrawFn) -> tuple[ExamVersion, ...]:
    """None, one or two versions of an exam."""
    starts = draw(st.just([]) | st.lists(st.integers(-9, 20).map(day), max_size=2, unique=True).map(sorted))
    ends = [draw(st.none() | st.integers(1, 25)) for _ in starts]
    return tuple(
        ExamVersion(name=str(nth), starts_on=start, counts_until=start + timedelta(days=end) if end else None)
        for nth, (start, end) in enumerate(zip(starts, ends, strict=True))
    )


@st.composite
def events(draw: st.DrawFn) -> Event:
    """Any event, possible or not."""
    kind = draw(st.sampled_from([*EventKind, EventKind.PASSED, EventKind.PASSED, EventKind.RENEWED, EventKind.BOOKED]))
    on = draw(days)
    is_dated = kind in {EventKind.PASSED, EventKind.RENEWED, EventKind.REAWARDED}
    return Event(
        on,
        kind,
        exam_on=on + timedelta(days=draw(st.integers(-1, 9))) if kind is EventKind.BOOKED else None,
        expires_on=draw(st.none() | st.none() | st.none() | days) if is_dated else None,
        version=draw(st.sampled_from([None, "0", "1"])) if kind is EventKind.PASSED else None,
    )
