"""How long the question of an effect takes, from millions of facts to its card, and its estimator beside a package.

``./run bench evidence`` prints one table and writes docs/measured/evidence.json.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import numpy as np

from swingby.facts import from_rows
from swingby.insight import Act, EffectQuestion, Outcome, answer_effect
from swingby.insight.numerics.aggregating import Kind, aggregate
from swingby.insight.numerics.bands import critical_value
from swingby.insight.numerics.group_time import Design, group_time_effects
from swingby.insight.numerics.panel import NEVER, Panel
from swingby.program import FACT_KINDS, Header, Program
from tools.measured import record

SINCE, UNTIL, MONTHS = date(2022, 1, 1), date(2026, 1, 1), 48
#: Six waves; two of five partners begin.
WAVES = (12, 16, 20, 24, 28, 32)
DRAWS = 999
#: With fewer the figures say little and are not written down.
ENOUGH = 20_000_000
KINDS: tuple[Kind, ...] = ("simple", "by lag", "by wave", "by period")

ORGANIZATIONS = """
INSERT INTO ref_organizations (organization, region)
SELECT 'p' || n, (ARRAY['americas', 'emea', 'apac'])[1 + n % 3] FROM range({partners}) AS t(n)
"""
ENROLMENTS = """
INSERT INTO ref_enrolments (enrolment, organization, joined_on)
SELECT 'p' || n, 'p' || n, DATE '2020-01-01' FROM range({partners}) AS t(n)
"""
ACTS = """
INSERT INTO fact_activities (fact_id, root_id, position, source, happened_on, organization, kind)
SELECT 'a' || n, 'a' || n, 1, 'bench', DATE '2022-01-01' + to_months(({waves})[1 + (n // 5) % 6]) + to_days(CAST(n % 28 AS INTEGER)),
       'p' || n, 'coached'
FROM range({partners}) AS t(n) WHERE n % 5 < 2
"""
DEALS = """
INSERT INTO fact_deals (fact_id, root_id, position, source, happened_on, deal, stage, amount, currency)
SELECT 'd' || n, 'd' || n, 1, 'bench', DATE '2022-01-01' + CAST(hash(n) % 1461 AS INTEGER), n, 'won',
       round(1000 * exp((hash(n + 1) % 1000) / 500.0 + (n % {partners} % 7) / 7.0), 2), 'USD'
FROM range({deals}) AS t(n)
"""
PARTIES = """
INSERT INTO fact_deal_parties (fact_id, root_id, position, source, starts_on, organization, deal)
SELECT 'y' || n, 'y' || n, 1, 'bench', DATE '2021-12-01', 'p' || (n % {partners}), n FROM range({deals}) AS t(n)
"""


@dataclass(frozen=True, slots=True)
class Facts:
    """Facts in a DuckDB file."""

    connection: duckdb.DuckDBPyConnection
    latest_position: int = 1
    coverage: tuple[Any, ...] = ()

    def position_at(self, moment: date) -> int:  # noqa: ARG002 (there is one position)
        return 1


def main(arguments: Sequence[str] | None = None) -> None:
    """Fill a database, ask the question of it and the estimators of a panel, print and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--facts", type=int, default=20_100_000)
    parser.add_argument("--partners", type=int, default=100_000)
    parser.add_argument("--only", choices=("answer", "ours", "peer"))
    parser.add_argument("--data", type=Path)
    options = parser.parse_args(arguments)
    if options.only:
        print(json.dumps(_measured(options.only, options)))
        return
    with tempfile.TemporaryDirectory(prefix="swingby-evidence-") as folder:
        data = options.data or Path(folder) / "facts.duckdb"
        if not data.exists():
            fill(data, facts=options.facts, partners=options.partners)
        found = {name: _apart(name, data, options) for name in ("answer", "ours", "peer")}
    report(found, options.facts)


def program() -> Program:
    header = Header(
        id="bench", label="Bench", language=1, version="1", effective=SINCE, currency="USD", roll_up="nearest"
    )
    return Program(header=header, kinds=FACT_KINDS)


def fill(data: Path, *, facts: int, partners: int) -> None:
    """Make the relations as reading makes them, and fill them."""
    with from_rows({}, program()) as empty, duckdb.connect(str(data)) as connection:
        for (text,) in empty.connection.execute("SELECT sql FROM duckdb_tables() WHERE NOT temporary").fetchall():
            connection.execute(text)
        deals = (facts - 2 * partners // 5) // 2
        for text in (ORGANIZATIONS, ENROLMENTS, ACTS, DEALS, PARTIES):
            connection.execute(text.format(partners=partners, deals=deals, waves=list(WAVES)))


def _apart(name: str, data: Path, options: argparse.Namespace) -> dict[str, Any]:
    """Measure in a process of its own, so that memory is counted for it alone."""
    command = [sys.executable, "-m", "bench.evidence", "--only", name, "--data", str(data)]
    ended = subprocess.run([*command, "--partners", str(options.partners)], capture_output=True, text=True, check=True)
    found: dict[str, Any] = json.loads(ended.stdout.splitlines()[-1])
    return found


def _measured(name: str, options: argparse.Namespace) -> dict[str, Any]:
    asked: dict[str, Callable[[argparse.Namespace], dict[str, Any]]] = {"answer": _answer, "ours": _ours, "peer": _peer}
    found = asked[name](options)
    return found | {"peak MiB": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)}


def _timed(work: Callable[[], Any]) -> tuple[dict[str, Any], Any]:
    before, processor = time.perf_counter(), time.process_time()
    found = work()
    return {
        "seconds": round(time.perf_counter() - before, 1),
        "processor seconds": round(time.process_time() - processor, 1),
    }, found


def _answer(options: argparse.Namespace) -> dict[str, Any]:
    question = EffectQuestion(
        Act("activities", "coaching", {"kind": ("coached",)}), Outcome.DEAL_SIZE, SINCE, UNTIL, unit="month"
    )
    with duckdb.connect(str(options.data), read_only=True) as connection:
        connection.execute("SET memory_limit = '3GB'")
        spent, card = _timed(lambda: answer_effect(question, Facts(connection), program()))
    return spent | {"verdict": str(card.verdict), "partners": card.counts[0].number}


def panel(partners: int) -> Panel:
    """Outcomes of partners by month; the act is worth a tenth."""
    random = np.random.default_rng(1)
    began = np.where(random.random(partners) < 0.4, random.choice(WAVES, partners), NEVER)
    after = began[:, None] <= np.arange(MONTHS)
    outcome = random.normal(size=(partners, 1)) + random.normal(0, 0.3, (partners, MONTHS)) + 0.1 * after
    return Panel(outcome, began)


def _ours(options: argparse.Namespace) -> dict[str, Any]:
    given = panel(options.partners)

    def estimate() -> tuple[float, float]:
        effects = group_time_effects(given, Design(comparison="never", base="varying"))
        found = {kind: aggregate(effects, kind) for kind in KINDS}
        critical_value(found["by lag"].parts, draws=DRAWS)
        return found["simple"].overall.value, found["simple"].overall.error

    spent, (value, error) = _timed(estimate)
    return spent | {"effect": round(value, 8), "error": round(error, 5)}


def _peer(options: argparse.Namespace) -> dict[str, Any]:
    """The same by diff-diff: every cell, four aggregations, 999 draws."""
    import warnings

    import pandas as pd
    from diff_diff import CallawaySantAnna

    given = panel(options.partners)
    first = np.where(given.began < NEVER, given.began + 1, 0)
    frame = pd.DataFrame(
        {
            "partner": np.repeat(np.arange(given.partners), MONTHS),
            "month": np.tile(np.arange(1, MONTHS + 1), given.partners),
            "outcome": given.outcome.ravel(),
            "first": np.repeat(first, MONTHS),
        }
    )
    warnings.simplefilter("ignore")

    def estimate() -> Any:
        estimator = CallawaySantAnna(n_bootstrap=DRAWS, seed=1)
        return estimator.fit(frame, "outcome", "partner", "month", "first", aggregate="all")

    spent, found = _timed(estimate)
    return spent | {"effect": round(float(found.overall_att), 8), "error": round(float(found.overall_se), 5)}


def report(found: dict[str, dict[str, Any]], facts: int) -> None:
    """Print the table, and write it if enough facts were asked."""
    names = {"answer": "from facts to the card", "ours": "estimation alone", "peer": "estimation by diff-diff"}
    print(f"{'':28}{'seconds':>10}{'processor':>12}{'MiB':>8}")
    for name, label in names.items():
        one = found[name]
        print(f"{label:28}{one['seconds']:>10}{one['processor seconds']:>12}{one['peak MiB']:>8}")
    assert found["ours"]["effect"] == found["peer"]["effect"], "both must estimate the same"
    if facts >= ENOUGH:
        figures = {"facts": facts, **{label: found[name] for name, label in names.items()}}
        record("evidence", what="The question of an effect at scale", command="./run bench evidence", figures=figures)


if __name__ == "__main__":
    main()
