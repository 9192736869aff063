"""Activity reports: what a partner says it did, and what the program's owner answers."""

from __future__ import annotations

from typing import ClassVar
from uuid import uuid4

from django.db import models

from swingby.web.models.loads import StoredFile
from swingby.web.models.people import Person
from swingby.web.models.programs import Enrolment, TenantRow
from swingby.web.tenancy import ScopedManager


def new_report_key() -> str:
    """A key for a new report."""
    return uuid4().hex


class ReportState(models.TextChoices):
    """Where a report stands."""

    SUBMITTED = "submitted", "Waits for checking"
    ACCEPTED = "accepted", "Accepted"
    RETURNED = "returned", "Sent back"
    DECLINED = "declined", "Declined"
    WITHDRAWN = "withdrawn", "Withdrawn"


class ActivityReport(TenantRow):
    """One activity that a partner reports; accepting it makes a fact."""

    id = models.TextField(primary_key=True, default=new_report_key)
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, db_column="enrolment", related_name="reports")
    kind = models.TextField()
    happened_on = models.DateField()
    details = models.TextField(blank=True, max_length=2000)
    quantity = models.DecimalField(max_digits=24, decimal_places=8, null=True)
    accepted_quantity = models.DecimalField(max_digits=24, decimal_places=8, null=True)
    answer_due = models.DateTimeField(null=True, help_text="By when the vendor has promised an answer.")
    sampled = models.BooleanField(default=False, help_text="Drawn for a second look after it was accepted.")
    looked_at_by = models.ForeignKey(Person, models.PROTECT, db_column="looked_at_by", related_name="+", null=True)
    looked_at = models.DateTimeField(null=True)
    state = models.TextField(choices=ReportState.choices, default=ReportState.SUBMITTED)
    submitted_by = models.ForeignKey(Person, models.PROTECT, db_column="submitted_by", related_name="+")
    submitted_at = models.DateTimeField()
    decided_by = models.ForeignKey(Person, models.PROTECT, db_column="decided_by", related_name="+", null=True)
    decided_at = models.DateTimeField(null=True)
    answer = models.TextField(blank=True, max_length=2000)
    fact_id = models.TextField(blank=True)

    objects = ScopedManager()

    class Meta:
        db_table = "activity_reports"
        base_manager_name = "objects"
        indexes: ClassVar = [
            models.Index(fields=("owner", "state", "submitted_at"), name="reports_waiting"),
            models.Index(fields=("partner", "submitted_at"), name="reports_of_partner"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} on {self.happened_on}"


class ReportFile(TenantRow):
    """A file that shows what a report says."""

    id = models.BigAutoField(primary_key=True)
    report = models.ForeignKey(ActivityReport, models.PROTECT, db_column="report", related_name="files")
    file = models.ForeignKey(StoredFile, models.PROTECT, db_column="file", related_name="+")

    objects = ScopedManager()

    class Meta:
        db_table = "report_files"
        base_manager_name = "objects"
        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.file_id} of {self.report_id}"
