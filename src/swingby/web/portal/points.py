"""The points history: every line with its source, filters, and the score over time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from math import ceil
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from swingby.web.access import partner_enrolment, signed_in
from swingby.web.design.parts import Level, LineChart, Reading, Series
from swingby.web.domain.standings import latest_standing
from swingby.web.jobs import enqueue_path
from swingby.web.middleware import ActingRequest
from swingby.web.models import Enrolment, PointsHistory, Standing
from swingby.web.portal.home_points import reports_now
from swingby.web.portal.pages import partner_shell
from swingby.web.portal.points_lines import KINDS, Line, is_behind, line_of, reported_facts
from swingby.web.portal.points_parts import PointsFilter, PointsPage
from swingby.web.rounding import short

PAGE_LINES = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class PointsQuestion:
    """What somebody asked the history for. Words that it does not know ask for nothing."""

    rule: str = ""
    kind: str = ""
    year: str = ""
    page: int = 1

    def asked(self) -> dict[str, str]:
        """The question as an address says it, without its page."""
        return {name: value for name in ("rule", "kind", "year") if (value := getattr(self, name))}


@require_safe
@signed_in
def points(request: ActingRequest, enrolment: str) -> HttpResponse:
    """Every line of the partner's points."""
    row = partner_enrolment(enrolment)
    page = points_page(row, question_of(request.GET.dict()))
    shell = partner_shell(row, actor=request.actor, current="points")
    return render(request, "portal/points.html", {"page": page, "shell": shell})


def question_of(asked: Mapping[str, Any]) -> PointsQuestion:
    """Read a question from an address; what makes no sense is left out."""
    kind, year, page = (str(asked.get(name, "")) for name in ("kind", "year", "page"))
    return PointsQuestion(
        rule=str(asked.get("rule", "")).replace("\0", ""),
        kind=kind if kind in KINDS else "",
        year=year if year.isdecimal() and len(year) == 4 else "",  # noqa: PLR2004 - a year has four digits
        page=int(page) if page.isdecimal() and len(page) < 7 and int(page) else 1,  # noqa: PLR2004 - no list is longer
    )


def points_page(enrolment: Enrolment, question: PointsQuestion) -> PointsPage:
    """The page of one question; a page behind the last one is the last one."""
    standing = latest_standing(enrolment)
    history = PointsHistory.objects.filter(pk=enrolment.pk).first()
    if standing is not None and (history is None or is_behind(history, standing)):
        enqueue_path(owner=enrolment.owner_id, enrolment=enrolment.pk)
    if history is None:
        return PointsPage(
            program=enrolment.program.name,
            is_behind=True,
            home_url=_home(enrolment),
            reports=reports_now(enrolment, standing),
        )
    found = [line for line in history.lines if _is_wanted(line, question)]
    pages = max(ceil(len(found) / PAGE_LINES), 1)
    page = min(question.page, pages)
    start = (page - 1) * PAGE_LINES
    reported = reported_facts(enrolment)
    return PointsPage(
        program=enrolment.program.name,
        as_of=history.as_of,
        is_behind=is_behind(history, standing),
        total=None if history.total is None else short(history.total),
        is_counted=bool(history.label),
        reports=reports_now(enrolment, standing),
        lines=tuple(line_of(line, reported=reported) for line in found[start : start + PAGE_LINES]),
        found=len(found),
        of=len(history.lines),
        sum=short(sum((Decimal(line["points"]) for line in found), Decimal(0))),
        filters=_filters(history.lines, question),
        chart=chart_of(history, standing),
        before_url=_address(enrolment, question, page - 1) if page > 1 else "",
        after_url=_address(enrolment, question, page + 1) if page < pages else "",
        clear_url=reverse("portal:points", args=[enrolment.pk]) if question.asked() else "",
        home_url=_home(enrolment),
    )


def _home(enrolment: Enrolment) -> str:
    return reverse("portal:home", args=[enrolment.pk])


def _is_wanted(line: Line, question: PointsQuestion) -> bool:
    return (
        question.rule in ("", line["rule"])
        and question.kind in ("", line["kind"])
        and (not question.year or line["day"].startswith(question.year))
    )


def _filters(lines: Sequence[Line], question: PointsQuestion) -> tuple[PointsFilter, ...]:
    rules = sorted(
        {(line["rule"], line["label"]) for line in lines if line["kind"] == "entry"}, key=lambda each: each[1]
    )
    kinds = [(key, words) for key, words in KINDS.items() if any(line["kind"] == key for line in lines)]
    years = [(year, year) for year in sorted({line["day"][:4] for line in lines}, reverse=True)]
    return (
        _filter("rule", "For what", rules, question.rule),
        _filter("kind", "What happened", kinds, question.kind),
        _filter("year", "Year", years, question.year),
    )


def _filter(name: str, label: str, choices: Sequence[tuple[str, str]], chosen: str) -> PointsFilter:
    listed = dict([("", "All"), *choices])
    return PointsFilter(
        name=name, label=label, choices=tuple((key, words, key == chosen) for key, words in listed.items())
    )


def _address(enrolment: Enrolment, question: PointsQuestion, page: int) -> str:
    asked = {**question.asked(), **({"page": str(page)} if page > 1 else {})}
    address = reverse("portal:points", args=[enrolment.pk])
    return f"{address}?{urlencode(asked)}" if asked else address


def chart_of(history: PointsHistory, standing: Standing | None) -> LineChart | None:
    """The score at the end of each month, with the line that the next tier asks for."""
    readings = tuple(Reading(day=date.fromisoformat(day), value=Decimal(value)) for day, value in history.readings)
    if len(readings) < 2:  # noqa: PLR2004 - a line has two ends
        return None
    levels = _levels(standing)
    return LineChart(
        key="points",
        title=f"{history.label} over time",
        summary=_summary(readings, levels),
        main=Series(name=history.label, readings=readings),
        levels=levels,
    )


def _levels(standing: Standing | None) -> tuple[Level, ...]:
    result = standing.result if standing else {}
    following = result.get("next")
    lines = [gate["threshold"] for gate in result.get("gates", ()) if gate["is_score"] and gate["threshold"]]
    return (Level(name=f"{following['label']} asks for", value=Decimal(lines[0])),) if following and lines else ()


def _summary(readings: Sequence[Reading], levels: Sequence[Level]) -> str:
    first, last = readings[0], readings[-1]
    words = (
        f"{_plain(first.value)} at the end of {first.day:%B %Y}, {_plain(last.value)} on {last.day:%-d %B %Y};"
        f" the most was {_plain(max(each.value for each in readings))}."
    )
    return " ".join([words, *(f"{each.name} {_plain(each.value)}." for each in levels)])


def _plain(value: Decimal) -> str:
    return f"{short(value).normalize():,f}"
