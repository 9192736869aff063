"""Vouchers for exams: what may be spent on them, which there are, and whose their codes are."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from swingby.web.models.learning import LearningEvent, OrganizationRow
from swingby.web.models.loads import new_key
from swingby.web.models.organizations import Membership, Role
from swingby.web.models.people import Person
from swingby.web.models.programs import TenantRow
from swingby.web.tenancy import Scope, ScopedManager


class VoucherState(models.TextChoices):
    """Where a voucher is. Whether it expired its last day says."""

    FREE = "free", "Free"
    GIVEN = "given", "Given"
    RETURNED = "returned", "Given back"
    USED = "used", "Used"


#: Those that may be given to somebody.
GIVEABLE = (VoucherState.FREE, VoucherState.RETURNED)
#: Who gives vouchers to people in a firm.
VOUCHER_GIVERS = (Role.PARTNER_ADMIN, Role.PARTNER_MANAGER)


class VoucherBudget(OrganizationRow):
    """What an organization may give in vouchers in one year, for a vendor's exams or those of one certification."""

    vendor = models.TextField(help_text="As the catalogue calls it.")
    code = models.TextField(blank=True, help_text="One certification; empty for all others of the vendor.")
    year = models.PositiveSmallIntegerField()
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    given = models.DecimalField(max_digits=14, decimal_places=2, default=Decimal(0), help_text="Of it, so far.")
    currency = models.TextField()
    said_by = models.ForeignKey(Person, models.PROTECT, db_column="said_by", null=True, related_name="+")

    objects = ScopedManager()

    class Meta:
        db_table = "voucher_budgets"
        base_manager_name = "objects"
        ordering = ("-year", "vendor", "code")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("organization", "vendor", "code", "year"), name="voucher_budget_once"),
            models.CheckConstraint(
                condition=models.Q(given__gte=0, given__lte=models.F("amount")), name="voucher_budget_kept"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount} {self.currency} for {self.code or self.vendor} in {self.year}"


class Voucher(TenantRow):
    """One exam that is paid for. The owner is the vendor that gave it, or the firm itself; its code stands apart."""

    id = models.TextField(primary_key=True, default=new_key)
    vendor = models.TextField(help_text="As the catalogue calls it.")
    codes: ArrayField[list[str], list[str]] = ArrayField(
        models.TextField(), help_text="The certifications it is good for."
    )
    is_bought = models.BooleanField(default=True, help_text="The firm pays; otherwise the vendor gave it.")
    price = models.DecimalField(max_digits=12, decimal_places=2)
    currency = models.TextField()
    expires_on = models.DateField(help_text="The last day on which it is good.")
    state = models.TextField(choices=VoucherState.choices, default=VoucherState.FREE)
    given_on = models.DateField(null=True)
    budget = models.ForeignKey(
        VoucherBudget, models.PROTECT, db_column="budget", null=True, related_name="+", help_text="Where it counts."
    )
    digest = models.TextField(help_text="Of vendor and code under our secret: the same is not loaded twice.")
    loaded_on = models.DateField()
    loaded_by = models.ForeignKey(Person, models.PROTECT, db_column="loaded_by", null=True, related_name="+")

    objects = ScopedManager()

    class Meta:
        db_table = "vouchers"
        base_manager_name = "objects"
        ordering = ("expires_on", "id")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("partner", "digest"), name="voucher_of_partner_once"),
            models.UniqueConstraint(fields=("owner", "digest"), name="voucher_of_owner_once"),
            models.CheckConstraint(condition=models.Q(price__gte=0), name="voucher_price_not_negative"),
            models.CheckConstraint(
                condition=models.Q(state__in=("given", "used"), given_on__isnull=False)
                | models.Q(state__in=("free", "returned"), given_on=None),
                name="voucher_given_on_a_day",
            ),
            models.CheckConstraint(
                condition=models.Q(given_on=None) | models.Q(given_on__lte=models.F("expires_on")),
                name="voucher_given_before_expiry",
            ),
        ]

    def __str__(self) -> str:
        return f"Voucher {self.pk}: {self.state}"

    @staticmethod
    def visible_in(scope: Scope) -> models.Q:
        """The vendor's own; in a firm whoever may know the code."""
        known = models.Q(partner_id__in=scope.partner_orgs, pk__in=VoucherCode.objects.values("voucher_id"))
        return models.Q(owner_id__in=scope.owner_orgs) | known


class VoucherCode(TenantRow):
    """The code of a voucher, sealed, and who has it. Both stand apart, because no vendor reads them here."""

    id = models.TextField(primary_key=True, default=new_key)
    voucher = models.OneToOneField(Voucher, models.PROTECT, db_column="voucher", related_name="+")
    sealed = models.TextField()
    person = models.ForeignKey(
        Person,
        models.SET_NULL,
        db_column="person",
        null=True,
        related_name="+",
        help_text="Who has it, or had it last before it was given back.",
    )
    given_for = models.TextField(blank=True, help_text="The certification.")
    given_by = models.ForeignKey(Person, models.PROTECT, db_column="given_by", null=True, related_name="+")
    booking = models.OneToOneField(
        LearningEvent,
        models.PROTECT,
        db_column="booking",
        null=True,
        related_name="+",
        help_text="The booking that used it. What became of the exam stands nowhere here.",
    )

    objects = ScopedManager()

    class Meta:
        db_table = "voucher_codes"
        base_manager_name = "objects"

    def __str__(self) -> str:
        return f"Code of {self.voucher_id}"

    @staticmethod
    def visible_in(scope: Scope) -> models.Q:
        """One's own; all of the firm to who gives them, and to jobs."""
        led = Membership.objects.filter(person_id=scope.person, role__in=VOUCHER_GIVERS).values("organization_id")
        of_firm = models.Q(partner_id__in=scope.partner_orgs)
        own = models.Q(person_id=scope.person) | models.Q(partner_id__in=led)
        return of_firm & own if scope.person else of_firm
