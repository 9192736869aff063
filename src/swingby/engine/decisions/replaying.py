"""Working a decision out again: the same, or changed and because of what."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from decimal import Decimal
from typing import Literal

from swingby import __version__
from swingby.engine.assessment import FactSource
from swingby.engine.decisions.deciding import Basis, Decision, KnownAt, mark_of, position_of, rows_at
from swingby.engine.decisions.rows import DecidedRequirement, DecidedRows, Row
from swingby.facts import KnownTable, came_after, known_tables
from swingby.program import Program, plain_number

CauseCode = Literal["file", "program", "facts", "references", "engine", "unexplained"]
What = Literal["tier", "requirement", "number", "track", "account"]
_WHAT: Mapping[str, What] = {
    "tiers": "tier",
    "requirements": "requirement",
    "numbers": "number",
    "tracks": "track",
    "accounts": "account",
}


@dataclass(frozen=True, slots=True)
class Cause:
    """Something that a decision rests on and that is not as it was."""

    code: CauseCode
    message: str


@dataclass(frozen=True, slots=True)
class RowDifference:
    """One row that came out otherwise.

    Attributes
    ----------
    name
        Of the row for its partner: ``level``, ``level gold.1``, ``total``.
    label
        The requirement in words; empty for groups and other rows.
    was, now
        What differs, as ``value 30, gap 0``; None for a row that is not there.
    """

    enrolment: str
    what: What
    name: str
    label: str
    was: str | None
    now: str | None


@dataclass(frozen=True, slots=True)
class Replay:
    """What replaying a decision said.

    Attributes
    ----------
    same
        Whether every row came out again, to the digit.
    causes
        What is not as it was: why rows differ, or what did not matter to them.
    differences
        Row by row, in order of partner; tiers before what they stand on.
    position
        The place of the decision on the ledger as it is numbered now.
    late
        Facts that came or were taken back after that place, by kind. They count from the next review on.
    """

    same: bool
    causes: tuple[Cause, ...]
    differences: tuple[RowDifference, ...]
    position: int
    late: Mapping[str, int]


def replay(
    decision: Decision, program: Program, facts: FactSource, *, own: Program | None = None, altered: bool = False
) -> Replay:
    """Work a decision out again and compare every row.

    Parameters
    ----------
    decision
        As it was settled.
    program
        Its own program, from a copy of then, or another one that is held against it.
    facts
        The same ledger, which may have grown, read for ``program``.
    own
        The decision's own program, when ``program`` is another: tables of which the two read other columns cannot be
        compared.
    altered
        The decision was changed after it was written; nothing else would explain a difference then.

    Raises
    ------
    SwingbyError
        As in `assess`.
    """
    basis = decision.basis
    position = position_of(facts, basis.known_at)
    rows = rows_at(program, facts, basis, known_at=position)
    found = differences(decision.rows, rows)
    known = known_tables(facts.connection, program.kinds, known_at=position)
    unlike = set() if own is None else {name for name in own.kinds if own.kinds[name] != program.kinds.get(name)}
    then, now = (replace(basis, facts=_without(tables, unlike)) for tables in (basis.facts, known))
    causes = tuple(_causes(then, now, program, altered=altered))
    if found and not causes:
        message = "All that it rests on is as it was, and yet it comes out otherwise. Please report it."
        causes = (Cause("unexplained", message),)
    late = came_after(facts.connection, program.kinds, known_at=position)
    return Replay(not found, causes, found, position, late)


def _without(tables: Iterable[KnownTable], names: Collection[str]) -> tuple[KnownTable, ...]:
    return tuple(table for table in tables if table.table not in names)


def with_late_facts(decision: Decision, program: Program, facts: FactSource) -> tuple[RowDifference, ...]:
    """What would differ if the review were held today, with everything that is known now: what late facts restate."""
    rows = rows_at(program, facts, decision.basis, known_at=facts.latest_position)
    return differences(decision.rows, rows)


# --- causes ---------------------------------------------------------------------------------------------------------


def _causes(was: Basis, now: Basis, program: Program, *, altered: bool) -> Iterator[Cause]:
    if altered:
        yield Cause("file", "The decision was altered after it was written: it no longer has the hash that it states.")
    mark = mark_of(program)
    if mark.rules != was.program.rules:
        text = (
            f"The program says otherwise: version {was.program.version} with rules {was.program.rules[:_SHOWN]} then,"
            f" version {mark.version} with rules {mark.rules[:_SHOWN]} now."
        )
        yield Cause("program", text)
    for code, is_fact in (("facts", True), ("references", False)):
        told = tuple(_tables(was, now, is_fact=is_fact))
        if told:
            yield Cause(code, f"{_where(was.known_at) if is_fact else _REFERENCES}: {'; '.join(told)}.")  # type: ignore[arg-type]
    if was.engine != __version__:
        yield Cause("engine", f"Swingby {was.engine} computed it, this is {__version__}.")


_SHOWN = 12
_REFERENCES = "Reference tables, which keep no past, hold other rows"


def _where(known_at: KnownAt) -> str:
    if known_at.recorded_at is None:
        return "Nothing was known then, and now it is"
    return f"What was known by {known_at.recorded_at:%Y-%m-%d %H:%M:%S} UTC was written anew"


def _tables(was: Basis, now: Basis, *, is_fact: bool) -> Iterator[str]:
    """Tables whose known rows are not those of then."""
    before, after = ({table.table: table for table in basis.facts if table.is_fact == is_fact} for basis in (was, now))
    for name in sorted(before.keys() | after.keys()):
        old, new = before.get(name), after.get(name)
        counts = (old.rows if old else 0, new.rows if new else 0)
        if old is None or new is None or old.digest != new.digest or counts[0] != counts[1]:
            yield _told(name, *counts)


def _told(name: str, then: int, now: int) -> str:
    if then == now:
        return f"{name}: {now:,} rows, not the same ones"
    return f"{name}: {then:,} rows then, {now:,} now"


# --- differences ----------------------------------------------------------------------------------------------------


def differences(was: DecidedRows, now: DecidedRows) -> tuple[RowDifference, ...]:
    """Row by row what differs; words that only label a row do not count."""
    found = (
        _between(what, key, old, new)
        for section, what in _WHAT.items()
        for key, old, new in _pairs(getattr(was, section), getattr(now, section))
    )
    order = list(_WHAT.values())
    told = [item for item in found if item is not None]
    return tuple(sorted(told, key=lambda item: (item.enrolment, order.index(item.what))))


def _pairs(was: Iterable[Row], now: Iterable[Row]) -> Iterator[tuple[tuple[str, ...], Row | None, Row | None]]:
    before, after = {_key(row): row for row in was}, {_key(row): row for row in now}
    for key in dict.fromkeys((*before, *after)):
        yield key, before.get(key), after.get(key)


def _key(row: Row) -> tuple[str, ...]:
    return tuple(getattr(row, name) for name in row.KEY)


def _between(what: What, key: tuple[str, ...], old: Row | None, new: Row | None) -> RowDifference | None:
    names = [name for name in _values(old or new) if _value(old, name) != _value(new, name)]
    if not names:
        return None
    label = _label(new or old)
    was, now = (None if row is None else _spoken(row, names) for row in (old, new))
    return RowDifference(key[0], what, " ".join(key[1:]), label, was, now)


def _label(row: Row | None) -> str:
    """The words of a requirement; a group is named by its place, because its words are those of all its parts."""
    return row.label if isinstance(row, DecidedRequirement) and row.kind not in _GROUPS else ""


_GROUPS = frozenset({"all", "any", "none", "count"})


def _values(row: Row | None) -> list[str]:
    return [] if row is None else [item.name for item in fields(row) if item.name not in (*row.KEY, *row.WORDS)]


def _value(row: Row | None, name: str) -> object:
    return _ABSENT if row is None else getattr(row, name)


_ABSENT = object()


def _spoken(row: Row, names: Iterable[str]) -> str:
    return ", ".join(f"{name.replace('_', ' ')} {_word(getattr(row, name))}" for name in names)


def _word(value: object) -> str:
    if isinstance(value, Decimal):
        return plain_number(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "none" if value is None else value.isoformat() if isinstance(value, date) else str(value)
