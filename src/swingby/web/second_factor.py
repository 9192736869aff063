"""The second factor: secrets are sealed before they reach the database, so that a backup alone lets nobody in."""

from __future__ import annotations

import base64
import hashlib

from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings


class SealedSecrets(DefaultMFAAdapter):  # type: ignore[misc]  # allauth carries no types
    """Seals what authenticators hold with the key that signs sessions, which stands outside the database."""

    def encrypt(self, text: str) -> str:
        """The sealed text."""
        return sealed(text)

    def decrypt(self, encrypted_text: str) -> str:
        """What was sealed, also under an older key that is still listed."""
        return opened(encrypted_text)


def sealed(text: str) -> str:
    """A secret as the database may hold it."""
    return _seals().encrypt(text.encode()).decode()


def opened(text: str) -> str:
    """What was sealed, also under an older key that is still listed."""
    return _seals().decrypt(text.encode()).decode()


def _seals() -> MultiFernet:
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return MultiFernet([Fernet(base64.urlsafe_b64encode(_stretched(key))) for key in keys])


def _stretched(key: str | bytes) -> bytes:
    said = key.encode() if isinstance(key, str) else key
    return hashlib.sha256(b"swingby second factor " + said).digest()
