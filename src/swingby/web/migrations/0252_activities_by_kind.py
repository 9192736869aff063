"""A standing at once finds the activities of a partner by the kinds that the rules name; the portfolio counts them by day."""

from __future__ import annotations

from django.db import migrations


class Migration(migrations.Migration):
    """Two indexes of the activities."""

    dependencies = [("swingby", "0251_ended_enrolments")]
    operations = [
        migrations.RunSQL(
            "CREATE INDEX fact_activities_by_kind ON fact_activities (organization, owner_org, kind, happened_on)",
            "DROP INDEX fact_activities_by_kind",
        ),
        migrations.RunSQL(
            "CREATE INDEX fact_activities_that_count ON fact_activities (partner_org, owner_org, happened_on)"
            " WHERE reversed_position IS NULL AND cancelled_on IS NULL",
            "DROP INDEX fact_activities_that_count",
        ),
    ]
