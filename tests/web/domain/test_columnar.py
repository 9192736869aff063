"""The copy holds what the database holds, after every step, and notices when it does not."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import duckdb
import pytest
from django.db import connection, transaction
from pytest_django.fixtures import Settings

from swingby.facts import FactSet
from swingby.program import Program
from swingby.web.domain.columnar import CopyError, bring_copy, copy_folder, open_copy, writing
from swingby.web.domain.facts import take_position
from swingby.web.domain.owner_facts import bring_facts
from swingby.web.domain.programs import loaded, version_in_force
from swingby.web.tenancy import act_for_owner
from tests.web.domain.reviewing import OWNER, PROGRAM, plan_reviewed

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def copies(settings: Settings, tmp_path: Path) -> None:
    settings.SWINGBY_COPY = str(tmp_path)


@contextmanager
def ledger() -> Iterator[Program]:
    """The small world's facts with three more, in a transaction that is undone."""
    with transaction.atomic():
        with act_for_owner(OWNER):
            for day in ("2026-01-10", "2026-01-11", "2026-01-12"):
                plan_reviewed("tarn", day)
            yield loaded(version_in_force(PROGRAM, on=date(2026, 3, 31)))
        transaction.set_rollback(True)


def _rows(facts: FactSet) -> dict[str, list[tuple[object, ...]]]:
    query = "SELECT table_name FROM duckdb_tables() WHERE regexp_matches(table_name, '^(fact|ref)_') ORDER BY 1"
    tables = {str(row[0]) for row in facts.connection.execute(query).fetchall()} - {"ref_positions"}
    return {table: sorted(facts.connection.execute(f"SELECT * FROM {table}").fetchall(), key=str) for table in tables}


def _agree(program: Program) -> int:
    """Whether copy and database give the same facts; returns how many rows that are."""
    copied, _ = open_copy(OWNER, program)
    with copied, bring_facts(OWNER, program) as brought:
        assert _rows(copied) == _rows(brought)
        assert copied.positions == brought.positions
        return sum(map(len, _rows(copied).values())) + copied.latest_position


def _reverse(fact: str) -> None:
    position = take_position(OWNER, batch=f"{fact} taken back")
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE fact_activities SET reversed_position = %s WHERE owner_org = %s AND fact_id = %s",
            [position, OWNER, fact],
        )
        assert cursor.rowcount == 1


def _files() -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in copy_folder(OWNER).glob("*.parquet")}


def test_what_came_since_is_added_and_what_stood_there_stays() -> None:
    with ledger() as program:
        first = bring_copy(OWNER)
        rows, files = _agree(program), _files()
        plan_reviewed("sedge", "2026-03-01")
        _reverse("plan-tarn-2026-01-10")
        second = bring_copy(OWNER)
        assert _agree(program) == rows + 3  # A fact and two positions.
        assert (first.mended, second.mended) == ((), ())
        assert second.manifest.position == first.manifest.position + 2
        added = _files().keys() - files.keys()
        assert sorted(name.rsplit(".", 2)[0] for name in added) == [
            f"fact_activities.{first.manifest.position + 1}-{second.manifest.position}",
            "fact_activities.reversals",
            f"ref_positions.{first.manifest.position + 1}-{second.manifest.position}",
        ]
        assert {name: _files()[name] for name in files} == files
        assert bring_copy(OWNER).manifest.files == second.manifest.files


def test_what_is_reversed_after_it_was_copied_is_known_at_the_position_of_the_copy() -> None:
    with ledger() as program:
        for day in ("2026-01-10", "2026-01-11", "2026-01-12"):
            bring_copy(OWNER)
            _reverse(f"plan-tarn-{day}")
        bring_copy(OWNER)
        _agree(program)
        facts, manifest = open_copy(OWNER, program)
        with facts:
            found = facts.connection.execute(
                "SELECT reversed_position FROM fact_activities WHERE fact_id LIKE 'plan-%' ORDER BY fact_id"
            ).fetchall()
        assert [row[0] for row in found] == [manifest.position - 2, manifest.position - 1, manifest.position]


def test_a_changed_reference_row_is_copied_anew() -> None:
    with ledger() as program:
        before = bring_copy(OWNER).manifest.files
        with connection.cursor() as cursor:
            cursor.execute("UPDATE ref_organizations SET region = 'elsewhere' WHERE owner_org = %s", [OWNER])
        brought = bring_copy(OWNER)
        _agree(program)
        assert brought.mended == ()
        assert {name.split(".")[0] for name in brought.manifest.files - before} == {"ref_organizations"}


@pytest.mark.parametrize("harm", ["lose", "break", "swap"])
def test_a_file_that_holds_something_else_is_noticed_and_written_anew(harm: str) -> None:
    with ledger() as program:
        bring_copy(OWNER)
        path = next(copy_folder(OWNER).glob("fact_activities.*"))
        if harm == "lose":
            path.unlink()
        elif harm == "break":
            path.write_bytes(path.read_bytes()[:-20])
        else:
            _swap(path)
        assert bring_copy(OWNER).mended == ("fact_activities",)
        _agree(program)


def _swap(path: Path) -> None:
    """The same number of rows, and one of them says another day."""
    with duckdb.connect() as duck:
        duck.execute(
            f"CREATE TABLE r AS SELECT * REPLACE (CASE WHEN fact_id = 'plan-tarn-2026-01-10' THEN DATE '2026-01-09'"
            f" ELSE happened_on END AS happened_on) FROM read_parquet('{path}')"
        )
        duck.execute(f"COPY r TO '{path}' (FORMAT parquet)")


def test_a_manifest_that_cannot_be_read_and_files_that_nobody_names_are_replaced() -> None:
    with ledger() as program:
        bring_copy(OWNER)
        folder = copy_folder(OWNER)
        (folder / "manifest.json").write_text("{half")
        (folder / "fact_activities.7-8.left.parquet").write_bytes(b"left by a crash")
        brought = bring_copy(OWNER)
        _agree(program)
        assert {path.name for path in folder.iterdir()} == {*brought.manifest.files, "manifest.json"}


def test_a_database_of_an_earlier_time_gets_a_copy_of_its_own() -> None:
    with ledger() as program:
        with transaction.atomic():
            plan_reviewed("tarn", "2026-02-01")
            bring_copy(OWNER)
            transaction.set_rollback(True)
        with act_for_owner(OWNER):
            plan_reviewed("tarn", "2026-02-02")
            bring_copy(OWNER)
            _agree(program)


def test_many_files_of_a_table_become_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "MOST_SEGMENTS", 3)
    with ledger() as program:
        counts = []
        for day in range(1, 6):
            plan_reviewed("tarn", f"2026-02-{day:02}")
            counts.append(len(bring_copy(OWNER).manifest.tables["fact_activities"].segments))
        assert counts == [1, 2, 3, 1, 2]
        _agree(program)


def test_a_copy_is_opened_only_in_its_owners_scope() -> None:
    with ledger() as program:
        bring_copy(OWNER)
        with act_for_owner("quay"), pytest.raises(CopyError, match="only in the scope of its owner"):
            open_copy(OWNER, program)
    with act_for_owner("quay"), pytest.raises(CopyError, match="no copy"):
        open_copy("quay", program)
