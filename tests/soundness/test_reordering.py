"""The order of rows and the files they stand in change nothing; a part of the partners stands as in the whole."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from random import Random

import pytest

from swingby.engine import Assessment, Standing, assess
from swingby.facts import read_folder
from swingby.program import Program, load

DAY = date(2026, 3, 31)
pytestmark = pytest.mark.slow


def program_of(folder: Path) -> Program:
    """The program beside the facts."""
    found = load(folder / "program").program
    assert found is not None
    return found


@contextmanager
def run(folder: Path, *days: date, enrolments: Sequence[str] | None = None) -> Iterator[Assessment]:
    """One assessment of a folder."""
    program = program_of(folder)
    with read_folder(folder, program) as facts:
        found = assess(program, facts, as_of=days or DAY, enrolments=enrolments)
        yield found
        found.close()


def standings(folder: Path, *days: date, enrolments: Sequence[str] | None = None) -> list[Standing]:
    """Every standing of a run."""
    with run(folder, *days, enrolments=enrolments) as found:
        return list(found)


@pytest.fixture(scope="session")
def whole(company: Path) -> list[Standing]:
    """Everybody's standing."""
    return standings(company)


def rewrite(source: Path, target: Path, *, parts: int, seed: int) -> None:
    """Copy a company with the rows of each file in another order, spread over several files."""
    random = Random(seed)
    for file in sorted(source.rglob("*.csv")):
        folder = target / file.parent.relative_to(source)
        folder.mkdir(parents=True, exist_ok=True)
        head, *rows = file.read_bytes().splitlines(keepends=True)
        random.shuffle(rows)
        for part in range(parts):
            folder.joinpath(f"{file.stem}.part{part}.csv").write_bytes(b"".join([head, *rows[part::parts]]))
    target.joinpath("mapping.yaml").write_bytes(source.joinpath("mapping.yaml").read_bytes())
    target.joinpath("program").symlink_to(source / "program")


def test_the_company_holds_more_than_one_tier(whole: list[Standing]) -> None:
    assert len({standing.tiers["level"].tier for standing in whole}) > 1


@pytest.mark.parametrize(("parts", "seed"), [pytest.param(1, 1, marks=pytest.mark.proof), (3, 2)])
def test_rows_in_another_order_and_in_several_files(
    company: Path, whole: list[Standing], tmp_path: Path, parts: int, seed: int
) -> None:
    rewrite(company, tmp_path, parts=parts, seed=seed)
    assert standings(tmp_path) == whole


@pytest.mark.proof
def test_chosen_partners_stand_as_in_the_whole(company: Path, whole: list[Standing]) -> None:
    names = [standing.enrolment for standing in whole]
    for chosen in (names[:1], names[3:6], list(reversed(names[6:]))):
        assert standings(company, enrolments=chosen) == [item for item in whole if item.enrolment in chosen]


@pytest.mark.proof
def test_several_days_stand_as_each_alone(company: Path, whole: list[Standing]) -> None:
    before = date(2025, 9, 15)
    assert standings(company, before, DAY) == [*standings(company, before), *whole]


def test_histories_of_all_are_those_of_each_and_add_up(company: Path) -> None:
    with run(company) as found:
        for number in ("total", "rhythm", "training", "advanced"):
            for name, lines in found.histories(number).items():
                assert lines == found.history(name, number)
                assert sum(line.amount for line in lines) == found.standing(name).numbers[number].value
