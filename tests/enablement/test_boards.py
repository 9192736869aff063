"""Boards: fair ties, nobody below ten, and causes that add up to the places gained or lost."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from swingby.enablement import (
    Board,
    By,
    Cause,
    CauseKind,
    Growth,
    Holder,
    Membership,
    Part,
    RankChange,
    board_of,
    board_of_people,
    growth,
    growths,
    rank_changes,
)
from swingby.values import Period

FIRST = date(2025, 1, 1)
small = st.integers(0, 12)
figures = st.builds(Growth, small, small, small, small, small, small)
ways: st.SearchStrategy[By] = st.sampled_from(["net", "head"])


def _parts(keys: Sequence[str]) -> st.SearchStrategy[list[Part]]:
    return st.tuples(
        *(
            st.builds(
                Part,
                key=st.just(key),
                within=st.sampled_from(["east", "west"]),
                heads=st.integers(0, 30),
                growth=figures,
            )
            for key in keys
        )
    ).map(list)


KEYS = "abcdefgh"
boards = _parts(KEYS)


def rank_change(key: str, before: Sequence[Part], after: Sequence[Part], *, by: By) -> RankChange | None:
    return rank_changes(before, after, by=by).get(key)


def part(key: str, earned: int, heads: int = 10, **more: int) -> Part:
    zeros = dict.fromkeys(("held_before", "lapsed", "moved_in", "moved_out", "held_after"), 0)
    return Part(key=key, heads=heads, growth=Growth(earned=earned, **{**zeros, **more}))


def ranks(board: Board) -> dict[str, int]:
    return {line.part.key: line.rank for line in board.lines}


def test_equals_share_a_rank_and_the_next_counts_them_all() -> None:
    board = board_of([part("a", 5), part("b", 7), part("c", 5), part("d", 4)], by="net", draw="2025")
    assert ranks(board) == {"b": 1, "a": 2, "c": 2, "d": 4}
    assert {line.part.key for line in board.lines if line.is_tied} == {"a", "c"}


def test_the_order_among_equals_changes_with_the_draw() -> None:
    equal = [part(key, 3) for key in KEYS]
    orders = {tuple(ranks(board_of(equal, by="net", draw=f"2025-{month}"))) for month in range(12)}
    assert len(orders) == 12
    assert len({order[0] for order in orders}) > 3


def test_per_head_a_small_office_leads_and_raw_a_large_one() -> None:
    """The figures of the example firm's year 2025."""
    offices = [part("chicago", 82, 86), part("toronto", 76, 72), part("austin", 52, 58), part("monterrey", 45, 35)]
    assert next(iter(ranks(board_of(offices, by="net", draw="")))) == "chicago"
    first = board_of(offices, by="head", draw="").lines[0].part
    assert (first.key, first.per_head) == ("monterrey", Decimal("1.29"))


@pytest.mark.parametrize(
    ("heads", "shown"),
    [
        ({"a": 12, "b": 12, "c": 9}, {"a"}),  # Nine would be what is left over: the smaller of the others goes too.
        ({"a": 12, "b": 5, "c": 5}, {"a"}),
        ({"a": 12, "b": 11}, {"a", "b"}),
        ({"a": 12, "b": 3}, set()),
        ({"a": 9}, set()),
        ({"a": 10, "b": 0}, {"a"}),
    ],
)
def test_who_is_too_few_is_not_found_by_subtracting(heads: dict[str, int], shown: set[str]) -> None:
    board = board_of([part(key, 0, count) for key, count in heads.items()], by="net", draw="")
    assert set(ranks(board)) == shown
    assert board.hidden == len(heads) - len(shown)


def test_everybody_left_since_hides_another_too() -> None:
    board = board_of([part("a", 3, 12), part("gone", 0, 0, moved_out=2)], by="net", draw="")
    assert board.lines == ()


def test_nine_people_show_nobody_and_ten_show_all() -> None:
    people = [part(str(number), number, 1) for number in range(10)]
    assert board_of_people(people[:9], draw="") == Board((), 9)
    assert list(ranks(board_of_people(people, draw=""))) == list("9876543210")


def test_a_rank_changes_step_by_step() -> None:
    before = [part("a", 5), part("b", 4), part("c", 3)]
    after = [part("a", 6, lapsed=4), part("b", 4), part("c", 9)]
    causes = (Cause(CauseKind.LAPSED, -2),)
    assert rank_change("a", before, after, by="net") == RankChange(1, 3, causes)
    assert rank_change("b", before, after, by="net") == RankChange(2, 2, ())
    assert rank_change("c", before, after, by="net") == RankChange(3, 1, (Cause(CauseKind.EARNED, 2),))


