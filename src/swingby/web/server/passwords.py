"""The passwords of the embedded database: made once, kept in one file that only the operator reads."""

import json
import os
import secrets
from collections.abc import Mapping
from pathlib import Path

from swingby.web.server.errors import LostPasswords


def make_passwords(file: Path, *, names: tuple[str, ...]) -> Mapping[str, str]:
    """Write a new password for each of `names` to `file`, whole or not at all, and return them."""
    passwords = {name: secrets.token_urlsafe(24) for name in names}
    unfinished = file.with_suffix(".new")
    unfinished.unlink(missing_ok=True)
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as out:
        json.dump(passwords, out, indent=2)
        out.flush()
        os.fsync(out.fileno())
    unfinished.replace(file)
    return passwords


def read_passwords(file: Path) -> Mapping[str, str]:
    """Return the passwords by role name.

    Raises
    ------
    LostPasswords
        If the file is missing, unreadable or damaged.
    """
    try:
        read = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise LostPasswords(file) from error
    if not isinstance(read, dict):
        raise LostPasswords(file)
    return {str(name): str(password) for name, password in read.items()}
