"""The same on Spark on this machine: Parquet in, Parquet out; no gate."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from bench.engine_case.plain_sql import RELATIONS, REQUIREMENTS, STANDINGS, TABLES, filled, rows_of
from bench.engine_case.rules import Case
from swingby.engine.sql.on_spark import open_spark

SETTINGS = {
    "spark.sql.shuffle.partitions": "8",
    "spark.default.parallelism": "2",
    "spark.driver.memory": "5g",
    "spark.sql.adaptive.enabled": "true",
}
#: Relations that are read more than once.
KEPT = ("enrolled", "known", "own_numbers", "answers", "met_groups", "met_tiers")


def prepare(data: Path, case: Case) -> tuple[Any, Path, Case]:
    """Start Java and a session in it."""
    return open_spark(cores=2, settings=SETTINGS).raw, data, case


def run(ready: tuple[Any, Path, Case], target: Path) -> None:
    """From the files to the files."""
    session, data, case = ready
    for name in ("activities", "enrolments"):
        session.read.parquet(str(data / f"{name}.parquet")).createOrReplaceTempView(name)
    for name, columns in TABLES.items():
        schema = re.sub(r"\bTEXT\b", "STRING", columns)
        session.createDataFrame(rows_of(name, case), schema).createOrReplaceTempView(name)
    for name, text in RELATIONS.items():
        frame = session.sql(filled(text, case))
        (frame.persist() if name in KEPT else frame).createOrReplaceTempView(name)
    for name, text in {"requirements": REQUIREMENTS, "standings": STANDINGS}.items():
        session.sql(filled(text, case)).write.parquet(str(target / name))


def peak(ready: tuple[Any, Path, Case]) -> int:
    """The most memory, in KiB, that the Java process had."""
    pid = ready[0]._jvm.java.lang.ProcessHandle.current().pid()  # noqa: SLF001 (the bridge has no other way)
    found = re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{pid}/status").read_text(encoding="utf-8"))
    return int(found[1]) if found else 0
