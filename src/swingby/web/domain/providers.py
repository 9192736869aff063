"""The identity provider of an organization: connected by its admin, speaking for the domains that it holds."""

from __future__ import annotations

import re
from collections.abc import Collection

from cryptography.fernet import InvalidToken
from django.db import IntegrityError, transaction
from django.utils import timezone

from swingby.web.domain.doorways import wrong_domains
from swingby.web.domain.errors import RefusedError
from swingby.web.domain.invitations import domain_of, joining
from swingby.web.domain.sharing import doorway_of
from swingby.web.domain.users import (
    ADMIN_ROLES,
    colleagues,
    end_sessions,
    lock_users,
    record_user_act,
    require_user_admin,
)
from swingby.web.models import IdentityProvider, Membership, Person, ProviderIdentity
from swingby.web.sealing import seal, unseal
from swingby.web.tenancy import Scope, open_scope
from swingby.web.visibility import Actor

LONGEST = 400
_PURPOSE = "identity provider"


def connect_provider(
    organization: str,
    *,
    actor: Actor,
    issuer: str,
    client_id: str,
    secret: str,
    domains: str,
    is_required: bool,
) -> IdentityProvider:
    """Connect an organization's provider, or change how; without a secret the one that is kept stays.

    Raises
    ------
    RefusedError
        With everything that is wrong with what was said.
    """
    require_user_admin(actor, organization)
    lock_users(organization)
    known = provider_of(organization)
    said = sorted({word.lower().lstrip("@") for word in re.split(r"[\s,;]+", domains) if word})
    problems = _problems_of(issuer, client_id, secret, known)
    problems += wrong_domains(said) or _not_held(said, organization)
    if problems:
        raise RefusedError(" ".join(problems))
    sealed = seal(secret, purpose=_PURPOSE) if secret else known.secret if known else ""
    row = IdentityProvider(organization_id=organization, issuer=issuer, client_id=client_id, secret=sealed)
    row.domains, row.is_required = said, is_required
    row.changed_by_id, row.changed_at = actor.person, timezone.now()
    _keep(row, is_new=known is None)
    if is_required and not (known and known.is_required):
        _end_other_sessions(organization)
    record_user_act(
        organization,
        actor=actor,
        action="provider.change" if known else "provider.connect",
        subject=organization,
        issuer=issuer,
        domains=said,
        required=is_required,
        new_secret=bool(secret),
    )
    return row


def disconnect_provider(organization: str, *, actor: Actor) -> None:
    """Take a provider away: its people get in by what else they have; nobody is known by its words any more."""
    require_user_admin(actor, organization)
    row = provider_of(organization)
    if row is None:
        raise RefusedError("No provider is connected.")
    ProviderIdentity.objects.filter(organization_id=organization).delete()
    issuer = row.issuer
    row.delete()
    record_user_act(organization, actor=actor, action="provider.disconnect", subject=organization, issuer=issuer)


def provider_of(organization: str) -> IdentityProvider | None:
    """The provider of an organization; needs a scope that holds it."""
    return IdentityProvider.objects.filter(organization_id=organization).first()


def secret_of(provider: IdentityProvider) -> str:
    """What the provider gave us to prove ourselves.

    Raises
    ------
    RefusedError
        If it was sealed with a key that is lost.
    """
    try:
        return unseal(provider.secret, purpose=_PURPOSE)
    except InvalidToken as error:
        raise RefusedError(
            "The secret of your provider cannot be opened here. Ask your admin to write it again."
        ) from error


def provider_behind(organization: str) -> IdentityProvider | None:
    """The provider of an organization with its name, for somebody who is not known yet."""
    if "\0" in organization:
        return None
    with joining(organization):
        return IdentityProvider.objects.select_related("organization").filter(organization_id=organization).first()


def provider_for(email: str) -> IdentityProvider | None:
    """The provider that speaks for the domain of an address; whether anybody has the address is not looked at."""
    domain = domain_of(email.strip())
    if not domain or "\0" in domain:
        return None
    with open_scope(Scope(token=domain)):
        found = IdentityProvider.objects.filter(domains__contains=[domain]).values_list("organization_id", flat=True)
        organization = found.first()
    return None if organization is None else provider_behind(organization)


def provider_that_must(person: Person) -> IdentityProvider | None:
    """The provider by which alone somebody gets in; none for admins, who mend it when it is away."""
    with open_scope(Scope(person=person.pk)):
        held = list(Membership.objects.filter(person=person).values_list("organization_id", "role"))
    for organization in sorted({each for each, _ in held}):
        roles = {role for each, role in held if each == organization}
        provider = provider_behind(organization)
        if provider is not None and provider.is_required and ADMIN_ROLES.isdisjoint(roles):
            return provider
    return None


def _end_other_sessions(organization: str) -> None:
    """Let everybody come again by the one way that is left; admins, for whom others stay open, stay signed in."""
    for each in colleagues(organization):
        if ADMIN_ROLES.isdisjoint(each.roles):
            end_sessions(each.person)


def _problems_of(issuer: str, client_id: str, secret: str, known: IdentityProvider | None) -> list[str]:
    problems = []
    if any(len(word) > LONGEST or "\0" in word for word in (issuer, client_id, secret)) or not issuer or not client_id:
        problems.append("Write issuer and client id as the provider shows them.")
    if not secret and (known is None or (known.issuer, known.client_id) != (issuer, client_id)):
        problems.append("Write the client secret: it belongs to this issuer and client id.")
    return problems


def _not_held(domains: Collection[str], organization: str) -> list[str]:
    """A domain is held when somebody with an address there works here and has used it to get in."""
    if not domains:
        return ["Name the mail domains of your people, such as company.example."]
    used = {domain_of(each.person.email) for each in colleagues(organization) if each.person.last_login}
    listed = doorway_of(organization).domains
    wrong = [each for each in domains if each not in used or (listed and each not in listed)]
    if not wrong:
        return []
    words = "Somebody with an address there must have signed in here, and it must be on your list under Users if there is one."
    return [f"Not yours as far as we know: {', '.join(wrong)[:200]}. {words}"]


def _keep(row: IdentityProvider, *, is_new: bool) -> None:
    _wait_for_domains()
    if any(_speaks_elsewhere(domain, row.organization_id) for domain in row.domains):
        raise RefusedError("Another organization's provider speaks for one of these domains. Ask who runs Swingby.")
    try:
        with transaction.atomic():
            row.save(force_insert=is_new, force_update=not is_new)
    except IntegrityError as error:
        raise RefusedError("Somebody else connected a provider meanwhile. Look again.") from error


def _speaks_elsewhere(domain: str, organization: str) -> bool:
    with open_scope(Scope(token=domain)):
        return (
            IdentityProvider.objects.filter(domains__contains=[domain]).exclude(organization_id=organization).exists()
        )


def _wait_for_domains() -> None:
    """Of two organizations that claim one domain at once, the second sees the first."""
    lock_users("domains of providers")
