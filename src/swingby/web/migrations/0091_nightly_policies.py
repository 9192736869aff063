"""The tables of nightly runs under row-level security, and a first night for every owner that is there."""

from __future__ import annotations

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from swingby.web.data_migration import seeing_all
from swingby.web.jobs import enqueue_night
from swingby.web.policies import NIGHTLY_POLICIES, policy_statements


def put_under_policies(_apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Run the statements as they are declared today."""
    for statement in policy_statements(NIGHTLY_POLICIES):
        schema_editor.execute(statement)


def begin_nights(_apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Ask for tonight's run of everybody who owns a program; owners to come ask when they publish."""
    with seeing_all(schema_editor, table="programs") as cursor:
        cursor.execute("SELECT DISTINCT owner_org FROM programs ORDER BY 1")
        owners = [row[0] for row in cursor.fetchall()]
    for owner in owners:
        enqueue_night(owner=owner)


class Migration(migrations.Migration):
    """Policies of nightly runs."""

    dependencies = [("swingby", "0090_nightly"), ("procrastinate", "0041_post_retry_failed_job")]
    operations = [
        migrations.RunPython(put_under_policies, migrations.RunPython.noop),
        migrations.RunPython(begin_nights, migrations.RunPython.noop),
    ]
