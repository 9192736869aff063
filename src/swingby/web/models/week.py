"""What somebody did about a row of the week, and why a row was put off."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from swingby.web.models.people import Person
from swingby.web.models.programs import Enrolment, TenantRow
from swingby.web.tenancy import Scope, ScopedManager


class WeekDeed(models.TextChoices):
    """What became of a row."""

    WROTE = "wrote", "Wrote"
    DONE = "done", "Done"
    NOT_NOW = "not_now", "Not now"


class PutOff(models.TextChoices):
    """Why a row was put off. The first three say something about the rule, the others about the moment."""

    NOT_TRUE = "not_true", "It is not so"
    NOT_IMPORTANT = "not_important", "It does not matter here"
    KNOWN = "known", "They know, and act"
    WAITS = "waits", "It waits for somebody else"
    LATER = "later", "Another time is better"


class WeekAct(TenantRow):
    """One row of somebody's week that was dealt with. Only added to."""

    id = models.BigAutoField(primary_key=True)
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, db_column="enrolment", related_name="+")
    rule = models.TextField()
    about = models.TextField(
        blank=True, help_text="Of what the rule spoke: the same rule may speak of another day later."
    )
    deed = models.TextField(choices=WeekDeed.choices)
    reason = models.TextField(choices=PutOff.choices, blank=True)
    words = models.TextField(blank=True, max_length=500)
    person = models.ForeignKey(Person, models.PROTECT, db_column="person", related_name="+")
    at = models.DateTimeField()
    until = models.DateField(help_text="Until this day the row stays away.")

    objects = ScopedManager()

    class Meta:
        db_table = "week_acts"
        base_manager_name = "objects"
        indexes: ClassVar = [models.Index(fields=("owner", "-at"), name="week_acts_newest")]

    def __str__(self) -> str:
        return f"{self.deed} {self.rule} of {self.enrolment_id}"

    @staticmethod
    def visible_in(scope: Scope) -> models.Q:
        """The vendor's side only."""
        return models.Q(owner_id__in=scope.owner_orgs)
