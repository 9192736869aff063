"""Buddies: everybody has one, pairs last, and nobody is nudged twice in a week, whatever happens."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from swingby.enablement import Buddy, BuddyNudge, Pairs, buddy_nudges, pair_buddies, pairs_of

TODAY = date(2026, 3, 31)
comings_and_goings = st.lists(st.integers(0, 9), max_size=40)


def days_ago(count: int) -> date:
    return TODAY - timedelta(days=count)


def lived(changes: Iterable[int]) -> Iterable[tuple[list[str], Pairs, Pairs]]:
    """A group through people who come and, named again, go: its members, their pairs before and after."""
    members: list[str] = []
    pairs: Pairs = ()
    for number in changes:
        person = str(number)
        members = [one for one in members if one != person] if person in members else [*members, person]
        before, pairs = pairs, pair_buddies(members, pairs)
        yield members, before, pairs


@given(comings_and_goings)
def test_everybody_has_a_buddy_and_at_most_one_pair_is_of_three(changes: list[int]) -> None:
    for members, _, pairs in lived(changes):
        sizes = sorted(len(pair) for pair in pairs)
        paired = sorted(one for pair in pairs for one in pair)
        assert paired == (sorted(members) if len(members) > 1 else [])
        assert sizes == [] or sizes == [2] * (len(sizes) - 1) + [3 if len(members) % 2 else 2]


@given(comings_and_goings)
def test_a_pair_that_is_here_stays_together(changes: list[int]) -> None:
    for members, before, after in lived(changes):
        twos = [set(pair) for pair in before if len(pair) == 2 and set(pair) <= set(members)]
        assert all(any(two <= set(pair) for pair in after) for two in twos)


def buddy(person: str, silent: int, *, group: str = "a", pair: int | None = 0, nudged: int | None = None) -> Buddy:
    nudged_on = None if nudged is None else days_ago(nudged)
    return Buddy(group=group, person=person, pair=pair, heard_on=days_ago(silent), nudged_on=nudged_on)


def test_a_buddy_is_silent_after_two_weeks() -> None:
    assert buddy_nudges([buddy("mei", 1), buddy("luc", 13)], TODAY) == ()
    assert buddy_nudges([buddy("mei", 1), buddy("luc", 14)], TODAY) == (BuddyNudge("a", "mei"),)


def test_who_is_in_no_pair_or_another_is_not_nudged() -> None:
    others = [buddy("luc", 20, pair=1), buddy("ana", 20, group="b"), buddy("ben", 20, pair=None)]
    assert buddy_nudges([buddy("mei", 1), *others], TODAY) == ()
    assert buddy_nudges([buddy("mei", 1, pair=None), buddy("ben", 20, pair=None)], TODAY) == ()


def test_a_week_passes_between_nudges_whatever_they_are_about() -> None:
    def nudged(days: int) -> tuple[BuddyNudge, ...]:
        groups = [
            buddy("mei", 1),
            buddy("luc", 20),
            buddy("mei", 1, group="b", nudged=days),
            buddy("ana", 20, group="b"),
        ]
        return buddy_nudges(groups, TODAY)

    assert nudged(6) == ()
    assert nudged(7) == (BuddyNudge("a", "mei"),)


@given(
    st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("uvwxyz"), st.integers(0, 2), st.integers(0, 20))),
    st.lists(st.integers(1, 5), min_size=1, max_size=15),
)
def test_nobody_is_nudged_twice_in_a_week(rows: list[tuple[str, str, int, int]], gaps: list[int]) -> None:
    buddies = {(group, one): buddy(one, silent, group=group, pair=pair) for group, one, pair, silent in rows}
    day, nudged = TODAY, dict[str, date]()
    for gap in gaps:
        day += timedelta(days=gap)
        for nudge in buddy_nudges(buddies.values(), day):
            assert nudge.person not in nudged or day - nudged[nudge.person] >= timedelta(days=7)
            nudged[nudge.person] = day
            buddies[nudge.group, nudge.person] = replace(buddies[nudge.group, nudge.person], nudged_on=day)


def test_pairs_are_read_from_their_numbers() -> None:
    assert pairs_of({"a": 1, "b": 0, "c": 1, "d": None, "e": 0}) == (("b", "e"), ("a", "c"))
