"""The reference page of facts says what the contracts say."""

from __future__ import annotations

import re
from pathlib import Path

from swingby.facts.issues import ISSUE_CODES
from swingby.facts.reference import PAGE, fill

ROOT = Path(__file__).parents[2]
SOURCES = ROOT / "src" / "swingby" / "facts"


def test_the_page_is_the_one_that_the_contracts_make() -> None:
    page = (ROOT / PAGE).read_text(encoding="utf-8")
    assert page == fill(page), f"run: python -m swingby.facts.reference {ROOT}"


def test_every_code_is_used_and_documented() -> None:
    quoted = set()
    for file in SOURCES.glob("*.py"):
        if file.name != "issues.py":
            quoted |= set(re.findall(r"""["']([a-z]+(?:-[a-z]+)+)["']""", file.read_text(encoding="utf-8")))
    unused = set(ISSUE_CODES) - quoted
    assert unused == set()
