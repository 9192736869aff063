"""What every form of number may add: cells, a cap, rounding and the value of an undefined result."""

from __future__ import annotations

from typing import Any, Final, Literal

from swingby.program.blocks import Rounding, Value
from swingby.program.numbers import NumberOptions
from swingby.program.reading.circles import QUANTITY
from swingby.program.reading.limits import CAP
from swingby.program.reading.nodes import Node, ScalarNode
from swingby.program.reading.reader import Fields, Reader
from swingby.program.reading.scalars import COLUMNS, NUMBER, choice
from swingby.program.reading.shapes import Construct, Key, Shape
from swingby.program.reading.shapes import Literal as LiteralForm

Keys = tuple[Key[Any], ...]

ROUND_TO: Final = Key("to", NUMBER, "the multiple to round to", required=True)
MODE: Final[Key[Literal["half_up", "half_even", "up", "down"]]] = Key(
    "mode",
    choice("a way to round", ("half_up", "half_even", "up", "down")),
    "half_up rounds half away from zero",
    default="half_up",
)
ROUNDING_MAP: Final = Construct("rounding", "Round to a multiple.", (ROUND_TO, MODE))
ROUNDING: Final[Shape[Rounding]] = Shape("a rounding")


def _read_rounding(node: Node, reader: Reader) -> Rounding | None:
    fields = reader.fields(node, ROUNDING_MAP)
    to = fields.get(ROUND_TO) if fields else None
    if fields is None or to is None:
        return None
    if to <= 0:
        reader.error(node, "number-shape", "A number is rounded to a multiple above 0.", "Write {to: 1}.")
        return None
    return Rounding(to=to, mode=fields.get(MODE) or "half_up", location=node.location)


ROUNDING.bind(_read_rounding, ROUNDING_MAP)

UNDEFINED_VALUE: Final[Shape[Value | None]] = Shape("a numeric value or none")
UNDEFINED_VALUE.bind(QUANTITY.read, LiteralForm("none", words=("none",)), QUANTITY)
BY: Final = Key("by", COLUMNS, "one value per cell of these columns", default="one value")
CAP_KEY: Final = Key("cap", CAP, "a limit, or several in order", default="none")
ROUND: Final = Key("round", ROUNDING, "round the result", default="not rounded")
UNDEFINED: Final = Key(
    "undefined", UNDEFINED_VALUE, "the value when the result is undefined; none keeps it undefined", default="none"
)
OPTION_KEYS: Final[Keys] = (BY, CAP_KEY, ROUND, UNDEFINED)


def number_options(fields: Fields) -> NumberOptions:
    node = fields.node.get(UNDEFINED.name)
    is_none = isinstance(node, ScalarNode) and node.text == "none"
    return NumberOptions(
        by=fields.get(BY) or (),
        cap=fields.get(CAP_KEY) or (),
        round=fields.get(ROUND),
        undefined=None if is_none else fields.get(UNDEFINED),
        undefined_is_none=is_none,
        location=fields.location,
    )
