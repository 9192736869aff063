"""The one test database: started, migrated and filled once per run, then never changed by a committed transaction."""

from __future__ import annotations

import atexit
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from django.db import connections

from swingby.web.server import Database, open_database


@cache
def migrated_database() -> Database:
    """A running, migrated PostgreSQL: a new embedded one, or the one that DATABASE_URL names."""
    folder = Path(tempfile.mkdtemp(prefix="swingby-tests-"))
    database = open_database(folder)
    atexit.register(_forget, database, folder)
    migrate(database.url("owner"))
    point_django_at(database.url("app"))
    return database


def _forget(database: Database, folder: Path) -> None:
    connections.close_all()
    database.stop()
    shutil.rmtree(folder, ignore_errors=True)


def migrate(owner_url: str) -> None:
    subprocess.run(
        [sys.executable, "-m", "swingby.web", "migrate", "--verbosity", "0"],
        env={**os.environ, "DATABASE_URL": owner_url, "SWINGBY_ROLE": "owner"},
        check=True,
    )


def point_django_at(app_url: str) -> None:
    """Let this process's Django connect as the application's role."""
    from swingby.web.settings import _database

    target: Mapping[str, object] = connections["default"].settings_dict
    assert isinstance(target, dict)
    target.update(_database(app_url))
