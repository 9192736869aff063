"""Partners that nobody runs any more: the last admin left, or none ever came."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils import timezone

from swingby.web.clock import today
from swingby.web.domain.audit import record_act
from swingby.web.domain.enrolled import not_ended
from swingby.web.domain.errors import NotAllowedError
from swingby.web.domain.invitations import invite_on_behalf, joining
from swingby.web.models import Enrolment, Invitation, InvitationState, Membership, Role, Side
from swingby.web.permissions import can_cure_orphans
from swingby.web.tenancy import Scope, open_scope
from swingby.web.visibility import Actor


@dataclass(frozen=True, slots=True)
class Orphan:
    """A partner without an admin: how many people it has left, and whether somebody is invited."""

    enrolment: Enrolment
    people: int
    is_invited: bool


def orphans(owner: str) -> tuple[Orphan, ...]:
    """Partners in a program now whose firm has no admin, those with people first, then by name."""
    rows = Enrolment.objects.filter(not_ended(today()), owner_id=owner).select_related("partner")
    first: dict[str, Enrolment] = {}
    for row in rows.order_by("partner__name", "partner_id", "pk"):
        first.setdefault(row.partner_id, row)
    firms = {key for row in first.values() for key in row.partner.lineage}
    with open_scope(Scope(partner_orgs=frozenset(firms))):
        posts = list(
            Membership.objects.filter(organization_id__in=firms, person__is_active=True).values_list(
                "organization_id", "person_id", "role"
            )
        )
        living = Invitation.objects.filter(state=InvitationState.OPEN, expires_at__gt=timezone.now())
        invited = set(living.filter(role=Role.PARTNER_ADMIN).values_list("organization_id", flat=True))
    run = {organization for organization, _, role in posts if role == Role.PARTNER_ADMIN}
    people: dict[str, set[str]] = {}
    for organization, person, _ in posts:
        people.setdefault(organization, set()).add(person)
    found = [
        Orphan(row, len(people.get(key, ())), key in invited)
        for key, row in first.items()
        if run.isdisjoint(row.partner.lineage)
    ]
    return tuple(sorted(found, key=lambda each: -min(each.people, 1)))


def without_readers(enrolments: QuerySet[Enrolment]) -> int:
    """Of how many partners nobody can sign in and read what they are told."""
    lineages: list[Sequence[str]] = list(enrolments.values_list("partner__lineage", flat=True))
    firms = frozenset(firm for lineage in lineages for firm in lineage)
    with open_scope(Scope(partner_orgs=firms)):
        posts = Membership.objects.filter(organization_id__in=firms, person__is_active=True)
        read = set(posts.values_list("organization_id", flat=True))
    return sum(read.isdisjoint(lineage) for lineage in lineages)


def has_readers(enrolment: Enrolment) -> bool:
    """Whether somebody of a partner can sign in and read what it is told."""
    firms = frozenset(enrolment.partner.lineage)
    with open_scope(Scope(partner_orgs=firms)):
        return Membership.objects.filter(organization_id__in=firms, person__is_active=True).exists()


def invite_admin(enrolment: Enrolment, *, actor: Actor, email: str, name: str) -> None:
    """Invite an admin to a partner that has none: the vendor speaks for it until somebody runs it again."""
    if not can_cure_orphans(actor, owner=enrolment.owner_id):
        raise NotAllowedError("Your role does not invite a partner's admin.")
    require_orphan(enrolment)
    with joining(enrolment.partner_id):
        invitation = invite_on_behalf(
            enrolment.partner_id, by=actor.person, email=email, name=name, role=Role.PARTNER_ADMIN
        )
    record_act(enrolment, side=Side.VENDOR, actor=actor.person, action="orphan.invite", subject=invitation.person_id)


def require_orphan(enrolment: Enrolment) -> None:
    """Refuse where an admin is there: then the partner's own people decide."""
    firms: Sequence[str] = enrolment.partner.lineage
    with open_scope(Scope(partner_orgs=frozenset(firms))):
        admins = Membership.objects.filter(organization_id__in=firms, role=Role.PARTNER_ADMIN, person__is_active=True)
        if admins.exists():
            raise NotAllowedError("This partner has an admin, who invites its people.")
