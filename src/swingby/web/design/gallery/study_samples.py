"""Sample pages of study groups: usual, empty, very large, and a group from inside."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal

from swingby.web.design.gallery.extremes import LONG_NAME, LONG_WORD
from swingby.web.design.gallery.samples import TODAY
from swingby.web.design.parts import Choice
from swingby.web.enablement.study_parts import (
    CheckInLine,
    GroupLine,
    GroupPage,
    GroupsPage,
    MemberLine,
    StudyForm,
    VendorLine,
    WeekLine,
)

FIRM, HERE, GOAL = "Tarnwick Labs", "/gallery/?page=groups", date(2026, 6, 30)
FORM = StudyForm(
    subjects=(Choice(value="beacon", label="Beacon Advanced Engineer", chosen=True),),
    levels=(Choice(value="0", label="New to it"), Choice(value="1", label="Some of it known", chosen=True)),
    zones=(Choice(value="America/Chicago", label="America/Chicago", chosen=True),),
    days=(Choice(value="0", label="Monday"), Choice(value="1", label="Tuesday", chosen=True)),
    languages=(Choice(value="en", label="English", chosen=True), Choice(value="es", label="Spanish")),
    goal_on=GOAL,
)
LINE = GroupLine(
    label="Beacon Advanced Engineer",
    goal_on=GOAL,
    meets="Tuesday at 17:30, America/Chicago",
    language="English",
    level="Some of it known",
    places="4 of 8 places taken",
    href="/gallery/?page=group",
)
FITS = replace(LINE, reasons=("Its goal is yours: 30 June 2026.", "4 of 8 places are free."), act_url=HERE)
OUTSIDE = replace(FITS, is_open=True, obstacles=("It meets outside your hours: Tuesday at 07:30 for you.",))


def groups_page() -> GroupsPage:
    """A group of one's own, one that fits and one that does not."""
    return GroupsPage(
        name=FIRM,
        as_of=TODAY,
        mine=(LINE, replace(LINE, label="Reading designs aloud", is_closed=True)),
        has_wish=True,
        wished="Beacon Advanced Engineer",
        form=FORM,
        founding=FORM,
        matches=(FITS, OUTSIDE),
        new_reason="Too few others look for a group for this yet.",
        vendors=(
            VendorLine(vendor="harborline", label="Harborline", is_allowed=True),
            VendorLine(vendor="quaysign", label="Quaysign", is_allowed=False),
        ),
        may_open=True,
    )


def groups_large() -> GroupsPage:
    """Long words, many groups."""
    line = replace(OUTSIDE, label=LONG_WORD, meets=LONG_NAME, language=LONG_WORD, obstacles=(LONG_NAME,) * 6)
    long = Choice(value="a", label=LONG_WORD)
    form = StudyForm(subjects=(long,), levels=(long,), zones=(long,), days=(long,) * 7, languages=(long,) * 12)
    vendors = (VendorLine(vendor="a", label=LONG_WORD, is_allowed=True),) * 9
    return replace(
        groups_page(), name=LONG_NAME, mine=(line,) * 9, matches=(line,) * 20, form=form, founding=form, vendors=vendors
    )


def group_page() -> GroupPage:
    """A group of three on its way."""
    return GroupPage(
        line=LINE,
        act_url=HERE,
        calendar_url=HERE,
        back_url=HERE,
        is_founder=True,
        members=(
            MemberLine(name="Mei Example", words="you"),
            MemberLine(name="Luc Example", words="your buddy"),
            MemberLine(name="Ana Example", words="your buddy, from another firm"),
        ),
        weeks=(
            WeekLine(day=date(2026, 4, 7), hours=Decimal("3.25"), steps=("Course, 3.25 h",), is_next=True),
            WeekLine(day=date(2026, 4, 14), hours=Decimal(3), steps=("Course, 2 h: done with it", "Labs, 1 h")),
        ),
        check_ins=(CheckInLine(name="Luc Example", words="Studied 3 hours, done step 2.", day=TODAY),),
    )


def group_large() -> GroupPage:
    """Long words from inside."""
    page = group_page()
    week = WeekLine(day=TODAY, hours=Decimal(110), steps=(LONG_WORD, LONG_NAME))
    said = CheckInLine(name=LONG_NAME, words=LONG_WORD, day=TODAY)
    member = MemberLine(name=LONG_WORD, words=LONG_NAME)
    line = replace(LINE, label=LONG_WORD, is_closed=True, is_open=True)
    return replace(page, line=line, members=(member,) * 8, weeks=(week,) * 12, check_ins=(said,) * 12)


#: Page -> its template, and what makes its values.
PAGES: Mapping[str, tuple[str, Callable[[], object]]] = {
    "groups": ("groups", groups_page),
    "groups-empty": ("groups", lambda: GroupsPage(name=FIRM, as_of=TODAY, form=FORM, founding=FORM)),
    "groups-hidden": ("groups", lambda: GroupsPage(name=FIRM, as_of=TODAY, is_hidden=True)),
    "groups-large": ("groups", groups_large),
    "group": ("group", group_page),
    "group-silent": ("group", lambda: replace(group_page(), check_ins=(), is_founder=False)),
    "group-large": ("group", group_large),
}
