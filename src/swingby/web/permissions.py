"""Named predicates: who may do what. Seeing is decided by ``visible_to``; this is about acting."""

from __future__ import annotations

from swingby.web.models import VENDOR_ROLES, Role
from swingby.web.visibility import Actor

_DECIDERS = frozenset({Role.PROGRAM_MANAGER, Role.SUCCESS_MANAGER})
_CONSOLE_READERS = VENDOR_ROLES
_LEARNING_LEADS = frozenset({Role.PARTNER_ADMIN, Role.PARTNER_MANAGER})
_REPORTERS = frozenset({Role.PARTNER_ADMIN, Role.PARTNER_MANAGER})
_REGISTRANTS = frozenset({Role.PARTNER_ADMIN, Role.PARTNER_MANAGER, Role.PARTNER_MEMBER})
_REPORT_READERS = frozenset({Role.PROGRAM_MANAGER, Role.SUCCESS_MANAGER, Role.REGIONAL_LEAD, Role.OPERATIONS})
_NOTE_WRITERS = frozenset({Role.PROGRAM_MANAGER, Role.SUCCESS_MANAGER, Role.REGIONAL_LEAD})
_VERSION_MANAGERS = frozenset({Role.PROGRAM_MANAGER})
_LETTER_READERS = frozenset({Role.PARTNER_ADMIN, Role.PARTNER_MANAGER})
_REVIEWERS = frozenset({Role.PROGRAM_MANAGER})
_RECOMMENDERS = frozenset({Role.PROGRAM_MANAGER, Role.SUCCESS_MANAGER, Role.REGIONAL_LEAD})
_APPELLANTS = frozenset({Role.PARTNER_ADMIN, Role.PARTNER_MANAGER})
_LOADERS = frozenset({Role.PROGRAM_MANAGER, Role.OPERATIONS})

_TOKEN_MAKERS = frozenset({Role.VENDOR_ADMIN, Role.PROGRAM_MANAGER, Role.PARTNER_ADMIN})
_USER_ADMINS = frozenset({Role.VENDOR_ADMIN, Role.PARTNER_ADMIN})
_PROGRAM_LEADS = frozenset({Role.PARTNER_ADMIN, Role.PARTNER_MANAGER})
_STAKE_READERS = _PROGRAM_LEADS | {Role.PARTNER_FINANCE}
_SHARERS = frozenset({Role.PARTNER_ADMIN, Role.PARTNER_MANAGER})
_ORPHAN_CURERS = frozenset({Role.VENDOR_ADMIN, Role.OPERATIONS})
_VENDOR_ADMINS = frozenset({Role.VENDOR_ADMIN})
_MAIL_READERS = frozenset({Role.VENDOR_ADMIN, Role.OPERATIONS, Role.PARTNER_ADMIN})

_CARD_ASKERS = frozenset({Role.PROGRAM_MANAGER})
_CARD_READERS = frozenset({Role.PROGRAM_MANAGER, Role.EXECUTIVE})
_MONEY_READERS = _CARD_READERS | {Role.FINANCE}
_READINESS_READERS = _MONEY_READERS | {Role.OPERATIONS}


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


def can_dispute(actor: Actor, *, lineage: list[str]) -> bool:
    """Partner admins and managers, of the organization itself or of one above it."""
    return not actor.organizations(_APPELLANTS).isdisjoint(lineage)


def can_read_disputes(actor: Actor, *, owner: str) -> bool:
    """Those who answer disputes, regional leads and operations; not finance, not executives."""
    return owner in actor.organizations(_REPORT_READERS)


def can_answer_disputes(actor: Actor, *, owner: str) -> bool:
    """Program managers and success managers."""
    return owner in actor.organizations(_DECIDERS)


def can_register_deals(actor: Actor, *, lineage: list[str]) -> bool:
    """Everybody who sells for the partner: all roles but finance, of the organization itself or of one above it."""
    return not actor.organizations(_REGISTRANTS).isdisjoint(lineage)


def can_read_registrations(actor: Actor, *, owner: str) -> bool:
    """Those who answer registrations, regional leads and operations; not finance, not executives."""
    return owner in actor.organizations(_REPORT_READERS)


def can_answer_registrations(actor: Actor, *, owner: str) -> bool:
    """Program managers and success managers."""
    return owner in actor.organizations(_DECIDERS)


