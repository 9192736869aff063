"""Which facts stand behind a number: as many and as much as the number says, by the number they counted for."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from swingby.engine import CountedFact
from swingby.errors import SwingbyError
from tests.soundness.worlds import World

DAY = "2024-06-30"
PROGRAM = """
measures:
  visits: {label: Visits, count: facts, of: activities, where: {kind: visit}, over: {last: 12 months}}
  sales: {label: Sales, sum: quantity, of: transactions, over: ever}
  biggest:
    label: Biggest
    sum: quantity
    of: transactions
    over: ever
    pick: {highest: 1, column: quantity}
  engineers: {label: Engineers, count: person, of: credentials, where: {level: advanced}}
  density: {label: Density, ratio: [engineers, visits]}
  people_twice: {label: With two, count: {count: facts, of: credentials, at_least: 2}, each: person}
  rank: {label: Rank, rank: {measure: sales}}
points:
  visiting: {label: Visiting, for_each: activities, earn: 2}
  selling: {label: Selling, based_on: {measure: sales}, earn: {rate: 3}}
scores:
  total: {label: Total, sum: [visiting, selling]}
"""


def world() -> World:
    made = World.of(PROGRAM, partners=("acme", "beta"))
    for day in ("2022-05-01", "2024-01-10", "2024-02-10"):
        made.event("activities", day, f"visit-{day}", kind="visit")
    made.event("activities", "2024-03-01", "call", kind="call")
    made.event("transactions", "2024-01-05", "small", quantity=2)
    made.event("transactions", "2024-01-06", "large", quantity=6)
    made.event("transactions", "2024-01-07", "elsewhere", quantity=9, organization="beta")
    made.state("employments", "2023-01-01", None, "job-ola", person="ola")
    made.state("employments", "2023-01-01", "2024-01-01", "job-sam", person="sam")
    made.state("credentials", "2023-02-01", None, "ola-one", person="ola", level="advanced", code="one")
    made.state("credentials", "2023-03-01", None, "ola-two", person="ola", level="advanced", code="two")
    made.state("credentials", "2023-03-01", None, "sam-one", person="sam", level="advanced", code="one")
    return made


def behind(number: str, enrolment: str = "acme") -> list[CountedFact]:
    with world().assessed(DAY, keep_facts=True, enrolments=[enrolment]) as found:
        return list(found.line_items(enrolment).facts(number, found.as_of[-1]))


def line(number: str, kind: str, fact: str, day: str, thing: str = "", amount: int | None = None) -> CountedFact:
    worth = None if amount is None else Decimal(amount)
    return CountedFact(number, kind, fact, date.fromisoformat(day), thing, worth)


def test_what_is_counted_has_a_line_and_what_is_too_old_has_none() -> None:
    assert behind("visits") == [
        line("visits", "activities", "visit-2024-01-10", "2024-01-10"),
        line("visits", "activities", "visit-2024-02-10", "2024-02-10"),
    ]


def test_amounts_add_up_to_a_sum() -> None:
    assert behind("sales") == [
        line("sales", "transactions", "small", "2024-01-05", amount=2),
        line("sales", "transactions", "large", "2024-01-06", amount=6),
    ]


def test_only_what_was_picked_counts() -> None:
    assert behind("biggest") == [line("biggest", "transactions", "large", "2024-01-06", amount=6)]


def test_people_are_named_once_for_each_fact_and_those_who_left_are_not() -> None:
    assert behind("engineers") == [
        line("engineers", "credentials", "ola-one", "2023-02-01", "ola"),
        line("engineers", "credentials", "ola-two", "2023-03-01", "ola"),
    ]


def test_what_names_nobody_stands_behind_no_number_of_people() -> None:
    made = World.of("measures: {callers: {label: Callers, count: person, of: activities, over: ever}}")
    made.event("activities", "2024-01-10", "of-nobody", kind="call")
    made.event("activities", "2024-01-11", "of-ola", kind="call", person="ola")
    with made.assessed(DAY, keep_facts=True) as found:
        lines = list(found.line_items("acme").facts("callers", found.as_of[-1]))
    assert lines == [line("callers", "activities", "of-ola", "2024-01-11", "ola")]


def test_numbers_put_together_have_the_facts_of_all_parts() -> None:
    assert behind("density") == [*behind("engineers"), *behind("visits")]


def test_a_number_of_each_person_has_the_facts_of_each() -> None:
    found = [(item.number, item.kind, item.fact) for item in behind("people_twice")]
    assert found == [("people_twice", "credentials", "ola-one"), ("people_twice", "credentials", "ola-two")]


def test_a_rank_has_none_and_points_based_on_a_number_have_those_of_the_number() -> None:
    assert behind("rank") == []
    assert behind("total") == behind("sales")


def test_others_have_their_own() -> None:
    assert behind("sales", "beta") == [line("sales", "transactions", "elsewhere", "2024-01-07", amount=9)]


def test_an_earlier_day_of_the_same_run_has_its_own_lines() -> None:
    early = date(2022, 6, 30)
    with world().assessed("2022-06-30", DAY, keep_facts=True) as found:
        items = found.line_items("acme")
    assert [item.fact for item in items.facts("visits", early)] == ["visit-2022-05-01"]
    assert len(items.facts("visits", found.as_of[-1])) == 2


def test_a_name_that_is_not_there_is_said() -> None:
    with world().assessed(DAY, keep_facts=True) as found, pytest.raises(SwingbyError, match="no number called nothing"):
        found.line_items("acme").facts("nothing", found.as_of[-1])


def test_a_run_that_did_not_keep_them_has_none() -> None:
    with world().assessed(DAY) as found:
        assert found.line_items("acme").facts("sales", found.as_of[-1]) == ()


def test_each_cell_has_its_own() -> None:
    cells = """
tables: {market: [north, south]}
facts: {transactions: {columns: {market: word}}}
measures:
  sold: {label: Sold, sum: quantity, of: transactions, over: ever, by: market}
"""
    made = World.of(cells)
    for market in ("north", "south", "north"):
        made.event("transactions", "2024-01-05", quantity=1, market=market)
    with made.assessed(DAY, keep_facts=True) as found:
        items, day = found.line_items("acme"), found.as_of[-1]
    assert [len(items.facts(f"sold[{cell}]", day)) for cell in ("north", "south")] == [2, 1]


def test_lines_and_history_come_from_one_look() -> None:
    with world().assessed(DAY, keep_facts=True) as found:
        assert found.line_items("acme").history("total", found.as_of[-1]) == found.history("acme", "total")
