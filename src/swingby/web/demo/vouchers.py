"""A few vouchers of the example firm, plainly examples: a budget, codes that were bought, and one that somebody has."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction

from swingby.enablement import Catalogue
from swingby.web.clock import today
from swingby.web.domain.vouchers.budgets import SaidBudget, say_budget
from swingby.web.domain.vouchers.giving import give_voucher
from swingby.web.domain.vouchers.loading import load_vouchers
from swingby.web.domain.vouchers.reading import firm_vouchers
from swingby.web.models import VOUCHER_GIVERS, Membership, Side
from swingby.web.tenancy import Scope, open_scope
from swingby.web.visibility import actor_of, visible_to

AMOUNT, PRICE = "5000", "400"
CURRENCY = "USD"
#: So many days the example codes are good, one after the other.
GOOD_FOR = (21, 40, 75, 120, 180, 300)


def bring_example_vouchers(firm: str, catalogue: Catalogue) -> None:
    """A lead brings in codes for what somebody is on the way to, and gives one of them to whoever comes first."""
    with transaction.atomic(), open_scope(Scope(partner_orgs=frozenset({firm}))):
        leads = Membership.objects.filter(organization_id=firm, role__in=VOUCHER_GIVERS).order_by("person_id")
        lead = leads.values_list("person_id", flat=True).first()
    if lead is None:
        return
    with transaction.atomic():
        actor = actor_of(lead, name="")
        with open_scope(visible_to(actor)):
            waiting = firm_vouchers(firm, catalogue).waiting
            if not waiting:
                return
            first = waiting[0]
            vendor = catalogue.certifications[first.code].vendor
            said = SaidBudget(what=f"vendor:{vendor}", year=str(today().year), amount=AMOUNT, currency=CURRENCY)
            say_budget(firm, actor=actor, side=Side.PARTNER, said=said, catalogue=catalogue)
            load_vouchers(_rows(first.code), owner=firm, partner=firm, actor=actor, catalogue=catalogue)
            give_voucher(firm, actor=actor, learner=first.person, code=first.code, catalogue=catalogue)


def _rows(code: str) -> str:
    lines = [
        f"EXAMPLE-{number + 1:03},{code},{PRICE},{CURRENCY},{today() + timedelta(days=days)}"
        for number, days in enumerate(GOOD_FOR)
    ]
    return "\n".join(["code,certifications,price,currency,expires", *lines])
