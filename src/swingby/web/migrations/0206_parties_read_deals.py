"""Every party of a deal reads what is told of it."""

from __future__ import annotations

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from swingby.web.deal_policies import deal_statements


def let_parties_read(_apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Run the statements as they are declared today."""
    for statement in deal_statements():
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    """Policies beside those of deals and their lines."""

    dependencies = [("swingby", "0205_user_token_scopes")]
    operations = [migrations.RunPython(let_parties_read, migrations.RunPython.noop)]
