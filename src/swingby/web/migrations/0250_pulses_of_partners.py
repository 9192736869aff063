"""The portfolio keeps when a partner was last active and how busy it was before, and from which tier it moved last."""

from __future__ import annotations

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from swingby.web.data_migration import change_rows, seeing_all

_FOUND = """
CREATE TEMP TABLE pulses ON COMMIT DROP AS
SELECT owner_org, partner_org, max(happened_on) AS last, count(*) FILTER (WHERE happened_on >= newest - 365) AS before FROM (
    SELECT owner_org, partner_org, happened_on, max(happened_on) OVER (PARTITION BY owner_org, partner_org) AS newest
    FROM fact_activities WHERE partner_org IS NOT NULL AND reversed_position IS NULL AND cancelled_on IS NULL
      AND happened_on <= current_date AND happened_on >= current_date - 730
) AS done GROUP BY 1, 2
"""
_OWN = "f.owner_org = portfolio_rows.owner_org AND f.partner_org = portfolio_rows.partner_org"


def say_who_was_busy(_apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Fill the columns from the activities, for every owner; moves of tiers are known from now on."""
    with seeing_all(schema_editor, table="fact_activities") as cursor:
        cursor.execute(_FOUND)
    assigned = ", ".join(
        f"{column} = (SELECT {value} FROM pulses AS f WHERE {_OWN})"
        for column, value in (("last_activity", "last"), ("busy_before", "before"))
    )
    change_rows(
        schema_editor,
        table="portfolio_rows",
        assign=assigned,
        where=f"EXISTS (SELECT 1 FROM pulses AS f WHERE {_OWN})",
    )


class Migration(migrations.Migration):
    """Four columns of the portfolio."""

    dependencies = [("swingby", "0240_rhythms_when_last_due")]
    operations = [
        migrations.AddField(
            "portfoliorow",
            "last_activity",
            models.DateField(help_text="The newest activity of the two years before.", null=True),
        ),
        migrations.AddField(
            "portfoliorow",
            "busy_before",
            models.IntegerField(default=0, help_text="Activities in the year that ends with the newest one."),
        ),
        migrations.AddField(
            "portfoliorow",
            "tier_before",
            models.TextField(blank=True, help_text="The tier before it moved last; of two moves in a week the first."),
        ),
        migrations.AddField("portfoliorow", "tier_moved_on", models.DateField(null=True)),
        migrations.RunPython(say_who_was_busy, migrations.RunPython.noop),
    ]
