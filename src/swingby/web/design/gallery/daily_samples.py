"""What the sample pages of the vendor's daily work show."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from swingby.web.console.daily_parts import (
    Change,
    DocumentLine,
    Filter,
    Heading,
    LastDue,
    NoteLine,
    OpenLine,
    PartnerPage,
    PersonLine,
    PortfolioLine,
    PortfolioPage,
    RiskLine,
)
from swingby.web.design.gallery.extremes import LONG_NAME
from swingby.web.design.gallery.samples import sample_gates
from swingby.web.design.gallery.vendor_samples import TODAY
from swingby.web.design.parts import Choice, Gate, StatTile

_COLUMNS = (
    ("partner", "Partner", False),
    ("tier", "Tier", False),
    ("score", "Score", True),
    ("trend", "Trend", True),
    ("review", "Next review", False),
    ("rhythms", "Rhythms when last due", False),
    ("gaps", "Missing for the next tier", False),
    ("touch", "Last touch", False),
)
_MORE = (
    ("risk", "At risk", True),
    ("worth", "Worth", True),
    ("region", "Region", False),
    ("manager", "Success manager", False),
)


def _line(
    partner: str, tier: tuple[str, int], *, numbers: tuple[int, int | None, int, int], words: str, touch: int | None
) -> PortfolioLine:
    score, trend, kept, gaps = numbers
    return PortfolioLine(
        partner=partner,
        url="#",
        region="EMEA",
        tier=tier[0],
        tier_rank=tier[1],
        score=Decimal(score),
        trend=None if trend is None else Decimal(trend),
        next_review=date(2026, 4, 1),
        at_risk=1 if trend is not None and trend < 0 else 0,
        rhythms=_rhythms(kept),
        gaps=gaps,
        gap_words=words,
        next_tier="Gold" if gaps else "",
        worth=Decimal(86_400 * (tier[1] + 1)),
        worth_unit="USD",
        last_touch=TODAY - timedelta(days=touch) if touch is not None else None,
        days_since_touch=touch,
        manager="Ana Ruiz",
    )


def _rhythms(kept: int) -> tuple[LastDue, ...]:
    """Kinds of rhythms of somebody who kept so many of twelve periods."""
    plans = LastDue(label="Quarters with a plan review", kept=kept - 4, asked=8, missed=(12 - kept) // 2)
    seldom = LastDue(label="Pipeline reviews", kept=4, asked=8, missed=int(kept < 8))  # noqa: PLR2004 - some miss both
    return plans, seldom


def sample_portfolio() -> PortfolioPage:
    """Partners of the program, sorted by name."""
    select, gold, member = ("Select", 1), ("Gold", 2), ("Member", 0)
    lines = (
        _line(
            "Brackenholt Trading",
            member,
            numbers=(118, None, 4, 3),
            words="Plan reviews: one more; Points: 132 more points; and 1 more",
            touch=81,
        ),
        _line(
            "Merrowick Services",
            gold,
            numbers=(604, -41, 6, 2),
            words="Engineers with Advanced: 4 more; Points: 196 more points",
            touch=12,
        ),
        _line(
            "Pellworth Digital",
            select,
            numbers=(466, 0, 8, 1),
            words="Four engineers with Advanced, or half of the technical staff",
            touch=33,
        ),
        _line(
            "Quillmoor Systems",
            select,
            numbers=(398, 22, 7, 2),
            words="Campaigns: one more; Points: 152 more points",
            touch=5,
        ),
        _line("Sedgerow Consulting", gold, numbers=(721, 36, 11, 1), words="Points: 79 more points", touch=2),
        _line("Tarnwick Labs", select, numbers=(585, 54, 10, 1), words="Plan reviews: one more", touch=9),
        _line("Thornquay Consulting", ("Elite", 3), numbers=(872, -8, 12, 0), words="", touch=None),
    )
    return _page(lines, total=400, found=400)


def large_portfolio() -> PortfolioPage:
    """Every column, long words and huge numbers, a full page of them."""
    line = _line(
        LONG_NAME,
        (LONG_NAME, 3),
        numbers=(98_765_432_109, -98_765_432, 12, 98),
        words=f"{LONG_NAME}: 12 more; and 97 more",
        touch=9_999,
    )
    usual = sample_portfolio().lines[0]
    return _page((*(line,) * 4, *(usual,) * 36), total=10_000, found=9_876, more=True)


def narrowed_portfolio() -> PortfolioPage:
    """Filters that find nobody."""
    return _page((), total=400, found=0)


def empty_portfolio() -> PortfolioPage:
    """A program without partners."""
    return PortfolioPage(total=0, found=0)


def _page(lines: tuple[PortfolioLine, ...], *, total: int, found: int, more: bool = False) -> PortfolioPage:
    shown = (*_COLUMNS, *_MORE) if more else _COLUMNS
    return PortfolioPage(
        total=total,
        found=found,
        tiers=(("Elite", 3, 9), ("Gold", 2, 33), ("Select", 1, 108), ("Member", 0, total - 150)),
        lines=lines,
        headings=tuple(
            Heading(key=key, label=label, href="#", sorted="ascending" if key == "partner" else "", is_number=number)
            for key, label, number in shown
        ),
        columns=tuple(
            Choice(value=key, label=label, chosen=more or (key, label, number) in _COLUMNS)
            for key, label, number in (*_COLUMNS[1:], *_MORE)
        ),
        filters=(
            _filter("show", "Show", "All", "At risk of losing the tier", "Missed a rhythm when last due"),
            _filter("tier", "Tier", "All", "Elite", "Gold", "Select", "Member"),
            _filter("region", "Region", "All", "APAC", "EMEA", LONG_NAME if more else "Americas"),
            _filter("manager", "Success manager", "All", "My partners", "Ana Ruiz", "Nobody"),
            _filter("sort", "Sorted by", "Partner", "Tier", "Score", "Trend"),
        ),
        words="" if lines else "Tarnwik",
        first=1 if lines else 0,
        last=len(lines),
        before_url="#" if more else "",
        after_url="#" if lines else "",
        export_url="#",
        clear_url="" if lines else "#",
    )


def _filter(name: str, label: str, *choices: str) -> Filter:
    return Filter(name=name, label=label, choices=tuple(Choice(value=each, label=each) for each in choices))


# --- one partner ----------------------------------------------------------------------------------------------------


_TIMELINE = (
    Change(
        day=date(2026, 3, 30),
        what="Reported: Service delivered",
        detail="Migration of 240 seats, rated 5.",
        icon="list-checks",
        is_new=True,
    ),
    Change(
        day=date(2026, 3, 24),
        what="Note",
        detail="Asked for a new date in April.",
        icon="message-square",
        is_new=True,
        audience="only_us",
    ),
    Change(day=date(2026, 3, 19), what="We: call", icon="phone", audience="only_us"),
    Change(day=date(2026, 3, 11), what="Deal won", detail="USD 18,200", icon="handshake"),
    Change(day=date(2026, 2, 1), what="Tier: Elite to Gold", icon="award"),
    Change(day=date(2026, 1, 20), what="Training completed", detail="from lms", icon="circle-check"),
)


_SHOWS = (
    Choice(value="", label="All", chosen=True),
    Choice(value="touch", label="Our touches, and what we planned"),
)


def sample_partner() -> PartnerPage:
    """A partner that drifts: seen before, at risk, with people, notes and documents."""
    return replace(
        _standing_of_partner(),
        changes=_TIMELINE[:2],
        timeline=_TIMELINE,
        shows=_SHOWS,
        open_lines=(
            OpenLine(before="Gold", after="Select", on=date(2026, 2, 1), url="#", mend_until=date(2026, 4, 30)),
        ),
        ours=(
            PersonLine(name="Ana Ruiz", role="Partner success manager", mail="ana@harborline.example"),
            PersonLine(name="Ines Halvorsen", role="Program manager", mail="ines@harborline.example"),
        ),
        theirs=(PersonLine(name="Jonas Adeyemi", role="reported on 30 March 2026", mail="jonas@merrowick.example"),),
        notes=(
            NoteLine(text="Asked for a new date in April.", by="Ana Ruiz", at=date(2026, 3, 24), audience="only_us"),
            NoteLine(
                text="Thank you for the workshop.",
                by="Jonas Adeyemi",
                at=date(2026, 2, 9),
                audience="shared",
                side="partner",
            ),
        ),
        documents=(
            DocumentLine(name="plan-2026.pdf", about="Ana Ruiz", url="#", day=date(2026, 2, 3)),
            DocumentLine(name="terms.pdf", about="Ines Halvorsen", url="#", day=date(2025, 11, 3), audience="only_us"),
        ),
    )


def _standing_of_partner() -> PartnerPage:
    return PartnerPage(
        key="example",
        name="Merrowick Services",
        program="Harborline Partner Success",
        joined_on=date(2023, 2, 1),
        tier="Gold",
        tier_rank=2,
        next_tier="Elite",
        region="Americas",
        tiles=(
            StatTile(
                label="Points",
                value=Decimal(604),
                icon="gauge",
                change="\N{MINUS SIGN}41",
                tone="bad",
                note="since 31 December",
            ),
            StatTile(label="Rhythms kept", value=Decimal(6), of=Decimal(12), icon="repeat", note="Ours: 3 of 8"),
            StatTile(label="Bookings", value=Decimal(412_000), unit="USD", icon="coins", note="12 months"),
            StatTile(label="Days since our last touch", value=Decimal(12), icon="message-circle", note="19 March 2026"),
        ),
        gates=sample_gates(),
        keeps=sample_gates()[:3],
        mending="What keeps Gold has not been met since 12 March 2026. If they meet it on no day up to 30 April 2026, they hold "
        "Select from 1 August 2026.",
        risks=(
            RiskLine(
                label="Four engineers with Advanced, or half of the technical staff",
                words="Nearest: Engineers with Advanced: 2 more",
            ),
            RiskLine(label="Quarters with a plan review, of the last four", words="2 more", is_now=True),
        ),
        loses_on=date(2026, 8, 1),
        next_review=date(2026, 4, 1),
        last_visit=date(2026, 3, 20),
        is_first_visit=False,
    )


def empty_partner() -> PartnerPage:
    """A partner on its first day."""
    return PartnerPage(
        key="example",
        name="Newcomb Example",
        program="Harborline Partner Success",
        joined_on=TODAY,
        tier="Member",
        tier_rank=0,
        tiles=(
            StatTile(label="Points", value=None, icon="gauge"),
            StatTile(label="Rhythms kept", value=None, icon="repeat"),
            StatTile(label="Worth", value=None, icon="coins", note="12 months"),
            StatTile(
                label="Days since our last touch",
                value=None,
                icon="message-circle",
                tone="warn",
                note="No touch is known.",
            ),
        ),
    )


def large_partner() -> PartnerPage:
    """Long words, and very many of everything."""
    line = Change(
        day=date(2026, 3, 30), what=LONG_NAME, detail=LONG_NAME, icon="list-checks", is_new=True, audience="only_us"
    )
    gate = Gate(
        label=LONG_NAME,
        state="unmet",
        value=Decimal(98_765_432),
        threshold=Decimal(198_765_432),
        unit="USD",
        gap=LONG_NAME,
    )
    person = PersonLine(name=LONG_NAME, role=LONG_NAME, mail="a@b.example")
    return replace(
        sample_partner(),
        name=LONG_NAME,
        tier=LONG_NAME,
        gates=(gate,) * 2,
        keeps=(gate,) * 2,
        risks=(RiskLine(label=LONG_NAME, words=LONG_NAME, is_now=True),) * 3,
        changes=(line, *_TIMELINE),
        timeline=(line, *_TIMELINE),
        ours=(person,) * 2,
        theirs=(person,) * 2,
        notes=(NoteLine(text="n" * 1000, by=LONG_NAME, at=TODAY, audience="only_us"),) * 3,
        documents=(DocumentLine(name=f"{LONG_NAME}.pdf", about=LONG_NAME, url="#", day=TODAY),) * 6,
    )
