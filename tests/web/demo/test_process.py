"""The step that loads the example, as the supervisor runs it: in a process of its own, in no transaction of a test."""

from __future__ import annotations

import subprocess
import time
from pathlib import Path

import psycopg
import pytest

from swingby.generation.firm import company_file, generate_firm, read_firm
from swingby.web.server import Database
from tests.web.demo.tiny import write_example
from tests.web.site import own_database, process, run

pytestmark = pytest.mark.slow


def test_the_example_company_and_its_firm_are_loaded(tmp_path: Path) -> None:
    (tmp_path / "company").mkdir()
    generate_firm(tmp_path / "firm", company_file("thornquay"))
    logins = tmp_path / "logins.txt"
    with own_database() as database:
        folders = [str(each) for each in (write_example(tmp_path / "company"), logins, tmp_path / "firm")]
        run(database, "app", "-m", "swingby.web.server.demonstration", *folders)

    assert "noor" in logins.read_text(encoding="utf-8").lower()


@pytest.mark.kill
def test_a_firm_whose_loading_was_killed_in_the_middle_is_whole_after_the_next_start(tmp_path: Path) -> None:
    (tmp_path / "company").mkdir()
    generate_firm(tmp_path / "firm", company_file("thornquay"))
    step = [str(each) for each in (write_example(tmp_path / "company"), tmp_path / "logins.txt", tmp_path / "firm")]
    with own_database() as database:
        arguments = ("-m", "swingby.web.server.demonstration", *step)
        with process(database, *arguments) as started:
            _wait_for(database, "harborline", started)
            time.sleep(0.5)
            started.kill()
            started.wait()
        run(database, "app", *arguments)
        counts = _counts(database, read_firm(company_file("thornquay")).key)

    assert min(counts.values()) > 0, counts
    assert counts["enrolments"] == counts["program_stakes"]


def _wait_for(database: Database, owner: str, started: subprocess.Popen[bytes]) -> None:
    """Until the vendor is there, which comes in one piece: the firm is next."""
    until = time.monotonic() + 240
    with psycopg.connect(database.url("backup"), autocommit=True) as connection:
        while not _number(connection, "SELECT count(*) FROM programs WHERE id = %s", owner):
            assert started.poll() is None
            assert time.monotonic() < until
            time.sleep(0.05)


def _counts(database: Database, firm: str) -> dict[str, int]:
    with psycopg.connect(database.url("backup"), autocommit=True) as connection:
        return {
            table: _number(connection, f"SELECT count(*) FROM {table} WHERE {column} = %s", firm)
            for table, column in OF_THE_FIRM.items()
        }


def _number(connection: psycopg.Connection[tuple[int]], query: str, value: str) -> int:
    found = connection.execute(query, [value]).fetchone()
    return int(found[0]) if found else 0


#: Table -> the column that names the firm: what comes first, in the middle and at the end of the loading.
OF_THE_FIRM = {
    "learners": "organization",
    "board_choices": "organization",
    "study_circles": "organization",
    "program_stakes": "organization",
    "enrolments": "partner_org",
}
