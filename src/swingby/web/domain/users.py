"""The people of an organization: who holds which role, run by its own admins."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.db import connection, models
from django.utils import timezone

from swingby.web.domain.audit import OwnChain, record_act
from swingby.web.domain.errors import NotAllowedError, RefusedError
from swingby.web.domain.stories.telling import let_stories_go
from swingby.web.domain.study.circles import let_seats_go
from swingby.web.domain.vouchers.giving import let_vouchers_go
from swingby.web.models import (
    PARTNER_ROLES,
    VENDOR_ROLES,
    ApiToken,
    Enrolment,
    Membership,
    Person,
    PortfolioRow,
    Role,
    Side,
)
from swingby.web.permissions import can_run_users
from swingby.web.visibility import Actor

ADMIN_ROLES = frozenset({Role.VENDOR_ADMIN, Role.PARTNER_ADMIN})


class LastAdminError(RefusedError):
    """Nobody would be left to run the users; it may be done all the same, by who says so."""


@dataclass(frozen=True, slots=True)
class Colleague:
    """One person with all roles at one organization."""

    person: Person
    roles: tuple[Role, ...]
    regions: tuple[str, ...]


def roles_of_side(*, is_vendor: bool) -> tuple[Role, ...]:
    """The roles that can be given on a side, in their order."""
    side = VENDOR_ROLES if is_vendor else PARTNER_ROLES
    return tuple(role for role in Role if role in side)


def regions_of(owner: str) -> tuple[str, ...]:
    """The regions that the partners of a vendor belong to."""
    rows = PortfolioRow.objects.filter(owner_id=owner).exclude(region="").order_by("region")
    return tuple(rows.values_list("region", flat=True).distinct())


def colleagues(organization: str) -> tuple[Colleague, ...]:
    """Everybody who works for an organization, by name."""
    rows = Membership.objects.filter(organization_id=organization).select_related("person")
    held: dict[str, list[Membership]] = {}
    for row in rows.order_by("person__name", "person_id"):
        held.setdefault(row.person_id, []).append(row)
    return tuple(_colleague(rows) for rows in held.values())


def set_roles(
    person: Person,
    *,
    organization: str,
    actor: Actor,
    roles: Collection[Role],
    regions: Collection[str] = (),
    is_sure: bool = False,
) -> None:
    """Let a colleague hold these roles and no others; no role at all lets the person go, and ends all their sessions.

    Raises
    ------
    LastAdminError
        When no admin would be left and nobody said that this is meant.
    """
    require_user_admin(actor, organization)
    lock_users(organization)
    before = {Role(row.role) for row in _rows(person, organization)}
    if not before:
        raise RefusedError("This person does not work here any more.")
    wanted = set(roles)
    _check_side(wanted, before)
    if ADMIN_ROLES & before and not ADMIN_ROLES & wanted and not is_sure and not _other_admins(person, organization):
        raise LastAdminError(
            "Nobody would be left to run the users. Make somebody else admin first, or say that you mean it."
        )
    _rows(person, organization).filter(role__in=before - wanted).delete()
    for role in wanted:
        limits = sorted(regions) if role == Role.REGIONAL_LEAD else []
        Membership.objects.update_or_create(
            person=person, organization_id=organization, role=role, defaults={"regions": limits}
        )
    if Role.SUCCESS_MANAGER in before - wanted:
        Enrolment.objects.filter(owner_id=organization, success_manager=person).update(success_manager=None)
    if not wanted:
        _let_go(person, organization, actor)
    record_user_act(
        organization,
        actor=actor,
        action="user.change" if wanted else "user.remove",
        subject=person.pk,
        before=sorted(before),
        after=sorted(wanted),
    )


def end_sessions(person: Person) -> None:
    """Sign a person out everywhere, at once: what their sessions were made with no longer holds."""
    Person.objects.filter(pk=person.pk).update(session_round=models.F("session_round") + 1)


def record_user_act(organization: str, *, actor: Actor, action: str, subject: str, **detail: object) -> None:
    """Note an act about users in the organization's own chain of its side."""
    is_vendor = organization in actor.organizations(VENDOR_ROLES)
    side = Side.VENDOR if is_vendor else Side.PARTNER
    record_act(OwnChain(organization), side=side, actor=actor.person, action=action, subject=subject, **detail)


def require_user_admin(actor: Actor, organization: str) -> None:
    """Refuse who does not run the users of an organization."""
    if not can_run_users(actor, organization=organization):
        raise NotAllowedError("Your role does not run users. Ask your admin.")


def lock_users(organization: str) -> None:
    """Let those who change the users of an organization follow one another, so that two last admins cannot both go."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"users:{organization}"])


def _rows(person: Person, organization: str) -> models.QuerySet[Membership]:
    return Membership.objects.filter(person=person, organization_id=organization)


def _colleague(rows: list[Membership]) -> Colleague:
    held = {Role(row.role) for row in rows}
    return Colleague(
        rows[0].person,
        tuple(role for role in Role if role in held),
        tuple(sorted({r for row in rows for r in row.regions})),
    )


def _check_side(wanted: set[Role], before: set[Role]) -> None:
    """Nobody changes sides: the roles of a vendor and those of a partner do not mix at one organization's page."""
    for side in (VENDOR_ROLES, PARTNER_ROLES):
        if before <= side and not wanted <= side:
            raise RefusedError("This role belongs to the other side of a program.", place="roles", code="side")


def _other_admins(person: Person, organization: str) -> bool:
    admins = Membership.objects.filter(organization_id=organization, role__in=ADMIN_ROLES, person__is_active=True)
    return admins.exclude(person=person).exists()


def _let_go(person: Person, organization: str, actor: Actor) -> None:
    tokens = ApiToken.objects.filter(person=person, organization_id=organization, revoked_at=None)
    tokens.update(revoked_at=timezone.now())
    let_stories_go(person.pk, organization)
    let_seats_go(person.pk, organization)
    let_vouchers_go(person.pk, organization, actor=actor)
    end_sessions(person)
