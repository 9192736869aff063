"""Vouchers of the small world: free, given and used ones, bought and given by the vendor; and the routes of vouchers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.db import transaction

from swingby.web.models import Voucher, VoucherBudget, VoucherCode, VoucherState
from swingby.web.sealing import seal
from swingby.web.tenancy import Scope, open_scope
from tests.permissions.learning import BEGUN

#: Key, firm, who gave it, who has it, state.
VOUCHERS: Final = (
    ("tarn-free", "tarn", "tarn", None, VoucherState.FREE),
    ("tarn-gift", "tarn", "harbor", None, VoucherState.FREE),
    ("tarn-voucher", "tarn", "harbor", "partner-member", VoucherState.GIVEN),
    ("tarn-used", "tarn", "tarn", "partner-member", VoucherState.USED),
    ("tarn-leads", "tarn", "tarn", "partner-manager", VoucherState.RETURNED),
    ("sedge-free", "sedge", "harbor", None, VoucherState.FREE),
    ("sedge-gift", "sedge", "harbor", "both-programs", VoucherState.GIVEN),
    ("loom-free", "loom", "loom", None, VoucherState.FREE),
    ("loom-gift", "loom", "quay", None, VoucherState.FREE),
)
EXPIRES: Final = date(2026, 5, 20)
TARN, HARBOR = ("tarn",), ("harbor",)
BUDGET: Final = {"what": "vendor:harbor", "year": "2026", "amount": "5000", "currency": "USD"}
ROWS: Final = "code,certifications,price,currency,expires\n"

#                    anon str  oven opar both memb admn exec fina oper succ mana
FIRMS_LEADS: Final = "302 404 404 404 404 403 200 404 404 404 404 404"
LEADS_ACT: Final = "302 404 404 404 404 403 302 404 404 404 404 404"
VENDORS_PAGE: Final = "302 404 404 404 404 404 404 200 200 200 200 200"
VENDORS_ACT: Final = "302 404 404 404 404 404 404 403 403 403 403 302"
VOUCHED: Final[Mapping[str, tuple[tuple[Any, ...], ...]]] = {
    "learning:vouchers": (("get", FIRMS_LEADS, TARN),),
    "learning:vouchers_load": (("post", LEADS_ACT, TARN, {"rows": ROWS}),),
    "learning:voucher_budget": (("post", LEADS_ACT, TARN, BUDGET),),
    "learning:voucher_give": (("post", LEADS_ACT, TARN, {"learner": "nobody", "code": "expert"}),),
    "learning:voucher_act": (("post", "302 404 404 404 404 302 302 404 404 404 404 404", ("tarn", "tarn-voucher")),),
    "console:vouchers": (("get", VENDORS_PAGE, HARBOR),),
    "console:vouchers_load": (("post", VENDORS_ACT, HARBOR, {"rows": ROWS, "partner": "tarn"}),),
    "console:voucher_budget": (("post", VENDORS_ACT, HARBOR, BUDGET),),
}


def bring_vouchers() -> None:
    """Budgets of vendors and firms, and every voucher with its code; needs people, roles and enrolments."""
    for organization in ("harbor", "quay", "tarn", "sedge", "loom"):
        own = frozenset({organization})
        with open_scope(Scope(owner_orgs=own, partner_orgs=own)):
            VoucherBudget.objects.create(
                organization_id=organization,
                vendor="quay" if organization == "quay" else "harbor",
                year=2026,
                amount=Decimal(3000),
                given=Decimal(900),
                currency="USD",
            )
    for key, firm, owner, person, state in VOUCHERS:
        _bring(key, firm, owner)
        if state != VoucherState.FREE:
            _give(key, firm, person, state)


def _bring(key: str, firm: str, owner: str) -> None:

    with open_scope(Scope(owner_orgs=frozenset({owner}), partner_orgs=frozenset({firm}), person=_LEADS[firm])):
        Voucher(
            id=key,
            owner_id=owner,
            partner_id=firm,
            vendor="harbor",
            codes=["expert"],
            is_bought=owner == firm,
            price=Decimal(300),
            currency="USD",
            expires_on=EXPIRES,
            digest=key,
            loaded_on=BEGUN.date(),
        ).save(force_insert=True)
        whose = {"owner_id": owner, "partner_id": firm}
        VoucherCode(id=f"{key}-code", **whose, voucher_id=key, sealed=_sealed(key)).save(force_insert=True)


def seal_anew(firm: str) -> None:
    """Another process filled the world, under its own secret: seal the codes of a firm so that they can be read here."""
    with transaction.atomic(), open_scope(Scope(partner_orgs=frozenset({firm}))):
        for row in VoucherCode.objects.filter(partner_id=firm):
            sealed = _sealed(row.voucher_id)
            VoucherCode.objects.filter(pk=row.pk).update(sealed=sealed)


def _sealed(key: str) -> str:
    return seal(f"{key.upper()}-1234", purpose="codes of vouchers")


_LEADS: Final[Mapping[str, str]] = {"tarn": "partner-admin", "sedge": "both-programs", "loom": "other-partner"}


def _give(key: str, firm: str, person: str | None, state: VoucherState) -> None:
    with open_scope(Scope(partner_orgs=frozenset({firm}))):
        given_on = BEGUN.date() if state in {VoucherState.GIVEN, VoucherState.USED} else None
        Voucher.objects.filter(pk=key).update(state=state, given_on=given_on)
        VoucherCode.objects.filter(voucher_id=key).update(person=person, given_for="expert")
