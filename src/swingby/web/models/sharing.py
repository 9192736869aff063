"""How others find the way to an organization, and what a partner shares with its distributor."""

from __future__ import annotations

import secrets
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from swingby.web.models.organizations import Organization
from swingby.web.models.people import Person
from swingby.web.models.programs import Enrolment, TenantRow
from swingby.web.tenancy import Scope, ScopedManager, two_sided


def new_code() -> str:
    """A code that nobody guesses, in letters that survive being read out."""
    return "".join(secrets.choice("abcdefghjkmnpqrstuvwxyz23456789") for _ in range(16))


class MatchAct(models.TextChoices):
    """What happens to somebody whose mail domain is the organization's."""

    JOINS = "joins", "Joins at once, as member"
    WAITS = "waits", "Waits for an admin"


class Doorway(models.Model):
    """The codes of an organization: a link under which its people ask to join, and a code for partners to share with."""

    organization = models.OneToOneField(
        Organization, models.PROTECT, db_column="organization", primary_key=True, related_name="+"
    )
    join_code = models.TextField(unique=True, default=new_code)
    share_code = models.TextField(unique=True, default=new_code)
    is_open = models.BooleanField(default=False, help_text="Whether people may ask to join by the link.")
    domains: ArrayField[list[str], list[str]] = ArrayField(models.TextField(), default=list)
    on_match = models.TextField(choices=MatchAct.choices, default=MatchAct.WAITS)
    second_factor_roles: ArrayField[list[str], list[str]] = ArrayField(
        models.TextField(), default=list, blank=True, help_text="Roles in which nobody goes on without a second factor."
    )

    objects = ScopedManager()

    class Meta:
        db_table = "doorways"
        base_manager_name = "objects"

    def __str__(self) -> str:
        return self.organization_id

    @staticmethod
    def visible_in(scope: Scope) -> models.Q:
        """Those of one's own organizations, and the one whose code is presented."""
        presented = models.Q(join_code=scope.token) | models.Q(share_code=scope.token) if scope.token else models.Q()
        return models.Q(organization_id__in=scope.owner_orgs | scope.partner_orgs) | presented


class StandingShare(TenantRow):
    """A partner lets its distributor see where it stands in one program, until either of them ends it."""

    id = models.BigAutoField(primary_key=True)
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, db_column="enrolment", related_name="shares")
    distributor = models.ForeignKey(Organization, models.PROTECT, db_column="distributor", related_name="+")
    distributor_name = models.TextField(help_text="As it was called then: the partner sees no other row of it.")
    shared_by = models.ForeignKey(Person, models.PROTECT, db_column="shared_by", related_name="+")
    shared_at = models.DateTimeField()
    ended_by = models.ForeignKey(Person, models.PROTECT, db_column="ended_by", null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)

    objects = ScopedManager()

    class Meta:
        db_table = "standing_shares"
        base_manager_name = "objects"
        ordering = ("-shared_at", "-id")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("enrolment", "distributor"), condition=models.Q(ended_at=None), name="shared_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enrolment_id} with {self.distributor_id}"

    @staticmethod
    def visible_in(scope: Scope) -> models.Q:
        """Both sides of the program, and the distributor."""
        return two_sided(scope) | models.Q(distributor_id__in=scope.partner_orgs)
