"""Tokens that change roles, give vouchers and make badges."""

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
    ("people:read", "Read who works for a partner and what they hold"),
    ("badges:read", "Read one's own badges, and those that are shown"),
    ("badges:write", "Make, show and withdraw one's own badges"),
    ("vouchers:read", "Read vouchers for exams, and the codes of one's own"),
    ("vouchers:write", "Bring in vouchers, give them, take them back, say budgets"),
    ("users:read", "Read who works with the organization here and who is on the way"),
    ("users:write", "Invite people, answer who asks to join, change roles and end access"),
    ("learning:read", "Read what people learn and which certifications are needed"),
    ("learning:write", "Propose certifications, accept and decline them"),
    ("reviews:read", "Read reviews of tiers and appeals"),
    ("reviews:write", "Decide reviews, appeal and answer appeals"),
]


class Migration(migrations.Migration):
    """More that a token may be made for."""

    dependencies = [("swingby", "0206_parties_read_deals")]
    operations = [
        migrations.AlterField(
            model_name="apitoken",
            name="scopes",
            field=django.contrib.postgres.fields.ArrayField(base_field=models.TextField(choices=SCOPES), size=None),
        ),
    ]
