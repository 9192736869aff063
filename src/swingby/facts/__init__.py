"""Facts: what happened and what held, read, checked, and placed on the ledger.

``read_facts``, ``read_tables`` and ``from_rows`` give a `FactSet`: relations in DuckDB, issues, coverage and positions.
``known_tables`` digests what was known at a position. ``propose`` compares an export with what is known, ``write_batch`` adds to it.
``read_head``, ``guess_mapping`` and ``mapping_text`` make a mapping for a file that nobody described yet. ``read_stored``
brings in what stands on PostgreSQL, and ``carry_out`` tries there what a proposal does. Beside them,
``swingby.facts.ledger`` hands out positions on PostgreSQL and ``swingby.facts.postgres`` makes its tables.
"""

from __future__ import annotations

from swingby.facts.batch import write_batch
from swingby.facts.contracts import TableContract
from swingby.facts.databases import PostgresTables, SparkTables, TableSource
from swingby.facts.digests import KnownTable, came_after, known_tables, recorded_at
from swingby.facts.fact_set import Coverage, FactSet, Position
from swingby.facts.guessing import Guess, guess_mapping, known_names
from swingby.facts.heads import ENDINGS, Head, read_head
from swingby.facts.issues import ISSUE_CODES, RowIssue
from swingby.facts.mapping import ColumnMapping, FileMapping
from swingby.facts.mapping_file import read_mapping
from swingby.facts.mapping_text import mapping_text
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
from swingby.facts.stored import attributes_of, carried_columns, read_stored, stored_contracts
from swingby.facts.translation import date_pattern, number_format
from swingby.facts.trying import (
    Counted,
    carry_out,
    count_rows,
    home_query,
    leave_out,
    names_added,
    revive_undone,
    set_aside_mails,
    take_away,
    touched,
)
from swingby.facts.unasked import Unasked, unasked

__all__ = [
    "ENDINGS",
    "ISSUE_CODES",
    "MOST_REVERSED",
    "Change",
    "ColumnMapping",
    "Counted",
    "Coverage",
    "FactSet",
    "FileMapping",
    "FileReport",
    "GuardError",
    "Guess",
    "Head",
    "KnownTable",
    "Position",
    "PostgresTables",
    "Proposal",
    "RowIssue",
    "SourceReport",
    "SparkTables",
    "TableContract",
    "TableSource",
    "Unasked",
    "Unmatched",
    "Unreached",
    "attributes_of",
    "came_after",
    "carried_columns",
    "carry_out",
    "count_rows",
    "counted_issues",
    "date_pattern",
    "file_reports",
    "first_issues",
    "from_rows",
    "guess_mapping",
    "home_query",
    "known_names",
    "known_tables",
    "leave_out",
    "mapping_text",
    "names_added",
    "number_format",
    "propose",
    "read_facts",
    "read_folder",
    "read_head",
    "read_mapping",
    "read_stored",
    "read_tables",
    "recorded_at",
    "revive_undone",
    "set_aside_mails",
    "source_reports",
    "stored_contracts",
    "take_away",
    "touched",
    "unasked",
    "unmatched",
    "unreached",
    "write_bad_rows",
    "write_batch",
]
