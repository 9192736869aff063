"""What the vendor's daily pages read of each partner: kept at assessment time, so that a page only reads."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from swingby.web.models.organizations import Organization
from swingby.web.models.people import Person
from swingby.web.models.programs import Enrolment, TenantRow
from swingby.web.tenancy import Scope, ScopedManager


class PortfolioRow(TenantRow):
    """One partner on the portfolio. The vendor's own view: a partner reads its standing instead."""

    enrolment = models.OneToOneField(
        Enrolment, models.PROTECT, db_column="enrolment", primary_key=True, related_name="portfolio"
    )
    name = models.TextField()
    region = models.TextField(blank=True)
    as_of = models.DateField(null=True)
    position = models.BigIntegerField(default=0)
    tier = models.TextField(blank=True)
    tier_rank = models.SmallIntegerField(default=-1)
    next_tier = models.TextField(blank=True)
    score = models.DecimalField(max_digits=24, decimal_places=8, null=True)
    trend = models.DecimalField(max_digits=24, decimal_places=8, null=True, help_text="The score less that of then.")
    trend_since = models.DateField(null=True)
    next_review = models.DateField(null=True, help_text="The first day on which the tier can change.")
    loses_on = models.DateField(null=True, help_text="The first day on which the tier can be lost.")
    worth = models.DecimalField(max_digits=24, decimal_places=8, null=True)
    worth_unit = models.TextField(blank=True)
    gaps = models.SmallIntegerField(default=0, help_text="Closed requirements of the next tier.")
    gap_words = models.TextField(blank=True)
    at_risk = models.SmallIntegerField(
        default=0, help_text="Requirements of the tier held that will be closed at the next review if nothing happens."
    )
    #: What will be closed at that review: label, words, and whether it is closed today already.
    outlook: models.JSONField[list[dict[str, Any]], list[dict[str, Any]]] = models.JSONField(default=list)
    outlook_position = models.BigIntegerField(default=0)
    outlook_on = models.DateField(null=True)
    kept = models.SmallIntegerField(default=0, help_text="Periods in which the partner kept its rhythms.")
    asked = models.SmallIntegerField(default=0, help_text="Periods that are over and known.")
    #: The partner's promises that were due: words, periods kept and due, and how many were missed in a row up to the newest.
    rhythms: models.JSONField[list[dict[str, Any]], list[dict[str, Any]]] = models.JSONField(default=list)
    missed_kinds = models.SmallIntegerField(null=True, help_text="Kinds of rhythms missed when last due.")
    missed_running = models.SmallIntegerField(default=0, help_text="The most periods missed in a row of one kind.")
    our_kept = models.SmallIntegerField(default=0)
    our_asked = models.SmallIntegerField(default=0)
    last_touch = models.DateField(null=True, help_text="When somebody of ours was last in touch.")
    last_activity = models.DateField(null=True, help_text="The newest activity of the two years before.")
    busy_before = models.IntegerField(default=0, help_text="Activities in the year that ends with the newest one.")
    tier_before = models.TextField(
        blank=True, help_text="The tier before it moved last; of two moves in a week the first."
    )
    tier_moved_on = models.DateField(null=True)

    objects = ScopedManager()

    class Meta:
        db_table = "portfolio_rows"
        base_manager_name = "objects"
        indexes: ClassVar = [models.Index(fields=("owner", "name"), name="portfolio_by_name")]

    def __str__(self) -> str:
        return self.name

    @staticmethod
    def visible_in(scope: Scope) -> models.Q:
        """The vendor's side only."""
        return models.Q(owner_id__in=scope.owner_orgs)


class RhythmState(models.TextChoices):
    """Whether a promise of one period was kept."""

    KEPT = "kept", "Kept"
    MISSED = "missed", "Missed"
    OPEN = "open", "Open"
    UNKNOWN = "unknown", "Not known"


class RhythmPeriod(TenantRow):
    """One promise with a cadence, in one period: the vendor's or the partner's. Both sides read it."""

    id = models.BigAutoField(primary_key=True)
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, db_column="enrolment", related_name="rhythms")
    rhythm = models.TextField()
    label = models.TextField()
    side = models.TextField()
    starts_on = models.DateField()
    last_day = models.DateField()
    asked = models.DecimalField(max_digits=24, decimal_places=8)
    done = models.DecimalField(max_digits=24, decimal_places=8, null=True)
    state = models.TextField(choices=RhythmState.choices)

    objects = ScopedManager()

    class Meta:
        db_table = "rhythm_periods"
        base_manager_name = "objects"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("enrolment", "rhythm", "starts_on"), name="rhythm_period_once"),
        ]

    def __str__(self) -> str:
        return f"{self.rhythm} of {self.enrolment_id} from {self.starts_on}"


class ConsoleView(models.Model):
    """How one person of the vendor likes a table: which columns it shows."""

    id = models.BigAutoField(primary_key=True)
    owner = models.ForeignKey(Organization, models.PROTECT, db_column="owner_org", related_name="+")
    person = models.ForeignKey(Person, models.CASCADE, db_column="person", related_name="+")
    table = models.TextField()
    columns: ArrayField[list[str], list[str]] = ArrayField(models.TextField())

    objects = ScopedManager()

    class Meta:
        db_table = "console_views"
        base_manager_name = "objects"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("owner", "person", "table"), name="console_view_once"),
        ]

    def __str__(self) -> str:
        return f"{self.table} of {self.person_id}"

    @staticmethod
    def visible_in(scope: Scope) -> models.Q:
        """One's own, at a vendor one works for."""
        return models.Q(owner_id__in=scope.owner_orgs, person_id=scope.person)
