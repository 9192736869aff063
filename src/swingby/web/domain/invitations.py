"""Inviting people, and letting in who follows the link or asks for it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from swingby.web.domain.audit import OwnChain, record_act
from swingby.web.domain.errors import ChangedMeanwhileError, RefusedError
from swingby.web.domain.mails import SENDER, opened_seal, post_mail
from swingby.web.domain.organizations import give_role
from swingby.web.domain.telling import member_joined
from swingby.web.domain.users import ADMIN_ROLES, lock_users, record_user_act, require_user_admin, roles_of_side
from swingby.web.domain.words import kept_words
from swingby.web.models import (
    OPEN_STATES,
    VENDOR_ROLES,
    Doorway,
    Invitation,
    InvitationState,
    MatchAct,
    Membership,
    Organization,
    Person,
    Role,
    Side,
)
from swingby.web.permissions import can_run_users
from swingby.web.tenancy import Scope, open_scope
from swingby.web.visibility import Actor

HOLDS_DAYS = 14
MOST_OPEN = 200
LONGEST_NAME = 120
_ACTS: Mapping[str, tuple[str, ...]] = {
    InvitationState.OPEN: ("again", "withdraw"),
    InvitationState.ASKED: ("withdraw",),
    InvitationState.WAITING: ("approve", "decline"),
}


@dataclass(frozen=True, slots=True)
class Opened:
    """What a link of an invitation opens."""

    invitation: Invitation
    organization: str
    is_over: bool


def invite(
    organization: str, *, actor: Actor, email: str, name: str, role: Role, regions: Collection[str] = ()
) -> Invitation:
    """Invite somebody by mail; the link holds for two weeks.

    Whether the address is known already is not told: the answer is the same.
    """
    require_user_admin(actor, organization)
    if role not in roles_of_side(is_vendor=organization in actor.organizations(VENDOR_ROLES)):
        raise RefusedError("Choose one of the roles that are offered.")
    invitation = invite_on_behalf(organization, by=actor.person, email=email, name=name, role=role, regions=regions)
    record_user_act(organization, actor=actor, action="user.invite", subject=invitation.person_id, role=role)
    return invitation


def invite_on_behalf(
    organization: str, *, by: str | None, email: str, name: str, role: Role, regions: Collection[str] = ()
) -> Invitation:
    """Invite somebody; who may do so was decided by the caller. Needs a scope that holds the organization."""
    person = person_of(email, name=name)
    if Membership.objects.filter(organization_id=organization, person=person).exists():
        raise RefusedError("This person works here already. Change the role on the list.")
    limits = sorted(regions) if role == Role.REGIONAL_LEAD else []
    invitation = _open(organization, person, role=role, regions=limits, state=InvitationState.OPEN, by=by)
    _send_link(invitation, subject=f"{SENDER} invites you to {{organization}}", sent_by=by)
    return invitation


def acts_open_to(actor: Actor, *, invitation: Invitation) -> tuple[str, ...]:
    """What somebody may do with an invitation now; none once it is settled."""
    may = can_run_users(actor, organization=invitation.organization_id)
    return _ACTS.get(invitation.state, ()) if may else ()


def send_link_again(invitation: Invitation, *, actor: Actor) -> None:
    """Send the link once more, with a new end."""
    require_user_admin(actor, invitation.organization_id)
    _move(invitation, before=(InvitationState.OPEN,), expires_at=_end())
    invitation.refresh_from_db()
    _send_link(invitation, subject=f"{SENDER} invites you to {{organization}}", sent_by=actor.person)
    _record(invitation, actor, "user.invite_again")


def withdraw_invitation(invitation: Invitation, *, actor: Actor) -> None:
    """Take an invitation back: its link opens nothing any more."""
    require_user_admin(actor, invitation.organization_id)
    before = (InvitationState.OPEN, InvitationState.ASKED)
    _move(invitation, before=before, state=InvitationState.WITHDRAWN, settled_at=timezone.now())
    _record(invitation, actor, "user.withdraw")


def approve_asking(invitation: Invitation, *, actor: Actor, role: Role) -> None:
    """Let somebody in who asked to join and confirmed the address."""
    require_user_admin(actor, invitation.organization_id)
    if role not in roles_of_side(is_vendor=invitation.organization_id in actor.organizations(VENDOR_ROLES)):
        raise RefusedError("Choose one of the roles that are offered.")
    _settle_asking(invitation, InvitationState.ACCEPTED)
    give_role(invitation.person, organization=invitation.organization_id, role=role)
    _tell_asker(invitation, f"You may work with {invitation.organization.name} now", by=actor.person)
    _record(invitation, actor, "user.approve", role=role)


def decline_asking(invitation: Invitation, *, actor: Actor) -> None:
    """Do not let somebody in who asked to join."""
    require_user_admin(actor, invitation.organization_id)
    _settle_asking(invitation, InvitationState.DECLINED)
    _record(invitation, actor, "user.decline")


def ask_to_join(doorway: Doorway, *, email: str, name: str) -> None:
    """Somebody asks to join by the link of an organization: the address has to be confirmed before anybody sees it.

    Needs a scope that holds the organization. Who works there already, or was invited, gets no second mail.
    """
    person = person_of(email, name=name)
    rows = {"organization_id": doorway.organization_id, "person": person}
    if Membership.objects.filter(**rows).exists() or Invitation.objects.filter(**rows, state__in=OPEN_STATES).exists():
        return
    asked = _open(
        doorway.organization_id, person, role=Role.PARTNER_MEMBER, regions=[], state=InvitationState.ASKED, by=None
    )
    _send_link(asked, subject="Confirm that you want to join {organization}", sent_by=None)


def opened_invitation(seal: str) -> Opened | None:
    """The invitation that a link proves; None for a link that was not made here or is long over."""
    proved = opened_seal(seal, days=2 * HOLDS_DAYS)
    key, _, organization = (proved or "").partition(":")
    if not organization:
        return None
    with joining(organization):
        rows = Invitation.objects.select_related("organization", "person", "made_by")
        invitation = rows.filter(pk=key, organization_id=organization).first()
    if invitation is None:
        return None
    is_open = invitation.state in {InvitationState.OPEN, InvitationState.ASKED}
    return Opened(invitation, organization, is_over=not is_open or invitation.expires_at <= timezone.now())


def settle_account(person: Person, *, name: str, password: str) -> None:
    """Give a person who never signed in a name and a password.

    Raises
    ------
    RefusedError
        With everything that is wrong with the two.
    """
    problems = [] if (words := kept_words(name, longest=LONGEST_NAME)) else ["Write your name."]
    try:
        validate_password(password, user=person)
    except ValidationError as error:
        problems += error.messages
    if problems:
        raise RefusedError(" ".join(problems))
    person.name = words
    person.set_password(password)
    person.save(update_fields=["name", "password"])


def accept_invitation(opened: Opened) -> Invitation:
    """The person has proved the address: let in who was invited; who asked, by the rules of the organization.

    Raises
    ------
    ChangedMeanwhileError
        If it was accepted, withdrawn or declined before, or is over.
    """
    with joining(opened.organization):
        invitation = Invitation.objects.select_related("organization", "person").get(pk=opened.invitation.pk)
        if invitation.expires_at <= timezone.now():
            raise ChangedMeanwhileError("This link is over. Ask for a new one.")
        if invitation.state == InvitationState.ASKED and not _joins_at_once(invitation):
            _move(invitation, before=(InvitationState.ASKED,), state=InvitationState.WAITING)
            _tell_admins(invitation)
        else:
            before = (InvitationState.OPEN, InvitationState.ASKED)
            _move(invitation, before=before, state=InvitationState.ACCEPTED, settled_at=timezone.now())
            give_role(
                invitation.person,
                organization=opened.organization,
                role=Role(invitation.role),
                regions=invitation.regions,
            )
            _record_joining(invitation)
            member_joined(invitation)
        invitation.refresh_from_db(fields=["state"])
    return invitation


def come_by_provider(organization: str, *, email: str, name: str) -> Invitation | None:
    """Somebody whose address the organization's own provider proved: in by the rules of the organization, or waiting.

    Needs a scope that holds the organization. None when nobody invited the person and nobody may ask to join.
    """
    person = Person.objects.filter(email=email).first()
    rows = Invitation.objects.filter(organization_id=organization, state__in=OPEN_STATES)
    living = rows.filter(person=person).first() if person else None
    if living is not None and living.state == InvitationState.WAITING:
        return living
    if living is None or living.expires_at <= timezone.now():
        if not Doorway.objects.filter(organization_id=organization, is_open=True).exists():
            return None
        person = person_of(email, name=name)
        asked = InvitationState.ASKED
        living = _open(organization, person, role=Role.PARTNER_MEMBER, regions=[], state=asked, by=None)
    if not living.person.name:
        Person.objects.filter(pk=living.person_id).update(name=kept_words(name, longest=LONGEST_NAME))
    return accept_invitation(Opened(living, organization, is_over=False))


def person_of(email: str, *, name: str) -> Person:
    """The person with this address, made if there is none; a name is taken for new ones only."""
    address = email.strip().lower()
    try:
        validate_email(address)
    except ValidationError as error:
        raise RefusedError("Write a whole mail address, such as name@company.example.") from error
    known = Person.objects.filter(email=address).first()
    if known is not None:
        return known
    words = kept_words(name, longest=LONGEST_NAME)
    try:
        with transaction.atomic():
            return Person.objects.create_user(address, name=words)
    except IntegrityError:  # Somebody else invited the same person at the same time.
        return Person.objects.get(email=address)


@contextmanager
def joining(organization: str) -> Iterator[None]:
    """The scope of an organization for somebody who proved to be on the way into it."""
    own = frozenset({organization})
    with open_scope(Scope(owner_orgs=own, partner_orgs=own)):
        yield


def domain_of(email: str) -> str:
    """The part of an address behind the last @."""
    return email.rpartition("@")[2].lower()


def is_foreign(email: str, doorway: Doorway) -> bool:
    """Whether an address lies outside the domains that the organization named."""
    return bool(doorway.domains) and domain_of(email) not in doorway.domains


def _joins_at_once(invitation: Invitation) -> bool:
    doorway = Doorway.objects.filter(organization_id=invitation.organization_id).first()
    return (
        doorway is not None
        and doorway.is_open
        and doorway.on_match == MatchAct.JOINS
        and domain_of(invitation.person.email) in doorway.domains
    )


def _open(
    organization: str, person: Person, *, role: Role, regions: list[str], state: InvitationState, by: str | None
) -> Invitation:
    lock_users(organization)
    living = Invitation.objects.filter(organization_id=organization, state__in=OPEN_STATES)
    mine = living.filter(person=person).first()
    if mine is not None and mine.state == InvitationState.WAITING:
        raise RefusedError("This person asked to join and waits for you: decide it on the list.")
    if mine is not None:
        mine.state, mine.role, mine.regions, mine.made_by_id = state, role, regions, by
        mine.made_at, mine.expires_at = timezone.now(), _end()
        mine.save()
        return mine
    if living.filter(expires_at__gt=timezone.now()).count() >= MOST_OPEN:
        raise RefusedError(f"{MOST_OPEN} people are on the way already. Withdraw some invitations first.")
    return Invitation.objects.create(
        organization_id=organization,
        person=person,
        role=role,
        regions=regions,
        state=state,
        made_by_id=by,
        made_at=timezone.now(),
        expires_at=_end(),
    )


def _end() -> datetime:
    return timezone.now() + timedelta(days=HOLDS_DAYS)


def _move(invitation: Invitation, *, before: Collection[InvitationState], **changes: object) -> None:
    """A conditional update that must touch one row: of two who decide at once, one is told."""
    if Invitation.objects.filter(pk=invitation.pk, state__in=before).update(**changes) != 1:
        raise ChangedMeanwhileError("This was settled meanwhile. Look at the list again.")


def _settle_asking(invitation: Invitation, state: InvitationState) -> None:
    lock_users(invitation.organization_id)
    _move(invitation, before=(InvitationState.WAITING,), state=state, settled_at=timezone.now())


def _send_link(invitation: Invitation, *, subject: str, sent_by: str | None) -> None:
    organization = Organization.objects.get(pk=invitation.organization_id)
    role, end = Role(invitation.role).label.lower(), f"{invitation.expires_at:%-d %B}"
    text = f"This link lets you work with {organization.name} as {role}. It holds until {end}."
    post_mail(
        invitation.person,
        organization=organization.pk,
        key=f"invitation:{invitation.pk}:{invitation.expires_at.isoformat()}",
        subject=subject.replace("{organization}", organization.name),
        text=f"{text}\n\nIf you did not expect it, do nothing.",
        path="/invited/",
        sealed=f"{invitation.pk}:{organization.pk}",
        sent_by=sent_by,
    )


def _tell_asker(invitation: Invitation, subject: str, *, by: str) -> None:
    post_mail(
        invitation.person,
        organization=invitation.organization_id,
        key=f"joined:{invitation.pk}",
        subject=subject,
        text=f"{SENDER} let you in.",
        path=reverse("home"),
        sent_by=by,
    )


def _tell_admins(invitation: Invitation) -> None:
    admins = Membership.objects.filter(organization_id=invitation.organization_id, role__in=ADMIN_ROLES)
    for person in Person.objects.filter(pk__in=admins.values("person_id"), is_active=True):
        with transaction.atomic():
            post_mail(
                person,
                organization=invitation.organization_id,
                key=f"asks:{invitation.pk}:{person.pk}",
                subject=f"Somebody asks to join {invitation.organization.name}",
                text=f"{SENDER} asks to join and waits for your answer.",
                path=reverse("users:users", args=[invitation.organization_id]),
                sent_by=invitation.person_id,
            )


def _record(invitation: Invitation, actor: Actor, action: str, **detail: object) -> None:
    record_user_act(invitation.organization_id, actor=actor, action=action, subject=invitation.person_id, **detail)


def _record_joining(invitation: Invitation) -> None:
    side = Side.VENDOR if Role(invitation.role) in VENDOR_ROLES else Side.PARTNER
    record_act(
        OwnChain(invitation.organization_id),
        side=side,
        actor=invitation.person_id,
        action="user.join",
        subject=invitation.person_id,
        role=invitation.role,
    )
