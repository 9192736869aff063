"""Hours that people note against the steps of their paths, and what may be read of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Final

from django.db import connection, models
from django.utils.translation import gettext as _

from swingby.enablement import MINIMUM_BASE, Catalogue, Certification
from swingby.web.clock import now, today
from swingby.web.domain.errors import NotAllowedError, RefusedError
from swingby.web.domain.learning.records import employed_people, learner_of, team_stays
from swingby.web.models import StudyHours, StudyRule
from swingby.web.permissions import can_lead_learning, can_switch_boards
from swingby.web.tenancy import Scope, open_scope
from swingby.web.visibility import Actor

#: A note can be changed for so long, and a day be noted so long after it.
CHANGED_WITHIN: Final = timedelta(days=14)
MOST_OF_A_DAY: Final = Decimal(24)
#: Whole weeks that leads read; the week that runs is left out, so that no single day shows.
WEEKS: Final = 13
_QUARTER: Final = Decimal("0.25")


@dataclass(frozen=True, slots=True)
class TeamHours:
    """What a team studied. Teams below the base stand in none."""

    team: str
    heads: int
    hours: Decimal

    @property
    def per_head(self) -> Decimal:
        """Hours of one person in the whole time."""
        return self.hours / self.heads


def note_hours(
    firm: str, *, actor: Actor, catalogue: Catalogue, code: str, step: str, day: date | None, hours: str
) -> StudyHours:
    """Add hours to a step on a day; what was noted for it on the day before stays.

    Raises
    ------
    RefusedError
        If nobody linked the person, the step is unknown, or the day or the hours cannot be.
    """
    learner = learner_of(firm, actor.person)
    one = catalogue.certifications.get(code)
    if learner is None or one is None or step not in steps_of(one):
        raise RefusedError(_("Choose a step of your path."))
    on, added = _noted_day(day), read_hours(hours)
    _wait_for_turn(actor.person)
    _check_day(firm, actor.person, on, added)
    row, is_new = StudyHours.objects.get_or_create(
        organization_id=firm,
        person_id=actor.person,
        code=code,
        step=step,
        day=on,
        defaults={"learner": learner.key, "hours": added, "noted_on": today()},
    )
    if not is_new:
        StudyHours.objects.filter(pk=row.pk).update(hours=models.F("hours") + added, noted_on=today())
    return row


def change_hours(row: StudyHours, *, hours: str) -> None:
    """Say an own note anew; zero takes it away.

    Raises
    ------
    RefusedError
        If it is older than it can be changed or not there any more, or the day would have more than 24 hours.
    """
    if row.noted_on + CHANGED_WITHIN < today():
        raise RefusedError(_("A note can be changed for 14 days. Note the difference today."))
    if hours.strip() in {"0", "0.0", "0,0"}:
        row.delete()
        return
    said = read_hours(hours)
    _wait_for_turn(row.person_id)
    noted = StudyHours.objects.filter(pk=row.pk).values_list("hours", flat=True).first()
    if noted is None:
        raise RefusedError(_("This note was taken away meanwhile."))
    _check_day(row.organization_id, row.person_id, row.day, said - noted)
    StudyHours.objects.filter(pk=row.pk).update(hours=said)


def say_rule(firm: str, *, actor: Actor, shows_people: bool, billed: str) -> None:
    """Say whether leads read the hours of each person from today on, and how much is to be billed.

    Raises
    ------
    NotAllowedError
        If the actor is no admin of the firm.
    RefusedError
        If the part that is to be billed is no percentage.
    """
    if not can_switch_boards(actor, organization=firm):
        raise NotAllowedError(_("Your role does not say who reads hours. Ask your partner admin."))
    shown_from = (rule_of(firm).shown_from or today()) if shows_people else None
    said = {"shown_from": shown_from, "billed": _percent(billed), "said_by_id": actor.person, "said_at": now()}
    StudyRule.objects.update_or_create(organization_id=firm, defaults=said)


def rule_of(firm: str) -> StudyRule:
    """What the firm says; nothing is shown of anybody before it says so."""
    return StudyRule.objects.filter(organization_id=firm).first() or StudyRule(organization_id=firm)


def steps_of(one: Certification) -> tuple[str, ...]:
    """The steps of a path by name; the whole path where it names none."""
    return tuple(dict.fromkeys(step.label for step in one.steps)) or ("",)


def own_hours(firm: str, person: str) -> Mapping[tuple[str, str], Decimal]:
    """What somebody noted in all, by certification and step."""
    rows = StudyHours.objects.filter(organization_id=firm, person_id=person).order_by().values_list("code", "step")
    return {(code, step): total for code, step, total in rows.annotate(total=models.Sum("hours"))}


def own_notes(firm: str, person: str) -> models.QuerySet[StudyHours]:
    """The notes that somebody can still change, the newest first."""
    since = today() - CHANGED_WITHIN
    return StudyHours.objects.filter(organization_id=firm, person_id=person, noted_on__gte=since)


def hours_of_steps(one: Certification) -> Mapping[str, Decimal]:
    """What each step of a path takes; steps of one name are one."""
    found: dict[str, Decimal] = dict.fromkeys(steps_of(one), Decimal(0))
    for step in one.steps:
        found[step.label] += step.hours
    return found


def remaining_hours(one: Certification, noted: Mapping[tuple[str, str], Decimal]) -> Decimal:
    """What a path still takes: of each step its hours less those that were noted, never below zero."""
    left = (hours - noted.get((one.code, step), Decimal(0)) for step, hours in hours_of_steps(one).items())
    return sum((max(hours, Decimal(0)) for hours in left), Decimal(0))


def whole_weeks() -> tuple[date, date]:
    """The first day of the weeks that leads read, and the first day after them: a Monday each."""
    end = today() - timedelta(days=today().weekday())
    return end - timedelta(weeks=WEEKS), end


def team_hours(firm: str, *, actor: Actor) -> tuple[tuple[TeamHours, ...], int]:
    """What teams studied in the last whole weeks, those with enough people; and how many teams have too few."""
    _require_lead(firm, actor)
    start, end = whole_weeks()
    teams: defaultdict[str, set[str]] = defaultdict(set)
    for stay in team_stays(firm, employed_people(firm)):
        if stay.office and today() in stay.counted:
            teams[stay.office].add(stay.person)
    # Nobody reads these rows: only sums of teams leave this function.
    with open_scope(Scope(partner_orgs=frozenset({firm}))):
        noted = _summed(StudyHours.objects.filter(organization_id=firm, day__gte=start, day__lt=end))
    shown = [
        TeamHours(team, len(people), sum((noted.get(one, Decimal(0)) for one in people), Decimal(0)))
        for team, people in teams.items()
        if len(people) >= MINIMUM_BASE
    ]
    return tuple(sorted(shown, key=lambda one: (-one.per_head, one.team))), len(teams) - len(shown)


def people_hours(firm: str, *, actor: Actor) -> Sequence[tuple[str, Decimal]]:
    """What each person studied, by key, where the firm says that leads read it; the database shows nothing otherwise."""
    _require_lead(firm, actor)
    shown_from = rule_of(firm).shown_from
    if shown_from is None:
        return ()
    start, end = whole_weeks()
    days = {"day__gte": max(start, shown_from), "day__lt": end}
    noted = _summed(StudyHours.objects.filter(organization_id=firm, **days))
    return sorted(noted.items(), key=lambda one: (-one[1], one[0]))


def read_hours(text: str) -> Decimal:
    """Hours as somebody writes them, to a quarter of an hour."""
    try:
        hours = Decimal(text.strip().replace(",", "."))
    except InvalidOperation:
        hours = Decimal(0)
    if not hours.is_finite() or not _QUARTER <= hours <= MOST_OF_A_DAY or hours % _QUARTER:
        raise RefusedError(_("Write hours in quarters, such as 0.5 or 1.25, at most 24."))
    return hours


def _summed(rows: models.QuerySet[StudyHours]) -> dict[str, Decimal]:
    found: Iterable[tuple[str, Decimal]] = (
        rows.order_by().values("learner").annotate(total=models.Sum("hours")).values_list("learner", "total")
    )
    return dict(found)


def _require_lead(firm: str, actor: Actor) -> None:
    if not can_lead_learning(actor, organization=firm):
        raise NotAllowedError(_("Your role does not read hours of study. Ask your partner admin."))


def _noted_day(day: date | None) -> date:
    on = day or today()
    if not today() - CHANGED_WITHIN <= on <= today():
        raise RefusedError(_("Choose today or one of the 14 days before."))
    return on


def _check_day(firm: str, person: str, day: date, added: Decimal) -> None:
    rows = StudyHours.objects.filter(organization_id=firm, person_id=person, day=day)
    noted = rows.aggregate(total=models.Sum("hours"))["total"] or Decimal(0)
    if noted + added > MOST_OF_A_DAY:
        raise RefusedError(_("A day has 24 hours, and %(noted)s are noted on this one.") % {"noted": f"{noted:f}"})


def _wait_for_turn(person: str) -> None:
    """Who notes twice at once does so one after the other, so that no day gets more hours than it has."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"study hours:{person}"])


def _percent(text: str) -> int | None:
    if not text.strip():
        return None
    if not (text.strip().isascii() and text.strip().isdecimal() and int(text.strip()) <= 100):  # noqa: PLR2004
        raise RefusedError(_("Write the part that is to be billed in percent, such as 75, or leave it empty."))
    return int(text.strip())
