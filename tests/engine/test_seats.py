"""Seats: equal to trying every way, and never a number that was not found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from swingby.engine import seats as module
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
        able = {person: able["a"] for person in able}
    per_role = st.dictionaries(st.sampled_from("rst"), st.integers(0, 3))
    return seats, able, draw(st.none() | st.integers(0, 3)), draw(st.none() | st.integers(0, 3) | per_role)


@settings(max_examples=1000, deadline=None)
@given(rooms())
def test_the_most_is_what_trying_every_way_finds(
    room: tuple[list[SeatNeed], dict[str, list[int]], int | None, SeatsEach],
) -> None:
    seats, able, roles, each = room
    assert filled(seats, able, roles, each) == by_trying(seats, able, roles, each)
