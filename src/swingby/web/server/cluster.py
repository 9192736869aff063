"""The database's folder: made once, whole or not at all."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from swingby.web.server.account import give, no_link
from swingby.web.server.binaries import Binaries, find_binaries
from swingby.web.server.errors import DatabaseFailedError, OtherVersionError
from swingby.web.server.layout import Layout
from swingby.web.server.passwords import make_passwords
from swingby.web.server.processes import leashed
from swingby.web.server.roles import ADMINISTRATOR, ROLE_NAMES

# One line for everybody: no trust, and nothing but the socket.
_HOST_RULES = "local all all scram-sha-256\n"


def plain_environment() -> Mapping[str, str]:
    """Return an environment in which no setting of the user's shell reaches PostgreSQL."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}


def refuse_other_version(layout: Layout) -> None:
    """Refuse data that the installed programs cannot read.

    Raises
    ------
    OtherVersionError
        If the major versions differ.
    """
    found = (layout.cluster / "PG_VERSION").read_text().strip()
    needed = find_binaries(layout.account).major_version()
    if found != str(needed):
        raise OtherVersionError(layout.cluster, found=found, needed=needed)


def initialise(layout: Layout) -> None:
    """Make the cluster beside its final place and move it there when it is complete."""
    binaries = find_binaries(layout.account)
    unfinished = layout.cluster.with_name("postgres.new")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(mode=0o700)
    give(unfinished, layout.account)
    passwords = make_passwords(layout.passwords, names=tuple(ROLE_NAMES.values()))
    _run_initdb(layout, binaries, unfinished=unfinished, password=passwords[ADMINISTRATOR])
    with open(unfinished / "pg_hba.conf", "w", encoding="utf-8", opener=no_link) as rules:
        rules.write(_HOST_RULES)
    unfinished.rename(layout.cluster)


def _run_initdb(layout: Layout, binaries: Binaries, *, unfinished: Path, password: str) -> None:
    with tempfile.NamedTemporaryFile("w", dir="/tmp", prefix="swingby-") as file:
        file.write(password)
        file.flush()
        give(Path(file.name), layout.account)
        command = [binaries.program("initdb"), "-D", str(unfinished), "-U", ADMINISTRATOR, f"--pwfile={file.name}"]
        command += ["--auth=scram-sha-256", "--encoding=UTF8", "--locale=C", "--no-instructions"]
        # Text in the order of its bytes, on every operating system.
        command += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        if sys.platform == "linux":  # One call for a thousand files: a first start is two seconds shorter.
            command.append("--sync-method=syncfs")
        _run(layout, leashed(command, number=signal.SIGKILL, account=layout.account))


def _run(layout: Layout, command: list[str]) -> None:
    log = layout.log("postgres")
    ended = subprocess.run(command, capture_output=True, text=True, cwd="/", env=plain_environment(), check=False)
    with log.open("a") as out:
        out.write(ended.stdout + ended.stderr)
    if ended.returncode != 0:
        raise DatabaseFailedError(f"initdb said: {ended.stderr.strip() or ended.stdout.strip()}", log=log)
