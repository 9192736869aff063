"""The passwords of the embedded database: made once, kept in one file that only the operator reads."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Mapping
from pathlib import Path

from swingby.web.server.errors import LostPasswordsError


def make_passwords(file: Path, *, names: tuple[str, ...]) -> Mapping[str, str]:
    """Write a new password for each of `names` to `file`, whole or not at all, and return them."""
    passwords = {name: secrets.token_urlsafe(24) for name in names}
    _write_whole(file, json.dumps(passwords, indent=2))
    return passwords


def secret_key(file: Path) -> str:
    """Return the key that signs sessions, made at the first call, so that a restart signs nobody out."""
    if not file.exists():
        _write_whole(file, secrets.token_urlsafe(48))
    return file.read_text(encoding="utf-8")


def _write_whole(file: Path, text: str) -> None:
    unfinished = file.with_suffix(".new")
    unfinished.unlink(missing_ok=True)
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    unfinished.replace(file)


def read_passwords(file: Path) -> Mapping[str, str]:
    """Return the passwords by role name.

    Raises
    ------
    LostPasswordsError
        If the file is missing, unreadable or damaged.
    """
    try:
        read = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise LostPasswordsError(file) from error
    if not isinstance(read, dict):
        raise LostPasswordsError(file)
    return {str(name): str(password) for name, password in read.items()}
