"""Badges that were issued, the keys that sign them, and badges of others that people keep."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from swingby.web.models.learning import OrganizationRow
from swingby.web.models.loads import new_key
from swingby.web.models.people import Person
from swingby.web.tenancy import Scope, ScopedManager


class BadgeKey(OrganizationRow):
    """A key that signs badges. The private half is sealed; the public one is published as long as it is good."""

    id = models.TextField(primary_key=True, default=new_key)  # type: ignore[assignment]
    sealed = models.TextField()
    public: models.JSONField[dict[str, str], dict[str, str]] = models.JSONField()
    made_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True, help_text="From when on it signs nothing any more.")
    is_good = models.BooleanField(default=True, help_text="False: what it signed does not count any more.")

    objects = ScopedManager()

    class Meta:
        db_table = "badge_keys"
        base_manager_name = "objects"

    def __str__(self) -> str:
        return self.pk

    @staticmethod
    def visible_in(scope: Scope) -> models.Q:
        """Those of one's own organizations, and the one that is asked for by its key."""
        return OrganizationRow.visible_in(scope) | models.Q(pk=scope.token)


class Badge(OrganizationRow):
    """A certification that somebody holds, as a badge. The file is made when it is asked for and kept nowhere."""

    id = models.TextField(primary_key=True, default=new_key)  # type: ignore[assignment]
    person = models.ForeignKey(Person, models.PROTECT, db_column="person", related_name="+")
    learner = models.TextField(help_text="The person's key in the firm's facts.")
    code = models.TextField()
    label = models.TextField()
    vendor = models.TextField()
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    status_index = models.PositiveIntegerField()
    issued_at = models.DateTimeField()
    is_public = models.BooleanField(default=False)
    shows_name = models.BooleanField(default=False)
    withdrawn_at = models.DateTimeField(null=True)

    objects = ScopedManager()

    class Meta:
        db_table = "badges"
        base_manager_name = "objects"
        ordering = ("label", "id")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("organization", "status_index"), name="badge_index_once"),
            models.UniqueConstraint(
                fields=("organization", "learner", "code", "starts_on", "ends_on"),
                condition=models.Q(withdrawn_at=None),
                nulls_distinct=False,
                name="badge_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.label}: {self.pk}"

    @staticmethod
    def visible_in(scope: Scope) -> models.Q:
        """One's own, all of them where a job looks, and a public one that is asked for by its key."""
        rows = OrganizationRow.visible_in(scope)
        own = rows & models.Q(person_id=scope.person) if scope.person else rows
        return own | models.Q(pk=scope.token, is_public=True)


class ForeignBadge(OrganizationRow):
    """A badge that somebody else issued, as the person brought it, with what was found out about it."""

    person = models.ForeignKey(Person, models.PROTECT, db_column="person", related_name="+")
    digest = models.TextField()
    name = models.TextField()
    issuer = models.TextField()
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    proof = models.TextField(help_text="How the key was found that the signature holds against.")
    text = models.TextField(help_text="The file itself.")
    taken_at = models.DateTimeField()

    objects = ScopedManager()

    class Meta:
        db_table = "foreign_badges"
        base_manager_name = "objects"
        ordering = ("name", "id")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("organization", "person", "digest"), name="foreign_badge_once")
        ]

    def __str__(self) -> str:
        return f"{self.name} by {self.issuer}"

    @staticmethod
    def visible_in(scope: Scope) -> models.Q:
        """One's own."""
        return OrganizationRow.visible_in(scope) & models.Q(person_id=scope.person)
