"""Fill what ceases to count and what rests on it, one certification with its people, and what a catalogue changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from urllib.parse import urlencode

from django.urls import reverse

from swingby.enablement import (
    AHEAD,
    REMINDED_BEFORE,
    Catalogue,
    Fall,
    Resting,
    State,
    endings,
    falls,
    holders_of,
    resting,
    without,
)
from swingby.web.clock import today
from swingby.web.design.parts import Choice
from swingby.web.domain.learning.ahead import Ahead, look_ahead
from swingby.web.domain.learning.catalogues import KeptCatalogue
from swingby.web.domain.learning.portions import STEADY
from swingby.web.domain.learning.records import names_of
from swingby.web.enablement.coverage_pages import ask_lines, office_choices
from swingby.web.enablement.parts import AheadPage, EndingLine, FallLine
from swingby.web.models import Organization

PAGE_LINES = 25
MOST_RESTING = 12
SPANS: Mapping[str, str] = {"30": "30 days", "90": "90 days", "180": "180 days", "365": "A year"}
USUAL_SPAN = "180"


ONE_DAY = timedelta(days=1)
_BECOMES: Mapping[State, str] = {
    State.LAPSED: "lapses",
    State.GRACE: "expires; a renewal still goes on from there",
}


def ahead_page(
    firm: Organization,
    kept: KeptCatalogue | None,
    *,
    office: str,
    span: str,
    leaving: Sequence[str],
    page: int,
) -> AheadPage:
    """What is coming, within some days, of an office or the firm, and what if some people left."""
    day = today()
    if kept is None:
        usual = int(span if span in SPANS else USUAL_SPAN)
        return AheadPage(name=firm.name, as_of=day, until=day + timedelta(days=usual))
    seen, names = look_ahead(firm.pk, kept.catalogue, day, office=office), names_of(firm.pk)
    spans = {value: label for value, label in SPANS.items() if not seen.is_by_office or int(value) <= STEADY.days}
    span = span if span in spans else USUAL_SPAN
    until = day + timedelta(days=int(span))
    leavers = _leavers(seen)
    leaving = [person for person in leaving if person in leavers]
    left = without(seen.whole, leaving, day)
    found = endings(seen.lives, seen.shown if seen.shown is not None else left, day, until)
    pages = max(1, -(-len(found) // PAGE_LINES))
    page = min(max(1, page), pages)
    rests = sorted(resting(found, seen.keep, seen.lives, left), key=lambda one: (one.ending.day, not one.on))
    lines = _ending_lines(rests, kept.catalogue, names)
    asked = {"office": seen.office, "span": span, "without": leaving}
    return AheadPage(
        name=firm.name,
        as_of=day,
        until=until,
        offices=office_choices(seen.offices, seen.office, with_whole=not seen.is_by_office),
        is_by_office=seen.is_by_office,
        spans=tuple(Choice(value=value, label=label, chosen=value == span) for value, label in spans.items()),
        leavers=_leaver_choices(leavers, names, leaving),
        without=tuple(names.get(person, person) for person in leaving),
        falls=tuple(_fall(fall, names) for fall in falls(seen.keep, seen.lives, left, day, until)),
        resting=tuple(line for line in lines if line.rests)[:MOST_RESTING],
        endings=lines[(page - 1) * PAGE_LINES : page * PAGE_LINES],
        endings_total=len(found),
        asks=ask_lines(seen.standings(left)),
        ahead_days=AHEAD,
        before_url=_address(firm.pk, asked, page - 1) if page > 1 else "",
        after_url=_address(firm.pk, asked, page + 1) if page < pages else "",
    )


def _address(firm: str, asked: Mapping[str, object], page: int) -> str:
    return f"{reverse('learning:ahead', args=[firm])}?{urlencode({**asked, 'page': page}, doseq=True)}"


def _leavers(seen: Ahead) -> list[str]:
    """Those on whom a tier may rest: who holds something that keeping one asks for."""
    codes = {code for one in seen.keep for code in one.codes}
    here = {person: seen.lives.get(person, {}) for person in seen.whole}
    return sorted(holders_of(codes, here, seen.day) & seen.present)


def _leaver_choices(people: Iterable[str], names: Mapping[str, str], leaving: Sequence[str]) -> tuple[Choice, ...]:
    named = sorted((names.get(person, person), person) for person in people)
    return tuple(Choice(value=person, label=name, chosen=person in leaving) for name, person in named)


def _ending_lines(found: Iterable[Resting], catalogue: Catalogue, names: Mapping[str, str]) -> tuple[EndingLine, ...]:
    day = today()
    return tuple(
        EndingLine(
            last_day=one.ending.day - ONE_DAY,
            person=names.get(one.ending.person, one.ending.person),
            label=catalogue.certifications[one.ending.code].label,
            becomes=_becomes(one.ending.becomes),
            days=(one.ending.day - ONE_DAY - day).days,
            rests=one.on,
            reminded=_reminded(one.ending.day, day),
        )
        for one in found
    )


def _becomes(state: State) -> str:
    return _BECOMES.get(state, f"is {state}")


def _reminded(ends: date, day: date) -> int | None:
    """Which reminder was due last: 90, 60, 30 or 7 days before."""
    due = [before for before in REMINDED_BEFORE if ends - timedelta(days=before) <= day]
    return min(due) if due else None


def _fall(fall: Fall, names: Mapping[str, str]) -> FallLine:
    because = [f"{names.get(person, person)} lapses" for person in fall.lapsing]
    because += [f"{names.get(person, person)} leaves" for person in fall.leaving]
    words = f"{fall.requirement.people} are asked for; there will be {fall.held}. {'; '.join(because)}."
    return FallLine(day=fall.day, source=fall.requirement.source, words=words)
