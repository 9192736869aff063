"""Hours that people studied, and what a firm says of them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from swingby.web.models.learning import OrganizationRow
from swingby.web.models.organizations import Membership
from swingby.web.models.people import Person
from swingby.web.models.study import of_firm, own_or_job
from swingby.web.models.vouchers import VOUCHER_GIVERS
from swingby.web.tenancy import Scope, ScopedManager


class StudyRule(OrganizationRow):
    """What a firm says of hours of study: whether who leads reads those of each person, and how much is to be billed."""

    shown_from = models.DateField(
        null=True,
        help_text="Who leads learning reads the hours of each person from this day on; never those before it.",
    )
    billed = models.PositiveSmallIntegerField(
        null=True, help_text="Percent of the hours at work that are to be billed."
    )
    said_by = models.ForeignKey(Person, models.PROTECT, db_column="said_by", null=True, related_name="+")
    said_at = models.DateTimeField()

    objects = ScopedManager()

    class Meta:
        db_table = "study_rules"
        base_manager_name = "objects"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("organization",), name="study_rule_once"),
            models.CheckConstraint(
                condition=models.Q(billed=None) | models.Q(billed__lte=100), name="study_rule_percent"
            ),
        ]

    def __str__(self) -> str:
        return f"Hours of study at {self.organization_id}"

    @staticmethod
    def visible_in(scope: Scope) -> models.Q:
        """Those of one's own firms: everybody may know who reads their hours."""
        return of_firm(scope)


class StudyHours(OrganizationRow):
    """How long somebody studied one step of a path on one day."""

    person = models.ForeignKey(Person, models.CASCADE, db_column="person", related_name="+")
    learner = models.TextField(help_text="The person's key in the firm's facts.")
    code = models.TextField()
    step = models.TextField(help_text="As the catalogue calls it; empty for the whole path.")
    day = models.DateField()
    hours = models.DecimalField(max_digits=4, decimal_places=2)
    noted_on = models.DateField(help_text="For some days after it the note can be changed.")

    objects = ScopedManager()

    class Meta:
        db_table = "study_hours"
        base_manager_name = "objects"
        ordering = ("-day", "-id")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("organization", "person", "code", "step", "day"), name="study_hours_once"),
            models.CheckConstraint(condition=models.Q(hours__gt=0, hours__lte=24), name="study_hours_of_a_day"),
        ]
        indexes: ClassVar = [models.Index(fields=("organization", "day"), name="study_hours_of_days")]

    def __str__(self) -> str:
        return f"{self.hours} h of {self.code} on {self.day}"

    @staticmethod
    def visible_in(scope: Scope) -> models.Q:
        """One's own; to who leads learning where the firm says so; jobs add up those of the firm."""
        led = Membership.objects.filter(person_id=scope.person, role__in=VOUCHER_GIVERS).values("organization_id")
        shown = StudyRule.objects.filter(
            organization_id=models.OuterRef("organization_id"), shown_from__lte=models.OuterRef("day")
        )
        return own_or_job(scope) | (of_firm(scope) & models.Q(organization_id__in=led) & models.Q(models.Exists(shown)))
