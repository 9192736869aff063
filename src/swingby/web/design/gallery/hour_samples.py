"""Sample pages of hours of study: usual, empty, very large; and a path on which hours are noted."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from swingby.web.design.gallery.extremes import LONG_NAME, LONG_WORD
from swingby.web.design.gallery.learning_samples import mine_page
from swingby.web.design.gallery.samples import TODAY
from swingby.web.enablement.hour_parts import HoursPage, NoteLine, PersonLine, StepLine, TeamLine
from swingby.web.enablement.parts import MyPathPage

FIRM, HERE = "Tarnwick Labs", "/gallery/?page=hours"
TEAM = TeamLine(team="North, Platform", heads=14, hours=Decimal("182.5"), per_week=Decimal("1.0"))
PERSON = PersonLine(name="Mila Sand", hours=Decimal("26.5"))
STEPS = (
    StepLine(step="Course", label="Course", words="24 of 24 hours", share=Decimal(1), tone="good"),
    StepLine(step="Labs", label="Labs", words="12.5 of 40 hours", share=Decimal("0.31")),
    StepLine(step="Exam", label="Exam", words="0 of 2 hours", share=Decimal(0)),
)
NOTE = NoteLine(label="Tide Engineering, Advanced", step="Labs", day=date(2026, 3, 30), hours="1.5", act_url=HERE)


def hours_page() -> HoursPage:
    """A firm that shows people, for its admin."""
    return HoursPage(
        name=FIRM,
        first=date(2025, 12, 29),
        last=date(2026, 3, 29),
        weeks=13,
        base=10,
        teams=(TEAM, replace(TEAM, team="South, Delivery", heads=11, hours=Decimal(64), per_week=Decimal("0.4"))),
        too_small=3,
        people=(PERSON, replace(PERSON, name="Ola Nowak", hours=Decimal(4))),
        shown_from=date(2026, 2, 2),
        billed=75,
        rule_url=HERE,
    )


def hours_empty() -> HoursPage:
    """No team is large enough, and nobody is shown."""
    return replace(hours_page(), teams=(), people=(), shown_from=None, billed=None, rule_url="")


def hours_large() -> HoursPage:
    """Long words, many lines."""
    team = replace(TEAM, team=LONG_WORD, heads=9_999, hours=Decimal("999999.25"), per_week=Decimal("7.7"))
    return replace(hours_page(), name=LONG_NAME, teams=(team,) * 50, people=(replace(PERSON, name=LONG_NAME),) * 50)


def path_with_hours() -> MyPathPage:
    """Steps with what was noted, and notes that can be changed."""
    page = mine_page()
    plans = tuple(replace(line, steps=STEPS) if number else line for number, line in enumerate(page.plans))
    return replace(
        page, plans=plans, notes=(NOTE, replace(NOTE, step="")), hours_url=HERE, first_day=TODAY - timedelta(days=14)
    )


PAGES: Mapping[str, tuple[str, Callable[[], object]]] = {
    "hours": ("hours", hours_page),
    "hours-empty": ("hours", hours_empty),
    "hours-large": ("hours", hours_large),
    "my-path-hours": ("mine", path_with_hours),
}
