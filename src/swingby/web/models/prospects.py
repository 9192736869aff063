"""What lies ahead of a partner: the way to the next tier, and what it stands to lose. Both sides read it."""

from __future__ import annotations

from typing import Any

from django.db import models

from swingby.web.models.programs import Enrolment, TenantRow
from swingby.web.tenancy import ScopedManager


class Prospect(TenantRow):
    """Worked out by jobs behind everything that somebody waits for, so that a page only reads."""

    enrolment = models.OneToOneField(
        Enrolment, models.PROTECT, db_column="enrolment", primary_key=True, related_name="prospect"
    )
    loses_on = models.DateField(null=True, help_text="The first day on which the tier can be lost.")
    #: Requirements of the tier held that will be closed then if nothing happens.
    closing: models.JSONField[list[dict[str, Any]], list[dict[str, Any]]] = models.JSONField(default=list)
    #: The least effort that reaches the next tier, as the engine verified it; empty before it was asked for.
    path: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)
    path_position = models.BigIntegerField(default=-1)
    path_on = models.DateField(null=True)
    path_hash = models.TextField(blank=True, help_text="Of the rules it was found by.")

    objects = ScopedManager()

    class Meta:
        db_table = "prospects"
        base_manager_name = "objects"

    def __str__(self) -> str:
        return f"What lies ahead of {self.enrolment_id}"


class PointsHistory(TenantRow):
    """Every line of a partner's points, adding up to its score, and what the score was at the end of each month."""

    enrolment = models.OneToOneField(
        Enrolment, models.PROTECT, db_column="enrolment", primary_key=True, related_name="points_history"
    )
    as_of = models.DateField()
    position = models.BigIntegerField()
    label = models.TextField(help_text="What the score is called.")
    total = models.DecimalField(max_digits=24, decimal_places=8, null=True)
    #: The newest first: day, rule, label, kind, points, fact, expires.
    lines: models.JSONField[list[dict[str, Any]], list[dict[str, Any]]] = models.JSONField(default=list)
    #: Day and value, the oldest first.
    readings: models.JSONField[list[list[str]], list[list[str]]] = models.JSONField(default=list)

    objects = ScopedManager()

    class Meta:
        db_table = "points_histories"
        base_manager_name = "objects"

    def __str__(self) -> str:
        return f"Points of {self.enrolment_id}"
