"""How long a path takes: ``./run bench path`` finds the next step of partners of a Harborline-like company.

With 400 partners and their facts, with 10,000 partners and five million activities, and, without a gate, with as many
activities of 400 partners, far more than anybody reports. Facts are read and the program is compiled before; each path
is found from nothing, and no two are for the same partner.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from swingby.engine import Compiled, compile_program
from swingby.engine.path import find_path
from swingby.facts import FactSet, read_facts
from swingby.generation import generate_example
from swingby.program import load
from tools.measured import record

TODAY = date(2026, 1, 31)
FEW, MANY, FACTS = 400, 10_000, 5_000_000
#: Seconds that a path may take, by the median.
MOST = 2.0
GATED = ("small", "large")

#: More activities of the same partners, spread over three years before the day, of kinds that earn.
MORE = """
INSERT INTO fact_activities BY NAME
SELECT 'more' || n AS fact_id, 'more' || n AS root_id, 1 AS position, 'bench' AS source, o.organization,
       DATE '2023-02-01' + CAST(n * 7919 % 1090 AS INTEGER) AS happened_on,
       list_value('training_completed', 'plan_reviewed', 'campaign', 'pipeline_reviewed', 'opportunity_sourced',
                  'service_delivered', 'customer_active', 'visit')[1 + n * 31 % 8] AS kind, 1 + n % 5 AS rating
FROM range({first}, {last}) AS r(n)
JOIN (SELECT organization, row_number() OVER (ORDER BY organization) - 1 AS place FROM ref_organizations) AS o
  ON o.place = n % {owners}
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Make facts, find paths, print and record a table; 1 when they take too long."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--facts", type=int, default=FACTS, help="activities of the large sets")
    parser.add_argument("--partners", type=int, default=MANY, help="partners of the large set")
    parser.add_argument("--repeats", type=int, default=12)
    options = parser.parse_args(arguments)
    with company(FEW) as (compiled, facts):
        figures = {"small": figures_of(timings(compiled, facts, options.repeats)) | counts(facts)}
        add_activities(facts, options.facts)
        dense = figures_of(timings(compiled, facts, options.repeats)) | counts(facts)
    with company(options.partners) as (compiled, facts):
        add_activities(facts, options.facts - int(counts(facts)["activities"]))
        figures["large"] = figures_of(timings(compiled, facts, options.repeats)) | counts(facts)
    is_whole = (options.partners, options.facts) == (MANY, FACTS) and options.repeats >= 12
    return report(figures | {"dense": dense}, is_whole=is_whole)


@contextmanager
def company(partners: int) -> Iterator[tuple[Compiled, FactSet]]:
    """The example company with so many partners."""
    with tempfile.TemporaryDirectory(prefix="swingby-path-") as folder:
        generate_example(Path(folder), partners=partners, written="parquet")
        program = load(Path(folder) / "program").program
        assert program is not None
        with closing(read_facts(folder, program)) as facts:
            yield compile_program(program), facts


def counts(facts: FactSet) -> dict[str, int]:
    """How many partners there are, and how many activities of them."""
    query = "SELECT (SELECT count(*) FROM ref_enrolments), (SELECT count(*) FROM fact_activities)"
    partners, activities = facts.connection.execute(query).fetchall()[0]
    return {"partners": partners, "activities": activities}


def add_activities(facts: FactSet, count: int) -> None:
    """Many more activities than anybody reads twice."""
    step = 500_000
    ((owners,),) = facts.connection.execute("SELECT count(*) FROM ref_organizations").fetchall()
    for first in range(0, count, step):
        facts.connection.execute(MORE.format(first=first, last=min(first + step, count), owners=owners))


def timings(compiled: Compiled, facts: FactSet, repeats: int) -> list[tuple[float, float]]:
    """Seconds on the clock and of the processors, of paths to the next tier, each of another partner; the first is not counted."""
    rows = facts.connection.execute("SELECT enrolment FROM ref_enrolments WHERE joined_on <= ? ORDER BY 1", [TODAY])
    names = [str(name) for (name,) in rows.fetchall()]
    seconds = []
    for turn in range(repeats + 1):
        started, worked = time.perf_counter(), time.process_time()
        path = find_path(compiled, facts, partner=names[turn * 37 % len(names)], to="gold", as_of=TODAY)
        seconds.append((time.perf_counter() - started, time.process_time() - worked))
        assert path.verified or path.outlook == "none"
    return seconds[1:]


def figures_of(found: Sequence[tuple[float, float]]) -> dict[str, Any]:
    """The median and the slowest; the time of the processors changes less on a busy machine."""
    seconds, processor = zip(*found, strict=True)
    return {
        "median_s": round(statistics.median(seconds), 2),
        "slowest_s": round(max(seconds), 2),
        "processor_s": round(statistics.median(processor), 2),
        "paths": len(found),
    }


def report(figures: Mapping[str, Mapping[str, Any]], *, is_whole: bool) -> int:
    """Print the table, record it where the docs take their figures from, and judge."""
    for name, row in figures.items():
        print(f"{name:>6}  " + "  ".join(f"{key} {value:,}" for key, value in row.items()))
    slow = [name for name in GATED if figures[name]["median_s"] > MOST]
    if is_whole:
        what = "seconds to find the path of one partner to Gold, facts read and program compiled"
        record("path", what=what, command="./run bench path", figures=dict(figures))
    else:
        print("Only a part was run: nothing was written.")
    print("\n".join(f"FAILED: {name} takes more than {MOST} s" for name in slow) or "All hold.")
    return int(bool(slow))


if __name__ == "__main__":
    sys.exit(main())
