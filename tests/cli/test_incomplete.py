"""What commands say of a partner about whom facts are missing."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pytest

from tests.cli.conftest import Run

COVERAGE = "kind,source,complete_from,complete_to\nactivities,portal,2024-01-01,2024-02-15\n"
DAY = ("--as-of", "2024-03-31")


@pytest.fixture
def silent(facts: Path) -> Path:
    """Activities are complete to the middle of February; both partners have somebody with a certificate."""
    (facts / "coverage.csv").write_text(COVERAGE)
    (facts / "employments.more.csv").write_text("fact_id,organization,person,starts_on\ne2,bolt,bea,2024-01-01\n")
    (facts / "credentials.more.csv").write_text("fact_id,person,code,starts_on\nc2,bea,one,2024-01-01\n")
    return facts


def test_assess_marks_the_partner_and_counts_them(run: Run, program: Path, silent: Path) -> None:
    result = run("assess", program, silent, *DAY)
    lines = [line.rstrip() for line in result.stdout.splitlines()]
    assert lines[-1] == (
        "1 partner is incomplete: facts are missing, so nobody moves down for them; `explain` says which numbers wait."
    )
    assert [line.split("  ")[0] for line in lines if "or more" in line] == ["bolt"]
    found = {
        item["enrolment"]: item["tiers"]["level"]
        for item in json.loads(run("assess", program, silent, *DAY, "--json").stdout)
    }
    assert {name: tier["is_incomplete"] for name, tier in found.items()} == {"acme": False, "bolt": True}


def test_assess_says_nothing_when_nothing_is_missing(run: Run, program: Path, facts: Path) -> None:
    assert "incomplete" not in run("assess", program, facts, *DAY).output


def test_explain_says_it_beside_the_tier_and_each_number(run: Run, program: Path, silent: Path) -> None:
    lines = [line.strip() for line in run("explain", program, silent, "bolt", *DAY).stdout.splitlines()]
    assert [line for line in lines if "incomplete" in line] == [
        "incomplete: facts are missing; earned on the day is member or more",
        "total: 10 (incomplete)",
        "visited: 10 (incomplete)",
    ]
    numbers = json.loads(run("explain", program, silent, "bolt", *DAY, "--json").stdout)["numbers"]
    assert {name: number["state"] for name, number in numbers.items()} == {
        "people": "known",
        "total": "incomplete",
        "visited": "incomplete",
    }


@pytest.mark.parametrize("form", [(), ("--json",)])
def test_history_warns_that_line_items_may_be_missing(
    run: Run, program: Path, silent: Path, form: tuple[str, ...]
) -> None:
    result = run("history", program, silent, "bolt", *DAY, *form)
    assert result.stderr == "total is incomplete: facts are missing, and with them line items.\n"


def test_load_says_for_which_days_a_source_is_complete(run: Run, program: Path, facts: Path, tmp_path: Path) -> None:
    """One file of a delivery, with the mapping beside it."""
    delivery = tmp_path / "delivery"
    delivery.mkdir()
    (delivery / "visits.csv").write_text("Day;Partner\n01.03.2024;bolt\n")
    (delivery / "other.csv").write_text("nothing\n1\n")
    (delivery / "mapping.yaml").write_text(
        "source: forms\ndates: [DD.MM.YYYY]\nfiles:\n  - read: visits.csv\n    as: activities\n"
        "    complete: {from: 2024-01-01, to: 2024-04-01}\n"
        "    columns: {happened_on: Day, organization: Partner, kind: {always: visit}}\n"
    )
    result = run("load", program, facts, delivery / "visits.csv", "--dry-run")
    assert result.exit_code == 0, result.output
    assert "activities: the source forms is complete from 2024-01-01 to 2024-04-01" in result.stdout.splitlines()
    sources = json.loads(run("load", program, facts, delivery / "visits.csv", "--dry-run", "--json").stdout)["sources"]
    assert [(each["kind"], each["source"], each["says"]) for each in sources] == [("activities", "forms", True)]


def test_a_delivery_may_stand_in_a_database(run: Run, program: Path, facts: Path, tmp_path: Path) -> None:
    place = tmp_path / "crm.duckdb"
    with duckdb.connect(str(place)) as connection:
        connection.execute(
            "CREATE TABLE activities AS SELECT 7 AS fact_id, DATE '2024-03-01' AS happened_on, 'bolt' AS organization,"
            " 'visit' AS kind"
        )
    first, second = (run("load", program, facts, place, "--json") for _ in range(2))
    assert [json.loads(each.stdout)["facts"][0]["new"] for each in (first, second)] == [1, 0]
    assert "a source without a name" in run("load", program, facts, place, "--dry-run").stdout


def test_facts_in_a_database_are_assessed_through_a_mapping(
    run: Run, program: Path, facts: Path, tmp_path: Path
) -> None:
    place, mapping = tmp_path / "crm.duckdb", tmp_path / "crm.yaml"
    with duckdb.connect(str(place)) as connection:
        for name in ("organizations", "enrolments"):
            connection.execute(f"CREATE TABLE {name} AS SELECT * FROM read_csv('{facts / name}.csv')")
        connection.execute("CREATE TABLE visits AS SELECT DATE '2024-03-01' AS day, 'bolt' AS partner FROM range(3)")
    mapping.write_text(
        "files:\n  - read: visits\n    as: activities\n"
        "    columns: {happened_on: day, organization: partner, kind: {always: visit}}\n"
    )
    numbers = json.loads(run("explain", program, place, "bolt", "--mapping", mapping, *DAY, "--json").stdout)["numbers"]
    assert numbers["total"]["value"] == "30"
