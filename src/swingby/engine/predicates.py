"""Filters and values of a program as typed SQL expressions over one row."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from sqlglot import exp

from swingby.engine.dates_sql import moved
from swingby.engine.place import not_computed
from swingby.program import Program
from swingby.program.blocks import (
    BenefitValue,
    ByCase,
    ColumnValue,
    Condition,
    Constant,
    Dated,
    Filter,
    ListItem,
    OfNumber,
    Product,
    Scalar,
    TableValue,
    Value,
    Window,
)

#: Gives the expression of a column, or None when the row in hand has no such column.
ColumnSource = Callable[[str], exp.Expr | None]
#: Gives the expression of what a value reads beside the row: a track or ladder by name, a number.
NeedSource = Callable[[object], exp.Expr | None]
#: Gives first day and end of a window as of the row's day.
WindowSource = Callable[[Window], tuple[exp.Expr, exp.Expr] | None]


def _nothing(_: object) -> None:
    return None


_COMPARISONS: Mapping[str, type[exp.Binary]] = {
    "at_least": exp.GTE,
    "above": exp.GT,
    "at_most": exp.LTE,
    "below": exp.LT,
}


@dataclass(frozen=True, slots=True)
class Row:
    """The row in hand: how its columns are written, the day on which values are read, and what stands beside it.

    ``cells`` are the parts of the key that the row has, by the cell's name.
    """

    column: ColumnSource
    day: exp.Expr
    need: NeedSource = _nothing
    cells: Mapping[str, exp.Expr] = field(default_factory=dict)
    window: WindowSource = _nothing


_OWN_COLUMN = "Declare a column of the kind under facts, let the source of the facts fill it, and filter by that."
_NO_FACT = (
    "A number has no fact in hand. A column is read where an earning repeats over facts: {rate: {column: …}}, "
    "{product: […]}, by:, or one more scale in a list under earn."
)


def literal(value: Scalar) -> exp.Expr:
    """A typed literal; a bare number would be read as a double by some backends."""
    if isinstance(value, bool):
        return exp.true() if value else exp.false()
    if isinstance(value, Decimal):
        return quantity(exp.Literal.number(format(value, "f")))
    if isinstance(value, date):
        return exp.cast(exp.Literal.string(value.isoformat()), "DATE")
    return exp.Literal.string(value)


_QUANTITY = exp.DataType.build("DECIMAL(38, 12)")


def quantity(expression: exp.Expr) -> exp.Expr:
    """An expression as a carried quantity (12 decimals)."""
    return exp.cast(expression, _QUANTITY)


def house(name: str, *arguments: exp.Expr) -> exp.Expr:
    """A call of a house function, which each backend spells in its own way."""
    return exp.Anonymous(this=name, expressions=list(arguments))


def condition_sql(program: Program, filter_: Filter | None, row: Row) -> exp.Expr:
    """The truth of a filter on a row; a missing value passes only ``is_not`` and ``exists: false``."""
    if filter_ is None:
        return exp.true()
    parts = [_one(program, condition, row) for condition in filter_.conditions]
    if filter_.alternatives:
        parts.append(exp.or_(*(condition_sql(program, item, row) for item in filter_.alternatives)))
    return exp.and_(*parts) if parts else exp.true()


def _one(program: Program, condition: Condition, row: Row) -> exp.Expr:
    column = row.column(condition.column)
    if column is None:
        not_computed(f"the column {condition.column} in a filter", condition, _OWN_COLUMN)
    if condition.test == "exists":
        missing = exp.Is(this=column, expression=exp.null())
        return exp.not_(missing) if condition.exists else missing
    if condition.test in _COMPARISONS:
        line = value_sql(program, condition.values[0], row)
        return _COMPARISONS[condition.test](this=column, expression=line)
    if condition.test == "within":
        return _within(condition, column, row)
    return _membership(program, condition, column, row)


def _within(condition: Condition, column: exp.Expr, row: Row) -> exp.Expr:
    span = row.window(condition.window) if condition.window else None
    if span is None:
        not_computed("a window inside this filter", condition)
    return exp.and_(exp.GTE(this=column.copy(), expression=span[0]), exp.LT(this=column.copy(), expression=span[1]))


def _membership(program: Program, condition: Condition, column: exp.Expr, row: Row) -> exp.Expr:
    inside = exp.or_(*(_one_of(program, value, column, row) for value in condition.values), exp.false())
    if condition.test == "is":
        return inside
    return exp.or_(exp.Is(this=column.copy(), expression=exp.null()), exp.not_(exp.paren(inside)))


def _one_of(program: Program, value: Value, column: exp.Expr, row: Row) -> exp.Expr:
    items = list_items(program, value)
    if items is not None:
        return exp.or_(*_alternatives(items, column, row), exp.false())
    equal = exp.EQ(this=column.copy(), expression=value_sql(program, value, row))
    return exp.Coalesce(this=exp.paren(equal), expressions=[exp.false()])


def _alternatives(items: Iterable[ListItem], column: exp.Expr, row: Row) -> list[exp.Expr]:
    always = [literal(item.value) for item in items if not (item.starts_on or item.ends_on)]
    found: list[exp.Expr] = [exp.In(this=column.copy(), expressions=always)] if always else []
    found += [
        exp.and_(exp.EQ(this=column.copy(), expression=literal(item.value)), *_dates(item, row))
        for item in items
        if item.starts_on or item.ends_on
    ]
    return found


def _dates(item: ListItem, row: Row) -> list[exp.Expr]:
    found: list[exp.Expr] = []
    if item.starts_on:
        found.append(exp.GTE(this=row.day.copy(), expression=literal(item.starts_on)))
    if item.ends_on:
        found.append(exp.LT(this=row.day.copy(), expression=literal(item.ends_on)))
    return found


def list_items(program: Program, value: Value) -> tuple[ListItem, ...] | None:
    """What a filter value stands for: itself, or the items of a table; None for any other value."""
    if isinstance(value, Constant):
        return (ListItem(value=value.value, location=value.location),)
    if isinstance(value, TableValue) and program.tables[value.table].items:
        return program.tables[value.table].items
    return None


def value_sql(program: Program, value: Value, row: Row) -> exp.Expr:
    """A value of the program as an expression; NULL where it has no value."""
    if isinstance(value, Constant):
        return literal(value.value)
    named = _named(program, value)
    if named is not None:
        return value_sql(program, named, row)
    found = row.need(value.number) if isinstance(value, OfNumber) else _composed(program, value, row)
    if found is None:
        not_computed("a value of this form in this place", value)
    return found


def _named(program: Program, value: Value) -> Value | None:
    """What a table or a benefit holds."""
    if isinstance(value, BenefitValue):
        return program.benefits[value.benefit].value
    return program.tables[value.table].value if isinstance(value, TableValue) else None


def _composed(program: Program, value: Value, row: Row) -> exp.Expr | None:
    match value:
        case Dated():
            return _dated(program, value, row)
        case ByCase():
            return _by_case(program, value, row)
        case Product():
            return _product([value_sql(program, item, row) for item in value.values])
        case ColumnValue():
            return _column(program, value, row)
        case _:
            return None


def _column(program: Program, value: ColumnValue, row: Row) -> exp.Expr:
    column = row.column(value.column)
    if column is None:
        not_computed(f"the column {value.column} in this place", value, _NO_FACT)
    return column if value.moment is None else moved(program, column, value.moment)


def _dated(program: Program, value: Dated, row: Row) -> exp.Expr:
    case = exp.Case()
    for day, step in reversed(value.steps):
        reached = exp.GTE(this=row.day.copy(), expression=literal(day))
        case.when(reached, value_sql(program, step, row).copy(), copy=False)
    return case.else_(value_sql(program, value.initially, row)) if value.initially else case


def _by_case(program: Program, value: ByCase, row: Row) -> exp.Expr:
    word = _word(program, value, row)
    case = exp.Case()
    for name, item in value.cases:
        is_word = exp.EQ(this=word.copy(), expression=exp.Literal.string(name))
        case.when(is_word, value_sql(program, item, row).copy(), copy=False)
    if value.otherwise is not None:
        case = case.else_(value_sql(program, value.otherwise, row))
    return case


def _word(program: Program, value: ByCase, row: Row) -> exp.Expr:
    """What a value is looked up by: a cell, a track, the tier held, or a column."""
    name = value.by
    if name in row.cells:
        return row.cells[name]
    if name in program.tracks or name in program.ladders:
        found = row.need(("track" if name in program.tracks else "ladder", name))
    else:
        found = row.column(name)
    if found is None:
        not_computed(f"by: {name} in this place", value, _NO_FACT)
    return found


def _product(factors: list[exp.Expr]) -> exp.Expr:
    found = factors[0]
    for factor in factors[1:]:
        found = house("multiply", found, factor)
    return found


def static_value(program: Program, value: Value, day: date) -> Decimal | None:
    """The value on a day when it needs nothing but the day.

    Raises
    ------
    LookupError
        When the value depends on something other than the day.
    """
    if isinstance(value, Constant) and isinstance(value.value, Decimal):
        return value.value
    if isinstance(value, Dated):
        held = [step for start, step in value.steps if start <= day]
        chosen = held[-1] if held else value.initially
        return None if chosen is None else static_value(program, chosen, day)
    if isinstance(value, TableValue):
        named = program.tables[value.table].value
        if named is not None:
            return static_value(program, named, day)
    raise LookupError(type(value).__name__)


def fixed_value(program: Program, value: Value, day: date) -> Decimal | None:
    """The value on a day where nothing but the day may matter; refused, with its place, where more does."""
    try:
        return static_value(program, value, day)
    except LookupError:
        not_computed("a value that depends on the partner in this place", value)