def test_others_people_and_who_is_shown_are_told_apart() -> None:
    before = [part("a", 20), part("b", 10, 11), replace(part("c", 30, 9), within="east"), part("d", 0, 40)]
    after = [part("a", 20), part("b", 30, 11), replace(part("c", 99, 11), within="east"), part("d", 0, 40)]
    found = rank_change("a", before, after, by="net")
    assert found == RankChange(1, 3, (Cause(CauseKind.OTHERS, -1), Cause(CauseKind.SHOWN, -1)))
    larger = [part("a", 20, 40), *before[1:]]
    assert rank_change("a", before, larger, by="head") == RankChange(1, 2, (Cause(CauseKind.HEADS, -1),))


def test_who_is_not_shown_has_no_rank_to_change() -> None:
    assert rank_change("a", [part("a", 3, 9), part("b", 3)], [part("a", 3), part("b", 3)], by="net") is None


@given(boards, ways)
def test_a_rank_is_one_more_than_those_who_did_better(parts: list[Part], by: By) -> None:
    board = board_of(parts, by=by, draw="x")
    for line in board.lines:
        better = sum(_better(other.part, line.part, by) for other in board.lines)
        assert line.rank == better + 1
        assert line.is_tied == (sum(other.rank == line.rank for other in board.lines) > 1)
    assert len(board.lines) + board.hidden == len(parts)


def _better(one: Part, other: Part, by: By) -> bool:
    if by == "net":
        return one.growth.net > other.growth.net
    return one.growth.net * other.heads > other.growth.net * one.heads


@given(boards, ways, st.randoms(use_true_random=False))
def test_the_order_in_which_parts_come_does_not_matter(parts: list[Part], by: By, random: object) -> None:
    shuffled = list(parts)
    random.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis calls it a random and types it as nothing
    assert board_of(shuffled, by=by, draw="x") == board_of(parts, by=by, draw="x")


@given(boards)
def test_nobody_below_ten_is_shown_nor_left_over(parts: list[Part]) -> None:
    shown = {line.part.key for line in board_of(parts, by="net", draw="x").lines}
    heads: dict[str, int] = defaultdict(int)
    for one in parts:
        assert one.heads >= 10 or one.key not in shown
        heads[one.within] += one.heads if one.key not in shown else 0
    for within, hidden in heads.items():
        someone = any(one.key in shown for one in parts if one.within == within)
        quiet = all(
            one.key in shown or (one.growth == Growth(0, 0, 0, 0, 0, 0)) for one in parts if one.within == within
        )
        assert hidden >= 10 or not someone or (hidden == 0 and quiet)


@given(boards, boards, ways)
def test_the_causes_add_up(before: list[Part], after: list[Part], by: By) -> None:
    then, now = ranks(board_of(before, by=by, draw="x")), ranks(board_of(after, by=by, draw="x"))
    for key in KEYS:
        found = rank_change(key, before, after, by=by)
        assert (found is None) == (key not in then or key not in now)
        if found is not None:
            assert (found.before, found.after) == (then[key], now[key])
            assert sum(cause.places for cause in found.causes) == found.before - found.after
            assert [cause.kind for cause in found.causes] == [kind for kind in CauseKind if kind in _kinds(found)]


def _kinds(found: RankChange) -> set[CauseKind]:
    return {cause.kind for cause in found.causes}


@given(boards, boards, ways)
def test_who_changed_nothing_is_moved_by_others_alone(before: list[Part], after: list[Part], by: By) -> None:
    same = [before[0], *after[1:]]
    found = rank_change("a", before, same, by=by)
    if found is not None:
        assert _kinds(found) <= {CauseKind.OTHERS, CauseKind.SHOWN}


@given(boards, ways, st.integers(1, 9))
def test_earning_more_never_costs_a_place(parts: list[Part], by: By, more: int) -> None:
    first, rest = parts[0], parts[1:]
    richer = replace(first, growth=replace(first.growth, earned=first.growth.earned + more))
    before, after = board_of(parts, by=by, draw="x"), board_of([richer, *rest], by=by, draw="x")
    if "a" in ranks(before) and "a" in ranks(after):
        assert ranks(after)["a"] <= ranks(before)["a"]


days = st.integers(0, 60).map(lambda number: FIRST + timedelta(days=number))
periods = st.tuples(days, days).map(lambda pair: Period(min(pair), max(pair)))
people = st.sampled_from(["mei", "ola", "tom"])
holders = st.lists(st.builds(Holder, people, st.sampled_from(["a", "b"]), periods), max_size=8)
members = st.lists(st.builds(Membership, people, periods), max_size=6)


@given(holders, members, st.lists(periods, min_size=1, max_size=3))
def test_several_periods_at_once_are_each_of_them(
    held: list[Holder], here: list[Membership], spans: list[Period]
) -> None:
    found = growths(held, here, spans)
    assert found == tuple(growth(held, here, span) for span in spans)


@given(holders, members, periods)
def test_people_can_be_counted_apart_and_added(held: list[Holder], here: list[Membership], span: Period) -> None:
    names = ("mei", "ola", "tom")
    apart = [
        growth([one for one in held if one.person == name], [one for one in here if one.person == name], span)
        for name in names
    ]
    assert sum(apart, Growth(0, 0, 0, 0, 0, 0)) == growth(held, here, span)
