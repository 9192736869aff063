"""Where reading happens: the connection, what was read so far, and what was wrong with it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from swingby.facts.contracts import TableContract
from swingby.facts.issues import ISSUE_CODES, RowIssue
from swingby.facts.mapping import Mode
from swingby.facts.typed import create_statement

if TYPE_CHECKING:
    import duckdb


@dataclass(slots=True)
class Desk:
    """One reading: the program's zone and currency, files, tables with rows, issues.

    Attributes
    ----------
    labels
        File number -> column of the contract -> what the file itself calls it.
    translated
        Table -> columns whose text was translated by a mapping; what was written stands beside it in ``_w_<column>``.
    passed_over
        Name of a file -> rows that its mapping keeps out.
    lost_lines
        Name of a file -> lines that are no rows, of which nobody knows whose rows they were.
    compared
        Whether what is known already stands beside what is read, in ``known_<table>``.
    keeps_names
        Whether other names, mail addresses among them, stay for a delivery that is read next.
    sources
        Table -> sources of its files that do not depend on their rows; None is no source.
    modes
        Table -> what its deliveries are, as a mapping says.
    protecting
        Topic of decisions that protect a tier -> the tiers of the ladders that they protect.
    """

    connection: duckdb.DuckDBPyConnection
    time_zone: str
    currency: str
    files: list[str] = field(default_factory=list)
    issues: list[RowIssue] = field(default_factory=list)
    staged: set[str] = field(default_factory=set)
    labels: dict[int, Mapping[str, str]] = field(default_factory=dict)
    translated: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    passed_over: dict[str, int] = field(default_factory=dict)
    lost_lines: defaultdict[str, int] = field(default_factory=lambda: defaultdict(int))
    compared: bool = False
    keeps_names: bool = False
    sources: defaultdict[str, set[str | None]] = field(default_factory=lambda: defaultdict(set))
    modes: dict[str, Mode] = field(default_factory=dict)
    protecting: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def file_number(self, name: str) -> int:
        """The number of a file; rows carry it instead of the name."""
        self.files.append(name)
        return len(self.files) - 1

    def report(
        self, code: str, reason: str, hint: str = "", *, file: str, line: int = 0, column: str = "", value: str = ""
    ) -> None:
        """Note an issue of a whole file, a line or a header."""
        self.issues.append(RowIssue(file, line, column, value, code, reason, hint, ISSUE_CODES[code][0]))

    def prepare(self, contract: TableContract) -> None:
        """Make the empty staged table of a contract, once."""
        if contract.name not in self.staged:
            self.connection.execute(create_statement(contract))
            self.staged.add(contract.name)

    def translate(self, contract: TableContract, column: str) -> None:
        """Note that a mapping translates a column of a staged table, and make room for what was written."""
        if column not in self.translated[contract.name]:
            self.connection.execute(f'ALTER TABLE typed_{contract.name} ADD COLUMN "_w_{column}" VARCHAR')
            self.translated[contract.name].add(column)

    def has_table(self, name: str) -> bool:
        """Whether there is a table of this name, temporary ones included."""
        return self.count("SELECT count(*) FROM duckdb_tables() WHERE table_name = ?", [name]) > 0

    def count(self, query: str, values: list[object] | None = None) -> int:
        """The number that a query answers with."""
        found = self.connection.execute(query, values).fetchone()
        return int(found[0]) if found else 0
