"""The second factor: secrets are sealed before they reach the database, so that a backup alone lets nobody in."""

from __future__ import annotations

from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http.request import split_domain_port
from django.utils.translation import gettext as _

from swingby.web.models import Person
from swingby.web.sealing import seal, unseal

_PURPOSE = "second factor"


class SealedSecrets(DefaultMFAAdapter):  # type: ignore[misc]  # allauth carries no types
    """Seals what authenticators hold with the key that signs sessions, which stands outside the database."""

    def encrypt(self, text: str) -> str:
        """The sealed text."""
        return seal(text, purpose=_PURPOSE)

    def generate_authenticator_name(self, user: Person, type: str) -> str:  # noqa: A002 - the package's signature
        """What a new passkey is called until its owner says otherwise."""
        number = Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1
        return _("Passkey") if number == 1 else _("Passkey %(number)d") % {"number": number}

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """For which address a passkey is good, and what the browser calls us."""
        host, _port = split_domain_port(context.request.get_host())
        return {"id": host, "name": settings.MFA_TOTP_ISSUER}

    def decrypt(self, encrypted_text: str) -> str:
        """What was sealed, also under an older key that is still listed."""
        return unseal(encrypted_text, purpose=_PURPOSE)
