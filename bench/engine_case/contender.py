"""One run of one contender in a process of its own, so that its peak of memory is its own.

``python -m bench.engine_case.contender NAME DATA RULES TARGET`` prints seconds, processor seconds and peak as JSON.
"""

from __future__ import annotations

import importlib
import json
import os
import resource
import sys
import time
from pathlib import Path
from typing import Any

from bench.engine_case.rules import Case

MODULES = {
    "swingby": "ours",
    "swingby objects": "objects",
    "duckdb": "on_duckdb",
    "polars": "on_polars",
    "pandas": "on_pandas",
    "postgresql": "on_postgres",
    "spark": "on_spark",
}


def main(words: list[str]) -> None:
    """Prepare, run, and say what it took."""
    name, data, rules, target = words
    module: Any = importlib.import_module(f"bench.engine_case.{MODULES[name]}")
    ready = module.prepare(data if name == "postgresql" else Path(data), Case(int(rules)))
    started, used = time.perf_counter(), _processor()
    module.run(ready, Path(target))
    seconds, processor = time.perf_counter() - started, _processor() - used
    peak = module.peak(ready) if hasattr(module, "peak") else resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    if hasattr(module, "write"):
        module.write(ready, Path(target))
    own = name not in {"postgresql", "spark"}  # the work of those two is done by other processes
    print(json.dumps({"seconds": seconds, "processor": processor if own else None, "peak": peak / 2**20}), flush=True)


def _processor() -> float:
    times = os.times()
    return times.user + times.system


if __name__ == "__main__":
    main(sys.argv[1:])
