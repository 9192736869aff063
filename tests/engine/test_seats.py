"""Seats: equal to trying every way, and never a number that was not found."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from itertools import pairwise, permutations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from swingby.engine.seat_search import Block, Crew, Search, crew_of
from swingby.engine.seats import SeatNeed, SeatsEach, fill
from swingby.errors import SwingbyError
from tests.oracle import rankings

SALES, TECH = SeatNeed("sales", "cloud", 1), SeatNeed("technical", "cloud", 1)
PEOPLE = "abcdefgh"


def filled(
    seats: Sequence[SeatNeed], able: Mapping[str, Sequence[int]], roles: int | None = None, seats_each: SeatsEach = None
) -> int:
    return fill(seats, able, roles=roles, seats_each=seats_each)


def by_trying(seats: Sequence[SeatNeed], able: Mapping[str, Sequence[int]], roles: int | None, each: SeatsEach) -> int:
    """The oracle's answer."""
    single = [(place, need) for place, need in enumerate(seats) for _ in range(need.count)]
    nodes = [{"role": need.role, "in": need.inside} for _, need in single]
    fit = [sorted(person for person in able if place in able[person]) for place, _ in single]
    limits: dict[str, Any] = {"roles": roles, "seats": each}
    return rankings._most(nodes, fit, {key: value for key, value in limits.items() if value is not None}, 0, {})


def test_nobody_and_nothing() -> None:
    assert [filled([], {"a": []}), filled([SALES], {}), filled([SALES], {"a": []})] == [0, 0, 0]
    assert [
        filled([SeatNeed("sales", "cloud", 0)], {"a": [0]}),
        filled([SALES], {"a": [0]}, 0),
        filled([SALES], {"a": [0]}, None, 0),
    ] == [0, 0, 0]


def test_the_first_who_fits_may_be_needed_elsewhere() -> None:
    assert filled([SALES, TECH], {"a": [0, 1], "b": [0]}) == 2


def test_a_chain_of_people_who_make_room() -> None:
    seats = [SeatNeed("r", f"g{number}", 1) for number in range(6)]
    able = {person: [place, place + 1] for place, person in enumerate("abcde")} | {"f": [0]}
    assert [filled(seats, dict(order)) for order in permutations(able.items())] == [6] * 720


def test_a_person_sits_once_in_a_group_whatever_the_role() -> None:
    assert filled([SALES, TECH, SeatNeed("sales", "cloud", 1)], {"a": [0, 1, 2]}) == 1


def test_a_person_keeps_to_one_role() -> None:
    seats = [SeatNeed("sales", "cloud", 1), SeatNeed("sales", "data", 1), SeatNeed("technical", "web", 1)]
    assert [filled(seats, {"a": [0, 1, 2]}, roles) for roles in (None, 2, 1)] == [3, 3, 2]
    assert filled(seats, {"a": [0, 2], "b": [1, 2]}, 1) == 2
    assert filled(seats, {"a": [0, 2], "b": [0, 1]}, 1) == 3


def test_limits_per_role_leave_the_others_free() -> None:
    seats = [SeatNeed(role, f"{role}{number}", 1) for role in ("sales", "technical") for number in range(3)]
    everything = {"a": range(6)}
    assert filled(seats, everything, None, {"sales": 2}) == 5
    assert filled(seats, everything, 1, {"sales": 2}) == 3
    assert filled(seats, everything, 1, {"sales": 2, "technical": 1}) == 2
    assert filled(seats, everything, None, {"sales": 0, "technical": 0}) == 0


def test_limits_per_role_where_a_group_lets_choose_the_role() -> None:
    seats = [SeatNeed(role, f"g{number}", 1) for number in range(4) for role in ("sales", "technical")]
    assert filled(seats, {"a": range(8)}, None, {"sales": 1, "technical": 2}) == 3
    assert filled(seats, {"a": range(8), "b": range(8)}, 1, {"sales": 1, "technical": 3}) == 4


