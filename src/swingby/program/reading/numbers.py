"""Reading numbers of facts, of each and of a list."""

from __future__ import annotations

from typing import Final, TypeVar, cast

from swingby.program.blocks import PeriodUnit
from swingby.program.numbers import (
    Aggregate,
    EachNumber,
    FactNumber,
    ListItemNumber,
    ListNumber,
    Number,
    Operation,
    Requirement,
    ValueNumber,
)
from swingby.program.reading import literals
from swingby.program.reading.circles import NUMBER, QUANTITY, REQUIREMENT, ROWS
from swingby.program.reading.facts import CREDIT, OF, OVER, PICK, WHEN, WHERE, window_over
from swingby.program.reading.nodes import ListNode, MapNode, Node, ScalarNode
from swingby.program.reading.options import OPTION_KEYS, Keys, number_options
from swingby.program.reading.reader import Reader
from swingby.program.reading.scalars import COLUMN, COLUMNS, list_of
from swingby.program.reading.shapes import Construct, Key, Shape
from swingby.program.reading.time import PERIOD
from swingby.program.reading.values import TIMES, bare_name

T = TypeVar("T")

# --- 1 of facts -----------------------------------------------------------------------------------------------------

_AGGREGATE_DOCS: Final[dict[Aggregate, str]] = {
    "count": "how many different values of a column, or facts",
    "sum": "the sum of a column; of nothing 0",
    "average": "the mean of a column; of nothing undefined",
    "median": "the middle of a column, the mean of the two middle ones for an even number",
    "least": "the smallest value of a column",
    "greatest": "the largest value of a column",
}
AGGREGATES: Final = tuple(_AGGREGATE_DOCS)
FACT_HEADS: Final = tuple(Key(word, COLUMN, doc) for word, doc in _AGGREGATE_DOCS.items())
TIMES_KEY: Final = Key("times", TIMES, "weights: each fact counts its value times these", default="1")
OF_FACTS: Final = Construct(
    "number of facts",
    "One figure from the facts of a kind.",
    (*FACT_HEADS, OF, WHERE, OVER, CREDIT, TIMES_KEY, WHEN, PICK, *OPTION_KEYS),
    one_of=AGGREGATES,
)


def read_of_facts(node: MapNode, reader: Reader, also: Keys) -> FactNumber | None:
    """``{count: person, of: credentials}``."""
    fields = reader.fields(node, OF_FACTS, also)
    if fields is None:
        return None
    head = _head_key(FACT_HEADS, node)
    if head is None:
        return None
    column, of = fields.get(head), fields.get(OF)
    if column is None or of is None:
        return None
    return FactNumber(
        aggregate=cast("Aggregate", head.name),
        column=column,
        of=of,
        where=fields.get(WHERE),
        over=window_over(fields),
        credit=fields.get(CREDIT),
        times=fields.get(TIMES_KEY) or (),
        when=fields.get(WHEN) or "held",
        pick=fields.get(PICK),
        options=number_options(fields),
        location=node.location,
    )


def _head_key(keys: tuple[Key[T], ...], node: MapNode) -> Key[T] | None:
    """The key that says what is done; None, already noted, when an operation of another form led here."""
    return next((key for key in keys if node.get(key.name) is not None), None)


# --- 2 of each ------------------------------------------------------------------------------------------------------

EACH_ITEM: Final[Shape[str | PeriodUnit]] = Shape("a period, a column, a cell or enrolment")


def _read_each_item(node: Node, reader: Reader) -> str | PeriodUnit | None:
    """A unit or several words are a period; one word is a column."""
    if isinstance(node, ScalarNode) and (" " in node.text or literals.period(node.text)):
        return PERIOD.read(node, reader)
    return COLUMN.read(node, reader)


EACH_ITEM.bind(_read_each_item, *PERIOD.forms, COLUMN)
_EACH_DOCS: Final[dict[Aggregate, str]] = {
    "count": "how many meet a requirement",
    "sum": "the sum of a number",
    "average": "the mean of a number",
    "median": "the middle of a number",
    "least": "the smallest of a number, and where",
    "greatest": "the largest of a number, and where",
}
EACH_COUNT: Final = Key("count", REQUIREMENT, _EACH_DOCS["count"])
EACH_HEADS: Final = tuple(Key(word, NUMBER, doc) for word, doc in _EACH_DOCS.items() if word != "count")
EACH: Final = Key(
    "each", EACH_ITEM, "what is looked at one at a time: a period, a thing, a cell or enrolment", required=True
)
PEERS: Final = Key(
    "peers",
    COLUMNS,
    "columns or tracks that enrolments share; organization.root for one tree",
    default="all enrolments",
)
ONLY: Final = Key("only", REQUIREMENT, "which of them take part", default="all")
OF_EACH: Final = Construct(
    "number of each",
    "The same number or requirement seen for one thing at a time, then put together.",
    (EACH_COUNT, *EACH_HEADS, EACH, OVER, PEERS, ONLY, *OPTION_KEYS),
    one_of=AGGREGATES,
)


