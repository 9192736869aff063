"""The ledger of files: positions, reversals and chains, ids and rows that come twice."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from swingby.facts import FactSet, from_rows
from tests.facts.programs import program

VISIT = {"organization": "pine", "kind": "visit", "happened_on": "2025-03-10"}


def activities(*rows: dict[str, Any]) -> FactSet:
    return from_rows({"activities": [VISIT | row for row in rows]}, program())


def ledger(facts: FactSet, columns: str = "fact_id, root_id, position, reversed_position") -> list[tuple[Any, ...]]:
    return facts.connection.execute(f"SELECT {columns} FROM fact_activities ORDER BY fact_id").fetchall()


def known(facts: FactSet, position: int) -> list[str]:
    query = (
        "SELECT fact_id FROM fact_activities WHERE position <= $1"
        " AND (reversed_position IS NULL OR reversed_position > $1) ORDER BY fact_id"
    )
    return [row[0] for row in facts.connection.execute(query, [position]).fetchall()]


def codes(facts: FactSet) -> list[tuple[int, str]]:
    return [(issue.line, issue.code) for issue in facts.issues]


def test_each_time_of_recording_is_a_position() -> None:
    facts = from_rows(
        {
            "activities": [
                VISIT | {"fact_id": "a1", "recorded_at": "2025-03-12T08:00:00Z"},
                VISIT | {"fact_id": "a2", "recorded_at": "2025-03-12T10:00:00+02:00"},
                VISIT | {"fact_id": "a3"},
            ],
            "deals": [{"fact_id": "d1", "deal": "d", "stage": "won", "happened_on": "2025-03-11"}],
        },
        program(),
    )
    assert ledger(facts, "fact_id, position") == [("a1", 3), ("a2", 3), ("a3", 1)]
    assert facts.connection.execute("SELECT position FROM fact_deals").fetchall() == [(2,)]
    assert [(each.position, str(each.recorded_at)) for each in facts.positions] == [
        (1, "2025-03-11 00:00:00+00:00"),
        (2, "2025-03-12 00:00:00+00:00"),
        (3, "2025-03-12 08:00:00+00:00"),
    ]
    assert facts.latest_position == 3


def test_a_moment_or_a_day_becomes_a_position() -> None:
    facts = from_rows({"activities": [VISIT]}, program(time_zone="Europe/Berlin"))
    assert facts.position_at(date(2025, 3, 9)) == 0
    assert facts.position_at(date(2025, 3, 10)) == 1
    assert facts.position_at(datetime(2025, 3, 10, 22, 59, tzinfo=UTC)) == 0
    assert facts.position_at(datetime(2025, 3, 10, 23, 0, tzinfo=UTC)) == 1
    assert facts.position_at(datetime(2025, 3, 11)) == 1


def test_a_replacement_takes_the_place_of_the_old_row() -> None:
    facts = activities(
        {"fact_id": "a1"},
        {"fact_id": "a2", "reverses": "a1", "quantity": 2, "recorded_at": "2025-04-01T00:00:00Z"},
        {"fact_id": "a3", "reverses": "a2", "quantity": 3, "recorded_at": "2025-05-01T00:00:00Z"},
    )
    assert ledger(facts) == [("a1", "a1", 1, 2), ("a2", "a1", 2, 3), ("a3", "a1", 3, None)]
    assert [known(facts, position) for position in range(4)] == [[], ["a1"], ["a2"], ["a3"]]


def test_a_row_that_only_reverses_takes_the_old_one_away() -> None:
    facts = from_rows(
        {
            "activities": [
                VISIT | {"fact_id": "a1"},
                {"fact_id": "a2", "reverses": "a1", "recorded_at": "2025-04-01T00:00:00Z"},
            ]
        },
        program(),
    )
    assert ledger(facts) == [("a1", "a1", 1, 2)]
    assert [known(facts, position) for position in range(3)] == [[], ["a1"], []]
    assert facts.issues == ()


def test_a_reversal_without_a_time_means_never() -> None:
    facts = from_rows({"activities": [VISIT | {"fact_id": "a1"}, {"reverses": "a1"}]}, program())
    assert ledger(facts) == [("a1", "a1", 1, 1)]
    assert known(facts, 1) == []


def test_a_correction_dated_before_the_old_row_hides_it_from_the_start() -> None:
    facts = activities({"fact_id": "a1"}, {"fact_id": "a2", "reverses": "a1", "happened_on": "2025-03-05"})
    assert ledger(facts) == [("a1", "a1", 2, 2), ("a2", "a1", 1, None)]
    assert [known(facts, position) for position in range(3)] == [[], ["a2"], ["a2"]]


def test_reversals_that_cannot_be_are_left_out() -> None:
    facts = activities(
        {"fact_id": "a1"},
        {"fact_id": "a2", "reverses": "a1"},
        {"fact_id": "a3", "reverses": "a1"},
        {"fact_id": "a4", "reverses": "nothing"},
        {"fact_id": "a5", "reverses": "a6"},
        {"fact_id": "a6", "reverses": "a5"},
        {"fact_id": "a7", "reverses": "a7"},
        {"fact_id": "a8", "reverses": "a4"},
    )
    assert [row[0] for row in ledger(facts)] == ["a1", "a2"]
    assert codes(facts) == [
        (3, "reverses-taken"),
        (4, "reverses-unknown"),
        (5, "reverses-circle"),
        (6, "reverses-circle"),
        (7, "reverses-circle"),
        (8, "reverses-circle"),
    ]


def test_a_correction_of_a_bad_row_counts() -> None:
    facts = activities(
        {"fact_id": "a1", "quantity": "many"},
        {"fact_id": "a2", "reverses": "a1", "quantity": "2"},
    )
    assert ledger(facts) == [("a2", "a2", 1, None)]
    assert codes(facts) == [(1, "number-shape")]


def test_rows_without_an_id_get_one_from_their_content() -> None:
    first = activities({}, {}, {"quantity": "2"})
    other_order = activities({"quantity": "2.0"}, {"status": ""}, {})
    found = [row[0] for row in ledger(first)]
    assert found == [row[0] for row in ledger(other_order)]
    assert len(set(found)) == 3
    assert sorted(len(name) for name in found) == [20, 20, 22]
    assert first.issues == ()


def test_the_same_row_twice_counts_once_and_other_content_is_an_error() -> None:
    facts = activities(
        {"fact_id": "a1", "source": "lms"},
        {"fact_id": "a1", "source": "lms"},
        {"fact_id": "a1", "source": "lms", "quantity": "2"},
    )
    assert [row[0] for row in ledger(facts)] == ["a1"]
    assert codes(facts) == [(2, "row-twice"), (3, "id-twice")]
    assert facts.issues[0].reason == "The same row stands on line 1."


def test_an_id_that_is_sent_again_later_replaces_itself() -> None:
    facts = activities(
        {"fact_id": "a1", "quantity": "1", "recorded_at": "2025-04-01T08:00:00Z"},
        {"fact_id": "a1", "quantity": "2", "recorded_at": "2025-04-02T08:00:00Z"},
        {"fact_id": "a1", "quantity": "2.00", "recorded_at": "2025-04-03T08:00:00Z"},
        {"fact_id": "a1", "quantity": "1", "recorded_at": "2025-04-04T08:00:00Z"},
        {"fact_id": "a2", "reverses": "a1", "quantity": "5", "recorded_at": "2025-04-05T08:00:00Z"},
    )
    assert ledger(facts) == [
        ("a1", "a1", 1, 2),
        ("a1~2", "a1", 2, 3),
        ("a1~3", "a1", 3, 4),
        ("a2", "a1", 4, None),
    ]
    assert codes(facts) == [(3, "row-twice")]


def test_the_same_id_from_two_sources_names_two_facts() -> None:
    facts = activities(
        {"fact_id": "1", "source": "lms"},
        {"fact_id": "1", "source": "crm"},
        {"fact_id": "2", "source": "crm"},
        {"fact_id": "3", "source": "crm", "reverses": "1", "recorded_at": "2025-04-01"},
    )
    assert ledger(facts) == [
        ("2", "2", 1, None),
        ("3", "crm:1", 2, None),
        ("crm:1", "crm:1", 1, 2),
        ("lms:1", "lms:1", 1, None),
    ]
    assert facts.issues == ()


def test_a_long_chain_has_one_root() -> None:
    rows = [{"fact_id": f"a{number:03}", "reverses": f"a{number - 1:03}" if number else None} for number in range(200)]
    facts = activities(
        *(
            {**row, "recorded_at": datetime(2025, 4, 1, 0, number % 60, number // 60, tzinfo=UTC)}
            for number, row in enumerate(rows)
        )
    )
    assert {row[1] for row in ledger(facts)} == {"a000"}
    assert sum(row[3] is None for row in ledger(facts)) == 1
