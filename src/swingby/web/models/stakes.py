"""What a firm says of each of its programs: who answers for it, what it is worth and what it costs in a year."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from swingby.web.models.learning import OrganizationRow
from swingby.web.models.people import Person
from swingby.web.models.programs import Enrolment
from swingby.web.models.study import of_firm
from swingby.web.tenancy import Scope, ScopedManager


class Stake(OrganizationRow):
    """What was said on a day; the newest holds. An amount that nobody said is not known, which is not zero."""

    enrolment = models.ForeignKey(Enrolment, models.PROTECT, db_column="enrolment", related_name="+")
    person = models.ForeignKey(Person, models.SET_NULL, db_column="person", null=True, related_name="+")
    worth = models.DecimalField(max_digits=16, decimal_places=2, null=True, help_text="Of twelve months.")
    cost = models.DecimalField(max_digits=16, decimal_places=2, null=True, help_text="Of twelve months.")
    currency = models.TextField(blank=True)
    note = models.TextField(blank=True)
    said_by = models.ForeignKey(Person, models.PROTECT, db_column="said_by", null=True, related_name="+")
    said_at = models.DateTimeField()

    objects = ScopedManager()

    class Meta:
        db_table = "program_stakes"
        base_manager_name = "objects"
        ordering = ("-id",)
        indexes: ClassVar = [models.Index(fields=("enrolment", "-id"), name="stake_newest")]

    def __str__(self) -> str:
        return f"Stake of {self.organization_id} in {self.enrolment_id}"

    @staticmethod
    def visible_in(scope: Scope) -> models.Q:
        """Those of one's own firms; vendors see none."""
        return of_firm(scope)
