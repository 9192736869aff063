"""Sample pages of people and certificates: usual, empty, and very large."""

from dataclasses import replace
from datetime import date

from swingby.web.design.gallery.extremes import LONG_NAME, LONG_WORD
from swingby.web.design.parts import Link
from swingby.web.portal.people_parts import (
    GoneRow,
    HeldLine,
    LapseGroup,
    LapseRow,
    LooseRow,
    PeoplePage,
    PersonRow,
)

_RECORD = "/gallery/?page=record"
_EXPERTS = Link(label="Engineers with Advanced", href="/gallery/?page=number")
_STAFF = Link(label="Technical staff", href="/gallery/?page=number")
_HELD = HeldLine(
    label="Beacon engineering advanced",
    url=_RECORD,
    since=date(2024, 6, 15),
    last_day=date(2026, 6, 14),
    counts_for=(_EXPERTS,),
)
_OLA = PersonRow(
    name="Ola Brandt",
    role="engineering",
    since=date(2022, 3, 1),
    last_day=None,
    held=(_HELD, replace(_HELD, label="Chart sales fundamentals", last_day=None, counts_for=())),
    counts_for=(_STAFF,),
)
_LAPSE = LapseRow(
    name="Ola Brandt",
    label="Beacon engineering advanced",
    url=_RECORD,
    last_day=date(2026, 4, 14),
    days=15,
    tone="bad",
    rests=("Gold rests on it: Engineers with Advanced would be 3 of 4 on 30 April 2026",),
)


def sample_people() -> PeoplePage:
    """A small firm with a certificate that a tier rests on."""
    quiet = replace(_LAPSE, name="Sam Iyer", tone="plain", rests=(), days=55, counts_for=(_EXPERTS,))
    return PeoplePage(
        partner="Tarnwick Labs",
        vendor="Harborline",
        is_behind=False,
        lapses=(
            LapseGroup(heading="Within 30 days", rows=(_LAPSE,)),
            LapseGroup(heading="Within 60 days", rows=(quiet,)),
        ),
        people=(_OLA, replace(_OLA, name="p-1207", role="", held=(), counts_for=())),
        total=2,
        gone=(GoneRow(name="Kim Aalto", role="sales", last_day=date(2026, 1, 31), counted_for=(_EXPERTS,)),),
        loose=(
            LooseRow(
                name="Kim Aalto", label="Chart sales fundamentals", url=_RECORD, since=date(2025, 2, 1), last_day=None
            ),
        ),
        missing_url="/gallery/?page=case-new",
    )


def empty_people() -> PeoplePage:
    """A partner whose people nobody knows yet."""
    return PeoplePage(partner="Tarnwick Labs", vendor="Harborline", is_behind=True)


def large_people() -> PeoplePage:
    """Long words everywhere, on a page between others."""
    link = Link(label=LONG_WORD, href="/gallery/?page=number")
    held = replace(_HELD, label=LONG_NAME, counts_for=(link,))
    person = replace(_OLA, name=LONG_NAME, role=LONG_WORD, held=(held, held), counts_for=(link,))
    lapse = replace(_LAPSE, name=LONG_NAME, label=LONG_WORD, rests=(LONG_NAME,))
    page = sample_people()
    return replace(
        page,
        partner=LONG_NAME,
        vendor=LONG_WORD,
        lapses=(LapseGroup(heading="Within 7 days", rows=(lapse,) * 10),),
        more_lapses=1_234,
        people=(person,) * 12,
        total=1_234_567,
        next_url="/gallery/?page=people",
        first_url="/gallery/?page=people",
        gone=(replace(page.gone[0], name=LONG_WORD, role=LONG_WORD, counted_for=(link, link)),) * 5,
        more_gone=12,
        loose=(replace(page.loose[0], name=LONG_WORD, label=LONG_NAME),) * 5,
        more_loose=12,
    )
