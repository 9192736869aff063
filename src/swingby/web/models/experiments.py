"""Experiments: what somebody asked to have drawn by lot, and the plan that came of it, which nobody changes."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from swingby.web.models.cards import CardState
from swingby.web.models.loads import OwnersRow, new_key
from swingby.web.models.people import Person
from swingby.web.models.programs import Program
from swingby.web.tenancy import ScopedManager


class Experiment(OwnersRow):
    """What somebody asked to have planned, and how far the job is that draws the lot."""

    id = models.TextField(primary_key=True, default=new_key)
    program = models.ForeignKey(Program, models.PROTECT, db_column="program", related_name="experiments")
    settings: models.JSONField[dict[str, str], dict[str, str]] = models.JSONField(default=dict)
    words = models.TextField(help_text="The question as a person asks it.")
    state = models.TextField(choices=CardState.choices, default=CardState.WAITING)
    progress = models.TextField(blank=True)
    asked_by = models.ForeignKey(Person, models.PROTECT, db_column="asked_by", related_name="+", null=True)
    asked_at = models.DateTimeField()

    objects = ScopedManager()

    class Meta:
        db_table = "experiments"
        base_manager_name = "objects"
        ordering = ("-asked_at", "id")
        indexes: ClassVar = [models.Index(fields=("owner", "-asked_at"), name="experiments_of_owner")]

    def __str__(self) -> str:
        return f"{self.words} ({self.state})"


class ExperimentPlan(OwnersRow):
    """The plan as it was drawn, with its hash. Rows are added; the application may neither change nor remove one."""

    id = models.TextField(primary_key=True, default=new_key)
    experiment = models.OneToOneField(Experiment, models.PROTECT, db_column="experiment", related_name="plan")
    hash = models.TextField(help_text="Of everything in the text.")
    text = models.TextField(help_text="As `swingby experiment plan` writes it, a line for each partner.")
    planned_on = models.DateField()
    starts_on = models.DateField()
    ends_on = models.DateField(help_text="The day on which the last wave begins.")
    position = models.BigIntegerField(help_text="What was known.")
    program_version = models.TextField()
    program_hash = models.TextField()
    method_version = models.TextField(help_text="The version of Swingby that drew it.")
    waves: models.JSONField[list[int], list[int]] = models.JSONField(help_text="How many partners each has.")
    days: models.JSONField[list[str], list[str]] = models.JSONField(help_text="On which each begins.")
    balance: models.JSONField[list[tuple[str, float]], list[tuple[str, float]]] = models.JSONField(
        help_text="By how much they differ, trait by trait."
    )
    smallest = models.TextField(help_text="The smallest effect that is seen by the end, in words.")
    made_at = models.DateTimeField()

    objects = ScopedManager()

    class Meta:
        db_table = "experiment_plans"
        base_manager_name = "objects"

    def __str__(self) -> str:
        return self.hash
