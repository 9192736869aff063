from __future__ import annotations

from tools.api_page import PAGE, description, page


def test_the_page_says_what_the_api_says() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "Write it anew: python -m tools.api_page"


def test_it_is_openapi_3_1() -> None:
    assert description()["openapi"] == "3.1.0"
