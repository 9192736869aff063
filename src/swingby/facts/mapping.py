"""What a mapping says: which of a customer's files become which table, and how their columns and values translate."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fnmatch import fnmatchcase
from typing import Literal

from swingby.facts.translation import NumberFormat

Mode = Literal["events", "snapshot"]

#: A mapping of this name in a folder of facts is used without being asked for.
MAPPING_FILE = "mapping.yaml"


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """Where one column of a table comes from.

    Attributes
    ----------
    sources
        Names in the file's header: one; several joined ``with_text``; or several of which the first filled one counts.
    always
        The same text in every row.
    values
        Theirs -> ours; None means no value. Capitals do not matter.
    otherwise
        What other values become: ``keep``, ``empty``, ``refuse``, or a word of ours behind ``=``.
    """

    column: str
    sources: tuple[str, ...] = ()
    with_text: str | None = None
    always: str | None = None
    values: Mapping[str, str | None] = field(default_factory=dict)
    otherwise: str = "refuse"
    numbers: NumberFormat | None = None
    dates: tuple[str, ...] | None = None
    time_zone: str | None = None

    @property
    def label(self) -> str:
        """What the file calls it."""
        return " + ".join(self.sources) or self.column


@dataclass(frozen=True, slots=True)
class FileMapping:
    """How the files that a pattern matches become one table.

    Attributes
    ----------
    read
        A pattern of file names, or of tables in a database.
    table
        The table that the rows belong to.
    columns
        Where each column comes from; none at all when the file's own columns are ours.
    keep, drop
        Column of the file -> values; only such rows, or all but such rows. Capitals do not matter.
    complete
        The days for which this source is complete, if it says so.
    """

    read: str
    table: str
    columns: tuple[ColumnMapping, ...] = ()
    source: str | None = None
    mode: Mode = "events"
    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    header_line: int | None = None
    numbers: NumberFormat = field(default_factory=NumberFormat)
    dates: tuple[str, ...] = ()
    time_zone: str | None = None
    keep: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    drop: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    complete: tuple[date | None, date | None] | None = None

    def matches(self, name: str) -> bool:
        """Whether it is about a file, by its name or its path in the folder."""
        pattern = self.read.lower()
        return fnmatchcase(name.lower(), pattern) or fnmatchcase(name.lower().rsplit("/", 1)[-1], pattern)


@dataclass(frozen=True, slots=True)
class FactMapping:
    """A whole mapping file; a file of facts may become several tables."""

    name: str
    files: tuple[FileMapping, ...]

    def of(self, name: str) -> tuple[FileMapping, ...]:
        """What is said about a file or a table of a database."""
        return tuple(each for each in self.files if each.matches(name))
