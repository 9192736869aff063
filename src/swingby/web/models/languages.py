"""Which languages people speak, as they say themselves."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from swingby.web.models.learning import OrganizationRow
from swingby.web.models.organizations import Membership
from swingby.web.models.people import Person
from swingby.web.models.study import of_firm, own_or_job
from swingby.web.models.vouchers import VOUCHER_GIVERS
from swingby.web.tenancy import Scope, ScopedManager


class SpokenLanguages(OrganizationRow):
    """The languages of one person at a firm: study groups are matched by them, and who leads sees them if the person wants."""

    person = models.ForeignKey(Person, models.CASCADE, db_column="person", related_name="+")
    languages: ArrayField[list[str], list[str]] = ArrayField(models.TextField())
    is_shown = models.BooleanField(default=False, help_text="To those who lead learning, when they look who can help.")
    said_at = models.DateTimeField()

    objects = ScopedManager()

    class Meta:
        db_table = "spoken_languages"
        base_manager_name = "objects"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("organization", "person"), name="spoken_languages_once")
        ]

    def __str__(self) -> str:
        return f"{self.person_id}: {', '.join(self.languages)}"

    @staticmethod
    def visible_in(scope: Scope) -> models.Q:
        """One's own; what people show to those who lead; jobs match those of the firm."""
        led = Membership.objects.filter(person_id=scope.person, role__in=VOUCHER_GIVERS).values("organization_id")
        return own_or_job(scope) | (of_firm(scope) & models.Q(is_shown=True, organization_id__in=led))
