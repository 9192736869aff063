"""What people hear of stories: an invitation once for each certification, thanks once a day, the wall once a week."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta

from django.db import models, transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from swingby.enablement import Records
from swingby.web.clock import today
from swingby.web.domain.notifications import About, News, tell_partner
from swingby.web.models import NotificationKind, Story, StoryState, StoryTeller, Thanks
from swingby.web.tenancy import Scope, open_scope

#: A record of the vendor may come so late.
INVITED = timedelta(days=30)
_DAY, _WEEK = timedelta(days=1), timedelta(days=7)


def invite_tellers(firm: str, records: Records, people: Mapping[str, str], labels: Mapping[str, str]) -> int:
    """Invite whoever was certified of late for the first time and told nothing yet; returns how many were due.

    It runs in a job's scope, and may run twice: who was invited is not invited again.
    """
    told = set(StoryTeller.objects.filter(organization_id=firm).values_list("person_id", "code"))
    due = [(person, code) for person, code in _certified(records, people, today()) if (person, code) not in told]
    for person, code in due:
        tell_partner(About(firm, firm), _invitation(firm, person, code, labels[code]), only=[person])
    return len(due)


def tell_of_stories(firm: str) -> None:
    """The daily line of thanks to each teller, and once a week the new stories to everybody."""
    with transaction.atomic(), open_scope(Scope(partner_orgs=frozenset({firm}))):
        for person, count in _thanked_yesterday(firm):
            tell_partner(About(firm, firm), _thanks(firm, person, count), only=[person])
        if count := new_stories(firm):
            tell_partner(About(firm, firm), _wall(firm, count))


def new_stories(firm: str) -> int:
    """How many stories of a firm came on the wall in the last seven days."""
    return Story.objects.filter(
        partner_id=firm, state=StoryState.ACCEPTED, accepted_at__gte=_midnight(today() - _WEEK)
    ).count()


def week_of_stories(firm: str) -> Iterator[str]:
    """The line about stories in the week's mail of those who lead; none where there is nothing."""
    waiting = Story.objects.filter(partner_id=firm, state=StoryState.WAITING).count()
    if new_stories(firm) or waiting:
        told = {"new": new_stories(firm), "waiting": waiting}
        yield _("Stories on the wall since last week: %(new)s. Waiting for your yes: %(waiting)s.") % told


def _certified(records: Records, people: Mapping[str, str], day: date) -> Iterator[tuple[str, str]]:
    for learner, by_code in records.present(day).items():
        for code, life in by_code.items():
            if learner in people and life.held_on(day) and day - INVITED < life.holds[0].period.start:
                yield people[learner], code


def _thanked_yesterday(firm: str) -> list[tuple[str, int]]:
    last = _midnight(today())
    thanked = (
        Thanks.objects.filter(at__gte=last - _DAY, at__lt=last).values_list("story_id").annotate(models.Count("pk"))
    )
    counts = dict(thanked.order_by())
    found: dict[str, int] = {}
    for story, person in StoryTeller.objects.filter(organization_id=firm).values_list("story_id", "person_id"):
        if story in counts:
            found[person] = found.get(person, 0) + counts[story]
    return sorted(found.items())


def _invitation(firm: str, person: str, code: str, label: str) -> News:
    return News(
        kind=NotificationKind.STORY,
        key=f"story:{firm}:{person}:{code}",
        words=_("You are certified: %(label)s. Tell the others why, in three short answers, if you like.")
        % {"label": label},
        path=reverse("learning:story_tell", args=[firm, code]),
    )


def _thanks(firm: str, person: str, count: int) -> News:
    words = ngettext(
        "Yesterday %(count)s person thanked you for your story.",
        "Yesterday %(count)s people thanked you for your stories.",
        count,
    )
    return News(
        kind=NotificationKind.STORY,
        key=f"thanks:{firm}:{person}:{today()}",
        words=words % {"count": count},
        path=reverse("learning:wall", args=[firm]),
    )


def _wall(firm: str, count: int) -> News:
    year, number, *_rest = today().isocalendar()
    words = ngettext("New on the wall: %(count)s story.", "New on the wall: %(count)s stories.", count)
    return News(
        kind=NotificationKind.STORY,
        key=f"wall:{firm}:{year}-{number}",
        words=words % {"count": count},
        path=reverse("learning:wall", args=[firm]),
    )


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
