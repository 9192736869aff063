"""The operating system user that PostgreSQL runs as: PostgreSQL refuses root."""

from __future__ import annotations

import os
import pwd
import stat
from dataclasses import dataclass
from pathlib import Path

from swingby.web.server.errors import NoOrdinaryUserError

CANDIDATES = ("swingby", "postgres", "nobody")


@dataclass(frozen=True, slots=True)
class Account:
    """An operating system user without rights over the machine."""

    name: str
    user: int
    group: int


def account_for(cluster: Path) -> Account | None:
    """Return the user that must own and run the server in `cluster`; None means the present one."""
    if os.geteuid() != 0:
        return None
    if cluster.exists() and cluster.stat().st_uid != 0:
        return _by_number(cluster.stat().st_uid)
    return _by_name()


def _by_number(user: int) -> Account:
    entry = pwd.getpwuid(user)
    return Account(name=entry.pw_name, user=entry.pw_uid, group=entry.pw_gid)


def _by_name() -> Account:
    chosen = os.environ.get("SWINGBY_POSTGRES_USER")
    for name in (chosen,) if chosen else CANDIDATES:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(name=name, user=entry.pw_uid, group=entry.pw_gid)
    raise NoOrdinaryUserError(chosen or ", ".join(CANDIDATES))


def can_reach(path: Path, account: Account) -> bool:
    """Tell whether `account` may pass through every folder above `path`."""
    return all(_may_pass(folder, account) for folder in path.resolve().parents if folder.exists())


def _may_pass(folder: Path, account: Account) -> bool:
    status = folder.stat()
    if status.st_uid == account.user:
        return bool(status.st_mode & stat.S_IXUSR)
    if status.st_gid == account.group:
        return bool(status.st_mode & stat.S_IXGRP)
    return bool(status.st_mode & stat.S_IXOTH)


def give(path: Path, account: Account | None) -> None:
    """Make `account` the owner of `path`; nothing to do for the present user."""
    if account is not None:
        os.chown(path, account.user, account.group)


def no_link(path: str, flags: int) -> int:
    """Open for `open(..., opener=no_link)` without following a link that the account may have laid."""
    return os.open(path, flags | os.O_NOFOLLOW, 0o600)
