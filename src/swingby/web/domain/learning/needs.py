"""What vendors' tiers ask of a firm, worked out anew whenever a tier moves, a version takes effect or a catalogue comes.

Only needs of tiers are worked out, of vendors in whose programs the firm is or was; what a deal asks stays as it is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from django.db import models, transaction

from swingby.enablement import Catalogue, TierAsk, tier_asks
from swingby.program import Program
from swingby.web.clock import today
from swingby.web.domain.errors import RefusedError
from swingby.web.domain.learning.catalogues import catalogue_of
from swingby.web.domain.learning.counting import count_again
from swingby.web.domain.learning.records import TIER_KINDS
from swingby.web.domain.programs import loaded, version_in_force
from swingby.web.domain.standings import latest_standing
from swingby.web.models import CertificationNeed, Enrolment
from swingby.web.tenancy import Scope, open_scope

#: What tells one need from another.
Key = tuple[str, str, str, str, tuple[str, ...], int]


def refresh_needs(firm: str) -> int:
    """Begin and end needs as tiers ask today; returns how many changed. It may run twice: then none does."""
    own = frozenset({firm})
    with transaction.atomic(), open_scope(Scope(owner_orgs=own, partner_orgs=own)):
        kept = catalogue_of(firm)
        if kept is None:
            return 0
        asked, vendors = Counter[Key](), set[str]()
        for vendor, asks in _asked(firm, kept.catalogue):
            vendors.add(vendor)
            asked.update(_key(ask) for ask in asks)
        changed = _end(firm, vendors, asked) + _begin(firm, asked)
        if changed:
            count_again(firm)
        return changed


def _asked(firm: str, catalogue: Catalogue) -> Iterator[tuple[str, tuple[TierAsk, ...]]]:
    """By vendor what its tiers ask; of an enrolment that has ended nothing, of a vendor without rules nothing is known."""
    day = today()
    for enrolment in Enrolment.objects.filter(partner_id=firm).order_by("joined_on", "pk"):
        try:
            program = loaded(version_in_force(enrolment.program_id, on=day))
        except RefusedError:
            continue
        vendor = _vendor(enrolment, program, catalogue)
        has_ended = enrolment.ended_on is not None and enrolment.ended_on <= day
        if vendor and has_ended:
            yield vendor, ()
        elif vendor:
            held = _held(enrolment)
            tiers = {ladder: held.get(ladder) for ladder in program.ladders}
            yield vendor, tier_asks(program, catalogue, tiers, day, vendor=vendor).asks


def _vendor(enrolment: Enrolment, program: Program, catalogue: Catalogue) -> str:
    """What the firm's catalogue calls the vendor: as the program is called, or its owner."""
    names = (program.header.id, enrolment.owner_id)
    return next((name for name in names if name in catalogue.vendors), "")


def _held(enrolment: Enrolment) -> dict[str, str | None]:
    standing = latest_standing(enrolment)
    held: dict[str, str | None] = standing.result.get("held", {}) if standing else {}
    return held


def _key(ask: TierAsk) -> Key:
    wanted = ask.requirement
    return ask.vendor, ask.purpose, wanted.source, ask.label, tuple(sorted(wanted.codes)), wanted.people


def _end(firm: str, vendors: set[str], asked: Counter[Key]) -> int:
    """End what is not asked any more, and take from what is asked whatever stands already."""
    day = today()
    rows = CertificationNeed.objects.filter(organization_id=firm, vendor__in=vendors, kind__in=TIER_KINDS)
    going = rows.filter(starts_on__lte=day).filter(models.Q(ends_on=None) | models.Q(ends_on__gt=day)).order_by("id")
    over = [row.pk for row in going if not _is_asked(row, asked)]
    return CertificationNeed.objects.filter(pk__in=over).update(ends_on=day)


def _is_asked(row: CertificationNeed, asked: Counter[Key]) -> bool:
    key = (row.vendor, row.kind, row.source, row.label, tuple(sorted(row.codes)), row.people)
    if not asked[key]:
        return False
    asked[key] -= 1
    return True


def _begin(firm: str, asked: Counter[Key]) -> int:
    rows = [
        CertificationNeed(
            organization_id=firm,
            vendor=vendor,
            kind=kind,
            source=source,
            label=label,
            codes=list(codes),
            people=people,
            starts_on=today(),
        )
        for vendor, kind, source, label, codes, people in asked.elements()
    ]
    return len(CertificationNeed.objects.bulk_create(rows))
