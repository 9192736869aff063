"""Disputes: what a partner says is wrong with a line of its scorecard, what is answered, and how it is put right."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from swingby.web.models.loads import StoredFile, new_key
from swingby.web.models.people import Person
from swingby.web.models.programs import Enrolment, TenantRow
from swingby.web.tenancy import ScopedManager


class DisputeState(models.TextChoices):
    """Where a dispute stands."""

    OPEN = "open", "Waits for an answer"
    UPHELD = "upheld", "You are right"
    CHANGED = "changed", "Put right in another way"
    DECLINED = "declined", "It stays as it is"
    WITHDRAWN = "withdrawn", "Withdrawn"


#: After these answers records are to be put right.
TO_CURE = (DisputeState.UPHELD, DisputeState.CHANGED)


class Dispute(TenantRow):
    """One case: about a line, or about something that is missing behind a number."""

    id = models.TextField(primary_key=True, default=new_key)
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, db_column="enrolment", related_name="disputes")
    number = models.TextField(help_text="The number whose lines it is about.")
    number_label = models.TextField()
    line = models.TextField(blank=True, help_text="The key of the line; empty for what is missing.")
    line_words = models.TextField(blank=True, help_text="The line as it read.")
    record_kind = models.TextField(blank=True)
    record = models.TextField(blank=True)
    position = models.BigIntegerField(help_text="What was known when it was opened.")
    state = models.TextField(choices=DisputeState.choices, default=DisputeState.OPEN)
    words = models.TextField(max_length=4000)
    file = models.ForeignKey(StoredFile, models.PROTECT, db_column="file", related_name="+", null=True)
    opened_by = models.ForeignKey(Person, models.PROTECT, db_column="opened_by", related_name="+")
    opened_at = models.DateTimeField()
    answer_due = models.DateTimeField()
    answer = models.TextField(blank=True, max_length=4000)
    answered_by = models.ForeignKey(Person, models.PROTECT, db_column="answered_by", related_name="+", null=True)
    answered_at = models.DateTimeField(null=True)
    cure = models.TextField(blank=True, help_text="By which door it was put right: added, removed or loaded.")
    cure_kind = models.TextField(blank=True)
    cure_record = models.TextField(blank=True)
    cured_by = models.ForeignKey(Person, models.PROTECT, db_column="cured_by", related_name="+", null=True)
    cured_at = models.DateTimeField(null=True)

    objects = ScopedManager()

    class Meta:
        db_table = "disputes"
        base_manager_name = "objects"
        ordering = ("-opened_at", "id")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("enrolment", "line"),
                condition=models.Q(state=DisputeState.OPEN) & ~models.Q(line=""),
                name="dispute_open_once",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=("owner", "state", "answer_due"), name="disputes_waiting")]

    def __str__(self) -> str:
        return f"{self.number} of {self.enrolment_id}: {self.state}"
