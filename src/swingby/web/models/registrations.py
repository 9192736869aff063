"""Deal registrations: whom a partner works with, what the vendor answers, and what becomes of the deal.

The vendor owns whether a registration protects, the partner owns how the deal goes: each has a table of its own, which
the other side reads and cannot write.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from swingby.web.models.loads import new_key
from swingby.web.models.people import Person
from swingby.web.models.programs import Enrolment, TenantRow
from swingby.web.tenancy import ScopedManager


class RegistrationState(models.TextChoices):
    """Where a registration stands."""

    WAITING = "waiting", "Waits for an answer"
    RETURNED = "returned", "Sent back"
    APPROVED = "approved", "Approved"
    DECLINED = "declined", "Declined"
    WITHDRAWN = "withdrawn", "Withdrawn"
    ENDED = "ended", "Protection ended early"


class DeclineReason(models.TextChoices):
    """Why a registration is declined, as the partner reads it."""

    TAKEN = "taken", "It was registered before"
    IN_TALKS = "in_talks", "The vendor is in talks with this customer already"
    CUSTOMER = "customer", "It buys from the vendor already"
    ASKED = "asked", "The customer asked for another partner"
    OUTSIDE = "outside", "It is outside this program"
    OTHER = "other", "Another reason"


class DealOutcome(models.TextChoices):
    """How a registered deal goes, as its partner says."""

    OPEN = "open", "Under way"
    WON = "won", "Won"
    LOST = "lost", "Lost"


class DealRegistration(TenantRow):
    """One customer with whom a partner works, and for how long nobody else may register it."""

    id = models.TextField(primary_key=True, default=new_key)
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, db_column="enrolment", related_name="registrations")
    customer = models.TextField(max_length=200)
    website = models.TextField(blank=True, max_length=200, help_text="The customer's domain, without www.")
    alike = models.TextField(help_text="The customer's name as names are compared.")
    products = models.TextField(blank=True, max_length=200)
    amount = models.DecimalField(max_digits=24, decimal_places=8, null=True)
    currency = models.TextField(blank=True)
    closes_on = models.DateField(null=True, help_text="When the partner expects the decision.")
    words = models.TextField(max_length=2000, help_text="What the customer needs, and what was done there so far.")
    state = models.TextField(choices=RegistrationState.choices, default=RegistrationState.WAITING)
    registered_by = models.ForeignKey(Person, models.PROTECT, db_column="registered_by", related_name="+")
    registered_at = models.DateTimeField()
    answer_due = models.DateTimeField()
    reason = models.TextField(blank=True, choices=DeclineReason.choices)
    answer = models.TextField(blank=True, max_length=2000)
    decided_by = models.ForeignKey(Person, models.PROTECT, db_column="decided_by", related_name="+", null=True)
    decided_at = models.DateTimeField(null=True)
    protected_until = models.DateField(null=True, help_text="The last day of the protection.")
    deal = models.TextField(blank=True, help_text="Under which id the deal stands among the facts.")
    answered_asks = models.PositiveSmallIntegerField(default=0, help_text="How many requests for longer are answered.")

    objects = ScopedManager()

    class Meta:
        db_table = "deal_registrations"
        base_manager_name = "objects"
        ordering = ("-registered_at", "id")
        indexes: ClassVar = [
            models.Index(fields=("owner", "state", "answer_due"), name="registrations_waiting"),
            models.Index(fields=("owner", "alike"), name="registrations_alike"),
            models.Index(fields=("enrolment", "-registered_at"), name="registrations_of_partner"),
        ]

    def __str__(self) -> str:
        return f"{self.customer}: {self.state}"


class DealProgress(TenantRow):
    """What the partner says of a registered deal since: how it goes, and whether it asks for longer protection."""

    registration = models.OneToOneField(
        DealRegistration, models.PROTECT, db_column="registration", related_name="progress", primary_key=True
    )
    outcome = models.TextField(choices=DealOutcome.choices, default=DealOutcome.OPEN)
    outcome_on = models.DateField(null=True)
    asks = models.PositiveSmallIntegerField(default=0, help_text="How often longer protection was asked for.")
    asked_until = models.DateField(null=True)
    asked_words = models.TextField(blank=True, max_length=2000)
    asked_at = models.DateTimeField(null=True)

    objects = ScopedManager()

    class Meta:
        db_table = "deal_progress"
        base_manager_name = "objects"

    def __str__(self) -> str:
        return f"{self.registration_id}: {self.outcome}"
