"""Fill the matrix of certifications, of an office, of the firm, and of a vendor's partner."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Protocol, TypeVar

from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from swingby.enablement import (
    AHEAD,
    AskStanding,
    Catalogue,
    Cell,
    Need,
    gaps,
)
from swingby.web.clock import today
from swingby.web.design.parts import Choice, Tone
from swingby.web.domain.learning.catalogues import KeptCatalogue
from swingby.web.domain.learning.covering import Covered, NotCountedError, firm_covered, partner_covered
from swingby.web.domain.learning.projects import office_words
from swingby.web.enablement.parts import (
    AskLine,
    CellTone,
    CoveragePage,
    GapLine,
    Matrix,
    MatrixCell,
    MatrixRow,
)
from swingby.web.models import Enrolment, Organization

MOST_GAPS = 12
PURPOSES: Mapping[str, str] = {"keep": "to keep it", "next": "to reach it", "deal": "open deal", "target": "target"}


def coverage_page(firm: Organization, kept: KeptCatalogue | None, *, office: str, with_names: bool) -> CoveragePage:
    """The matrix of a firm or of one of its offices; an office nobody works at asks for the firm."""
    if kept is None:
        return CoveragePage(name=firm.name, as_of=today())
    try:
        found = firm_covered(firm.pk, kept, office=office)
    except NotCountedError:
        return CoveragePage(name=firm.name, as_of=today(), is_waiting=True)
    links = {one.code: _cell_url(firm.pk, one.code) for one in kept.catalogue} if with_names else {}
    page = _page(firm.name, found, links, _sources(found.needs))
    return replace(page, offices=office_choices(found.offices, found.office))


def partner_coverage(enrolment: Enrolment) -> CoveragePage:
    """What a vendor knows of a partner's people, those of organizations below it included; counts, without names."""
    found = partner_covered(enrolment)
    page = _page(enrolment.partner.name, found, {}, _tier_sources(found.needs))
    back_url = reverse("console:partner", args=[enrolment.owner_id, enrolment.pk])
    return replace(page, is_partners=True, back_url=back_url)


def _page(name: str, found: Covered, links: Mapping[str, str], sources: Mapping[str, str]) -> CoveragePage:
    cells, lacking = found.cells, gaps(found.cells)
    return CoveragePage(
        name=name,
        as_of=found.day,
        matrix=matrix_of(found.catalogue, cells, links),
        people=found.people,
        held=sum(cell.held for cell in cells),
        empty=sum(not cell.held for cell in cells),
        total=len(cells),
        gaps=tuple(_gap(found.catalogue, cell, sources, links) for cell in lacking[:MOST_GAPS]),
        gaps_total=len(lacking),
        asks=ask_lines(found.standings),
        uncounted=tuple(f"{ask.requirement.source}: {ask.label}" for ask in found.uncounted),
        counted=counted_words(found.counted_at) if found.counted_at else "",
        is_current=found.is_current,
        unread=found.unread,
        unknown=found.unknown,
        ahead_days=AHEAD,
    )


def counted_words(moment: datetime) -> str:
    """When a job counted something."""
    here = localtime(moment)
    told = {"time": f"{here:%H:%M}", "day": f"{here:%-d %B %Y}"}
    if here.date() == today():
        return _("Counted today at %(time)s") % told
    if here.date() == today() - timedelta(days=1):
        return _("Counted yesterday at %(time)s") % told
    return _("Counted on %(day)s at %(time)s") % told


def _tier_sources(needs: Iterable[Need]) -> Mapping[str, str]:
    found = defaultdict[str, list[str]](list)
    for need in needs:
        found[need.code].append(need.source)
    return {code: ", ".join(dict.fromkeys(sources)) for code, sources in found.items()}


def office_choices(offices: Iterable[str], chosen: str, *, with_whole: bool = True) -> tuple[Choice, ...]:
    """The firm and its offices; without the whole where it is looked at office by office."""
    whole = [("", "Whole firm")] if with_whole else []
    listed = [*whole, *((office, office_words(office)) for office in offices)]
    return tuple(Choice(value=value, label=label, chosen=value == chosen) for value, label in listed)


class Counts(Protocol):
    """The numbers of one certification, of whomever."""

    @property
    def code(self) -> str:
        """Which certification."""

    @property
    def held(self) -> int:
        """People with it."""

    @property
    def in_progress(self) -> int:
        """People on the way to it."""

    @property
    def lapsing(self) -> int:
        """People who will not have it any more."""

    @property
    def needed(self) -> int:
        """People asked for."""

    @property
    def uncovered(self) -> int:
        """People who lack, now or soon."""


