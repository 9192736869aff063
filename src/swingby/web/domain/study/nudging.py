"""Tell members that a buddy is silent: once a week at most, by a notification that can be turned off."""

from __future__ import annotations

from datetime import date

from django.db import models, transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from swingby.enablement import Buddy, BuddyNudge, buddy_nudges
from swingby.web.clock import today
from swingby.web.domain.notifications import About, News, tell_partner
from swingby.web.models import NotificationKind, StudyCheckIn, StudyCircle, StudyMember
from swingby.web.tenancy import Scope, open_scope


def nudge_buddies(firm: str) -> int:
    """Nudge whom it is due to; returns how many. It may run twice: who was nudged is not nudged again for a week."""
    with transaction.atomic(), open_scope(Scope(partner_orgs=frozenset({firm}))):
        mine = set(StudyMember.objects.filter(organization_id=firm).values_list("circle_id", "person_id"))
        due = [one for one in buddy_nudges(_buddies(), today()) if (one.group, one.person) in mine]
        for nudge in due:
            _nudge(firm, nudge)
    return len(due)


def _buddies() -> list[Buddy]:
    """The members of all groups that go on, in which the firm has somebody."""
    going = StudyCircle.objects.filter(closed_at=None, goal_on__gt=today()).values("pk")
    heard = {
        (circle, person): last.date()
        for circle, person, last in StudyCheckIn.objects.order_by()
        .values_list("circle_id", "person_id")
        .annotate(models.Max("made_at"))
    }
    return [
        Buddy(
            group=row.circle_id,
            person=row.person_id,
            pair=row.pair,
            heard_on=max(row.joined_at.date(), heard.get((row.circle_id, row.person_id), date.min)),
            nudged_on=row.nudged_on,
        )
        for row in StudyMember.objects.filter(circle_id__in=going)
    ]


def _nudge(firm: str, nudge: BuddyNudge) -> None:
    news = News(
        kind=NotificationKind.STUDY,
        key=f"study silent:{nudge.group}:{today()}",
        words=_("Your buddy in a study group has been silent for two weeks. Ask how it goes."),
        path=reverse("learning:group", args=[firm, nudge.group]),
    )
    tell_partner(About(firm, firm), news, only=[nudge.person])
    StudyMember.objects.filter(circle_id=nudge.group, person_id=nudge.person).update(nudged_on=today())
