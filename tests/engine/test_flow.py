"""Flows: never more than what the narrowest cut lets through, and all of that."""

from __future__ import annotations

from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from swingby.engine.flow import UNLIMITED, Network

PLACES = 5
Line = tuple[int, int, int]


def network(lines: list[Line]) -> tuple[Network, list[int]]:
    made = Network()
    for _ in range(PLACES):
        made.place()
    return made, [made.join(start, end, most) for start, end, most in lines]


def narrowest(lines: list[Line]) -> int:
    """The smallest cut between the first place and the last: every set of places on the near side is looked at."""
    cuts = []
    for near in product([False, True], repeat=PLACES - 2):
        side = (True, *near, False)
        cuts.append(sum(most for start, end, most in lines if side[start] and not side[end]))
    return min(cuts)


def test_what_flowed_makes_room_again() -> None:
    made, lines = network([(0, 1, 1), (0, 2, 1), (1, 3, 1), (2, 3, 1), (1, 2, UNLIMITED), (3, 4, 5)])
    assert (made.send(0, 4), made.size, [made.carried(line) for line in lines]) == (2, 6, [1, 1, 1, 1, 0, 2])


def test_a_later_line_lets_more_through() -> None:
    made, _ = network([(0, 1, 3), (1, 4, 1)])
    assert made.send(0, 4) == 1
    made.join(1, 4, 1)
    assert [made.send(0, 4), made.send(0, 4)] == [1, 0]


@settings(max_examples=500, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4), st.integers(0, 9)), max_size=16))
def test_the_most_is_the_narrowest_cut(lines: list[Line]) -> None:
    made, numbers = network(lines)
    assert made.send(0, PLACES - 1) == narrowest(lines)
    carried = [made.carried(number) for number in numbers]
    assert [amount for amount, (_, _, most) in zip(carried, lines, strict=True) if not 0 <= amount <= most] == []
    for place in range(1, PLACES - 1):
        came = sum(amount for amount, (_, end, _) in zip(carried, lines, strict=True) if end == place)
        left = sum(amount for amount, (start, _, _) in zip(carried, lines, strict=True) if start == place)
        assert came == left
