"""Looking as a colleague: read only, for half an hour, noted page by page.

What a request changes while somebody looks is undone at its end, whatever view it was; requests that are meant to change
something are refused before.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from swingby.web.domain.errors import RefusedError
from swingby.web.domain.users import record_user_act, require_user_admin
from swingby.web.models import Membership, Person
from swingby.web.permissions import can_run_users
from swingby.web.tenancy import open_scope
from swingby.web.visibility import Actor, actor_of, visible_to

MINUTES = 30
READING = frozenset({"GET", "HEAD", "OPTIONS"})
_KEY = "swingby_looking_as"
_OWN_PAGES = ("end_looking", "account_logout", "design:theme")


@dataclass(frozen=True, slots=True)
class Looking:
    """Who is looked as, by whom, where and until when."""

    actor: Actor
    by: Actor
    organization: str
    until: datetime


def begin_looking(session: Any, person: Person, *, organization: str, actor: Actor) -> None:
    """Let an admin see what a colleague sees, at this organization only."""
    require_user_admin(actor, organization)
    if person.pk == actor.person:
        raise RefusedError("You see your own pages already.")
    if not Membership.objects.filter(person=person, organization_id=organization).exists():
        raise RefusedError("This person does not work here any more.")
    until = timezone.now() + timedelta(minutes=MINUTES)
    record_user_act(organization, actor=actor, action="look.begin", subject=person.pk, until=until.isoformat())
    session[_KEY] = {"person": person.pk, "organization": organization, "until": until.isoformat()}


def end_looking(session: Any, *, actor: Actor) -> None:
    """Stop looking; doing so twice changes nothing."""
    kept = session.pop(_KEY, None)
    if kept is not None and can_run_users(actor, organization=kept["organization"]):
        record_user_act(kept["organization"], actor=actor, action="look.end", subject=kept["person"])


def looking_in(request: HttpRequest, *, own: Actor) -> Looking | None:
    """Whom a request looks as; None when its time is over, or one of the two has left."""
    kept = request.session.get(_KEY) if own.is_known else None
    if kept is None or request.path in map(reverse, _OWN_PAGES):
        return None
    until, organization = datetime.fromisoformat(kept["until"]), str(kept["organization"])
    person = Person.objects.filter(pk=kept["person"], is_active=True).first()
    if person is not None and until > timezone.now() and can_run_users(own, organization=organization):
        whole = actor_of(person.pk, name=person.name)
        posts = tuple(post for post in whole.posts if post.organization == organization)
        if posts:
            return Looking(replace(whole, posts=posts, is_looked_as=True), own, organization, until)
    del request.session[_KEY]
    return None


def note_page(looking: Looking, *, path: str) -> None:
    """Note that a page was looked at, in a transaction of its own: the request's is undone."""
    with transaction.atomic(), open_scope(visible_to(looking.by)):
        record_user_act(
            looking.organization, actor=looking.by, action="look.page", subject=looking.actor.person, page=path[:200]
        )
