"""Take in a badge that somebody else issued, if its signature holds; nothing is fetched from elsewhere for it.

Read as section 8.2 of Open Badges 3.0 says: the payload is the credential, or its claim ``vc`` holds one as it was before
Verifiable Credentials 2.0; the registered claims must say the same as the credential.

The key is the one that the badge carries (``jwk``, or an issuer that is a ``did:jwk``), or one that is given beside it.
Whether the issuer has withdrawn it meanwhile is not known here, and the page says so.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha256
from math import isfinite
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
#: What a header may call it; ``typ`` may be left out. The first is the word of Open Badges 3.0, the others came with JOSE for credentials.
_TYPES = frozenset({"JWT", "vc+jwt", "vc+ld+jwt"})
#: The first context of a credential, and what its first and last moment are called under it.
_MOMENTS: Mapping[str, tuple[str, str]] = {
    V2: ("validFrom", "validUntil"),
    "https://www.w3.org/2018/credentials/v1": ("issuanceDate", "expirationDate"),
}
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
        _check_header(header)
        jwk, proof = _key(header, _credential(payload), key)
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


def _check_header(header: Json) -> None:
    """What a header asks for and is not understood here must not be passed over."""
    if _text(header.get("typ", "JWT")) not in _TYPES or "crit" in header:
        raise NotSignedError("This is signed, but for something else than a badge.")
    if isinstance(header.get("jwk"), dict) and "d" in header["jwk"]:
        raise NotSignedError("The badge carries its issuer's private key: anybody could have signed it.")


def _credential(payload: Json) -> Json:
    inside = payload.get("vc")
    return inside if isinstance(inside, dict) else payload


def _key(header: Json, credential: Json, given: str) -> tuple[Json, str]:
    kid, issuer = header.get("kid"), _issuer_id(credential)
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
    credential = _credential(payload)
    names = next((_MOMENTS[one] for one in _several(credential.get("@context")) if _text(one) in _MOMENTS), None)
    if names is None or _BADGES.isdisjoint(map(_text, _several(credential.get("type")))):
        raise _refused("This is signed, but it is no badge of Open Badges 3.0.", "no-badge")
    if payload.get("iss") != _issuer_id(credential) or payload.get("jti") != credential.get("id"):
        raise _refused(_CONTRADICTS, "contradiction")
    begins, ends = _moment(credential.get(names[0])), _end(payload, credential.get(names[1]))
    if begins is None or begins.date() > today():
        raise _refused("The badge does not hold yet, or does not say since when.", "not-yet")
    if ends is not None and ends.date() <= today():
        raise _refused(f"The badge has expired on {ends:%-d %B %Y}.", "expired")
    _check_claims(payload, begins, _subject(credential))
    return ForeignBadge(
        name=_name(credential),
        issuer=_issuer(credential),
        starts_on=begins.date(),
        ends_on=ends.date() if ends else None,
    )


_CONTRADICTS = "The badge contradicts itself: its claims are not those of what it says."


def _check_claims(payload: Json, begins: datetime, subject: Json) -> None:
    """The claims that must be there: since when, and of whom where the credential names somebody by an id."""
    since, of = payload.get("nbf"), subject.get("id")
    if not _is_number(since) or int(begins.timestamp()) != int(str(since).partition(".")[0]):
        raise _refused(_CONTRADICTS, "contradiction")
    if of is not None and payload.get("sub") != of:
        raise _refused(_CONTRADICTS, "contradiction")


def _end(payload: Json, said: object) -> datetime | None:
    """The claim sets the end; where the credential says an earlier one, that."""
    claimed = payload.get("exp")
    if claimed is not None and not _is_number(claimed):
        raise _refused(_UNREADABLE, "moment")
    try:
        by_claim = None if claimed is None else datetime.fromtimestamp(claimed, UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise _refused(_UNREADABLE, "moment") from error
    return min((end for end in (by_claim, _moment(said)) if end is not None), default=None)


def _is_number(said: object) -> bool:
    return isinstance(said, int | float) and not isinstance(said, bool) and isfinite(said)


def _text(said: object) -> str:
    return said if isinstance(said, str) else ""


def _subject(credential: Json) -> Json:
    subjects = _several(credential.get("credentialSubject"))
    return subjects[0] if subjects and isinstance(subjects[0], dict) else {}


def _refused(words: str, code: str) -> RefusedError:
    return RefusedError(words, place="text", code=code)


def _name(payload: Json) -> str:
    achieved = _several(_subject(payload).get("achievement"))
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


_UNREADABLE = "The badge holds a moment that cannot be read."


def _moment(said: object) -> datetime | None:
    """A moment; what cannot be read is refused, because it might have been an end."""
    if said is None:
        return None
    try:
        moment = datetime.fromisoformat(str(said))
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise _refused(_UNREADABLE, "moment") from error
