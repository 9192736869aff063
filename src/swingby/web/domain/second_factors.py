"""Which roles need a second factor at an organization, and whom that concerns."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from allauth.mfa.models import Authenticator

from swingby.web.domain.errors import RefusedError
from swingby.web.domain.sharing import doorway_of
from swingby.web.domain.users import colleagues, record_user_act, require_user_admin, roles_of_side
from swingby.web.models import Doorway, Organization, Role
from swingby.web.visibility import Actor

#: What counts: recovery codes alone come with one of these.
_FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


@dataclass(frozen=True, slots=True)
class Holders:
    """How many people hold a role, and how many of them have a second factor."""

    role: Role
    people: int
    protected: int


def require_second_factors(organization: str, *, actor: Actor, roles: Collection[Role], is_vendor: bool) -> None:
    """Say which roles need a second factor from now on; who has none sets one up at their next page.

    Raises
    ------
    RefusedError
        For a role that the organization's side does not have.
    """
    require_user_admin(actor, organization)
    wrong = set(roles) - set(roles_of_side(is_vendor=is_vendor))
    if wrong:
        raise RefusedError(f"Nobody here can hold: {', '.join(sorted(role.label for role in wrong))}.")
    doorway = doorway_of(organization)
    doorway.second_factor_roles = sorted(roles)
    doorway.save(update_fields=["second_factor_roles"])
    record_user_act(
        organization, actor=actor, action="second_factor.require", subject=organization, roles=sorted(roles)
    )


def holders_of(organization: str, *, is_vendor: bool) -> tuple[Holders, ...]:
    """By role, how many have a second factor already; roles that nobody holds are among them."""
    everybody = colleagues(organization)
    protected = _protected({each.person.pk for each in everybody})
    found = []
    for role in roles_of_side(is_vendor=is_vendor):
        held = [each.person.pk for each in everybody if role in each.roles]
        found.append(Holders(role, len(held), sum(person in protected for person in held)))
    return tuple(found)


def second_factor_due(actor: Actor, *, proved_at: Collection[str] = ()) -> Organization | None:
    """The organization whose rule somebody does not meet yet; None where there is none.

    ``proved_at`` are organizations whose identity provider has just vouched for the person: how it asks is its business.
    """
    rules = _rules_of(actor, proved_at)
    if not rules or _protected({actor.person}):
        return None
    return Organization.objects.filter(pk__in=rules).first()


def _rules_of(actor: Actor, proved_at: Collection[str]) -> Mapping[str, Collection[str]]:
    held: dict[str, set[str]] = {}
    for post in actor.posts:
        held.setdefault(post.organization, set()).add(post.role)
    rows = Doorway.objects.filter(organization_id__in=held.keys() - set(proved_at)).exclude(second_factor_roles=[])
    rules = dict(rows.values_list("organization_id", "second_factor_roles"))
    return {organization: roles for organization, roles in rules.items() if held[organization] & set(roles)}


def _protected(people: Collection[str]) -> frozenset[str]:
    rows = Authenticator.objects.filter(user_id__in=people, type__in=_FACTORS)
    return frozenset(rows.values_list("user_id", flat=True))
