"""Sign and check compact JWS with RS256, the algorithm that Open Badges 3.0 asks of everybody.

The header holds ``alg``, ``kid`` and ``typ`` and nothing else, as section 8.2 of Open Badges 3.0 wants.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

Json = Mapping[str, Any]
KEY_BITS, LEAST_BITS, EXPONENT = 2048, 2048, 65537
LONGEST = 200_000


class NotSignedError(Exception):
    """It is no compact JWS, or its signature does not hold. The message says which, ``place`` whether text or key."""

    def __init__(self, words: str, *, place: str = "text") -> None:
        super().__init__(words)
        self.place = place


def new_key() -> str:
    """A fresh private key, as PEM."""
    key = rsa.generate_private_key(public_exponent=EXPONENT, key_size=KEY_BITS)
    unsealed = serialization.NoEncryption()
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, unsealed).decode()


def public_jwk(pem: str) -> dict[str, str]:
    """The public half as a JWK; it never holds ``d``."""
    numbers = _private(pem).public_key().public_numbers()
    return {"kty": "RSA", "alg": "RS256", "use": "sig", "n": _number(numbers.n), "e": _number(numbers.e)}


def sign(payload: Json, *, pem: str, kid: str) -> str:
    """A compact JWS; the same payload and key give the same text."""
    header = {"alg": "RS256", "kid": kid, "typ": "JWT"}
    signed = f"{_encoded(header)}.{_encoded(payload)}"
    signature = _private(pem).sign(signed.encode(), padding.PKCS1v15(), hashes.SHA256())
    return f"{signed}.{base64url(signature)}"


def read_jws(text: str) -> tuple[Json, Json]:
    """Header and payload, unchecked.

    Raises
    ------
    NotSignedError
        If it is no compact JWS of JSON objects.
    """
    parts = text.strip().split(".")
    if len(text) > LONGEST or len(parts) != 3:  # noqa: PLR2004 - header, payload, signature
        raise NotSignedError("This is no signed badge: it does not have three parts.")
    try:
        header, payload = (json.loads(unbase64url(part)) for part in parts[:2])
    except (ValueError, RecursionError) as error:
        raise NotSignedError("This is no signed badge: it cannot be read.") from error
    if not isinstance(header, dict) or not isinstance(payload, dict):
        raise NotSignedError("This is no signed badge: it holds no object.")
    return header, payload


def check(text: str, jwk: Json) -> None:
    """Hold the signature against a public key.

    Raises
    ------
    NotSignedError
        If it does not hold, or the key or the algorithm is none of those that are known here.
    """
    header, _ = read_jws(text)
    signed, _, signature = text.strip().rpartition(".")
    try:
        _verify(header.get("alg"), jwk, unbase64url(signature), signed.encode())
    except InvalidSignature as error:
        raise NotSignedError("The signature does not hold: the badge was changed, or another key signed it.") from error
    except (ValueError, TypeError, KeyError) as error:
        raise NotSignedError("The key that belongs to it cannot be used.", place="key") from error


def base64url(octets: bytes) -> str:
    """Without padding, as JOSE and Multibase write it."""
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()


def unbase64url(text: str) -> bytes:
    """What `base64url` wrote."""
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)


def _verify(algorithm: object, jwk: Json, signature: bytes, signed: bytes) -> None:
    """The algorithm is the header's, the kind of key must be the one that belongs to it."""
    kinds = (algorithm, jwk["kty"], jwk.get("crv"))
    if kinds == ("RS256", "RSA", None):
        numbers = rsa.RSAPublicNumbers(_integer(jwk["e"]), _integer(jwk["n"]))
        key = numbers.public_key()
        if key.key_size < LEAST_BITS:
            raise ValueError("too short")
        key.verify(signature, signed, padding.PKCS1v15(), hashes.SHA256())
    elif kinds == ("ES256", "EC", "P-256"):
        point = ec.EllipticCurvePublicNumbers(_integer(jwk["x"]), _integer(jwk["y"]), ec.SECP256R1())
        point.public_key().verify(_der(signature), signed, ec.ECDSA(hashes.SHA256()))
    elif kinds == ("EdDSA", "OKP", "Ed25519"):
        ed25519.Ed25519PublicKey.from_public_bytes(unbase64url(jwk["x"])).verify(signature, signed)
    else:
        raise ValueError("unknown")


def _der(signature: bytes) -> bytes:
    if len(signature) != 64:  # noqa: PLR2004 - two numbers of 32 octets
        raise InvalidSignature
    return encode_dss_signature(int.from_bytes(signature[:32]), int.from_bytes(signature[32:]))


def _private(pem: str) -> rsa.RSAPrivateKey:
    key = serialization.load_pem_private_key(pem.encode(), password=None)
    if not isinstance(key, rsa.RSAPrivateKey):
        raise TypeError("A key of badges is an RSA key.")
    return key


def _encoded(said: Json) -> str:
    return base64url(json.dumps(said, separators=(",", ":"), ensure_ascii=False).encode())


def _number(value: int) -> str:
    return base64url(value.to_bytes((value.bit_length() + 7) // 8))


def _integer(text: str) -> int:
    return int.from_bytes(unbase64url(text))
