"""Routes of signing in, passwords and the second factor: method, answers, words of the address."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

REDIRECT: Final = "302 302 302 302 302 302 302 302 302 302 302 302"
ANYBODY: Final = "200 200 200 200 200 200 200 200 200 200 200 200"
SIGNED_IN: Final = "302 200 200 200 200 200 200 200 200 200 200 200"
NOBODYS_KEY: Final = "302 404 404 404 404 404 404 404 404 404 404 404"

ENTERED: Final[Mapping[str, tuple[Any, ...]]] = {
    # Sign-in and passwords, by the accounts package.
    "account_login": ("get", "200 302 302 302 302 302 302 302 302 302 302 302"),
    "account_logout": ("get", "302 200 200 200 200 200 200 200 200 200 200 200"),
    "account_signup": ("get", "200 302 302 302 302 302 302 302 302 302 302 302"),
    "account_inactive": ("get", ANYBODY),
    "account_reauthenticate": ("get", "302 403 403 403 403 403 403 403 403 403 403 403"),
    "account_email_verification_sent": ("get", ANYBODY),
    "account_confirm_email": ("get", ANYBODY, ("no-such-key",)),
    "account_change_password": ("get", REDIRECT),
    "account_set_password": ("get", "302 200 200 200 200 200 200 200 200 200 200 200"),
    # The second factor, by the same package: everybody's own. Nobody here has one.
    "mfa_index": ("get", SIGNED_IN),
    "mfa_authenticate": ("get", REDIRECT),
    "mfa_reauthenticate": ("get", "302 403 403 403 403 403 403 403 403 403 403 403"),
    "mfa_activate_totp": ("get", SIGNED_IN),
    "mfa_deactivate_totp": ("get", "302 404 404 404 404 404 404 404 404 404 404 404"),
    "mfa_view_recovery_codes": ("get", "302 404 404 404 404 404 404 404 404 404 404 404"),
    "mfa_generate_recovery_codes": ("get", SIGNED_IN),
    "mfa_download_recovery_codes": ("get", "302 404 404 404 404 404 404 404 404 404 404 404"),
    # Passkeys: adding, naming and removing ask for the password once more; nobody here has one.
    "mfa_list_webauthn": ("get", SIGNED_IN),
    "mfa_add_webauthn": ("get", SIGNED_IN),
    "mfa_edit_webauthn": ("get", NOBODYS_KEY, ("1",)),
    "mfa_remove_webauthn": ("get", NOBODYS_KEY, ("1",)),
    "mfa_reauthenticate_webauthn": ("get", "302 403 403 403 403 403 403 403 403 403 403 403"),
    "mfa_login_webauthn": ("get", REDIRECT),
    "account_reset_password": ("get", ANYBODY),
    "account_reset_password_done": ("get", ANYBODY),
    "account_reset_password_from_key": ("get", ANYBODY, ("0", "no-key")),
    "account_reset_password_from_key_done": ("get", ANYBODY),
}
