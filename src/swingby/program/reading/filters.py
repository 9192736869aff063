"""Reading filters: which facts, or which enrolments."""

from __future__ import annotations

import re
from typing import Final, cast

from swingby.program.blocks import Condition, Filter, Test, Value
from swingby.program.reading import literals
from swingby.program.reading.circles import FILTER, VALUE
from swingby.program.reading.nodes import MapNode, Node, ScalarNode
from swingby.program.reading.reader import Fields, Reader
from swingby.program.reading.scalars import COLUMN, TRUTH, list_of, one_or_more
from swingby.program.reading.shapes import Construct, Key, MapOf, Shape
from swingby.program.reading.time import WINDOW

VALUES: Final = one_or_more(VALUE, "a value or a list of values")
IS: Final = Key("is", VALUES, "equal to the value, or to one of a list or table")
IS_NOT: Final = Key("is_not", VALUES, "not equal to it, nor to any of a list or table; a missing value passes")
AT_LEAST: Final = Key("at_least", VALUE, "the value or more")
ABOVE: Final = Key("above", VALUE, "more than the value")
AT_MOST: Final = Key("at_most", VALUE, "the value or less")
BELOW: Final = Key("below", VALUE, "less than the value")
WITHIN: Final = Key("within", WINDOW, "a day inside the window")
EXISTS: Final = Key("exists", TRUTH, "true: a value is there; false: it is missing")
TESTS: Final = Construct(
    "test",
    "How a column is tested; several tests of one column must all hold. A missing value passes only is_not and exists: false.",
    (IS, IS_NOT, AT_LEAST, ABOVE, AT_MOST, BELOW, WITHIN, EXISTS),
)
_TEST_NAMES: Final = frozenset(key.name for key in TESTS.keys)
_LINES: Final[tuple[Key[Value], ...]] = (AT_LEAST, ABOVE, AT_MOST, BELOW)
_SETS: Final = (IS, IS_NOT)

ANY: Final[Key[tuple[Filter, ...]]] = Key(
    "any", list_of(FILTER, "a list of filters"), "alternatives, of which one must hold"
)
CONDITION: Final[Shape[tuple[Condition, ...]]] = Shape("a condition", "a value, a list of values, or tests")
FILTER_MAP: Final = Construct(
    "filter",
    "Columns with a value, a list of values or tests; all must hold.",
    (ANY,),
    free=MapOf(CONDITION, f"^{literals.COLUMN_PATTERN}$"),
)


def read_filter(node: Node, reader: Reader) -> Filter | None:
    """Columns with their conditions, and groups of alternatives."""
    found = reader.mapping(node, "a filter: a mapping of columns", "Write where: {kind: new}.")
    if found is None:
        return None
    conditions: list[Condition] = []
    for key, child in found.entries:
        if key.text != ANY.name:
            conditions += _read_column(key, child, reader)
    alternatives = found.get(ANY.name)
    inner = ANY.shape.read(alternatives, reader) if alternatives else None
    return Filter(conditions=tuple(conditions), alternatives=inner or (), location=node.location)


def _read_column(key: ScalarNode, node: Node, reader: Reader) -> tuple[Condition, ...]:
    if not re.fullmatch(literals.COLUMN_PATTERN, key.text):
        COLUMN.read(key, reader)
        return ()
    return read_condition(key.text, node, reader)


def read_condition(column: str, node: Node, reader: Reader) -> tuple[Condition, ...]:
    """What one column must be: the short form ``kind: new`` is ``kind: {is: new}``."""
    if isinstance(node, MapNode) and _TEST_NAMES.intersection(node.names):
        fields = reader.fields(node, TESTS)
        return column_tests(column, fields) if fields else ()
    if isinstance(node, ScalarNode) and node.is_nothing:
        reader.shape(node, "a value", "To ask whether the column is empty write {exists: false}.")
        return ()
    values = VALUES.read(node, reader)
    return (Condition(column=column, test="is", values=values, location=node.location),) if values else ()


def column_tests(column: str, fields: Fields) -> tuple[Condition, ...]:
    """The conditions that the test keys of a mapping state about a column."""
    found = [_condition(column, key, values, fields) for key in _SETS if (values := fields.get(key))]
    lines = ((line, fields.get(line)) for line in _LINES)
    found += [_condition(column, line, (value,), fields) for line, value in lines if value is not None]
    if window := fields.get(WITHIN):
        found.append(Condition(column=column, test="within", window=window, location=fields.location))
    exists = fields.get(EXISTS)
    if exists is not None:
        found.append(Condition(column=column, test="exists", exists=exists, location=fields.location))
    return tuple(found)


def _condition(
    column: str, key: Key[Value] | Key[tuple[Value, ...]], values: tuple[Value, ...], fields: Fields
) -> Condition:
    place = fields.node.get(key.name) or fields.node
    return Condition(column=column, test=cast("Test", key.name), values=values, location=place.location)


CONDITION.bind(lambda node, reader: read_condition("", node, reader), *VALUES.forms, TESTS)
FILTER.bind(read_filter, FILTER_MAP)
