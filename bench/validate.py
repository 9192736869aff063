"""How long it takes to validate a million rows: text without quotes, quoted, mapped, with bad rows, packed, Parquet.

Beside them the peer, the same checks row by row in Python, on the plain file. ``./run bench validate`` prints one table and
writes docs/measured/validate.json.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import os
import re
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb

from swingby.facts import counted_issues, file_reports, read_folder, write_bad_rows
from swingby.program import Program, load_text
from tools.measured import record

ENOUGH = 1_000_000
PROGRAM = 'program: {id: bench, label: Bench, language: 1, version: "1", effective: 2025-01-01, currency: EUR}'
NAMES = ("fact_id", "happened_on", "organization", "kind", "person", "quantity", "status")
MAPPING = """
source: crm
numbers: "1.234,56"
dates: [DD.MM.YYYY]
files:
  - read: export.csv
    as: activities
    columns: {fact_id: Id, happened_on: Day, organization: Partner, kind: {always: visit}, person: Who, quantity: Amount,
              status: {from: State, values: {Done: done, Open: open}}}
"""
NUMBER = re.compile(r"[+-]?\d+(\.\d*)?")


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds on the clock, seconds of the processors (which a busy machine changes less), and what was found."""

    seconds: float
    processor: float
    good: int
    bad: int


def main(arguments: Sequence[str] | None = None) -> None:
    """Write the files, validate each several times, print and record."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=ENOUGH)
    parser.add_argument("--repeats", type=int, default=3)
    options = parser.parse_args(arguments)
    program = load_text(PROGRAM).program
    assert program is not None
    with tempfile.TemporaryDirectory(prefix="swingby-validate-") as name:
        cases = make_cases(Path(name), options.rows)
        results = {
            what: timed(lambda folder=folder: validate(folder, program), options.repeats)
            for what, folder in cases.items()
        }
        peer = cases["plain text"] / "activities.csv"
        results["the peer: row by row in Python, plain text"] = timed(lambda: row_by_row(peer), options.repeats)
    report(results, rows=options.rows)


def make_cases(folder: Path, rows: int) -> Mapping[str, Path]:
    """A folder for each case."""
    cases = {what: folder / str(number) for number, what in enumerate(WRITERS)}
    for what, place in cases.items():
        place.mkdir()
        WRITERS[what](place, rows)
    return cases


def validate(folder: Path, program: Program) -> tuple[int, int]:
    """Rows that count and problems, as ``swingby validate --bad-rows`` finds them."""
    with read_folder(folder, program) as facts:
        write_bad_rows(facts, folder.parent / "bad.csv")
        return sum(report.good for report in file_reports(facts)), counted_issues(facts)[0]


def row_by_row(path: Path) -> tuple[int, int]:
    """The checks that matter here, as a loop: days, numbers, what must be filled, ids that come twice."""
    seen: set[str] = set()
    good = bad = 0
    with path.open(newline="") as file:
        for row in csv.DictReader(file):
            try:
                date.fromisoformat(row["happened_on"])
                fine = NUMBER.fullmatch(row["quantity"]) is not None and Decimal(row["quantity"]) is not None
            except ValueError:
                fine = False
            fine = fine and bool(row["organization"]) and bool(row["kind"]) and row["fact_id"] not in seen
            seen.add(row["fact_id"])
            good, bad = good + fine, bad + (not fine)
    return good, bad


def timed(act: Callable[[], tuple[int, int]], repeats: int) -> Timing:
    """The medians of some runs, with what they found."""
    seconds, processor = [], []
    for _ in range(repeats):
        started, spent = time.perf_counter(), time.process_time()
        good, bad = act()
        seconds.append(time.perf_counter() - started)
        processor.append(time.process_time() - spent)
    return Timing(statistics.median(seconds), statistics.median(processor), good, bad)


def _plain(place: Path, rows: int, *, bad: bool = False) -> None:
    with (place / "activities.csv").open("w") as file:
        file.write(",".join(NAMES) + "\n")
        for number in range(rows):
            wrong = bad and number % 100 == 0
            file.write(
                f"a{number},{_day(number)},p{number % 400},visit,h{number % 6000},{'x' if wrong else number % 50}.5,done\n"
            )


def _quoted(place: Path, rows: int) -> None:
    with (place / "activities.csv").open("w") as file:
        file.write(",".join(NAMES) + "\n")
        for number in range(rows):
            file.write(
                f'"a{number}","{_day(number)}","p{number % 400}","visit, ""long""","h{number % 6000}","{number % 50}.5","done"\n'
            )


def _broken_lines(place: Path, rows: int) -> None:
    with (place / "activities.csv").open("w") as file:
        file.write(",".join(NAMES) + "\n")
        for number in range(rows):
            kind = '"visit\nlong"' if number % 1000 == 0 else "visit"
            file.write(f"a{number},{_day(number)},p{number % 400},{kind},h{number % 6000},{number % 50}.5,done\n")


def _mapped(place: Path, rows: int) -> None:
    (place / "mapping.yaml").write_text(MAPPING)
    with (place / "export.csv").open("w") as file:
        file.write("Id;Day;Partner;Who;Amount;State;Notes\n")
        for number in range(rows):
            day = ".".join(reversed(_day(number).split("-")))
            file.write(f"a{number};{day};p{number % 400};h{number % 6000};1.{number % 1000:03},50;Done;x\n")


def _packed(place: Path, rows: int) -> None:
    _plain(place, rows)
    source = place / "activities.csv"
    with source.open("rb") as file, gzip.open(place / "activities.csv.gz", "wb", compresslevel=1) as packed:
        shutil.copyfileobj(file, packed)
    source.unlink()


def _parquet(place: Path, rows: int) -> None:
    _plain(place, rows)
    source = place / "activities.csv"
    duckdb.execute(f"COPY (SELECT * FROM read_csv('{source}')) TO '{place}/activities.parquet' (FORMAT parquet)")
    source.unlink()


def _day(number: int) -> str:
    return f"2025-{1 + number % 12:02}-{1 + number % 28:02}"


WRITERS: Mapping[str, Callable[[Path, int], None]] = {
    "plain text": _plain,
    "plain text, 1 % bad rows": lambda place, rows: _plain(place, rows, bad=True),
    "quoted text": _quoted,
    "text with line breaks in quotes": _broken_lines,
    "an export with a mapping": _mapped,
    "packed text": _packed,
    "Parquet": _parquet,
}


def report(results: Mapping[str, Timing], *, rows: int) -> None:
    """Print the table and record it where the docs take their figures from."""
    print(f"{rows:,} rows on {os.cpu_count()} cores")
    print(f"{'':<45} {'clock':>9} {'processor':>11} {'count':>11} {'do not':>9}")
    for what, found in results.items():
        print(f"{what:<45} {found.seconds:7.1f} s {found.processor:9.1f} s {found.good:>11,} {found.bad:>9,}")
    if rows < ENOUGH:
        print("Too few rows for a figure in the docs: nothing was written.")
        return
    seconds = {what: round(found.seconds, 1) for what, found in results.items()}
    processor = {what: round(found.processor, 1) for what, found in results.items()}
    what = "Median seconds to validate and write the file of bad rows, 7 columns"
    record(
        "validate",
        what=what,
        command="./run bench validate",
        figures={"rows": rows, "seconds": seconds, "processor": processor},
    )


if __name__ == "__main__":
    main()
