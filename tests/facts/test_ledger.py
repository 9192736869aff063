"""A row that commits late is never lost, and a replay at the same position sees the same facts.

Each promise is first shown broken with ids and with time stamps, by the same two writers.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from swingby.facts.ledger import latest_position, next_position, position_at
from swingby.facts.postgres import table_statements
from swingby.program.kinds import FACT_KINDS

pytestmark = pytest.mark.slow

OWNER = "orion"
Write = Callable[[psycopg.Connection, str], None]

NAIVE = """
CREATE TABLE naive_facts (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    fact_id text NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT now()
)"""


@pytest.fixture
def address(database: str) -> str:
    with psycopg.connect(database) as connection:
        for statement in [*table_statements({"activities": FACT_KINDS["activities"]}, {}), NAIVE]:
            connection.execute(statement)
    return database


@contextmanager
def opened(address: str) -> Iterator[psycopg.Connection]:
    with psycopg.connect(address) as connection:
        yield connection


def write_naively(connection: psycopg.Connection, fact: str) -> None:
    connection.execute("INSERT INTO naive_facts (fact_id) VALUES (%s)", [fact])


def write_at_next_position(connection: psycopg.Connection, fact: str) -> None:
    position = next_position(connection, owner=OWNER)
    connection.execute(
        "INSERT INTO fact_activities (fact_id, owner_org, position, happened_on, organization, kind)"
        " VALUES (%s, %s, %s, '2025-01-01', 'pine', 'visit')",
        [fact, OWNER, position],
    )


class Tail:
    """A reader that takes what is new since the last thing it saw."""

    def __init__(self, address: str, table: str, column: str, start: object) -> None:
        self.address, self.table, self.column, self.seen_up_to = address, table, column, start
        self.facts: list[str] = []

    def read(self) -> None:
        query = f"SELECT fact_id, {self.column} FROM {self.table} WHERE {self.column} > %s ORDER BY {self.column}"
        with opened(self.address) as connection:
            for fact, place in connection.execute(query, [self.seen_up_to]).fetchall():
                self.facts.append(fact)
                self.seen_up_to = place


def late_commit(address: str, write: Write, between: Callable[[], None]) -> None:
    """The first writer starts first and commits last; ``between`` runs when the second one has committed or waits."""
    with opened(address) as first, opened(address) as second:
        write(first, "early")
        other = threading.Thread(target=_write_and_commit, args=(second, write))
        other.start()
        other.join(timeout=0.5)
        between()
        first.commit()
        other.join(timeout=10)
        assert not other.is_alive()


def _write_and_commit(connection: psycopg.Connection, write: Write) -> None:
    write(connection, "late")
    connection.commit()


@pytest.mark.parametrize(
    ("column", "start"), [("id", 0), ("recorded_at", datetime(2000, 1, 1, tzinfo=UTC))], ids=["id", "time"]
)
def test_reading_by_id_or_time_loses_the_row_that_commits_late(address: str, column: str, start: object) -> None:
    tail = Tail(address, "naive_facts", column, start)
    late_commit(address, write_naively, between=tail.read)
    tail.read()
    assert tail.facts == ["late"]


def test_reading_by_position_loses_nothing(address: str) -> None:
    tail = Tail(address, "fact_activities", "position", 0)
    late_commit(address, write_at_next_position, between=tail.read)
    tail.read()
    assert tail.facts == ["early", "late"]


def test_replay_by_time_sees_other_facts_than_the_decision_saw(address: str) -> None:
    counted: list[object] = []

    def decide() -> None:
        with opened(address) as connection:
            counted.extend(connection.execute("SELECT count(*), max(recorded_at) FROM naive_facts").fetchone() or ())

    late_commit(address, write_naively, between=decide)
    with opened(address) as connection:
        query = "SELECT count(*) FROM naive_facts WHERE recorded_at <= %s"
        replayed = (connection.execute(query, [counted[1]]).fetchone() or (None,))[0]
    assert (counted[0], replayed) == (1, 2)


def test_replay_at_a_position_sees_the_same_facts(address: str) -> None:
    query = "SELECT fact_id FROM fact_activities WHERE position <= %s ORDER BY position"
    decided: list[tuple[int, list[str]]] = []

    def decide() -> None:
        with opened(address) as connection:
            known_at = latest_position(connection, owner=OWNER)
            decided.append((known_at, [fact for (fact,) in connection.execute(query, [known_at]).fetchall()]))

    decide()
    late_commit(address, write_at_next_position, between=decide)
    decide()
    with opened(address) as connection:
        for known_at, facts in decided:
            assert [fact for (fact,) in connection.execute(query, [known_at]).fetchall()] == facts
    assert decided == [(0, []), (0, []), (2, ["early", "late"])]


def test_a_rollback_leaves_no_gap(address: str) -> None:
    with opened(address) as connection:
        assert next_position(connection, owner=OWNER) == 1
        connection.rollback()
        assert next_position(connection, owner=OWNER, batch="file a") == 1
        assert next_position(connection, owner=OWNER) == 2
        connection.commit()
        assert latest_position(connection, owner=OWNER) == 2


def test_owners_do_not_wait_for_each_other(address: str) -> None:
    with opened(address) as first, opened(address) as second:
        assert next_position(first, owner=OWNER) == 1
        second.execute("SET lock_timeout = '2s'")
        assert next_position(second, owner="vega") == 1


def test_many_writers_leave_one_row_of_positions(address: str) -> None:
    def write_some() -> None:
        with opened(address) as connection:
            for _ in range(20):
                next_position(connection, owner=OWNER)
                connection.commit()

    threads = [threading.Thread(target=write_some) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with opened(address) as connection:
        query = "SELECT position FROM ref_positions WHERE owner_org = %s ORDER BY recorded_at, position"
        found = [position for (position,) in connection.execute(query, [OWNER]).fetchall()]
    assert found == list(range(1, 81))


def test_a_time_becomes_the_position_recorded_by_then(address: str) -> None:
    with opened(address) as connection:
        for _ in range(2):
            next_position(connection, owner=OWNER)
        connection.commit()
        times = connection.execute("SELECT recorded_at FROM ref_positions ORDER BY position").fetchall()
        found = [position_at(connection, owner=OWNER, moment=moment) for (moment,) in times]
        before = position_at(connection, owner=OWNER, moment=times[0][0] - timedelta(seconds=1))
    assert (before, found) == (0, [1, 2])
