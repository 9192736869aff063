"""What a run over everybody writes says the same as the standings do."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from swingby.engine import Assessment, Written, assess, assess_to
from swingby.errors import SwingbyError
from swingby.facts import read_folder
from swingby.generation import generate_example
from swingby.program import load
from tests.soundness.worlds import World, on

# The midnight of a demotion review with days of grace, and days on both sides of it.
DAYS = (date(2025, 7, 31), date(2025, 8, 1), date(2026, 3, 31))
TWO_LADDERS = """
measures: {visits: {count: facts, of: activities, over: ever}}
ladders:
  level: {tiers: [{id: low}, {id: high, requires: {any: [{measure: visits, at_least: 2}, {decision: waiver}]}}]}
  badge: {tiers: [{id: seen, requires: {measure: visits, above: 0}}]}
"""

#: Cells that change from one asked day to the next, a ladder by them, and one that is decided at reviews of the past.
CELLS = """
tables: {product: [x, {is: y, from: 2024-07-01}]}
measures:
  sold: {by: product, sum: amount, of: transactions, over: ever}
  deals: {count: facts, of: transactions, over: ever}
ladders:
  badge: {by: product, tiers: [{id: holder, requires: {all: [{measure: sold, at_least: 10}, {measure: deals, above: 0}]}}]}
  level:
    tiers: [{id: low}, {id: high, requires: {measure: deals, at_least: 2}}]
    promote: {each: month}
    demote: {each: year}
