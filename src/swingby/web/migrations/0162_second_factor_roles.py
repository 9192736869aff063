"""Roles in which nobody goes on without a second factor."""

from __future__ import annotations

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    """One more column of what an organization says about getting in."""

    dependencies = [("swingby", "0161_token_scopes")]
    operations = [
        migrations.AddField(
            model_name="doorway",
            name="second_factor_roles",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.TextField(),
                blank=True,
                default=list,
                size=None,
                help_text="Roles in which nobody goes on without a second factor.",
            ),
        ),
    ]
