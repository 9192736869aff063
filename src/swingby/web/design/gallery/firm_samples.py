"""Sample pages of a firm in several programs: usual, asked what if two left and while it is worked out, very large."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from swingby.web.design.gallery.extremes import LONG_NAME, LONG_WORD
from swingby.web.design.parts import Choice, Link, NavGroup, NavItem, Shell
from swingby.web.portal.firm_parts import ON_A_PAGE, FallLine, FirmPage, ProgramRow, StakeCell, Total, WhatIf

_HOME = "/gallery/?page=home"
_ROWS = (
    ("Sedgemoor Alliance", "Sedgemoor Systems", ("Silver", 1, "Gold"), "Plan reviews: one more, and 2 more", ""),
    (
        "Harborline Partner Success",
        "Harborline",
        ("Gold", 2, "Elite"),
        "Engineers with Advanced: 2 more, and 1 more",
        "",
    ),
    ("Tessaline Index", "Tessaline", ("Established", 1, "Leading"), "Index: 0.7 more", ""),
    (
        "Orrinstack Alliance",
        "Orrinstack",
        ("Advanced", 2, "Expert"),
        "Engineers with Advanced: 8 more, and 2 more",
        "Engineers with Advanced will be missing on 15 June 2026",
    ),
    ("Quaysign Partner Network", "Quaysign", ("Silver", 1, "Gold"), "Engineers with Advanced: one more", ""),
    ("Spindlehaven Assured", "Spindlehaven", ("Assured", 0, ""), "", ""),
    ("Brinefield Partners", "Brinefield", ("Base", 0, "Plus"), "Sourced revenue: USD 40,000 more", ""),
    ("Cobaltmere Circle", "Cobaltmere", ("Inner circle", 3, ""), "", ""),
)
_DAYS = ("2026-03-28", "2026-04-01", "2026-04-30", "2026-06-15", "2026-07-01", "2026-09-20", "", "")
_MONEY = ((210, 61), (640, 148), (480, 112), (1310, 236), (None, None), (165, 47), (38, 54), (290, 171))
_LEADS = ("Luc Tremblay", "Noor Ballard", "Noor Ballard", "Dana Whitfield", "", "Luc Tremblay", "Priya Raman", "")
_LEAVERS = tuple(
    Choice(value=name, label=f"{name} ({programs})") for name, programs in (("Ada Marsh", 2), ("Ben Okafor", 1))
)
_NAMES_NONE = "This vendor's records name none of them. Ask the vendor to load them under the keys you use."
_BEFORE = (
    Link(label="Ada Marsh, Ben Okafor from 30 April 2026", href=_HOME),
    Link(label="Ada Marsh from 1 June 2026, being worked out", href=_HOME),
)


def firm_shell() -> Shell:
    """The frame of what is the firm's own: no vendor's name, tier or contact."""
    learning = (("My path", "my-path", "route"), ("Certifications", "certifications", "grid-3x3"))
    return Shell(
        program="Thornquay Consulting",
        organization="Thornquay Consulting",
        person="Luc Tremblay",
        role="Partner admin",
        as_of=date(2026, 3, 31),
        navigation=(
            NavGroup(items=(NavItem(label="All programs", short="All", icon="layers", href=_HOME, current=True),)),
            NavGroup(
                heading="Learning",
                items=tuple(
                    NavItem(label=label, icon=icon, href=f"/gallery/?page={page}") for label, page, icon in learning
                ),
            ),
            NavGroup(
                heading="Programs",
                items=tuple(NavItem(label=row[0], icon="building-2", href=_HOME) for row in _ROWS),
            ),
        ),
    )


def sample_firm() -> FirmPage:
    """A consulting firm with eight vendors; one promise is late, one program loses money, one is not known."""
    rows = tuple(_row(nth) for nth in range(len(_ROWS)))
    total = Total(currency="USD", worth=Decimal(3_133_000), worth_of=7, cost=Decimal(829_000), cost_of=7)
    asked = WhatIf(first=_LEAVERS, second=_LEAVERS, day=date(2026, 4, 30))
    return FirmPage(
        firm="Thornquay Consulting",
        rows=rows,
        vendors=8,
        total=8,
        reads_stakes=True,
        totals=(total,),
        file_url="/gallery/?page=firm",
        what_if=asked,
    )


def firm_asked() -> FirmPage:
    """What if two left: one tier falls, one falls anyway, one cannot be worked out."""
    page = sample_firm()
    falls = {
        3: FallLine(
            words="Falls to Select",
            tone="bad",
            day=date(2026, 6, 15),
            reasons=("Engineers with Advanced at least 12: 10, and 12 are asked for",),
            url=_HOME,
        ),
        5: FallLine(words="Falls anyway", tone="warn", day=date(2026, 9, 28), reasons=("With or without them.",)),
        6: FallLine(words="Not known", tone="plain", reasons=(_NAMES_NONE,)),
    }
    stays = FallLine(words="Stays", tone="good")
    rows = tuple(replace(row, fall=falls.get(nth, stays)) for nth, row in enumerate(page.rows))
    asked = page.what_if and replace(
        page.what_if, names=("Ada Marsh", "Ben Okafor"), falling=1, unknown=1, total=7, stale=1, before=_BEFORE
    )
    return replace(page, rows=rows, what_if=asked)


def firm_waiting() -> FirmPage:
    """What if two left, while it is being worked out: some programs are done, one is under way, others wait."""
    page = firm_asked()
    lines = {5: ("Being worked out", True), 6: ("Waits for its turn", True), 7: ("Waits for its turn", True)}
    rows = (
        replace(row, fall=FallLine(words=lines[nth][0], tone="plain", waits=True) if nth in lines else row.fall)
        for nth, row in enumerate(page.rows)
    )
    asked = page.what_if and replace(page.what_if, unknown=0, stale=0, waiting=3, total=8)
    return replace(page, rows=tuple(rows), what_if=asked)


def firm_refused() -> FirmPage:
    """A question that cannot be asked like this."""
    page = sample_firm()
    problem = "Choose a day from tomorrow on, within a year."
    return replace(page, what_if=page.what_if and replace(page.what_if, problem=problem, before=_BEFORE))


def firm_member() -> FirmPage:
    """What somebody reads who leads nothing: no amounts, no question."""
    page = sample_firm()
    rows = tuple(replace(row, stake=StakeCell()) for row in page.rows)
    new = ProgramRow(key="lanternbay", vendor="Lanternbay", program="Lanternbay Guild", url=_HOME, is_known=False)
    return replace(page, rows=(*rows[:2], new), total=3, vendors=3, reads_stakes=False, totals=(), what_if=None)


def firm_large() -> FirmPage:
    """A page of hundreds with long words everywhere."""
    stake = StakeCell(
        answers=LONG_NAME, has_left=True, worth=Decimal(98765432109876), cost=Decimal(10**13), currency="USD", url=_HOME
    )
    fall = FallLine(words=LONG_WORD, tone="bad", day=date(2026, 6, 15), reasons=(LONG_NAME,) * 2, url=_HOME)
    long = replace(
        _row(0),
        vendor=LONG_NAME,
        program=LONG_WORD,
        partner=LONG_WORD,
        tier=LONG_WORD,
        risk="at risk by 30 September 2026",
        risk_note=LONG_NAME,
        gap=LONG_NAME,
        keeps=LONG_NAME,
        what=LONG_WORD,
        contact=LONG_WORD,
        unread=4321,
        stake=stake,
        fall=fall,
    )
    people = tuple(
        Choice(value=f"person-{number}", label=f"Rosalind Featherstone {number} (8)") for number in range(100)
    )
    page = firm_waiting()
    asked = page.what_if and replace(
        page.what_if,
        first=people,
        second=people,
        names=(LONG_NAME, LONG_WORD),
        falling=300,
        before=(Link(label=LONG_NAME, href=_HOME),) * 5,
        listed_most=100,
    )
    return replace(
        page,
        what_if=asked,
        firm=LONG_NAME,
        rows=tuple(replace(long, key=f"row-{number}") for number in range(ON_A_PAGE)),
        vendors=40,
        total=400,
        names_partners=True,
        before_url=_HOME,
        after_url=_HOME,
    )


def _row(nth: int) -> ProgramRow:
    program, vendor, (tier, rank, following), gap, keeps = _ROWS[nth]
    worth, cost = _MONEY[nth]
    day = date.fromisoformat(_DAYS[nth]) if _DAYS[nth] else None
    return ProgramRow(
        key=vendor,
        vendor=vendor,
        program=program,
        url=_HOME,
        tier=tier,
        tier_rank=rank,
        risk="at risk by 30 April 2026" if keeps else "",
        risk_note="then Select from 1 May 2026" if keeps else "",
        next_tier=following,
        gap=gap,
        keeps=keeps,
        day=day,
        what="Plan reviews this quarter is due" if nth == 0 else "The tier may be lost" if day else "",
        is_late=nth == 0,
        contact="Ana Ruiz" if nth == 1 else "",
        unread=2 if nth == 0 else 0,
        notifications_url="/gallery/?page=notifications",
        stake=StakeCell(
            answers=_LEADS[nth],
            worth=None if worth is None else Decimal(worth * 1000),
            cost=None if cost is None else Decimal(cost * 1000),
            currency="" if worth is None else "USD",
            url=_HOME,
        ),
    )
