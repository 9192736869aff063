"""The whole example company, generated and assessed once for all tests that look at it."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

from swingby.engine import Standing, assess
from swingby.facts import FactSet
from swingby.generation import Company as Figures
from swingby.generation import Summary
from swingby.generation.partners import Block
from swingby.program import Program, load

DEMO = date(2026, 3, 31)
PROTECTED, UNPROTECTED = date(2025, 7, 31), date(2025, 8, 1)


@dataclass(frozen=True, slots=True)
class Example:
    """Facts and figures of the company, and where everybody stands on three days."""

    summary: Summary
    program: Program
    facts: FactSet
    figures: Figures
    block: Block
    standings: Mapping[tuple[str, date], Standing]
    kinds: Mapping[str, str] = field(default_factory=dict)

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """What a statement over the relations finds."""
        return self.facts.connection.execute(query, list(values)).fetchall()

    def one(self, query: str, *values: object) -> float:
        """The number that a statement finds."""
        found = self.facts.connection.execute(query, list(values)).fetchone()
        assert found is not None
        return float(found[0])

    def stand(self, *days: date, names: Sequence[str] | None = None) -> Mapping[tuple[str, date], Standing]:
        """Standings by partner and day under the program in force."""
        return standings(self.program, self.facts, *days, names=names)

    def version(self, name: str) -> Program:
        """Another version of the program."""
        found = load(self.summary.folder / "versions" / name).program
        assert found is not None
        return found

    def tier(self, partner: str, day: date = DEMO) -> str | None:
        """The tier held on one of the three days; none before joining."""
        found = self.standings.get((partner, day))
        return found.tiers["level"].tier if found else None


def standings(
    program: Program, facts: FactSet, *days: date, names: Sequence[str] | None = None
) -> Mapping[tuple[str, date], Standing]:
    """Standings by partner and day."""
    found = assess(program, facts, as_of=days, enrolments=names)
    listed = {(standing.enrolment, standing.as_of): standing for standing in found}
    found.close()
    return listed


def digests(folder: Path) -> dict[str, str]:
    """What every file of a folder holds, in short."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {str(path.relative_to(folder)): sha256(path.read_bytes()).hexdigest() for path in files}


def listed(folder: Path, table: str) -> list[dict[str, str]]:
    """The rows of a file of text."""
    with (folder / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
