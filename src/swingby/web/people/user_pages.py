"""Fill the pages about users from what is stored."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from swingby.web.design.parts import Tone
from swingby.web.domain.invitations import acts_open_to, is_foreign
from swingby.web.domain.sharing import doorway_of
from swingby.web.domain.users import Colleague, colleagues, regions_of, roles_of_side
from swingby.web.models import (
    OPEN_STATES,
    Doorway,
    Invitation,
    InvitationState,
    MatchAct,
    Organization,
    Role,
)
from swingby.web.people.user_parts import Choice, DoorPart, InvitationLine, UserLine, UserPage, UsersPage
from swingby.web.visibility import Actor

#: How many fit into a page that a phone loads at once.
MOST_SHOWN, MOST_ON_THE_WAY = 20, 6
_TONES: Mapping[str, Tone] = {InvitationState.WAITING: "warn", InvitationState.OPEN: "pending"}


def users_page(
    organization: str,
    *,
    actor: Actor,
    is_vendor: bool,
    search: str = "",
    said: Mapping[str, str] | None = None,
    problem: str = "",
) -> UsersPage:
    """Everybody who works for an organization, narrowed by a name or an address."""
    doorway = doorway_of(organization)
    words = search.strip().lower()
    everybody = colleagues(organization)
    found = [each for each in everybody if words in each.person.name.lower() or words in each.person.email]
    on_the_way = Invitation.objects.filter(organization_id=organization, state__in=OPEN_STATES)
    if words:
        on_the_way = on_the_way.filter(person__email__contains=words)
    rows = on_the_way.select_related("person", "made_by").order_by("-state", "-made_at")[:MOST_ON_THE_WAY]
    return UsersPage(
        url=reverse("users:users", args=[organization]),
        users=tuple(user_line(each, organization, doorway, actor) for each in found[:MOST_SHOWN]),
        total=len(found),
        invitations=tuple(_invitation(row, doorway, actor) for row in rows),
        waiting=on_the_way.count(),
        roles=tuple((role.value, role.label) for role in _roles_to_give(is_vendor=is_vendor)),
        regions=regions_of(organization) if is_vendor else (),
        door=None if is_vendor else _door(doorway),
        said=dict(said or {}),
        provider_url=reverse("users:provider", args=[organization]),
        factor_url=reverse("users:factor", args=[organization]),
        search=search.strip(),
        problem=problem,
    )


def _roles_to_give(*, is_vendor: bool) -> Sequence[Role]:
    """The roles of a side, what most people are first; nobody gives money or users to look after by overlooking the choice."""
    weakest_first = roles_of_side(is_vendor=is_vendor)[::-1]
    return sorted(weakest_first, key=lambda role: role != Role.PARTNER_MEMBER)


def user_page(
    colleague: Colleague,
    organization: str,
    *,
    actor: Actor,
    is_vendor: bool,
    chosen: Collection[str] | None = None,
    regions: Collection[str] | None = None,
    asks_to_be_sure: bool = False,
    problem: str = "",
) -> UserPage:
    """One person; after a refusal with what was chosen."""
    held = {role.value for role in colleague.roles} if chosen is None else set(chosen)
    mine = set(colleague.regions) if regions is None else set(regions)
    offered = sorted({*regions_of(organization), *colleague.regions}) if is_vendor else []
    is_you = colleague.person.pk == actor.person
    return UserPage(
        look_url="" if is_you else reverse("users:look", args=[organization, colleague.person.pk]),
        line=user_line(colleague, organization, doorway_of(organization), actor),
        back=reverse("users:users", args=[organization]),
        roles=tuple((role.value, role.label, role.value in held) for role in roles_of_side(is_vendor=is_vendor)),
        regions=tuple((region, region_label(region), region in mine) for region in offered),
        asks_to_be_sure=asks_to_be_sure,
        problem=problem,
    )


def user_line(colleague: Colleague, organization: str, doorway: Doorway, actor: Actor) -> UserLine:
    """One person on the list."""
    person = colleague.person
    return UserLine(
        name=person.name or person.email,
        mail=person.email,
        roles=", ".join(_role_words(role, colleague.regions) for role in colleague.roles),
        href=reverse("users:user", args=[organization, person.pk]),
        last_seen=person.last_login,
        is_foreign=is_foreign(person.email, doorway),
        is_you=person.pk == actor.person,
    )


def region_label(region: str) -> str:
    """A region as a person writes it."""
    return region.upper() if len(region) <= 4 else region.capitalize()  # noqa: PLR2004 - short codes in capitals


def organization_name(organization: str) -> str:
    """What an organization is called."""
    return Organization.objects.get(pk=organization).name


def _role_words(role: Role, regions: Collection[str]) -> str:
    if role != Role.REGIONAL_LEAD:
        return role.label
    return f"{role.label} ({', '.join(map(region_label, regions)) or 'no region yet'})"


def _invitation(row: Invitation, doorway: Doorway, actor: Actor) -> InvitationLine:
    is_over = row.expires_at <= timezone.now() and row.state != InvitationState.WAITING
    waits = row.state == InvitationState.WAITING
    return InvitationLine(
        mail=row.person.email,
        name=row.person.name if waits else "",
        role=_role_words(Role(row.role), row.regions),
        state="Link is over" if is_over else InvitationState(row.state).label,
        tone="bad" if is_over else _TONES.get(row.state, "plain"),
        url=reverse("users:invitation", args=[row.organization_id, row.pk]),
        acts=acts_open_to(actor, invitation=row),
        until=None if waits else row.expires_at,
        by=row.made_by.name if row.made_by else "",
        is_foreign=is_foreign(row.person.email, doorway),
    )


def _door(doorway: Doorway) -> DoorPart:
    path = reverse("join", args=[doorway.join_code])
    choices: tuple[Choice, ...] = tuple((each.value, each.label, each.value == doorway.on_match) for each in MatchAct)
    return DoorPart(
        url=reverse("users:door", args=[doorway.organization_id]),
        is_open=doorway.is_open,
        link=f"{settings.SWINGBY_ADDRESS.rstrip('/')}{path}" if doorway.is_open else "",
        domains=", ".join(doorway.domains),
        choices=choices,
    )