AnyCounts = TypeVar("AnyCounts", bound=Counts)


def cell_words(cell: Counts) -> str:
    """A cell for those who do not see the table."""
    parts = [f"{cell.held} held"]
    parts += [f"{cell.in_progress} on the way"] if cell.in_progress else []
    parts += [f"{cell.lapsing} lapsing"] if cell.lapsing else []
    parts += [f"{cell.needed} needed"] if cell.needed else []
    return ", ".join(parts)


def matrix_of(
    catalogue: Catalogue,
    cells: Sequence[AnyCounts],
    links: Mapping[str, str],
    words: Callable[[AnyCounts], str] = cell_words,
) -> Matrix:
    """Vendors and products against roles and levels; rows and columns in which there is nothing are left out."""
    by_place: dict[tuple[str, str, str, str], list[AnyCounts]] = defaultdict(list)
    for cell in cells:
        one = catalogue.certifications[cell.code]
        by_place[one.vendor, one.product, one.role, one.level].append(cell)
    roles = [role for role in catalogue.roles if any(place[2] == role for place in by_place)]
    levels = [level for level in catalogue.levels if any(place[3] == level for place in by_place)]
    rows = tuple(
        MatrixRow(
            label=label,
            slots=tuple(
                tuple(_cell(catalogue, cell, links, words(cell)) for cell in by_place[vendor, product, role, level])
                for role in roles
                for level in levels
            ),
        )
        for vendor, product, label in _row_labels(catalogue)
    )
    return Matrix(
        roles=tuple(catalogue.roles[role] for role in roles),
        levels=tuple(catalogue.levels[level] for level in levels),
        rows=rows,
    )


def ask_lines(standings: Iterable[AskStanding]) -> tuple[AskLine, ...]:
    """What tiers ask, and how a firm stands with it."""
    return tuple(
        AskLine(
            source=one.ask.requirement.source,
            purpose=PURPOSES[one.ask.purpose],
            label=one.ask.label,
            asked=one.ask.requirement.people,
            held=one.held,
            lapsing=one.lapsing,
            missing=one.missing,
            tone=_ask_tone(one.missing, lapsing=one.lapsing, spare=one.spare, purpose=one.ask.purpose),
        )
        for one in standings
    )


def _ask_tone(missing: int, *, lapsing: int, spare: int, purpose: str) -> Tone:
    if missing:
        return "bad" if purpose == "keep" else "plain"
    return "warn" if lapsing > spare else "good"


def _row_labels(catalogue: Catalogue) -> list[tuple[str, str, str]]:
    products: dict[str, dict[str, None]] = defaultdict(dict)
    for one in catalogue:
        products[one.vendor][one.product] = None
    return [
        (vendor, product, label if len(products[vendor]) == 1 else product.replace("_", " ").capitalize())
        for vendor, label in catalogue.vendors.items()
        for product in products[vendor]
    ]


def _cell(catalogue: Catalogue, cell: Counts, links: Mapping[str, str], words: str) -> MatrixCell:
    one = catalogue.certifications[cell.code]
    return MatrixCell(
        words=f"{one.label}: {words}",
        tone=_tone(cell),
        held=cell.held,
        in_progress=cell.in_progress,
        lapsing=cell.lapsing,
        needed=cell.needed,
        href=links.get(cell.code, ""),
    )


def _tone(cell: Counts) -> CellTone:
    if cell.uncovered:
        return "short" if cell.held else "none"
    return "met" if cell.held else "idle"


def _gap(catalogue: Catalogue, cell: Cell, sources: Mapping[str, str], links: Mapping[str, str]) -> GapLine:
    return GapLine(
        label=catalogue.certifications[cell.code].label,
        needed=cell.needed,
        held=cell.held,
        missing=cell.missing,
        soon=cell.uncovered,
        hours=cell.hours,
        sources=sources.get(cell.code, ""),
        href=links.get(cell.code, ""),
    )


def _sources(needs: Iterable[Need]) -> Mapping[str, str]:
    """By code what asks: tiers by name, deals by their number."""
    tiers, deals = defaultdict[str, list[str]](list), defaultdict[str, int](int)
    for need in needs:
        if need.kind == "deal":
            deals[need.code] += 1
        else:
            tiers[need.code].append(need.source)
    return {
        code: ", ".join([*dict.fromkeys(tiers[code]), *([deal_words(deals[code])] if deals[code] else [])])
        for code in {*tiers, *deals}
    }


def deal_words(number: int) -> str:
    """So many open deals."""
    return "one open deal" if number == 1 else f"{number} open deals"


def _cell_url(firm: str, code: str) -> str:
    return reverse("learning:certification", args=[firm, code])
