"""Tokens for reading evidence."""

from __future__ import annotations

import django.contrib.postgres.fields
from django.db import migrations, models

SCOPES = [
    ("programs:read", "Read programs and their versions"),
    ("partners:read", "Read partners, standings, points history, scorecards and benefits"),
    ("reports:read", "Read activity reports"),
    ("reports:write", "Send activity reports and decide on them"),
    ("notes:read", "Read notes"),
    ("notes:write", "Write notes"),
    ("evidence:read", "Read cards of evidence"),
    ("facts:read", "Read what happened and how complete it is"),
    ("facts:write", "Send what happened"),
    ("disputes:read", "Read disputes"),
    ("disputes:write", "Open, withdraw and answer disputes"),
    ("notifications:read", "Read notifications"),
    ("notifications:write", "Mark notifications as read"),
]


class Migration(migrations.Migration):
    """One more scope, which two changes at once had left out."""

    dependencies = [("swingby", "0181_study_policies")]
    operations = [
        migrations.AlterField(
            model_name="apitoken",
            name="scopes",
            field=django.contrib.postgres.fields.ArrayField(base_field=models.TextField(choices=SCOPES), size=None),
        ),
    ]
