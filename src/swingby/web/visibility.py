"""The one place that decides what an actor may see."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection

from swingby.web.models import PARTNER_ROLES, VENDOR_ROLES, Membership, Role
from swingby.web.tenancy import Scope, open_scope


@dataclass(frozen=True, slots=True)
class Post:
    """A role that somebody holds at an organization."""

    organization: str
    role: Role


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody who acts: a person with posts, or nobody."""

    person: str = ""
    name: str = ""
    posts: tuple[Post, ...] = ()

    @property
    def is_known(self) -> bool:
        """Whether somebody signed in."""
        return self.person != ""

    def organizations(self, roles: frozenset[Role]) -> frozenset[str]:
        """The organizations at which the actor holds one of these roles."""
        return frozenset(post.organization for post in self.posts if post.role in roles)


ANYBODY = Actor()


def actor_of(person: str, *, name: str) -> Actor:
    """The actor for a person who signed in, with all posts; needs a running transaction."""
    with open_scope(Scope(person=person)):
        rows = Membership.objects.filter(person_id=person).order_by("organization_id", "role")
        posts = tuple(Post(row.organization_id, Role(row.role)) for row in rows)
    return Actor(person=person, name=name, posts=posts)


def visible_to(actor: Actor) -> Scope:
    """What the actor sees: programs of its vendor organizations, and its partner organizations with all below them."""
    owners = actor.organizations(VENDOR_ROLES)
    partners = actor.organizations(PARTNER_ROLES)
    return Scope(owner_orgs=owners, partner_orgs=_with_all_below(partners), person=actor.person)


def _with_all_below(organizations: frozenset[str]) -> frozenset[str]:
    if not organizations:
        return organizations
    with open_scope(Scope(partner_orgs=organizations)), connection.cursor() as cursor:
        cursor.execute("SELECT id FROM organizations WHERE lineage && %s::text[]", [sorted(organizations)])
        return organizations | {row[0] for row in cursor.fetchall()}
