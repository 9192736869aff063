"""The step that loads the example, as the supervisor runs it: in a process of its own, in no transaction of a test."""

from __future__ import annotations

from pathlib import Path

import pytest

from swingby.generation.firm import company_file, generate_firm
from tests.web.demo.tiny import write_example
from tests.web.site import own_database, run

pytestmark = pytest.mark.slow


def test_the_example_company_and_its_firm_are_loaded(tmp_path: Path) -> None:
    (tmp_path / "company").mkdir()
    generate_firm(tmp_path / "firm", company_file("thornquay"))
    logins = tmp_path / "logins.txt"
    with own_database() as database:
        folders = [str(each) for each in (write_example(tmp_path / "company"), logins, tmp_path / "firm")]
        run(database, "app", "-m", "swingby.web.server.demonstration", *folders)

    assert "noor" in logins.read_text(encoding="utf-8").lower()
