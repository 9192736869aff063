"""People at random who come, go and pass exams, and every day of theirs."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import strategies as st

from swingby.enablement import Certification, Employment, Event, Life, Lives, live
from tests.enablement.drawn import DAYS, FIRST, certifications, days, events

LAST = DAYS + 20
people = st.sampled_from(["Mei", "Ola"])
employments = st.lists(
    st.builds(
        Employment,
        person=people,
        firm=st.sampled_from(["Thornquay", "Fallowgate"]),
        office=st.sampled_from(["Chicago", "Toronto"]),
        started=days,
        ended=st.none() | days,
        claimed_on=st.none() | days,
    ),
    max_size=8,
)


def _lives(terms: tuple[Certification, ...], told: list[tuple[str, int, Event]]) -> Lives:
    found: dict[str, dict[str, Life]] = {"Mei": {}, "Ola": {}}
    for person, nth in sorted({(person, nth) for person, nth, _ in told}):
        own = [event for who, which, event in told if (who, which) == (person, nth)]
        found[person]["AB"[nth]] = live(terms[nth], own)
    return found


lives = st.builds(
    _lives,
    st.tuples(certifications(), certifications()),
    st.lists(st.tuples(people, st.sampled_from([0, 1]), events()), max_size=14),
)


def all_days() -> list[date]:
    """Every day on which something can happen, and some after."""
    return [FIRST + timedelta(days=number) for number in range(LAST)]
