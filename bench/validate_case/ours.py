"""Swingby, as ``swingby validate --bad-rows`` does it."""

from __future__ import annotations

import csv
from pathlib import Path

from swingby.facts import file_reports, read_folder, write_bad_rows
from swingby.program import load_text

PROGRAM = 'program: {id: bench, label: Bench, language: 1, version: "1", effective: 2025-01-01, currency: EUR}'


def validate(folder: Path, bad: Path) -> int:
    """Check every row, write the bad ones; returns how many count."""
    program = load_text(PROGRAM).program
    assert program is not None
    with read_folder(folder, program) as facts:
        write_bad_rows(facts, bad)
        return sum(report.good for report in file_reports(facts))


def reasons(bad: Path) -> list[tuple[str, ...]]:
    """What the file of bad rows says, without words."""
    with bad.open(newline="") as file:
        return sorted((row["line"], row["column"], row["value"], row["code"]) for row in csv.DictReader(file))
