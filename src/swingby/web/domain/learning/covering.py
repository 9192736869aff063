"""How a firm, one of its offices or a vendor's partner stands with every certification on a day.

A firm of usual size is looked at as it is; of a large one what was counted is read, with the word when that was.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from swingby.enablement import (
    AHEAD,
    AskStanding,
    Catalogue,
    Cell,
    Need,
    Records,
    Tally,
    TierAsk,
    ask_standings,
    by_nearest_way,
    cells_of,
    coverage,
    needs_of,
)
from swingby.web.clock import today
from swingby.web.domain.errors import RefusedError
from swingby.web.domain.learning.catalogues import KeptCatalogue
from swingby.web.domain.learning.counting import is_large
from swingby.web.domain.learning.portions import key_of, mark_of
from swingby.web.domain.learning.records import needs_of as firm_needs
from swingby.web.domain.learning.records import partner_records, records_of, requirement_of, tier_needs
from swingby.web.domain.learning.vendors import partner_asks, vendor_catalogue
from swingby.web.domain.live import organizations_of
from swingby.web.models import CertificationNeed, CoverageCount, CoveragePortion, Enrolment


class NotCountedError(RefusedError):
    """A large firm of which nothing was counted yet."""

    def __init__(self) -> None:
        super().__init__("So many people are counted by a job, which has not ended yet. Look again in some minutes.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Covered:
    """Every certification of a catalogue as a cohort stands with it.

    Attributes
    ----------
    needs
        What the cells were counted for.
    unread
        What tiers ask of credentials in a way that is no number of people.
    unknown
        How many records name a certification that the catalogue lacks.
    office
        The office that is looked at; empty for the whole.
    offices
        Those at which somebody works on the day.
    counted_at
        When it was counted; None where it is counted at each request.
    is_current
        False where something came since that is not counted yet.
    uncounted
        What tiers ask that was not counted yet.
    """

    day: date
    catalogue: Catalogue
    cells: tuple[Cell, ...]
    people: int
    unknown: int
    needs: tuple[Need, ...] = ()
    standings: tuple[AskStanding, ...] = ()
    unread: tuple[str, ...] = ()
    office: str = ""
    offices: tuple[str, ...] = ()
    counted_at: datetime | None = None
    is_current: bool = True
    uncounted: tuple[TierAsk, ...] = ()


def firm_covered(firm: str, kept: KeptCatalogue, *, office: str = "") -> Covered:
    """A firm or one of its offices, of which nothing is asked; an office nobody works at asks for the firm.

    Raises
    ------
    NotCountedError
        If the firm is too large to look at, and nothing was counted yet.
    """
    return _as_counted(firm, kept, office) if is_large(firm) else _as_it_is(firm, kept.catalogue, office)


def partner_covered(enrolment: Enrolment) -> Covered:
    """What a vendor knows of a partner's people, those of organizations below it included."""
    day, catalogue = today(), vendor_catalogue(enrolment.owner_id)
    records = partner_records(enrolment.owner_id, organizations_of(enrolment), catalogue)
    asked = partner_asks(enrolment, catalogue, day)
    asks = by_nearest_way(asked, records.lives, records.belonging(), day)
    counted = {one.words for one in asked.either}
    lives, needs = records.present(day), needs_of(asks)
    return Covered(
        day=day,
        catalogue=catalogue,
        cells=coverage(catalogue, lives, needs, day),
        people=len(lives),
        unknown=_unknown(records),
        needs=needs,
        standings=_standings(asks, records, day),
        unread=tuple(words for words in asked.unread if words not in counted),
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


def _as_it_is(firm: str, catalogue: Catalogue, office: str) -> Covered:
    day = today()
    records = records_of(firm, catalogue, day)
    offices = offices_of(records, day)
    office = office if office in offices else ""
    lives = records.present(day, office=office or None)
    return Covered(
        day=day,
        catalogue=catalogue,
        cells=coverage(catalogue, lives, () if office else records.needs, day),
        people=len(lives),
        unknown=_unknown(records),
        needs=records.needs,
        standings=() if office else _standings(asks_of(tier_needs(firm, day)), records, day),
        office=office,
        offices=tuple(offices),
    )


def _standings(asks: Iterable[TierAsk], records: Records, day: date) -> tuple[AskStanding, ...]:
    return ask_standings(asks, records.lives, records.belonging(), day, ahead=AHEAD)


def _unknown(records: Records) -> int:
    return sum(records.unknown.values())


# --- what was counted -----------------------------------------------------------------------------------------------


def counted_whole(firm: str) -> CoverageCount | None:
    """What was counted of a large firm as a whole."""
    return CoverageCount.objects.filter(organization_id=firm, office="").first()


def counted_cells(catalogue: Catalogue, whole: CoverageCount, needs: Iterable[Need]) -> Mapping[str, Cell]:
    """The cells of a large firm as a whole, by code."""
    return {cell.code: cell for cell in cells_of(catalogue, _figures(whole), needs)}


def _as_counted(firm: str, kept: KeptCatalogue, office: str) -> Covered:
    whole, offices = counted_whole(firm), counted_offices(firm)
    if whole is None:
        raise NotCountedError
    office = office if office in offices else ""
    row = CoverageCount.objects.get(organization_id=firm, office=office) if office else whole
    needs, asks = firm_needs(firm, today()), () if office else asks_of(tier_needs(firm, today()))
    return Covered(
        day=row.day or today(),
        catalogue=kept.catalogue,
        cells=cells_of(kept.catalogue, _figures(row), () if office else needs),
        people=row.people,
        unknown=whole.unknown,
        needs=needs,
        standings=tuple(counted_standing(ask, whole) for ask in asks if _key(ask) in whole.asks),
        office=office,
        offices=tuple(offices),
        counted_at=row.counted_at,
        is_current=is_current(firm, kept, whole),
        uncounted=tuple(ask for ask in asks if _key(ask) not in whole.asks),
    )


def is_current(firm: str, kept: KeptCatalogue, whole: CoverageCount) -> bool:
    """Whether everything that is known now was known when a firm was counted."""
    mark = mark_of(firm, kept)
    if {"day": whole.day, "position": whole.position, "catalogue": whole.catalogue} != mark.columns():
        return False
    is_asked = all(key_of(codes) in whole.asks for codes in mark.asked)
    return is_asked and not CoveragePortion.objects.filter(organization_id=firm, is_due=True).exists()


def counted_offices(firm: str) -> list[str]:
    """The offices at which somebody worked when a large firm was counted."""
    rows = CoverageCount.objects.filter(organization_id=firm).exclude(office="")
    return list(rows.order_by("office").values_list("office", flat=True))


def _figures(row: CoverageCount) -> Mapping[str, Tally]:
    return {code: Tally(*numbers) for code, numbers in row.figures.items()}


def _key(ask: TierAsk) -> str:
    return key_of(ask.requirement.codes)


def counted_standing(ask: TierAsk, whole: CoverageCount) -> AskStanding:
    """How a large firm stands with what a tier asks, where that was counted."""
    held, lapsing, _steady = whole.asks[_key(ask)]
    people = ask.requirement.people
    return AskStanding(ask, held, lapsing, max(0, people - held), max(0, held - people))
