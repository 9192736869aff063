"""Vouchers: views translate between requests and the domain."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from swingby.web.access import enter_console, require, signed_in
from swingby.web.console.pages import console_shell
from swingby.web.domain.errors import NotAllowedError, RefusedError
from swingby.web.domain.learning.vendors import vendor_catalogue
from swingby.web.domain.vouchers.budgets import SaidBudget, say_budget
from swingby.web.domain.vouchers.giving import give_voucher, take_back
from swingby.web.domain.vouchers.loading import LONGEST_TEXT, Loaded, give_to_partner, load_vouchers
from swingby.web.enablement.acting import said, try_act
from swingby.web.enablement.entering import catalogue_or_refusal, enter
from swingby.web.enablement.voucher_pages import firm_page, vendor_page
from swingby.web.middleware import ActingRequest
from swingby.web.models import Organization, Side, VoucherCode
from swingby.web.people.entering import organization_shell
from swingby.web.permissions import can_give_partners_vouchers, can_give_vouchers

_LONGEST_NUMBER = 5


@require_safe
@signed_in
def vouchers(request: ActingRequest, firm: str) -> HttpResponse:
    """What is there, who waits for one, and what is left of the budgets."""
    _lead(request, firm)
    return _firm_page(request, firm, page=_number(request.GET.get("page", "")))


@require_POST
@signed_in
def vouchers_load(request: ActingRequest, firm: str) -> HttpResponse:
    """Bring in codes; wrong rows come back in the form."""
    _lead(request, firm)
    _row, kept = enter(request, firm)

    def load(text: str) -> Loaded:
        catalogue = catalogue_or_refusal(kept).catalogue
        return load_vouchers(text, owner=firm, partner=firm, actor=request.actor, catalogue=catalogue)

    text, loaded = _load(request, load)
    if loaded is not None and not loaded.wrong:
        return redirect("learning:vouchers", firm=firm)
    return _firm_page(request, firm, sent=text, loaded=loaded)


@require_POST
@signed_in
def voucher_budget(request: ActingRequest, firm: str) -> HttpResponse:
    """Say what may be given in a year."""
    _lead(request, firm)
    _row, kept = enter(request, firm)

    def say() -> None:
        catalogue = catalogue_or_refusal(kept).catalogue
        say_budget(firm, actor=request.actor, side=Side.PARTNER, said=_budget(request), catalogue=catalogue)

    try_act(request, say, done=_("Noted. No voucher is given beyond it."))
    return redirect("learning:vouchers", firm=firm)


@require_POST
@signed_in
def voucher_give(request: ActingRequest, firm: str) -> HttpResponse:
    """Give somebody a voucher for an exam."""
    _lead(request, firm)
    _row, kept = enter(request, firm)
    learner, code = said(request, "learner"), said(request, "code")

    def give() -> None:
        catalogue = catalogue_or_refusal(kept).catalogue
        give_voucher(firm, actor=request.actor, learner=learner, code=code, catalogue=catalogue)

    try_act(request, give, done=_("Given. They see the code on their path."))
    return redirect("learning:vouchers", firm=firm)


@require_POST
@signed_in
def voucher_act(request: ActingRequest, firm: str, voucher: str) -> HttpResponse:
    """Give back a voucher of one's own; who gives them takes back that of anybody."""
    enter(request, firm)
    rows = VoucherCode.objects.select_related("voucher").filter(partner_id=firm)
    found = get_object_or_404(rows, voucher_id=voucher)
    leads = can_give_vouchers(request.actor, organization=firm)
    if not leads and found.person_id != request.actor.person:
        raise Http404
    is_own = said(request, "from") == "mine"
    done = _("You gave it back.") if is_own else _("It is free again. Who had it may still know the code.")
    try_act(request, lambda: take_back(found.voucher, actor=request.actor), done=done)
    return redirect("learning:mine" if is_own or not leads else "learning:vouchers", firm=firm)


# --- the vendor's side ------------------------------------------------------------------------------------------------


@require_safe
@signed_in
def partner_vouchers(request: ActingRequest, owner: str) -> HttpResponse:
    """What the vendor gave its partners, without names."""
    enter_console(request, owner=owner)
    return _vendor_page(request, owner)


