"""What people said in a wish for a study group is what they speak."""

from __future__ import annotations

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from swingby.web.data_migration import RowsMissedError, seeing_all


def take_over(_apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """One row for each wish: there is one of each person at a firm. Nobody is shown who did not ask for it."""
    with seeing_all(schema_editor, table="study_wishes") as cursor:
        cursor.execute("SELECT count(*) FROM study_wishes")
        meant = int(cursor.fetchone()[0])
        cursor.execute(
            "INSERT INTO spoken_languages (organization, person, languages, is_shown, said_at)"
            " SELECT organization, person, languages, false, made_at FROM study_wishes"
        )
        if cursor.rowcount != meant:
            raise RowsMissedError(f"spoken_languages: {cursor.rowcount} rows were added, {meant} were meant.")


class Migration(migrations.Migration):
    """Before the new table is put under its policies: then its owner sees nothing either."""

    dependencies = [("swingby", "0221_spoken_languages")]
    operations = [migrations.RunPython(take_over, migrations.RunPython.noop)]
