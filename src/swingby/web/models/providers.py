"""The identity provider of an organization, and whom it spoke of."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from swingby.web.models.organizations import Organization
from swingby.web.models.people import Person
from swingby.web.tenancy import Scope, ScopedManager


class IdentityProvider(models.Model):
    """Where an organization's people prove who they are. The secret is sealed; it is never shown again."""

    organization = models.OneToOneField(
        Organization, models.PROTECT, db_column="organization", primary_key=True, related_name="+"
    )
    issuer = models.TextField()
    client_id = models.TextField()
    secret = models.TextField(help_text="Sealed with the key that stands outside the database.")
    domains: ArrayField[list[str], list[str]] = ArrayField(models.TextField(), help_text="Whose addresses count.")
    is_required = models.BooleanField(default=False, help_text="Whether its people get in by it only.")
    changed_by = models.ForeignKey(Person, models.PROTECT, db_column="changed_by", related_name="+")
    changed_at = models.DateTimeField()

    objects = ScopedManager()

    class Meta:
        db_table = "identity_providers"
        base_manager_name = "objects"

    def __str__(self) -> str:
        return self.organization_id

    @staticmethod
    def visible_in(scope: Scope) -> models.Q:
        """That of one's own organizations, and the one that speaks for the domain that is asked for."""
        asked = models.Q(domains__contains=[scope.token]) if scope.token else models.Q()
        return models.Q(organization_id__in=scope.owner_orgs | scope.partner_orgs) | asked


class ProviderIdentity(models.Model):
    """A person as an organization's provider calls it. The provider's own key for it never changes; an address may."""

    id = models.BigAutoField(primary_key=True)
    organization = models.ForeignKey(Organization, models.PROTECT, db_column="organization", related_name="+")
    issuer = models.TextField()
    subject = models.TextField()
    person = models.ForeignKey(Person, models.CASCADE, db_column="person", related_name="+")
    is_own_act = models.BooleanField(default=False, help_text="Connected by the person while signed in.")
    made_at = models.DateTimeField()

    objects = ScopedManager()

    class Meta:
        db_table = "provider_identities"
        base_manager_name = "objects"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("organization", "issuer", "subject"), name="identity_once"),
        ]

    def __str__(self) -> str:
        return f"{self.subject} at {self.organization_id}"

    @staticmethod
    def visible_in(scope: Scope) -> models.Q:
        """Those of one's own organizations."""
        return models.Q(organization_id__in=scope.owner_orgs | scope.partner_orgs)
