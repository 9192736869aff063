"""Deliveries beside what is known: events and snapshots, the same twice, vanished rows, a guard, corrections."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from swingby.facts import Change, FactSet, GuardError, Proposal, propose, read_folder, write_batch
from swingby.facts.mapping import Mode
from tests.facts.programs import program

HEADER = "fact_id,happened_on,organization,kind,quantity,source,reverses\n"
Load = Callable[..., Change]


class House:
    """A folder of facts to which deliveries are loaded, an hour after one another."""

    def __init__(self, folder: Path) -> None:
        self.facts = folder / "facts"
        self.facts.mkdir()
        self.folder, self.loads = folder, 0

    def load(self, mode: Mode, rows: str, *, most: str = "1", since: date | None = None) -> Change:
        self.loads += 1
        delivery = self.folder / f"delivery{self.loads}"
        delivery.mkdir()
        (delivery / "activities.csv").write_text(HEADER + rows)
        with (
            read_folder(self.facts, program(), keep_names=True) as known,
            read_folder(delivery, program(), known=known) as incoming,
        ):
            proposal = propose(incoming, program(), mode=mode, since=since)
            proposal.guard(Decimal(most))
            self.write(proposal)
            return proposal.changes[0]

    def write(self, proposal: Proposal) -> None:
        moment = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=self.loads)
        if not proposal.changes_nothing:
            write_batch(proposal, self.facts, recorded_at=moment)

    def read(self) -> FactSet:
        found = read_folder(self.facts, program())
        assert found.issues == ()
        return found

    def stands(self, columns: str = "fact_id, quantity", *, known_at: int | None = None) -> list[tuple[Any, ...]]:
        with self.read() as facts:
            position = facts.latest_position if known_at is None else known_at
            query = (
                f"SELECT {columns} FROM fact_activities WHERE position <= $1"
                " AND (reversed_position IS NULL OR reversed_position > $1) ORDER BY fact_id"
            )
            return [tuple(map(str, row)) for row in facts.connection.execute(query, [position]).fetchall()]


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path)


def row(fact: str, quantity: int | str = 1, *, day: str = "2025-03-10", source: str = "lms", reverses: str = "") -> str:
    return f"{fact},{day},pine,visit,{quantity},{source},{reverses}\n"


def counts(change: Change) -> tuple[int, int, int, int, int]:
    return (change.new, change.changed, change.same, change.vanished, change.withdrawn)


@pytest.mark.parametrize("mode", ["events", "snapshot"])
def test_the_same_delivery_twice_changes_nothing(house: House, mode: Mode) -> None:
    rows = row("a1") + row("a2", 2) + ",2025-03-11,pine,visit,1,lms,\n" * 2
    assert counts(house.load(mode, rows)) == (4, 0, 0, 0, 0)
    before = sorted(path.name for path in house.facts.iterdir())
    assert counts(house.load(mode, rows)) == (0, 0, 4, 0, 0)
    assert sorted(path.name for path in house.facts.iterdir()) == before
    assert len(house.stands()) == 4


def test_a_snapshot_reverses_what_vanished_and_keeps_the_past(house: House) -> None:
    house.load("snapshot", row("a1") + row("a2", 2) + row("a3", 3))
    assert counts(house.load("snapshot", row("a1", 9) + row("a3", 3))) == (0, 1, 1, 1, 0)
    assert house.stands() == [("a1~2", "9.00000000"), ("a3", "3.00000000")]
    assert house.stands("fact_id", known_at=1) == [("a1",), ("a2",), ("a3",)]


def test_what_vanished_may_come_back_in_a_snapshot(house: House) -> None:
    house.load("snapshot", row("a1") + row("a2"))
    assert counts(house.load("snapshot", row("a2"))) == (0, 0, 1, 1, 0)
    assert counts(house.load("snapshot", row("a1") + row("a2"))) == (1, 0, 1, 0, 0)
    assert counts(house.load("snapshot", row("a1") + row("a2"))) == (0, 0, 2, 0, 0)
    assert counts(house.load("snapshot", row("a1", 5) + row("a2"))) == (0, 1, 1, 0, 0)
    assert counts(house.load("snapshot", row("a2"))) == (0, 0, 1, 1, 0)
    assert counts(house.load("snapshot", row("a1") + row("a2"))) == (1, 0, 1, 0, 0)
    assert [fact for fact, _ in house.stands()] == ["a1~4", "a2"]


def test_events_that_are_left_out_still_hold(house: House) -> None:
    house.load("events", row("a1") + row("a2"))
    assert counts(house.load("events", row("a3"))) == (1, 0, 0, 0, 0)
    assert [fact for fact, _ in house.stands()] == ["a1", "a2", "a3"]


def test_an_old_export_of_events_does_not_undo_what_came_after(house: House) -> None:
    old = row("a1", 1) + row("a2", 1) + row("a3", 1)
    house.load("events", old)
    assert counts(house.load("events", row("a1", 2))) == (0, 1, 0, 0, 0)
    assert counts(house.load("events", row("b1", 3, reverses="a2"))) == (0, 1, 0, 0, 0)
    assert counts(house.load("events", ",,,,,lms,a3\n")) == (0, 0, 0, 0, 1)
    assert counts(house.load("events", old)) == (0, 0, 3, 0, 0)
    assert house.stands() == [("a1~2", "2.00000000"), ("b1", "3.00000000")]


def test_corrections_and_withdrawals_are_loaded_once(house: House) -> None:
    house.load("events", row("a1") + row("a2"))
    corrections = row("b1", 3, reverses="a1") + ",,,,,lms,a2\n"
    assert counts(house.load("events", corrections)) == (0, 1, 0, 0, 1)
    assert counts(house.load("events", corrections)) == (0, 0, 1, 0, 0)
    assert house.stands("fact_id, root_id, quantity") == [("b1", "a1", "3.00000000")]


def test_sources_do_not_take_each_other_away(house: House) -> None:
    house.load("snapshot", row("1", source="lms") + row("2", source="lms"))
    assert counts(house.load("snapshot", row("1", source="crm"))) == (1, 0, 0, 0, 0)
    assert counts(house.load("snapshot", row("1", source="lms"))) == (0, 0, 1, 1, 0)
    assert counts(house.load("snapshot", row("1", 7, source="crm"))) == (0, 1, 0, 0, 0)
    assert house.stands("source, quantity") == [("crm", "7.00000000"), ("lms", "1.00000000")]


def test_a_snapshot_that_would_reverse_too_much_is_stopped(house: House) -> None:
    house.load("snapshot", "".join(row(f"a{number}") for number in range(50)))
    with pytest.raises(GuardError) as stopped:
        house.load("snapshot", "".join(row(f"a{number}") for number in range(31)), most="0.1")
    assert stopped.value.message == (
        "The delivery would reverse 38 % of activities (19 vanished and 0 changed of 50). Nothing was written."
    )
    with pytest.raises(GuardError):
        house.load("snapshot", "".join(row(f"a{number}", 2) for number in range(50)), most="0.1")
    assert len(house.stands()) == 50
    house.load("snapshot", "".join(row(f"a{number}") for number in range(31)), most="0.38")
    assert len(house.stands()) == 31


def test_events_are_never_stopped(house: House) -> None:
    house.load("events", row("a1"))
    assert counts(house.load("events", row("a1", 2), most="0")) == (0, 1, 0, 0, 0)


def test_a_snapshot_says_nothing_about_days_that_it_does_not_hold(house: House) -> None:
    house.load("snapshot", row("a1", day="2024-03-01") + row("a2"))
    assert counts(house.load("snapshot", row("a3"), since=date(2025, 1, 1))) == (1, 0, 0, 1, 0)
    assert [fact for fact, _ in house.stands()] == ["a1", "a3"]


def test_a_bad_row_is_not_a_vanished_one(house: House) -> None:
    house.load("snapshot", row("a1") + row("a2") + row("a3"))
    assert counts(house.load("snapshot", row("a1") + row("a2", "many"))) == (0, 0, 1, 1, 0)
    assert [fact for fact, _ in house.stands()] == ["a1", "a2"]


@pytest.mark.parametrize("bad", ["a2,2025-03-10,pine\n", ",2025-02-30,pine,visit,1,lms,\n"])
def test_a_row_that_nobody_can_name_takes_nothing_away(house: House, bad: str) -> None:
    house.load("snapshot", row("a1") + row("a2") + row("a3"))
    change = house.load("snapshot", row("a1", 5) + bad)
    assert (counts(change), change.unsure) == ((0, 1, 0, 0, 0), True)
    assert [fact for fact, _ in house.stands()] == ["a1~2", "a2", "a3"]


def test_other_spelling_is_no_change(house: House) -> None:
    house.load("snapshot", row("a1", "2.50"))
    assert counts(house.load("snapshot", row("a1", "2.5"))) == (0, 0, 1, 0, 0)


def test_what_is_known_completes_and_names_a_delivery(house: House) -> None:
    (house.facts / "organizations.csv").write_text("organization,name\no1,Pine\no2,Oak\n")
    (house.facts / "people.csv").write_text("person\np1\n")
    (house.facts / "mails.csv").write_text("mail,person\nola@pine.example,p1\n")
    (house.facts / "credential_types.csv").write_text("code,level\nx1,advanced\n")
    delivery = house.folder / "lms"
    delivery.mkdir()
    (delivery / "credentials.csv").write_text("fact_id,person,code,starts_on\nc1,ola@pine.example,x1,2025-01-01\n")
    (delivery / "organizations.csv").write_text("organization,name\no2,Oak Ltd\no3,Fir\n")
    for expected in ((1, 0, 0, 0, 0), (0, 0, 1, 0, 0)):
        house.loads += 1
        with (
            read_folder(house.facts, program(), keep_names=True) as known,
            read_folder(delivery, program(), known=known) as incoming,
        ):
            assert incoming.issues == ()
            proposal = propose(incoming, program(), mode="snapshot")
            assert counts(proposal.changes[0]) == expected
            assert proposal.references == {"organizations": (int(expected[0] == 1), 1)}
            house.write(proposal)
    with house.read() as facts:
        query = "SELECT person, level FROM fact_credentials WHERE reversed_position IS NULL"
        assert facts.connection.execute(query).fetchall() == [("p1", "advanced")]
        names = facts.connection.execute("SELECT name FROM ref_organizations ORDER BY 1").fetchall()
        assert [name for (name,) in names] == ["Fir", "Oak", "Pine"]


def test_a_header_alone_is_a_snapshot_of_nothing(house: House) -> None:
    house.load("snapshot", ",2025-03-11,pine,visit,1,,\n")
    delivery = house.folder / "empty"
    delivery.mkdir()
    (delivery / "activities.csv").write_text("fact_id,happened_on,organization,kind\n")
    with (
        read_folder(house.facts, program(), keep_names=True) as known,
        read_folder(delivery, program(), known=known) as incoming,
        pytest.raises(GuardError, match="100 % of activities"),
    ):
        propose(incoming, program(), mode="snapshot").guard()


def test_a_first_load_may_keep_its_times(house: House) -> None:
    delivery = house.folder / "first"
    delivery.mkdir()
    (delivery / "activities.csv").write_text(
        "fact_id,happened_on,organization,kind,recorded_at\na1,2025-03-10,p,v,2025-03-12T08:00:00Z\na2,2025-03-10,p,v,\n"
    )
    with (
        read_folder(house.facts, program(), keep_names=True) as known,
        read_folder(delivery, program(), known=known) as incoming,
    ):
        proposal = propose(incoming, program())
        write_batch(proposal, house.facts, recorded_at=datetime(2026, 1, 1, tzinfo=UTC), as_written=True)
    with house.read() as facts:
        assert [str(each.recorded_at) for each in facts.positions] == [
            "2025-03-11 00:00:00+00:00",
            "2025-03-12 08:00:00+00:00",
        ]
