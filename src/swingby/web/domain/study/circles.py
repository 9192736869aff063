"""Found a study group, join and leave it, say something there, close it."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import IntegrityError, models, transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from swingby.enablement import LEAST, MOST, Catalogue, Meeting, PlanWeek, pair_buddies, pairs_of, plan_weeks
from swingby.web.clock import now, today
from swingby.web.domain.errors import RefusedError
from swingby.web.domain.notifications import About, News, tell_partner
from swingby.web.domain.study.said import Form
from swingby.web.domain.study.wishes import people_who_fit
from swingby.web.models import (
    NotificationKind,
    StudyCheckIn,
    StudyCircle,
    StudyMember,
    StudySeat,
    StudySharing,
)
from swingby.web.tenancy import Scope, open_scope
from swingby.web.visibility import Actor

LONGEST_CHECK_IN = 200


def found_circle(firm: str, *, actor: Actor, form: Form, catalogue: Catalogue) -> StudyCircle:
    """Found a group, be its first member, and tell those of the firm who look for such a one."""
    subject = form.subject(catalogue)
    vendor = catalogue.certifications[subject.code].vendor if subject.code else ""
    row = StudyCircle(
        organization_id=firm,
        founder_id=actor.person,
        vendor=vendor,
        code=subject.code,
        topic=subject.topic,
        goal_on=form.goal(),
        level=form.level(),
        zone=form.zone(),
        day=form.day(),
        starts=form.clock("starts"),
        language=form.languages()[0],
        most=form.most(LEAST, MOST),
        is_open=form.word("open") == "yes" and _is_shared(firm, vendor),
        made_at=now(),
    )
    if not meeting_days(row):
        raise RefusedError(_("It would not meet once before its goal. Choose a later goal or another day."))
    row.save(force_insert=True)
    join_circle(row, firm, actor=actor)
    _tell_seekers(row, label_of(row, catalogue))
    return row


def join_circle(circle: StudyCircle, firm: str, *, actor: Actor) -> None:
    """Take a place; two who want the last one at once do not both get it."""
    already = _("You are in this group already.")
    if StudySeat.objects.filter(circle=circle, person_id=actor.person).exists():
        raise RefusedError(already)
    try:
        _take_place(circle, firm, person=actor.person)
    except IntegrityError as error:
        raise RefusedError(already) from error


def _take_place(circle: StudyCircle, firm: str, *, person: str) -> None:
    with transaction.atomic():
        free = StudyCircle.objects.filter(pk=circle.pk, closed_at=None, goal_on__gt=today(), size__lt=models.F("most"))
        if free.update(size=models.F("size") + 1) != 1:
            raise RefusedError(_("This group is full, closed, or past its goal. Look for another or found one."))
        mine = {"organization_id": firm, "circle_id": circle.pk, "person_id": person}
        StudySeat(**mine).save(force_insert=True)
        StudyMember(**mine, joined_at=now()).save(force_insert=True)
        _pair(circle)


def leave_circle(circle: StudyCircle, *, person: str) -> None:
    """Give the place back, once. What was said stays with the group; who is left is paired anew; the last closes it."""
    with transaction.atomic():
        StudyCircle.objects.select_for_update().get(pk=circle.pk)
        gone, _rows = StudyMember.objects.filter(circle=circle, person_id=person).delete()
        if not gone:
            return
        StudyCircle.objects.filter(pk=circle.pk).update(size=models.F("size") - 1)
        _pair(circle)
        StudyCircle.objects.filter(pk=circle.pk, size=0).update(closed_at=now())
        StudySeat.objects.filter(circle=circle, person_id=person).delete()


def let_seats_go(person: str, firm: str) -> None:
    """Whoever leaves a firm leaves the groups in which the firm's people are."""
    with transaction.atomic(), open_scope(Scope(partner_orgs=frozenset({firm}))):
        for seat in StudySeat.objects.select_related("circle").filter(organization_id=firm, person_id=person):
            leave_circle(seat.circle, person=person)


def close_circle(circle: StudyCircle, *, actor: Actor) -> None:
    """Close a group; its founder may, and it stays readable for its members."""
    if circle.founder_id != actor.person:
        raise RefusedError(_("Only who founded the group closes it. You can leave it."))
    StudyCircle.objects.filter(pk=circle.pk, closed_at=None).update(closed_at=now())


def check_in(circle: StudyCircle, firm: str, *, actor: Actor, words: str) -> StudyCheckIn:
    """Say one line to the group."""
    line = " ".join(words.replace("\0", "").split())
    if not line or len(line) > LONGEST_CHECK_IN:
        raise RefusedError(
            _("Write one line of at most %(most)s letters, such as: studied 3 hours, done step 2.")
            % {"most": LONGEST_CHECK_IN}
        )
    if circle.closed_at is not None:
        raise RefusedError(_("This group is closed."))
    row = StudyCheckIn(organization_id=firm, circle_id=circle.pk, person_id=actor.person, words=line, made_at=now())
    row.save(force_insert=True)
    return row


def meeting_of(circle: StudyCircle) -> Meeting:
    """When a group meets."""
    return Meeting(zone=circle.zone, day=circle.day, starts=circle.starts)


def meeting_days(circle: StudyCircle) -> list[date]:
    """All days on which a group meets, from the day after it was made until before its goal."""
    first = circle.made_at.date() + timedelta(days=1)
    return list(meeting_of(circle).days_until(first, circle.goal_on))


def plan_of(circle: StudyCircle, catalogue: Catalogue) -> tuple[PlanWeek, ...]:
    """What is studied from each meeting on: the steps of the path; for a topic the meetings alone."""
    found = catalogue.certifications.get(circle.code)
    return plan_weeks(found.steps if found else (), meeting_days(circle))


def label_of(circle: StudyCircle, catalogue: Catalogue) -> str:
    """What a group is about, in words."""
    found = catalogue.certifications.get(circle.code)
    return found.label if found else circle.topic or circle.code


def _is_shared(firm: str, vendor: str) -> bool:
    return bool(vendor) and StudySharing.objects.filter(organization_id=firm, vendor=vendor).exists()


def _pair(circle: StudyCircle) -> None:
    """Pair the members; who is here and paired stays with the buddy."""
    rows = list(StudyMember.objects.filter(circle=circle).order_by("joined_at", "id"))
    pairs = pair_buddies([row.person_id for row in rows], pairs_of({row.person_id: row.pair for row in rows}))
    numbers = {person: number for number, pair in enumerate(pairs) for person in pair}
    for row in rows:
        if row.pair != numbers.get(row.person_id):
            StudyMember.objects.filter(pk=row.pk).update(pair=numbers.get(row.person_id))


def _tell_seekers(circle: StudyCircle, label: str) -> None:
    news = News(
        kind=NotificationKind.STUDY,
        key=f"study fits:{circle.pk}",
        words=_("There is a study group that fits what you look for: %(label)s.") % {"label": label},
        path=reverse("learning:groups", args=[circle.organization_id]),
        by=circle.founder_id,
    )
    if people := people_who_fit(circle):
        tell_partner(About(circle.organization_id, circle.organization_id), news, only=people)
