"""Named numbers of everybody's facts: every backend and the standing at once say what DuckDB says of all."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from swingby.engine import LiveEngine
from swingby.engine.assessing import compile_program
from swingby.engine.sql import Connection
from swingby.engine.sql.on_postgres import Postgres
from swingby.facts import from_rows
from tests.parity import test_live_alike as live
from tests.parity.alike import case, said_on
from tests.parity.conftest import SPARK
from tests.parity.in_driver import small
from tests.soundness.test_everybody import DAY, sold, sold_in_countries
from tests.soundness.worlds import World

DAYS = [date(2024, 5, 31), date.fromisoformat(DAY)]


@pytest.mark.parametrize(
    "connection",
    ["duckdb", "postgres-newest", "postgres-oldest", pytest.param("spark", marks=SPARK)],
    indirect=True,
    scope="session",
)
@pytest.mark.parametrize("made", [sold, sold_in_countries])
def test_every_backend_says_the_same(connection: Connection, made: Callable[[], World]) -> None:
    world = made()
    with world.facts() as facts:
        expected = case(compile_program(world.program), facts, DAYS)
    with small(connection) as quick:
        assert said_on(quick, expected) == expected.expected


@pytest.mark.parametrize("connection", ["postgres-newest", "postgres-oldest"], indirect=True, scope="session")
@pytest.mark.parametrize(
    ("made", "names"), [(sold, {"won_over", "part"}), (sold_in_countries, {"families", "countries"})]
)
def test_a_standing_at_once_reads_everybody_of_its_owner(
    connection: Connection, made: Callable[[], World], names: set[str]
) -> None:
    world = made()
    with from_rows(world.tables, world.program) as facts:
        one = live._world(LiveEngine(world.program), facts, DAYS, None)
    assert {name for name, number in one.expected[DAYS[1], "acme"].numbers.items() if number.value} > names
    with small(connection) as quick:
        assert isinstance(quick, Postgres)
        live.put(quick, one.tables)
        assert live._compare(quick, one) == len(DAYS) * 2
