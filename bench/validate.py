"""How long it takes to validate rows, by kind of file and beside peers.

``./run bench validate`` validates a million rows of text without quotes, quoted, mapped, with bad rows, packed, Parquet.
Then a million and ten million rows with bad ones beside Polars and a loop in Python; what each finds is compared row by
row. It prints both tables and writes docs/measured/validate.json. It fails when results differ, when ten million rows
take longer than `MOST_SECONDS` or more memory than `MOST_PEAK`, or when the loop is quicker.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from bench.validate_case.contender import MODULES
from bench.validate_case.data import NAMES, write_rows
from bench.validate_case.ours import PROGRAM, reasons
from swingby.facts import counted_issues, file_reports, read_folder, write_bad_rows
from swingby.program import Program, load_text
from tools.measured import record
from tools.places import ROOT

ENOUGH = 1_000_000
SIZES = [1, 10]
#: Seconds for ten million rows, and GiB for any number.
MOST_SECONDS, MOST_PEAK = 60, 2.5
OURS, LOOP = "swingby", "row by row in Python"
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


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds on the clock, seconds of the processors (which a busy machine changes less), and what was found."""

    seconds: float
    processor: float
    good: int
    bad: int


@dataclass(frozen=True, slots=True)
class Figure:
    """One run of a contender: what it took, and what it found."""

    seconds: float
    processor: float
    peak: float
    good: int
    reasons: list[tuple[str, ...]]


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the files, validate each several times, compare, print, record, judge."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=ENOUGH, help="of each kind of file")
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, help="millions of rows that peers read too")
    parser.add_argument("--repeats", type=int, default=3)
    options = parser.parse_args(arguments)
    program = load_text(PROGRAM).program
    assert program is not None
    with tempfile.TemporaryDirectory(prefix="swingby-validate-") as name:
        cases = {
            what: timed(lambda folder=folder: validate(folder, program), options.repeats)
            for what, folder in make_cases(Path(name), options.rows).items()
        }
        results = compared(Path(name), options.sizes, options.repeats)
    failed = list(judged(results))
    print_cases(cases, options.rows)
    print_compared(results)
    if options.rows < ENOUGH or options.sizes != SIZES:
        print("Only a part was run: nothing was written.")
    else:
        keep(cases, results, failed)
    print("\n".join(f"FAILED: {one}" for one in failed) or "All hold.")
    return int(bool(failed))


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


def contend(name: str, folder: Path) -> Figure:
    """One run in a process of its own."""
    bad = folder / f"{name}.csv"
    command = [sys.executable, "-m", "bench.validate_case.contender", name, str(folder), str(bad)]
    ended = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    if ended.returncode != 0:
        raise RuntimeError(f"{name} failed:\n{ended.stderr}")
    found = json.loads(ended.stdout.splitlines()[-1])
    return Figure(found["seconds"], found["processor"], found["peak"], found["good"], reasons(bad))


def compared(folder: Path, sizes: Sequence[int], repeats: int) -> Mapping[int, Mapping[str, Figure]]:
    """Every contender on files of some millions of rows; the loop in Python only on the smallest."""
    results: dict[int, dict[str, Figure]] = {}
    for millions in sizes:
        place = folder / f"{millions} M"
        write_rows(place, millions * ENOUGH)
        names = [name for name in MODULES if name != LOOP or millions == min(sizes)]
        runs = {name: [contend(name, place) for _ in range(repeats if millions == min(sizes) else 1)] for name in names}
        results[millions] = {
            name: sorted(found, key=lambda run: run.seconds)[len(found) // 2] for name, found in runs.items()
        }
        shutil.rmtree(place)
    return results


def judged(results: Mapping[int, Mapping[str, Figure]]) -> Iterator[str]:
    """What is not as it should be."""
    for millions, found in results.items():
        ours = found[OURS]
        for name, figure in found.items():
            if (figure.good, figure.reasons) != (ours.good, ours.reasons):
                yield f"{name} finds something else in {millions} M rows than {OURS}"
        if ours.peak > MOST_PEAK:
            yield f"{millions} M rows take {ours.peak:.2f} GiB, more than {MOST_PEAK}"
        if millions <= 10 and ours.seconds > MOST_SECONDS:
            yield f"{millions} M rows take {ours.seconds:.1f} s, more than {MOST_SECONDS}"
        if LOOP in found and ours.seconds > found[LOOP].seconds:
            yield f"{OURS} takes longer for {millions} M rows than a loop in Python"


def print_compared(results: Mapping[int, Mapping[str, Figure]]) -> None:
    """One table of all contenders."""
    print(f"\n{'rows':>6}  {'':<22}{'clock':>9}{'processor':>11}{'GiB':>7}{'count':>12}{'do not':>10}")
    for millions, found in results.items():
        for name, figure in found.items():
            print(
                f"{millions:>4} M  {name:<22}{figure.seconds:>7.1f} s{figure.processor:>9.1f} s{figure.peak:>7.2f}"
                f"{figure.good:>12,}{len(figure.reasons):>10,}"
            )


def print_cases(results: Mapping[str, Timing], rows: int) -> None:
    """One table of what files are like."""
    print(f"\n{rows:,} rows on {os.cpu_count()} cores")
    print(f"{'':<34} {'clock':>9} {'processor':>11} {'count':>11} {'do not':>9}")
    for what, found in results.items():
        print(f"{what:<34} {found.seconds:7.1f} s {found.processor:9.1f} s {found.good:>11,} {found.bad:>9,}")


def keep(cases: Mapping[str, Timing], results: Mapping[int, Mapping[str, Figure]], failed: Sequence[str]) -> None:
    """Write the figures where the docs take them from."""
    record(
        "validate",
        what="Seconds to validate 7 columns and write the file of bad rows, by kind of file and beside peers",
        command="./run bench validate",
        figures={
            "rows": ENOUGH,
            "seconds": {what: round(found.seconds, 1) for what, found in cases.items()},
            "processor": {what: round(found.processor, 1) for what, found in cases.items()},
            "peers": {
                f"{millions} M": {name: rounded(figure) for name, figure in found.items()}
                for millions, found in results.items()
            },
            "failed": list(failed),
        },
    )


def rounded(figure: Figure) -> Mapping[str, float | int]:
    """A figure as it is kept."""
    return {
        "seconds": round(figure.seconds, 1),
        "processor": round(figure.processor, 1),
        "peak GiB": round(figure.peak, 2),
        "good": figure.good,
        "bad": len(figure.reasons),
    }


if __name__ == "__main__":
    raise SystemExit(main())
