"""Put the tables of versions on their way under row-level security, and keep the text of a proposal as it was drafted."""

from __future__ import annotations

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from swingby.web.policies import VERSION_POLICIES, policy_statements

KEEP_TEXT = """
CREATE FUNCTION keep_proposed_text() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.id, NEW.program, NEW.version, NEW.effective, NEW.files, NEW.scenarios, NEW.hash, NEW.is_sound, NEW.drafted_by)
       IS DISTINCT FROM
       (OLD.id, OLD.program, OLD.version, OLD.effective, OLD.files, OLD.scenarios, OLD.hash, OLD.is_sound, OLD.drafted_by)
    THEN
        RAISE EXCEPTION 'The text of a proposed version never changes.' USING ERRCODE = 'restrict_violation';
    END IF;
    IF OLD.approved_by IS NOT NULL AND NEW.letter IS DISTINCT FROM OLD.letter THEN
        RAISE EXCEPTION 'A letter never changes after its approval.' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$
"""
TRIGGER = (
    "CREATE TRIGGER keep_proposed_text BEFORE UPDATE ON proposed_versions"
    " FOR EACH ROW EXECUTE FUNCTION keep_proposed_text()"
)


def put_under_policies(_apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Run the statements as they are declared today; later changes are migrations of their own."""
    for statement in (*policy_statements(VERSION_POLICIES), KEEP_TEXT, TRIGGER):
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    """Policies of versions on their way."""

    dependencies = [("swingby", "0060_proposed_versions")]
    operations = [migrations.RunPython(put_under_policies, migrations.RunPython.noop)]
