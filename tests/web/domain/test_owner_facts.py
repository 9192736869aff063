"""Facts brought from PostgreSQL give the standings that the files gave."""

from __future__ import annotations

from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from django.db import transaction

from swingby.engine import Standing, assess
from swingby.facts import FactSet, read_folder
from swingby.program import Program, load
from swingby.web.demo.facts import copy_facts
from swingby.web.domain.owner_facts import bring_facts
from swingby.web.tenancy import act_for_owner
from tests.web.demo.tiny import write_example

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def _rows(facts: FactSet) -> dict[str, list[tuple[object, ...]]]:
    tables = [row[0] for row in facts.connection.execute(
        "SELECT table_name FROM duckdb_tables() WHERE table_name LIKE 'fact\\_%' ESCAPE '\\'"
        " OR table_name LIKE 'ref\\_%' ESCAPE '\\' ORDER BY 1").fetchall() if row[0] != "ref_positions"]  # fmt: skip
    return {table: sorted(facts.connection.execute(f"SELECT * FROM {table}").fetchall(), key=str) for table in tables}


def _standings(program: Program, facts: FactSet) -> list[Standing]:
    with closing(assess(program, facts, as_of=date(2026, 3, 31))) as run:
        return sorted(run, key=lambda standing: standing.enrolment)


def test_facts_come_back_as_they_were_read(tmp_path: Path) -> None:
    folder = write_example(tmp_path)
    (folder / "activities.late.csv").write_text(
        "fact_id,organization,kind,happened_on,recorded_at,reverses\n"
        "late,tarnwick-labs,plan_reviewed,2026-03-01,2026-03-02T09:00:00Z,tarnwick-labs-0-a\n"
    )
    program = load(folder / "program").program
    assert program is not None
    with read_folder(folder, program) as facts, transaction.atomic():
        with act_for_owner("harbor-copy"):
            copy_facts(facts, program, owner="harbor-copy")
            with bring_facts("harbor-copy", program) as brought:
                assert _rows(brought) == _rows(facts)
                assert (brought.coverage, brought.positions) == (facts.coverage, facts.positions)
                assert _standings(program, brought) == _standings(program, facts)
        with act_for_owner("quay"), bring_facts("harbor-copy", program) as foreign:
            assert {table: len(rows) for table, rows in _rows(foreign).items() if rows} == {}
            assert foreign.positions == ()
        transaction.set_rollback(True)
