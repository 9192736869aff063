"""What came of reading: rows by file, sources with their days, what matched nothing, and the file of bad rows.

Everything is counted by the database, so that a million bad rows are as quick to report as ten.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from swingby.errors import SwingbyError
from swingby.facts.fact_set import FactSet
from swingby.facts.issues import RowIssue


@dataclass(frozen=True, slots=True)
class FileReport:
    """One file as one table: its rows, how many were left out, how many count with a warning, how many were kept out."""

    file: str
    table: str
    rows: int
    bad: int
    warned: int
    passed_over: int

    @property
    def good(self) -> int:
        """Rows that count."""
        return self.rows - self.bad


@dataclass(frozen=True, slots=True)
class SourceReport:
    """Facts of one kind from one source: how many, over which days, and for which days it is complete."""

    kind: str
    source: str | None
    rows: int
    first_day: date | None
    last_day: date | None
    complete_from: date | None
    complete_to: date | None
    says: bool


@dataclass(frozen=True, slots=True)
class Unmatched:
    """Values of a column that no reference table knows."""

    table: str
    column: str
    reference: str
    values: int
    rows: int

    def __str__(self) -> str:
        what = "1 value" if self.values == 1 else f"{self.values:,} values"
        rows = "1 row" if self.rows == 1 else f"{self.rows:,} rows"
        return f"{what} of {self.column} in {self.table} ({rows}) not known to {self.reference}"


def file_reports(facts: FactSet) -> tuple[FileReport, ...]:
    """Every file that was read, by name."""
    desk = facts.desk
    found = [
        FileReport(
            file=desk.files[number],
            table=table,
            rows=rows + desk.lost_lines.get(desk.files[number], 0),
            bad=bad + desk.lost_lines.get(desk.files[number], 0),
            warned=warned,
            passed_over=desk.passed_over.get(desk.files[number], 0),
        )
        for number, table, rows, bad, warned in facts.connection.execute(_BY_FILE).fetchall()
    ]
    return tuple(sorted(found, key=lambda report: (report.file, report.table)))


def source_reports(facts: FactSet, kinds: Sequence[str]) -> tuple[SourceReport, ...]:
    """Every kind with facts, by source."""
    found = []
    for kind in kinds:
        columns = {row[0] for row in facts.connection.execute(f"DESCRIBE fact_{kind}").fetchall()}
        day = "happened_on" if "happened_on" in columns else "starts_on"
        rows = facts.connection.execute(_BY_SOURCE.format(kind=kind, day=day), {"kind": kind}).fetchall()
        found += [SourceReport(kind, *row) for row in rows]
    return tuple(found)


def unmatched(facts: FactSet) -> tuple[Unmatched, ...]:
    """What reference tables do not hold, the largest first."""
    query = (
        "SELECT table_name, column_name, reference, count(*), sum(rows) FROM unmatched"
        " GROUP BY ALL ORDER BY sum(rows) DESC, table_name, column_name"
    )
    rows = facts.connection.execute(query).fetchall()
    return tuple(Unmatched(table, column, place, values, int(count)) for table, column, place, values, count in rows)


def counted_issues(facts: FactSet) -> tuple[int, int]:
    """How many errors there are, and how many warnings."""
    own = [issue.level for issue in facts.desk.issues]
    rows = dict(facts.connection.execute("SELECT level, count(*) FROM row_issues GROUP BY level").fetchall())
    return own.count("error") + rows.get("error", 0), own.count("warning") + rows.get("warning", 0)


def first_issues(facts: FactSet, most: int) -> tuple[RowIssue, ...]:
    """The first issues, errors before warnings, by file and line."""
    rows = facts.connection.execute(
        "SELECT _file, _line, column_name, coalesce(value, ''), code, reason, hint, level FROM row_issues"
        " ORDER BY level, _file, _line, column_name, code LIMIT ?",
        [most],
    ).fetchall()
    found = [*facts.desk.issues, *(facts.issue(*row) for row in rows)]
    return tuple(sorted(found, key=lambda issue: (issue.level, issue))[:most])


def write_bad_rows(facts: FactSet, path: Path) -> int:
    """Write a CSV file with every reason why a row was left out; returns how many reasons it holds.

    A value that a spreadsheet would take for a formula gets an apostrophe in front.

    Raises
    ------
    SwingbyError
        ``file-unwritable``.
    UnicodeEncodeError
        When the path is not UTF-8.
    """
    import duckdb

    str(path).encode("utf-8")  # DuckDB writes under no other names.
    run = facts.connection.execute
    run("CREATE OR REPLACE TEMP TABLE issue_files (_file INTEGER, name VARCHAR)")
    run("CREATE OR REPLACE TEMP TABLE issue_labels (_file INTEGER, column_name VARCHAR, label VARCHAR)")
    run(_WHOLE_FILES)
    for number, name in enumerate(facts.desk.files):
        run("INSERT INTO issue_files VALUES (?, ?)", [number, name])
        for column, label in facts.desk.labels.get(number, {}).items():
            run("INSERT INTO issue_labels VALUES (?, ?, ?)", [number, column, label])
    for issue in facts.desk.issues:
        values = [issue.file, issue.line, issue.column, issue.value, issue.code, issue.reason, issue.hint, issue.level]
        run("INSERT INTO whole_files VALUES (?, ?, ?, ?, ?, ?, ?, ?)", values)
    target = str(path).replace("'", "''")
    try:
        run(f"COPY ({_BAD_ROWS}) TO '{target}' (FORMAT csv, HEADER)")
    except duckdb.Error as error:
        raise SwingbyError(
            code="file-unwritable",
            message=f"{path} cannot be written.",
            hint="Name a file in a folder that you may write to.",
        ) from error
    return facts.desk.count(f"SELECT count(*) FROM ({_BAD_ROWS})")


_BY_FILE = """
SELECT f._file, f.table_name, f.rows,
       count(DISTINCT i._line) FILTER (WHERE i.level = 'error'),
       count(DISTINCT i._line) FILTER (WHERE i.level = 'warning')
