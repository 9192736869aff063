"""Remind holders of what expires, and those who lead of what nobody has yet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import Final

from django.urls import reverse
from django.utils.translation import ngettext

from swingby.enablement import REMINDED_BEFORE
from swingby.web.clock import today
from swingby.web.domain.notifications import About, News, tell_partner
from swingby.web.domain.vouchers.giving import free_vouchers
from swingby.web.domain.vouchers.reading import sums_of
from swingby.web.models import NotificationKind, VoucherCode, VoucherState

SOON: Final = timedelta(days=30)


def remind_holders(firm: str, labels: Mapping[str, str]) -> int:
    """Tell who has a voucher that it expires, as often before as of a certificate; returns how many words were due."""
    day = today()
    given = VoucherCode.objects.select_related("voucher").filter(
        partner_id=firm, voucher__state=VoucherState.GIVEN, voucher__expires_on__gte=day, person__isnull=False
    )
    due = [(row, before) for row in given if (before := _due(row, day)) is not None]
    for row, before in due:
        tell_partner(About(firm, firm), _news_of(row, before, labels, day), only=[str(row.person_id)])
    return len(due)


def week_of_vouchers(firm: str) -> Iterator[str]:
    """One line of the week's mail: what expires soon and is given to nobody."""
    rows = list(free_vouchers(firm).filter(expires_on__lte=today() + SOON))
    if rows:
        yield ngettext(
            "%(count)s voucher expires within 30 days and is given to nobody: %(sums)s.",
            "%(count)s vouchers expire within 30 days and are given to nobody: %(sums)s.",
            len(rows),
        ) % {"count": len(rows), "sums": sums_of(rows)}


def _due(row: VoucherCode, day: date, before: Iterable[int] = REMINDED_BEFORE) -> int | None:
    """The newest of the days before the expiry that has come; none that came before it was given."""
    expires, given = row.voucher.expires_on, row.voucher.given_on or day
    come = [days for days in before if given < expires - timedelta(days=days) <= day]
    return min(come, default=None)


def _news_of(row: VoucherCode, before: int, labels: Mapping[str, str], day: date) -> News:
    expires = row.voucher.expires_on
    told = {
        "label": labels.get(row.given_for, row.given_for),
        "day": f"{expires:%-d %B %Y}",
        "days": (expires - day).days,
    }
    words = ngettext(
        "Your voucher for %(label)s expires in %(days)s day, on %(day)s. Book the exam or give it back.",
        "Your voucher for %(label)s expires in %(days)s days, on %(day)s. Book the exam or give it back.",
        (expires - day).days,
    )
    return News(
        kind=NotificationKind.VOUCHER,
        key=f"voucher:{row.voucher_id}:{row.voucher.given_on}:{before}",
        words=words % told,
        path=reverse("learning:mine", args=[row.partner_id]),
    )
