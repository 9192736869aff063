"""The entries of administration, on both sides."""

from __future__ import annotations

from collections.abc import Callable

from django.urls import reverse

from swingby.web.design.parts import NavGroup, NavItem
from swingby.web.models import CertificationCatalogue
from swingby.web.permissions import (
    can_cure_orphans,
    can_lead_learning,
    can_publish_terms,
    can_read_audit,
    can_read_mails,
    can_run_users,
    can_share_standing,
)
from swingby.web.visibility import Actor


def _orphans(actor: Actor, *, organization: str) -> bool:
    return can_cure_orphans(actor, owner=organization)


def _terms(actor: Actor, *, organization: str) -> bool:
    return can_publish_terms(actor, owner=organization)


#: Which page is current, its address, its words, its icon, and who gets it.
_ENTRIES: tuple[tuple[str, str, str, str, str, Callable[..., bool]], ...] = (
    ("users", "users:users", "Users", "", "user-cog", can_run_users),
    ("orphans", "console:orphans", "Partners without an admin", "No admin", "user-search", _orphans),
    ("sharing", "sharing:sharing", "Who sees us", "Sharing", "share-2", can_share_standing),
    ("audit", "audit:acts", "What was done", "Done", "history", can_read_audit),
    ("terms", "console:terms", "Terms of use", "Terms", "scroll-text", _terms),
    ("mails", "mail:mails", "Sent mail", "Mail", "mail", can_read_mails),
)


def administration(organization: str, *, actor: Actor, current: str) -> tuple[NavGroup, ...]:
    """A group with what somebody may administer at an organization; none where that is nothing."""
    items = tuple(
        NavItem(label=label, short=short, icon=icon, href=reverse(name, args=[organization]), current=current == key)
        for key, name, label, short, icon, may in _ENTRIES
        if may(actor, organization=organization)
    )
    return (NavGroup(heading="Administration", items=items),) if items else ()


def learning(firm: str, *, actor: Actor, current: str) -> tuple[NavGroup, ...]:
    """A group with the pages of a firm's learning; none while it keeps no catalogue."""
    if not CertificationCatalogue.objects.filter(organization_id=firm).exists():
        return ()
    entries = [
        ("learning", "learning:mine", "My path", "Path", "route"),
        ("coverage", "learning:coverage", "Certifications", "Certs", "grid-3x3"),
        ("boards", "learning:boards", "Boards", "", "trophy"),
        ("groups", "learning:groups", "Study groups", "Groups", "users-round"),
        ("wall", "learning:wall", "Stories", "", "megaphone"),
        ("badges", "learning:badges", "Badges", "", "badge-check"),
        ("catalogue", "learning:changes", "Catalogue", "", "book-open"),
    ]
    if can_lead_learning(actor, organization=firm):
        entries.insert(2, ("helpers", "learning:helpers", "Who can help", "Help", "life-buoy"))
        entries.insert(3, ("ahead", "learning:ahead", "What lapses", "Lapses", "hourglass"))
        entries.insert(4, ("vouchers", "learning:vouchers", "Vouchers", "", "ticket"))
        entries.insert(5, ("hours", "learning:hours", "Hours of study", "Hours", "timer"))
    items = tuple(
        NavItem(label=label, short=short, icon=icon, href=reverse(name, args=[firm]), current=current == key)
        for key, name, label, short, icon in entries
    )
    return (NavGroup(heading="Learning", items=items),)
