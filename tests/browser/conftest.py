from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from swingby.web.server import Database
from tests.web.site import own_database, web_server


@dataclass(frozen=True, slots=True)
class Site:
    """A running application with the small world in it."""

    address: str
    database: Database


@pytest.fixture(scope="session")
def site() -> Iterator[Site]:
    """The web server in a process of its own, on a database of its own."""
    with own_database() as database, web_server(database) as address:
        yield Site(address, database)
