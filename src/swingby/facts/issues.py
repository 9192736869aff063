"""What is wrong with rows: located, all of it at once, each under a stable code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Level = Literal["error", "warning"]


@dataclass(frozen=True, slots=True, order=True)
class RowIssue:
    """One problem in a file of facts.

    Attributes
    ----------
    file
        Name of the file within its folder; of rows given by a program, the name of the table.
    line
        True line in the file, counted from 1, quoted line breaks included; 0 when the whole file is meant. Of a
        Parquet file and of rows given by a program, the number of the row.
    column, value
        What was written where; empty when the whole row is meant.
    code
        Stable, documented in ``ISSUE_CODES``.
    reason, hint
        What is wrong, and what to write instead.
    level
        ``error``: the row (or the file) is left out. ``warning``: the row counts.
    """

    file: str
    line: int
    column: str
    value: str
    code: str
    reason: str
    hint: str = ""
    level: Level = "error"

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        what = f"{self.column} {self.value!r}: " if self.column else ""
        return f"{place}: {self.level}: [{self.code}] {what}{self.reason}" + (f" {self.hint}" if self.hint else "")


#: Code -> level and meaning; the reference page is made from it.
ISSUE_CODES: Mapping[str, tuple[Level, str]] = {
    "file-unknown": ("warning", "A file that no table of the program is named after; it is not read."),
    "file-unreadable": ("error", "A file without a readable header, or one that is no table at all."),
    "encoding-guessed": ("warning", "The file is not UTF-8; it is read as Windows-1252."),
    "encoding-mixed": (
        "warning",
        "The file is UTF-8 but for some bytes; rows with a lost letter in an id or word are left out.",
    ),
    "file-twice": ("warning", "A file with the same content as another one of the table; it is not read."),
    "file-cut": ("error", "A file that ends in the middle of a letter; its last row is left out."),
    "nul-dropped": ("warning", "A file with NUL bytes; they are left away."),
    "column-unknown": ("warning", "A column that the table does not have; it is not read."),
    "column-twice": ("error", "Two columns have the same name; only the first is read."),
    "column-missing": ("error", "A column that every row must fill is not there; the file is left out."),
    "row-width": ("error", "A row has more or fewer fields than the header, or a quote is not closed."),
    "cell-error": (
        "error",
        "A cell of a spreadsheet without a value: an error, or a formula that was never calculated.",
    ),
    "letters-lost": ("error", "An id or a word with a letter that the file's encoding does not have."),
    "value-missing": ("error", "A field that must be filled is empty."),
    "value-unmapped": ("error", "A value that the mapping's list does not translate."),
    "formula-text": ("warning", "A text that begins like a formula of a spreadsheet; it is read as text."),
    "number-shape": ("error", "Not a plain number."),
    "number-too-large": ("error", "A number with more than 16 digits before the point."),
    "number-rounded": ("warning", "More than 8 decimal places; rounded half away from zero."),
    "number-out-of-range": ("error", "A number that cannot be: a share above 100%, hours below zero."),
    "date-shape": ("error", "Not a day, nor a time with its offset."),
    "date-impossible": ("error", "A day that no calendar has, such as 30 February."),
    "date-out-of-range": ("error", "A day before 1950 or after 2100."),
    "end-open": ("warning", "An end after 2100; it is read as open."),
    "truth-shape": ("error", "Neither true nor false."),
    "ends-before-starts": ("error", "It ends before it starts."),
    "cancelled-before": ("warning", "It was cancelled before it happened; it never counts."),
    "recorded-before": ("warning", "It was recorded more than a day before it happened."),
    "row-twice": ("warning", "The same row again; it counts once."),
    "id-twice": ("error", "The same id from the same source with other content; the first stays."),
    "reference-unknown": ("warning", "A value that its reference table does not hold."),
    "tier-unknown": ("warning", "A decision is to protect a tier, but its outcome is none of the ladder."),
    "enrolled-twice": ("warning", "An organization is enrolled twice on the same days; its facts count for both."),
    "reseller-unknown": ("warning", "A reseller that no organization is known by; the row counts for nobody yet."),
    "rate-missing": ("warning", "An amount in another currency without a rate on or before its day; it has no amount."),
    "reverses-unknown": ("error", "It reverses an id that is not there."),
    "reverses-taken": ("error", "It reverses a fact that another row reverses already."),
    "reverses-circle": ("error", "It reverses itself, directly or through others."),
    "tree-circle": ("warning", "An organization stands above itself; the tree is cut there."),
    "tree-deep": ("warning", "An organization stands more than seven levels below the top; the tree is cut there."),
}
