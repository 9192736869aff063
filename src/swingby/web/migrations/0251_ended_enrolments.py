"""The few enrolments that have ended are found without a look at the others."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    """One index of the enrolments."""

    dependencies = [("swingby", "0250_pulses_of_partners")]
    operations = [
        migrations.AddIndex(
            "enrolment",
            models.Index(
                condition=models.Q(("ended_on", None), _negated=True),
                fields=["owner", "ended_on"],
                name="enrolments_ended",
            ),
        )
    ]
