"""Where the server processes keep their files."""

from __future__ import annotations

import hashlib
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from swingby.web.server.account import Account, account_for, can_reach
from swingby.web.server.binaries import SYSTEM_FOLDER
from swingby.web.server.errors import UnusableFolderError

# Linux allows 107 bytes, macOS 103.
LONGEST_SOCKET_PATH = 103
# Not the temporary folder of the environment: every later start must look in the same place.
SHORT_FOLDER = Path("/tmp")  # noqa: S108 - made with mode 700 and checked before use
SOCKET_NAME = ".s.PGSQL.5432"


def default_data() -> Path:
    """Return the data folder: `SWINGBY_DATA`, else `var` under the working directory."""
    return Path(os.environ.get("SWINGBY_DATA", "var")).absolute()


@dataclass(frozen=True, slots=True)
class Layout:
    """The paths below one data folder."""

    data: Path
    cluster: Path
    sockets: Path
    account: Account | None

    @property
    def passwords(self) -> Path:
        """The generated passwords, readable by the operator only."""
        return self.data / "passwords.json"

    @property
    def secret_key(self) -> Path:
        """The key that signs sessions."""
        return self.data / "secret.key"

    @property
    def instance(self) -> str:
        """Return the mark that every process serving this folder carries."""
        return _short(self.data)

    @property
    def moved(self) -> bool:
        """Tell whether the database lies outside of the data folder."""
        return self.cluster.parent != self.data

    def log(self, name: str) -> Path:
        """Return the log file of one process."""
        return self.data / "log" / f"{name}.log"

    def lock(self, name: str) -> Path:
        """Return a file to lock."""
        return self.data / "run" / f"{name}.lock"


def layout_of(data: Path) -> Layout:
    """Return the layout of `data`, whose folders exist afterwards except the cluster's own.

    Raises
    ------
    UnusableFolderError
        If they cannot be made or written.
    """
    data = data.absolute()
    _make_folders(data)
    account = account_for(data / "postgres")
    cluster = data / "postgres"
    if account is not None and not can_reach(cluster, account):
        cluster = _folder_in_reach(data)
        account = account_for(cluster)
    return Layout(data=data, cluster=cluster, sockets=_socket_folder(cluster), account=account)


def _make_folders(data: Path) -> None:
    try:
        data.mkdir(parents=True, exist_ok=True)
        for name in ("log", "run"):
            (data / name).mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise UnusableFolderError(data, reason=error.strerror or str(error)) from error
    if not all(os.access(folder, os.W_OK | os.X_OK) for folder in (data, data / "log", data / "run")):
        raise UnusableFolderError(data, reason="it belongs to another user")


def _folder_in_reach(data: Path) -> Path:
    _clear_orphans()
    folder = SYSTEM_FOLDER / f"data-{_short(data)}"
    for made in (SYSTEM_FOLDER, folder):
        made.mkdir(parents=True, exist_ok=True)
        made.chmod(0o755)
    (folder / "belongs-to").write_text(f"{data}\n", encoding="utf-8")
    return folder / "postgres"


def _clear_orphans() -> None:
    """Remove databases whose data folder was a temporary one and is gone, and with it their passwords."""
    for note in SYSTEM_FOLDER.glob("data-*/belongs-to"):
        data = Path(note.read_text(encoding="utf-8").strip())
        if data.is_relative_to(SHORT_FOLDER) and not data.exists():
            shutil.rmtree(note.parent, ignore_errors=True)


def _socket_folder(cluster: Path) -> Path:
    if len(os.fsencode(cluster / SOCKET_NAME)) <= LONGEST_SOCKET_PATH:
        return cluster
    return SHORT_FOLDER / f"swingby-{_short(cluster)}"


def _short(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path.resolve())).hexdigest()[:12]
