"""Programs, their immutable versions, and who is enrolled in them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from swingby.web.models.organizations import Organization
from swingby.web.models.people import Person
from swingby.web.tenancy import Scope, ScopedManager, two_sided

#: The state of the proposal of a version that was announced and will not come; see ``VersionState``.
WITHDRAWN = "withdrawn"


class TenantRow(models.Model):
    """What every two-sided row carries: whose program it belongs to, and which partner it concerns."""

    owner = models.ForeignKey(Organization, models.PROTECT, db_column="owner_org", related_name="+")
    partner = models.ForeignKey(Organization, models.PROTECT, db_column="partner_org", related_name="+")

    class Meta:
        abstract = True

    @staticmethod
    def visible_in(scope: Scope) -> models.Q:
        """Rows of one's programs and rows about one's own organizations."""
        return two_sided(scope)


class Program(models.Model):
    """A partner program of one owner."""

    id = models.TextField(primary_key=True)
    owner = models.ForeignKey(Organization, models.PROTECT, db_column="owner_org", related_name="+")
    name = models.TextField()
    notice_days = models.PositiveSmallIntegerField(
        default=60, help_text="Days between announcing a version and its first day, as the agreements ask for."
    )
    promotions_wait = models.BooleanField(default=False, help_text="Promotions of a review wait for a person.")
    demotions_wait = models.BooleanField(default=True, help_text="Demotions of a review wait for a person.")

    objects = ScopedManager()

    class Meta:
        db_table = "programs"
        base_manager_name = "objects"

    def __str__(self) -> str:
        return self.name

    @staticmethod
    def visible_in(scope: Scope) -> models.Q:
        """The owner's, and those one is enrolled in."""
        enrolled = Enrolment.objects.values("program_id")
        return models.Q(owner_id__in=scope.owner_orgs) | models.Q(pk__in=enrolled)


class ProgramVersion(models.Model):
    """The text of a program as it holds from a date. The application's role may add versions, never change one."""

    id = models.BigAutoField(primary_key=True)
    program = models.ForeignKey(Program, models.PROTECT, db_column="program", related_name="versions")
    owner = models.ForeignKey(Organization, models.PROTECT, db_column="owner_org", related_name="+")
    version = models.TextField()
    effective = models.DateField()
    files: models.JSONField[dict[str, str], dict[str, str]] = models.JSONField()
    hash = models.TextField()
    published_at = models.DateTimeField(auto_now_add=True)

    objects = ScopedManager()

    class Meta:
        db_table = "program_versions"
        base_manager_name = "objects"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("program", "version"), name="program_version_once"),
        ]

    def __str__(self) -> str:
        return f"{self.program_id} {self.version}"

    @staticmethod
    def visible_in(scope: Scope) -> models.Q:
        """The owner's, and those of programs one is enrolled in; one that was withdrawn before its first day never holds."""
        enrolled = Enrolment.objects.values("program_id")
        seen = models.Q(owner_id__in=scope.owner_orgs) | models.Q(program_id__in=enrolled)
        return seen & ~models.Q(proposal__state=WITHDRAWN)


class Enrolment(TenantRow):
    """One partner in one program."""

    id = models.TextField(primary_key=True)
    program = models.ForeignKey(Program, models.PROTECT, db_column="program", related_name="enrolments")
    joined_on = models.DateField()
    ended_on = models.DateField(null=True, blank=True)
    success_manager = models.ForeignKey(
        Person, models.SET_NULL, db_column="success_manager", null=True, blank=True, related_name="+"
    )

    objects = ScopedManager()

    class Meta:
        db_table = "enrolments"
        base_manager_name = "objects"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("program", "partner"), name="enrolled_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=("owner", "ended_on"), condition=~models.Q(ended_on=None), name="enrolments_ended"),
        ]

    def __str__(self) -> str:
        return f"{self.partner_id} in {self.program_id}"

    @staticmethod
    def visible_in(scope: Scope) -> models.Q:
        """Those of both sides, and those that their partners share with one's own organization."""
        return two_sided(scope) | models.Q(pk__in=scope.shared_enrolments)
