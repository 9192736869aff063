"""Sums of regions under row-level security."""

from __future__ import annotations

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from swingby.web.policies import REGION_SUM_POLICIES, policy_statements


def put_under_policies(_apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Run the statements as they are declared today."""
    for statement in policy_statements(REGION_SUM_POLICIES):
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    """Policies of what is added up."""

    dependencies = [("swingby", "0261_region_coverages")]
    operations = [migrations.RunPython(put_under_policies, migrations.RunPython.noop)]
