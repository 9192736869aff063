"""The portfolio says which rhythms were missed when they were last due; known at once for the periods that are kept."""

from __future__ import annotations

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from swingby.web.data_migration import change_rows, seeing_all

#: By partner and kind, how many periods were missed after the newest that was kept.
_FOUND = """
CREATE TEMP TABLE rhythms_last_due ON COMMIT DROP AS
WITH over AS (SELECT enrolment, rhythm, label, state,
    row_number() OVER (PARTITION BY enrolment, rhythm ORDER BY starts_on DESC) AS back
  FROM rhythm_periods WHERE side = 'partner' AND state IN ('kept', 'missed')),
kinds AS (SELECT enrolment, max(label) FILTER (WHERE back = 1) AS label, count(*) FILTER (WHERE state = 'kept') AS kept,
    count(*) AS asked, coalesce(min(back) FILTER (WHERE state = 'kept'), count(*) + 1) - 1 AS missed
  FROM over GROUP BY enrolment, rhythm)
SELECT enrolment, count(*) FILTER (WHERE missed > 0) AS kinds, max(missed) AS running, jsonb_agg(jsonb_build_object(
    'label', label, 'kept', kept, 'asked', asked, 'missed', missed) ORDER BY missed DESC, label) AS rhythms
  FROM kinds GROUP BY enrolment
"""


def say_what_was_missed(_apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Fill the columns from the periods, for every owner."""
    with seeing_all(schema_editor, table="rhythm_periods") as cursor:
        cursor.execute(_FOUND)
    assigned = ", ".join(
        f"{column} = (SELECT {value} FROM rhythms_last_due AS f WHERE f.enrolment = portfolio_rows.enrolment)"
        for column, value in (("rhythms", "rhythms"), ("missed_kinds", "kinds"), ("missed_running", "running"))
    )
    known = "enrolment IN (SELECT enrolment FROM rhythms_last_due)"
    change_rows(schema_editor, table="portfolio_rows", assign=assigned, where=known)


class Migration(migrations.Migration):
    """Three columns of the portfolio."""

    dependencies = [("swingby", "0231_counted_coverage_policies")]
    operations = [
        migrations.AddField("portfoliorow", "rhythms", models.JSONField(default=list)),
        migrations.AddField(
            "portfoliorow",
            "missed_kinds",
            models.SmallIntegerField(help_text="Kinds of rhythms missed when last due.", null=True),
        ),
        migrations.AddField(
            "portfoliorow",
            "missed_running",
            models.SmallIntegerField(default=0, help_text="The most periods missed in a row of one kind."),
        ),
        migrations.RunPython(say_what_was_missed, migrations.RunPython.noop),
    ]
