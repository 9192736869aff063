"""Terms of use by version, and who accepted which."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from swingby.web.models.loads import OwnersRow
from swingby.web.models.people import Person
from swingby.web.tenancy import Scope, ScopedManager


class TermsVersion(OwnersRow):
    """The terms under which a partner's people use a vendor's portal. A version is never changed."""

    id = models.BigAutoField(primary_key=True)
    number = models.PositiveIntegerField()
    text = models.TextField(max_length=100_000)
    published_by = models.ForeignKey(Person, models.PROTECT, db_column="published_by", related_name="+")
    published_at = models.DateTimeField()

    objects = ScopedManager()

    class Meta:
        db_table = "terms_versions"
        base_manager_name = "objects"
        constraints: ClassVar = [models.UniqueConstraint(fields=("owner", "number"), name="terms_once")]

    def __str__(self) -> str:
        return f"{self.owner_id} {self.number}"

    @staticmethod
    def visible_in(scope: Scope) -> models.Q:
        """The owner's, and those of vendors in whose programs one is."""
        from swingby.web.models.programs import Enrolment

        enrolled = Enrolment.objects.values("owner_id")
        return models.Q(owner_id__in=scope.owner_orgs) | models.Q(owner_id__in=enrolled)


class TermsAcceptance(OwnersRow):
    """One person accepted one version."""

    id = models.BigAutoField(primary_key=True)
    terms = models.ForeignKey(TermsVersion, models.PROTECT, db_column="terms", related_name="acceptances")
    person = models.ForeignKey(Person, models.PROTECT, db_column="person", related_name="+")
    accepted_at = models.DateTimeField()

    objects = ScopedManager()

    class Meta:
        db_table = "terms_acceptances"
        base_manager_name = "objects"
        constraints: ClassVar = [models.UniqueConstraint(fields=("terms", "person"), name="accepted_once")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.terms_id}"

    @staticmethod
    def visible_in(scope: Scope) -> models.Q:
        """One's own, and those of one's own terms."""
        mine = models.Q(person_id=scope.person) if scope.person else models.Q(pk__in=[])
        return models.Q(owner_id__in=scope.owner_orgs) | mine