def can_make_tokens(actor: Actor, *, organization: str) -> bool:
    """Program managers on the vendor's side, partner admins on the partner's: who answers for other systems."""
    return organization in actor.organizations(_TOKEN_MAKERS)


def can_read_mails(actor: Actor, *, organization: str) -> bool:
    """Admins of either side, and the vendor's operations."""
    return organization in actor.organizations(_MAIL_READERS)


def can_share_standing(actor: Actor, *, organization: str) -> bool:
    """Partner admins and managers say who else sees where they stand, and read what others share with them."""
    return organization in actor.organizations(_SHARERS)


def can_run_users(actor: Actor, *, organization: str) -> bool:
    """The admins of the organization itself."""
    return organization in actor.organizations(_USER_ADMINS)


def can_cure_orphans(actor: Actor, *, owner: str) -> bool:
    """The vendor's operations and admins find a new admin for a partner that has none left."""
    return owner in actor.organizations(_ORPHAN_CURERS)


def can_publish_terms(actor: Actor, *, owner: str) -> bool:
    """Vendor admins."""
    return owner in actor.organizations(_VENDOR_ADMINS)


def can_read_audit(actor: Actor, *, organization: str) -> bool:
    """Admins: a vendor's reads what both sides did in its programs, a partner's what its own side did."""
    return organization in actor.organizations(_USER_ADMINS)


def can_lead_learning(actor: Actor, *, organization: str) -> bool:
    """Partner admins and managers: they see who holds what by name, and plan with their people."""
    return organization in actor.organizations(_LEARNING_LEADS)


def can_answer_stories(actor: Actor, *, organization: str) -> bool:
    """Who leads learning accepts what people tell, or sends it back."""
    return can_lead_learning(actor, organization=organization)


def can_welcome_stories(actor: Actor, *, owner: str) -> bool:
    """Program managers let the whole program read a story."""
    return owner in actor.organizations(_VERSION_MANAGERS)


def can_give_vouchers(actor: Actor, *, organization: str) -> bool:
    """Who leads learning brings in codes, says budgets and gives vouchers to people."""
    return can_lead_learning(actor, organization=organization)


def can_give_partners_vouchers(actor: Actor, *, owner: str) -> bool:
    """Program managers give vouchers of the vendor to its partners."""
    return owner in actor.organizations(_VERSION_MANAGERS)


def can_switch_boards(actor: Actor, *, organization: str) -> bool:
    """Partner admins say in which countries no board shows people one by one."""
    return organization in actor.organizations(frozenset({Role.PARTNER_ADMIN}))


def can_see_readiness(actor: Actor, *, owner: str) -> bool:
    """Who asks and who reads cards, and operations, which brings in what is missing."""
    return owner in actor.organizations(_READINESS_READERS)


def can_look_for_readiness(actor: Actor, *, owner: str) -> bool:
    """Program managers and operations."""
    return owner in actor.organizations(_LOADERS)


def can_ask_for_cards(actor: Actor, *, owner: str) -> bool:
    """Program managers ask, decide on what they read, and say which partner reads it too."""
    return owner in actor.organizations(_CARD_ASKERS)


def can_read_cards(actor: Actor, *, owner: str) -> bool:
    """Program managers and executives; finance reads those that tell of money."""
    return owner in actor.organizations(_CARD_READERS)


def can_see_at_a_glance(actor: Actor, *, owner: str) -> bool:
    """Program managers and executives: whoever reads all cards."""
    return can_read_cards(actor, owner=owner)


def can_read_money_cards(actor: Actor, *, owner: str) -> bool:
    """Whoever reads cards, and finance."""
    return owner in actor.organizations(_MONEY_READERS)


def can_read_money(actor: Actor, *, owner: str) -> bool:
    """Whoever reads cards, and finance: what partners were promised, earned and used."""
    return owner in actor.organizations(_MONEY_READERS)


def can_lead_programs(actor: Actor, *, lineage: list[str]) -> bool:
    """Partner admins and managers say who answers for a program and what it is worth, and ask what if somebody left."""
    return not actor.organizations(_PROGRAM_LEADS).isdisjoint(lineage)


def can_read_stakes(actor: Actor, *, lineage: list[str]) -> bool:
    """Whoever leads the firm's programs, and its finance."""
    return not actor.organizations(_STAKE_READERS).isdisjoint(lineage)
