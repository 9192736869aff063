"""The tutorial is run word for word: its files are written, its commands give the output that the page shows."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.docs.blocks import follow

PAGES = Path(__file__).resolve().parents[2] / "docs/tutorial"


@pytest.mark.slow
@pytest.mark.parametrize("page", sorted(PAGES.glob("[a-z]*.md")), ids=lambda page: page.stem)
def test_a_tutorial_gives_what_it_shows(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for command, output, shown in follow(page, tmp_path):
        assert output == shown, os.linesep + command
