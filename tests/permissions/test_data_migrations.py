"""A data migration sees every tenant's rows on purpose, counts them, and leaves the protection as it was."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from importlib import import_module

import pytest
from django.db import connections, transaction
from pytest_django import DjangoDbBlocker

from swingby.web.data_migration import RowsMissedError, change_rows, seeing_all
from swingby.web.server import Database
from swingby.web.settings import _database


@pytest.fixture
def owner(database: Database, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    connections.databases["owner"] = deepcopy(connections["default"].settings_dict) | _database(database.url("owner"))
    with django_db_blocker.unblock():
        yield "owner"
        connections["owner"].close()
    del connections.databases["owner"]


def test_a_plain_update_by_the_owner_touches_nothing(owner: str) -> None:
    with connections[owner].cursor() as cursor:
        cursor.execute("UPDATE notes SET text = 'changed'")

        assert cursor.rowcount == 0


def test_a_counted_change_touches_the_rows_of_all_tenants_and_puts_protection_back(owner: str) -> None:
    with transaction.atomic(using=owner), connections[owner].schema_editor() as editor:
        changed = change_rows(
            editor, table="notes", assign="text = 'changed'", where="audience = %s", values=["shared"]
        )
        with connections[owner].cursor() as cursor:
            cursor.execute("SELECT relforcerowsecurity FROM pg_class WHERE relname = 'notes'")
            forced = cursor.fetchone()
        transaction.set_rollback(True, using=owner)

    assert changed == 10
    assert forced == (True,)


#: Columns of the portfolio that there were none of when its rows were filled.
LATER = {"rhythms": "'[]'", "missed_running": "0", "busy_before": "0", "tier_before": "''"}


def test_everybody_who_is_enrolled_already_gets_a_row_of_the_portfolio(owner: str) -> None:
    fill = import_module("swingby.web.migrations.0050_portfolio").fill_rows
    with transaction.atomic(using=owner), connections[owner].schema_editor() as editor:
        with seeing_all(editor, table="portfolio_rows") as cursor:
            cursor.execute("DROP POLICY portfolio_rows_select ON portfolio_rows")
            cursor.execute("CREATE POLICY all_rows ON portfolio_rows USING (true)")
            cursor.execute("DELETE FROM portfolio_rows")
            for column, value in LATER.items():
                cursor.execute(f"ALTER TABLE portfolio_rows ALTER {column} SET DEFAULT {value}")
            fill(editor)
            cursor.execute(
                "SELECT enrolment, name, tier, tier_rank FROM portfolio_rows WHERE owner_org = 'harbor' ORDER BY 1"
            )
            rows = cursor.fetchall()
        transaction.set_rollback(True, using=owner)

    assert rows == [
        ("harbor-program-sedge", "Sedge Example", "Member", 0),
        ("harbor-program-sedge-north", "Sedge-north Example", "Member", 0),
        ("harbor-program-tarn", "Tarn Example", "Member", 0),
    ]


def test_protection_is_not_lifted_outside_a_transaction(owner: str) -> None:
    editor = connections[owner].SchemaEditorClass(connections[owner], atomic=False)
    with pytest.raises(RowsMissedError), seeing_all(editor, table="notes"):
        pass


def test_what_was_said_in_wishes_for_study_groups_is_what_people_speak(owner: str) -> None:
    take_over = import_module("swingby.web.migrations.0222_languages_of_wishes").take_over
    with transaction.atomic(using=owner), connections[owner].schema_editor() as editor:
        with seeing_all(editor, table="spoken_languages") as cursor:
            cursor.execute("ALTER TABLE study_wishes ADD languages text[] NOT NULL DEFAULT '{en,fr}'")
            cursor.execute("DELETE FROM spoken_languages")
            take_over(None, editor)
            cursor.execute("SELECT organization, person, languages, is_shown FROM spoken_languages ORDER BY 1")
            rows = cursor.fetchall()
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        transaction.set_rollback(True, using=owner)

    assert ("tarn", "partner-member", ["en", "fr"], False) in rows
    assert len(rows) == len({row[:2] for row in rows}) > 1
