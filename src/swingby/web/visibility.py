"""The one place that decides what an actor may see."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.db import connection

from swingby.web.models import PARTNER_ROLES, VENDOR_ROLES, Enrolment, Membership, Role, StandingShare
from swingby.web.tenancy import Scope, led_region, open_scope


@dataclass(frozen=True, slots=True)
class Post:
    """A role that somebody holds at an organization."""

    organization: str
    role: Role
    regions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody who acts: a person with posts, or nobody; ``is_looked_as`` where an admin only looks as that person."""

    person: str = ""
    name: str = ""
    posts: tuple[Post, ...] = ()
    is_looked_as: bool = False

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
        posts = tuple(Post(row.organization_id, Role(row.role), tuple(row.regions)) for row in rows)
    return Actor(person=person, name=name, posts=posts)


def visible_to(actor: Actor) -> Scope:
    """What the actor sees: programs of its vendor organizations, and its partner organizations with all below them.

    Who is nothing but a regional lead at a vendor sees of its partners those of the regions.
    """
    owners = actor.organizations(VENDOR_ROLES)
    partners = _with_all_below(actor.organizations(PARTNER_ROLES))
    scope = Scope(owner_orgs=owners, partner_orgs=partners, person=actor.person)
    limited = owners - actor.organizations(VENDOR_ROLES - {Role.REGIONAL_LEAD})
    if not limited:
        return scope
    led = (
        led_region(post.organization, one)
        for post in actor.posts
        if post.organization in limited
        for one in post.regions
    )
    return replace(
        scope,
        limited_owners=limited,
        region_partners=partners | _of_regions(actor, limited),
        led_regions=frozenset(led),
    )


def resellers_of(actor: Actor) -> Scope:
    """What a distributor sees beside its own: where the partners stand that agreed to share it."""
    scope = visible_to(actor)
    with open_scope(scope):
        shares = StandingShare.objects.filter(distributor_id__in=scope.partner_orgs, ended_at=None)
        return replace(scope, shared_enrolments=frozenset(shares.values_list("enrolment_id", flat=True)))


def _of_regions(actor: Actor, owners: frozenset[str]) -> frozenset[str]:
    """The partners of the regions that a lead looks after, at each vendor."""
    found: set[str] = set()
    for post in actor.posts:
        if post.organization in owners:
            with open_scope(Scope(owner_orgs=frozenset({post.organization}))):
                mine = Enrolment.objects.filter(owner_id=post.organization, partner__region__in=post.regions)
                found.update(mine.values_list("partner_id", flat=True))
    return frozenset(found)


def _with_all_below(organizations: frozenset[str]) -> frozenset[str]:
    if not organizations:
        return organizations
    with open_scope(Scope(partner_orgs=organizations)), connection.cursor() as cursor:
        cursor.execute("SELECT id FROM organizations WHERE lineage && %s::text[]", [sorted(organizations)])
        return organizations | {row[0] for row in cursor.fetchall()}
