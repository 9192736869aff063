"""Tables of whole columns, and how each kind of column is written."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from swingby.generation.drawing import NONE, Array, Truths, Whole

#: What a flag says where it is set.
MARK = "yes"
Written = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Column:
    """Values, and the expression that writes them, given the column's name; ``NONE`` is written as nothing."""

    values: Array
    written: Written

    def take(self, index: Array) -> Column:
        """Some of the rows."""
        return replace(self, values=self.values[index])


@dataclass(frozen=True, slots=True)
class Table:
    """Columns of one length; ``part`` makes another file of the same table, ``hidden`` columns are read but not written."""

    name: str
    columns: Mapping[str, Column]
    part: str = ""
    hidden: frozenset[str] = frozenset()

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return len(next(iter(self.columns.values())).values)

    def take(self, index: Array) -> Table:
        """Some of the rows."""
        return replace(self, columns={name: column.take(index) for name, column in self.columns.items()})

    def having(self, **columns: Column) -> Table:
        """The same with further or other columns."""
        return replace(self, columns={**self.columns, **columns})

    def followed_by(self, *others: Table) -> Table:
        """These rows, then those of others, which have the same columns."""
        columns = {
            name: replace(column, values=np.concatenate([column.values, *(o.columns[name].values for o in others)]))
            for name, column in self.columns.items()
        }
        return replace(self, columns=columns)


def words(codes: Array, vocabulary: Sequence[str | None]) -> Column:
    """Words by number; -1 is nothing."""
    known = np.array([*(word or "" for word in vocabulary), ""], dtype=object)
    return Column(known[codes], _named)


def same(word: str, rows: int) -> Column:
    """One word in every row."""
    return words(np.zeros(rows, dtype=np.int64), [word])


def flags(chosen: Truths) -> Column:
    """A mark on some rows."""
    return words(chosen.astype(np.int64) - 1, [MARK])


def texts(values: Sequence[str | None]) -> Column:
    """Texts as they are."""
    return Column(np.array([value or "" for value in values], dtype=object), _named)


def keys(numbers: Array, prefix: str) -> Column:
    """Ids: a prefix and a number."""
    return Column(numbers.astype(np.int64), lambda name: _unless_none(name, f"'{prefix}' || {name}"))


def days(numbers: Array, pattern: str | None = None) -> Column:
    """Days by number, in a pattern of their own or as 2025-01-31."""
    return Column(numbers.astype(np.int64), lambda name: _unless_none(name, _day(name, pattern)))


def stamps(minutes: Array) -> Column:
    """Moments in UTC, by minutes since 1970."""
    shown = "strftime(make_timestamp({0} * 60000000), '%Y-%m-%dT%H:%M:%SZ')"
    return Column(minutes.astype(np.int64), lambda name: _unless_none(name, shown.format(name)))


def whole(numbers: Array) -> Column:
    """Whole numbers."""
    return Column(numbers.astype(np.int64), lambda name: _unless_none(name, f"CAST({name} AS BIGINT)"))


def cents(numbers: Array, *, comma: bool = False) -> Column:
    """Numbers with two digits behind the point, given in hundredths."""
    return Column(numbers.astype(np.int64), lambda name: _unless_none(name, _cents(name, comma=comma)))


def nothing(rows: int) -> Whole:
    """Nothing in every row."""
    return np.full(rows, NONE, dtype=np.int64)


def _named(name: str) -> str:
    return f"nullif(CAST({name} AS VARCHAR), '')"


def _unless_none(name: str, shown: str) -> str:
    return f"CASE WHEN {name} <> {NONE} THEN {shown} END"


def _day(name: str, pattern: str | None) -> str:
    day = f"DATE '1970-01-01' + CAST({name} AS INTEGER)"
    return day if pattern is None else f"strftime({day}, '{pattern}')"


def _cents(name: str, *, comma: bool) -> str:
    exact = f"CAST(CAST({name} AS DECIMAL(16, 0)) * 0.01 AS DECIMAL(18, 2))"
    return f"replace(CAST({exact} AS VARCHAR), '.', ',')" if comma else exact
