"""Ways into an organization: who was invited, and who asked to join."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from swingby.web.models.loads import new_key
from swingby.web.models.organizations import Organization, Role
from swingby.web.models.people import Person
from swingby.web.tenancy import Scope, ScopedManager


class InvitationState(models.TextChoices):
    """Where an invitation stands. One whose day has passed is over, whatever it says."""

    OPEN = "open", "Invited"
    ASKED = "asked", "Mail not confirmed"
    WAITING = "waiting", "Waits for you"
    ACCEPTED = "accepted", "Joined"
    WITHDRAWN = "withdrawn", "Withdrawn"
    DECLINED = "declined", "Declined"


OPEN_STATES = (InvitationState.OPEN, InvitationState.ASKED, InvitationState.WAITING)


class Invitation(models.Model):
    """One person on the way into one organization. Name and mail address stand with the person, as everywhere."""

    id = models.TextField(primary_key=True, default=new_key)
    organization = models.ForeignKey(Organization, models.PROTECT, db_column="organization", related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, db_column="person", related_name="+")
    role = models.TextField(choices=Role.choices)
    regions: ArrayField[list[str], list[str]] = ArrayField(models.TextField(), default=list)
    state = models.TextField(choices=InvitationState.choices)
    made_by = models.ForeignKey(Person, models.PROTECT, db_column="made_by", null=True, related_name="+")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    objects = ScopedManager()

    class Meta:
        db_table = "invitations"
        base_manager_name = "objects"
        ordering = ("-made_at", "id")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("organization", "person"), condition=models.Q(state__in=OPEN_STATES), name="invited_once"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=("organization", "state"), name="invitations_open")]

    def __str__(self) -> str:
        return f"{self.person_id} to {self.organization_id}"

    @staticmethod
    def visible_in(scope: Scope) -> models.Q:
        """Those of one's own organizations."""
        return models.Q(organization_id__in=scope.owner_orgs | scope.partner_orgs)
