"""Reading values: anything that a program sets, plain, dated, looked up or computed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Final

from swingby.program.blocks import (
    BenefitValue,
    ByCase,
    ColumnValue,
    Constant,
    Dated,
    Moment,
    OfNumber,
    Product,
    TableValue,
    Value,
)
from swingby.program.numbers import NumberReference
from swingby.program.reading import literals
from swingby.program.reading.circles import NUMBER, QUANTITIES, QUANTITY, VALUE
from swingby.program.reading.nodes import ListNode, MapNode, Node, ScalarNode
from swingby.program.reading.reader import Reader, did_you_mean, shorten
from swingby.program.reading.scalars import COLUMN, COLUMNS, list_of
from swingby.program.reading.shapes import Construct, Key, ListOf, Literal, MapOf, Shape
from swingby.program.reading.time import MOMENT_KEYS, moment_step

INITIALLY: Final = Key("initially", VALUE, "what holds before the first day", default="no value")
DATED: Final = Construct(
    "dated value",
    "A value that changes: each day is the first on which its value holds.",
    (INITIALLY,),
    free=MapOf(VALUE, f"^{literals.DAY_PATTERN}$"),
)
CASE: Final[Shape[Value]] = Shape("a value, or the cases of the next key")
BY: Final = Key(
    "by", COLUMNS, "a column of the fact, a track, a ladder, a cell or organization.…; a list nests", required=True
)
OTHERWISE: Final = Key("otherwise", VALUE, "what holds when no case fits", default="no value")
BY_CASE: Final = Construct(
    "value by case", "A value looked up by a word; every other key is a case.", (BY, OTHERWISE), free=MapOf(CASE)
)
PRODUCT: Final = Key("product", QUANTITIES, "values that are multiplied", required=True)
PRODUCT_VALUE: Final = Construct("product of values", "Values multiplied.", (PRODUCT,))
TABLE: Final = Key("table", COLUMN, "the name of a table", required=True)
TABLE_VALUE: Final = Construct("table value", "A table by its name.", (TABLE,))
BENEFIT: Final = Key("benefit", COLUMN, "the name of a benefit", required=True)
BENEFIT_VALUE: Final = Construct("benefit value", "What a benefit gives.", (BENEFIT,))
COLUMN_KEY: Final = Key("column", COLUMN, "another column of the fact in hand", required=True)
COLUMN_VALUE: Final = Construct(
    "column value", "Another column of the fact, perhaps moved as a moment.", (COLUMN_KEY, *MOMENT_KEYS)
)
SCALAR: Final = Literal("number, percent, day, word or truth", ("number", "string", "boolean"))

# Keys that begin a number; the first one found decides how a mapping is read.
NUMBER_HEADS: Final = (
    "count",
    "sum",
    "average",
    "median",
    "least",
    "greatest",
    "product",
    "difference",
    "ratio",
    "growth",
    "rank",
    "assign",
    "measure",
    "points",
    "score",
    "incentive",
    "account",
)
_OPTIONS: Final = frozenset(("cap", "round", "undefined", "by"))


def read_value(node: Node, reader: Reader) -> Value | None:
    """Any form of value."""
    if isinstance(node, ScalarNode):
        return _read_constant(node, reader)
    if isinstance(node, ListNode):
        reader.shape(node, "one value")
        return None
    return _read_form(node, reader)


def _read_constant(node: ScalarNode, reader: Reader) -> Constant | None:
    if not node.quoted and literals.is_day_shaped(node.text) and literals.day(node.text) is None:
        reader.error(
            node, "day-shape", f'"{node.text}" is not a day of the calendar (1900 to 2199).', "Correct the day."
        )
        return None
    value = literals.scalar(node.text, quoted=node.quoted)
    as_percent = isinstance(value, Decimal) and node.text.endswith("%")
    return Constant(value=value, as_percent=as_percent, location=node.location)


def _read_form(node: MapNode, reader: Reader) -> Value | None:
    names = node.names
    if "initially" in names or any(literals.is_day_shaped(name) for name in names):
        return _read_dated(node, reader)
    if "by" in names and not _has_head(node):
        return _read_by(node, reader)
    for word, read in _FORMS.items():
        if word in names and not (word == "product" and _OPTIONS.intersection(names)):
            return read(node, reader)
    return _read_number(node, reader)


def _has_head(node: MapNode) -> bool:
    """Whether a mapping begins a number; a case that happens to have such a name holds a plain number."""
    return any(key.text in NUMBER_HEADS and not _is_number(value) for key, value in node.entries)


def _is_number(node: Node) -> bool:
    return isinstance(node, ScalarNode) and literals.number(node.text) is not None


def _read_number(node: MapNode, reader: Reader) -> OfNumber | None:
    if not any(name in NUMBER_HEADS for name in node.names):
        known = ("initially", "by", "table", "benefit", "column", *NUMBER_HEADS)
        hint = next(filter(None, (did_you_mean(name, known) for name in node.names)), "")
        hint = hint or "Write a plain value, days with values, by, product, table, benefit, column or a number."
        reader.error(node, "value-shape", "This is not a value.", hint)
        return None
    number = NUMBER.read(node, reader)
    return OfNumber(number=number, location=node.location) if number else None


# --- dated ----------------------------------------------------------------------------------------------------------


def _read_dated(node: MapNode, reader: Reader) -> Dated | None:
    initially: Value | None = None
    steps: list[tuple[date, Value]] = []
    for key, child in node.entries:
        value = VALUE.read(child, reader)
        if key.text == "initially":
            initially = value
        elif (day := _read_day_key(key, reader)) and value is not None:
            steps.append((day, value))
    steps.sort(key=lambda step: step[0])
    return Dated(initially=initially, steps=tuple(steps), location=node.location)


def _read_day_key(key: ScalarNode, reader: Reader) -> date | None:
    day = literals.day(key.text)
    if day is None:
        hint = "Every key is a day such as 2025-02-01, or initially."
        reader.error(key, "day-shape", f'"{shorten(key.text)}" is not a day.', hint)
    return day


# --- by case --------------------------------------------------------------------------------------------------------


def _read_by(node: MapNode, reader: Reader) -> Value | None:
    by = BY.shape.read(node.get("by") or node, reader)
    return _cases(node, by, node.get("otherwise"), reader) if by else None


def _cases(node: MapNode, by: tuple[str, ...], otherwise: Node | None, reader: Reader) -> ByCase:
    cases: list[tuple[str, Value]] = []
    for key, child in node.entries:
        if key.text not in ("by", "otherwise"):
            value = _read_case(child, by[1:], otherwise, reader)
            if value is not None:
                cases.append((key.text, value))
    fallback = VALUE.read(otherwise, reader) if otherwise else None
    return ByCase(by=by[0], cases=tuple(cases), otherwise=fallback, location=node.location)


def _read_case(node: Node, by: tuple[str, ...], otherwise: Node | None, reader: Reader) -> Value | None:
    """The value of one case; while keys are left a mapping holds the cases of the next key."""
    if by and isinstance(node, MapNode):
        return _cases(node, by, node.get("otherwise") or otherwise, reader)
    return VALUE.read(node, reader)


# --- the other forms ------------------------------------------------------------------------------------------------


def _read_product(node: MapNode, reader: Reader) -> Product | None:
    fields = reader.fields(node, PRODUCT_VALUE)
    values = fields.get(PRODUCT) if fields else None
    if values == ():
        reader.error(node, "shape", "A product of nothing has no value.", "Write at least one value.")
    return Product(values=values, location=node.location) if values else None


def _read_factors(node: Node, reader: Reader) -> tuple[Value, ...] | None:
    if not isinstance(node, ListNode):
        reader.shape(node, "a list of values")
        return None
    found = (_read_factor(item, reader) for item in node.items)
    return tuple(value for value in found if value is not None)


def _read_factor(node: Node, reader: Reader) -> Value | None:
    """A value, or the bare name of a number."""
    if isinstance(node, ScalarNode) and literals.number(node.text) is None:
        reference = bare_name(node, reader)
        return OfNumber(number=reference, location=node.location) if reference else None
    return QUANTITY.read(node, reader)


def bare_name(node: ScalarNode, reader: Reader) -> NumberReference | None:
    """The number that a bare name in a list stands for."""
    section = reader.names.get(node.text)
    if section is None:
        hint = did_you_mean(node.text, reader.names) or "Declare it under measures, points, scores or incentives."
        reader.error(node, "reference-unknown", f'There is no number "{shorten(node.text)}".', hint)
        return None
    return NumberReference(section=section, name=node.text, location=node.location)


def _read_table(node: MapNode, reader: Reader) -> TableValue | None:
    fields = reader.fields(node, TABLE_VALUE)
    table = fields.get(TABLE) if fields else None
    return TableValue(table=table, location=node.location) if table else None


def _read_benefit(node: MapNode, reader: Reader) -> BenefitValue | None:
    fields = reader.fields(node, BENEFIT_VALUE)
    benefit = fields.get(BENEFIT) if fields else None
    return BenefitValue(benefit=benefit, location=node.location) if benefit else None


def _read_column(node: MapNode, reader: Reader) -> ColumnValue | None:
    fields = reader.fields(node, COLUMN_VALUE)
    column = fields.get(COLUMN_KEY) if fields else None
    if fields is None or column is None:
        return None
    step = moment_step(fields) if len(node.entries) > 1 else None
    moment = Moment(steps=(step,), location=node.location) if step else None
    return ColumnValue(column=column, moment=moment, location=node.location)


_FORMS: Final = {"table": _read_table, "benefit": _read_benefit, "column": _read_column, "product": _read_product}


# --- numeric values -------------------------------------------------------------------------------------------------


def read_quantity(node: Node, reader: Reader) -> Value | None:
    """A value whose plain parts are all numbers."""
    value = read_value(node, reader)
    if value is None or not _refuse_words(value, reader, node.key):
        return None
    return value


def _refuse_words(value: Value, reader: Reader, key: str) -> bool:
    """Whether all constants inside are numbers; those that are not are noted."""
    parts = {part.location: part for part in _constants(value)}
    wrong = [part for part in parts.values() if not _is_quantity(part, reader, key)]
    return not wrong


def _constants(value: Value) -> tuple[Constant, ...]:
    if isinstance(value, Constant):
        return (value,)
    if isinstance(value, Dated):
        inner = [value.initially, *(step for _, step in value.steps)]
    elif isinstance(value, ByCase):
        inner = [*(case for _, case in value.cases), value.otherwise]
    else:
        return ()
    return tuple(part for each in inner if each is not None for part in _constants(each))


def _is_quantity(constant: Constant, reader: Reader, key: str) -> bool:
    if isinstance(constant.value, Decimal):
        return True
    written = str(constant.value)
    section = reader.names.get(written)
    hint = "Write 1000, 7.5 or 25%, without separators or exponents."
    if section:
        hint = f"Write {key}: {{{section}: {written}}}." if key else f"Write {{{section}: {written}}}."
    reader.error(constant.location, "number-shape", f'"{shorten(written)}" is not a number.', hint)
    return False


CASE.bind(read_value, VALUE, MapOf(CASE))
VALUE.bind(read_value, SCALAR, DATED, BY_CASE, PRODUCT_VALUE, TABLE_VALUE, BENEFIT_VALUE, COLUMN_VALUE, NUMBER)
_QUANTITY_LITERAL: Final = Literal("number or percent", ("number", "string"), f"^{literals.NUMBER_PATTERN}$")
QUANTITY_FORMS: Final = (
    _QUANTITY_LITERAL,
    DATED,
    BY_CASE,
    PRODUCT_VALUE,
    TABLE_VALUE,
    BENEFIT_VALUE,
    COLUMN_VALUE,
)
QUANTITY.bind(read_quantity, *QUANTITY_FORMS, NUMBER)
_FACTOR: Final[Shape[Value]] = Shape("a value or the name of a number")
_FACTOR.bind(_read_factor, Literal("name of a number", pattern=f"^{literals.NAME_PATTERN}$"), QUANTITY)
QUANTITIES.bind(_read_factors, ListOf(_FACTOR))
TIMES: Final = list_of(QUANTITY, "a list of values")
