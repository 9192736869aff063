"""Tokens of other systems: made once, shown once, found by the hash of what is presented."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.utils import timezone

from swingby.web.domain.audit import OwnChain, record_act
from swingby.web.domain.errors import ChangedMeanwhileError, NotAllowedError, RefusedError
from swingby.web.domain.words import kept_words
from swingby.web.models import VENDOR_ROLES, ApiToken, Side, TokenScope
from swingby.web.permissions import can_make_tokens
from swingby.web.tenancy import Scope, open_scope
from swingby.web.visibility import ANYBODY, Actor, actor_of

#: How every token begins, so that a search for leaked secrets finds it.
MARK = "swb"
PREFIX_BYTES = 6
SECRET_BYTES = 32
LONGEST_NAME = 80
LONGEST_TEXT = 200
MOST_DAYS = 366
MOST_TOKENS = 50
_USE_IS_NEWS = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Bearer:
    """Who presents a token: the row, and the actor it acts as."""

    token: ApiToken
    actor: Actor

    def may(self, scope: TokenScope) -> bool:
        """Whether the token was made for this."""
        return scope in self.token.scopes


def make_token(
    organization: str, *, actor: Actor, name: str, scopes: Collection[TokenScope], days: int
) -> tuple[ApiToken, str]:
    """Make a token for another system; the text is returned this once and kept nowhere.

    The token acts for who made it, at this organization only, and ends when that person no longer works there.
    """
    _require(actor, organization)
    words = kept_words(name, longest=LONGEST_NAME)
    problems = []
    if not words:
        problems.append("Name the system that will use it.")
    if not scopes:
        problems.append("Choose at least one thing it may do.")
    if not 1 <= days <= MOST_DAYS:
        problems.append(f"Let it end after 1 to {MOST_DAYS} days.")
    if _living(organization) >= MOST_TOKENS:
        problems.append(f"There are {MOST_TOKENS} tokens already. Revoke one that nobody uses.")
    if problems:
        raise RefusedError(" ".join(problems))
    prefix, secret = secrets.token_hex(PREFIX_BYTES), secrets.token_urlsafe(SECRET_BYTES)
    text = f"{MARK}_{prefix}_{secret}"
    moment = timezone.now()
    token = ApiToken.objects.create(
        id=prefix,
        organization_id=organization,
        person_id=actor.person,
        name=words,
        hash=hash_of(text),
        scopes=sorted(scopes),
        made_at=moment,
        expires_at=moment + timedelta(days=days),
    )
    _record(token, actor, "token.make", scopes=token.scopes)
    return token, text


def revoke_token(token: ApiToken, *, actor: Actor) -> None:
    """End a token at once."""
    _require(actor, token.organization_id)
    if ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=timezone.now()) != 1:
        raise ChangedMeanwhileError("This token was revoked already.")
    _record(token, actor, "token.revoke")


def bearer_of(text: str) -> Bearer | None:
    """Who presents a token; None for one that is unknown, over, revoked, or whose maker works there no longer."""
    if not text.startswith(f"{MARK}_") or len(text) > LONGEST_TEXT:
        return None
    presented = hash_of(text)
    with open_scope(Scope(token=presented)):
        token = ApiToken.objects.select_related("person").filter(hash=presented, revoked_at=None).first()
    if token is None or token.expires_at <= timezone.now() or not token.person.is_active:
        return None
    actor = _acting_for(token)
    return Bearer(token, actor) if actor.is_known else None


def _acting_for(token: ApiToken) -> Actor:
    """The maker with the posts at the token's organization, and no others."""
    person = actor_of(token.person_id, name=token.person.name)
    posts = tuple(post for post in person.posts if post.organization == token.organization_id)
    return Actor(person=person.person, name=person.name, posts=posts) if posts else ANYBODY


def note_use(token: ApiToken) -> None:
    """Remember that a token was used, once a minute; whoever comes at the same time does not wait."""
    moment = timezone.now()
    if token.last_used_at is not None and moment - token.last_used_at < _USE_IS_NEWS:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE api_tokens SET last_used_at = %s WHERE id = (SELECT id FROM api_tokens WHERE id = %s"
            " FOR UPDATE SKIP LOCKED)",
            [moment, token.pk],
        )


def hash_of(text: str) -> str:
    """What is kept of a token. Its secret has 256 random bits: nobody finds it by trying, so one pass is enough."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _require(actor: Actor, organization: str) -> None:
    if not can_make_tokens(actor, organization=organization):
        raise NotAllowedError("Your role does not make tokens.")


def _living(organization: str, *, at: datetime | None = None) -> int:
    living = ApiToken.objects.filter(organization_id=organization, revoked_at=None)
    return living.filter(expires_at__gt=at or timezone.now()).count()


def _record(token: ApiToken, actor: Actor, action: str, **detail: object) -> None:
    """On the vendor's side the vendor's own chain; on the partner's side a chain of its own."""
    is_vendor = token.organization_id in actor.organizations(VENDOR_ROLES)
    side = Side.VENDOR if is_vendor else Side.PARTNER
    record_act(
        OwnChain(token.organization_id), side=side, actor=actor.person, action=action, subject=token.pk, **detail
    )
