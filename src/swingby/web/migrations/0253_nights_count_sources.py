"""Of very many activities a night counts where they came from, for the pages of the day."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    """Two numbers of a night."""

    dependencies = [("swingby", "0252_activities_by_kind")]
    operations = [
        migrations.AddField("nightlyrun", "reported", models.BigIntegerField(null=True)),
        migrations.AddField("nightlyrun", "from_systems", models.BigIntegerField(null=True)),
    ]
