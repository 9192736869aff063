"""What columns, kinds of fact and their days are called."""

from __future__ import annotations

from typing import Final

from swingby.program.describing import english

_DAYS: Final = {
    "happened_on": "day",
    "cancelled_on": "day of cancellation",
    "starts_on": "first day",
    "ends_on": "end day",
    "joined_on": "joining day",
    "fact_id": "fact id",
}


def column_words(name: str) -> str:
    """``kind``, ``sold day``, ``the customer's market``."""
    table, dot, column = name.rpartition(".")
    if dot:
        return f"the {english.words(table)}'s {_plain(column)}"
    return _plain(name)


def each_words(name: str) -> str:
    """A column behind "each" or "the same": ``customer``, ``organization country``."""
    table, dot, column = name.rpartition(".")
    return f"{english.words(table)} {_plain(column)}" if dot else _plain(name)


def is_or_are(name: str) -> str:
    """The verb for a column that may be called by a plural: seats are, status is."""
    last = column_words(name).rpartition(" ")[2]
    return "are" if last.endswith("s") and not last.endswith(("ss", "us", "is")) else "is"


def _plain(column: str) -> str:
    if column in _DAYS:
        return _DAYS[column]
    return f"{english.words(column[:-3])} day" if column.endswith("_on") else english.words(column)


def things(column: str) -> str:
    """What is counted when each value of a column counts once: ``different people``."""
    return f"different {english.plural(_plain(column.rpartition('.')[2]))}"


def facts(kind: str, label: str) -> str:
    """Facts of a kind: ``activities``; a kind without a plural of its own becomes its records."""
    return label if english.words(kind) != label or label.endswith("s") else f"{label} records"


def fact(kind: str, label: str) -> str:
    """One fact of a kind: ``activity``, ``usage record``."""
    return english.singular(label) if english.words(kind) == label else f"one of {label}"
