"""Experiments and their plans under row-level security; a plan is never changed, not even by the owner of the tables."""

from __future__ import annotations

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from swingby.web.policies import EXPERIMENT_POLICIES, policy_statements

KEEP_PLAN = """
CREATE FUNCTION keep_experiment_plan() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The plan of an experiment never changes.' USING ERRCODE = 'restrict_violation';
END
$$
"""
TRIGGER = (
    "CREATE TRIGGER keep_experiment_plan BEFORE UPDATE OR DELETE ON experiment_plans"
    " FOR EACH ROW EXECUTE FUNCTION keep_experiment_plan()"
)


def put_under_policies(_apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Run the statements as they are declared today."""
    for statement in (*policy_statements(EXPERIMENT_POLICIES), KEEP_PLAN, TRIGGER):
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    """Policies of experiments."""

    dependencies = [("swingby", "0212_experiments")]
    operations = [migrations.RunPython(put_under_policies, migrations.RunPython.noop)]
