"""Put every tenant table under row-level security, forced on its owner too."""

from __future__ import annotations

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from swingby.web.policies import policy_statements


def put_under_policies(_apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Run the statements as they are declared today; later changes are migrations of their own."""
    for statement in policy_statements():
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    """Row-level security."""

    dependencies = [("swingby", "0001_initial")]
    operations = [migrations.RunPython(put_under_policies, migrations.RunPython.noop)]
