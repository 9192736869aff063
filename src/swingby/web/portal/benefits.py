"""What the partner has from the program: granted benefits, accounts, money earned."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from swingby.web.access import partner_enrolment, signed_in
from swingby.web.clock import today
from swingby.web.domain.benefits import Benefits, Granted, benefits_of
from swingby.web.domain.errors import RefusedError
from swingby.web.domain.holdings import stored_holdings
from swingby.web.domain.standings import latest_standing
from swingby.web.middleware import ActingRequest
from swingby.web.models import Enrolment
from swingby.web.portal.benefit_parts import AccountCard, BenefitLine, BenefitsPage, EarnedLine, LotLine
from swingby.web.portal.pages import partner_shell


@require_safe
@signed_in
def benefits(request: ActingRequest, enrolment: str) -> HttpResponse:
    """What the tier grants and the next one would add; what accounts hold."""
    row = partner_enrolment(enrolment)
    page = benefits_page(row, guide_url=reverse("portal:guide", args=[row.pk]))
    shell = partner_shell(row, actor=request.actor, current="benefits")
    return render(request, "portal/benefits.html", {"page": page, "shell": shell})


def benefits_page(enrolment: Enrolment, *, guide_url: str = "", back_url: str = "") -> BenefitsPage:
    """The page of one partner, for either side."""
    standing = latest_standing(enrolment)
    result: Mapping[str, Any] = standing.result if standing else {}
    found = _found(enrolment, standing)
    return BenefitsPage(
        partner=enrolment.partner.name,
        program=enrolment.program.name,
        as_of=standing.as_of if standing else None,
        tier=found.tier if found else "",
        tier_rank=found.tier_rank if found else -1,
        next_tier=found.next_tier if found else "",
        next_version=found.next_by.version if found and found.next_by else "",
        next_from=found.next_by.effective if found and found.next_by else None,
        next_on=found.next_on if found and found.next_by else None,
        since=found.since.day if found and found.since else None,
        since_at_least=bool(found and found.since and found.since.at_least),
        safe_until=found.safe_until if found else None,
        fall_of=found.fall_of if found else None,
        exception_until=found.exception_until if found else None,
        lines=tuple(map(_line, found.rows)) if found else (),
        accounts=tuple(_account(row) for row in stored_holdings(result, "accounts")),
        earned=tuple(
            EarnedLine(label=row["label"], unit=row["unit"], value=Decimal(row["value"]))
            for row in stored_holdings(result, "incentives")
        ),
        guide_url=guide_url,
        back_url=back_url,
    )


def _found(enrolment: Enrolment, standing: Any) -> Benefits | None:
    try:
        return benefits_of(enrolment, standing, on=today())
    except RefusedError:
        return None


def _line(row: Granted) -> BenefitLine:
    return BenefitLine(
        label=row.grant.label,
        words=row.grant.words,
        note=row.grant.note,
        next_words=row.next_words,
        later=tuple((step.day, step.words) for step in row.later),
    )


def _account(row: Mapping[str, Any]) -> AccountCard:
    lots = tuple(map(_lot, row["lots"]))
    ends = [lot for lot in lots if lot.expires and lot.left]
    first = min((lot.expires for lot in ends if lot.expires), default=None)
    return AccountCard(
        key=row["name"],
        label=row["label"],
        unit=row["unit"],
        **{what: Decimal(row[what]) for what in ("balance", "opened", "used", "expired")},
        lots=tuple(reversed(lots)),
        lots_total=row["lots_total"],
        lapses_next=first,
        lapsing=sum((lot.left for lot in ends if lot.expires == first), Decimal(0)),
    )


def _lot(row: Mapping[str, Any]) -> LotLine:
    return LotLine(
        opens=date.fromisoformat(row["opens"]),
        expires=date.fromisoformat(row["expires"]) if row["expires"] else None,
        **{what: Decimal(row[what]) for what in ("amount", "left", "used", "expired")},
    )
