"""Facts that were read and checked, ready to be asked."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self
from zoneinfo import ZoneInfo

from swingby.facts.contracts import TableContract
from swingby.facts.desk import Desk
from swingby.facts.issues import RowIssue
from swingby.program.kinds import ColumnType

if TYPE_CHECKING:
    import duckdb

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """A place on the ledger and the time that people know it by."""

    position: int
    recorded_at: datetime


@dataclass(frozen=True, slots=True, order=True)
class Coverage:
    """From when to when (first day no longer) a source of a kind is complete; None leaves that side open."""

    kind: str
    source: str
    complete_from: date | None
    complete_to: date | None


class FactSet:
    """Fact and reference relations in one DuckDB database.

    Every kind of the program has its ``fact_<kind>`` and every reference table its ``ref_<table>``, empty ones too;
    the columns are those of the contracts with ``fact_id``, ``root_id``, ``position``, ``reversed_position`` and
    ``source`` in front of a fact's. Close it, or use it as a context, when done.

    Parameters
    ----------
    connection
        The DuckDB connection that holds the relations.
    time_zone
        The program's time zone, in which days begin and end.
    desk
        What was noted while reading: files, and issues of whole files and of lines that are no rows.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection, *, time_zone: str, desk: Desk) -> None:
        self.connection = connection
        self.time_zone = time_zone
        self.desk = desk
        #: Reference tables to which rows were added after reading, in ``came_ref_<table>``.
        self.came: list[str] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        """Give the memory back."""
        self.connection.close()

    @cached_property
    def issues(self) -> tuple[RowIssue, ...]:
        """Everything that is wrong, by file and line."""
        rows = self.connection.execute(
            "SELECT _file, _line, column_name, coalesce(value, ''), code, reason, hint, level FROM row_issues"
        ).fetchall()
        located = [self.issue(*row) for row in rows]
        return tuple(sorted([*self.desk.issues, *located]))

    def issue(self, file_no: int, line: int, column: str, *rest: Any) -> RowIssue:
        """An issue under the names that the file itself has."""
        label = self.desk.labels.get(file_no, {}).get(column, column)
        return RowIssue(self.desk.files[file_no], line, label, *rest)

    @property
    def errors(self) -> tuple[RowIssue, ...]:
        """The issues that cost a row or a file."""
        return tuple(issue for issue in self.issues if issue.level == "error")

    @property
    def left_out(self) -> tuple[RowIssue, ...]:
        """The issues that cost a row, a file, or an amount for want of a rate."""
        return (*self.errors, *(issue for issue in self.issues if issue.code == "rate-missing"))

    @cached_property
    def coverage(self) -> tuple[Coverage, ...]:
        """What the sources say about their completeness; a kind that is not named is complete."""
        query = "SELECT kind, source, complete_from, complete_to FROM ref_coverage"
        return tuple(sorted((Coverage(*row) for row in self.connection.execute(query).fetchall()), key=str))

    @cached_property
    def positions(self) -> tuple[Position, ...]:
        """Every position with its time, in order."""
        query = "SELECT position, epoch_us(recorded_at) FROM ref_positions ORDER BY position"
        rows = self.connection.execute(query).fetchall()
        return tuple(Position(position, _EPOCH + timedelta(microseconds=time)) for position, time in rows)

    @cached_property
    def _times(self) -> list[datetime]:
        return sorted(position.recorded_at for position in self.positions)

    @property
    def latest_position(self) -> int:
        """The highest position; 0 when there are no facts."""
        return len(self.positions)

    def position_at(self, moment: datetime | date) -> int:
        """Return the last position recorded by a moment; 0 when there was none.

        Parameters
        ----------
        moment
            A time with its offset, a time of the program's zone, or a day, which means the midnight that ends it.
        """
        limit = _instant(moment, ZoneInfo(self.time_zone))
        return bisect_right(self._times, limit)

    def count(self, table: str) -> int:
        """Return how many rows a table has, by its name in the contracts or its relation's name."""
        relation = table if table.startswith(("fact_", "ref_")) else self._relation(table)
        found = self.connection.execute(f'SELECT count(*) FROM "{relation}"').fetchone()
        return int(found[0]) if found else 0

    def _relation(self, table: str) -> str:
        query = "SELECT table_name FROM duckdb_tables() WHERE table_name IN ('fact_' || $1, 'ref_' || $1)"
        found = self.connection.execute(query, [table]).fetchone()
        return str(found[0]) if found else table


def relation_statement(contract: TableContract, types: Mapping[ColumnType, str]) -> str:
    """CREATE TABLE for the relation of a contract."""
    columns = [f'"{column.name}" {types[column.type]}' for column in contract.columns]
    return f"CREATE TABLE {contract.relation} ({', '.join([*_LEDGER[contract.kind is not None], *columns])})"


_LEDGER: Mapping[bool, tuple[str, ...]] = {
    True: ("fact_id VARCHAR", "root_id VARCHAR", "position BIGINT", "reversed_position BIGINT", "source VARCHAR"),
    False: (),
}


def _instant(moment: datetime | date, zone: ZoneInfo) -> datetime:
    if not isinstance(moment, datetime):
        moment = datetime.combine(moment + timedelta(days=1), time())
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=zone)
