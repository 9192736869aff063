from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.web.design.looking import opened_browser, served_gallery


@pytest.fixture(scope="package")
def gallery() -> Iterator[str]:
    with served_gallery() as address:
        yield address


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    with opened_browser() as browser:
        yield browser
