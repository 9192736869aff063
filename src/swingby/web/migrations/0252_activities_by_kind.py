"""A standing at once finds the activities of a partner by the kinds that the rules name."""

from __future__ import annotations

from django.db import migrations


class Migration(migrations.Migration):
    """One index of the activities."""

    dependencies = [("swingby", "0251_ended_enrolments")]
    operations = [
        migrations.RunSQL(
            "CREATE INDEX fact_activities_by_kind ON fact_activities (organization, owner_org, kind, happened_on)",
            "DROP INDEX fact_activities_by_kind",
        )
    ]
