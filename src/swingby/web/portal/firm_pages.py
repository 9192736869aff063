"""Fill the board of a firm's programs: rows, totals, and the same as a file."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from math import ceil
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from swingby.web.clock import today
from swingby.web.console.version_pages import guarded
from swingby.web.domain.notifications import desk_of, unread_counts
from swingby.web.domain.queries.firm import FirmProgram, TierRisk
from swingby.web.models import PARTNER_ROLES, Enrolment, Membership, Organization
from swingby.web.permissions import can_read_stakes
from swingby.web.portal.firm_parts import ON_A_PAGE, FirmPage, ProgramRow, StakeCell, Total
from swingby.web.visibility import Actor

_HEADS = (
    *("Vendor", "Program", "Partner", "Tier", "Next tier", "Missing for it", "Missing to keep the tier", "At risk"),
    *("Next day", "What happens", "Who answers", "Worth a year", "Cost a year", "Currency", "Note", "Said on"),
)


def firm_page(actor: Actor, found: tuple[FirmProgram, ...], *, page: str = "") -> FirmPage:
    """One page of the programs; totals are of all."""
    last = ceil(len(found) / ON_A_PAGE)
    number = min(max(int(page), 1), last) if page.isascii() and page.isdecimal() and len(page) < len("10000") else 1
    shown = found[(number - 1) * ON_A_PAGE : number * ON_A_PAGE]
    address = reverse("firm")
    reads = _reads_stakes(actor, found)
    return FirmPage(
        firm=firm_name(actor, [row.enrolment for row in found]),
        rows=_rows(actor, shown),
        vendors=len({row.enrolment.owner_id for row in found}),
        total=len(found),
        names_partners=len({row.enrolment.partner_id for row in found}) > 1,
        before_url=f"{address}?page={number - 1}" if number > 1 else "",
        after_url=f"{address}?page={number + 1}" if number < last else "",
        reads_stakes=reads,
        totals=tuple(_totals(found)) if reads else (),
        file_url=reverse("firm_file"),
    )


def firm_name(actor: Actor, rows: Sequence[Enrolment]) -> str:
    """The organizations at which the reader holds a post; where that is none of them, those that are enrolled."""
    posts = Organization.objects.filter(pk__in=actor.organizations(PARTNER_ROLES))
    names = list(posts.order_by("name").values_list("name", flat=True)[:3])
    return ", ".join(names) or next((row.partner.name for row in rows), "")


def firm_file(actor: Actor, found: tuple[FirmProgram, ...]) -> str:
    """Every program with the columns of the board, as CSV; what is not known is empty."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(_HEADS)
    for row in _rows(actor, found):
        stake = row.stake
        where = (row.vendor, row.program, row.partner, row.tier, row.next_tier, row.gap, row.keeps, _risk_cell(row))
        said = (row.day, row.what, stake.answers, stake.worth, stake.cost, stake.currency, stake.note, stake.said_on)
        writer.writerow([guarded("" if cell is None else str(cell)) for cell in (*where, *said)])
    return text.getvalue()


def _reads_stakes(actor: Actor, found: Sequence[FirmProgram]) -> bool:
    return any(can_read_stakes(actor, lineage=row.enrolment.partner.lineage) for row in found)


def _rows(actor: Actor, found: Sequence[FirmProgram]) -> tuple[ProgramRow, ...]:
    desks = {row.enrolment.pk: desk_of(row.enrolment) for row in found}
    unread = unread_counts(actor, list(desks.values()))
    here = _people_here(found)
    return tuple(_row(row, unread=unread[desks[row.enrolment.pk]], stake=_stake(actor, row, here)) for row in found)


def _people_here(found: Sequence[FirmProgram]) -> frozenset[str]:
    """Of those who answer, who still has access at one of the firm's organizations."""
    people = [row.stake.person_id for row in found if row.stake and row.stake.person_id]
    return frozenset(Membership.objects.filter(person__in=people).values_list("person_id", flat=True))