@st.composite
def rooms(draw: st.DrawFn) -> tuple[list[SeatNeed], dict[str, list[int]], int | None, SeatsEach]:
    """A few seats, people who can do some of them, and limits."""
    one = st.builds(SeatNeed, st.sampled_from("rst"), st.sampled_from("ABC"), st.integers(0, 2))
    seats = draw(st.lists(one, min_size=1, max_size=6))
    some = st.lists(st.sampled_from(range(len(seats))), unique=True)
    able = {person: draw(some) for person in PEOPLE[: draw(st.integers(0, 5))]}
    if draw(st.booleans()):
        able = dict.fromkeys(able, draw(some))
    per_role = st.dictionaries(st.sampled_from("rst"), st.integers(0, 3))
    return seats, able, draw(st.none() | st.integers(0, 3)), draw(st.none() | st.integers(0, 3) | per_role)


@settings(max_examples=1000, deadline=None)
@given(rooms())
def test_the_most_is_what_trying_every_way_finds(
    room: tuple[list[SeatNeed], dict[str, list[int]], int | None, SeatsEach],
) -> None:
    seats, able, roles, each = room
    assert filled(seats, able, roles, each) == by_trying(seats, able, roles, each)


@settings(max_examples=300, deadline=None)
@given(rooms(), st.randoms(use_true_random=False))
def test_rows_have_no_order(
    room: tuple[list[SeatNeed], dict[str, list[int]], int | None, SeatsEach], chance: random.Random
) -> None:
    seats, able, roles, each = room
    order = list(range(len(seats)))
    chance.shuffle(order)
    moved = {person: [order.index(place) for place in able[person]] for person in sorted(able, reverse=True)}
    assert filled([seats[place] for place in order], moved, roles, each) == filled(seats, able, roles, each)


def crowd(people: int, groups: int, share: float, number: int = 1) -> tuple[list[SeatNeed], dict[str, list[int]]]:
    """Three roles in each group, and people who can do so many of them, always the same."""
    chance = random.Random(f"{people} {groups} {share}")
    roles = ("sales", "technical", "delivery")
    seats = [SeatNeed(role, f"g{group}", number) for group in range(groups) for role in roles]
    able = {f"p{person}": [place for place in range(len(seats)) if chance.random() < share] for person in range(people)}
    return seats, able


@pytest.mark.parametrize("roles", [1, 2, None])
@pytest.mark.parametrize("each", [None, 2, {"sales": 2, "technical": 1}])
def test_each_further_person_adds_what_one_can_sit_on_at_most(roles: int | None, each: SeatsEach) -> None:
    seats, able = crowd(12, 5, 0.3)
    names = list(able)
    found = [filled(seats, {name: able[name] for name in names[:number]}, roles, each) for number in range(13)]
    alone = [filled(seats, {name: able[name]}, roles, each) for name in names]
    added = [more - less for less, more in pairwise(found)]
    assert [0 <= more <= most for more, most in zip(added, alone, strict=True)] == [True] * 12


def test_many_who_can_do_the_same_choose_one_role_each() -> None:
    seats = [SeatNeed("sales", "a", 500), SeatNeed("sales", "b", 1), SeatNeed("technical", "c", 500)]
    assert filled(seats, {f"p{number}": [0, 1, 2] for number in range(500)}, 1) == 501


def test_a_crew_counts_only_those_who_can_find_a_seat() -> None:
    way = (Block(2, ((0, 1), (2,))),)
    assert crew_of([way], 9, {0: 1, 1: 2, 2: 1}) == Crew(4, (way,), ((2, 1, 1, 0),))


def test_more_ways_than_are_tried_are_an_error_and_no_number() -> None:
    seats, able = crowd(3, 12, 1.0, number=2)
    with pytest.raises(SwingbyError) as caught:
        filled(seats, able, None, {"sales": 6, "technical": 6, "delivery": 6})
    assert (caught.value.code, caught.value.message) == (
        "seats-search",
        "How many seats can be filled at most was not found: a person may choose between more than 500 ways to take part.",
    )


@pytest.mark.slow
def test_a_search_that_takes_too_long_is_an_error_and_no_number() -> None:
    seats, able = crowd(500, 10, 0.3, number=20)
    with pytest.raises(SwingbyError, match="there are too many ways to divide people among roles"):
        filled(seats, able, 1, {"sales": 2, "technical": 1, "delivery": 1})


def test_a_search_that_begins_with_nothing_finds_the_same() -> None:
    ways = [(Block(2, ((0,), (1,))),), (Block(1, ((2,),)),)]
    wanted = {0: 2, 1: 1, 2: 2}
    assert [Search(wanted, [crew_of(ways, size, wanted)]).most() for size in range(6)] == [0, 2, 3, 4, 5, 5]
