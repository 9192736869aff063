"""The virtual environment: made when absent, filled from a lock, renewed when the lock changes."""

from __future__ import annotations

import fcntl
import hashlib
import os
import subprocess
import sys
import time
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from tools.machine import install_debian_packages
from tools.places import PYTHON, REQUIREMENTS, ROOT, VENV

Lock = Literal["app", "all"]
"""What to install: what the application needs, or everything, with the tools and Spark."""

#: pip, told to take exactly what a lock names and to build nothing with tools that it does not name.
PIP = (str(PYTHON), "-m", "pip", "--disable-pip-version-check", "--no-input", "install", "-qq", "--no-deps")


def prepare(lock: Lock) -> None:
    """Make `.venv` hold what a lock names, and Swingby itself, unless it does already.

    Raises
    ------
    SystemExit
        When something cannot be installed; pip has said why.
    """
    with _alone():
        if not _answers(PYTHON):
            _make()
        wanted = fingerprint(lock)
        if wanted in {_stamped("all", lock=lock), _stamped("app", lock=lock)}:
            return
        _install(lock)
        _stamp(lock).write_text(wanted, encoding="utf-8")


def fingerprint(lock: Lock) -> str:
    """A text that changes when what must be installed changes."""
    seen = hashlib.sha256()
    for path in (REQUIREMENTS / "build.lock", REQUIREMENTS / f"{lock}.lock", ROOT / "pyproject.toml"):
        seen.update(path.read_bytes())
    return seen.hexdigest()


def _stamped(name: Lock, *, lock: Lock) -> str:
    """What the environment was last filled from: a stamp of everything vouches for the application too."""
    path = VENV / f"swingby-{name}.stamp"
    if not path.exists():
        return ""
    found = path.read_text(encoding="utf-8")
    covers = name == "all" and lock == "app" and found == fingerprint("all")
    return fingerprint("app") if covers else found


def _stamp(lock: Lock) -> Path:
    return VENV / f"swingby-{lock}.stamp"


@contextmanager
def _alone() -> Iterator[None]:
    """Hold other calls off until this one is done."""
    with (ROOT / ".venv.lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield


def _answers(python: Path) -> bool:
    if not python.exists():
        return False
    question = f"import pip, sys; sys.exit(sys.version_info[:2] != {sys.version_info[:2]!r})"
    return subprocess.run([python, "-c", question], stderr=subprocess.DEVNULL, check=False).returncode == 0


def _make() -> None:
    try:
        import ensurepip  # noqa: F401 (Debian ships Python without it)
    except ImportError:
        install_debian_packages(f"python{sys.version_info[0]}.{sys.version_info[1]}-venv")
    venv.create(VENV, with_pip=True, clear=True)


def _install(lock: Lock) -> None:
    started = time.monotonic()
    print(f"Installing what requirements/{lock}.lock names into .venv (once) ...", flush=True)
    _pip("--require-hashes", "--requirement", str(REQUIREMENTS / "build.lock"))
    _pip("--require-hashes", "--no-build-isolation", "--requirement", str(REQUIREMENTS / f"{lock}.lock"))
    _pip("--no-build-isolation", "--editable", str(ROOT))
    print(f"Installed in {time.monotonic() - started:.0f} s.", flush=True)


def _pip(*arguments: str) -> None:
    environment = {**os.environ, "PIP_REQUIRE_VIRTUALENV": "0"}
    if subprocess.run([*PIP, *arguments], cwd=ROOT, env=environment, check=False).returncode != 0:
        raise SystemExit("Installing failed; the lines above say why.")
