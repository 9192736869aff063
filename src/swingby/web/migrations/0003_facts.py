"""The fact tables, the reference tables and the ledger, made from the core's contracts."""

from __future__ import annotations

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from swingby.facts.postgres import row_level_security_statements, table_statements


def make_tables(_apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Run the statements as the core generates them today; later kinds are migrations of their own."""
    for statement in (*table_statements(), *row_level_security_statements()):
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    """Facts."""

    dependencies = [("swingby", "0002_row_level_security")]
    operations = [migrations.RunPython(make_tables, migrations.RunPython.noop)]
