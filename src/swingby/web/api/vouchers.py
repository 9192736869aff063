"""Vouchers for exams: those of a firm for who gives them, one's own, what a vendor gave; codes, budgets, giving."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Literal

from django.http import Http404
from django.shortcuts import get_object_or_404
from ninja import Query, Router, Schema
from pydantic import Field

from swingby.enablement import Catalogue
from swingby.web.api.application import check_match
from swingby.web.api.firms import catalogue_at, enter_firm
from swingby.web.api.guard import Token, require
from swingby.web.api.paging import MOST_ROWS, PageQuery, keyed_page, page_of
from swingby.web.api.values import Key, Number, Text, decimal_text
from swingby.web.clock import today
from swingby.web.domain.learning.catalogues import KeptCatalogue
from swingby.web.domain.learning.vendors import vendor_catalogue
from swingby.web.domain.vouchers.budgets import SaidBudget, say_budget
from swingby.web.domain.vouchers.giving import give_voucher, take_back, vouchers_of
from swingby.web.domain.vouchers.loading import (
    LONGEST_TEXT,
    Loaded,
    code_of,
    give_to_partner,
    load_vouchers,
    masked,
)
from swingby.web.domain.vouchers.reading import PartnerGifts, budgets_of, gifts_to_partners, holder_of, is_lost
from swingby.web.middleware import ActingRequest
from swingby.web.models import Side, TokenScope, Voucher, VoucherBudget, VoucherCode
from swingby.web.permissions import can_give_partners_vouchers, can_give_vouchers, can_read_console

router = Router(tags=["vouchers"], auth=Token(TokenScope.VOUCHERS_READ))
WRITES = Token(TokenScope.VOUCHERS_WRITE)
State = Literal["free", "given", "returned", "used"]
NOT_YOURS = "Your role does not give vouchers. Ask your partner admin."
NOT_TO_PARTNERS = "Your role does not give vouchers to partners. Ask a program manager."
LAST_DAY = "The last day on which it is good."


class VoucherShape(Schema):
    """One exam that is paid for. Of the code as much is told as tells it from others.

    ``holder`` is the name of who has it or used it, for the exam ``given_for``; ``is_bought`` is false where the vendor gave it.
    """

    id: str
    vendor: str
    certifications: list[str]
    masked: str
    state: State
    is_expired: bool
    last_day: date = Field(description=LAST_DAY)
    price: Number
    currency: str
    is_bought: bool
    holder: str | None
    given_for: str | None


class VoucherPage(Schema):
    """Vouchers, what expires first first."""

    items: list[VoucherShape]
    next: str | None


class OwnVoucherShape(Schema):
    """A voucher that one was given and can still use, with its code."""

    id: str
    given_for: str
    code: str
    last_day: date = Field(description=LAST_DAY)


class OwnVoucherList(Schema):
    """One's own, what expires first first."""

    items: list[OwnVoucherShape]


class GiveBody(Schema):
    """Whom to give one, by the key in the firm's records, and for the exam of which certification."""

    learner: Key
    code: Key


class TakenBackShape(Schema):
    """What became of a voucher that came back; whoever had it is told no more of it."""

    id: str
    state: State


class PartnerVoucherShape(Schema):
    """How many vouchers of the vendor a partner has: free, given and used, expired unused; never whose they are."""

    partner: str
    name: str
    free: int
    given: int
    used: int
    expired: int


class PartnerVoucherPage(Schema):
    """Partners to which the vendor gave vouchers, in the order of their keys."""

    items: list[PartnerVoucherShape]
    next: str | None


class BudgetShape(Schema):
    """What may be given in a year, for one certification or, where ``certification`` is null, all others of the vendor."""

    vendor: str
    certification: str | None
    year: int
    amount: Number
    given: Number
    currency: str


class BudgetList(Schema):
    """The budgets of this year and the next."""

    items: list[BudgetShape]


class BudgetBody(Schema):
    """What may be given in a year; said again, it is changed, but not below what was given."""

    what: Key = Field(description="`vendor:KEY` for a vendor's exams, or `code:KEY` for those of one certification.")
    year: int = Field(ge=2000, le=9999, description="This year or the next.")
    amount: Number
    currency: Text = Field(min_length=3, max_length=3)


