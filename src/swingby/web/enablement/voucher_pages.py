"""Fill the pages of vouchers: of a firm for who gives them, of a vendor for its partners, and of each holder."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Final

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from swingby.enablement import Catalogue, State
from swingby.web.clock import today
from swingby.web.design.parts import Choice, StatTile, Tone
from swingby.web.domain.learning.records import names_of
from swingby.web.domain.learning.vendors import vendor_catalogue
from swingby.web.domain.vouchers.budgets import money_words
from swingby.web.domain.vouchers.giving import vouchers_of
from swingby.web.domain.vouchers.loading import Loaded, code_of, header_of, masked
from swingby.web.domain.vouchers.reading import (
    Cover,
    FirmVouchers,
    PartnerGifts,
    budgets_of,
    firm_vouchers,
    gifts_to_partners,
    holder_of,
    is_free,
    is_lost,
    sums_of,
)
from swingby.web.enablement.coverage_pages import counted_words
from swingby.web.enablement.voucher_parts import (
    BudgetLine,
    OwnVoucher,
    PartnerVouchers,
    VoucherLine,
    VouchersPage,
    WaitingLine,
    WrongLine,
)
from swingby.web.models import Enrolment, Organization, Voucher, VoucherBudget, VoucherCode, VoucherState
from swingby.web.visibility import Actor

PAGE, MOST_WAITING, MOST_WRONG = 10, 8, 20
SOON, NEAR = 30, 7
NEARLY_ALL: Final = Decimal("0.8")
EXAMPLE: Final = "code,certifications,price,currency,expires"
_TONES: Final[Mapping[str, Tone]] = {
    VoucherState.FREE: "good",
    VoucherState.RETURNED: "good",
    VoucherState.GIVEN: "brand",
    VoucherState.USED: "plain",
}


def own_vouchers(firm: str, actor: Actor, catalogue: Catalogue) -> dict[str, list[OwnVoucher]]:
    """What the reader has, by the certification that it is for."""
    found: defaultdict[str, list[OwnVoucher]] = defaultdict(list)
    for row in vouchers_of(firm, actor.person):
        left = (row.voucher.expires_on - today()).days
        found[row.given_for].append(
            OwnVoucher(
                label=label_of(row.given_for, catalogue),
                code=code_of(row),
                until=row.voucher.expires_on,
                expires=days_words(left),
                tone="bad" if left <= NEAR else "warn" if left <= SOON else "plain",
                act_url=reverse("learning:voucher_act", args=[firm, row.voucher_id]),
            )
        )
    return dict(found)


def firm_page(
    firm: Organization, catalogue: Catalogue, *, page: int = 1, with_codes: bool, sent: str = "", loaded: Loaded | None
) -> VouchersPage:
    """Everything for who gives vouchers; what was sent and not kept stands in the form again."""
    found = firm_vouchers(firm.pk, catalogue)
    names = names_of(firm.pk)
    free = [row.voucher for row in found.rows if is_free(row.voucher, found.day)]
    ordered = sorted(found.rows, key=lambda row: _rank(row.voucher, found.day))
    here = reverse("learning:vouchers", args=[firm.pk])
    return VouchersPage(
        name=firm.name,
        as_of=found.day,
        load_url=reverse("learning:vouchers_load", args=[firm.pk]),
        budget_url=reverse("learning:voucher_budget", args=[firm.pk]),
        give_url=reverse("learning:voucher_give", args=[firm.pk]),
        tiles=_tiles(found, free),
        waiting=tuple(
            WaitingLine(
                learner=one.person,
                name=names.get(one.person, one.person),
                code=one.code,
                label=label_of(one.code, catalogue),
                state=str(one.state).capitalize(),
                tone="warn" if one.state is State.BOOKED else "brand",
                free=sum(one.code in row.codes for row in free),
            )
            for one in found.waiting[:MOST_WAITING]
        ),
        waiting_total=len(found.waiting),
        lines=tuple(
            _line(row, catalogue, found.day, with_codes=with_codes) for row in ordered[(page - 1) * PAGE : page * PAGE]
        ),
        total=len(ordered),
        before_url=f"{here}?page={page - 1}" if page > 1 else "",
        after_url=f"{here}?page={page + 1}" if page * PAGE < len(ordered) else "",
        budgets=budget_lines(firm.pk, catalogue),
        subjects=_subjects(catalogue),
        years=(found.day.year, found.day.year + 1),
        example=f"{EXAMPLE},paid_by",
        text=_again(sent, loaded),
        loaded=loaded.count if loaded else 0,
        wrong=_wrong(loaded),
    )


def vendor_page(owner: Organization, *, may_give: bool, sent: str = "", loaded: Loaded | None = None) -> VouchersPage:
    """What a vendor gave its partners: how many are free, given and used, never by whom."""
    catalogue, day = vendor_catalogue(owner.pk), today()
    gifts = gifts_to_partners(owner.pk)
    rows = [row for each in gifts for row in each.rows]
    enrolled = Enrolment.objects.filter(owner_id=owner.pk).order_by("partner__name", "partner_id")
    names = dict(enrolled.values_list("partner_id", "partner__name"))
    return VouchersPage(
        name=owner.name,
        as_of=day,
        is_vendors=True,
        load_url=reverse("console:vouchers_load", args=[owner.pk]) if may_give else "",
        budget_url=reverse("console:voucher_budget", args=[owner.pk]) if may_give else "",
        tiles=(
            _tile(_("Free to give"), "ticket", [row for row in rows if is_free(row, day)]),
            _tile(_("Expired unused"), "hourglass", [row for row in rows if is_lost(row, day)]),
        ),
        partners=tuple(_partner(each) for each in gifts),
        total=len(rows),
        budgets=budget_lines(owner.pk, catalogue),
        subjects=_subjects(catalogue),
        years=(day.year, day.year + 1),
        choices=tuple(Choice(value=key, label=name) for key, name in names.items()) if may_give else (),
        example=EXAMPLE,
        text=_again(sent, loaded),
        loaded=loaded.count if loaded else 0,
        wrong=_wrong(loaded),
    )


def budget_lines(organization: str, catalogue: Catalogue) -> tuple[BudgetLine, ...]:
    """Budgets of this year and the next, with what is left of them."""
    return tuple(_budget(row, catalogue) for row in budgets_of(organization))


def label_of(code: str, catalogue: Catalogue) -> str:
    """What a certification is called; by its code, where the catalogue has it no more."""
    found = catalogue.certifications.get(code)
    return found.label if found else code


def days_words(left: int) -> str:
    """How long something is still good."""
    if left < 0:
        return _("expired")
    if left == 0:
        return _("expires today")
    return ngettext("expires in %(days)s day", "expires in %(days)s days", left) % {"days": left}


def _tiles(found: FirmVouchers, free: list[Voucher]) -> tuple[StatTile, ...]:
    return (
        _tile(_("Free to give"), "ticket", free),
        _tile(_("Expire unused within 90 days"), "hourglass", found.expiring()),
        _tile(_("Expired unused this year"), "circle-x", found.expired()),
        _cover(found.cover, counted_words(found.counted_at) if found.counted_at else ""),
    )


def _tile(label: str, icon: str, rows: list[Voucher]) -> StatTile:
    return StatTile(label=label, value=Decimal(len(rows)), icon=icon, note=sums_of(rows))


def _cover(cover: Cover, counted: str) -> StatTile:
    """What the exams cost that are missing."""
    told = {"exams": cover.exams, "free": cover.free}
    note = _("%(exams)s exams at the catalogue's fees, %(free)s of them paid for by free vouchers") % told
    if not cover.currency and cover.cost:
        note = _("%(note)s; the catalogue names no currency") % {"note": note}
    if counted:
        note = f"{note}. {counted}"
    return StatTile(
        label=_("To cover what is missing"), value=cover.cost, unit=cover.currency, icon="calculator", note=note
    )


def _rank(row: Voucher, day: date) -> tuple[int, date, str]:
    """What can still be used first, soonest first; then what is used; then what expired."""
    expired = row.expires_on < day
    return (2 if expired else int(row.state == VoucherState.USED)), row.expires_on, row.pk


def _line(row: VoucherCode, catalogue: Catalogue, day: date, *, with_codes: bool) -> VoucherLine:
    voucher, code = row.voucher, code_of(row)
    expired, holder = is_lost(voucher, day), holder_of(row)
    is_given = voucher.state == VoucherState.GIVEN
    return VoucherLine(
        labels=tuple(label_of(one, catalogue) for one in ([row.given_for] if holder else voucher.codes)),
        masked=masked(code),
        code=code if with_codes else "",
        state=_("Expired") if expired else VoucherState(voucher.state).label,
        tone="bad" if expired else _TONES[voucher.state],
        price=money_words(voucher.price, voucher.currency),
        until=voucher.expires_on,
        expires=days_words((voucher.expires_on - day).days) if voucher.state != VoucherState.USED else "",
        holder=holder.name if holder else "",
        source=_("bought by us")
        if voucher.is_bought
        else _("given by %(vendor)s") % {"vendor": _giver(voucher, catalogue)},
        act_url=reverse("learning:voucher_act", args=[voucher.partner_id, voucher.pk]) if is_given else "",
        can_take_back=is_given,
    )


def _giver(voucher: Voucher, catalogue: Catalogue) -> str:
    return catalogue.vendors.get(voucher.vendor, voucher.vendor)


def _budget(row: VoucherBudget, catalogue: Catalogue) -> BudgetLine:
    share = row.given / row.amount if row.amount else Decimal(1)
    return BudgetLine(
        label=label_of(row.code, catalogue) if row.code else catalogue.vendors.get(row.vendor, row.vendor),
        year=row.year,
        amount=money_words(row.amount, row.currency),
        given=money_words(row.given, row.currency),
        left=money_words(row.amount - row.given, row.currency),
        share=share,
        tone="bad" if share >= 1 else "warn" if share >= NEARLY_ALL else "good",
    )


def _subjects(catalogue: Catalogue) -> tuple[Choice, ...]:
    vendors = [Choice(value=f"vendor:{key}", label=str(name)) for key, name in catalogue.vendors.items()]
    return (*vendors, *(Choice(value=f"code:{one.code}", label=one.label) for one in catalogue))


def _partner(each: PartnerGifts) -> PartnerVouchers:
    counts = {name: getattr(each, name) for name in ("name", "free", "given", "used", "expired")}
    return PartnerVouchers(**counts, worth=sums_of(each.rows))


def _again(sent: str, loaded: Loaded | None) -> str:
    return loaded.text(header_of(sent)) if loaded else sent


def _wrong(loaded: Loaded | None) -> tuple[WrongLine, ...]:
    return tuple(WrongLine(line=row.line, words=row.words) for row in (loaded.wrong if loaded else ())[:MOST_WRONG])