def read_of_each(node: MapNode, reader: Reader, also: Keys) -> EachNumber | None:
    """``{count: {measure: plans, at_least: 1}, each: quarter, over: …}``."""
    fields = reader.fields(node, OF_EACH, also)
    if fields is None:
        return None
    item: Number | Requirement | None
    head = None if node.get("count") else _head_key(EACH_HEADS, node)
    item = fields.get(EACH_COUNT) if node.get("count") else fields.get(head) if head else None
    each = fields.get(EACH)
    if item is None or each is None:
        return None
    return EachNumber(
        aggregate=next(word for word in AGGREGATES if node.get(word)),
        item=item,
        each=each,
        over=window_over(fields),
        peers=fields.get(PEERS) or (),
        only=fields.get(ONLY),
        options=number_options(fields),
        location=node.location,
    )


# --- 3 of a list ----------------------------------------------------------------------------------------------------

WEIGHT: Final = Key("weight", QUANTITY, "the weight of this item in an average", default="1")
LIST_ITEM: Final[Shape[ListItemNumber]] = Shape("an item: a name, a number or a value")
LIST_ITEMS: Final[Shape[tuple[ListItemNumber, ...]]] = list_of(LIST_ITEM, "a list of numbers")
COUNTED_ITEMS: Final[Shape[tuple[ListItemNumber, ...]]] = Shape("a list of requirements")
_OPERATION_DOCS: Final[dict[Operation, str]] = {
    "sum": "all added",
    "product": "all multiplied",
    "difference": "the first less the second",
    "ratio": "the first divided by the second; undefined when that is 0 or below base",
    "growth": "how much the first is above the second, as a share of the second, which must be above 0",
    "average": "the mean, by weight; undefined items are left out",
    "least": "the smallest",
    "greatest": "the largest",
    "count": "how many of the requirements hold",
}
LIST_HEADS: Final = tuple(
    Key(word, COUNTED_ITEMS if word == "count" else LIST_ITEMS, doc) for word, doc in _OPERATION_DOCS.items()
)
BASE: Final = Key("base", QUANTITY, "the least denominator; below it the result is undefined", default="any but 0")
OF_LIST: Final = Construct(
    "number of a list",
    "Numbers put together.",
    (*LIST_HEADS, BASE, *OPTION_KEYS),
    one_of=tuple(_OPERATION_DOCS),
)
_TWO: Final = 2
_PAIRS: Final = ("difference", "ratio", "growth")


def read_list_item(node: Node, reader: Reader) -> ListItemNumber | None:
    """A name, a number, a reference or a value, perhaps with a weight."""
    if isinstance(node, ScalarNode):
        item = _read_plain_item(node, reader)
        return ListItemNumber(item=item, location=node.location) if item else None
    weight_node = node.get(WEIGHT.name) if isinstance(node, MapNode) else None
    weight = QUANTITY.read(weight_node, reader) if weight_node else None
    number = NUMBER.read(node.without(WEIGHT.name) if isinstance(node, MapNode) else node, reader)
    return ListItemNumber(item=number, weight=weight, location=node.location) if number else None


def _read_plain_item(node: ScalarNode, reader: Reader) -> Number | None:
    if literals.number(node.text) is None:
        return bare_name(node, reader)
    value = QUANTITY.read(node, reader)
    return ValueNumber(value=value, location=node.location) if value else None


LIST_ITEM_MAP: Final = Construct("item of a list", "A number with a weight.", (WEIGHT,))


def _read_counted(node: Node, reader: Reader) -> tuple[ListItemNumber, ...] | None:
    rows = ROWS.read(node, reader)
    return None if rows is None else tuple(ListItemNumber(item=row, location=row.location) for row in rows)


COUNTED_ITEMS.bind(_read_counted, ROWS)


def read_of_list(node: MapNode, reader: Reader, also: Keys) -> ListNumber | None:
    """``{ratio: [a, b]}``."""
    fields = reader.fields(node, OF_LIST, also)
    if fields is None:
        return None
    head = _head_key(LIST_HEADS, node)
    items = fields.get(head) if head else None
    if head is None or not items:
        return None
    _check_pair(head.name, node, reader)
    return ListNumber(
        operation=cast("Operation", head.name),
        items=items,
        base=fields.get(BASE),
        options=number_options(fields),
        location=node.location,
    )


def _check_pair(operation: str, node: MapNode, reader: Reader) -> None:
    items = node.get(operation)
    if operation in _PAIRS and isinstance(items, ListNode) and len(items.items) != _TWO:
        message = f"{operation} takes two numbers, found {len(items.items)}."
        reader.error(items, "list-length", message, f"Write {operation}: [first, second].")
    if operation not in ("ratio", "growth") and (base := node.get(BASE.name)):
        reader.error(base, "key-unknown", "base belongs to ratio and growth.", "Leave it out.")
