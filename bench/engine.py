"""How fast everybody is assessed: Swingby beside hand-written DuckDB, Polars, pandas, PostgreSQL and Spark.

``./run bench engine`` makes activities as Parquet, gives every contender the same files and the same rules, compares
their standings and requirement rows one by one, prints one table and writes docs/measured/engine.json, where a row always
holds all contenders of one run and other sizes and numbers of rules keep their rows. It fails when
results differ, when Swingby takes more than `MOST` times the better of DuckDB and Polars, when it takes more
than `MOST_MEMORY`, and, with ``--sizes 20 100``, when 100 million activities go slower than 20 by more than `LEAST_SHARE`
allows.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from typing import Any

from bench.engine_case import profile, starting
from bench.engine_case.contender import MODULES
from bench.engine_case.data import write_facts
from bench.engine_case.equality import differences
from tools.measured import current_commit, record
from tools.places import MEASURED, ROOT

#: Times the better of hand-written DuckDB and Polars.
MOST = 1.5
#: Rows a second of the largest size, as a share of those of the size before.
LEAST_SHARE = 0.8
MOST_MEMORY = 6.0
MOST_HELP = 0.3
OURS, GATED = "swingby", ("duckdb", "polars")


@dataclass(frozen=True, slots=True)
class Size:
    """How many activities of how many partners, how often the gated ones run, and who runs besides."""

    facts: int
    partners: int
    repeats: int
    others: tuple[str, ...]

    @property
    def name(self) -> str:
        """As in the table."""
        return f"{self.facts // 1_000_000} M"


SIZES = (
    Size(1_000_000, 100_000, 5, ("swingby objects", "pandas", "postgresql", "spark")),
    Size(20_000_000, 100_000, 3, ("pandas", "postgresql", "spark")),
)
RULES = [30, 100]
LONG = Size(100_000_000, 500_000, 1, ())


@dataclass(frozen=True, slots=True)
class Figure:
    """What one contender took for one size and number of rules: medians of its runs, and its highest peak."""

    seconds: float
    processor: float | None
    peak: float


Figures = dict[tuple[Size, int], dict[str, Figure]]


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, compare, print, record, judge."""
    options = _options(arguments)
    if options.profile:
        return profile.main(options.data or Path(tempfile.mkdtemp()), max(options.sizes) * 1_000_000, options.rules[-1])
    chosen = [size for size in (*SIZES, LONG) if size.facts // 1_000_000 in options.sizes]
    sizes = [replace(size, repeats=options.repeats or size.repeats) for size in chosen]
    with _folder(options.data) as folder:
        figures, wrong = _measured(folder, sizes, options.rules, options.contenders)
    seconds = starting.seconds_of_help()
    drivers = starting.drivers_loaded()
    wrong += starting.judged(seconds, drivers, most=MOST_HELP)
    failed = [*wrong, *_judged(figures)]
    _print(figures)
    print(f"\nswingby --help: {seconds:.2f} s; drivers loaded by `import swingby`: {', '.join(drivers) or 'none'}")
    if options.contenders or options.repeats:
        print("Not everybody ran as often as it should: nothing was written.")
    else:
        _keep(figures, help_seconds=seconds, wrong=wrong)
    print("\n".join(f"FAILED: {one}" for one in failed) or "All hold.")
    return int(bool(failed))


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=[1, 20], help="millions of activities: 1, 20, 100")
    parser.add_argument("--rules", type=int, nargs="+", default=RULES)
    parser.add_argument("--repeats", type=int, help="of the gated contenders; by default more for smaller sizes")
    parser.add_argument("--only", dest="contenders", nargs="+", choices=list(MODULES), help="and write no figures down")
    parser.add_argument("--data", type=Path, help="keep the activities here for another run")
    parser.add_argument("--profile", action="store_true", help="say how long each step of Swingby's plan takes")
    return parser.parse_args(arguments)


