"""What may be given in vouchers in a year; the database holds that it is never more."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Final

from django.db import models
from django.utils.translation import gettext as _

from swingby.enablement import Catalogue
from swingby.web.clock import today
from swingby.web.domain.audit import OwnChain, record_act
from swingby.web.domain.errors import RefusedError
from swingby.web.models import Side, VoucherBudget
from swingby.web.visibility import Actor

MOST_MONEY: Final = Decimal(100_000_000)
_AMOUNT: Final = re.compile(r"\d{1,9}(\.\d{1,2})?", re.ASCII)
_CURRENCY: Final = re.compile(r"[A-Z]{3}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidBudget:
    """A budget as somebody wrote it: for ``vendor:KEY`` or ``code:KEY``."""

    what: str
    year: str
    amount: str
    currency: str


def say_budget(organization: str, *, actor: Actor, side: Side, said: SaidBudget, catalogue: Catalogue) -> VoucherBudget:
    """Keep what may be given in a year; said again, it is changed, but not below what was given.

    Raises
    ------
    RefusedError
        If it cannot be read, is below what was given, or changes the currency of what was given.
    """
    vendor, code = _meant(said.what, catalogue)
    year, amount, currency = _year(said.year), read_money(said.amount), read_currency(said.currency)
    found, is_new = VoucherBudget.objects.get_or_create(
        organization_id=organization,
        vendor=vendor,
        code=code,
        year=year,
        defaults={"amount": amount, "currency": currency, "said_by_id": actor.person},
    )
    if not is_new:
        _change(found, amount, currency, actor)
    record_act(
        OwnChain(organization),
        side=side,
        actor=actor.person,
        action="voucher.budget",
        subject=str(found.pk),
        amount=str(amount),
        currency=currency,
        year=year,
    )
    return found


def budget_for(organization: str, *, vendor: str, code: str, year: int) -> VoucherBudget | None:
    """Where a voucher counts: the budget of its certification, or else that of the vendor."""
    rows = VoucherBudget.objects.filter(organization_id=organization, vendor=vendor, year=year, code__in=("", code))
    return rows.order_by("-code").first()


def charge(organization: str, *, vendor: str, code: str, price: Decimal, currency: str) -> VoucherBudget | None:
    """Count a voucher against its budget; what costs nothing needs none.

    Raises
    ------
    RefusedError
        If there is no budget in its currency, or less is left than it costs.
    """
    if not price:
        return None
    found = budget_for(organization, vendor=vendor, code=code, year=today().year)
    if found is None:
        words = _("There is no budget for it in %(year)s. Say first how much may be spent.") % _year_words()
        raise RefusedError(words, place="code", code="no-budget")
    if found.currency != currency:
        told = {"price": currency, "budget": found.currency}
        words = _("It costs %(price)s and its budget is in %(budget)s. Use one currency.") % told
        raise RefusedError(words, place="code", code="currency")
    if _open(found, price).update(given=models.F("given") + price) != 1:
        found.refresh_from_db()  # Whoever was faster left less than was read.
        told = {"left": money_words(found.amount - found.given, currency), "price": money_words(price, currency)}
        words = _("Of its budget %(left)s are left, and it costs %(price)s. Raise the budget.") % told
        raise RefusedError(words, place="code", code="budget")
    return found


def give_money_back(budget: int, price: Decimal) -> None:
    """A voucher that came back counts no more."""
    VoucherBudget.objects.filter(pk=budget).update(given=models.F("given") - price)


def money_words(amount: Decimal, currency: str) -> str:
    """An amount as people write it."""
    words = f"{amount:,.2f}".removesuffix(".00")
    return f"{currency}\N{NO-BREAK SPACE}{words}" if currency else words


def read_money(text: str) -> Decimal:
    """An amount of money, not negative."""
    try:
        amount = Decimal(text.strip()) if _AMOUNT.fullmatch(text.strip()) else None
    except InvalidOperation:
        amount = None
    if amount is None or amount > MOST_MONEY:
        words = _("Write the amount in digits, such as 300 or 299.50.")
        raise RefusedError(words, place="amount", code="amount")
    return amount


def read_currency(text: str) -> str:
    """Three letters."""
    if not _CURRENCY.fullmatch(text.strip().upper()):
        words = _("Write the three letters of the currency, such as USD.")
        raise RefusedError(words, place="currency", code="currency")
    return text.strip().upper()


def _open(budget: VoucherBudget, price: Decimal) -> models.QuerySet[VoucherBudget]:
    """The budget, if it has room; asked in the same statement that takes the room."""
    return VoucherBudget.objects.filter(pk=budget.pk, given__lte=models.F("amount") - price)


def _change(found: VoucherBudget, amount: Decimal, currency: str, actor: Actor) -> None:
    kept = models.Q(given=0) | models.Q(currency=currency)
    rows = VoucherBudget.objects.filter(kept, pk=found.pk, given__lte=amount)
    if found.given and found.currency != currency:
        words = _("Vouchers were given from this budget already. Keep its currency.")
        raise RefusedError(words, place="currency", code="currency")
    if rows.update(amount=amount, currency=currency, said_by=actor.person) != 1:
        found.refresh_from_db()  # Somebody may have given more meanwhile.
        told = {"given": money_words(found.given, found.currency)}
        words = _("%(given)s are given already. Say that much or more.") % told
        raise RefusedError(words, place="amount", code="given")


def _meant(what: str, catalogue: Catalogue) -> tuple[str, str]:
    kind, _colon, key = what.partition(":")
    if kind == "vendor" and key in catalogue.vendors:
        return key, ""
    if kind == "code" and key in catalogue.certifications:
        return catalogue.certifications[key].vendor, key
    raise RefusedError(_("Choose a vendor or a certification."), place="what", code="unknown")


def _year(text: str) -> int:
    years = (today().year, today().year + 1)
    found = next((year for year in years if str(year) == text.strip()), None)
    if found is None:
        raise RefusedError(_("Choose this year or the next."), place="year", code="year")
    return found


def _year_words() -> dict[str, str]:
    return {"year": str(today().year)}
