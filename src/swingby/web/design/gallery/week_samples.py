"""What the sample pages of the week show."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from swingby.web.console.daily_parts import Event, WeekLine, WeekPage
from swingby.web.design.gallery.extremes import LONG_NAME
from swingby.web.design.gallery.vendor_samples import TODAY
from swingby.web.design.parts import Choice

_REASONS = (
    "It is not so",
    "It does not matter here",
    "They know, and act",
    "It waits for somebody else",
    "Another time is better",
)
_LETTER = (
    "Hello,\n\nthe next review of your tier is on 1 August. Shall we look together at what is still missing?\n\nAna"
)


_OF_GOLD = {"unanswered", "drops"}


def sample_week() -> WeekPage:
    """A week with a row of most kinds."""
    return replace(
        _rows_of_week(),
        changes=(
            Event(day=date(2026, 3, 30), partner="Tarnwick Labs", url="#", what="Member to Select"),
            Event(
                day=date(2026, 3, 31), partner="Sedgerow Consulting", url="#", what="2 deals won", detail="USD 31,400"
            ),
        ),
        changes_total=2,
        reviews=(
            Event(
                day=date(2026, 4, 1),
                partner="Pellworth Digital",
                url="#",
                what="Everything is met for Gold",
                tone="good",
            ),
            Event(
                day=date(2026, 4, 1),
                partner="Merrowick Services",
                url="#",
                what="Gold is lost if nothing happens",
                detail="Plan reviews",
                tone="bad",
            ),
        ),
        reviews_total=42,
        renewals=(
            Event(
                day=date(2026, 4, 30),
                partner="Quillmoor Systems",
                url="#",
                what="Sallowby Foods",
                detail="Chart · USD 12,000",
            ),
        ),
        renewals_total=14,
    )


def _rows_of_week() -> WeekPage:
    return WeekPage(
        ours_late=7,
        theirs_late=11,
        partners=42,
        whose=(Choice(value="ana", label="My partners", chosen=True), Choice(value="all", label="All partners")),
        lines=_lines(),
        more=9,
        reasons=tuple(Choice(value=str(number), label=label) for number, label in enumerate(_REASONS)),
        monday=date(2026, 3, 30),
        next_week=date(2026, 4, 7),
    )


def _lines() -> tuple[WeekLine, ...]:
    rows = (
        (
            "Sedgerow Consulting",
            "unanswered",
            "2 reports wait for our answer, 2 days late",
            date(2026, 3, 29),
            "list-checks",
        ),
        (
            "Merrowick Services",
            "drops",
            "Gold is lost at the review if nothing happens: Engineers with Advanced: 2 more, and 1 more",
            date(2026, 8, 1),
            "trending-down",
        ),
        ("Quillmoor Systems", "renews", "3 customers of theirs renew within 90 days", date(2026, 4, 30), "refresh-cw"),
        (
            "Brackenholt Trading",
            "quiet",
            "Nothing heard for 141 days, 11 activities in the year before",
            date(2025, 11, 10),
            "volume-x",
        ),
        ("Tarnwick Labs", "missed", "Not done yet: plan reviews this quarter", date(2026, 4, 30), "repeat"),
    )
    return tuple(
        WeekLine(
            key=f"example-{number}",
            partner=partner,
            url="#",
            rule=rule,
            about="",
            fact=fact,
            day=day,
            say="Ask who will take care of it, and agree on a day before 1 August.",
            icon=icon,
            is_late=rule == "unanswered",
            tier="Gold" if rule in _OF_GOLD else "Select",
            tier_rank=2 if rule in _OF_GOLD else 1,
            worth=Decimal(412_000 - 70_000 * number),
            worth_unit="USD",
            others=("7 of 18 certified people lapse within 90 days, 14 April 2026",) if rule == "drops" else (),
            letter=_LETTER,
            mail="jonas@sedgerow.example" if rule == "unanswered" else "",
        )
        for number, (partner, rule, fact, day, icon) in enumerate(rows)
    )


def empty_week() -> WeekPage:
    """Nothing is lost by waiting."""
    return WeekPage(ours_late=0, theirs_late=0, partners=42, monday=date(2026, 3, 30))


_LONG_ROWS = 1


def large_week() -> WeekPage:
    """Fifteen rows of long words."""
    page = sample_week()
    line = replace(page.lines[1], partner=LONG_NAME, tier=LONG_NAME, fact=LONG_NAME, say=LONG_NAME, others=(LONG_NAME,))
    event = Event(day=TODAY, partner=LONG_NAME, url="#", what=LONG_NAME, detail=LONG_NAME, tone="bad")
    return replace(
        page,
        ours_late=98_765,
        theirs_late=123_456,
        lines=tuple(
            replace(
                line if number < _LONG_ROWS else page.lines[1], key=f"example-{number}", worth=Decimal(98_765_432_109)
            )
            for number in range(15)
        ),
        more=9_985,
        changes=(event,),
        changes_total=9_876,
        reviews=(event,),
        reviews_total=10_000,
        renewals=(event,),
        renewals_total=98_765,
    )
