"""Swingby's other façade: a Python object for every standing and requirement row, as pages and commands read them."""

from __future__ import annotations

from pathlib import Path

from bench.engine_case.ours import ParquetFacts, loaded, prepare
from bench.engine_case.rules import AS_OF, Case
from swingby.engine import assess

__all__ = ["prepare", "run"]


def run(ready: tuple[ParquetFacts, Case], target: Path) -> None:
    """Assess everybody; nothing is written."""
    facts, case = ready
    found = assess(loaded(case), facts, as_of=AS_OF)
    rows = sum(len(item) for standing in found for tier in standing.tiers.values() for item in tier.rows.values())
    if not rows:
        raise RuntimeError(target)
    found.close()
