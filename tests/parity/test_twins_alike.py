"""The Python twins of the house functions give the digits that the backends give, whatever the numbers."""

from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from swingby.engine.sql import Column, Connection, statement
from swingby.values import numbers

ROW = (Column("nth", "whole"), Column("a", "quantity"), Column("b", "quantity"), Column("c", "quantity"))

TEXT = """
SELECT r.a, r.b, r.c, ratio(r.a, r.b), ratio(r.a, r.b, 2, 'half_even'), ratio(r.a, r.b, 0, 'up'),
       ratio(r.a, r.b, 7, 'down'), multiply(r.a, r.b), round_to(r.a, r.b), round_to(r.a, r.c, 'half_even'),
       round_to(r.a, r.c, 'up'), round_to(r.a, r.b, 'down'), floor_units(r.a, r.b), comparable(r.a),
       whole(compare_ratio(r.a, r.b, r.c))
FROM {rows} AS r
ORDER BY r.nth
"""

# ratio of the largest to the smallest still fits: 10^12 / 10^-12 is 10^24
units = st.one_of(
    st.integers(-(10**24), 10**24), st.integers(-20, 20), st.integers(-(10**4), 10**4).map(lambda n: n * 10**11)
)
quantities = st.none() | units.map(lambda n: Decimal(n).scaleb(-12))
batches = st.lists(st.tuples(quantities, quantities, quantities), min_size=1, max_size=60)


def in_python(a: Decimal | None, b: Decimal | None, c: Decimal | None) -> tuple[object, ...]:
    """The row that `TEXT` gives, by the twins."""
    return (
        a,
        b,
        c,
        numbers.ratio(a, b),
        numbers.ratio(a, b, places=2, mode="half_even"),
        numbers.ratio(a, b, places=0, mode="up"),
        numbers.ratio(a, b, places=7, mode="down"),
        numbers.multiply(a, b),
        numbers.round_to(a, b),
        numbers.round_to(a, c, mode="half_even"),
        numbers.round_to(a, c, mode="up"),
        numbers.round_to(a, b, mode="down"),
        numbers.floor_units(a, b),
        None if a is None else numbers.comparable(a),
        numbers.compare_ratio(a, b, c),
    )


@pytest.mark.slow
def test_python_and_sql_compute_alike(connection: Connection) -> None:
    examples = 2 if connection.dialect == "spark" else 60

    @settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(batches)
    def check(batch: list[tuple[Decimal | None, Decimal | None, Decimal | None]]) -> None:
        connection.store("twins", ROW, [(nth, *row) for nth, row in enumerate(batch)])
        found = connection.rows(statement(TEXT, rows="twins"))
        assert found == [in_python(*row) for row in batch]

    check()


def test_awkward_numbers_in_columns_rather_than_written(connection: Connection) -> None:
    """Written numbers are folded while planning; the same must come out row by row."""
    rows = [("29", "100", "0.29"), ("15", "7", "0.5"), ("40", "6", "0.1"), ("0", "0", "0"), ("5", "0", "1")]
    batch = [tuple(Decimal(word) for word in row) for row in rows]
    connection.store("twins", ROW, [(nth, *row) for nth, row in enumerate(batch)])
    assert connection.rows(statement(TEXT, rows="twins")) == [in_python(*row) for row in batch]
