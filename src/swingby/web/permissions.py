"""Named predicates: who may do what. Seeing is decided by ``visible_to``; this is about acting."""

from __future__ import annotations

from swingby.web.models import Role
from swingby.web.visibility import Actor

_DECIDERS = frozenset({Role.PROGRAM_MANAGER, Role.SUCCESS_MANAGER})
_CONSOLE_READERS = frozenset(
    {Role.PROGRAM_MANAGER, Role.SUCCESS_MANAGER, Role.OPERATIONS, Role.FINANCE, Role.EXECUTIVE}
)
_REPORTERS = frozenset({Role.PARTNER_ADMIN, Role.PARTNER_MANAGER})
_REPORT_READERS = frozenset({Role.PROGRAM_MANAGER, Role.SUCCESS_MANAGER, Role.OPERATIONS})
_NOTE_WRITERS = frozenset({Role.PROGRAM_MANAGER, Role.SUCCESS_MANAGER})
_VERSION_MANAGERS = frozenset({Role.PROGRAM_MANAGER})
_LETTER_READERS = frozenset({Role.PARTNER_ADMIN, Role.PARTNER_MANAGER})
_REVIEWERS = frozenset({Role.PROGRAM_MANAGER})
_RECOMMENDERS = frozenset({Role.PROGRAM_MANAGER, Role.SUCCESS_MANAGER})
_APPELLANTS = frozenset({Role.PARTNER_ADMIN, Role.PARTNER_MANAGER})
_LOADERS = frozenset({Role.PROGRAM_MANAGER, Role.OPERATIONS})

_TOKEN_MAKERS = frozenset({Role.PROGRAM_MANAGER, Role.PARTNER_ADMIN})


def can_read_console(actor: Actor, *, owner: str) -> bool:
    """Anyone on the vendor's side."""
    return owner in actor.organizations(_CONSOLE_READERS)


def can_read_reports(actor: Actor, *, owner: str) -> bool:
    """Those who decide on reports, and operations; not finance, not executives."""
    return owner in actor.organizations(_REPORT_READERS)


def can_decide_reports(actor: Actor, *, owner: str) -> bool:
    """Program managers and success managers."""
    return owner in actor.organizations(_DECIDERS)


def can_load_facts(actor: Actor, *, owner: str) -> bool:
    """Operations and program managers: they bring files in, cure what they name, and undo them."""
    return owner in actor.organizations(_LOADERS)


def can_see_operations(actor: Actor, *, owner: str) -> bool:
    """Operations and program managers: whether nights agree, and whether jobs get done."""
    return owner in actor.organizations(_LOADERS)


def can_write_notes(actor: Actor, *, owner: str) -> bool:
    """Program managers and success managers."""
    return owner in actor.organizations(_NOTE_WRITERS)


def can_keep_a_week(actor: Actor, *, owner: str) -> bool:
    """Those who look after partners, and those who run the program: others read what they need elsewhere."""
    return owner in actor.organizations(_NOTE_WRITERS)


def can_report_activity(actor: Actor, *, lineage: list[str]) -> bool:
    """Partner admins and managers, of the organization itself or of one above it."""
    return not actor.organizations(_REPORTERS).isdisjoint(lineage)


def can_change_versions(actor: Actor, *, owner: str) -> bool:
    """Program managers; not operations, which load, nor finance, which pays."""
    return owner in actor.organizations(_VERSION_MANAGERS)


def can_approve_version(actor: Actor, *, owner: str, drafted_by: str) -> bool:
    """A program manager who did not draft it."""
    return can_change_versions(actor, owner=owner) and actor.person != drafted_by


def can_confirm_letter(actor: Actor, *, lineage: list[str]) -> bool:
    """Partner admins and managers, of the organization itself or of one above it."""
    return not actor.organizations(_LETTER_READERS).isdisjoint(lineage)


def can_decide_reviews(actor: Actor, *, owner: str) -> bool:
    """Program managers decide lines of reviews, answer appeals and grant exceptions."""
    return owner in actor.organizations(_REVIEWERS)


def can_recommend_in_reviews(actor: Actor, *, owner: str) -> bool:
    """Program managers and success managers; finance, operations and executives read."""
    return owner in actor.organizations(_RECOMMENDERS)


def can_grant_exception(actor: Actor, *, owner: str, asked_by: str) -> bool:
    """A program manager who did not ask for it."""
    return can_decide_reviews(actor, owner=owner) and actor.person != asked_by


def can_appeal(actor: Actor, *, lineage: list[str]) -> bool:
    """Partner admins and managers, of the organization itself or of one above it."""
    return not actor.organizations(_APPELLANTS).isdisjoint(lineage)


def can_make_tokens(actor: Actor, *, organization: str) -> bool:
    """Program managers on the vendor's side, partner admins on the partner's: who answers for other systems."""
    return organization in actor.organizations(_TOKEN_MAKERS)
