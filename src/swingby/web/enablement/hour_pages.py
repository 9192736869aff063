"""Fill what pages show of hours of study."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from django.urls import reverse
from django.utils.translation import gettext as _

from swingby.enablement import MINIMUM_BASE, Catalogue, Certification
from swingby.web.domain.learning.board_words import part_words
from swingby.web.domain.learning.records import names_of
from swingby.web.domain.study.hours import (
    WEEKS,
    hours_of_steps,
    own_notes,
    people_hours,
    rule_of,
    team_hours,
    whole_weeks,
)
from swingby.web.enablement.hour_parts import HoursPage, NoteLine, PersonLine, StepLine, TeamLine
from swingby.web.models import Grouping, Organization
from swingby.web.permissions import can_switch_boards
from swingby.web.visibility import Actor

MOST_TEAMS: Final = 50
MOST_PEOPLE: Final = 50
MOST_NOTES: Final = 10
_TENTH: Final = Decimal("0.1")


def hours_page(firm: Organization, *, actor: Actor) -> HoursPage:
    """What teams studied, and each person where the firm says so."""
    first, end = whole_weeks()
    teams, too_small = team_hours(firm.pk, actor=actor)
    names, rule = names_of(firm.pk), rule_of(firm.pk)
    may_say = can_switch_boards(actor, organization=firm.pk)
    return HoursPage(
        name=firm.name,
        first=first,
        last=end - timedelta(days=1),
        weeks=WEEKS,
        base=MINIMUM_BASE,
        teams=tuple(
            TeamLine(
                team=part_words(Grouping.TEAM, one.team),
                heads=one.heads,
                hours=one.hours,
                per_week=_weekly(one.per_head),
            )
            for one in teams[:MOST_TEAMS]
        ),
        too_small=too_small,
        people=tuple(
            PersonLine(name=names.get(key, key), hours=hours)
            for key, hours in people_hours(firm.pk, actor=actor)[:MOST_PEOPLE]
        ),
        shown_from=rule.shown_from,
        billed=rule.billed,
        rule_url=reverse("learning:hours_rule", args=[firm.pk]) if may_say else "",
    )


def step_lines(one: Certification, noted: Mapping[tuple[str, str], Decimal]) -> tuple[StepLine, ...]:
    """The steps of a path with what was noted for each."""
    return tuple(_step(one, step, hours, noted) for step, hours in hours_of_steps(one).items())


def note_lines(firm: str, person: str, catalogue: Catalogue) -> tuple[NoteLine, ...]:
    """What somebody can still change."""
    return tuple(
        NoteLine(
            label=_label(row.code, catalogue),
            step=row.step,
            day=row.day,
            hours=hours_words(row.hours),
            act_url=reverse("learning:hours_change", args=[firm, row.pk]),
        )
        for row in own_notes(firm, person)[:MOST_NOTES]
    )


def hours_words(hours: Decimal) -> str:
    """Hours as people write them."""
    return f"{hours.normalize():f}"


def _step(one: Certification, step: str, hours: Decimal, noted: Mapping[tuple[str, str], Decimal]) -> StepLine:
    done = noted.get((one.code, step), Decimal(0))
    words = _("%(done)s of %(hours)s hours") if hours else _("%(done)s hours")
    return StepLine(
        step=step,
        label=step or _("The whole path"),
        words=words % {"done": hours_words(done), "hours": hours_words(hours)},
        share=done / hours if hours else Decimal(0),
        tone="good" if hours and done >= hours else "brand",
    )


def _label(code: str, catalogue: Catalogue) -> str:
    found = catalogue.certifications.get(code)
    return found.label if found else code


def _weekly(hours: Decimal) -> Decimal:
    return (hours / WEEKS).quantize(_TENTH, ROUND_HALF_UP)
