from __future__ import annotations

import sys
from collections import Counter

from ninja import Schema

from tools.api_page import PAGE, description, page


def test_the_page_says_what_the_api_says() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "Write it anew: python -m tools.api_page"


def test_it_is_openapi_3_1() -> None:
    assert description()["openapi"] == "3.1.0"


def test_no_two_shapes_have_one_name() -> None:
    """Of two that did, the description would know one."""
    description()
    modules = [module for name, module in sys.modules.items() if name.startswith("swingby.web.api.")]
    shapes = {
        each
        for module in modules
        for each in vars(module).values()
        if isinstance(each, type) and issubclass(each, Schema) and each.__module__.startswith("swingby.web.api.")
    }
    assert [name for name, times in Counter(each.__name__ for each in shapes).items() if times > 1] == []


def test_a_file_is_described_by_its_media_type() -> None:
    answers = description()["paths"]
    guide = answers["/api/v1/programs/{program}/guide/paper"]["get"]["responses"]["200"]
    appeal = answers["/api/v1/appeals/{appeal}/file"]["get"]["responses"]["200"]

    assert [list(each["content"]) for each in (guide, appeal)] == [["application/pdf"], ["application/octet-stream"]]
