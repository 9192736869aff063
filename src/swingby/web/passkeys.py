"""Passkeys: whatever no browser would send is refused in words, before the package takes it apart and fails over it."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    EditWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from django import forms
from django.utils.translation import gettext_lazy as _
from fido2.utils import websafe_decode

LONGEST_NAME = 60
_REFUSED = _("This passkey did not let you in. Try again, or use another way.")
_NO_SCRIPT = _("A passkey needs JavaScript in your browser. Use another way.")
_UNREADABLE = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError, struct.error)


def _name_field() -> forms.CharField:
    return forms.CharField(label=_("Name"), help_text=_("Such as: my phone."), max_length=LONGEST_NAME)


@contextmanager
def _refusing_what_no_browser_sends() -> Iterator[None]:
    try:
        yield
    except forms.ValidationError as error:
        # Whoever tries too often is told so; of all else nothing is told.
        raise forms.ValidationError(_REFUSED) if error.code == "incorrect_code" else error from error
    except _UNREADABLE as error:
        raise forms.ValidationError(_REFUSED) from error


def _check_handle(credential: Any) -> None:
    """PostgreSQL knows no text with a zero, so nobody has such a key."""
    handle = credential["response"].get("userHandle")
    if handle is not None and b"\0" in websafe_decode(handle):
        raise ValueError("a zero in a key")


class NewPasskey(AddWebAuthnForm):  # type: ignore[misc]  # allauth carries no types
    """Every passkey is one that lets in alone, so that nobody has to choose."""

    passwordless = None
    name = _name_field()

    def clean(self) -> dict[str, Any]:
        """Refuse what cannot be read."""
        with _refusing_what_no_browser_sends():
            cleaned: dict[str, Any] = super().clean()
        return cleaned


class PasskeyName(EditWebAuthnForm):  # type: ignore[misc]  # allauth carries no types
    """Another name for a passkey."""

    name = _name_field()


class _Shown(forms.Form):
    """A passkey that somebody shows."""

    credential = forms.JSONField(widget=forms.HiddenInput, error_messages={"required": _NO_SCRIPT, "invalid": _REFUSED})

    def clean_credential(self) -> Authenticator:
        """The passkey, or a refusal that says nothing of what was wrong."""
        with _refusing_what_no_browser_sends():
            _check_handle(self.cleaned_data["credential"])
            return super().clean_credential()  # type: ignore[misc]  # of the package's form beside this one


class PasskeyAsSecond(_Shown, AuthenticateWebAuthnForm):  # type: ignore[misc]  # allauth carries no types
    """After the password."""


class PasskeyAlone(_Shown, LoginWebAuthnForm):  # type: ignore[misc]  # allauth carries no types
    """In place of the password."""


class PasskeyAgain(_Shown, ReauthenticateWebAuthnForm):  # type: ignore[misc]  # allauth carries no types
    """Before something that only the person may do."""
