"""Nightly runs: what each recomputed, and where it came to something else than what was stored."""

from __future__ import annotations

from typing import Any

from django.db import models

from swingby.web.models.organizations import Organization
from swingby.web.models.programs import Enrolment, TenantRow
from swingby.web.tenancy import Scope, ScopedManager


class NightlyRun(models.Model):
    """One night of one owner: the copy brought up to date, everything recomputed, what the new day changes stored."""

    id = models.BigAutoField(primary_key=True)
    owner = models.ForeignKey(Organization, models.PROTECT, db_column="owner_org", related_name="+")
    day = models.DateField()
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    position = models.BigIntegerField(default=0, help_text="Up to where the copy holds the ledger.")
    copied_rows = models.BigIntegerField(default=0)
    copied_bytes = models.BigIntegerField(default=0)
    mended: models.JSONField[list[str], list[str]] = models.JSONField(
        default=list, help_text="Tables of the copy that did not hold what the database holds."
    )
    compared = models.IntegerField(default=0, help_text="Standings that were recomputed and compared.")
    disagreed = models.IntegerField(default=0)
    waiting = models.IntegerField(
        default=0, help_text="Not compared: a job of theirs waits, or they changed meanwhile."
    )
    refreshed = models.IntegerField(default=0, help_text="Standings brought to the new day.")
    failures: models.JSONField[list[str], list[str]] = models.JSONField(default=list)
    #: Where a year's activities came from; null where every page may count them itself.
    reported = models.BigIntegerField(null=True)
    from_systems = models.BigIntegerField(null=True)

    objects = ScopedManager()

    class Meta:
        db_table = "nightly_runs"
        base_manager_name = "objects"
        ordering = ("-day",)
        constraints = [models.UniqueConstraint(fields=("owner", "day"), name="nightly_run_once")]

    def __str__(self) -> str:
        return f"{self.owner_id} on {self.day}"

    @staticmethod
    def visible_in(scope: Scope) -> models.Q:
        """The owner's side only."""
        return models.Q(owner_id__in=scope.owner_orgs)


class Disagreement(TenantRow):
    """A stored standing that the nightly run does not come to: an alarm until a later night agrees."""

    id = models.BigAutoField(primary_key=True)
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, db_column="enrolment", related_name="+")
    as_of = models.DateField()
    stored_position = models.BigIntegerField()
    known_at = models.BigIntegerField(help_text="The position that the nightly run knew.")
    program_hash = models.TextField()
    differences: models.JSONField[list[dict[str, Any]], list[dict[str, Any]]] = models.JSONField()
    found_on = models.DateField()
    last_found_on = models.DateField()
    settled_on = models.DateField(null=True)

    objects = ScopedManager()

    class Meta:
        db_table = "disagreements"
        base_manager_name = "objects"
        ordering = ("-found_on", "id")
        constraints = [
            models.UniqueConstraint(
                fields=("enrolment",), condition=models.Q(settled_on=None), name="disagreement_open_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.enrolment_id} as of {self.as_of}"

    @staticmethod
    def visible_in(scope: Scope) -> models.Q:
        """The owner's side only: a partner sees the standing that counts."""
        return models.Q(owner_id__in=scope.owner_orgs)
