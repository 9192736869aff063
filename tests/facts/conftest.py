"""A PostgreSQL of its own for the tests of the ledger."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest

from swingby.web.server.account import Account, account_for, give
from swingby.web.server.binaries import find_binaries
from swingby.web.server.errors import ServerError

INSTALLED = Path("/usr/lib/postgresql/15/bin")
_numbers = count(1)


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """Address of a running server, as its administrator."""
    account = account_for(Path("/nowhere"))
    programs = _programs(account)
    with tempfile.TemporaryDirectory(prefix="swingby-facts-", dir="/tmp") as folder:
        give(Path(folder), account)
        data = f"{folder}/data"
        _as(
            account, [f"{programs}/initdb", "-D", data, "-U", "tester", "-A", "trust", "-E", "UTF8", "-N", "--locale=C"]
        )
        options = f"-k {folder} -c listen_addresses='' -c fsync=off"
        _as(account, [f"{programs}/pg_ctl", "-D", data, "-w", "-l", f"{folder}/log", "-o", options, "start"])
        try:
            yield f"host={folder} user=tester"
        finally:
            _as(account, [f"{programs}/pg_ctl", "-D", data, "-w", "-m", "immediate", "stop"])


@pytest.fixture
def database(server: str) -> str:
    """Address of an empty database."""
    name = f"facts_{next(_numbers)}"
    with psycopg.connect(f"{server} dbname=postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return f"{server} dbname={name}"


def _programs(account: Account | None) -> Path:
    try:
        return find_binaries(account).folder / "bin"
    except ServerError as error:
        if INSTALLED.exists():
            return INSTALLED
        pytest.skip(f"no PostgreSQL: {error}")


def _as(account: Account | None, command: list[str]) -> None:
    user: dict[str, Any] = {"user": account.user, "group": account.group, "extra_groups": []} if account else {}
    environment = {"PATH": os.environ["PATH"], "LC_ALL": "C", "TZ": "UTC"}
    ended = subprocess.run(
        command, check=False, cwd="/", env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, **user
    )
    assert ended.returncode == 0, ended.stderr.decode()