@contextmanager
def _folder(kept: Path | None) -> Iterator[Path]:
    if kept is not None:
        kept.mkdir(parents=True, exist_ok=True)
        yield kept
        return
    with tempfile.TemporaryDirectory(prefix="swingby-engine-") as folder:
        yield Path(folder)


def _measured(
    folder: Path, sizes: Sequence[Size], rules: Sequence[int], only: Sequence[str] | None
) -> tuple[Figures, list[str]]:
    figures: Figures = {}
    wrong: list[str] = []
    results = folder / f"results-{os.getpid()}"
    for size in sizes:
        data = write_facts(folder, facts=size.facts, partners=size.partners)
        with _addresses(folder, data, size, only) as addresses:
            for count in rules:
                print(f"{size.name}, {count} rules", flush=True)
                runs = _Runs(results, count, addresses)
                figures[size, count] = runs.measured(size, only)
                wrong += [f"{size.name}, {count} rules, {one}" for one in runs.differences()]
    shutil.rmtree(results, ignore_errors=True)
    return figures, wrong


@contextmanager
def _addresses(folder: Path, data: Path, size: Size, only: Sequence[str] | None) -> Iterator[Mapping[str, str]]:
    """Where each contender finds the activities: the folder of files, or PostgreSQL, into which they are read first."""
    files = dict.fromkeys(MODULES, str(data))
    if "postgresql" not in size.others or (only and "postgresql" not in only):
        yield files
        return
    from bench.engine_case import on_postgres

    with on_postgres.loaded(data, folder / "server") as address:
        yield files | {"postgresql": address}


class _Runs:
    """The runs of one size and one number of rules."""

    def __init__(self, folder: Path, rules: int, addresses: Mapping[str, str]) -> None:
        self.folder, self.rules, self.addresses = folder, rules, addresses
        shutil.rmtree(folder, ignore_errors=True)

    def measured(self, size: Size, only: Sequence[str] | None) -> dict[str, Figure]:
        """Every contender in turn, the gated ones again and again, so that the machine's moods hit all of them."""
        names = [name for name in (OURS, *GATED, *size.others) if not only or name in only]
        found: dict[str, list[dict[str, Any]]] = {name: [] for name in names}
        for turn in range(size.repeats):
            for name in names:
                if turn == 0 or name in (OURS, *GATED):
                    found[name].append(self._run(name))
                    print(f"  {name}: {found[name][-1]['seconds']:.2f} s", flush=True)
        return {name: _figure(runs) for name, runs in found.items()}

    def _run(self, name: str) -> dict[str, Any]:
        target = self.folder / name.replace(" ", "-")
        shutil.rmtree(target, ignore_errors=True)
        command = [sys.executable, "-m", "bench.engine_case.contender", name, self.addresses[name]]
        ended = subprocess.run(
            [*command, str(self.rules), str(target)], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True
        )
        result: dict[str, Any] = json.loads(ended.stdout.splitlines()[-1])
        return result

    def differences(self) -> list[str]:
        """Whose results differ from ours, or from the first one's where we did not run."""
        written = [found for found in sorted(self.folder.glob("*")) if any(found.iterdir())]
        written.sort(key=lambda found: found.name != OURS)
        return [f"{other.name}: {one}" for other in written[1:] for one in differences(written[0], other)]


def _figure(runs: Sequence[Mapping[str, Any]]) -> Figure:
    used = [run["processor"] for run in runs if run["processor"] is not None]
    return Figure(
        seconds=median(run["seconds"] for run in runs),
        processor=median(used) if used else None,
        peak=max(run["peak"] for run in runs),
    )


def _ratio(found: Mapping[str, Figure]) -> float | None:
    peers = [found[name].seconds for name in GATED if name in found]
    return found[OURS].seconds / min(peers) if peers and OURS in found else None


