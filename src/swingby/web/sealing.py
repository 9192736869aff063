"""Secrets are sealed before they reach the database, so that a backup alone lets nobody in."""

from __future__ import annotations

import base64
import hashlib

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings


def seal(text: str, *, purpose: str) -> str:
    """The sealed text; what was sealed for one purpose opens for no other."""
    return _seals(purpose).encrypt(text.encode()).decode()


def unseal(sealed: str, *, purpose: str) -> str:
    """What was sealed, also under an older key that is still listed."""
    return _seals(purpose).decrypt(sealed.encode()).decode()


def _seals(purpose: str) -> MultiFernet:
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return MultiFernet([Fernet(base64.urlsafe_b64encode(_stretched(key, purpose))) for key in keys])


def _stretched(key: str | bytes, purpose: str) -> bytes:
    said = key.encode() if isinstance(key, str) else key
    return hashlib.sha256(f"swingby {purpose} ".encode() + said).digest()
