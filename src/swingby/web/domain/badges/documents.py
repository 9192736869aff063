"""What badges, their issuer and the list of withdrawn ones say, in the words of the specifications.

Open Badges 3.0 (OpenBadgeCredential, AchievementSubject, Achievement, Profile, IdentityObject), Verifiable Credentials
2.0, and Bitstring Status List 1.0. A payload is the credential itself with the registered claims beside its members.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from swingby.web.domain.badges.signing import base64url

V2 = "https://www.w3.org/ns/credentials/v2"
OB3 = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
#: The shortest list that the specification allows: who is looked up hides among as many.
LIST_BITS = 131_072


@dataclass(frozen=True, slots=True)
class Issuer:
    """Who signs, under which address."""

    url: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BadgeFacts:
    """What a badge says. Without a ``holder`` it names nobody."""

    url: str
    subject: str
    code: str
    label: str
    vendor: str
    starts_on: date
    ends_on: date | None
    status_url: str
    status_index: int
    holder: str = ""


def badge_payload(facts: BadgeFacts, issuer: Issuer) -> dict[str, Any]:
    """The claims of one badge."""
    begins, ends = _moment(facts.starts_on), _moment(facts.ends_on) if facts.ends_on else None
    payload = {
        "@context": [V2, OB3],
        "id": facts.url,
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": facts.label,
        "issuer": profile(issuer),
        "validFrom": _written(begins),
        "credentialSubject": _subject(facts, issuer),
        "credentialStatus": _status(facts),
        "iss": issuer.url,
        "jti": facts.url,
        "sub": facts.subject,
        "nbf": int(begins.timestamp()),
    }
    return payload | ({"validUntil": _written(ends), "exp": int(ends.timestamp())} if ends else {})


def profile(issuer: Issuer) -> dict[str, Any]:
    """Who issues."""
    return {"id": issuer.url, "type": ["Profile"], "name": issuer.name}


def list_payload(url: str, withdrawn: Iterable[int], issuer: Issuer, *, on: date) -> dict[str, Any]:
    """The claims of the list of withdrawn badges."""
    moment = _moment(on)
    return {
        "@context": [V2],
        "id": url,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": issuer.url,
        "validFrom": _written(moment),
        "credentialSubject": {
            "id": f"{url}#list",
            "type": "BitstringStatusList",
            "statusPurpose": "revocation",
            "encodedList": encoded_list(withdrawn),
        },
        "iss": issuer.url,
        "jti": url,
        "sub": f"{url}#list",
        "nbf": int(moment.timestamp()),
    }


def encoded_list(withdrawn: Iterable[int]) -> str:
    """One bit for each index, the first one leftmost; compressed, as Multibase base64url."""
    bits = bytearray(LIST_BITS // 8)
    for index in withdrawn:
        bits[index // 8] |= 0x80 >> index % 8
    return f"u{base64url(gzip.compress(bytes(bits), mtime=0))}"


def _subject(facts: BadgeFacts, issuer: Issuer) -> dict[str, Any]:
    subject: dict[str, Any] = {
        "id": facts.subject,
        "type": ["AchievementSubject"],
        "achievement": {
            "id": f"{issuer.url}achievements/{facts.code}",
            "type": ["Achievement"],
            "achievementType": "Certification",
            "name": facts.label,
            "description": f"{facts.label}, a certification of {facts.vendor}.",
            "criteria": {
                "narrative": f"Holds the certification of {facts.vendor} by the records of {issuer.name}.",
            },
        },
    }
    if facts.holder:
        name = {"type": "IdentityObject", "hashed": False, "identityHash": facts.holder, "identityType": "name"}
        subject["identifier"] = [name]
    return subject


def _status(facts: BadgeFacts) -> dict[str, str]:
    return {
        "id": f"{facts.status_url}#{facts.status_index}",
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": str(facts.status_index),
        "statusListCredential": facts.status_url,
    }


def _moment(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _written(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"
