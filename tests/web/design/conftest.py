from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.web.design.looking import served_gallery


@pytest.fixture(scope="package")
def gallery() -> Iterator[str]:
    with served_gallery() as address:
        yield address