FROM file_rows AS f LEFT JOIN row_issues AS i ON i._file = f._file AND i.table_name = f.table_name
GROUP BY f._file, f.table_name, f.rows
"""
_BY_SOURCE = """
SELECT f.source, f.rows, f.first_day, f.last_day, c.complete_from, c.complete_to, coalesce(c.says, false)
FROM (SELECT source, count(*) AS rows, min({day}) AS first_day, max({day}) AS last_day FROM fact_{kind}
      WHERE reversed_position IS NULL GROUP BY source) AS f
LEFT JOIN (SELECT source, CASE WHEN count(complete_from) = count(*) THEN min(complete_from) END AS complete_from,
                  CASE WHEN count(complete_to) = count(*) THEN max(complete_to) END AS complete_to, true AS says
           FROM ref_coverage WHERE kind = $kind GROUP BY source) AS c ON c.source = f.source
ORDER BY f.source NULLS FIRST
"""
_WHOLE_FILES = """
CREATE OR REPLACE TEMP TABLE whole_files (
    file VARCHAR, line BIGINT, column_name VARCHAR, value VARCHAR, code VARCHAR, reason VARCHAR, hint VARCHAR,
    level VARCHAR
)"""
_BAD_ROWS = """
SELECT file, line, "column", CASE WHEN regexp_matches(value, '^[=+@\t\r]|^-[^0-9.]') THEN '''' || value ELSE value END AS value,
       code, reason, hint
FROM (
    SELECT f.name AS file, i._line AS line, coalesce(l.label, i.column_name) AS "column", coalesce(i.value, '') AS value,
           i.code, i.reason, i.hint
    FROM row_issues AS i JOIN issue_files AS f ON f._file = i._file
    LEFT JOIN issue_labels AS l ON l._file = i._file AND l.column_name = i.column_name
    WHERE i.level = 'error'
    UNION ALL SELECT file, line, column_name, value, code, reason, hint FROM whole_files WHERE level = 'error'
)
ORDER BY file, line, "column", code
"""
