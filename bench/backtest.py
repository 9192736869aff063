"""How long a backtest takes: 24 monthly reviews under two versions, 10,000 partners, 5 M facts, 60 measures.

``./run bench backtest`` makes activities as Parquet, replays, prints what it took and writes docs/measured/backtest.json.
It fails when it takes longer than `MOST` seconds, or when the last review does not say what two assessments say.
"""

from __future__ import annotations

import argparse
import resource
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path

import duckdb

from bench.engine_case.data import write_facts
from bench.engine_case.ours import ParquetFacts, session
from bench.engine_case.program import program_text
from bench.engine_case.rules import TIERS, Case
from swingby.engine import assess_to
from swingby.engine.replaying import Comparison, Price, backtest
from swingby.program import Program, load_text
from tools.measured import record

#: Seconds on two cores.
MOST = 30.0
FACTS, PARTNERS, MEASURES, REVIEWS = 5_000_000, 10_000, 60, 24
FIRST, LAST = date(2024, 7, 1), date(2026, 7, 1)
CLOCKS = """
    promote: {each: month}
    demote: {dates: [02-01, 08-01]}
benefits:
  discount: {label: Discount, value: {by: level, bronze: 5%, silver: 10%, gold: 15%, platinum: 20%, otherwise: 0%}}
"""
PRICES = (Price("discount", "sum_1"),)


def main(arguments: Sequence[str] | None = None) -> int:
    """Make the facts, replay, check, print, record."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--facts", type=int, default=FACTS)
    parser.add_argument("--partners", type=int, default=PARTNERS)
    parser.add_argument("--known", choices=("now", "then"), default="now")
    parser.add_argument("--data", type=Path, help="keep the activities here for another run")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="swingby-backtest-") as folder:
        data = write_facts(options.data or Path(folder), facts=options.facts, partners=options.partners)
        facts = ParquetFacts(session(data))
        started, used = time.perf_counter(), time.process_time()
        found = backtest(
            version("2"), facts, against=version("1"), first=FIRST, last=LAST, known=options.known, prices=PRICES
        )
        seconds, processor = time.perf_counter() - started, time.process_time() - used
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
        wrong = list(_differences(found, facts, Path(folder)))
    failed = [*wrong, *([f"{seconds:.1f} s, not {MOST}"] if seconds > MOST else [])]
    moved = sum(len(review.moves) for review in found.reviews)
    print(
        f"{len(found.reviews)} reviews, {moved:,} moves, {seconds:.1f} s ({processor:.1f} s of processors), {peak:.1f} GiB"
    )
    if (options.facts, options.partners, options.known) == (FACTS, PARTNERS, "now"):
        _keep({"seconds": seconds, "processor": processor, "gib": peak}, moved, failed)
    else:
        print("Only a part was run: nothing was written.")
    print("\n".join(f"FAILED: {one}" for one in failed) or "All hold.")
    return int(bool(failed))


def version(name: str) -> Program:
    """A version of the program: in the second one gold asks for a higher score, and benefits are less."""
    text = program_text(Case(MEASURES)).replace('version: "1"', f'version: "{name}"') + CLOCKS
    if name == "2":
        line = Case(MEASURES).score_line(TIERS.index("gold"))
        text = text.replace(f"{{score: total, at_least: {line}}}", f"{{score: total, at_least: {line + 20}}}")
        text = text.replace("gold: 15%", "gold: 14%")
    found = load_text(text.replace("effective: 2020-02-01", f"effective: {FIRST}"))
    if found.program is None:
        raise RuntimeError(found.issues)
    return found.program


def _differences(found: Comparison, facts: ParquetFacts, folder: Path) -> Iterator[str]:
    """How the last review's tiers differ from those of two assessments; facts came in time, so that both are the same."""
    for side in ("old", "new"):
        program = version("1" if side == "old" else "2")
        written = assess_to(program, facts, folder / side, as_of=found.last.holds_from)
        rows = duckdb.sql(f"SELECT tier, COUNT(*) FROM '{written.standings}/*.parquet' GROUP BY tier").fetchall()
        replayed = {tier.tier: getattr(tier, side) for tier in found.last.tiers if getattr(tier, side)}
        if replayed != dict(rows):
            yield f"{side}: {replayed} replayed, {dict(rows)} assessed"


def _keep(taken: Mapping[str, float], moves: int, failed: Sequence[str]) -> None:
    record(
        "backtest",
        what="All reviews of two years replayed under two versions that share most of their rules",
        command="./run bench backtest",
        figures={
            "facts": f"{FACTS:,}",
            "partners": f"{PARTNERS:,}",
            "measures": MEASURES,
            "reviews": REVIEWS,
            "moves": moves,
            **{name: round(value, 1) for name, value in taken.items()},
            "failed": list(failed),
        },
    )


if __name__ == "__main__":
    sys.exit(main())
