"""The OpenID Connect code flow with PKCE: what is asked of a provider, and what of its answer is believed."""

from __future__ import annotations

import base64
import hashlib
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

import jwt
from django.utils.crypto import constant_time_compare

from swingby.web.openid.errors import ProviderError
from swingby.web.openid.fetching import checked_address, fetched

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA")
LEEWAY_SECONDS = 60
#: So long may somebody stay at the provider.
HOLDS_SECONDS = 600
LONGEST = 254
_NOT_TRUSTED = "The provider's answer cannot be trusted. Start again at the sign-in page."
_OVER = "This took too long, or was answered before. Start again at the sign-in page."
_NOT_ITS_OWN = "The provider calls itself otherwise than the issuer that was typed. Copy the issuer from its settings."
_MISSING = "The provider does not say where to sign in. Is this the issuer, without /.well-known/ behind it?"


@dataclass(frozen=True, slots=True)
class Client:
    """What an organization agreed with its provider."""

    issuer: str
    client_id: str
    secret: str
    callback: str


@dataclass(frozen=True, slots=True)
class Claims:
    """What a provider says of a person, once it is believed."""

    subject: str
    email: str
    is_verified: bool
    name: str


@dataclass(frozen=True, slots=True)
class Begun:
    """One try to sign in, kept in the session until its answer comes."""

    organization: str
    state: str
    nonce: str
    verifier: str
    at: float
    next: str = ""


def begin(organization: str, *, after: str = "") -> Begun:
    """A try with words that nobody guesses."""
    state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
    return Begun(organization, state, nonce, verifier, time.time(), after)


def discovered(issuer: str) -> Mapping[str, Any]:
    """What a provider says of itself.

    Raises
    ------
    ProviderError
        If it cannot be reached, calls itself otherwise, or leads to places that are not safe.
    """
    said = fetched(f"{issuer.rstrip('/')}/.well-known/openid-configuration")
    places = ("authorization_endpoint", "token_endpoint", "jwks_uri")
    if not isinstance(said, dict) or not all(isinstance(said.get(place), str) for place in places):
        raise ProviderError(_MISSING)
    if said.get("issuer") != issuer:
        raise ProviderError(_NOT_ITS_OWN)
    for place in places:
        checked_address(said[place])
    return said


def address_to_ask(client: Client, begun: Begun) -> str:
    """Where the person goes to prove who it is."""
    place = discovered(client.issuer)["authorization_endpoint"]
    challenge = _words(hashlib.sha256(begun.verifier.encode()).digest())
    asked = {
        "response_type": "code",
        "client_id": client.client_id,
        "redirect_uri": client.callback,
        "scope": "openid email profile",
        "state": begun.state,
        "nonce": begun.nonce,
        "code_challenge": challenge,
        "code_challenge_method": "S256",
    }
    return f"{place}{'&' if '?' in place else '?'}{urlencode(asked)}"


def answered(client: Client, begun: Begun, *, state: str, code: str) -> Claims:
    """What the provider says of whoever came back with this state and code.

    Raises
    ------
    ProviderError
        If anything of it is not as it must be.
    """
    if not code or not constant_time_compare(state, begun.state) or not _is_fresh(begun):
        raise ProviderError(_OVER)
    place = discovered(client.issuer)
    tokens = _tokens(client, begun, place, code)
    claims = _checked(str(tokens["id_token"]), client, begun, fetched(place["jwks_uri"]))
    return _claims_of({**_more(claims, tokens, place), **claims})


def _is_fresh(begun: Begun) -> bool:
    return 0 <= time.time() - begun.at <= HOLDS_SECONDS


def _tokens(client: Client, begun: Begun, place: Mapping[str, Any], code: str) -> Mapping[str, Any]:
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": client.callback,
        "code_verifier": begun.verifier,
    }
    ways = place.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
    if "client_secret_basic" in ways:
        both = f"{quote(client.client_id, safe='')}:{quote(client.secret, safe='')}"
        said = fetched(place["token_endpoint"], form=form, authorization=f"Basic {_base64(both)}")
    else:
        more = {"client_id": client.client_id, "client_secret": client.secret}
        said = fetched(place["token_endpoint"], form={**form, **more})
    if not isinstance(said, dict) or not isinstance(said.get("id_token"), str):
        raise ProviderError(_NOT_TRUSTED)
    return said


def _checked(token: str, client: Client, begun: Begun, keys: Any) -> Mapping[str, Any]:
    """The claims of an identity token whose signature, issuer, audience, times and nonce are right."""
    try:
        claims: dict[str, Any] = jwt.decode(
            token,
            _key_of(token, keys),
            algorithms=list(ALGORITHMS),
            issuer=client.issuer,
            audience=client.client_id,
            leeway=LEEWAY_SECONDS,
            options={"require": ["iss", "sub", "aud", "exp", "iat", "nonce"]},
        )
    except (jwt.PyJWTError, AttributeError, LookupError, TypeError, ValueError) as error:
        raise ProviderError(_NOT_TRUSTED) from error
    audience = claims["aud"]
    others = isinstance(audience, list) and len(audience) > 1
    is_ours = claims.get("azp", None if others else client.client_id) == client.client_id
    if not is_ours or not constant_time_compare(str(claims["nonce"]), begun.nonce):
        raise ProviderError(_NOT_TRUSTED)
    return claims


def _key_of(token: str, keys: Any) -> jwt.PyJWK:
    wanted = jwt.get_unverified_header(token).get("kid")
    held = [key for key in jwt.PyJWKSet.from_dict(keys).keys if key.public_key_use in {None, "sig"}]
    found = [key for key in held if key.key_id == wanted] if wanted else held
    if len(found) != 1:
        raise ValueError("the key is not one of the provider's")
    return found[0]


def _more(claims: Mapping[str, Any], tokens: Mapping[str, Any], place: Mapping[str, Any]) -> Mapping[str, Any]:
    """What the provider says of the same person elsewhere, where its token holds no address."""
    where, token = place.get("userinfo_endpoint"), tokens.get("access_token")
    if "email" in claims or not isinstance(where, str) or not isinstance(token, str):
        return {}
    said = fetched(where, authorization=f"Bearer {token}")
    if not isinstance(said, dict) or said.get("sub") != claims["sub"]:
        raise ProviderError(_NOT_TRUSTED)
    return said


def _claims_of(said: Mapping[str, Any]) -> Claims:
    subject = said["sub"]
    if not isinstance(subject, str) or not 0 < len(subject) <= LONGEST or "\0" in subject:
        raise ProviderError(_NOT_TRUSTED)
    email, name = (" ".join(str(said.get(each) or "").replace("\0", "").split()) for each in ("email", "name"))
    return Claims(subject, email.lower()[:LONGEST], said.get("email_verified") is True, name[:LONGEST])


def _words(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()
