"""`python -m tests.web.server.measure_kills [TIMES]`: write docs/measured/kills.json."""

from __future__ import annotations

import json
import os
import platform
import random
import statistics
import subprocess
import sys
import tempfile
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

from tests.web.server.harness import ROOT
from tests.web.server.kills import interrupt_often, kill_often

TARGET = ROOT / "docs" / "measured" / "kills.json"


def measure(times: int) -> dict[str, object]:
    """Stop and kill `times` times each and return what the page may quote."""
    seed = random.SystemRandom().randrange(1_000_000)
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        interrupted = interrupt_often(Path(folder, "interrupted"), times=times, seed=seed)
        killed = kill_often(Path(folder, "killed"), times=times, seed=seed)
    return {
        "what": "Ctrl-C and kill -9 of the supervisor and its children, with a tiny application",
        "command": "python -m tests.web.server.measure_kills",
        "commit": _commit(),
        "date": datetime.now(UTC).date().isoformat(),
        "machine": f"{os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}",
        "user": "root" if os.geteuid() == 0 else "ordinary",
        "seed": seed,
        "victims": dict(sorted(Counter(killed.victims).items())),
        "seconds": {
            "start": _summary(interrupted.starts),
            "stop after Ctrl-C": _summary(interrupted.stops),
            "answering again after kill -9": _summary(killed.returns),
        },
    }


def _summary(seconds: list[float]) -> dict[str, float | int]:
    return {
        "times": len(seconds),
        "median": round(statistics.median(seconds), 2),
        "maximum": round(max(seconds), 2),
    }


def _commit() -> str:
    answer = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return answer.stdout.strip()


def main() -> None:
    """Measure and write."""
    result = measure(int(sys.argv[1]) if len(sys.argv) > 1 else 20)
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    TARGET.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    print(TARGET.read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
