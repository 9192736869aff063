"""The ten thousand comparisons by hand, in parts with seeds of their own: what was compared before is not lost.

``python -m tests.oracle.parts`` goes on with the parts that are missing, or that another engine was compared in, and
records each when it is done, with the commit that it ran on, in docs/measured/oracle-long.json. After a change of the oracle
alone, ``python -m tests.oracle.carried`` first finds the parts of which it says the same as before.
"""

from __future__ import annotations

import fcntl
import json
import subprocess
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from multiprocessing import get_context
from typing import Any

from tests.oracle.shares import LEAST_COMPUTED, LEAST_HIGHER, LEAST_OCCURRED, SHARES, Run, run_share
from tools.measured import current_commit, record
from tools.places import MEASURED, ROOT

NAME = "oracle-long"
PARTS, EACH = 40, 250
#: Seeds of parts are far from those of continuous integration, so that they draw other programs.
FIRST_SEED = 1_000
COMMAND = "python -m tests.oracle.parts"
#: What is compared; a part is compared again after a change in it, or in the oracle.
ENGINE = (
    "src/swingby/engine",
    ":(exclude)src/swingby/engine/path",
    ":(exclude)src/swingby/engine/replaying",
    "src/swingby/program/*.py",
    "src/swingby/program/reading",
    "src/swingby/values",
    "src/swingby/facts",
    # What shows the facts behind a number; no run that is compared asks for them.
    ":(exclude)src/swingby/engine/behind.py",
    ":(exclude)src/swingby/engine/steps/fact_lines.py",
    # What writes a delivery into what is known; no run that is compared reads one.
    ":(exclude)src/swingby/facts/trying.py",
    ":(exclude)src/swingby/facts/proposal.py",
    # One standing at once, or a few, on PostgreSQL; what is compared runs over all.
    ":(exclude)src/swingby/engine/live.py",
    ":(exclude)src/swingby/engine/narrowing.py",
    # What explains a standing; no run that is compared asks for it.
    ":(exclude)src/swingby/engine/mending.py",
    ":(exclude)src/swingby/engine/decided.py",
    # It only names what others hold.
    ":(exclude)src/swingby/engine/__init__.py",
    ":(exclude)src/swingby/facts/__init__.py",
    # What describes a program to people.
    ":(exclude)src/swingby/program/g*.py",
    ":(exclude)src/swingby/program/__init__.py",
)
ORACLE = (
    "tests/oracle",
    ":(exclude)tests/oracle/test_*",
    ":(exclude)tests/oracle/parts.py",
    ":(exclude)tests/oracle/carried.py",
    ":(exclude)tests/oracle/*.md",
)
Part = dict[str, Any]


def recorded() -> list[Part]:
    """The parts that were compared."""
    path = MEASURED / f"{NAME}.json"
    return list(json.loads(path.read_text(encoding="utf-8"))["parts"]) if path.exists() else []


def missing() -> list[int]:
    """The parts that were not compared, or in another engine than this one."""
    done = {part["seed"] for part in recorded() if is_of_this_engine(part["commit"])}
    return [number for number in range(PARTS) if FIRST_SEED + number not in done]


@cache
def is_of_this_engine(commit: str) -> bool:
    """True where nothing changed since that can change a result, in engine or oracle."""
    return _is_unchanged(commit, ENGINE) and _is_unchanged(commit, ORACLE)


@cache
def was_only_the_oracle_changed(commit: str) -> bool:
    """True where what was compared then may be carried over, if the oracle says the same."""
    return _is_unchanged(commit, ENGINE) and not _is_unchanged(commit, ORACLE)


def _is_unchanged(commit: str, sources: Sequence[str]) -> bool:
    command = ["git", "diff", "--quiet", commit, "--", *sources]
    return subprocess.run(command, cwd=ROOT, check=False, capture_output=True).returncode == 0


def compare(number: int, commit: str) -> Part:
    """Compare one part; a difference between engine and oracle ends it with an error."""
    seen = run_share(EACH, FIRST_SEED + number)
    tally = seen.tally
    return {
        "seed": FIRST_SEED + number,
        "examples": EACH,
        "compared": seen.compared,
        "refused": sum(seen.refusals.values()),
        "counted": tally.examples,
        "higher": tally.higher,
        "occurred": dict(sorted(tally.occurred.items())),
        "commit": commit,
    }


def keep(part: Part) -> list[Part]:
    """Record one more part, beside what others recorded meanwhile; all of them, by seed."""
    (ROOT / ".tmp").mkdir(exist_ok=True)
    with (ROOT / ".tmp" / f"{NAME}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        parts = sorted(
            [each for each in recorded() if each["seed"] != part["seed"]] + [part], key=lambda each: each["seed"]
        )
        what = "Drawn programs and facts on which engine and oracle agree, in parts with the commit that each ran on"
        record(NAME, what=what, command=COMMAND, figures={**_sums(parts), "parts": parts})
    return parts


def _sums(parts: Sequence[Part]) -> dict[str, object]:
    total = whole(parts)
    shares = total.tally.shares()
    return {
        "examples": sum(part["examples"] for part in parts),
        "compared": total.compared,
        "higher_tier_percent": f"{100 * total.tally.higher / max(total.tally.examples, 1):.0f}",
        "rarest_construct_percent": f"{100 * min(shares.values()):.1f}",
        "commits": sorted({part["commit"] for part in parts}),
    }


def whole(parts: Sequence[Part]) -> Run:
    """What all parts saw together."""
    total = Run()
    for part in parts:
        total.compared += part["compared"]
        total.tally.examples += part["counted"]
        total.tally.higher += part["higher"]
        total.tally.occurred.update(part["occurred"])
    return total


def hold(parts: Sequence[Part]) -> None:
    """All parts are there, and what they saw keeps the bounds that make the comparison honest."""
    total = whole(parts)
    assert len(parts) == PARTS, f"{len(parts)} of {PARTS} parts"
    assert total.compared >= LEAST_COMPUTED * PARTS * EACH
    assert total.tally.higher >= LEAST_HIGHER * total.tally.examples
    rare = [name for name, share in total.tally.shares().items() if share < LEAST_OCCURRED]
    assert not rare, rare


def run_part(number: int, commit: str) -> None:
    """Compare one part and record it."""
    parts = keep(compare(number, commit))
    print(f"{len(parts)} of {PARTS} parts", flush=True)  # noqa: T201 (a run by hand shows how far it is)


def run() -> list[Part]:
    """Compare the parts that are missing, two at a time, and give all of them."""
    commit = current_commit()
    with ProcessPoolExecutor(SHARES, mp_context=get_context("spawn")) as processes:
        found = [processes.submit(run_part, number, commit) for number in missing()]
        for each in found:
            each.result()
    return recorded()


if __name__ == "__main__":
    hold(run())
