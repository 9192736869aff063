"""Take in a badge that somebody else issued, if its signature holds; nothing is fetched from elsewhere for it.

The key is the one that the badge carries (``jwk``, or an issuer that is a ``did:jwk``), or one that is given beside it.
Whether the issuer has withdrawn it meanwhile is not known here, and the page says so.
"""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Any

from django.db import IntegrityError, transaction

from swingby.web.clock import now, today
from swingby.web.domain.badges.documents import V2
from swingby.web.domain.badges.signing import Json, NotSignedError, check, read_jws, unbase64url
from swingby.web.domain.errors import RefusedError
from swingby.web.models import ForeignBadge
from swingby.web.visibility import Actor

DID_JWK = "did:jwk:"
LONGEST_NAME = 200
_BADGES = frozenset({"OpenBadgeCredential", "AchievementCredential"})
#: How the key was found that the signature holds against.
CARRIED, ISSUERS, GIVEN = "carried", "issuer", "given"


def take_badge(firm: str, *, actor: Actor, text: str, key: str = "") -> ForeignBadge:
    """Keep a badge in a person's records.

    Parameters
    ----------
    key
        The issuer's public key as a JWK, if the badge does not carry it.

    Raises
    ------
    RefusedError
        If it is no badge, was changed, has expired, or its key is not known.
    """
    text = text.strip()
    try:
        header, payload = read_jws(text)
        jwk, proof = _key(header, payload, key)
        check(text, jwk)
    except NotSignedError as error:
        raise RefusedError(str(error), place=error.place, code="not-signed") from error
    row = _read(payload)
    row.organization_id, row.person_id = firm, actor.person
    row.digest, row.text, row.proof, row.taken_at = sha256(text.encode()).hexdigest(), text, proof, now()
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        raise RefusedError("This badge is in your records already.", place="text", code="kept") from error
    return row


def _key(header: Json, payload: Json, given: str) -> tuple[Json, str]:
    kid, issuer = header.get("kid"), _issuer_id(payload)
    if given.strip():
        return _object(given), GIVEN
    if isinstance(kid, str) and kid.startswith(DID_JWK) and issuer == kid.partition("#")[0]:
        return _object(_named_in(issuer)), ISSUERS
    if isinstance(jwk := header.get("jwk"), dict):
        return jwk, CARRIED
    words = "The badge names a key that stands elsewhere. Open that address, and give the key beside the file."
    raise NotSignedError(words, place="key")


def _named_in(did: str) -> str:
    """The key that an identifier is made of."""
    try:
        return unbase64url(did.removeprefix(DID_JWK)).decode()
    except ValueError as error:
        raise NotSignedError("The issuer's identifier holds no key that can be read.") from error


def _object(text: str) -> Json:
    try:
        said = json.loads(text)
    except (ValueError, RecursionError):
        said = None
    if not isinstance(said, dict):
        raise NotSignedError("The key cannot be read. Give it as a JWK.", place="key")
    return said


def _read(payload: Json) -> ForeignBadge:
    types = [each for each in _several(payload.get("type")) if isinstance(each, str)]
    if V2 not in _several(payload.get("@context")) or _BADGES.isdisjoint(types):
        raise _refused("This is signed, but it is no badge of Open Badges 3.0.", "no-badge")
    if payload.get("iss") != _issuer_id(payload) or payload.get("jti", payload.get("id")) != payload.get("id"):
        raise _refused("The badge contradicts itself: its claims are not those of what it says.", "contradiction")
    starts_on, ends_on = _day(payload.get("validFrom")), _day(payload.get("validUntil"))
    if starts_on is None or starts_on > today():
        raise _refused("The badge does not hold yet, or does not say since when.", "not-yet")
    if ends_on is not None and ends_on <= today():
        raise _refused(f"The badge has expired on {ends_on:%-d %B %Y}.", "expired")
    return ForeignBadge(name=_name(payload), issuer=_issuer(payload), starts_on=starts_on, ends_on=ends_on)


def _refused(words: str, code: str) -> RefusedError:
    return RefusedError(words, place="text", code=code)


def _name(payload: Json) -> str:
    subjects = _several(payload.get("credentialSubject"))
    subject = subjects[0] if subjects and isinstance(subjects[0], dict) else {}
    achieved = _several(subject.get("achievement"))
    achievement = achieved[0] if achieved and isinstance(achieved[0], dict) else {}
    name = achievement.get("name") or payload.get("name")
    if not isinstance(name, str) or not _kept(name) or _kept(name) != name.strip():
        raise _refused("The badge does not say for what it is.", "no-name")
    return name.strip()[:LONGEST_NAME]


def _kept(text: str) -> str:
    """Without what a database cannot keep: characters of no value, and halves of some."""
    return text.replace("\0", "").encode("utf-8", "ignore").decode().strip()


def _issuer_id(payload: Json) -> str:
    issuer = payload.get("issuer")
    found = issuer.get("id") if isinstance(issuer, dict) else issuer
    return found if isinstance(found, str) else ""


def _issuer(payload: Json) -> str:
    issuer = payload.get("issuer")
    name = issuer.get("name") if isinstance(issuer, dict) else None
    said = name if isinstance(name, str) and name.strip() else _issuer_id(payload)
    return _kept(said)[:LONGEST_NAME]


def _several(said: Any) -> list[Any]:
    return said if isinstance(said, list) else [said]


def _day(said: object) -> date | None:
    """The day of a moment; what cannot be read is refused, because it might have been an end."""
    if said is None:
        return None
    try:
        moment = datetime.fromisoformat(str(said))
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC).date()
    except (ValueError, OverflowError) as error:
        raise _refused("The badge holds a moment that cannot be read.", "moment") from error
