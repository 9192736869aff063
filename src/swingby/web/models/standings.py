"""Standings as they were computed: never changed, the one at the highest position counts."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models

from swingby.web.models.programs import Enrolment, ProgramVersion, TenantRow
from swingby.web.tenancy import Scope, ScopedManager, two_sided


class Standing(TenantRow):
    """The result for one enrolment on one date, with all that is needed to replay it."""

    id = models.BigAutoField(primary_key=True)
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, db_column="enrolment", related_name="standings")
    as_of = models.DateField()
    position = models.BigIntegerField()
    program_version = models.ForeignKey(ProgramVersion, models.PROTECT, db_column="program_version", related_name="+")
    program_hash = models.TextField()
    engine_version = models.TextField()
    computed_at = models.DateTimeField(auto_now_add=True)
    tier = models.TextField(blank=True)
    result: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField()

    objects = ScopedManager()

    class Meta:
        db_table = "standings"
        base_manager_name = "objects"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("enrolment", "as_of", "position", "program_hash"), name="standing_once"),
        ]

    def __str__(self) -> str:
        return f"{self.enrolment_id} as of {self.as_of} at {self.position}"

    @staticmethod
    def visible_in(scope: Scope) -> models.Q:
        """Those of both sides, and those of partners who share them with one's own organization."""
        return two_sided(scope) | models.Q(enrolment_id__in=scope.shared_enrolments)


class StandingRequirement(TenantRow):
    """One requirement row of a standing: value, threshold and gap."""

    id = models.BigAutoField(primary_key=True)
    standing = models.ForeignKey(Standing, models.CASCADE, db_column="standing", related_name="requirements")
    ladder = models.TextField(blank=True)
    tier = models.TextField(blank=True)
    requirement = models.TextField()
    state = models.TextField()
    value = models.DecimalField(max_digits=38, decimal_places=12, null=True)
    threshold = models.DecimalField(max_digits=38, decimal_places=12, null=True)
    gap = models.DecimalField(max_digits=38, decimal_places=12, null=True)

    objects = ScopedManager()

    class Meta:
        db_table = "standing_requirements"
        base_manager_name = "objects"

    def __str__(self) -> str:
        return f"{self.requirement}: {self.state}"
