"""Row-level security against the catalogue: each table, each scope, each verb."""

from __future__ import annotations

import inspect
from collections.abc import Iterator

import psycopg
import pytest
from procrastinate.tasks import Task

from swingby.web.policies import EXCEPTIONS
from swingby.web.server import Database
from swingby.web.tenancy import Scope
from tests.permissions.expectations import EXPECTED, Tables
from tests.permissions.isolation import SCOPES, Connection, catalogue_tables, isolation_breaks, read_all, scoped


@pytest.fixture(scope="module")
def app(database: Database) -> Iterator[Connection]:
    with psycopg.connect(database.url("app"), autocommit=True) as connection:
        yield connection


@pytest.fixture(scope="module")
def backup(database: Database) -> Iterator[Connection]:
    with psycopg.connect(database.url("backup"), autocommit=True) as connection:
        yield connection


@pytest.fixture(scope="module")
def everything(backup: Connection) -> Tables:
    return read_all(backup, EXPECTED)


def test_every_table_is_expected_or_excepted(backup: Connection) -> None:
    known = set(EXPECTED) | set(EXCEPTIONS)

    assert set(catalogue_tables(backup)) == known
    assert set(EXPECTED).isdisjoint(EXCEPTIONS)


def test_every_exception_has_a_reason() -> None:
    assert [table for table, reason in EXCEPTIONS.items() if not reason.endswith(".")] == []


def test_every_tenant_table_forces_policies_on_its_owner_too(backup: Connection) -> None:
    forced = {
        row[0]
        for row in backup.execute(
            "SELECT relname::text FROM pg_class WHERE relnamespace = 'public'::regnamespace"
            " AND relrowsecurity AND relforcerowsecurity"
            " AND EXISTS (SELECT 1 FROM pg_policy WHERE polrelid = pg_class.oid)"
        )
    }

    assert forced == set(EXPECTED)


def test_every_tenant_table_holds_rows_that_could_leak(everything: Tables) -> None:
    # Study groups, languages, stakes, aftermaths, who told a story and codes of vouchers are the partners' own.
    vendor, partner = (SCOPES[name] or Scope() for name in ("a vendor's person", "a partner's person"))
    own = ("study_", "spoken_", "program_stakes", "kept_aftermaths", "story_", "voucher_codes")
    scopes = {table: partner if table.startswith(own) else vendor for table in everything}
    poor = [
        table
        for table, rows in everything.items()
        if len({EXPECTED[table].sees(row, scopes[table], everything) for row in rows}) != 2
    ]

    assert poor == []


@pytest.mark.parametrize("table", sorted(EXPECTED))
def test_each_scope_sees_and_writes_exactly_its_rows(app: Connection, everything: Tables, table: str) -> None:
    assert isolation_breaks(app, everything, tables=[table]) == []


def test_the_owner_of_the_tables_sees_nothing_without_a_scope(database: Database) -> None:
    with psycopg.connect(database.url("owner"), autocommit=True) as owner:
        counts = {table: _count(owner, table) for table in EXPECTED}

    assert counts == dict.fromkeys(EXPECTED, 0)


@pytest.mark.parametrize("role", ["app", "owner"])
def test_no_role_of_the_application_steps_around_policies(backup: Connection, role: str) -> None:
    row = backup.execute(
        "SELECT rolsuper, rolbypassrls, rolcreaterole FROM pg_roles WHERE rolname = %s", [f"swingby_{role}"]
    ).fetchone()

    assert row == (False, False, False)


def test_the_application_is_member_of_no_other_role(backup: Connection) -> None:
    row = backup.execute(
        "SELECT count(*) FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.member WHERE r.rolname = 'swingby_app'"
    ).fetchone()

    assert row == (0,)


def test_every_view_asks_as_the_one_who_reads(backup: Connection) -> None:
    rows = backup.execute(
        "SELECT relname::text FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'v'"
        " AND NOT coalesce(reloptions @> ARRAY['security_invoker=true'], false)"
    ).fetchall()

    assert rows == []


def test_there_is_no_materialised_view(backup: Connection) -> None:
    rows = backup.execute("SELECT relname::text FROM pg_class WHERE relkind = 'm'").fetchall()

    assert rows == []


def test_no_function_runs_with_rights_of_somebody_else(backup: Connection) -> None:
    rows = backup.execute(
        "SELECT proname::text FROM pg_proc WHERE prosecdef AND pronamespace = 'public'::regnamespace"
    ).fetchall()

    assert rows == []


@pytest.mark.parametrize("table", sorted(EXPECTED))
def test_copying_out_shows_what_reading_shows(app: Connection, everything: Tables, table: str) -> None:
    scope = SCOPES["a partner of two vendors"]
    assert scope is not None
    expected = [row for row in everything[table] if EXPECTED[table].sees(row, scope, everything)]
    with scoped(app, scope), app.cursor() as cursor, cursor.copy(f"COPY {table} TO STDOUT") as copied:
        lines = list(copied.rows())

    assert len(lines) == len(expected)


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE VIEW leak AS SELECT * FROM notes",
        "CREATE MATERIALIZED VIEW leak AS SELECT * FROM notes",
        "CREATE TABLE leak AS SELECT * FROM notes",
        "CREATE FUNCTION leak() RETURNS bigint LANGUAGE sql SECURITY DEFINER AS 'SELECT count(*) FROM notes'",
        "ALTER TABLE notes DISABLE ROW LEVEL SECURITY",
        "DROP POLICY notes_select ON notes",
        "TRUNCATE notes",
        "SET ROLE swingby_owner",
    ],
)
def test_the_application_cannot_make_a_hole_itself(app: Connection, statement: str) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        app.execute(statement)


def test_a_setting_ends_with_its_transaction(app: Connection, everything: Tables) -> None:
    with scoped(app, SCOPES["a vendor"]):
        assert _count(app, "enrolments") == 3

    assert _count(app, "enrolments") == 0


def test_jobs_carry_keys_only() -> None:
    from swingby.web.jobs import tasks

    own = [task for task in vars(tasks).values() if isinstance(task, Task)]
    arguments = {task.name: sorted(inspect.signature(task.func).parameters) for task in own}

    assert arguments == {
        "assess_enrolment": ["enrolment", "owner", "position"],
        "assess_many": ["enrolments", "owner", "position"],
        "make_effective": ["owner", "proposed"],
        "open_reviews": ["owner", "program"],
        "end_notice": ["line", "owner"],
        "replay_review": ["owner", "review"],
        "run_night": ["owner"],
        "refresh_needs": ["owner"],
        "count_coverage": ["owner"],
        "remind_learners": ["owner"],
        "begin_new_day": ["owner"],
        "handle_upload": ["act", "owner", "upload"],
        "reassess_touched": ["owner", "upload"],
        "refresh_outlook": ["enrolment", "owner"],
        "refresh_outlooks": ["enrolments", "owner"],
        "find_prospect": ["enrolment", "owner"],
        "retry_stalled_jobs": ["context", "timestamp"],
        "compare_version": ["comparison", "owner"],
        "compute_card": ["card", "owner"],
        "draw_experiment": ["experiment", "owner"],
        "work_out_aftermath": ["aftermath", "organization"],
        "send_mail": ["mail", "organization"],
        "send_digest": ["day", "owner", "person"],
        "tell_many": ["key", "owner", "what"],
    }


def _count(connection: Connection, table: str) -> int:
    row = connection.execute(f"SELECT count(*) FROM {table}").fetchone()
    assert row is not None
    return int(row[0])
