"""A first day of reminders for every firm that keeps a catalogue; those to come ask when they take one."""

from __future__ import annotations

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from swingby.web.data_migration import seeing_all
from swingby.web.jobs import enqueue_reminding


def begin_reminding(_apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Ask for today's reminders of every firm."""
    with seeing_all(schema_editor, table="certification_catalogues") as cursor:
        cursor.execute("SELECT DISTINCT organization FROM certification_catalogues ORDER BY 1")
        firms = [row[0] for row in cursor.fetchall()]
    for firm in firms:
        enqueue_reminding(owner=firm)


class Migration(migrations.Migration):
    """Reminders begin."""

    dependencies = [("swingby", "0150_reminders"), ("procrastinate", "0041_post_retry_failed_job")]
    operations = [migrations.RunPython(begin_reminding, migrations.RunPython.noop)]
