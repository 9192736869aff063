"""Files that another system sends are loaded as soon as they are checked."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    """One more column of uploads."""

    dependencies = [("swingby", "0153_badge_policies")]
    operations = [
        migrations.AddField(
            model_name="upload",
            name="loads_itself",
            field=models.BooleanField(
                default=False, help_text="Loaded as soon as it is checked, unless it is stopped."
            ),
        ),
    ]
