"""A partner's numbers taken apart: what each requirement asks, and the lines behind every number."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models

from swingby.web.models.programs import Enrolment, TenantRow
from swingby.web.tenancy import ScopedManager


class Scorecard(TenantRow):
    """Requirements and numbers as they stood on a day, by one version of the rules; worked out by jobs."""

    enrolment = models.OneToOneField(
        Enrolment, models.PROTECT, db_column="enrolment", primary_key=True, related_name="scorecard"
    )
    as_of = models.DateField()
    position = models.BigIntegerField()
    program_version = models.TextField(help_text="Of the rules it was worked out by.")
    program_hash = models.TextField()
    #: By ladder its tiers, each with its requirement rows in the order of the program.
    ladders: models.JSONField[list[dict[str, Any]], list[dict[str, Any]]] = models.JSONField(default=list)
    #: By day to come the requirements that are met and will not be then, with the records that run out.
    ahead: models.JSONField[list[dict[str, Any]], list[dict[str, Any]]] = models.JSONField(default=list)
    #: In the order of the program: name, words, value, and by which rules its lines stand.
    numbers: models.JSONField[list[dict[str, Any]], list[dict[str, Any]]] = models.JSONField(default=list)

    objects = ScopedManager()

    class Meta:
        db_table = "scorecards"
        base_manager_name = "objects"

    def __str__(self) -> str:
        return f"Scorecard of {self.enrolment_id}"


class ScorecardLine(TenantRow):
    """One line behind a number: a record that counted, what a limit took away, or a record that no longer counts."""

    id = models.BigAutoField(primary_key=True)
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, db_column="enrolment", related_name="scorecard_lines")
    rule = models.TextField(help_text="The rule that it counts for.")
    kind = models.TextField()
    key = models.TextField(help_text="The same line has the same key each time it is worked out.")
    counts = models.BooleanField()
    day = models.DateField()
    amount = models.DecimalField(max_digits=38, decimal_places=12, null=True)
    record_kind = models.TextField(blank=True)
    record = models.TextField(blank=True)
    thing = models.TextField(blank=True, help_text="What was counted, where that is not the record itself.")
    until = models.DateField(null=True)

    objects = ScopedManager()

    class Meta:
        db_table = "scorecard_lines"
        base_manager_name = "objects"
        indexes: ClassVar = [
            models.Index(fields=("enrolment", "counts", "-day", "key"), name="scorecard_lines_in_order"),
            models.Index(fields=("enrolment", "key"), name="scorecard_lines_by_key"),
            models.Index(fields=("enrolment", "record"), name="scorecard_lines_by_record"),
        ]

    def __str__(self) -> str:
        return f"{self.rule} of {self.enrolment_id}: {self.key}"
