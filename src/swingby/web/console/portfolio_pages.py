"""Fill the portfolio from what is kept of each partner, and write it as a file."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from math import ceil
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count
from django.urls import reverse

from swingby.web.clock import today
from swingby.web.console.daily_parts import Filter, Heading, LastDue, PortfolioLine, PortfolioPage
from swingby.web.console.pages import region_words
from swingby.web.console.version_pages import guarded
from swingby.web.design.parts import Choice
from swingby.web.domain.portfolio.rows import TREND_DAYS
from swingby.web.domain.queries.portfolio import (
    COLUMNS,
    FIRST,
    PAGE_ROWS,
    SHOWS,
    PortfolioColumn,
    PortfolioQuestion,
    chosen_columns,
    page_of,
    partners,
    portfolio,
)
from swingby.web.domain.queries.review_lines import falls_that_wait
from swingby.web.models import PortfolioRow
from swingby.web.visibility import Actor

NO_TIER = "No tier"
FILE_CHUNK = 500


def portfolio_page(owner: str, question: PortfolioQuestion, *, actor: Actor) -> PortfolioPage:
    """One page of the portfolio; a page behind the last one is the last one."""
    rows, keys = portfolio(owner, question, actor=actor), chosen_columns(owner, actor=actor)
    groups = _groups(owner)
    total = sum(count for *_, count in groups)
    found = rows.count() if question.asked().keys() - {"sort"} else total
    pages = max(ceil(found / PAGE_ROWS), 1)
    question = replace(question, page=min(question.page, pages))
    start = (question.page - 1) * PAGE_ROWS
    lines = tuple(map(_line, page_of(rows, start)))
    tiers = _tiers(groups)
    return PortfolioPage(
        total=total,
        found=found,
        tiers=tiers,
        lines=lines,
        headings=tuple(_heading(COLUMNS[key], owner, question) for key in keys),
        columns=tuple(
            Choice(value=each.key, label=each.label, chosen=each.key in keys)
            for each in COLUMNS.values()
            if each.key != FIRST
        ),
        filters=_filters(
            owner, question, tiers=tiers, regions=sorted({region for _, _, region, _ in groups if region})
        ),
        words=question.words,
        first=start + 1 if lines else 0,
        last=start + len(lines),
        before_url=_page_url(owner, question, question.page - 1) if question.page > 1 else "",
        after_url=_page_url(owner, question, question.page + 1) if question.page < pages else "",
        export_url=f"{reverse('console:portfolio_file', args=[owner])}?{urlencode(question.asked())}",
        clear_url=reverse("console:overview", args=[owner]) if question.asked().keys() - {"sort"} else "",
        trend_days=TREND_DAYS,
        waiting_falls=falls_that_wait(owner),
        reviews_url=reverse("console:review_list", args=[owner]),
    )


def _groups(owner: str) -> list[tuple[str, int, str, int]]:
    """How many partners there are by tier and region, in one statement."""
    rows = partners(owner).values_list("tier", "tier_rank", "region").order_by()
    return [(tier or NO_TIER, rank, region, count) for tier, rank, region, count in rows.annotate(count=Count("pk"))]


def _tiers(groups: Iterable[tuple[str, int, str, int]]) -> tuple[tuple[str, int, int], ...]:
    counts: Counter[tuple[int, str]] = Counter()
    for tier, rank, _, count in groups:
        counts[rank, tier] += count
    return tuple(
        (tier, rank, counts[rank, tier]) for rank, tier in sorted(counts, key=lambda each: (-each[0], each[1]))
    )


def _line(row: PortfolioRow) -> PortfolioLine:
    manager = row.enrolment.success_manager
    return PortfolioLine(
        partner=row.name,
        url=reverse("console:partner", args=[row.owner_id, row.enrolment_id]),
        region=region_words(row.region),
        tier=row.tier or NO_TIER,
        tier_rank=row.tier_rank,
        score=row.score,
        trend=row.trend,
        next_review=row.next_review,
        at_risk=row.at_risk,
        rhythms=_rhythms(row),
        gaps=row.gaps,
        gap_words=row.gap_words,
        next_tier=row.next_tier,
        worth=None if row.worth is None else row.worth.quantize(Decimal(1)),
        worth_unit=row.worth_unit,
        last_touch=row.last_touch,
        days_since_touch=(today() - row.last_touch).days if row.last_touch else None,
        manager=manager.name if manager else "",
    )


def _rhythms(row: PortfolioRow) -> tuple[LastDue, ...]:
    return tuple(LastDue(**each) for each in row.rhythms)


def _heading(column: PortfolioColumn, owner: str, question: PortfolioQuestion) -> Heading:
    is_current = column.key == question.sort
    asked = replace(question, sort=column.key, reverse=is_current and not question.reverse, page=1)
    falls = column.highest_first != question.reverse
    return Heading(
        key=column.key,
        label=column.label,
        href=_url(owner, asked.asked()),
        sorted=("descending" if falls else "ascending") if is_current else "",
        is_number=column.is_number,
    )


def _url(owner: str, asked: Mapping[str, str]) -> str:
    address = reverse("console:overview", args=[owner])
    return f"{address}?{urlencode(asked)}" if asked else address


def _page_url(owner: str, question: PortfolioQuestion, page: int) -> str:
    return _url(owner, {**question.asked(), **({"page": str(page)} if page > 1 else {})})


def _filters(
    owner: str, question: PortfolioQuestion, *, tiers: Iterable[tuple[str, int, int]], regions: Iterable[str]
) -> tuple[Filter, ...]:
    managers = (
        partners(owner)
        .exclude(enrolment__success_manager=None)
        .values_list("enrolment__success_manager", "enrolment__success_manager__name")
        .distinct()
        .order_by("enrolment__success_manager__name")
    )
    tier_choices = [("" if not tier else "-" if tier == NO_TIER else tier, tier) for tier, _, _ in tiers]
    manager_choices = [("me", "My partners"), *managers, ("none", "Nobody")]
    return (
        _filter("show", "Show", list(SHOWS.items()), question.show),
        _filter("tier", "Tier", [("", "All"), *tier_choices], question.tier),
        _filter("region", "Region", [("", "All"), *((key, region_words(key)) for key in regions)], question.region),
        _filter("manager", "Success manager", [("", "All"), *manager_choices], question.manager),
        _filter("sort", "Sorted by", _orders(question), question.order),
    )


def _orders(question: PortfolioQuestion) -> list[tuple[str, str]]:
    """Each column in the way that is looked at first; the other way only where it was asked for."""
    orders = [(each.key, each.label) for each in COLUMNS.values()]
    turned = [(question.order, f"{COLUMNS[question.sort].label}, turned round")] if question.reverse else []
    return [*turned, *orders]


def _filter(name: str, label: str, choices: Iterable[tuple[Any, str]], chosen: str) -> Filter:
    listed = tuple(Choice(value=value, label=words, chosen=value == chosen) for value, words in choices)
    return Filter(name=name, label=label, choices=listed)


# --- as a file ------------------------------------------------------------------------------------------------------


def portfolio_file(owner: str, question: PortfolioQuestion, *, actor: Actor) -> str:
    """All partners that answer a question, with the columns that are shown, as CSV."""
    keys, text = chosen_columns(owner, actor=actor), io.StringIO()
    writer = csv.writer(text)
    writer.writerow([label for key in keys for label, _ in _CELLS[key]])
    for row in portfolio(owner, question, actor=actor).iterator(chunk_size=FILE_CHUNK):
        writer.writerow([guarded(_cell(read(row))) for key in keys for _, read in _CELLS[key]])
    return text.getvalue()


def _cell(value: object) -> str:
    if value is None:
        return ""
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)


def _manager(row: PortfolioRow) -> str:
    return row.enrolment.success_manager.name if row.enrolment.success_manager else ""


#: By column the cells of a line, each with its head.
_CELLS: Mapping[str, tuple[tuple[str, Any], ...]] = {
    "partner": (("Partner", lambda row: row.name),),
    "tier": (("Tier", lambda row: row.tier),),
    "score": (("Score", lambda row: row.score),),
    "trend": (("Trend", lambda row: row.trend), ("Compared with", lambda row: row.trend_since)),
    "review": (("Next review", lambda row: row.next_review),),
    "rhythms": (
        ("Rhythms missed when last due", lambda row: row.missed_kinds),
        ("Of", lambda row: len(row.rhythms)),
        ("Which", lambda row: PortfolioLine(partner=row.name, url="", rhythms=_rhythms(row)).missed_words),
    ),
    "gaps": (("Missing for the next tier", lambda row: row.gaps), ("In words", lambda row: row.gap_words)),
    "touch": (("Last touch", lambda row: row.last_touch),),
    "risk": (("At risk", lambda row: row.at_risk),),
    "worth": (("Worth", lambda row: row.worth), ("Currency", lambda row: row.worth_unit)),
    "region": (("Region", lambda row: row.region),),
    "manager": (("Success manager", _manager),),
}
