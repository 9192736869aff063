"""Give a voucher to somebody, and take it back; two who give at once do not give the same one."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection, models, transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from swingby.enablement import Catalogue
from swingby.web.clock import today
from swingby.web.domain.audit import record_act
from swingby.web.domain.errors import NotAllowedError, RefusedError
from swingby.web.domain.notifications import About, News, tell_partner
from swingby.web.domain.vouchers.budgets import charge, give_money_back
from swingby.web.models import (
    GIVEABLE,
    Learner,
    NotificationKind,
    Side,
    Voucher,
    VoucherBudget,
    VoucherCode,
    VoucherState,
)
from swingby.web.permissions import can_give_vouchers
from swingby.web.visibility import Actor


def free_vouchers(firm: str) -> models.QuerySet[Voucher]:
    """Those that can be given today; what the vendor gave and what expires soonest goes first."""
    rows = Voucher.objects.filter(partner_id=firm, state__in=GIVEABLE, expires_on__gte=today())
    return rows.order_by("is_bought", "expires_on", "id")


def give_voucher(firm: str, *, actor: Actor, learner: str, code: str, catalogue: Catalogue) -> Voucher:
    """Give somebody a voucher for the exam of one certification, within the budget.

    Raises
    ------
    NotAllowedError
        If the actor does not give vouchers here.
    RefusedError
        If nobody is meant, the person has one for it, none is free, or the budget has no room.
    """
    if not can_give_vouchers(actor, organization=firm):
        raise NotAllowedError(_("Your role does not give vouchers. Ask your partner admin."))
    found = Learner.objects.filter(organization_id=firm, key=learner).first()
    if found is None or code not in catalogue.certifications:
        place = "learner" if found is None else "code"
        raise RefusedError(_("Choose a person and a certification."), place=place, code="unknown")
    _wait_for_turn(found.person_id)
    if voucher_for(firm, person=found.person_id, code=code):
        raise RefusedError(_("They have a voucher for it already."), place="learner", code="has-one")
    with transaction.atomic():
        row = _take(free_vouchers(firm).filter(codes__contains=[code]), firm, code)
        VoucherCode.objects.filter(voucher=row).update(
            person=found.person_id, given_for=code, given_by=actor.person, booking=None
        )
        record_act(row, side=Side.PARTNER, actor=actor.person, action="voucher.give", subject=row.pk)
    _tell_holder(row, found.person_id, catalogue.certifications[code].label, by=actor.person)
    return row


def take_back(voucher: Voucher, *, actor: Actor) -> None:
    """Have a voucher back that was given and not used: its holder gives it, or who gives vouchers takes it.

    Raises
    ------
    RefusedError
        If it was used, or is given to nobody.
    """
    with transaction.atomic():
        given = Voucher.objects.filter(pk=voucher.pk, state=VoucherState.GIVEN)
        if given.update(state=VoucherState.RETURNED, given_on=None) != 1:
            words = _("Only a voucher that is given and not used comes back.")
            raise RefusedError(words, place="voucher", code="not-given")
        if voucher.is_bought and voucher.budget_id is not None:
            give_money_back(voucher.budget_id, voucher.price)
            Voucher.objects.filter(pk=voucher.pk).update(budget=None)
        record_act(voucher, side=Side.PARTNER, actor=actor.person, action="voucher.take_back", subject=voucher.pk)


def let_vouchers_go(person: str, firm: str, *, actor: Actor) -> None:
    """Whoever leaves a firm leaves there what was not used."""
    _wait_for_turn(person)
    for row in vouchers_of(firm, person):
        take_back(row.voucher, actor=actor)


def voucher_for(firm: str, *, person: str, code: str) -> VoucherCode | None:
    """What somebody has for the exam of one certification, not used and not expired."""
    return vouchers_of(firm, person).filter(given_for=code).first()


def vouchers_of(firm: str, person: str) -> models.QuerySet[VoucherCode]:
    """Everything that somebody has and can still use, what expires soonest first."""
    rows = VoucherCode.objects.select_related("voucher").filter(
        partner_id=firm,
        person_id=person,
        voucher__state=VoucherState.GIVEN,
        voucher__expires_on__gte=today(),
    )
    return rows.order_by("voucher__expires_on", "id")


def _wait_for_turn(person: str) -> None:
    """Two who give somebody one at once do so one after the other, and not while that person leaves."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"vouchers of:{person}"])


def _take(rows: Iterable[Voucher], firm: str, code: str) -> Voucher:
    """The first that nobody else took meanwhile, counted against the budget."""
    for row in rows:
        taken = Voucher.objects.filter(pk=row.pk, state__in=GIVEABLE)
        if taken.update(state=VoucherState.GIVEN, given_on=today()) == 1:
            if row.is_bought:
                budget = _charged(row, firm, code)
                Voucher.objects.filter(pk=row.pk).update(budget=budget)
            return row
    raise _none_free(firm, code)


def _none_free(firm: str, code: str) -> RefusedError:
    lost = Voucher.objects.filter(partner_id=firm, state__in=GIVEABLE, codes__contains=[code], expires_on__lt=today())
    if lost.exists():
        words = _("The vouchers for it that are left have expired. Bring in codes first.")
        return RefusedError(words, place="code", code="expired")
    return RefusedError(_("No voucher for it is free. Bring in codes first."), place="code", code="none-free")


def _charged(row: Voucher, firm: str, code: str) -> VoucherBudget | None:
    return charge(firm, vendor=row.vendor, code=code, price=row.price, currency=row.currency)


def _tell_holder(row: Voucher, person: str, label: str, *, by: str) -> None:
    told = {"label": label, "day": f"{row.expires_on:%-d %B %Y}"}
    news = News(
        kind=NotificationKind.VOUCHER,
        key=f"voucher given:{row.pk}:{row.given_on or today()}",
        words=_("You were given a voucher for %(label)s. Its last day is %(day)s.") % told,
        path=reverse("learning:mine", args=[row.partner_id]),
        by=by,
    )
    tell_partner(About(row.partner_id, row.partner_id), news, only=[person])
