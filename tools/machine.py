"""Programs that packages of Python cannot bring: a browser, Java, the oldest PostgreSQL that is supported."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

OLDEST_POSTGRES = Path("/usr/lib/postgresql/15/bin/postgres")


@dataclass(frozen=True, slots=True)
class Component:
    """A program that some tests need: how to find it, and what brings it on Debian."""

    name: str
    is_here: Callable[[], bool]
    package: str
    otherwise: str


def is_ci() -> bool:
    """Tell whether this is continuous integration, where nothing may be missing."""
    return os.environ.get("CI", "").lower() == "true"


def _has_chromium() -> bool:
    named = os.environ.get("SWINGBY_CHROMIUM", "")
    return any(shutil.which(name) for name in (named, "chromium", "google-chrome") if name)


def _has_java() -> bool:
    home = os.environ.get("JAVA_HOME")
    program = f"{home}/bin/java" if home else "java"
    try:  # macOS has a stub of this name which only says where to get Java.
        return subprocess.run([program, "-version"], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


COMPONENTS = (
    Component("Chromium", _has_chromium, "chromium", "Install it, or name it in SWINGBY_CHROMIUM."),
    Component("Java 17", _has_java, "default-jre-headless", "Install it, or name its folder in JAVA_HOME."),
    Component("PostgreSQL 15", OLDEST_POSTGRES.exists, "postgresql-15", f"It is looked for as {OLDEST_POSTGRES}."),
)


def provide_components() -> None:
    """Install what is missing where that can be done; else say what is missing.

    Raises
    ------
    SystemExit
        In continuous integration, when something is still missing.
    """
    missing = [component for component in COMPONENTS if not component.is_here()]
    if missing and is_debian_root():
        install_debian_packages(*(component.package for component in missing))
        missing = [component for component in missing if not component.is_here()]
    for component in missing:
        print(f"{component.name} is missing; the tests that need it are skipped. {component.otherwise}", flush=True)
    if missing and is_ci():
        raise SystemExit("In continuous integration nothing may be missing.")


def is_debian_root() -> bool:
    """Tell whether packages can be installed here without asking anybody."""
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def install_debian_packages(*names: str) -> None:
    """Install packages of Debian, without starting the services that they bring.

    Raises
    ------
    SystemExit
        When they cannot be installed here.
    """
    if not is_debian_root():
        raise SystemExit(f"Please install {' and '.join(names)} with your system's packages, then start again.")
    print(f"Installing {', '.join(names)} ...", flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends"]
    commands = [["apt-get", "update", "-qq"], [*install, *names]]
    if any(name.startswith("postgresql-") for name in names):
        commands.insert(1, [*install, "postgresql-common"])
        commands.insert(2, ["sh", "-c", _NO_DATABASE])
    for command in commands:
        if subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=False).returncode != 0:
            print(f"`{' '.join(command)}` failed.", flush=True)
            return


#: Debian otherwise makes and starts a database of its own as soon as the programs arrive.
_NO_DATABASE = (
    "mkdir -p /etc/postgresql-common/createcluster.d && "
    "echo 'create_main_cluster = false' > /etc/postgresql-common/createcluster.d/swingby.conf"
)