def _judged(figures: Figures) -> Iterator[str]:
    for (size, count), found in figures.items():
        ratio = _ratio(found)
        if ratio is not None and ratio > MOST:
            yield f"{size.name}, {count} rules: {ratio:.2f} times the better of {' and '.join(GATED)}, not {MOST}"
        if OURS in found and found[OURS].peak > MOST_MEMORY:
            yield f"{size.name}, {count} rules: a peak of {found[OURS].peak:.1f} GiB, not {MOST_MEMORY}"
    for count, share in _shares(figures).items():
        if share < LEAST_SHARE:
            yield f"{count} rules: {share:.2f} of the rows a second of 20 M at 100 M, not {LEAST_SHARE}"


def _shares(figures: Figures) -> dict[int, float]:
    """Activities a second of the long size as a share of those of the size before, by number of rules."""
    speeds = {
        (size.facts, count): size.facts / found[OURS].seconds
        for (size, count), found in figures.items()
        if OURS in found
    }
    before = SIZES[-1].facts
    return {
        count: speed / speeds[before, count]
        for (facts, count), speed in speeds.items()
        if facts == LONG.facts and (before, count) in speeds
    }


def _print(figures: Figures) -> None:
    print(
        f"\n{'activities':>10} {'rules':>5}  {'':<16}{'seconds':>9}{'processor':>11}{'rows/s':>13}{'GiB':>7}{'ratio':>7}"
    )
    for (size, count), found in figures.items():
        best = min((found[name].seconds for name in GATED if name in found), default=None)
        for name, figure in found.items():
            used = "" if figure.processor is None else f"{figure.processor:.2f}"
            ratio = "" if best is None else f"{figure.seconds / best:.2f}"
            print(
                f"{size.name:>10} {count:>5}  {name:<16}{figure.seconds:>9.2f}{used:>11}"
                f"{size.facts / figure.seconds:>13,.0f}{figure.peak:>7.2f}{ratio:>7}"
            )


def _keep(figures: Figures, *, help_seconds: float, wrong: Sequence[str]) -> None:
    """Put the rows beside those of other sizes and numbers of rules that were measured before."""
    before = json.loads((MEASURED / "engine.json").read_text()) if (MEASURED / "engine.json").exists() else {}
    rows = dict(before.get("runs", {})) | {_name(size, count): _row(found) for (size, count), found in figures.items()}
    kept = {
        (size, count): rows[_name(size, count)]
        for size in (*SIZES, LONG)
        for count in RULES
        if _name(size, count) in rows
    }
    measured: Figures = {key: _figures(row) for key, row in kept.items()}
    shares = {f"{count} rules": round(share, 2) for count, share in _shares(measured).items()}
    record(
        "engine",
        what="Standings and requirement rows of everybody, written as Parquet and compared row by row",
        command="./run bench engine --sizes 1 20 100",
        figures={
            "runs": {_name(*key): row for key, row in kept.items()},
            "share_of_speed": shares,
            "help_seconds": round(help_seconds, 2),
            "failed": [*wrong, *_judged(measured)],
        },
    )


def _name(size: Size, rules: int) -> str:
    return f"{size.name}, {rules} rules"


def _row(found: Mapping[str, Figure]) -> dict[str, Any]:
    """What is kept of one run."""
    ratio = round(_ratio(found) or 0, 2)
    return {**{name: _rounded(figure) for name, figure in found.items()}, "ratio": ratio, "commit": current_commit()}


def _figures(row: Mapping[str, Any]) -> dict[str, Figure]:
    found = {name: kept for name, kept in row.items() if isinstance(kept, dict)}
    return {name: Figure(kept["seconds"], kept["processor"], kept["gib"]) for name, kept in found.items()}


def _rounded(figure: Figure) -> dict[str, float | None]:
    used = None if figure.processor is None else round(figure.processor, 2)
    return {"seconds": round(figure.seconds, 2), "processor": used, "gib": round(figure.peak, 2)}


if __name__ == "__main__":
    sys.exit(main())
