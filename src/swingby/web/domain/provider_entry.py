"""What a provider's word is worth: who is let in by it, who waits, and who is not."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import timezone

from swingby.web.domain.audit import OwnChain, record_act
from swingby.web.domain.invitations import come_by_provider, domain_of, joining
from swingby.web.domain.providers import provider_behind
from swingby.web.domain.users import ADMIN_ROLES
from swingby.web.models import (
    VENDOR_ROLES,
    IdentityProvider,
    InvitationState,
    Membership,
    Person,
    ProviderIdentity,
    Side,
)
from swingby.web.openid.protocol import Claims
from swingby.web.tenancy import Scope, open_scope

_UNVERIFIED = "Your provider does not say that your mail address is confirmed. Ask who runs it."
_FOREIGN = "This provider does not speak for your mail address. Sign in with your password."
_NOT_INVITED = "You do not work here yet. Ask your admin to invite you."
_LEFT = "You do not work here any more."
_ELSEWHERE = (
    "Your account is also good elsewhere, so that one provider alone cannot open it. Sign in as before, then connect the"
    " provider under Security."
)
_SOMEBODY_ELSE = "You are signed in as somebody else. Sign out first."


@dataclass(frozen=True, slots=True)
class Entry:
    """Who comes in; or nobody, with what to tell, and whether an admin was asked."""

    person: Person | None
    words: str = ""
    waits: bool = False


def enter_by_provider(provider: IdentityProvider, claims: Claims, *, signed_in: str) -> Entry:
    """Decide about somebody of whom a provider spoke; ``signed_in`` is who the session knows already.

    An account that is good for another organization is opened by no provider, unless its person connected it.
    """
    with joining(provider.organization_id):
        known = _identity(provider, claims)
        entry = _known(known, signed_in) if known else _unknown(provider, claims, signed_in)
        act = "provider.sign_in" if entry.person else "provider.wait" if entry.waits else "provider.refuse"
        _note(provider.organization_id, act, person=entry.person, why=entry.words)
    return entry


def note_around(person: Person) -> None:
    """Note that an admin got in without the provider that everybody else must use."""
    with open_scope(Scope(person=person.pk)):
        rows = Membership.objects.filter(person=person, role__in=ADMIN_ROLES)
        organizations = set(rows.values_list("organization_id", flat=True))
    for organization in sorted(organizations):
        provider = provider_behind(organization)
        if provider is not None and provider.is_required:
            with joining(organization):
                _note(organization, "provider.around", person=person)


def _identity(provider: IdentityProvider, claims: Claims) -> ProviderIdentity | None:
    rows = ProviderIdentity.objects.select_related("person").filter(organization_id=provider.organization_id)
    return rows.filter(issuer=provider.issuer, subject=claims.subject).first()


def _known(identity: ProviderIdentity, signed_in: str) -> Entry:
    person, organization = identity.person, identity.organization_id
    if signed_in not in {"", person.pk}:
        return Entry(None, _SOMEBODY_ELSE)
    places = _works_at(person)
    if organization not in places:
        return Entry(None, _LEFT)
    if places != {organization} and not identity.is_own_act:
        return _connected(identity) if signed_in else Entry(None, _ELSEWHERE)
    return Entry(person)


def _connected(identity: ProviderIdentity) -> Entry:
    """The person itself agrees, now that it works elsewhere, too."""
    person = identity.person
    kept = (identity.organization_id, identity.issuer, identity.subject)
    identity.delete()
    _keep(kept, person, is_own_act=True)
    return Entry(person)


def _unknown(provider: IdentityProvider, claims: Claims, signed_in: str) -> Entry:
    if not claims.is_verified:
        return Entry(None, _UNVERIFIED)
    if domain_of(claims.email) not in provider.domains:
        return Entry(None, _FOREIGN)
    person = Person.objects.filter(email=claims.email).first()
    if signed_in and (person is None or person.pk != signed_in):
        return Entry(None, _SOMEBODY_ELSE)
    places = _works_at(person) if person else set()
    if person is None or not places:
        return _newcomer(provider, claims)
    if provider.organization_id not in places or (places != {provider.organization_id} and not signed_in):
        return Entry(None, _ELSEWHERE)
    _keep((provider.organization_id, provider.issuer, claims.subject), person, is_own_act=bool(signed_in))
    return Entry(person)


def _newcomer(provider: IdentityProvider, claims: Claims) -> Entry:
    invitation = come_by_provider(provider.organization_id, email=claims.email, name=claims.name)
    if invitation is None:
        return Entry(None, _NOT_INVITED)
    if invitation.state != InvitationState.ACCEPTED:
        return Entry(None, "An admin gets a mail now and lets you in. You get a mail then.", waits=True)
    person = Person.objects.get(pk=invitation.person_id)
    _keep((provider.organization_id, provider.issuer, claims.subject), person, is_own_act=False)
    return Entry(person)


def _keep(key: tuple[str, str, str], person: Person, *, is_own_act: bool) -> None:
    organization, issuer, subject = key
    ProviderIdentity.objects.create(
        organization_id=organization,
        issuer=issuer,
        subject=subject,
        person=person,
        is_own_act=is_own_act,
        made_at=timezone.now(),
    )


def _works_at(person: Person) -> set[str]:
    with open_scope(Scope(person=person.pk)):
        return set(Membership.objects.filter(person=person).values_list("organization_id", flat=True))


def _note(organization: str, action: str, *, person: Person | None, why: str = "") -> None:
    is_vendor = Membership.objects.filter(organization_id=organization, role__in=VENDOR_ROLES).exists()
    who = person.pk if person else ""
    detail = {"why": why} if why else {}
    side = Side.VENDOR if is_vendor else Side.PARTNER
    record_act(OwnChain(organization), side=side, actor=who, action=action, subject=who or organization, **detail)
