"""How long each step of Swingby's plan takes, and with how many rows: where to look when a ratio is too high."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

from bench.engine_case.data import write_facts
from bench.engine_case.ours import loaded, session
from bench.engine_case.rules import AS_OF, KNOWN_AT, Case
from swingby.engine.assessing import compile_program, plan_for, run_steps
from swingby.engine.plan import QueryStep, Step
from swingby.engine.setting import Setting
from swingby.engine.sql import DuckDB, Parameters, lower

SHOWN = 20


def main(folder: Path, facts: int, rules: int) -> int:
    """Print the steps, the slowest first, with the texts of the three slowest."""
    facts = min(facts, 20_000_000)
    data = write_facts(folder, facts=facts, partners=100_000)
    connection = DuckDB(session(data))
    compiled = compile_program(loaded(Case(rules)))
    plan = plan_for(compiled, Setting((AS_OF,), restricted=False, incomplete=lambda *_: False))
    parameters: Parameters = {"known_at": KNOWN_AT, "first_day": AS_OF, "last_day": AS_OF}
    timed = [(*_timed(connection, step, parameters), step) for step in plan.steps]
    timed.sort(key=lambda item: -item[1])
    print(f"{facts:,} activities, {rules} rules: {sum(item[0] for item in timed):.2f} s in {len(timed)} steps\n")
    for seconds, processor, step in timed[:SHOWN]:
        count = connection.raw.execute(f'SELECT count(*) FROM "{step.name}"').fetchall()[0][0]
        print(f"{seconds:8.2f} s {processor:8.2f} s of processor {count:>12,} rows  {step.name}")
    for text in _texts([item[2] for item in timed[:3]]):
        print(text)
    return 0


def _timed(connection: DuckDB, step: Step, parameters: Parameters) -> tuple[float, float]:
    started, used = time.perf_counter(), time.process_time()
    run_steps(connection, [step], parameters)
    return time.perf_counter() - started, time.process_time() - used


def _texts(steps: list[Step]) -> Iterator[str]:
    for step in steps:
        if isinstance(step, QueryStep):
            yield f"\n-- {step.name}\n{lower(step.query, 'duckdb', pretty=True)}"
