"""The frame of pages that are the firm's own, whichever vendor was looked at last."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext as _

from swingby.web.clock import today
from swingby.web.design.parts import Link, NavGroup, NavItem, Shell
from swingby.web.domain.queries.firm import firm_enrolments
from swingby.web.models import PARTNER_ROLES, Enrolment
from swingby.web.people.navigation import administration, learning
from swingby.web.portal.firm_pages import firm_name
from swingby.web.portal.pages import role_words
from swingby.web.visibility import Actor

MOST_LINKS = 8


def has_own_pages() -> bool:
    """Whether the reader's firm is in several programs, so that none of them frames what is its own."""
    return firm_enrolments(on=today()).count() > 1


def firm_shell(actor: Actor, *, current: str, organization: str = "") -> Shell:
    """All programs, the firm's learning and its administration; of one organization, or of all at which one works."""
    rows = list(firm_enrolments(on=today()).select_related("program", "partner"))
    own = [organization] if organization else sorted(actor.organizations(PARTNER_ROLES))
    name = firm_name(actor, rows)
    return Shell(
        program=name,
        organization=name,
        person=actor.name,
        role=role_words(actor, own),
        navigation=(
            NavGroup(items=(_all_programs(current),)),
            *(group for each in own for group in learning(each, actor=actor, current=current)),
            NavGroup(items=_ways(rows), heading=_("Programs")),
            *(group for each in own for group in administration(each, actor=actor, current=current)),
        ),
        as_of=today(),
        sign_out=reverse("account_logout"),
        account=(Link(label=_("Security"), href=reverse("mfa_index")),),
    )


def _all_programs(current: str) -> NavItem:
    href = reverse("firm")
    return NavItem(label=_("All programs"), short=_("All"), icon="layers", href=href, current=current == "firm")


def _ways(rows: Sequence[Enrolment]) -> tuple[NavItem, ...]:
    return tuple(
        NavItem(label=row.program.name, icon="building-2", href=reverse("portal:home", args=[row.pk]))
        for row in rows[:MOST_LINKS]
    )
