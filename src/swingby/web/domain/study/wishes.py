"""What people look for in a study group, and how they are matched; nobody is named to anybody."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from swingby.enablement import (
    Catalogue,
    FreeTime,
    Match,
    Meeting,
    NewGroupAnswer,
    Seeker,
    StudyGroup,
    StudyLevel,
    Subject,
    match_group,
    match_groups,
    new_group,
)
from swingby.web.clock import now, today
from swingby.web.domain.errors import RefusedError
from swingby.web.domain.learning.languages import languages_of, say_languages, spoken_at
from swingby.web.domain.study.said import Form
from swingby.web.models import StudyCircle, StudySeat, StudyWish
from swingby.web.tenancy import Scope, open_scope
from swingby.web.visibility import Actor


def wish_for_group(firm: str, *, actor: Actor, form: Form, catalogue: Catalogue) -> StudyWish:
    """Keep what somebody looks for, instead of what was kept before."""
    subject, starts, ends = form.subject(catalogue), form.clock("starts"), form.clock("ends")
    if starts >= ends:
        raise RefusedError(_("The hours must end after they begin."))
    row = StudyWish(
        organization_id=firm,
        person_id=actor.person,
        code=subject.code,
        topic=subject.topic,
        goal_on=form.goal(),
        level=form.level(),
        zone=form.zone(),
        days=form.days(),
        starts=starts,
        ends=ends,
        made_at=now(),
    )
    say_languages(firm, actor=actor, said=form.languages())
    drop_wish(firm, actor=actor)
    row.save(force_insert=True)
    return row


def drop_wish(firm: str, *, actor: Actor) -> None:
    """Look for nothing any more."""
    StudyWish.objects.filter(organization_id=firm, person_id=actor.person).delete()


def wish_of(firm: str, actor: Actor) -> StudyWish | None:
    """What somebody looks for."""
    return StudyWish.objects.filter(organization_id=firm, person_id=actor.person).first()


def matches_of(wish: StudyWish) -> tuple[Match, ...]:
    """Every group for the same subject in which somebody is not yet, with what speaks for it and what against it."""
    mine = StudySeat.objects.filter(person_id=wish.person_id).values("circle_id")
    rows = StudyCircle.objects.filter(closed_at=None, goal_on__gt=today()).exclude(pk__in=mine)
    seeker = _own_seeker(wish)
    alike = [group for group in map(group_of, rows) if group.subject.key == seeker.subject.key]
    return match_groups(seeker, alike, today())


def new_group_for(wish: StudyWish) -> NewGroupAnswer:
    """Whether a new group could be made of those in the firm who look for one."""
    return new_group(_own_seeker(wish), _seekers(wish.organization_id), today())


def people_who_fit(circle: StudyCircle) -> list[str]:
    """Those of the firm who look for such a group; for a job, never for a page."""
    group = group_of(circle)
    return [each.person for each in _seekers(circle.organization_id) if match_group(each, group, today()).fits]


def seeker_of(wish: StudyWish, languages: frozenset[str]) -> Seeker:
    """A wish with the languages of the person, as it is matched."""
    return Seeker(
        person=wish.person_id,
        subject=Subject(code=wish.code, topic=wish.topic),
        goal_on=wish.goal_on,
        level=StudyLevel(wish.level),
        free=FreeTime(zone=wish.zone, days=frozenset(wish.days), starts=wish.starts, ends=wish.ends),
        languages=languages,
    )


def group_of(circle: StudyCircle) -> StudyGroup:
    """A group, as it is matched."""
    return StudyGroup(
        key=circle.pk,
        subject=Subject(code=circle.code, topic=circle.topic),
        goal_on=circle.goal_on,
        level=StudyLevel(circle.level),
        meeting=Meeting(zone=circle.zone, day=circle.day, starts=circle.starts),
        language=circle.language,
        members=circle.size,
        most=circle.most,
        is_closed=circle.closed_at is not None,
    )


def _seekers(firm: str) -> Iterator[Seeker]:
    """Everybody of the firm who looks for a group, as a job sees it."""
    with open_scope(Scope(partner_orgs=frozenset({firm}))):
        rows = list(StudyWish.objects.filter(organization_id=firm, goal_on__gt=today()).order_by("pk"))
        spoken = spoken_at(firm)
    return (seeker_of(row, spoken.get(row.person_id, frozenset())) for row in rows)


def _own_seeker(wish: StudyWish) -> Seeker:
    said = languages_of(wish.organization_id, wish.person_id)
    return seeker_of(wish, frozenset(said.languages if said else ()))
