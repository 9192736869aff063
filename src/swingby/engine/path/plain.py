"""Values and filters that need no database: numbers and words known from the program, the day and one row."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from swingby.program import Program
from swingby.program.blocks import ByCase, Condition, Constant, Dated, Filter, Product, Scalar, TableValue, Value

Cells = Mapping[str, object]


def plain_number(program: Program, value: Value | None, day: date, row: Cells) -> Decimal | None:
    """The number of a value as of a day, None where it depends on more than the day and the row."""
    found = plain_scalar(program, value, day, row)
    return found if isinstance(found, Decimal) else None


def plain_scalar(program: Program, value: Value | None, day: date, row: Cells) -> Scalar | None:
    """A value as of a day, None where it depends on more than the day and the row."""
    match value:
        case Constant():
            return value.value
        case Dated():
            steps = [step for start, step in value.steps if start <= day]
            return plain_scalar(program, steps[-1] if steps else value.initially, day, row)
        case ByCase() if value.by in row:
            chosen = dict(value.cases).get(str(row[value.by]), value.otherwise)
            return plain_scalar(program, chosen, day, row)
        case TableValue() if program.tables[value.table].value is not None:
            return plain_scalar(program, program.tables[value.table].value, day, row)
        case Product():
            parts = [plain_number(program, part, day, row) for part in value.values]
            return _product(parts)
    return None


def _product(parts: list[Decimal | None]) -> Decimal | None:
    found = Decimal(1)
    for part in parts:
        if part is None:
            return None
        found *= part
    return found


def words_of(program: Program, condition: Condition, day: date) -> tuple[Scalar, ...] | None:
    """The values that a condition names, lists of tables included; None where they depend on more than the day."""
    found: list[Scalar] = []
    for value in condition.values:
        if isinstance(value, TableValue) and program.tables[value.table].items:
            items = program.tables[value.table].items
            found += [item.value for item in items if (item.starts_on or date.min) <= day < (item.ends_on or date.max)]
            continue
        scalar = plain_scalar(program, value, day, {})
        if scalar is None:
            return None
        found.append(scalar)
    return tuple(found)


def passes(program: Program, where: Filter | None, row: Cells, day: date) -> bool | None:
    """Whether a row passes a filter; None where that cannot be said without the database."""
    if where is None:
        return True
    answers = [_holds(program, condition, row, day) for condition in where.conditions]
    if where.alternatives:
        branches = [passes(program, branch, row, day) for branch in where.alternatives]
        answers.append(True if True in branches else None if None in branches else False)
    return False if False in answers else None if None in answers else True


def _holds(program: Program, condition: Condition, row: Cells, day: date) -> bool | None:
    if "." in condition.column or condition.test == "within":
        return None
    value = row.get(condition.column)
    if condition.test == "exists":
        return (value is not None) == condition.exists
    words = words_of(program, condition, day)
    if words is None:
        return None
    if value is None:
        return condition.test == "is_not"
    if condition.test in ("is", "is_not"):
        return (value in words) == (condition.test == "is")
    return _compared(condition.test, value, words[0])


def _compared(test: str, value: object, line: Scalar) -> bool | None:
    if not isinstance(value, Decimal) or not isinstance(line, Decimal):
        return None
    return holds(test, value, line)


def holds(test: str, value: Decimal, line: Decimal) -> bool:
    """A number against a line."""
    return {
        "at_least": value >= line,
        "above": value > line,
        "at_most": value <= line,
        "below": value < line,
        "is": value == line,
        "is_not": value != line,
    }[test]


def matches(asked: Cells, row: Cells) -> bool:
    """Whether a fact has the cells that an act would give it."""
    return all(row.get(name) == value for name, value in asked.items())
