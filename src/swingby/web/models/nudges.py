"""Nudges: a word about a promise, sent by the vendor and read by both sides."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from swingby.web.models.people import Person
from swingby.web.models.programs import Enrolment, TenantRow
from swingby.web.tenancy import ScopedManager


class Nudge(TenantRow):
    """A word about one promise of a partner in one period."""

    id = models.BigAutoField(primary_key=True)
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, db_column="enrolment", related_name="nudges")
    rhythm = models.TextField()
    starts_on = models.DateField()
    text = models.TextField(max_length=1000)
    sent_by = models.ForeignKey(Person, models.PROTECT, db_column="sent_by", related_name="+")
    sent_at = models.DateTimeField()

    objects = ScopedManager()

    class Meta:
        db_table = "nudges"
        base_manager_name = "objects"
        ordering = ("-sent_at", "-id")
        indexes: ClassVar = [models.Index(fields=("enrolment", "rhythm", "starts_on"), name="nudges_of_promise")]

    def __str__(self) -> str:
        return f"{self.rhythm} of {self.enrolment_id}"
