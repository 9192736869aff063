"""What the page of one partner keeps: documents, and when somebody last looked."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from swingby.web.models.loads import StoredFile
from swingby.web.models.notes import Audience, Note, Side
from swingby.web.models.people import Person
from swingby.web.models.programs import Enrolment, TenantRow
from swingby.web.tenancy import Scope, ScopedManager


class PartnerVisit(TenantRow):
    """When a person of the vendor looked at a partner, and when the time before."""

    id = models.BigAutoField(primary_key=True)
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, db_column="enrolment", related_name="+")
    person = models.ForeignKey(Person, models.CASCADE, db_column="person", related_name="+")
    seen_at = models.DateTimeField()
    seen_position = models.BigIntegerField(default=0, help_text="The ledger position that was known then.")
    before_at = models.DateTimeField(null=True)
    before_position = models.BigIntegerField(default=0)

    objects = ScopedManager()

    class Meta:
        db_table = "partner_visits"
        base_manager_name = "objects"
        constraints: ClassVar = [models.UniqueConstraint(fields=("enrolment", "person"), name="visit_once")]

    def __str__(self) -> str:
        return f"{self.person_id} at {self.enrolment_id}"

    @staticmethod
    def visible_in(scope: Scope) -> models.Q:
        """One's own, at a vendor one works for."""
        return models.Q(owner_id__in=scope.owner_orgs, person_id=scope.person)


class PartnerDocument(TenantRow):
    """A file that stays with a partner: shared, or for one's own side only."""

    id = models.BigAutoField(primary_key=True)
    side = models.TextField(choices=Side.choices)
    audience = models.TextField(choices=Audience.choices)
    file = models.ForeignKey(StoredFile, models.PROTECT, db_column="file", related_name="+")
    added_by = models.ForeignKey(Person, models.PROTECT, db_column="added_by", related_name="+")
    added_at = models.DateTimeField()

    objects = ScopedManager()

    class Meta:
        db_table = "partner_documents"
        base_manager_name = "objects"
        ordering = ("-added_at", "-id")

    def __str__(self) -> str:
        return str(self.file_id)

    @staticmethod
    def visible_in(scope: Scope) -> models.Q:
        """As notes: what one's own side added, and of the other side's only what it shared."""
        return Note.visible_in(scope)
