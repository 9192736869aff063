"""Organizations, and who works for them in which role."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from swingby.web.models.people import Person
from swingby.web.tenancy import Scope, ScopedManager, any_of


class Organization(models.Model):
    """A company. ``lineage`` is itself and all above it, so that a policy needs no recursion."""

    id = models.TextField(primary_key=True)
    name = models.TextField()
    parent = models.ForeignKey("self", models.PROTECT, db_column="parent", null=True, blank=True, related_name="+")
    lineage: ArrayField[list[str], list[str]] = ArrayField(models.TextField())
    country = models.TextField(blank=True)
    region = models.TextField(blank=True)
    registered_by = models.TextField(help_text="The program owner that brought this organization in.")

    objects = ScopedManager()

    class Meta:
        db_table = "organizations"
        base_manager_name = "objects"
        ordering = ("name", "id")

    def __str__(self) -> str:
        return self.name

    @staticmethod
    def visible_in(scope: Scope) -> models.Q:
        """Own organizations, those one brought in, and the owners of programs one is enrolled in."""
        from swingby.web.models.programs import Enrolment

        own = sorted(scope.owner_orgs | scope.partner_orgs)
        return (
            models.Q(lineage__overlap=own)
            | models.Q(registered_by__in=scope.owner_orgs)
            | models.Q(pk__in=Enrolment.objects.values("owner_id"))
            | models.Q(pk__in=Enrolment.objects.values("partner_id"))
        )

    @staticmethod
    def inside_region(scope: Scope) -> models.Q:
        """For a regional lead: partners of the region, and whoever stands in a program that the lead sees."""
        from swingby.web.models.programs import Enrolment

        own = models.Q(pk__in=scope.limited_owners) | models.Q(pk__in=any_of(scope.region_partners))
        return (
            ~models.Q(registered_by__in=scope.limited_owners)
            | own
            | models.Q(pk__in=Enrolment.objects.values("partner_id"))
        )


class Role(models.TextChoices):
    """What a person does for an organization; the first seven on the vendor's side."""

    VENDOR_ADMIN = "vendor_admin", "Vendor admin"
    PROGRAM_MANAGER = "program_manager", "Program manager"
    SUCCESS_MANAGER = "success_manager", "Partner success manager"
    REGIONAL_LEAD = "regional_lead", "Regional lead"
    OPERATIONS = "operations", "Partner operations"
    FINANCE = "finance", "Finance"
    EXECUTIVE = "executive", "Executive"
    PARTNER_ADMIN = "partner_admin", "Partner admin"
    PARTNER_MANAGER = "partner_manager", "Partner manager"
    PARTNER_MEMBER = "partner_member", "Partner member"
    PARTNER_FINANCE = "partner_finance", "Partner finance"


VENDOR_ROLES = frozenset(
    {
        *(Role.VENDOR_ADMIN, Role.PROGRAM_MANAGER, Role.SUCCESS_MANAGER, Role.REGIONAL_LEAD),
        *(Role.OPERATIONS, Role.FINANCE, Role.EXECUTIVE),
    }
)
PARTNER_ROLES = frozenset(Role) - VENDOR_ROLES


class Membership(models.Model):
    """One person in one role at one organization; a person may hold several."""

    id = models.BigAutoField(primary_key=True)
    person = models.ForeignKey(Person, models.CASCADE, db_column="person", related_name="memberships")
    organization = models.ForeignKey(Organization, models.PROTECT, db_column="organization", related_name="+")
    role = models.TextField(choices=Role.choices)
    regions: ArrayField[list[str], list[str]] = ArrayField(
        models.TextField(), default=list, blank=True, help_text="What a regional lead looks after."
    )

    objects = ScopedManager()

    class Meta:
        db_table = "memberships"
        base_manager_name = "objects"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("person", "organization", "role"), name="membership_once"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.role} {self.organization_id}"

    @staticmethod
    def visible_in(scope: Scope) -> models.Q:
        """One's own, and those of colleagues in one's organizations."""
        own = scope.owner_orgs | scope.partner_orgs
        return models.Q(person_id=scope.person) | models.Q(organization_id__in=own)
