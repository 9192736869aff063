"""What the sample pages of the program at a glance show."""

from dataclasses import replace
from datetime import date

from swingby.insight import card_data
from swingby.web.console.glance_parts import (
    GlanceCard,
    GlancePage,
    KeptLine,
    NearList,
    NearPartner,
    TierLine,
    TierTable,
    WaitingLine,
)
from swingby.web.design.gallery.evidence_samples import ENGINEER
from swingby.web.design.gallery.extremes import LONG_NAME
from swingby.web.evidence.card_pages import card_view

_DAYS = (date(2025, 3, 30), date(2025, 12, 31), date(2026, 3, 30))
_LINES = (
    ("Platinum", 3, (None, 6, 7)),
    ("Gold", 2, (None, 31, 33)),
    ("Select", 1, (None, 88, 84)),
    ("", -1, (None, 9, 11)),
)
_WORK = (
    ("Activity reports to answer", "list-checks", 14, 9, 3),
    ("Registered deals to answer", "handshake", 3, 2, 0),
    ("Lines of reviews to decide", "scale", 20, 6, None),
    ("Appeals to answer", "scale", 0, None, None),
    ("Disputes to answer", "message-square", 2, 12, 1),
    ("Files sent and not loaded", "file-up", 1, 0, None),
)


def sample_glance() -> GlancePage:
    """A program of two years; what partners held a year ago was not kept."""
    partner = NearPartner(name="Merrowick Services", url="#", tier="Gold", tier_rank=2, day=date(2026, 5, 1))
    close = replace(partner, name="Quillmoor Systems", day=None, words="Certified engineers: 4 of 5")
    return GlancePage(
        total=142,
        tiers=TierTable(
            days=_DAYS,
            lines=tuple(TierLine(label=label, rank=rank, counts=counts) for label, rank, counts in _LINES),
            unknown=(97, 3, 7),
            totals=(97, 137, 142),
            places=145,
            up=6,
            down=4,
            joined=7,
            left=2,
            not_compared=3,
        ),
        at_risk=NearList(count=11, url="#", rows=(partner, replace(partner, name="Tarnwick Labs")), unknown=7),
        close=NearList(count=8, url="#", rows=(close,)),
        waiting=tuple(
            WaitingLine(
                label=label,
                icon=icon,
                count=count,
                oldest_days=days,
                late=late,
                url="#" if days else "",
                came=31,
                before=24,
            )
            for label, icon, count, days, late in _WORK
        ),
        kept=(
            KeptLine(is_ours=True, percent=71, kept=119, asked=168, newest=78, before=69),
            KeptLine(is_ours=False, percent=66, kept=111, asked=168, unknown=24),
        ),
        cards=(GlanceCard(view=card_view(card_data(ENGINEER)), url="#", day=date(2026, 3, 30)),),
    )


def empty_glance() -> GlancePage:
    """A program that just began."""
    waiting = tuple(WaitingLine(label=label, icon=icon, count=0) for label, icon, *_ in _WORK)
    kept = (KeptLine(is_ours=True), KeptLine(is_ours=False))
    near = NearList(count=0, url="#")
    tiers = TierTable(days=_DAYS, unknown=(0, 0, 0), totals=(0, 0, 0), compares=False)
    return GlancePage(total=0, tiers=tiers, at_risk=near, close=near, waiting=waiting, kept=kept)


def large_glance() -> GlancePage:
    """Long words and large numbers."""
    page = sample_glance()
    line = TierLine(label=LONG_NAME, rank=4, counts=(9_998, 10_000, 10_000))
    partner = replace(page.at_risk.rows[0], name=LONG_NAME, tier=LONG_NAME, words=LONG_NAME)
    near = NearList(count=10_000, url="#", rows=(partner, replace(partner, day=None)) * 2, unknown=1_000)
    work = tuple(replace(each, count=120_000, oldest_days=1_200, late=90_000) for each in page.waiting)
    tiers = replace(page.tiers, lines=(line,) * 6)
    return replace(page, total=10_000, tiers=tiers, at_risk=near, close=near, waiting=work, cards=page.cards * 3)
