"""Who is told of which kind, and how, unless somebody chose otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from swingby.web.models import PARTNER_ROLES, NotificationKind, Role, Side, Way
from swingby.web.visibility import Actor

K, R = NotificationKind, Role
_PARTNER_LEADS = frozenset({R.PARTNER_ADMIN, R.PARTNER_MANAGER})
_EVERYBODY_THERE = frozenset(PARTNER_ROLES)
_MANAGERS = frozenset({R.PROGRAM_MANAGER})
_DECIDERS = frozenset({R.PROGRAM_MANAGER, R.SUCCESS_MANAGER})
_BOTH = frozenset(Side)


@dataclass(frozen=True, slots=True)
class KindRule:
    """Of which sides and roles people are told of a kind, and how if they chose nothing."""

    roles: frozenset[Role]
    way: Way = Way.PAGE
    sides: frozenset[Side] = frozenset({Side.PARTNER})


def _ours(roles: frozenset[Role], way: Way = Way.PAGE) -> KindRule:
    return KindRule(roles, way, frozenset({Side.VENDOR}))


RULES: Mapping[NotificationKind, KindRule] = {
    K.REPORT_ACCEPTED: KindRule(_PARTNER_LEADS),
    K.REPORT_BACK: KindRule(_PARTNER_LEADS, Way.MAIL),
    K.REVIEW: KindRule(_PARTNER_LEADS, Way.MAIL),
    K.APPEAL_ANSWERED: KindRule(_PARTNER_LEADS, Way.MAIL),
    K.EXCEPTION: KindRule(_PARTNER_LEADS),
    K.TIER: KindRule(_EVERYBODY_THERE),
    K.VERSION: KindRule(_PARTNER_LEADS, Way.MAIL),
    K.REGISTRATION: KindRule(_EVERYBODY_THERE, Way.MAIL),
    K.NUDGE: KindRule(_PARTNER_LEADS, Way.MAIL),
    K.NOTE: KindRule(_PARTNER_LEADS | _DECIDERS, sides=_BOTH),
    K.DOCUMENT: KindRule(_PARTNER_LEADS | _DECIDERS, sides=_BOTH),
    K.EVIDENCE: KindRule(_PARTNER_LEADS),
    K.MEMBER: KindRule(frozenset({R.PARTNER_ADMIN, R.VENDOR_ADMIN}), sides=_BOTH),
    K.CERTIFICATE: KindRule(_EVERYBODY_THERE, Way.MAIL),
    K.LEARNING_WEEK: KindRule(_PARTNER_LEADS, Way.MAIL),
    K.STUDY: KindRule(_EVERYBODY_THERE),
    K.STORY: KindRule(_EVERYBODY_THERE),
    K.STORY_WAITS: KindRule(_PARTNER_LEADS | _MANAGERS, sides=_BOTH),
    K.VOUCHER: KindRule(_EVERYBODY_THERE, Way.MAIL),
    K.BOARD: KindRule(_EVERYBODY_THERE, Way.DIGEST),
    K.REPORT_IN: _ours(_DECIDERS),
    K.REGISTRATION_IN: _ours(_DECIDERS),
    K.REVIEW_OPEN: _ours(_MANAGERS, Way.MAIL),
    K.REVIEW_BOOK: _ours(frozenset({R.SUCCESS_MANAGER})),
    K.APPEAL_IN: _ours(_MANAGERS, Way.MAIL),
    K.EXCEPTION_ASKED: _ours(_MANAGERS),
    K.APPROVAL_ASKED: _ours(_MANAGERS, Way.MAIL),
    K.PARTNER_BOARD: _ours(_DECIDERS | {R.REGIONAL_LEAD}, Way.DIGEST),
}


#: Admins read the mails of their organization, and would learn there whose a story without a name is.
_HERE_ALONE = frozenset({K.STORY})


def ways_for(kind: NotificationKind) -> tuple[Way, ...]:
    """In which ways somebody may hear of a kind."""
    return (Way.PAGE, Way.NONE) if kind in _HERE_ALONE else tuple(Way)


def kinds_of(actor: Actor, *, side: Side, organizations: frozenset[str]) -> tuple[NotificationKind, ...]:
    """What somebody is told as one of a side, by the roles that are held there today.

    News of a story say whose it is, also where it names nobody: who looks as a colleague reads none.
    """
    held = {post.role for post in actor.posts if post.organization in organizations}
    kinds = (kind for kind, rule in RULES.items() if side in rule.sides and held & rule.roles)
    return tuple(kind for kind in kinds if not (actor.is_looked_as and kind == NotificationKind.STORY))
