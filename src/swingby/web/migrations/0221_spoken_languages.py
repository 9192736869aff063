"""Which languages people speak."""

from __future__ import annotations

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """The table of languages."""

    dependencies = [("swingby", "0220_board_news")]
    operations = [
        migrations.CreateModel(
            name="SpokenLanguages",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("languages", django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None)),
                (
                    "is_shown",
                    models.BooleanField(
                        default=False, help_text="To those who lead learning, when they look who can help."
                    ),
                ),
                ("said_at", models.DateTimeField()),
                (
                    "organization",
                    models.ForeignKey(
                        db_column="organization",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="swingby.organization",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        db_column="person",
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "db_table": "spoken_languages",
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(fields=("organization", "person"), name="spoken_languages_once")
                ],
            },
        )
    ]