class CodesBody(Schema):
    """Rows as CSV under `code,certifications,price,currency,expires`, and `paid_by` where the firm says who pays."""

    text: Text = Field(min_length=1, max_length=LONGEST_TEXT)


class PartnerCodesBody(CodesBody):
    """The same for a partner, within the vendor's budget."""

    partner: Key


class WrongCodeShape(Schema):
    """A row that was not kept, and what is to be done; the row itself is not told again."""

    line: int
    message: str


class CodesShape(Schema):
    """How many vouchers came in, and the rows that did not: mend them and send them again."""

    loaded: int
    wrong: list[WrongCodeShape]


@router.get("/firms/{firm}/vouchers", response=VoucherPage)
def list_vouchers(request: ActingRequest, firm: Key, query: Query[PageQuery]) -> VoucherPage:
    """Every voucher of a firm, with who has it. For those who give them."""
    _enter_as_giver(request, firm)
    rows, following = page_of(Voucher.objects.filter(partner_id=firm), query, order=("expires_on", "id"))
    return VoucherPage(items=_vouchers(rows), next=following)


@router.post("/firms/{firm}/vouchers", response=CodesShape, auth=WRITES)
def bring_in_vouchers(request: ActingRequest, firm: Key, body: CodesBody) -> CodesShape:
    """Bring in codes of a firm. Rows that are right are kept. For those who give vouchers."""
    catalogue = _enter_as_giver(request, firm).catalogue
    return _brought(load_vouchers(body.text, owner=firm, partner=firm, actor=request.actor, catalogue=catalogue))


@router.get("/firms/{firm}/vouchers/own", response=OwnVoucherList)
def list_own_vouchers(request: ActingRequest, firm: Key) -> OwnVoucherList:
    """What the maker of the token was given and can still use, with the codes."""
    catalogue_at(request, firm)
    rows = vouchers_of(firm, request.actor.person)[:MOST_ROWS]
    return OwnVoucherList(items=[_own(row) for row in rows])


@router.post("/firms/{firm}/vouchers/give", response=VoucherShape, auth=WRITES)
def give_one(request: ActingRequest, firm: Key, body: GiveBody) -> VoucherShape:
    """Give somebody a voucher: what the vendor gave first, then what expires soonest, within the budget.

    Refused with the place and `budget`, `no-budget`, `currency`, `expired`, `none-free`, `has-one` or `unknown`.
    """
    kept = _enter_as_giver(request, firm)
    said = body.model_dump()
    given = give_voucher(firm, actor=request.actor, catalogue=kept.catalogue, **said)
    return _voucher(_found(firm, given.pk))


@router.get("/firms/{firm}/vouchers/{voucher}", response=VoucherShape)
def read_voucher(request: ActingRequest, firm: Key, voucher: Key) -> VoucherShape:
    """One voucher with who has it. For those who give them."""
    _enter_as_giver(request, firm)
    return _voucher(_found(firm, voucher))


@router.post("/firms/{firm}/vouchers/{voucher}/take-back", response=TakenBackShape, auth=WRITES)
def take_voucher_back(request: ActingRequest, firm: Key, voucher: Key) -> TakenBackShape:
    """Have back a voucher that is not used: one's own, or for those who give them that of anybody."""
    enter_firm(request, firm)
    get_object_or_404(Voucher.objects.select_for_update(), partner_id=firm, pk=voucher)  # Nobody gives it meanwhile.
    row = _found(firm, voucher)
    if not can_give_vouchers(request.actor, organization=firm) and row.person_id != request.actor.person:
        raise Http404
    check_match(request, _voucher(row))
    take_back(row.voucher, actor=request.actor)
    after = _found(firm, voucher).voucher
    return TakenBackShape(**{name: getattr(after, name) for name in ("id", "state")})


@router.get("/organizations/{organization}/vouchers", response=PartnerVoucherPage)
def list_partner_vouchers(request: ActingRequest, organization: Key, query: Query[PageQuery]) -> PartnerVoucherPage:
    """What a vendor gave its partners, in numbers. For the vendor's people."""
    if not can_read_console(request.actor, owner=organization):
        raise Http404
    rows, following = keyed_page(gifts_to_partners(organization), query, key=lambda each: each.partner)
    return PartnerVoucherPage(items=[_gifts(each) for each in rows], next=following)


