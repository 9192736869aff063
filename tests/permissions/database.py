"""The one test database: made with the small world once per run, then never changed by a committed transaction."""

from __future__ import annotations

import atexit
from collections.abc import Mapping
from contextlib import ExitStack
from functools import cache

from django.db import connections

from swingby.web.server import Database
from tests.web.made_databases import copied
from tests.web.site import WORLD


@cache
def database_of_tests() -> Database:
    """A running PostgreSQL with the small world: a new embedded one, or the one that DATABASE_URL names."""
    kept = ExitStack()
    database = kept.enter_context(copied(WORLD))
    atexit.register(_forget, kept)
    point_django_at(database.url("app"))
    return database


def _forget(kept: ExitStack) -> None:
    connections.close_all()
    kept.close()


def point_django_at(app_url: str) -> None:
    """Let this process's Django connect as the application's role."""
    from swingby.web.settings import _database

    target: Mapping[str, object] = connections["default"].settings_dict
    assert isinstance(target, dict)
    target.update(_database(app_url))
