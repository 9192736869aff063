"""What was counted of the partners of a region, added up: by the job for the pages, and by a page where that is not there.

A kept sum says which lists of which partners it is of. A page reads that of the partners it may see, and takes the sum
only where the two are the same: so it is never older than the lists, whatever came in between.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.db import connection
from django.db.models import BigIntegerField, Count, F, Func, Max, Min, Q, QuerySet, Sum, TextField, Value
from django.db.models.functions import Cast

from swingby.web.models import PartnerCoverage, RegionCoverage

LISTS: Final = ("codes", "held", "lapsing", "needed", "missing", "uncovered")
#: By the code of a certification, by the name of a list.
Figures = Mapping[str, Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class RegionTotals:
    """The partners of one region as rows say it now, without their lists; ``content`` says which these are."""

    region: str
    partners: int
    due: int
    never: int
    people: int
    to_keep: int
    to_reach: int
    lacking: int
    day: date | None
    counted_at: datetime | None
    position: int | None
    catalogue: int | None
    content: str


def region_totals(rows: QuerySet[PartnerCoverage]) -> tuple[RegionTotals, ...]:
    """The regions of some partners; those without one come last."""
    found = rows.order_by().values_list("partner__region").annotate(**_NUMBERS)
    lines = (RegionTotals(*line) for line in found)
    return tuple(sorted(lines, key=lambda line: (not line.region, line.region)))


def region_figures(owner: str, rows: QuerySet[PartnerCoverage], lines: Iterable[RegionTotals]) -> Figures:
    """The lists of all partners of some regions: sums that were kept where they are of just these, and the rest anew."""
    asked = {line.region: line.content for line in lines}
    kept = [row for row in RegionCoverage.objects.filter(owner_id=owner) if row.content == asked.get(row.region)]
    left = asked.keys() - {row.region for row in kept}
    figures: list[Mapping[str, tuple[int, ...]]] = [dict(zip(row.codes, _numbers(row), strict=True)) for row in kept]
    if left:
        figures.append(_add(rows.filter(partner__region__in=left) if kept else rows))
    return _together(figures)


def keep_region_sums(owner: str) -> None:
    """Add up anew what is of other lists than the partners have now. For the job."""
    rows = PartnerCoverage.objects.filter(owner_id=owner)
    now = dict(rows.order_by().values_list("partner__region").annotate(all_content=_CONTENT))
    kept = RegionCoverage.objects.filter(owner_id=owner)
    kept.exclude(region__in=now).delete()
    known = dict(kept.values_list("region", "content"))
    for region in [region for region, content in now.items() if known.get(region) != content]:
        figures, content = _add_named(rows.filter(partner__region=region))
        lists = {name: [numbers[place] for numbers in figures.values()] for place, name in enumerate(LISTS[1:])}
        told = {"content": content, "codes": list(figures), **lists}
        RegionCoverage.objects.update_or_create(owner_id=owner, region=region, defaults=told)


def _add(rows: QuerySet[PartnerCoverage]) -> Mapping[str, tuple[int, ...]]:
    figures, _ = _added(rows, "NULL::text", ())
    return figures


def _add_named(rows: QuerySet[PartnerCoverage]) -> tuple[Mapping[str, tuple[int, ...]], str]:
    """One statement, so that the sums are of the very lists that it names."""
    named = rows.order_by().values("owner").annotate(all_content=_CONTENT).values("all_content")
    text, bound = named.query.sql_with_params()
    return _added(rows, text, bound)


def _added(
    rows: QuerySet[PartnerCoverage], content: str, asked: Iterable[Any]
) -> tuple[Mapping[str, tuple[int, ...]], str]:
    inner, bound = rows.order_by().values_list(*LISTS).query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(_ADDED.format(inner=inner, content=content), (*bound, *asked))
        (first, *found) = sorted(cursor.fetchall(), key=lambda row: row[0] is not None)
    return {code: tuple(numbers) for code, *numbers, _ in found}, first[-1] or ""


def _numbers(row: RegionCoverage) -> Iterable[tuple[int, ...]]:
    return zip(row.held, row.lapsing, row.needed, row.missing, row.uncovered, strict=True)


def _together(parts: Iterable[Mapping[str, tuple[int, ...]]]) -> Figures:
    found: defaultdict[str, list[tuple[int, ...]]] = defaultdict(list)
    for part in parts:
        for code, numbers in part.items():
            found[code].append(numbers)
    return {code: dict(zip(LISTS[1:], map(sum, zip(*each, strict=True)), strict=True)) for code, each in found.items()}


def _content() -> Cast:
    """The partners with their lists as one number: each as a hash, and these added up, in whatever order they stand."""
    found = Func(F("partner_id"), Value(0), function="hashtextextended", output_field=BigIntegerField())
    for name in LISTS:
        found = Func(F(name), found, function="hash_array_extended", output_field=BigIntegerField())
    return Cast(Sum(found), TextField())


_CONTENT: Final = _content()
_COUNTED: Final = Q(counted_at__isnull=False)
_NUMBERS: Final[Mapping[str, Any]] = {
    "all_partners": Count("pk"),
    "all_due": Count("pk", filter=Q(is_due=True)),
    "all_never": Count("pk", filter=~_COUNTED),
    "all_people": Sum("people", default=0),
    "all_to_keep": Sum("to_keep", default=0),
    "all_to_reach": Sum("to_reach", default=0),
    "all_lacking": Count("pk", filter=Q(to_keep__gt=0) | Q(to_reach__gt=0)),
    "all_day": Min("day"),
    "all_counted_at": Min("counted_at"),
    "all_position": Min("position", filter=_COUNTED),
    "all_catalogue": Max("catalogue", filter=_COUNTED),
    "all_content": _CONTENT,
}
_ADDED: Final = """
SELECT u.code, sum(u.held)::int, sum(u.lapsing)::int, sum(u.needed)::int, sum(u.missing)::int, sum(u.uncovered)::int, NULL
FROM ({inner}) AS c (codes, held, lapsing, needed, missing, uncovered),
     unnest(c.codes, c.held, c.lapsing, c.needed, c.missing, c.uncovered)
       AS u (code, held, lapsing, needed, missing, uncovered)
GROUP BY 1
UNION ALL SELECT NULL, 0, 0, 0, 0, 0, ({content})
"""
