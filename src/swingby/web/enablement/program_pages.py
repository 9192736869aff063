"""Fill the matrix of a vendor's whole program: all its partners together, in numbers."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from swingby.enablement import AHEAD, Catalogue
from swingby.web.console.pages import region_words
from swingby.web.design.parts import Choice
from swingby.web.domain.learning.program_coverage import (
    LackingPartner,
    ProgramCell,
    ProgramCovered,
    ProgramQuestion,
    RegionLine,
    program_covered,
)
from swingby.web.enablement.coverage_pages import cell_words, counted_words, matrix_of
from swingby.web.enablement.program_parts import (
    MOST_MISSING,
    MOST_PARTNERS,
    LackingLine,
    MissingLine,
    ProgramCoveragePage,
    RegionRow,
)
from swingby.web.models import Organization
from swingby.web.permissions import can_keep_a_week
from swingby.web.visibility import Actor


def program_page(owner: Organization, question: ProgramQuestion, *, actor: Actor) -> ProgramCoveragePage:
    """All partners that the reader sees; a success manager may look at the own ones alone, as in the portfolio."""
    found = program_covered(owner.pk, question, actor=actor, most=MOST_PARTNERS)
    missing = sorted((cell for cell in found.cells if cell.uncovered), key=_most_missing)
    return ProgramCoveragePage(
        name=owner.name,
        matrix=matrix_of(found.catalogue, found.cells, {}, _words),
        partners=found.partners,
        people=found.people,
        held=sum(cell.held for cell in found.cells),
        to_keep=found.to_keep,
        to_reach=found.to_reach,
        missing=tuple(_missing(found.catalogue, cell) for cell in missing[:MOST_MISSING]),
        missing_total=len(missing),
        lacking=tuple(_lacking(owner.pk, line) for line in found.lacking),
        lacking_total=found.lacking_total,
        regions=_rows(found.regions),
        region_choices=_region_choices(found.regions, question.region),
        manager_choices=_manager_choices(owner.pk, question.manager, actor),
        counted=counted_words(found.counted_at) if found.counted_at else "",
        is_current=found.is_current,
        behind=_behind(found),
        ahead_days=AHEAD,
    )


def _words(cell: ProgramCell) -> str:
    return f"{cell_words(cell)}, {cell.missing} missing at partners" if cell.missing else cell_words(cell)


def _most_missing(cell: ProgramCell) -> tuple[int, int, str]:
    return -cell.missing, -cell.uncovered, cell.code


def _missing(catalogue: Catalogue, cell: ProgramCell) -> MissingLine:
    label = catalogue.certifications[cell.code].label
    return MissingLine(label=label, needed=cell.needed, missing=cell.missing, soon=cell.uncovered, hours=cell.hours)


def _lacking(owner: str, line: LackingPartner) -> LackingLine:
    door = reverse("console:certifications", args=[owner, line.enrolment]) if line.enrolment else ""
    return LackingLine(
        name=line.name,
        href=door,
        region=region_words(line.region),
        people=line.people,
        to_keep=line.to_keep,
        to_reach=line.to_reach,
        lacks=line.lacks,
    )


def _rows(regions: Iterable[RegionLine]) -> tuple[RegionRow, ...]:
    """Where no partner has a region there is nothing to compare."""
    lines = tuple(
        RegionRow(
            label=region_words(one.region) or _("No region"),
            partners=one.partners,
            people=one.people,
            to_keep=one.to_keep,
            to_reach=one.to_reach,
        )
        for one in regions
    )
    return lines if any(one.region for one in regions) else ()


def _region_choices(regions: Iterable[RegionLine], chosen: str) -> tuple[Choice, ...]:
    listed = [("", _("All regions")), *((one.region, region_words(one.region)) for one in regions if one.region)]
    return tuple(Choice(value=value, label=label, chosen=value == chosen) for value, label in listed)


def _manager_choices(owner: str, chosen: str, actor: Actor) -> tuple[Choice, ...]:
    if not can_keep_a_week(actor, owner=owner):
        return ()
    listed = (("", _("All partners")), ("me", _("My partners")))
    return tuple(Choice(value=value, label=label, chosen=value == chosen) for value, label in listed)


def _behind(found: ProgramCovered) -> str:
    """What is not in the figures; empty where all is."""
    told = {"due": found.due, "never": found.never, "partners": found.partners}
    if found.never:
        return (
            _("%(never)s of %(partners)s partners were never counted and are in no figure; they are being counted.")
            % told
        )
    if found.due:
        return _("%(due)s of %(partners)s partners are being counted anew: something came since.") % told
    return "" if found.is_current else _("Records that came since are not in it yet; they are being counted.")
