"""What becomes of a firm's programs if somebody left: asked by one person, worked out by jobs, seen by nobody else."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from swingby.web.models.learning import OrganizationRow
from swingby.web.models.people import Person
from swingby.web.models.programs import Enrolment
from swingby.web.models.study import own_or_job
from swingby.web.tenancy import Scope, ScopedManager


class AftermathState(models.TextChoices):
    """How far the answer for one program is; ``ASKED`` until its job is asked for, in the same transaction."""

    ASKED = "asked", "Is asked"
    WAITING = "waiting", "Waits for its turn"
    RUNNING = "running", "Is being worked out"
    DONE = "done", "Is worked out"
    FAILED = "failed", "Broke off"


class KeptAftermath(OrganizationRow):
    """One program if some people were gone from a day on, as far as it is worked out; keys only, names stand elsewhere."""

    enrolment = models.ForeignKey(Enrolment, models.PROTECT, db_column="enrolment", related_name="+")
    person = models.ForeignKey(
        Person, models.CASCADE, db_column="person", related_name="+", help_text="Who asked; nobody else reads it."
    )
    people: ArrayField[list[str], list[str]] = ArrayField(
        models.TextField(), help_text="Who would leave, by their keys in facts, in the order of the keys."
    )
    gone_on = models.DateField(help_text="The first day without them.")
    state = models.TextField(choices=AftermathState.choices, default=AftermathState.ASKED)
    asked_at = models.DateTimeField()
    #: What it rests on: the newest fact of the vendor, the rules, and the day.
    position = models.BigIntegerField(default=-1)
    program_hash = models.TextField(blank=True)
    worked_on = models.DateField(null=True)
    found: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)

    objects = ScopedManager()

    class Meta:
        db_table = "kept_aftermaths"
        base_manager_name = "objects"
        ordering = ("-asked_at", "-id")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("person", "people", "gone_on", "enrolment"), name="aftermath_once")
        ]

    def __str__(self) -> str:
        return f"Aftermath in {self.enrolment_id}: {self.state}"

    @property
    def is_unfinished(self) -> bool:
        """Whether a job is yet to answer."""
        return self.state in {AftermathState.WAITING, AftermathState.RUNNING}

    @staticmethod
    def visible_in(scope: Scope) -> models.Q:
        """One's own; jobs work out those of the firm."""
        return own_or_job(scope)
