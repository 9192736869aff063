"""Kinds of facts, reference tables and columns that the contracts gained since the fact tables were made."""

from __future__ import annotations

from collections import defaultdict

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from swingby.facts.postgres import addition_statements

_COLUMNS = (
    "SELECT table_name::text, column_name::text FROM information_schema.columns WHERE table_schema = current_schema()"
)


def add_what_is_missing(_apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Add nothing to a database whose tables were made from today's contracts."""
    present: defaultdict[str, set[str]] = defaultdict(set)
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(_COLUMNS)
        for table, column in cursor.fetchall():
            present[table].add(column)
    for statement in addition_statements(present):
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    """More kinds."""

    dependencies = [("swingby", "0005_note_written_at")]
    operations = [migrations.RunPython(add_what_is_missing, migrations.RunPython.noop)]
