"""One seed gives the same bytes: in every process, in any order of blocks, in any size."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
import yaml

from swingby.errors import SwingbyError
from swingby.facts import read_folder
from swingby.generation import Format, generate_example, read_company
from swingby.generation.example import EXAMPLES
from swingby.program import load
from tests.generation.company import digests, listed

FIGURES = EXAMPLES / "harborline" / "archetypes.yaml"


def generated(folder: Path, *words: str, hash_seed: str) -> dict[str, str]:
    """What a process of its own writes, with its own order of sets and its own clock."""
    code = "import sys; from swingby.cli import main; main(['generate', *sys.argv[1:]])"
    environment = os.environ | {"PYTHONHASHSEED": hash_seed, "TZ": "Asia/Tokyo" if hash_seed == "2" else "UTC"}
    subprocess.run([sys.executable, "-c", code, str(folder), *words], check=True, capture_output=True, env=environment)
    return digests(folder)


def test_one_seed_gives_the_same_bytes_in_every_process(tmp_path: Path) -> None:
    words = ("--partners", "20", "--seed", "bytes")
    first = generated(tmp_path / "one", *words, hash_seed="1")
    assert first == generated(tmp_path / "two", *words, hash_seed="2")
    assert "activities.csv" in first


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """The archetypes of a company of a tenth of the size; the program beside them is left away."""
    figures = yaml.safe_load(FIGURES.read_text(encoding="utf-8"))
    for kind in figures["archetypes"].values():
        kind["tracks"] = [min(count, 1) for count in kind["tracks"]]
    path = tmp_path / "small" / "archetypes.yaml"
    path.parent.mkdir()
    path.write_text(yaml.safe_dump(figures, sort_keys=False), encoding="utf-8")
    return path


@pytest.mark.proof
@pytest.mark.slow
@pytest.mark.parametrize("written", ["csv", "parquet"])
def test_blocks_come_out_the_same_one_by_one_and_two_at_a_time(tmp_path: Path, small: Path, written: Format) -> None:
    one = generate_example(tmp_path / "one", archetypes=small, partners=200, written=written, processes=1)
    two = generate_example(tmp_path / "two", archetypes=small, partners=200, written=written, processes=2)
    assert (one.rows, digests(one.folder)) == (two.rows, digests(two.folder))
    assert len({path.name for path in (one.folder).rglob("*part-*")}) > 1


@pytest.mark.proof
def test_the_first_blocks_of_a_larger_company_are_those_of_a_smaller_one(tmp_path: Path, small: Path) -> None:
    size = 5 * read_company(small).size
    less = generate_example(tmp_path / "less", archetypes=small, partners=size, written="parquet")
    more = generate_example(tmp_path / "more", archetypes=small, partners=size + 7, written="parquet", processes=1)
    known = digests(more.folder)
    assert {name: known.get(name) for name in digests(less.folder)} == digests(less.folder)


def test_another_seed_gives_other_facts_of_the_same_size(tmp_path: Path) -> None:
    one = generate_example(tmp_path / "one", seed="one", partners=20)
    two = generate_example(tmp_path / "two", seed="two", partners=20)
    assert (one.partners, two.partners, one.rows["enrolments"]) == (20, 20, two.rows["enrolments"])
    assert digests(one.folder)["activities.csv"] != digests(two.folder)["activities.csv"]


def test_writing_twice_into_a_folder_replaces_the_facts(tmp_path: Path) -> None:
    used, fresh = tmp_path / "used", tmp_path / "fresh"
    generate_example(used, seed="one", partners=20, written="parquet")
    generate_example(used, seed="two", partners=10)
    generate_example(fresh, seed="two", partners=10)
    assert digests(used) == digests(fresh)


@pytest.mark.parametrize("partners", [1, 7, 40])
def test_any_number_of_partners(tmp_path: Path, partners: int) -> None:
    summary = generate_example(tmp_path, partners=partners)
    assert (len(listed(tmp_path, "enrolments")), summary.partners) == (partners, partners)


def test_a_number_of_activities_is_about_that_many(tmp_path: Path) -> None:
    summary = generate_example(tmp_path, activities=60_000, written="parquet")
    assert 0.7 < summary.rows["activities"] / 60_000 < 1.4


def test_parquet_holds_the_facts_that_text_holds(tmp_path: Path) -> None:
    """But for days that cannot be, which only text can write, and mails, which only text needs."""
    text = generate_example(tmp_path / "text", partners=30)
    tables = generate_example(tmp_path / "tables", partners=30, written="parquet")
    assert {name for name in text.rows if text.rows[name] != tables.rows.get(name)} == {"activities", "deals", "mails"}
    program = load(text.folder / "program").program
    assert program is not None
    counts = {}
    for folder in (text.folder, tables.folder):
        with read_folder(folder, program) as facts:
            counts[folder.name] = {kind: facts.count(f"fact_{kind}") for kind in program.kinds}
    assert counts["text"] == counts["tables"]


def test_without_truth_nothing_is_taken_back(tmp_path: Path) -> None:
    summary = generate_example(tmp_path, partners=40, truth=False)
    assert listed(summary.folder, "deals.withdrawn") == []


def test_a_file_of_archetypes_that_cannot_be_read_is_said_in_words(tmp_path: Path) -> None:
    with pytest.raises(SwingbyError):
        generate_example(tmp_path / "out", archetypes=tmp_path / "nowhere.yaml")


def test_a_story_that_says_what_no_story_can_say_is_refused(tmp_path: Path) -> None:
    shutil.copy(FIGURES, tmp_path / "archetypes.yaml")
    with (tmp_path / "archetypes.yaml").open("a", encoding="utf-8") as file:
        file.write("  - {name: Nobody, archetype: anchor, track: resell, region: emea, colour: red}\n")
    with pytest.raises(SwingbyError, match="colour"):
        generate_example(tmp_path / "out", archetypes=tmp_path / "archetypes.yaml")


def test_a_column_without_any_value_is_written_as_one(tmp_path: Path) -> None:
    summary = generate_example(tmp_path, partners=3, written="parquet")
    shown = duckdb.sql(f"SELECT DISTINCT reverses FROM '{summary.folder}/surveys/*.parquet'").fetchall()
    assert shown == [(None,)]