def _stake(actor: Actor, row: FirmProgram, here: Collection[str]) -> StakeCell:
    url, said = reverse("firm_stake", args=[row.enrolment.pk]), row.stake
    if said is None or not can_read_stakes(actor, lineage=row.enrolment.partner.lineage):
        return StakeCell(url=url)
    return StakeCell(
        answers=said.person.name if said.person else "",
        has_left=said.person_id is not None and said.person_id not in here,
        worth=said.worth,
        cost=said.cost,
        currency=said.currency,
        note=said.note,
        said_on=said.said_at.date(),
        url=url,
    )


def _row(row: FirmProgram, *, unread: int, stake: StakeCell) -> ProgramRow:
    enrolment, coming = row.enrolment, row.coming
    tier, following = row.result.get("tier") or {}, row.result.get("next") or {}
    manager = enrolment.success_manager
    return ProgramRow(
        key=enrolment.pk,
        vendor=enrolment.owner.name,
        program=enrolment.program.name,
        url=reverse("portal:home", args=[enrolment.pk]),
        partner=enrolment.partner.name,
        is_known=bool(row.result),
        tier=tier.get("label", ""),
        tier_rank=int(tier.get("rank", -1)),
        risk=risk_words(row.risk) if row.risk else "",
        risk_note=risk_note(row.risk) if row.risk else "",
        next_tier=following.get("label", ""),
        gap=_missing(row.result.get("gates", ())),
        keeps=_keeps(row),
        day=coming.day if coming else None,
        what=coming.what if coming else "",
        is_late=coming is not None and coming.day < today(),
        contact=manager.name if manager else "",
        unread=unread,
        notifications_url=reverse("portal:notifications", args=[enrolment.pk]),
        stake=stake,
    )


def risk_words(risk: TierRisk) -> str:
    """That the tier may be lost and by when, or that it is."""
    if risk.is_taken and risk.holds_from:
        return _("lost from %(day)s") % {"day": _day(risk.holds_from)}
    return _("at risk by %(day)s") % {"day": _day(risk.day)} if risk.day else _("at risk")


def risk_note(risk: TierRisk) -> str:
    """What would be held, and from when on."""
    if not risk.then:
        return ""
    if risk.is_taken or risk.holds_from is None or risk.holds_from <= today():
        return _("then %(tier)s") % {"tier": risk.then}
    return _("then %(tier)s from %(day)s") % {"tier": risk.then, "day": _day(risk.holds_from)}


def _risk_cell(row: ProgramRow) -> str:
    return ", ".join(part for part in (row.risk, row.risk_note) if part)


def _missing(gates: Sequence[Mapping[str, Any]]) -> str:
    """The first thing that is missing, gates before points, and how many more there are."""
    missing = [gate for gate in gates if gate["state"] != "met"]
    if not missing:
        return ""
    first, *others = sorted(missing, key=lambda gate: bool(gate["is_score"]))
    words = f"{first['label']}: {first['words']}" if first["words"] else str(first["label"])
    return f"{words}, and {len(others)} more" if others else words


def _keeps(row: FirmProgram) -> str:
    """What the tier that is held lacks today, else what it will lack when it can be lost next."""
    lacking = _missing(row.result.get("keeps", ()))
    if lacking or row.prospect is None or not row.prospect.closing or row.prospect.loses_on is None:
        return lacking
    labels = [str(gate["label"]) for gate in row.prospect.closing]
    more = f", and {len(labels) - 1} more" if len(labels) > 1 else ""
    return f"{labels[0]}{more} will be missing on {_day(row.prospect.loses_on)}"


def _day(day: date) -> str:
    return f"{day:%-d %B %Y}"


def _totals(found: Sequence[FirmProgram]) -> Iterator[Total]:
    """By currency, of the amounts that are known; nothing is converted."""
    stakes = [row.stake for row in found if row.stake and row.stake.currency]
    for currency in sorted({stake.currency for stake in stakes}):
        worths = [each.worth for each in stakes if each.currency == currency and each.worth is not None]
        costs = [each.cost for each in stakes if each.currency == currency and each.cost is not None]
        yield Total(
            currency=currency,
            worth=sum(worths, Decimal(0)),
            worth_of=len(worths),
            cost=sum(costs, Decimal(0)),
            cost_of=len(costs),
        )
