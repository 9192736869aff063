"""Decisions about tiers as facts, and the tables of reviews under row-level security."""

from __future__ import annotations

from collections import defaultdict

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from swingby.facts.postgres import addition_statements
from swingby.web.policies import REVIEW_POLICIES, policy_statements

_COLUMNS = (
    "SELECT table_name::text, column_name::text FROM information_schema.columns WHERE table_schema = current_schema()"
)


def put_under_policies(_apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Add the fact kind to databases that were made before it, and run the statements as they are declared today."""
    present: defaultdict[str, set[str]] = defaultdict(set)
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(_COLUMNS)
        for table, column in cursor.fetchall():
            present[table].add(column)
    for statement in (*addition_statements(present), *policy_statements(REVIEW_POLICIES)):
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    """Policies of reviews."""

    dependencies = [("swingby", "0062_reviews")]
    operations = [migrations.RunPython(put_under_policies, migrations.RunPython.noop)]
