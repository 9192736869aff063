"""An announced version can be withdrawn: what partners are told of it, and that they still see which one it was."""

from __future__ import annotations

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from swingby.web.policies import renewed_statements


def renew_policies(_apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Run the statements as they are declared today."""
    for statement in renewed_statements(["proposed_versions"]):
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    """One column and one policy."""

    dependencies = [("swingby", "0264_effects_at")]
    operations = [
        migrations.AddField(
            "proposedversion",
            "withdrawn_because",
            models.TextField(
                blank=True,
                default="",
                help_text="What partners are told when an announced version is withdrawn.",
                max_length=2000,
            ),
            preserve_default=False,
        ),
        migrations.RunPython(renew_policies, migrations.RunPython.noop),
    ]
