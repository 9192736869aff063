"""The example company: the same bytes for a seed, believable tiers, its stories and its planned mess."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path

import pytest

from swingby.engine import Standing, assess
from swingby.errors import SwingbyError
from swingby.facts import FactSet, read_folder
from swingby.generation import Summary, generate_example
from swingby.program import Program, load

DEMO = date(2026, 3, 31)
#: Figures of twenty prototype seeds: the least and the most partners of each tier.
TIERS = {"member": (234, 268), "select": (85, 133), "gold": (22, 41), "elite": (6, 11)}
LEAST_ROWS = {
    "organizations": 400,
    "enrolments": 400,
    "people": 5500,
    "employments": 5500,
    "credentials": 6000,
    "activities": 30_000,
    "surveys": 1000,
    "decisions": 500,
    "deals": 9000,
    "deal_parties": 9000,
    "customers": 4500,
}
MOST_BAD = 0.005


def digests(folder: Path) -> dict[str, str]:
    """What every file of a folder holds, in short."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {str(path.relative_to(folder)): sha256(path.read_bytes()).hexdigest() for path in files}


def generated(folder: Path, *words: str, hash_seed: str) -> dict[str, str]:
    """What a process of its own writes, with its own order of sets."""
    code = "import sys; from swingby.cli import main; main(['generate', *sys.argv[1:]])"
    environment = os.environ | {"PYTHONHASHSEED": hash_seed, "TZ": "Asia/Tokyo" if hash_seed == "2" else "UTC"}
    subprocess.run([sys.executable, "-c", code, str(folder), *words], check=True, capture_output=True, env=environment)
    return digests(folder)


def rows(folder: Path, table: str) -> list[dict[str, str]]:
    """The rows of a file."""
    with (folder / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_one_seed_gives_the_same_bytes_in_every_process(tmp_path: Path) -> None:
    words = ("--partners", "20", "--seed", "bytes")
    first = generated(tmp_path / "one", *words, hash_seed="1")
    assert first == generated(tmp_path / "two", *words, hash_seed="2")
    assert "activities.csv" in first


def test_another_seed_gives_other_facts_of_the_same_size(tmp_path: Path) -> None:
    one = generate_example(tmp_path / "one", seed="one", partners=20)
    two = generate_example(tmp_path / "two", seed="two", partners=20)
    assert (one.partners, two.partners, one.rows["enrolments"]) == (20, 20, two.rows["enrolments"])
    assert digests(one.folder)["activities.csv"] != digests(two.folder)["activities.csv"]


def test_writing_twice_into_a_folder_replaces_the_facts(tmp_path: Path) -> None:
    used, fresh = tmp_path / "used", tmp_path / "fresh"
    generate_example(used, seed="one", partners=20)
    generate_example(used, seed="two", partners=10)
    generate_example(fresh, seed="two", partners=10)
    assert digests(used) == digests(fresh)


@pytest.mark.parametrize("partners", [1, 7, 40])
def test_any_number_of_partners(tmp_path: Path, partners: int) -> None:
    summary = generate_example(tmp_path, partners=partners)
    assert {len(rows(tmp_path, table)) for table in ("enrolments", "organizations")} == {summary.partners}
    assert summary.partners == partners


def test_a_file_of_archetypes_that_cannot_be_read_is_said_in_words(tmp_path: Path) -> None:
    with pytest.raises(SwingbyError):
        generate_example(tmp_path / "out", archetypes=tmp_path / "nowhere.yaml")


@dataclass(frozen=True, slots=True)
class Company:
    """The whole example, read."""

    summary: Summary
    program: Program
    facts: FactSet

    def standings(self, *days: date, names: Sequence[str] | None = None) -> Mapping[tuple[str, date], Standing]:
        """Standings by partner and day."""
        found = assess(self.program, self.facts, as_of=days, enrolments=names)
        found.close()
        return {(standing.enrolment, standing.as_of): standing for standing in found}


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    """The default company with four hundred partners."""
    summary = generate_example(tmp_path_factory.mktemp("harborline"))
    program = load(summary.folder / "program").program
    assert program is not None
    with read_folder(summary.folder, program) as facts:
        yield Company(summary, program, facts)


@pytest.mark.slow
def test_volumes(company: Company) -> None:
    assert {name: company.summary.rows[name] >= least for name, least in LEAST_ROWS.items()} == dict.fromkeys(
        LEAST_ROWS, True
    )


@pytest.mark.slow
def test_only_the_planned_mess_is_refused(company: Company) -> None:
    found = Counter(issue.code for issue in company.facts.issues)
    assert set(found) == {"date-impossible"}
    assert 0 < found.total() < MOST_BAD * sum(company.summary.rows.values())


def within(found: Mapping[str | None, int]) -> dict[str, bool]:
    """Whether each tier has a believable number of partners."""
    return {tier: least <= found[tier] <= most for tier, (least, most) in TIERS.items()}


@pytest.mark.slow
def test_tiers_on_the_demonstration_day(company: Company) -> None:
    found = Counter(item.tiers["level"].tier for item in company.standings(DEMO).values())
    assert (found.total(), within(found)) == (400, dict.fromkeys(TIERS, True)), found


@pytest.mark.slow
@pytest.mark.proof
@pytest.mark.parametrize("seed", ["a", "b"])
def test_tiers_with_other_seeds(company: Company, tmp_path: Path, seed: str) -> None:
    generate_example(tmp_path, seed=seed)
    with read_folder(tmp_path, company.program) as facts:
        counted = Counter(item.tiers["level"].tier for item in assess(company.program, facts, as_of=DEMO))
    assert within(counted) == dict.fromkeys(TIERS, True), counted


SEDGEROW, FALLOWGATE = "sedgerow-consulting", "fallowgate-tech"
BEFORE, LEFT, REVIEW = date(2025, 11, 2), date(2025, 11, 3), date(2026, 2, 1)


@pytest.mark.slow
def test_sedgerow_loses_three_engineers_and_keeps_gold_through_the_review(company: Company) -> None:
    found = company.standings(BEFORE, LEFT, REVIEW, DEMO, names=[SEDGEROW])
    days = {day: (item.numbers["engineers"].value, item.tiers["level"].tier) for (_, day), item in found.items()}
    assert days == {BEFORE: (4, "gold"), LEFT: (1, "gold"), REVIEW: (1, "gold"), DEMO: (1, "gold")}
    assert found[SEDGEROW, DEMO].tiers["level"].earned == "select"


@pytest.mark.slow
def test_the_engineers_went_to_fallowgate(company: Company) -> None:
    employments = [row for row in rows(company.summary.folder, "employments") if not row["reverses"]]
    left = {row["person"] for row in employments if row["organization"] == SEDGEROW and row["ends_on"] == str(LEFT)}
    came = {row["person"] for row in employments if row["organization"] == FALLOWGATE and row["starts_on"] == str(LEFT)}
    assert len(left) >= 3
    assert len(left & came) == 3


@pytest.mark.slow
def test_stories_stand_where_they_are_told(company: Company) -> None:
    told = {
        "tarnwick-labs": ("gold", 3),
        "merrowick-services": ("member", 18),
        "quillmoor-systems": ("member", 9),
        "brackenholt-trading": ("member", 0),
        "thornquay-consulting": ("gold", 6),
    }
    found = company.standings(DEMO, names=list(told))
    assert {
        name: (item.tiers["level"].tier, item.numbers["engineers"].value) for (name, _), item in found.items()
    } == told
    others = {"pellworth-digital", "gorsefell-security", "loomfield-software", FALLOWGATE}
    assert others <= {row["organization"] for row in rows(company.summary.folder, "organizations")}
