"""``swingby validate`` and ``swingby load`` as somebody types them."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
from click.testing import Result

from tests.cli.conftest import FACTS, Run

BAD = (
    "fact_id,organization,kind,happened_on,quantity\n"
    'g1,acme,"visit\nlong",2024-03-01,1\n'
    "g2,acme,=cmd|x,2024-02-30,1\n"
    "g3,acme,visit,2024-03-01,=1+1\n"
    "g4,acme,visit,2024-03-01\n"
    "g5,acme,visit,2024-03-02,+1\n"
)


Swingby = Callable[..., Result]


@pytest.fixture
def swingby(run: Run, program: Path, facts: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command where the folders ``program`` and ``facts`` are."""
    assert {program.parent, facts.parent} == {tmp_path}
    monkeypatch.chdir(tmp_path)
    return run


@pytest.fixture
def delivery(tmp_path: Path) -> Path:
    folder = tmp_path / "delivery"
    folder.mkdir()
    (folder / "activities.csv").write_text(BAD)
    return folder


def lines(result: Result) -> list[str]:
    return [line.rstrip() for line in result.stdout.splitlines()]


def test_validate_writes_the_bad_rows_with_their_true_lines(swingby: Swingby, tmp_path: Path, delivery: Path) -> None:
    target = tmp_path / "bad.csv"
    result = swingby("validate", "program", "delivery", "--bad-rows", str(target))
    assert (result.exit_code, lines(result)) == (
        1,
        [
            "file            table       rows  good  bad  warned  passed over",
            "--------------  ----------  ----  ----  ---  ------  -----------",
            "activities.csv  activities     5     2    3       1            0",
            "",
            "kind        source  rows  first day   last day    complete from  complete to",
            "----------  ------  ----  ----------  ----------  -------------  -----------",
            "activities             2  2024-03-01  2024-03-02  not said       not said",
            "",
            f"2 rows count, 3 are left out. {target} says why.",
        ],
    )
    with target.open(newline="") as file:
        rows = [(row["line"], row["column"], row["value"], row["code"]) for row in csv.DictReader(file)]
    assert rows == [
        ("4", "happened_on", "2024-02-30", "date-impossible"),
        ("5", "quantity", "'=1+1", "number-shape"),
        ("6", "", "g4,acme,visit,2024-03-01", "row-width"),
    ]


def test_validate_says_so_when_every_row_counts(swingby: Swingby) -> None:
    result = swingby("validate", "program", "facts", "--json")
    found = json.loads(result.stdout)
    assert (result.exit_code, found["errors"], found["warnings"], found["issues"]) == (0, 0, 0, [])
    assert {file["file"]: (file["rows"], file["bad"]) for file in found["files"]} == {
        name: (content.count("\n") - 1, 0) for name, content in FACTS.items()
    }


def test_facts_may_stand_in_a_duckdb_file(swingby: Swingby, tmp_path: Path) -> None:
    with duckdb.connect(str(tmp_path / "facts.duckdb")) as connection:
        for name in FACTS:
            table = name.removesuffix(".csv")
            connection.execute(f"CREATE TABLE {table} AS SELECT * FROM read_csv('{tmp_path / 'facts' / name}')")
    from_folder = swingby("assess", "program", "facts", "--as-of", "2024-03-31")
    from_file = swingby("assess", "program", "facts.duckdb", "--as-of", "2024-03-31")
    assert (from_file.exit_code, from_file.output) == (0, from_folder.output)


@pytest.mark.parametrize(
    ("place", "code"),
    [
        ("nowhere", "facts-folder"),
        ("nowhere.duckdb", "facts-folder"),
        ("no.duckdb", "facts-database"),
        ("postgresql://nobody@127.0.0.1:1/nothing?connect_timeout=1", "facts-database"),
    ],
)
def test_facts_that_are_not_there_are_told(swingby: Swingby, tmp_path: Path, place: str, code: str) -> None:
    (tmp_path / "no.duckdb").write_text("this is no database, however long it may be")
    result = swingby("validate", "program", place)
    assert (result.exit_code, result.stderr.split("]")[0]) == (3, f"error [{code}")


def test_a_mapping_with_mistakes_is_told(swingby: Swingby, tmp_path: Path, delivery: Path) -> None:
    (tmp_path / "m.yaml").write_text("files: [{read: x, as: y}]\n")
    result = swingby("validate", "program", "delivery", "--mapping", "m.yaml")
    assert (result.exit_code, result.stderr.splitlines()[1][:29]) == (
        3,
        "m.yaml:1:23: error: [table-un",
    )


def test_load_adds_good_rows_once(swingby: Swingby, tmp_path: Path, delivery: Path) -> None:
    first = swingby("load", "program", "facts", "delivery")
    assert (first.exit_code, lines(first)[:3]) == (
        1,
        [
            "kind        mode    known  new  changed  the same  vanished  withdrawn",
            "----------  ------  -----  ---  -------  --------  --------  ---------",
            "activities  events      5    2        0         0         0          0",
        ],
    )
    again = swingby("load", "program", "facts", "delivery")
    assert lines(again)[2:] == [
        "activities  events      7    0        0         2         0          0",
        "activities: a source without a name does not say for which days it is complete",
        "Nothing changes.",
    ]
    assert len(list((tmp_path / "facts").glob("activities.*.csv"))) == 1


def test_load_stops_when_it_is_asked_to(swingby: Swingby, tmp_path: Path, delivery: Path) -> None:
    before = sorted((tmp_path / "facts").iterdir())
    asked = swingby("load", "program", "facts", "delivery", "--all-or-nothing")
    assert (asked.exit_code, "[rows-bad]" in asked.stderr) == (3, True)
    tried = swingby("load", "program", "facts", "delivery", "--dry-run")
    assert (tried.exit_code, "Written" in tried.stdout) == (1, False)
    (delivery / "activities.csv").write_text(BAD.splitlines()[0] + "\ng1,acme,visit,2024-03-01,1\n")
    stopped = swingby("load", "program", "facts", "delivery", "--mode", "snapshot")
    assert (stopped.exit_code, stopped.stderr.splitlines()[-2]) == (
        1,
        "error [guard]: The delivery would reverse 100 % of activities (5 vanished and 0 changed of 5). Nothing was written.",
    )
    assert sorted((tmp_path / "facts").iterdir()) == before
    allowed = swingby("load", "program", "facts", "delivery", "--mode", "snapshot", "--most-reversed", "100%")
    assert (allowed.exit_code, lines(allowed)[2]) == (
        0,
        "activities  snapshot      5    1        0         0         5          0",
    )
    left = swingby("validate", "program", "facts", "--json")
    sources = {source["kind"]: source["rows"] for source in json.loads(left.stdout)["sources"]}
    assert (left.exit_code, sources["activities"]) == (0, 1)
