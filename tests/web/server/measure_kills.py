"""`python -m tests.web.server.measure_kills [TIMES]`: write docs/measured/kills.json."""

from __future__ import annotations

import os
import random
import statistics
import sys
import tempfile
from collections import Counter
from pathlib import Path

from tests.web.server.kills import interrupt_often, kill_often
from tools.measured import record


def measure(times: int) -> dict[str, object]:
    """Stop and kill `times` times each and return what the page may quote."""
    seed, before = random.SystemRandom().randrange(1_000_000), os.getloadavg()[0]
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        Path(folder).chmod(0o755)
        interrupted = interrupt_often(Path(folder, "interrupted"), times=times, seed=seed)
        killed = kill_often(Path(folder, "killed"), times=times, seed=seed)
    return {
        "user": "root" if os.geteuid() == 0 else "ordinary",
        "load of the machine before and after": [round(before, 1), round(os.getloadavg()[0], 1)],
        "seed": seed,
        "victims": dict(sorted(Counter(killed.victims).items())),
        "start": _summary(interrupted.starts),
        "stop": _summary(interrupted.stops),
        "return": _summary(killed.returns),
    }


def _summary(seconds: list[float]) -> dict[str, float | int]:
    return {"times": len(seconds), "median": round(statistics.median(seconds), 2), "maximum": round(max(seconds), 2)}


if __name__ == "__main__":
    record(
        "kills",
        what="Seconds to start, to stop after Ctrl-C, and to answer again after kill -9, with a tiny application",
        command="python -m tests.web.server.measure_kills",
        figures=measure(int(sys.argv[1]) if len(sys.argv) > 1 else 20),
    )