@router.post("/organizations/{organization}/vouchers", response=CodesShape, auth=WRITES)
def give_partner_vouchers(request: ActingRequest, organization: Key, body: PartnerCodesBody) -> CodesShape:
    """Give codes to a partner, within the vendor's budget. For the vendor's program managers."""
    if not can_read_console(request.actor, owner=organization):
        raise Http404
    require(allowed=can_give_partners_vouchers(request.actor, owner=organization), otherwise=NOT_TO_PARTNERS)
    catalogue, said = vendor_catalogue(organization), body.model_dump()
    return _brought(give_to_partner(owner=organization, actor=request.actor, catalogue=catalogue, **said))


@router.get("/organizations/{organization}/voucher-budgets", response=BudgetList)
def list_voucher_budgets(request: ActingRequest, organization: Key) -> BudgetList:
    """What may be given in vouchers, and how much of it was. For the vendor's people, and in a firm who gives them."""
    if not can_read_console(request.actor, owner=organization):
        _enter_as_giver(request, organization)
    return BudgetList(items=[_budget(row) for row in budgets_of(organization)])


@router.post("/organizations/{organization}/voucher-budgets", response=BudgetShape, auth=WRITES)
def say_voucher_budget(request: ActingRequest, organization: Key, body: BudgetBody) -> BudgetShape:
    """Say what may be given in a year. For the vendor's program managers, and in a firm who gives vouchers."""
    side, catalogue = _spending(request, organization)
    amount = decimal_text(body.amount)
    said = SaidBudget(what=body.what, year=str(body.year), amount=amount, currency=body.currency)
    row = say_budget(organization, actor=request.actor, side=side, said=said, catalogue=catalogue)
    row.refresh_from_db()
    return _budget(row)


def _spending(request: ActingRequest, organization: str) -> tuple[Side, Catalogue]:
    """On which side somebody says budgets, and what there are exams of."""
    if can_give_partners_vouchers(request.actor, owner=organization):
        return Side.VENDOR, vendor_catalogue(organization)
    if can_read_console(request.actor, owner=organization):
        gives = can_give_vouchers(request.actor, organization=organization)
        require(allowed=gives, otherwise=NOT_TO_PARTNERS)
    return Side.PARTNER, _enter_as_giver(request, organization).catalogue


def _enter_as_giver(request: ActingRequest, firm: str) -> KeptCatalogue:
    kept = catalogue_at(request, firm)
    require(allowed=can_give_vouchers(request.actor, organization=firm), otherwise=NOT_YOURS)
    return kept


def _found(firm: str, voucher: str) -> VoucherCode:
    """Of others than who has it and who gives them there is none."""
    rows = VoucherCode.objects.select_related("voucher", "person").filter(partner_id=firm)
    found: VoucherCode = get_object_or_404(rows, voucher_id=voucher)
    return found


def _vouchers(rows: Sequence[Voucher]) -> list[VoucherShape]:
    codes = VoucherCode.objects.select_related("voucher", "person").filter(voucher__in=rows)
    by_voucher = {code.voucher_id: code for code in codes}
    return [_voucher(by_voucher[row.pk]) for row in rows]


def _voucher(row: VoucherCode) -> VoucherShape:
    voucher, holder = row.voucher, holder_of(row)
    return VoucherShape(
        certifications=voucher.codes,
        masked=masked(code_of(row)),
        is_expired=is_lost(voucher, today()),
        last_day=voucher.expires_on,
        holder=holder.name if holder else None,
        given_for=row.given_for if holder else None,
        **{name: getattr(voucher, name) for name in ("id", "vendor", "state", "price", "currency", "is_bought")},
    )


def _brought(found: Loaded) -> CodesShape:
    wrong = [WrongCodeShape(line=row.line, message=row.words) for row in found.wrong]
    return CodesShape(loaded=found.count, wrong=wrong)


def _budget(row: VoucherBudget) -> BudgetShape:
    names = ("vendor", "year", "amount", "given", "currency")
    return BudgetShape(certification=row.code or None, **{name: getattr(row, name) for name in names})


def _own(row: VoucherCode) -> OwnVoucherShape:
    last_day = row.voucher.expires_on
    return OwnVoucherShape(id=row.voucher_id, given_for=row.given_for, code=code_of(row), last_day=last_day)


def _gifts(each: PartnerGifts) -> PartnerVoucherShape:
    return PartnerVoucherShape(**{name: getattr(each, name) for name in PartnerVoucherShape.model_fields})
