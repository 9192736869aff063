"""How a firm, one of its offices or a vendor's partner stands with every certification on a day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from swingby.enablement import (
    AHEAD,
    AskStanding,
    Catalogue,
    Cell,
    Records,
    TierAsk,
    ask_standings,
    coverage,
    needs_of,
)
from swingby.web.clock import today
from swingby.web.domain.learning.records import partner_records, records_of, requirement_of, tier_needs
from swingby.web.domain.learning.vendors import partner_asks, vendor_catalogue
from swingby.web.domain.live import organizations_of
from swingby.web.models import CertificationNeed, Enrolment


@dataclass(frozen=True, slots=True, kw_only=True)
class Covered:
    """Every certification of a catalogue as a cohort stands with it.

    Attributes
    ----------
    office
        The office that is looked at; empty for the whole.
    offices
        Those at which somebody works on the day.
    unread
        What tiers ask of credentials in a way that is no number of people.
    """

    day: date
    catalogue: Catalogue
    records: Records
    cells: tuple[Cell, ...]
    people: int
    asks: tuple[TierAsk, ...] = ()
    unread: tuple[str, ...] = ()
    office: str = ""
    offices: tuple[str, ...] = ()

    @property
    def unknown(self) -> int:
        """How many rows name a certification that the catalogue lacks."""
        return sum(self.records.unknown.values())

    def standings(self) -> tuple[AskStanding, ...]:
        """How the cohort stands with what tiers ask."""
        return ask_standings(self.asks, self.records.lives, self.records.belonging(), self.day, ahead=AHEAD)


def firm_covered(firm: str, catalogue: Catalogue, *, office: str = "") -> Covered:
    """A firm or one of its offices, of which nothing is asked; an office nobody works at asks for the firm."""
    day = today()
    records = records_of(firm, catalogue, day)
    offices = offices_of(records, day)
    office = office if office in offices else ""
    lives = records.present(day, office=office or None)
    return Covered(
        day=day,
        catalogue=catalogue,
        records=records,
        cells=coverage(catalogue, lives, () if office else records.needs, day),
        people=len(lives),
        asks=() if office else asks_of(tier_needs(firm, day)),
        office=office,
        offices=tuple(offices),
    )


def partner_covered(enrolment: Enrolment) -> Covered:
    """What a vendor knows of a partner's people, those of organizations below it included."""
    day, catalogue = today(), vendor_catalogue(enrolment.owner_id)
    records = partner_records(enrolment.owner_id, organizations_of(enrolment), catalogue)
    asked = partner_asks(enrolment, catalogue, day)
    lives = records.present(day)
    return Covered(
        day=day,
        catalogue=catalogue,
        records=records,
        cells=coverage(catalogue, lives, needs_of(asked.asks), day),
        people=len(lives),
        asks=asked.asks,
        unread=asked.unread,
    )


def offices_of(records: Records, day: date) -> list[str]:
    """The offices at which somebody works on a day."""
    return sorted({stay.office for stay in records.stays if stay.office and day in stay.counted})


def asks_of(needs: Iterable[CertificationNeed]) -> tuple[TierAsk, ...]:
    """What tiers ask, in the order in which it was noted."""
    return tuple(
        TierAsk(row.vendor, "", "", "keep" if row.kind == "keep" else "next", row.label, requirement_of(row))
        for row in needs
    )
