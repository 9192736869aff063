from __future__ import annotations

from datetime import date

import pytest
from pytest_django import DjangoDbBlocker
from pytest_django.fixtures import Settings

from swingby.web.server import Database
from tests.permissions.database import database_of_tests


@pytest.fixture(scope="session")
def database(django_db_blocker: DjangoDbBlocker) -> Database:
    with django_db_blocker.unblock():
        return database_of_tests()


@pytest.fixture(scope="session")
def django_db_setup(database: Database) -> None:
    """The test database is our own: pytest-django makes none."""


@pytest.fixture(autouse=True)
def held_still(settings: Settings) -> None:
    settings.SWINGBY_TODAY = date(2026, 3, 31)
    settings.ALLOWED_HOSTS = ["testserver"]
