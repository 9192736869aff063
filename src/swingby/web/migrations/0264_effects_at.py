"""A proposed version keeps when it was worked out what it changes for each partner."""

from __future__ import annotations

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from swingby.web.data_migration import change_rows, seeing_all

_FOUND = """
CREATE TEMP TABLE known_effects ON COMMIT DROP AS
SELECT proposed, max(finished_at) AS ended FROM version_comparisons WHERE state = 'done' AND kind = 'today' GROUP BY proposed
"""
_OWN = "c.proposed = proposed_versions.id"


def say_since_when(_apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """What was compared before is known since its comparison ended."""
    with seeing_all(schema_editor, table="version_comparisons") as cursor:
        cursor.execute(_FOUND)
    change_rows(
        schema_editor,
        table="proposed_versions",
        assign=f"effects_at = (SELECT c.ended FROM known_effects AS c WHERE {_OWN})",
        where=f"EXISTS (SELECT 1 FROM known_effects AS c WHERE {_OWN})",
    )


class Migration(migrations.Migration):
    """One column."""

    dependencies = [("swingby", "0263_deal_registrations")]
    operations = [
        migrations.AddField(
            "proposedversion",
            "effects_at",
            models.DateTimeField(
                help_text="When it was last worked out what it changes for each partner.", null=True
            ),
        ),
        migrations.RunPython(say_since_when, migrations.RunPython.noop),
    ]
