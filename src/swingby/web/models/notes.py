"""Notes about a partner: shared, or for one's own side only."""

from __future__ import annotations

from django.db import models

from swingby.web.models.people import Person
from swingby.web.models.programs import TenantRow
from swingby.web.tenancy import Scope, ScopedManager


class Side(models.TextChoices):
    """Which of the two sides of a program somebody acts on."""

    VENDOR = "vendor", "Vendor"
    PARTNER = "partner", "Partner"


class Audience(models.TextChoices):
    """Who may read: both sides, or the writer's."""

    SHARED = "shared", "Shared"
    ONLY_US = "only_us", "Only us"


class Note(TenantRow):
    """A few words that stay with a partner."""

    id = models.BigAutoField(primary_key=True)
    side = models.TextField(choices=Side.choices)
    audience = models.TextField(choices=Audience.choices)
    written_by = models.ForeignKey(Person, models.PROTECT, db_column="written_by", related_name="+")
    written_at = models.DateTimeField()
    text = models.TextField(max_length=4000)

    objects = ScopedManager()

    class Meta:
        db_table = "notes"
        base_manager_name = "objects"
        ordering = ("-written_at", "-id")

    def __str__(self) -> str:
        return self.text[:40]

    @staticmethod
    def visible_in(scope: Scope) -> models.Q:
        """What one's own side wrote, and of the other side's only what it shared."""
        shared = models.Q(audience=Audience.SHARED)
        vendor = models.Q(owner_id__in=scope.owner_orgs) & (shared | models.Q(side=Side.VENDOR))
        partner = models.Q(partner_id__in=scope.partner_orgs) & (shared | models.Q(side=Side.PARTNER))
        return vendor | partner
