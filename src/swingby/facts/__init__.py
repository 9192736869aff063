"""Facts: what happened and what held, read, checked, and placed on the ledger.

``read_folder`` and ``from_rows`` give a `FactSet`: relations in DuckDB, issues, coverage and positions. Beside them,
``swingby.facts.ledger`` hands out positions on PostgreSQL and ``swingby.facts.postgres`` makes its tables.
"""

from __future__ import annotations

from swingby.facts.fact_set import Coverage, FactSet, Position
from swingby.facts.issues import ISSUE_CODES, RowIssue
from swingby.facts.reaching import Unreached, unreached
from swingby.facts.reading import from_rows, read_folder

__all__ = [
    "ISSUE_CODES",
    "Coverage",
    "FactSet",
    "Position",
    "RowIssue",
    "Unreached",
    "from_rows",
    "read_folder",
    "unreached",
]
