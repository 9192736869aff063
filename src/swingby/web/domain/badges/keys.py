"""The keys that sign an organization's badges: made when first needed, sealed as second factors are, replaced at will."""

from __future__ import annotations

from dataclasses import dataclass

from cryptography.fernet import InvalidToken
from django.conf import settings
from django.urls import reverse

from swingby.web.clock import now
from swingby.web.domain.badges.signing import Json, new_key, public_jwk, sign
from swingby.web.models import BadgeKey
from swingby.web.sealing import seal, unseal

_PURPOSE = "badge key"


@dataclass(frozen=True, slots=True)
class Signer:
    """A key that signs, with the address under which its public half is found."""

    kid: str
    pem: str

    def sign(self, payload: Json) -> str:
        """The payload as a compact JWS."""
        return sign(payload, pem=self.pem, kid=self.kid)


def signer_of(organization: str) -> Signer:
    """The key that signs today; a new one where there is none, or where it was sealed under a secret that is lost."""
    row = BadgeKey.objects.filter(organization_id=organization, retired_at=None).order_by("-made_at", "pk").first()
    if row is not None:
        try:
            return Signer(address_of(row), unseal(row.sealed, purpose=_PURPOSE))
        except InvalidToken:
            _retire(organization, is_good=True)
    pem = new_key()
    row = BadgeKey.objects.create(
        organization_id=organization, sealed=seal(pem, purpose=_PURPOSE), public=public_jwk(pem), made_at=now()
    )
    return Signer(address_of(row), pem)


def rotate_key(organization: str, *, is_stolen: bool = False) -> Signer:
    """Sign with a new key from now on.

    Parameters
    ----------
    is_stolen
        The old keys are not published any more, so that nothing holds that they signed.
    """
    _retire(organization, is_good=not is_stolen)
    return signer_of(organization)


def address_of(key: BadgeKey) -> str:
    """Where the public half of a key is found."""
    return absolute(reverse("badge_key", args=[key.organization_id, key.pk]))


def absolute(path: str) -> str:
    """A path as others reach it."""
    return f"{settings.SWINGBY_ADDRESS.rstrip('/')}{path}"


def _retire(organization: str, *, is_good: bool) -> None:
    rows = BadgeKey.objects.filter(organization_id=organization)
    if not is_good:
        rows.update(is_good=False)
    rows.filter(retired_at=None).update(retired_at=now())