"""


def written_standings(written: Written) -> list[tuple[object, ...]]:
    columns = "enrolment, as_of, ladder, tier, earned, next_tier, since, hold_until, is_incomplete"
    return duckdb.sql(f"SELECT {columns} FROM '{written.standings}/*.parquet' ORDER BY ALL").fetchall()


def written_requirements(written: Written) -> list[tuple[object, ...]]:
    columns = "enrolment, as_of, ladder, path, value, line, gap, result"
    rows = duckdb.sql(f"SELECT {columns} FROM '{written.requirements}/*.parquet'").fetchall()
    return sorted((*row[:4], *map(plain, row[4:7]), row[7]) for row in rows)


def plain(value: Decimal | None) -> str:
    return "" if value is None else format(value.normalize(), "f")


def standings(found: Assessment) -> list[tuple[object, ...]]:
    return [
        (
            each.enrolment,
            each.as_of,
            name,
            held.tier,
            held.earned,
            held.next_tier,
            held.since,
            held.hold_until,
            held.is_incomplete,
        )
        for each in found
        for name, held in each.tiers.items()
    ]


def requirements(found: Assessment) -> list[tuple[object, ...]]:
    return sorted(
        (each.enrolment, each.as_of, name, row.path, plain(row.value), plain(row.line), plain(row.gap), row.result)
        for each in found
        for name, held in each.tiers.items()
        for rows in held.rows.values()
        for row in rows
    )


@pytest.mark.slow
def test_a_program_with_reviews_and_grace_is_written_as_it_stands(tmp_path: Path) -> None:
    example = generate_example(tmp_path / "example", partners=40)
    program = load(example.folder / "program").program
    assert program is not None
    with read_folder(example.folder, program) as facts:
        found = assess(program, facts, as_of=DAYS)
        written = assess_to(program, facts, tmp_path / "out", as_of=DAYS)
        expected = standings(found), requirements(found)
        found.close()
    assert len(list(written.standings.iterdir())) == 2, "nobody needed the days of grace: the second pass is untested"
    assert (sorted(written_standings(written), key=repr), written_requirements(written)) == (
        sorted(expected[0], key=repr),
        expected[1],
    )


def test_several_ladders_and_statuses_are_written(tmp_path: Path) -> None:
    made = World.of(TWO_LADDERS, partners=("acme", "bolt", "cora"))
    made.event("activities", "2024-02-01", kind="x")
    made.state("decisions", "2024-02-01", organization="bolt", topic="waiver", outcome="approved")
    day = on("2024-06-30")
    with made.facts() as facts:
        written = assess_to(made.program, facts, tmp_path, as_of=day)
    assert [row[:1] + row[2:6] for row in written_standings(written)] == [
        ("acme", "badge", "seen", "seen", None),
        ("acme", "level", "low", "low", "high"),
        ("bolt", "badge", None, None, "seen"),
        ("bolt", "level", "high", "high", None),
        ("cora", "badge", None, None, "seen"),
        ("cora", "level", "low", "low", "high"),
    ]
    assert [row[3:] for row in written_requirements(written) if row[0] == "acme"] == [
        ("seen", "1", "0", "0", "met"),
        ("high", "", "", "", "unmet"),
        ("high.1", "1", "2", "1", "unmet"),
        ("high.2", "", "", "", "unmet"),
    ]


def test_cells_and_reviews_of_the_past_are_written_as_they_stand(tmp_path: Path) -> None:
    made = World.of(CELLS, partners=("acme", "bolt"))
    made.event(
        "transactions", "2024-02-01", "t1", product="x", amount=12, recorded_at=datetime.fromisoformat("2024-02-02")
    )
    made.event(
        "transactions", "2024-06-03", "t2", product="y", amount=20, recorded_at=datetime.fromisoformat("2024-07-02")
    )
    made.event(
        "transactions",
        "2024-06-03",
        "t3",
        organization="bolt",
        product="y",
        amount=5,
        recorded_at=datetime.fromisoformat("2024-06-04"),
    )
    days = on("2024-06-30"), on("2024-07-01"), on("2024-07-31"), on("2025-01-01")
    with made.facts() as facts:
        found = assess(made.program, facts, as_of=days)
        written = assess_to(made.program, facts, tmp_path, as_of=days)
        expected = standings(found), requirements(found)
        assert len(found.plan.demand.lenses) > 1, "every review knew what the asked day knows"
        found.close()
    assert {row[2] for row in expected[0]} == {"badge[x]", "badge[y]", "level"}
    assert (sorted(written_standings(written), key=repr), written_requirements(written)) == (
        sorted(expected[0], key=repr),
        expected[1],
    )


def test_only_who_is_enrolled_on_the_day_is_written(tmp_path: Path) -> None:
    made = World.of(TWO_LADDERS).enrol("late", joined_on="2024-07-01").enrol("gone", ended_on="2024-06-30")
    with made.facts() as facts:
        written = assess_to(made.program, facts, tmp_path, as_of=(on("2024-06-29"), on("2024-06-30"), on("2024-07-01")))
    found = {(row[0], row[1]) for row in written_standings(written)}
    assert found == {
        ("acme", on("2024-06-29")),
        ("acme", on("2024-06-30")),
        ("acme", on("2024-07-01")),
        ("gone", on("2024-06-29")),
        ("late", on("2024-07-01")),
    }


def test_tiers_that_ask_for_nothing_have_no_requirement_rows(tmp_path: Path) -> None:
    made = World.of("ladders: {level: {tiers: [{id: member}]}}")
    with made.facts() as facts:
        written = assess_to(made.program, facts, tmp_path, as_of=on("2024-06-30"))
    assert ([row[3] for row in written_standings(written)], written_requirements(written)) == (["member"], [])


def test_a_program_without_ladders_leaves_the_folders_empty(tmp_path: Path) -> None:
    made = World.of("measures: {visits: {count: facts, of: activities, over: ever}}")
    with made.facts() as facts:
        written = assess_to(made.program, facts, tmp_path, as_of=on("2024-06-30"))
    assert [*written.standings.iterdir(), *written.requirements.iterdir()] == []


def test_a_folder_in_use_is_left_alone(tmp_path: Path) -> None:
    made = World.of(TWO_LADDERS)
    with made.facts() as facts:
        assess_to(made.program, facts, tmp_path, as_of=on("2024-06-30"))
        before = {path: path.read_bytes() for path in tmp_path.rglob("*.parquet")}
        with pytest.raises(SwingbyError) as error:
            assess_to(made.program, facts, tmp_path, as_of=on("2024-07-01"))
    assert error.value.code == "folder-in-use"
    assert {path: path.read_bytes() for path in tmp_path.rglob("*.parquet")} == before
