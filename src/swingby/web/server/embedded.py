"""A running PostgreSQL: the one that `DATABASE_URL` names, else an embedded one from a wheel.

The embedded server listens on a socket only, knows no trust, and is found again by connecting to it, never by a file
with a process id.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Literal, Self

from swingby.web.server import roles
from swingby.web.server.addresses import address, with_database
from swingby.web.server.cluster import initialise, refuse_other_version
from swingby.web.server.errors import DatabaseFailedError
from swingby.web.server.layout import Layout, default_data, layout_of
from swingby.web.server.passwords import read_passwords
from swingby.web.server.postmaster import Postmaster, adopt, start
from swingby.web.server.processes import pause_until

Role = Literal["administrator", "owner", "app", "backup"]


@dataclass(frozen=True, slots=True)
class Database:
    """A PostgreSQL that answers.

    Leaving it as a context stops the server if `open_database` started it; an adopted or external one stays.
    """

    urls: Mapping[str, str]
    postmaster: Postmaster | None = None
    log: Path | None = None
    note: str = ""

    def url(self, role: Role, *, database: str | None = None) -> str:
        """Return the address to connect to as `role`.

        Parameters
        ----------
        role
            `owner` for migrations, `app` for requests and jobs, `backup` to read everything, `administrator`
            (embedded server only) to make databases.
        database
            Another database on the same server.

        Raises
        ------
        KeyError
            If an external database was configured without an address for that role.
        """
        found = self.urls[role]
        return found if database is None else with_database(found, database)

    @property
    def embedded(self) -> bool:
        """Tell whether the server came from a wheel."""
        return self.postmaster is not None

    def stop(self, *, patience: float = 10) -> None:
        """Stop an embedded server within `patience` seconds and a little; an external one is left alone."""
        if self.postmaster is not None:
            self.postmaster.stop(patience=patience)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.postmaster is not None and not self.postmaster.adopted:
            self.stop()


def open_database(data: Path | None = None) -> Database:
    """Return a database that answers, starting an embedded server if `DATABASE_URL` is not set.

    The server ends when the thread that called this ends, however that comes about.

    Parameters
    ----------
    data
        Folder for the embedded server's files; `SWINGBY_DATA` or `var` if left out.

    Raises
    ------
    ServerError
        If there is no usable PostgreSQL, with what to do about it.
    """
    external = os.environ.get("DATABASE_URL")
    if external:
        return _external(external)
    layout = layout_of(data or default_data())
    with _alone(layout):
        return _open(layout)


def _external(app_url: str) -> Database:
    urls = {"app": app_url, "owner": os.environ.get("SWINGBY_OWNER_DATABASE_URL", app_url)}
    backup = os.environ.get("SWINGBY_BACKUP_DATABASE_URL")
    return Database(urls=urls | ({"backup": backup} if backup else {}))


def _open(layout: Layout) -> Database:
    if not (layout.cluster / "PG_VERSION").exists():
        initialise(layout)
    refuse_other_version(layout)
    urls = _addresses(layout)
    postmaster = adopt(layout, urls["administrator"])
    if postmaster is None:
        postmaster = start(layout, urls["administrator"])
        _prepare(layout, urls["administrator"])
    return Database(urls=urls, postmaster=postmaster, log=layout.log("postgres"), note=_note(layout))


def _addresses(layout: Layout) -> Mapping[str, str]:
    passwords = read_passwords(layout.passwords)
    return {
        role: address(user=name, password=passwords.get(name, ""), database=roles.DATABASE, sockets=layout.sockets)
        for role, name in roles.ROLE_NAMES.items()
    }


def _prepare(layout: Layout, administrator_url: str) -> None:
    maintenance = with_database(administrator_url, "postgres")
    roles.create_roles(maintenance, passwords=read_passwords(layout.passwords))
    roles.create_database(maintenance)
    roles.grant_privileges(administrator_url)


def _note(layout: Layout) -> str:
    if not layout.moved or layout.account is None:
        return ""
    return f"{layout.data} is closed to the user {layout.account.name}, so the database lies in {layout.cluster}"


@contextmanager
def _alone(layout: Layout, *, seconds: float = 180) -> Iterator[None]:
    """Hold a lock that the system takes away when this process dies."""
    with layout.lock("postgres").open("a") as handle:
        end = time.monotonic() + seconds
        while not _locked(handle):
            if not pause_until(end):
                raise DatabaseFailedError("another start has been under way for too long.", log=layout.log("postgres"))
        yield


def _locked(handle: IO[str]) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
