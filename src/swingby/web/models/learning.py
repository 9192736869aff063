"""What a firm keeps of its people's learning: its catalogue, who they are, what happened, and what asks for people."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from swingby.web.models.organizations import Organization
from swingby.web.models.people import Person
from swingby.web.tenancy import Scope, ScopedManager


class OrganizationRow(models.Model):
    """What belongs to one organization alone."""

    id = models.BigAutoField(primary_key=True)
    organization = models.ForeignKey(Organization, models.PROTECT, db_column="organization", related_name="+")

    class Meta:
        abstract = True

    @staticmethod
    def visible_in(scope: Scope) -> models.Q:
        """Those of one's own organizations."""
        return models.Q(organization_id__in=scope.owner_orgs | scope.partner_orgs)


class CertificationCatalogue(OrganizationRow):
    """A catalogue as it was taken on a day; the newest holds, and no text is ever changed."""

    files: models.JSONField[dict[str, str], dict[str, str]] = models.JSONField()
    digest = models.TextField()
    taken_on = models.DateField()
    taken_by = models.ForeignKey(Person, models.PROTECT, db_column="taken_by", null=True, related_name="+")

    objects = ScopedManager()

    class Meta:
        db_table = "certification_catalogues"
        base_manager_name = "objects"
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"Catalogue of {self.organization_id}, {self.taken_on}"


class Learner(OrganizationRow):
    """Somebody whom facts name by a key. The name stands with the person, as everywhere."""

    key = models.TextField(help_text="The person's key in the firm's facts.")
    person = models.ForeignKey(Person, models.PROTECT, db_column="person", related_name="+")

    objects = ScopedManager()

    class Meta:
        db_table = "learners"
        base_manager_name = "objects"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("organization", "key"), name="learner_once"),
            models.UniqueConstraint(fields=("organization", "person"), name="learner_person_once"),
        ]

    def __str__(self) -> str:
        return f"{self.key} of {self.organization_id}"


class LearningEvent(OrganizationRow):
    """Something that happened between a person and a certification. A failure is seen by the person alone."""

    learner = models.TextField(help_text="The person's key in the firm's facts.")
    code = models.TextField()
    kind = models.TextField(help_text="A kind of event of swingby.enablement.")
    day = models.DateField()
    exam_on = models.DateField(null=True)
    told_by = models.ForeignKey(Person, models.PROTECT, db_column="told_by", null=True, related_name="+")
    told_at = models.DateTimeField()

    objects = ScopedManager()

    class Meta:
        db_table = "learning_events"
        base_manager_name = "objects"
        ordering = ("id",)
        indexes: ClassVar = [models.Index(fields=("organization", "learner"), name="learning_events_of")]

    def __str__(self) -> str:
        return f"{self.learner} {self.kind} {self.code}"

    @staticmethod
    def visible_in(scope: Scope) -> models.Q:
        """Those of one's own organizations; failures only one's own."""
        own = models.Q(organization_id__in=scope.owner_orgs | scope.partner_orgs)
        return own & (~models.Q(kind="failed") | models.Q(told_by_id=scope.person))


class CertificationNeed(OrganizationRow):
    """How many people with one of some certifications a tier, a deal or a target asks for."""

    vendor = models.TextField(blank=True)
    kind = models.TextField(help_text="keep, next, deal or target.")
    source = models.TextField(help_text="Which tier or deal.")
    label = models.TextField(blank=True)
    codes: ArrayField[list[str], list[str]] = ArrayField(models.TextField())
    people = models.PositiveIntegerField()
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, help_text="The first day on which it no longer asks.")

    objects = ScopedManager()

    class Meta:
        db_table = "certification_needs"
        base_manager_name = "objects"
        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.source}: {self.people}"
