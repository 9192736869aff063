"""The values that hold against a line, from a first to a last one, are those that hold after rounding at nine places."""

from __future__ import annotations

from collections.abc import Callable
from decimal import ROUND_HALF_UP, Context, Decimal

from hypothesis import example, given
from hypothesis import strategies as st

from swingby.engine.sql.values import checked
from swingby.engine.steps.narrow import bounds_of

HOLDS: dict[str, Callable[[Decimal, Decimal], bool]] = {
    "at_least": lambda value, line: value >= line,
    "above": lambda value, line: value > line,
    "at_most": lambda value, line: value <= line,
    "below": lambda value, line: value < line,
    "is": lambda value, line: value == line,
    "is_not": lambda value, line: value != line,
}
MOST = Decimal("99999999999999999999999999.999999999999")
LEAST = MOST.copy_negate()
WIDE = Context(prec=60)
#: Quantities of 12 places; those of few units stand next to each other, to zero and to halves.
QUANTITIES = st.one_of(
    st.integers(-3000, 3000), st.integers(-(10**15), 10**15), st.integers(1 - 10**38, 10**38 - 1)
).map(lambda units: Decimal(units).scaleb(-12, context=WIDE))
NEAR = st.integers(-1600, 1600).map(lambda units: Decimal(units).scaleb(-12))


def rounded(value: Decimal) -> Decimal:
    return value.quantize(Decimal("1e-9"), rounding=ROUND_HALF_UP, context=WIDE)


@given(line=QUANTITIES, step=NEAR)
@example(line=Decimal("0.000000001"), step=Decimal("-0.0000000005"))
@example(line=Decimal("-0.000000001"), step=Decimal("-0.0000000005"))
@example(line=MOST, step=Decimal(0))
@example(line=LEAST, step=Decimal(0))
def test_bounds_hold_what_rounding_holds(line: Decimal, step: Decimal) -> None:
    value = min(max(WIDE.add(line, step), LEAST), MOST)
    found = {}
    for test in HOLDS:
        low, high = bounds_of(test, line)
        assert {checked(low, "quantity"), checked(high, "quantity")} == {low, high}
        found[test] = (low <= value <= high) == (test != "is_not")
    assert found == {test: holds(rounded(value), line) for test, holds in HOLDS.items()}
