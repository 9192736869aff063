"""One run of one contender in a process of its own, so that its peak of memory is its own.

``python -m bench.validate_case.contender NAME FOLDER BAD`` prints seconds, processor seconds, peak and rows as JSON.
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

MODULES = {"swingby": "ours", "polars": "on_polars", "row by row in Python": "row_by_row"}


def main(words: list[str]) -> None:
    """Run, and say what it took."""
    name, folder, bad = words
    module: Any = importlib.import_module(f"bench.validate_case.{MODULES[name]}")
    started, used = time.perf_counter(), _processor()
    good = module.validate(Path(folder), Path(bad))
    seconds, processor = time.perf_counter() - started, _processor() - used
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(json.dumps({"seconds": seconds, "processor": processor, "peak": peak, "good": good}), flush=True)


def _processor() -> float:
    times = os.times()
    return times.user + times.system


if __name__ == "__main__":
    main(sys.argv[1:])
