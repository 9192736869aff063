"""The pages hold together: links lead somewhere, decisions are listed, figures are the measured ones."""

import re
from pathlib import Path

import pytest

from tests.architecture.repository import ROOT, within
from tools.measured import differences, mend, pages

DECISIONS = ROOT / "docs" / "decisions"
SECTIONS = ["Question", "Decision", "Why", "What it costs", "When to look again"]
LINK = re.compile(r"\]\((?!https?:|mailto:|#)(?P<target>[^)#\s]+)")


def decision_pages() -> list[Path]:
    return sorted(path for path in DECISIONS.glob("*.md") if path.name not in {"README.md", "template.md"})


def test_links_lead_somewhere() -> None:
    broken = [
        f"{within(page)}: {target}"
        for page in pages()
        for target in LINK.findall(page.read_text(encoding="utf-8"))
        if not (page.parent / target).exists()
    ]
    assert broken == []


def test_every_page_is_reached_from_the_readme() -> None:
    reached, waiting = set(), [ROOT / "README.md"]
    while waiting:
        page = waiting.pop()
        if page in reached or page.suffix != ".md" or not page.exists():
            continue
        reached.add(page)
        waiting += [(page.parent / target).resolve() for target in LINK.findall(page.read_text(encoding="utf-8"))]
    assert [within(page) for page in pages() if page not in reached] == []


def test_every_decision_is_listed() -> None:
    listed = LINK.findall((DECISIONS / "README.md").read_text(encoding="utf-8"))
    assert sorted(set(listed) - {"template.md"}) == [page.name for page in decision_pages()]


@pytest.mark.parametrize("page", decision_pages(), ids=lambda page: page.stem)
def test_a_decision_has_the_sections_of_the_template(page: Path) -> None:
    assert re.findall(r"^## (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE) == SECTIONS


def test_quoted_figures_are_the_measured_ones() -> None:
    assert [str(found) for found in differences()] == []


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A repository with one figure, and one page that quotes it wrongly."""
    (tmp_path / "docs" / "measured").mkdir(parents=True)
    (tmp_path / "docs" / "measured" / "kills.json").write_text('{"seconds": {"stop after": {"median": 1.050}}}')
    (tmp_path / "README.md").write_text(
        "Stops in\n<!-- measured: kills.seconds.stop after.median -->2<!-- /measured --> s."
    )
    return tmp_path


def test_a_page_that_quotes_another_number_is_found(small: Path) -> None:
    assert [str(found) for found in differences(small)] == [
        "README.md:2: kills.seconds.stop after.median is quoted as '2', but the file says '1.050'"
    ]


def test_a_page_that_quotes_no_figure_is_found(small: Path) -> None:
    (small / "README.md").write_text("<!-- measured: kills.none -->2<!-- /measured -->, <!-- measured: kills.open -->3")
    assert [(found.key, found.measured) for found in differences(small)] == [
        ("(not closed)", None),
        ("kills.none", None),
    ]


def test_mending_puts_the_measured_number_into_the_page(small: Path) -> None:
    mend(small)
    assert differences(small) == []
    assert "-->1.050<!--" in (small / "README.md").read_text()
