"""Who should take what next: equal to trying every way, and explained."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import permutations

from hypothesis import given, settings
from hypothesis import strategies as st

from swingby.enablement import (
    Candidate,
    Catalogue,
    Cell,
    Certification,
    Event,
    EventKind,
    Life,
    Need,
    PathStep,
    Retirement,
    assign,
    live,
    suggest,
)

TODAY = date(2025, 6, 1)
costs = st.integers(1, 5).flatmap(
    lambda width: st.lists(
        st.lists(st.none() | st.integers(0, 20), min_size=width, max_size=width), min_size=1, max_size=5
    )
)


def best(table: list[list[int | None]]) -> tuple[int, int]:
    """The most pairs and their least cost, by trying every order of the columns, blanks included."""
    columns = [*range(len(table[0])), *([None] * len(table))]
    found = set()
    for order in set(permutations(columns, len(table))):
        chosen = [table[row][column] for row, column in enumerate(order) if column is not None]
        paired = [cost for cost in chosen if cost is not None]
        found.add((-len(paired), sum(paired)))
    pairs, cost = min(found)
    return -pairs, cost


@settings(max_examples=60, deadline=None)
@given(costs.filter(lambda table: len(table) + len(table[0]) <= 7))
def test_pairs_are_as_good_as_the_best_of_all(table: list[list[int | None]]) -> None:
    pairs = assign(table)
    paid = [table[row][column] for row, column in pairs]
    assert (len(pairs), sum(cost for cost in paid if cost is not None)) == best(table)
    assert None not in paid
    assert len({row for row, _ in pairs}) == len({column for _, column in pairs}) == len(pairs)


def test_nobody_and_nothing() -> None:
    assert (assign([]), assign([[], []])) == ([], [])


def certification(
    code: str, hours: int, *before: tuple[str, ...], role: str = "r", retired: Retirement | None = None
) -> Certification:
    return Certification(
        code=code,
        label=code.upper(),
        vendor="v",
        product="v",
        role=role,
        level="l",
        prerequisites=before,
        retirement=retired,
        steps=(PathStep(label="course", hours=Decimal(hours)),),
    )


GONE = Retirement(exams_until=date(2025, 1, 1), counts_until=date(2027, 1, 1))
ALL = [
    certification("base", 10),
    certification("short", 15),
    certification("gone", 1, retired=GONE),
    certification("top", 50, ("base",)),
    certification("either", 20, ("base", "short")),
    certification("shut", 5, ("gone",)),
    certification("sell", 5, role="s"),
]
CATALOGUE = Catalogue({one.code: one for one in ALL}, {"v": "V"}, {"r": "R", "s": "S"}, {"l": "L"})


def missing(code: str, count: int = 1, *, in_progress: int = 0) -> Cell:
    role = CATALOGUE.certifications[code].role
    return Cell(code, "v", role, "l", 0, 0, in_progress, count, count, Decimal(0))


def having(*codes: str) -> dict[str, Life]:
    return {code: live(CATALOGUE.certifications[code], [Event(date(2024, 1, 1), EventKind.PASSED)]) for code in codes}


def told(candidates: list[Candidate], cells: list[Cell], lives: dict[str, dict[str, Life]]) -> list[str]:
    found = suggest(CATALOGUE, lives, candidates, cells, TODAY)
    return [f"{one.person} {one.code}: {one.reason}" for one in found]


def test_who_has_the_prerequisite_goes_on_and_the_other_begins() -> None:
    both = [Candidate("ann", "r"), Candidate("ben", "r")]
    lives = {"ann": having("base"), "ben": {}}
    assert told(both, [missing("top"), missing("base")], lives) == [
        "ben base: 10 hours, has what it needs",
        "ann top: 50 hours, has what it needs",
    ]
    assert told(both, [missing("top", 2)], lives) == [
        "ann top: 50 hours, has what it needs",
        "ben top: 60 hours, after BASE",
    ]


def test_what_helps_most_comes_first() -> None:
    people = [Candidate(name, "r") for name in ("ann", "ben", "cid", "dee")]
    lives = {"ann": having("base"), "ben": having("base"), "cid": having("base"), "dee": {}}
    soon = Cell("short", "v", "r", "l", 1, 1, 0, 1, 0, Decimal(0))
    cells = [missing("base"), missing("either"), soon, missing("top")]
    needs = [Need("short", 1, "keep", "Gold"), Need("top", 1, "next", "Platinum"), Need("either", 1, "deal", "d-1")]
    found = suggest(CATALOGUE, lives, people, cells, TODAY, needs=needs)

    assert [one.code for one in found] == ["short", "top", "either", "base"]
    assert [one.code for one in suggest(CATALOGUE, lives, people, cells, TODAY)] == ["base", "either", "top", "short"]


def test_of_alternatives_the_shorter_one_is_taken_first() -> None:
    assert told([Candidate("ann", "r")], [missing("either")], {}) == ["ann either: 30 hours, after BASE"]
    assert told([Candidate("ann", "r")], [missing("either")], {"ann": having("short")}) == [
        "ann either: 20 hours, has what it needs"
    ]


def test_a_wish_is_worth_half_the_hours() -> None:
    people = [Candidate("ann", "r"), Candidate("ben", "r", wishes=frozenset({"top"}))]
    assert told(people, [missing("top")], {"ann": having("base")}) == ["ben top: 60 hours, after BASE, wishes it"]


def test_a_load_a_role_and_an_exam_that_is_gone_keep_people_out() -> None:
    people = [Candidate("ann", "r", hours=Decimal(59)), Candidate("sue", "s")]
    assert told(people, [missing("top"), missing("shut"), missing("gone")], {}) == []
    assert told(people, [missing("sell", 3)], {}) == ["sue sell: 5 hours, has what it needs"]


def test_who_holds_it_or_is_on_the_way_is_not_asked_again() -> None:
    learning = {"base": live(CATALOGUE.certifications["base"], [Event(date(2025, 5, 1), EventKind.STARTED)])}
    people = [Candidate("ann", "r"), Candidate("ben", "r")]
    assert told(people, [missing("base", 2)], {"ann": learning, "ben": having("base")}) == []
    assert told(people, [missing("base", 1, in_progress=1)], {"ann": learning}) == []
