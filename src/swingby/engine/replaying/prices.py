"""What benefits cost: a price for each, as whoever asks sets it, and the node that computes it for a partner."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from swingby.engine.assessing import Compiled, cells_of
from swingby.engine.nodes import Input, ListNode
from swingby.engine.place import NOWHERE, not_computed
from swingby.errors import SwingbyError
from swingby.program import Program
from swingby.program.blocks import BenefitValue, ByCase, Constant, Dated, Value, Window
from swingby.program.model import Benefit
from swingby.program.numbers import FactNumber

_MONTHS: Mapping[str, int] = {"month": 1, "quarter": 3, "half": 6, "year": 12}
_YEAR = 12


@dataclass(frozen=True, slots=True)
class Price:
    """What one whole of a benefit costs: an amount for each (a seat), or a measure of which it is a share (bookings)."""

    benefit: str
    of: Decimal | str

    @property
    def text(self) -> str:
        """As it is written."""
        return self.of if isinstance(self.of, str) else format(self.of, "f")


def check_prices(prices: Sequence[Price], sides: Sequence[Program]) -> None:
    """Refuse prices that cannot be used, all at once.

    Raises
    ------
    SwingbyError
        ``price-unusable`` with every reason.
    """
    found = list(dict.fromkeys(reason for price in prices for reason in _wrong(price, sides)))
    if prices and len({side.header.currency for side in sides}) > 1:
        found.append("the versions count in different currencies")
    if found:
        names = sorted({name for side in sides for name in side.benefits})
        raise SwingbyError(
            code="price-unusable",
            message=f"Benefits cannot be priced: {'; '.join(found)}.",
            hint=f"Price one of {', '.join(names)} by an amount or a measure." if names else "No version has benefits.",
        )


def _wrong(price: Price, sides: Sequence[Program]) -> Iterator[str]:
    having = [side for side in sides if price.benefit in side.benefits]
    if not having:
        yield f"there is no benefit {price.benefit}"
    for side in having:
        if not _is_number(side, side.benefits[price.benefit].value):
            yield f"{price.benefit} is a word in version {side.header.version}"
        if isinstance(price.of, str) and price.of not in side.measures:
            yield f"version {side.header.version} has no measure {price.of}"
        elif isinstance(price.of, str) and cells_of(side, price.of):
            yield f"the measure {price.of} has a result for each cell in version {side.header.version}"


def _is_number(program: Program, value: Value | None) -> bool:
    """Whether a value is never a word."""
    match value:
        case Constant():
            return isinstance(value.value, Decimal)
        case ByCase():
            return all(
                _is_number(program, part) for part in (*(case for _, case in value.cases), value.otherwise) if part
            )
        case Dated():
            parts = (value.initially, *(part for _, part in value.steps))
            return all(_is_number(program, part) for part in parts if part)
        case BenefitValue():
            return _is_number(program, program.benefits[value.benefit].value)
        case _:
            return True


def cost_nodes(compiled: Compiled, prices: Sequence[Price]) -> Mapping[str, Input]:
    """By benefit of a version the node of what it costs: its value times its price.

    Raises
    ------
    SwingbyError
        ``not-computed`` for a benefit that has a value for each cell.
    """
    benefits = compiled.program.benefits
    return {
        price.benefit: _node(compiled, benefits[price.benefit], price) for price in prices if price.benefit in benefits
    }


def _node(compiled: Compiled, benefit: Benefit, price: Price) -> Input:
    """The product of both as a number, which is incomplete where the measure is."""
    builder = compiled.builder
    value = builder.value_number(benefit.value, NOWHERE)
    if builder.graph.dims_of(value.node):
        not_computed("the cost of a benefit that has a value for each cell", benefit)
    whole = (
        builder.named_number(price.of, NOWHERE)
        if isinstance(price.of, str)
        else builder.value_number(Constant(value=price.of), NOWHERE)
    )
    return builder.graph.add(ListNode("product", (value, whole), (None, None)))


def is_yearly(price: Price, sides: Sequence[Program]) -> bool:
    """Whether a price counts a year: an amount for each does, a measure when its window is of twelve months."""
    if not isinstance(price.of, str):
        return True
    having = [side for side in sides if price.benefit in side.benefits]
    return all(_is_of_a_year(side, price.of) for side in having)


def _is_of_a_year(program: Program, measure: str) -> bool:
    number = program.measures[measure].number
    window = number.over if isinstance(number, FactNumber) else None
    return window is not None and _months(window) == _YEAR


def _months(window: Window) -> int | None:
    """How long a window is that always spans the same number of months."""
    if window.kind == "last" and window.length is not None:
        found = [count * _MONTHS.get(unit, 0) for count, unit in window.length.parts]
        return sum(found) if all(found) else None
    if window.kind == "previous" and window.unit is not None:
        return window.unit.count * _MONTHS.get(window.unit.unit, 0)
    return None
