"""Who did what: append-only chains, one per owner, partner and acting side. Keys only, no names."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models

from swingby.web.models.notes import Side
from swingby.web.models.programs import TenantRow
from swingby.web.tenancy import Scope, ScopedManager


class AuditEntry(TenantRow):
    """One act. ``hash`` covers the entry and the hash before it in its chain."""

    id = models.BigAutoField(primary_key=True)
    side = models.TextField(choices=Side.choices)
    number = models.BigIntegerField()
    at = models.DateTimeField()
    actor = models.TextField()
    action = models.TextField()
    subject = models.TextField()
    detail: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)
    previous_hash = models.TextField(blank=True)
    hash = models.TextField()

    objects = ScopedManager()

    class Meta:
        db_table = "audit_entries"
        base_manager_name = "objects"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("owner", "partner", "side", "number"), name="audit_number_once"),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.subject}"

    @staticmethod
    def visible_in(scope: Scope) -> models.Q:
        """The owner reads all; a partner reads what its own side did."""
        own_acts = models.Q(partner_id__in=scope.partner_orgs, side=Side.PARTNER)
        return models.Q(owner_id__in=scope.owner_orgs) | own_acts
