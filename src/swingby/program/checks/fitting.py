"""Checks that what a column is tested against, or looked up by, is of its type."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final, Literal

from swingby.program.blocks import (
    BenefitValue,
    ByCase,
    ColumnValue,
    Condition,
    Constant,
    Dated,
    Located,
    Scalar,
    TableValue,
    Value,
)
from swingby.program.checks.columns import (
    KindsRead,
    columns_looked_up,
    find_column,
    kinds_in_hand,
    linked_columns,
    uses_in,
)
from swingby.program.checks.subject import Check, Subject, columns_of, error
from swingby.program.issues import Issue
from swingby.program.kinds import Column, ColumnType, FactKind
from swingby.program.numbers import ColumnTest
from swingby.program.reading import literals

Family = Literal["word", "number", "day", "truth"]

_FAMILIES: Final[dict[ColumnType, Family]] = {
    "word": "word",
    "text": "word",
    "id": "word",
    "number": "number",
    "percent": "number",
    "amount": "number",
    "date": "day",
    "truth": "truth",
}
_SCALARS: Final[tuple[tuple[type[Scalar], Family], ...]] = (
    (bool, "truth"),
    (Decimal, "number"),
    (date, "day"),
    (str, "word"),
)


@dataclass(frozen=True, slots=True)
class _Tested:
    """A column that a condition tests, with the kind it is of; no kind for one of the enrolment."""

    condition: Condition
    name: str
    column: Column
    kind: FactKind | None


class ValuesFit(Check):
    """The values that a column is tested against are of the column's type, and what lies within a window is a day."""

    def run(self, subject: Subject) -> Iterator[Issue]:
        for rule in subject.rules:
            for part in rule.parts:
                for tested in _tests_in(part, subject):
                    yield from _check(tested, subject)


def _tests_in(part: object, subject: Subject) -> Iterator[_Tested]:
    """The conditions that a part sets, with the columns that they test, as far as these are known."""
    if isinstance(part, ColumnTest):
        for name, condition in columns_of((part.filter,)):
            prefix, _, inner = name.partition(".")
            columns = linked_columns(prefix, subject) or ()
            yield from (_Tested(condition, name, column, None) for column in columns if column.name == inner)
        return
    for use in uses_in(part):
        kind = subject.kind(use.kind)
        found = find_column(subject, kind, use.column) if kind else None
        if isinstance(use.at, Condition) and found:
            yield _Tested(use.at, f"{use.kind}.{use.column}", found, kind)


def _check(tested: _Tested, subject: Subject) -> Iterator[Issue]:
    condition, column = tested.condition, tested.column
    if condition.test == "within" and _FAMILIES[column.type] != "day":
        message = f"{tested.name} is a {column.type}; only a date lies within a window."
        yield error(condition, "value-type", message, "Test a date.")
    for value in condition.values:
        for at, leaf in _leaves(value, value, subject, frozenset()):
            family = _family(leaf, tested.kind, subject)
            if family and family != _FAMILIES[column.type]:
                yield _misfit(at, leaf, tested)


def _leaves(value: Value, at: Located, subject: Subject, seen: frozenset[str]) -> Iterator[tuple[Located, Value]]:
    """What a value may come out as, and where that is said; what a table holds is said where the table is named."""
    parts: list[Value]
    match value:
        case Dated():
            parts = [*([value.initially] if value.initially else []), *(step for _, step in value.steps)]
        case ByCase():
            parts = [*(case for _, case in value.cases), *([value.otherwise] if value.otherwise else [])]
        case TableValue() | BenefitValue():
            name, parts = _named(value, subject)
            if name in seen:
                return
            seen |= {name}
        case _:
            yield at, value
            return
    for part in parts:
        yield from _leaves(part, at if seen else part, subject, seen)


def _named(value: TableValue | BenefitValue, subject: Subject) -> tuple[str, list[Value]]:
    """The path of a table or benefit, and the values that it holds."""
    if isinstance(value, BenefitValue):
        benefit = subject.program.benefits.get(value.benefit)
        return f"benefits.{value.benefit}", [benefit.value] if benefit else []
    table = subject.program.tables.get(value.table)
    items: list[Value] = [Constant(value=item.value, location=item.location) for item in table.items] if table else []
    return f"tables.{value.table}", items + ([table.value] if table and table.value else [])


def _family(leaf: Value, kind: FactKind | None, subject: Subject) -> Family | None:
    """What a value is; None where that is not known."""
    if isinstance(leaf, Constant):
        return next(family for scalar, family in _SCALARS if isinstance(leaf.value, scalar))
    if not isinstance(leaf, ColumnValue):
        return "number"
    column = find_column(subject, kind, leaf.column) if kind else None
    return _FAMILIES[column.type] if column else None


def _misfit(at: Located, leaf: Value, tested: _Tested) -> Issue:
    written = _written(leaf)
    quoted = isinstance(leaf, Constant) and _FAMILIES[tested.column.type] == "word"
    hint = f'Write "{written}" in quotes.' if quoted else f"Write a {tested.column.type}."
    return error(at, "value-type", f"{tested.name} is a {tested.column.type}; {written} is not.", hint)


def _written(leaf: Value) -> str:
    if isinstance(leaf, Constant):
        return str(leaf.value).lower() if isinstance(leaf.value, bool) else str(leaf.value)
    return f"the column {leaf.column}" if isinstance(leaf, ColumnValue) else "a number"


class KeysFit(Check):
    """The cases of a value by column can stand in it: a column of days never holds a word."""

    def run(self, subject: Subject) -> Iterator[Issue]:
        reads = KindsRead(subject)
        for rule in subject.rules:
            values = [part for part in rule.parts if isinstance(part, ByCase)]
            kinds = kinds_in_hand(rule, reads, subject) if values else []
            for value in values:
                yield from _check_cases(value, columns_looked_up(value.by, kinds, subject))


def _check_cases(value: ByCase, columns: list[Column]) -> Iterator[Issue]:
    if not columns or any(_FAMILIES[column.type] == "word" for column in columns):
        return
    for word, case in value.cases:
        if not any(_can_stand(word, _FAMILIES[column.type]) for column in columns):
            message = f'{value.by} is a {columns[0].type}, and never "{word}".'
            yield error(case, "case-unknown", message, "Look the value up by a column of words, or write its cases so.")


def _can_stand(word: str, family: Family) -> bool:
    if family == "number":
        return literals.number(word) is not None and not word.endswith("%")
    return literals.day(word) is not None if family == "day" else literals.truth(word) is not None
