"""The scenarios on a page pass with the program that stands there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from swingby.cli import main
from swingby.engine.scenarios.reading import KEYS, SECTIONS

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGES = ["explanation/starting-a-program.md", "reference/language/scenarios.md"]


def test_every_page_with_scenarios_is_run() -> None:
    found = [page for page in DOCS.rglob("*.md") if "```yaml scenario\n" in page.read_text(encoding="utf-8")]
    assert sorted(page.relative_to(DOCS).as_posix() for page in found) == PAGES


def test_everything_that_may_be_expected_or_written_is_on_the_page() -> None:
    page = (DOCS / "reference/language/scenarios.md").read_text(encoding="utf-8")
    tables = {
        title: part.split("\n## ")[0] for title, part in re.findall(r"\n## (.*?)\n(.*?)(?=\n## |\Z)", page, re.DOTALL)
    }
    expected, keys = (
        {
            name
            for cell in re.findall(r"^\| (`.*?`) \|", tables[title].split("\n### ")[0], re.MULTILINE)
            for name in re.findall(r"`(.*?)`", cell)
        }
        for title in ("What may be expected", "Keys")
    )
    assert (expected, keys) == (set(SECTIONS), KEYS)


@pytest.mark.slow
@pytest.mark.parametrize("page", PAGES)
def test_every_scenario_passes(page: str, tmp_path: Path) -> None:
    text = (DOCS / page).read_text(encoding="utf-8")
    program, *_ = re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)
    scenarios = "".join(re.findall(r"```yaml scenario\n(.*?)```", text, re.DOTALL))
    (tmp_path / "scenarios").mkdir()
    (tmp_path / "program.yaml").write_text(program, encoding="utf-8")
    (tmp_path / "scenarios/page.yaml").write_text(scenarios, encoding="utf-8")
    result = CliRunner().invoke(main, ["test", str(tmp_path)], catch_exceptions=False)
    assert result.output.splitlines()[-1] == f"{scenarios.count('- name:')} passed, 0 failed", result.output
