"""A life is what a walk through its days makes of it, whatever the terms, the events and their order."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from swingby.enablement import Certification, Event, Holder, Membership, growth, live
from swingby.values import END_OF_TIME, Period
from tests.enablement.by_day import walk
from tests.enablement.drawn import DAYS, certifications, day, events

ALL_DAYS = [day(count) for count in range(DAYS + 40)]
many = st.lists(events(), max_size=16)


@settings(max_examples=250, deadline=None)
@given(certifications(), many)
def test_every_day_is_what_a_walk_finds(certification: Certification, happened: list[Event]) -> None:
    life = live(certification, happened)
    walked = walk(certification, set(happened), ALL_DAYS)
    assert [(life.preparing_on(on).value, life.holding_on(on).value) for on in ALL_DAYS] == walked.diary
    assert [refusal.event for refusal in life.refused] == walked.refused


@settings(max_examples=80, deadline=None)
@given(certifications(), many.flatmap(lambda told: st.tuples(st.just(told), st.permutations(told))))
def test_the_order_in_which_events_are_told_changes_nothing(
    certification: Certification, told: tuple[list[Event], list[Event]]
) -> None:
    one, another = told
    assert live(certification, [*another, *one[:3]]) == live(certification, one)


@settings(max_examples=80, deadline=None)
@given(certifications(), many)
def test_holds_are_the_days_on_which_it_is_held(certification: Certification, happened: list[Event]) -> None:
    life = live(certification, happened)
    assert [any(on in hold.period for hold in life.holds) for on in ALL_DAYS] == [life.held_on(on) for on in ALL_DAYS]
    apart = list(zip(life.holds, life.holds[1:], strict=False))
    assert [(before, after) for before, after in apart if before.period.end >= after.period.start] == []
    begun = walk(certification, set(happened), ALL_DAYS).begun
    assert [hold.began for hold in life.holds] == [begun[hold.period.start] for hold in life.holds]
    ends = [None if hold.period.end == END_OF_TIME else life.holding_on(hold.period.end) for hold in life.holds]
    assert [hold.ended for hold in life.holds] == ends


periods = st.tuples(st.integers(0, 60), st.integers(0, 30)).map(lambda pair: Period(day(pair[0]), day(sum(pair))))
holders = st.lists(st.builds(Holder, st.sampled_from("pq"), st.sampled_from("ab"), periods), max_size=6)
members = st.lists(st.builds(Membership, st.sampled_from("pqr"), periods), max_size=5)


def counted_by_day(held: list[Holder], belong: list[Membership], period: Period) -> tuple[int, ...]:
    """What changed from each evening to the next."""
    keys = {(one.person, one.code) for one in held}
    found = [0, 0, 0, 0]
    for offset in range(period.days):
        today, eve = day(offset + (period.start - day(0)).days), day(offset - 1 + (period.start - day(0)).days)
        for person, code in keys:
            here, was_here = (any(m.person == person and on in m.period for m in belong) for on in (today, eve))
            has, had = (
                any((h.person, h.code) == (person, code) and on in h.period for h in held) for on in (today, eve)
            )
            found[0] += has and here and was_here and not had
            found[1] += had and here and was_here and not has
            found[2] += has and here and not was_here
            found[3] += had and was_here and not here
    return tuple(found)


def count_on(held: list[Holder], belong: list[Membership], offset: int) -> int:
    """What is held on one evening."""
    on = day(offset)
    here = {member.person for member in belong if on in member.period}
    return len({(one.person, one.code) for one in held if on in one.period and one.person in here})


@settings(max_examples=300, deadline=None)
@given(holders, members, periods)
def test_growth_is_what_changes_from_day_to_day(held: list[Holder], belong: list[Membership], period: Period) -> None:
    found = growth(held, belong, period)
    assert (found.earned, found.lapsed, found.moved_in, found.moved_out) == counted_by_day(held, belong, period)
    start, end = ((limit - day(0)).days - 1 for limit in (period.start, period.end))
    assert (found.held_before, found.held_after) == (count_on(held, belong, start), count_on(held, belong, end))
    assert found.held_after - found.held_before == found.net
