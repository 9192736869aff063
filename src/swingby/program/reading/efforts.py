"""Reading what a partner can do about a rule, and what it takes."""

from __future__ import annotations

from typing import Final

from swingby.program.model import Control, Effort
from swingby.program.reading.circles import QUANTITY
from swingby.program.reading.nodes import Node
from swingby.program.reading.reader import Reader
from swingby.program.reading.scalars import choice
from swingby.program.reading.shapes import Construct, Key, Shape

EFFORT: Final[Shape[Effort]] = Shape("an effort")
HOURS: Final = Key("hours", QUANTITY, "hours of work")
MONEY: Final = Key("money", QUANTITY, "money in the program's currency")
LEAD_DAYS: Final = Key("lead_days", QUANTITY, "days until it shows")
SEATS: Final = Key("seats", QUANTITY, "seats in a training that it takes")
EFFORT_MAP: Final = Construct(
    "effort",
    "What it takes a partner to move a number by one, or to do once what earns.",
    (HOURS, MONEY, LEAD_DAYS, SEATS),
)


def _read_effort(node: Node, reader: Reader) -> Effort | None:
    fields = reader.fields(node, EFFORT_MAP)
    if fields is None:
        return None
    return Effort(
        hours=fields.get(HOURS),
        money=fields.get(MONEY),
        lead_days=fields.get(LEAD_DAYS),
        seats=fields.get(SEATS),
        location=node.location,
    )


EFFORT.bind(_read_effort, EFFORT_MAP)
CONTROL: Final[Key[Control]] = Key(
    "control",
    choice("a degree of control", ("controllable", "influenced", "outcome")),
    "whether a partner can do it, can push it, or can only hope for it; paths propose the first only",
    default="not said",
)
EFFORT_KEY: Final = Key("effort", EFFORT, "what it takes a partner to move the number by one", default="not said")
EARNING_EFFORT: Final = Key("effort", EFFORT, "what it takes a partner to do once what earns", default="not said")
