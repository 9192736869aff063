"""Facts for days that are yet to come."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from swingby.facts import Coverage, FactSet

if TYPE_CHECKING:
    import duckdb


@dataclass(frozen=True, slots=True)
class AsIfNothingMore:
    """Facts that count as complete for days to come: what is known today is all there will be."""

    facts: FactSet

    @property
    def connection(self) -> duckdb.DuckDBPyConnection:
        return self.facts.connection

    @property
    def latest_position(self) -> int:
        return self.facts.latest_position

    @property
    def coverage(self) -> Sequence[Coverage]:
        return ()

    def position_at(self, moment: date) -> int:
        return self.facts.position_at(moment)
