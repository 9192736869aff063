"""Facts for days that are yet to come."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from swingby.engine.assessment import Covered, FactSource

if TYPE_CHECKING:
    import duckdb


@dataclass(frozen=True, slots=True)
class AsIfNothingMore:
    """Facts that count as complete: what is known today is all there will be, and no coverage reaches days to come."""

    facts: FactSource

    @property
    def connection(self) -> duckdb.DuckDBPyConnection:
        """Those of the facts."""
        return self.facts.connection

    @property
    def latest_position(self) -> int:
        """That of the facts."""
        return self.facts.latest_position

    @property
    def coverage(self) -> Sequence[Covered]:
        """None at all."""
        return ()

    def position_at(self, moment: date) -> int:
        """That of the facts."""
        return self.facts.position_at(moment)
