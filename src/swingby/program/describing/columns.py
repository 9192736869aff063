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
    name = _in_a_sentence(kind, label)
    return name if english.words(kind) != name or name.endswith("s") else f"{name} records"


def fact(kind: str, label: str) -> str:
    """One fact of a kind: ``activity``, ``usage record``."""
    name = _in_a_sentence(kind, label)
    last = name.rpartition(" ")[2]
    is_plural = last.endswith("s") and not last.endswith(("ss", "us", "is"))
    return english.singular(name) if english.words(kind) == name or is_plural else f"one of {name}"


def _in_a_sentence(kind: str, label: str) -> str:
    """A label that only writes the kind with a capital loses it."""
    words = english.words(kind)
    return words if label.casefold() == words.casefold() else label
