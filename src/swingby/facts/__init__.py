"""Facts: what happened and what held, read, checked, and placed on the ledger.

``read_facts``, ``read_tables`` and ``from_rows`` give a `FactSet`: relations in DuckDB, issues, coverage and positions.
``known_tables`` digests what was known at a position. ``propose`` compares an export with what is known, ``write_batch`` adds to it. Beside them, ``swingby.facts.ledger``
hands out positions on PostgreSQL and ``swingby.facts.postgres`` makes its tables.
"""

from __future__ import annotations

from swingby.facts.batch import write_batch
from swingby.facts.databases import PostgresTables, SparkTables, TableSource
from swingby.facts.digests import KnownTable, came_after, known_tables, recorded_at
from swingby.facts.fact_set import Coverage, FactSet, Position
from swingby.facts.issues import ISSUE_CODES, RowIssue
from swingby.facts.proposal import MOST_REVERSED, Change, GuardError, Proposal, propose
from swingby.facts.reaching import Unreached, unreached
from swingby.facts.reading import from_rows, read_facts, read_folder, read_tables
from swingby.facts.report import (
    FileReport,
    SourceReport,
    Unmatched,
    counted_issues,
    file_reports,
    first_issues,
    source_reports,
    unmatched,
    write_bad_rows,
)

__all__ = [
    "ISSUE_CODES",
    "MOST_REVERSED",
    "Change",
    "Coverage",
    "FactSet",
    "FileReport",
    "GuardError",
    "KnownTable",
    "Position",
    "PostgresTables",
    "Proposal",
    "RowIssue",
    "SourceReport",
    "SparkTables",
    "TableSource",
    "Unmatched",
    "Unreached",
    "came_after",
    "counted_issues",
    "file_reports",
    "first_issues",
    "from_rows",
    "known_tables",
    "propose",
    "read_facts",
    "read_folder",
    "read_tables",
    "recorded_at",
    "source_reports",
    "unmatched",
    "unreached",
    "write_bad_rows",
    "write_batch",
]
