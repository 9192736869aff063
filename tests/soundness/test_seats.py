"""Seats worked out by hand: people who must not be counted twice, and the ones a greedy pass would waste."""

from __future__ import annotations

import pytest

from swingby.engine.seats import SeatNeed, fill

CLOUD, DATA, WEB = (SeatNeed("sales", area, 1) for area in ("cloud", "data", "web"))


def test_exclusive_groups_do_not_share_people() -> None:
    """Two specializations of one field need two people each, none of them in both."""
    groups = [SeatNeed("expert", "field", 2), SeatNeed("expert", "field", 2)]
    both = {"ann": [0, 1], "bob": [0, 1], "cem": [0, 1]}
    assert fill(groups, both, roles=None, seats_each=None) == 3
    assert fill(groups, both | {"dia": [1]}, roles=None, seats_each=None) == 4


def test_groups_that_are_not_exclusive_share_people() -> None:
    """The same people again when the specializations are of different fields."""
    groups = [SeatNeed("expert", "one", 2), SeatNeed("expert", "other", 2)]
    assert fill(groups, {"ann": [0, 1], "bob": [0, 1]}, roles=None, seats_each=None) == 4
    assert fill(groups, {"ann": [0, 1], "bob": [0, 1]}, roles=None, seats_each=1) == 2


@pytest.mark.parametrize(("each", "most"), [(1, 2), (2, 3), (3, 3), (None, 3)])
def test_one_person_fills_a_role_in_so_many_specializations(each: int | None, most: int) -> None:
    able = {"ann": [0, 1, 2], "bob": [2]}
    assert fill([CLOUD, DATA, WEB], able, roles=1, seats_each={"sales": each} if each else None) == most


def test_never_two_roles() -> None:
    seats = [CLOUD, DATA, SeatNeed("technical", "web", 1)]
    assert fill(seats, {"ann": [0, 1, 2]}, roles=1, seats_each={"sales": 2, "technical": 1}) == 2
    assert fill(seats, {"ann": [0, 1, 2], "bob": [2]}, roles=1, seats_each={"sales": 2, "technical": 1}) == 3


def test_whoever_can_do_everything_is_not_wasted_on_what_others_can() -> None:
    """Ann, taken first for sales, would leave both technical seats empty."""
    seats = [CLOUD, DATA, SeatNeed("technical", "cloud", 1), SeatNeed("technical", "data", 1)]
    able = {"ann": [0, 1, 2, 3], "bob": [0, 1]}
    assert fill(seats, able, roles=1, seats_each={"sales": 2, "technical": 2}) == 4
    assert fill(seats, able, roles=1, seats_each={"sales": 2, "technical": 1}) == 3


def test_two_who_must_take_different_roles() -> None:
    """Each can do either role everywhere; only by dividing the roles are all seats filled."""
    seats = [SeatNeed(role, area, 1) for role in ("sales", "technical") for area in ("cloud", "data", "web")]
    able = {"ann": range(6), "bob": range(6)}
    assert fill(seats, able, roles=1, seats_each=3) == 6
    assert fill(seats, able, roles=1, seats_each={"sales": 3, "technical": 2}) == 5
    assert fill(seats, {"ann": range(6)}, roles=2, seats_each=None) == 3


def test_the_rarest_seat_stays_empty_where_its_only_candidate_fills_two_others() -> None:
    """Bob alone could sit on the technical seat, but with one role he sells for cloud and data, and Ann for data."""
    seats = [SeatNeed("technical", "cloud", 1), SeatNeed("sales", "data", 2), SeatNeed("sales", "cloud", 1)]
    assert fill(seats, {"ann": [1], "bob": [0, 1, 2]}, roles=1, seats_each=None) == 3
    assert fill(seats, {"ann": [1], "bob": [0, 1, 2]}, roles=2, seats_each=None) == 3
