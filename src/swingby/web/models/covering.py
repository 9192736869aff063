"""Who holds what in a firm too large to count at each request, and at each partner of a vendor, as it was counted."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models

from swingby.web.models.learning import OrganizationRow
from swingby.web.models.organizations import Organization
from swingby.web.models.programs import TenantRow
from swingby.web.tenancy import Scope, ScopedManager

Numbers = dict[str, list[int]]


class CountedOn(models.Model):
    """What was known when it was counted; nothing in it while it never was."""

    day = models.DateField(null=True, help_text="The day that was looked at.")
    position = models.BigIntegerField(default=0, help_text="Up to where the ledger was known.")
    catalogue = models.BigIntegerField(default=0, help_text="Which catalogue; 0 for one made of types of credentials.")

    class Meta:
        abstract = True


class CoverageCount(OrganizationRow, CountedOn):
    """Of an office of a firm, or of the whole: people, and by certification how many hold it, lapse, are on the way."""

    office = models.TextField(blank=True, help_text="Empty for the whole firm.")
    people = models.PositiveIntegerField()
    figures: models.JSONField[Numbers, Numbers] = models.JSONField(help_text="By code: held, lapsing soon, on the way.")
    asks: models.JSONField[Numbers, Numbers] = models.JSONField(
        default=dict, help_text="By the codes that a tier asks for: people with one, with none soon, with none later."
    )
    unknown = models.PositiveIntegerField(default=0, help_text="Records of certifications that the catalogue lacks.")
    counted_at = models.DateTimeField()

    objects = ScopedManager()

    class Meta:
        db_table = "coverage_counts"
        base_manager_name = "objects"
        constraints: ClassVar = [models.UniqueConstraint(fields=("organization", "office"), name="coverage_count_once")]

    def __str__(self) -> str:
        return f"{self.organization_id} {self.office}"


class CoveragePortion(OrganizationRow, CountedOn):
    """Some of the people of a firm, counted by office; the portions together are everybody, and nobody is in two."""

    number = models.PositiveIntegerField()
    is_due = models.BooleanField(default=True, help_text="Something that concerns one of them came since.")
    offices: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)
    asks: models.JSONField[Numbers, Numbers] = models.JSONField(default=dict)

    objects = ScopedManager()

    class Meta:
        db_table = "coverage_portions"
        base_manager_name = "objects"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("organization", "number"), name="coverage_portion_once")
        ]

    def __str__(self) -> str:
        return f"{self.organization_id} {self.number}"


class CountedLists(models.Model):
    """Lists that belong together: one place for each certification of which there is something to say."""

    codes: ArrayField[list[str], list[str]] = ArrayField(models.TextField(), default=list)
    held: ArrayField[list[int], list[int]] = ArrayField(models.IntegerField(), default=list)
    lapsing: ArrayField[list[int], list[int]] = ArrayField(models.IntegerField(), default=list)
    needed: ArrayField[list[int], list[int]] = ArrayField(models.IntegerField(), default=list)
    missing: ArrayField[list[int], list[int]] = ArrayField(models.IntegerField(), default=list)
    uncovered: ArrayField[list[int], list[int]] = ArrayField(models.IntegerField(), default=list)

    class Meta:
        abstract = True


class PartnerCoverage(TenantRow, CountedOn, CountedLists):
    """Of a partner, as its vendor's facts tell; each person at one partner. It is the vendor's own."""

    id = models.BigAutoField(primary_key=True)
    is_due = models.BooleanField(default=True, help_text="Something that concerns it came since.")
    people = models.PositiveIntegerField(default=0)
    to_keep = models.PositiveIntegerField(default=0, help_text="People missing to keep the tiers held.")
    to_reach = models.PositiveIntegerField(default=0, help_text="People missing to reach the next tiers.")
    lacks = models.TextField(blank=True, help_text="What lacks most of it, in words.")
    counted_at = models.DateTimeField(null=True)

    objects = ScopedManager()

    class Meta:
        db_table = "partner_coverages"
        base_manager_name = "objects"
        constraints: ClassVar = [models.UniqueConstraint(fields=("owner", "partner"), name="partner_coverage_once")]

    def __str__(self) -> str:
        return self.partner_id

    @staticmethod
    def visible_in(scope: Scope) -> models.Q:
        """The vendor's."""
        return models.Q(owner_id__in=scope.owner_orgs)


class RegionCoverage(CountedLists):
    """The lists of all partners of a region, added up: good for as long as the partners' own lists say the same."""

    id = models.BigAutoField(primary_key=True)
    owner = models.ForeignKey(Organization, models.PROTECT, db_column="owner_org", related_name="+")
    region = models.TextField(blank=True, help_text="Empty for partners without one.")
    content = models.TextField(help_text="Which partners with which lists were added up, as one number.")

    objects: ClassVar[ScopedManager[Self]] = ScopedManager()

    class Meta:
        db_table = "region_coverages"
        base_manager_name = "objects"
        constraints: ClassVar = [models.UniqueConstraint(fields=("owner", "region"), name="region_coverage_once")]

    def __str__(self) -> str:
        return self.region

    @staticmethod
    def visible_in(scope: Scope) -> models.Q:
        """The vendor's."""
        return models.Q(owner_id__in=scope.owner_orgs)

    @staticmethod
    def inside_region(scope: Scope) -> models.Q:
        """For a regional lead: of the regions led. It is good for the partners of the whole region, and for no fewer."""
        found = ~models.Q(owner_id__in=scope.limited_owners)
        for owner, region in (led.split("/", 1) for led in scope.led_regions):
            found |= models.Q(owner_id=owner, region=region)
        return found
