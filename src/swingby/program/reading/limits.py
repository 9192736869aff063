"""Reading caps: limits that hold in all, per fact, per column or per period."""

from __future__ import annotations

from typing import Final

from swingby.program.blocks import PeriodUnit
from swingby.program.numbers import Cap
from swingby.program.reading import literals
from swingby.program.reading.circles import QUANTITY
from swingby.program.reading.nodes import ListNode, MapNode, Node, ScalarNode
from swingby.program.reading.reader import Fields, Reader
from swingby.program.reading.scalars import COLUMN, one_or_more, read_items
from swingby.program.reading.shapes import Construct, Key, ListOf, Shape
from swingby.program.reading.time import PERIOD

PER_ITEM: Final[Shape[str | PeriodUnit]] = Shape("fact, a column or a period")


def _read_per_item(node: Node, reader: Reader) -> str | PeriodUnit | None:
    if isinstance(node, ScalarNode) and (" " in node.text or literals.period(node.text)):
        return PERIOD.read(node, reader)
    return COLUMN.read(node, reader)


PER_ITEM.bind(_read_per_item, *PERIOD.forms, COLUMN)
AT_MOST: Final = Key("at_most", QUANTITY, "no more than this")
AT_LEAST: Final = Key("at_least", QUANTITY, "no less than this")
PER: Final = Key(
    "per",
    one_or_more(PER_ITEM, "fact, columns or periods"),
    "fact, columns, periods: a limit for each",
    default="over what is in force",
)
CAP_MAP: Final = Construct("cap", "A limit.", (AT_MOST, AT_LEAST, PER))
CAP: Final[Shape[tuple[Cap, ...]]] = Shape("a limit, or limits in order", "a number is short for {at_most: …}")
CAP_ITEM: Final[Shape[Cap]] = Shape("a limit")


def read_cap(node: Node, reader: Reader) -> tuple[Cap, ...] | None:
    """``30``, ``{at_most: 20, per: fiscal quarter}`` or a list of them."""
    if isinstance(node, ListNode):
        return read_items(node, reader, CAP_ITEM)
    found = CAP_ITEM.read(node, reader)
    return (found,) if found else None


def _read_item(node: Node, reader: Reader) -> Cap | None:
    if isinstance(node, MapNode) and {"at_most", "at_least", "per"}.intersection(node.names):
        fields = reader.fields(node, CAP_MAP)
        return _cap(fields) if fields else None
    most = QUANTITY.read(node, reader)
    return Cap(at_most=most, location=node.location) if most else None


def _cap(fields: Fields) -> Cap | None:
    if not (fields.has(AT_MOST) or fields.has(AT_LEAST)):
        fields.reader.error(fields.location, "key-missing", "A cap needs at_most or at_least.", 'Add "at_most:".')
        return None
    return Cap(
        at_most=fields.get(AT_MOST),
        at_least=fields.get(AT_LEAST),
        per=fields.get(PER) or (),
        location=fields.location,
    )


CAP_ITEM.bind(_read_item, QUANTITY, CAP_MAP)
CAP.bind(read_cap, CAP_ITEM, ListOf(CAP_ITEM))
