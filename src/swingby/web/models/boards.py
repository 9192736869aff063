"""What boards rank, as it was counted; who is shown on them by choice, and where nobody is."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from swingby.web.models.learning import OrganizationRow
from swingby.web.models.people import Person
from swingby.web.models.programs import TenantRow
from swingby.web.tenancy import Scope, ScopedManager


class Grouping(models.TextChoices):
    """What the lines of a board are."""

    OFFICE = "office", "Offices"
    TEAM = "team", "Teams"
    REGION = "region", "Regions"
    JOINED = "joined", "Those who joined in one year"
    PERSON = "person", "People"
    PARTNER = "partner", "Partners"


class BoardPeriod(models.TextChoices):
    """Which days a board is about."""

    WEEKS = "weeks", "Last 13 weeks"
    QUARTER = "quarter", "Last whole quarter"
    YEAR = "year", "Last whole year"


class ShownAs(models.TextChoices):
    """As whom somebody is shown among people."""

    NAME = "name", "By name"
    PSEUDONYM = "pseudonym", "By a pseudonym"


class Counted(models.Model):
    """What became of the credentials of a part in a period, or in the one before it."""

    period = models.TextField(choices=BoardPeriod.choices)
    is_before = models.BooleanField(default=False)
    starts_on = models.DateField()
    ends_on = models.DateField(help_text="The first day that is not counted.")
    heads = models.PositiveIntegerField(help_text="People on the last day.")
    held_before = models.PositiveIntegerField()
    earned = models.PositiveIntegerField()
    lapsed = models.PositiveIntegerField()
    moved_in = models.PositiveIntegerField()
    moved_out = models.PositiveIntegerField()
    held_after = models.PositiveIntegerField()
    counted_on = models.DateField()

    class Meta:
        abstract = True


class BoardCount(OrganizationRow, Counted):
    """Of a part of a firm: a team, an office, a region, those who joined in one year; or one person who chose it."""

    grouping = models.TextField(choices=Grouping.choices)
    key = models.TextField(help_text="Which part; of people the key in the firm's facts.")
    within = models.TextField(blank=True, help_text="What it is a part of; of people the country.")

    objects = ScopedManager()

    class Meta:
        db_table = "board_counts"
        base_manager_name = "objects"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("organization", "grouping", "period", "is_before", "key"), name="board_count_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.grouping} {self.key}, {self.period}"


class PartnerBoardCount(TenantRow, Counted):
    """Of a partner, as its vendor's facts tell. It is the vendor's own."""

    id = models.BigAutoField(primary_key=True)
    joined = models.PositiveSmallIntegerField(help_text="The year in which the partner joined.")

    objects = ScopedManager()

    class Meta:
        db_table = "partner_board_counts"
        base_manager_name = "objects"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("owner", "partner", "period", "is_before"), name="partner_board_count_once")
        ]

    def __str__(self) -> str:
        return f"{self.partner_id}, {self.period}"

    @staticmethod
    def visible_in(scope: Scope) -> models.Q:
        """The vendor's."""
        return models.Q(owner_id__in=scope.owner_orgs)


class BoardChoice(OrganizationRow):
    """Somebody wants to be among the people on the firm's board. Without a row nobody is."""

    person = models.ForeignKey(Person, models.CASCADE, db_column="person", related_name="+")
    learner = models.TextField(help_text="The person's key in the firm's facts.")
    shown_as = models.TextField(choices=ShownAs.choices)
    pseudonym = models.TextField()
    chosen_at = models.DateTimeField()

    objects = ScopedManager()

    class Meta:
        db_table = "board_choices"
        base_manager_name = "objects"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("organization", "person"), name="board_choice_once"),
            models.UniqueConstraint(fields=("organization", "pseudonym"), name="board_pseudonym_once"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.shown_as}"


class ForbiddenCountry(OrganizationRow):
    """A country whose people a firm's board never shows one by one, whatever they choose."""

    country = models.TextField(blank=True, help_text="As the records write it; empty for offices without one.")
    by = models.ForeignKey(Person, models.PROTECT, db_column="by", related_name="+")
    at = models.DateTimeField()

    objects = ScopedManager()

    class Meta:
        db_table = "board_countries"
        base_manager_name = "objects"
        constraints: ClassVar = [models.UniqueConstraint(fields=("organization", "country"), name="board_country_once")]

    def __str__(self) -> str:
        return self.country
