"""Sample points histories: usual, not worked out yet, empty, and very large."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from swingby.web.design.gallery.extremes import HUGE, LONG_NAME, LONG_WORD
from swingby.web.design.gallery.samples import PROGRAM, TODAY, sample_chart
from swingby.web.design.parts import HistoryLine
from swingby.web.portal.points_parts import PointsFilter, PointsPage

_RULES = (("", "All", True), ("plans", "Plan reviewed", False), ("training", "Training completed", False))


def sample_points() -> PointsPage:
    """A partner's lines over two years, with a limit and something taken back."""
    lines = (
        HistoryLine(day=date(2026, 3, 27), what="Plan reviewed", points=Decimal(20), note="You reported"),
        HistoryLine(day=date(2026, 3, 2), what="Talks", points=Decimal(-4), note="Over a limit · Record ac0-7382"),
        HistoryLine(day=date(2026, 3, 2), what="Talks", points=Decimal(4), note="Record ac0-7382"),
        HistoryLine(
            day=date(2025, 12, 9),
            what="Campaign",
            points=Decimal(-25),
            state="reversed",
            note="Taken back · Record ac0-12",
        ),
        HistoryLine(day=date(2025, 12, 2), what="Campaign", points=Decimal(25), note="Record ac0-12"),
    )
    return PointsPage(
        program=PROGRAM,
        as_of=TODAY,
        total=Decimal(585),
        lines=lines,
        found=64,
        of=64,
        sum=Decimal(585),
        filters=(PointsFilter(name="rule", label="For what", choices=_RULES),),
        chart=sample_chart(),
        after_url="/gallery/?page=points",
        home_url="/gallery/?page=home",
    )


def points_waiting() -> PointsPage:
    """Nothing was worked out yet."""
    return PointsPage(program=PROGRAM, is_behind=True, home_url="/gallery/?page=home")


def points_empty() -> PointsPage:
    """A partner who joined today."""
    return PointsPage(program=PROGRAM, as_of=TODAY, total=Decimal(0), home_url="/gallery/?page=home")


def points_large() -> PointsPage:
    """A page full of long words and huge numbers, while something newer is worked out."""
    line = HistoryLine(day=TODAY, what=LONG_NAME, points=HUGE, note=f"Over a limit · Record {LONG_WORD}")
    return replace(
        sample_points(),
        program=LONG_NAME,
        is_behind=True,
        total=HUGE,
        sum=HUGE,
        lines=(line, replace(line, points=-HUGE)) * 25,
        filters=(PointsFilter(name="rule", label=LONG_WORD, choices=(("", LONG_NAME, True),)),),
        before_url="/gallery/?page=points",
        clear_url="/gallery/?page=points",
    )