@require_POST
@signed_in
def partner_vouchers_load(request: ActingRequest, owner: str) -> HttpResponse:
    """Give codes to a partner."""
    _vendors_giver(request, owner)
    partner = said(request, "partner")

    def load(text: str) -> Loaded:
        catalogue = vendor_catalogue(owner)
        return give_to_partner(text, owner=owner, partner=partner, actor=request.actor, catalogue=catalogue)

    text, loaded = _load(request, load)
    if loaded is not None and not loaded.wrong:
        return redirect("console:vouchers", owner=owner)
    return _vendor_page(request, owner, sent=text, loaded=loaded)


@require_POST
@signed_in
def partner_voucher_budget(request: ActingRequest, owner: str) -> HttpResponse:
    """Say what the vendor may give in a year."""
    _vendors_giver(request, owner)

    def say() -> None:
        catalogue = vendor_catalogue(owner)
        say_budget(owner, actor=request.actor, side=Side.VENDOR, said=_budget(request), catalogue=catalogue)

    try_act(request, say, done=_("Noted. No voucher is given beyond it."))
    return redirect("console:vouchers", owner=owner)


# --- what both have ---------------------------------------------------------------------------------------------------


def _lead(request: ActingRequest, firm: str) -> None:
    enter(request, firm)
    allowed = can_give_vouchers(request.actor, organization=firm)
    require(allowed=allowed, otherwise=_("Your role does not give vouchers. Ask your partner admin."))


def _vendors_giver(request: ActingRequest, owner: str) -> None:
    enter_console(request, owner=owner)
    allowed = can_give_partners_vouchers(request.actor, owner=owner)
    require(allowed=allowed, otherwise=_("Your role does not give vouchers to partners. Ask a program manager."))


def _firm_page(
    request: ActingRequest, firm: str, *, page: int = 1, sent: str = "", loaded: Loaded | None = None
) -> HttpResponse:
    row, kept = enter(request, firm)
    if kept is None:
        raise Http404
    # An admin who looks as somebody else reads no code.
    with_codes = request.looking is None
    shown = firm_page(row, kept.catalogue, page=page, with_codes=with_codes, sent=sent, loaded=loaded)
    shell = organization_shell(request, firm, current="vouchers")
    return render(request, "enablement/vouchers.html", {"page": shown, "shell": shell}, status=_status(loaded))


def _vendor_page(request: ActingRequest, owner: str, *, sent: str = "", loaded: Loaded | None = None) -> HttpResponse:
    row = get_object_or_404(Organization.objects.all(), pk=owner)
    may_give = can_give_partners_vouchers(request.actor, owner=owner)
    shown = vendor_page(row, may_give=may_give, sent=sent, loaded=loaded)
    shell = console_shell(owner, actor=request.actor, current="vouchers")
    return render(request, "enablement/vouchers.html", {"page": shown, "shell": shell}, status=_status(loaded))


def _status(loaded: Loaded | None) -> int:
    return 422 if loaded and loaded.wrong else 200


def _load(request: ActingRequest, load: Callable[[str], Loaded]) -> tuple[str, Loaded | None]:
    """What was sent, and what became of it; nothing where it is no such file."""
    text = request.POST.get("rows", "")
    try:
        text = _sent(request) or text
        loaded = load(text)
    except NotAllowedError as error:
        raise PermissionDenied(str(error)) from error
    except RefusedError as error:
        messages.error(request, str(error))
        return text, None
    words = ngettext("%(count)s voucher is here.", "%(count)s vouchers are here.", loaded.count)
    if loaded.count:
        messages.success(request, words % {"count": loaded.count})
    elif not loaded.wrong:
        messages.error(request, _("There is no row below the names of the columns. Write one for each voucher."))
    return text, loaded


def _sent(request: ActingRequest) -> str:
    file = request.FILES.get("file")
    if file is None:
        return ""
    if (file.size or 0) > LONGEST_TEXT:
        raise RefusedError(_("This file is too long. Send at most 500 rows at once."))
    try:
        return bytes(file.read()).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise RefusedError(_("The file is not written in UTF-8. Save it as CSV in UTF-8.")) from error


def _budget(request: ActingRequest) -> SaidBudget:
    return SaidBudget(**{name: said(request, name) for name in ("what", "year", "amount", "currency")})


def _number(word: str) -> int:
    return max(1, int(word)) if word.isascii() and word.isdecimal() and len(word) < _LONGEST_NUMBER else 1
