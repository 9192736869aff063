"""How-to pages that show commands with their output show the real output."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.docs.blocks import blocks, follow

FOLDER = Path(__file__).resolve().parents[2] / "docs/how-to"
PAGES = ["read-and-compare-programs.md", "see-what-a-change-does.md", "write-common-rules.md"]


def test_every_page_with_output_is_run() -> None:
    found = [page.name for page in FOLDER.glob("*.md") if any(block.kind == "console" for block in blocks(page))]
    assert sorted(found) == PAGES


@pytest.mark.parametrize("page", PAGES)
def test_a_page_gives_what_it_shows(page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for command, output, shown in follow(FOLDER / page, tmp_path):
        assert output == shown, os.linesep + command
