"""A regional lead reads shared deals of the region's partners, and thousands of partners are looked up at once."""

from __future__ import annotations

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from swingby.web.region_policies import renew_limits


def renew(_apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """One transaction takes the old limits away and sets the new ones, so that there is no moment without."""
    with schema_editor.connection.cursor() as cursor:
        renew_limits(cursor)


class Migration(migrations.Migration):
    """The limits of all tables that have them."""

    dependencies = [("swingby", "0253_nights_count_sources")]
    operations = [migrations.RunPython(renew, migrations.RunPython.noop)]
