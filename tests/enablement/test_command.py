"""`swingby enablement` on the example firm: what it prints, and what it says of wrong calls."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner, Result

from swingby.cli import main
from tests.enablement.test_catalogue import EXAMPLE
from tests.generation.firm.written import Written

CATALOGUE = str(EXAMPLE / "catalogue")
DAY = ("--as-of", "2026-03-31")


def run(firm: Written, question: str, *words: str) -> Result:
    program, facts = firm.folder / "programs/enablement", firm.folder / "facts/enablement"
    return CliRunner().invoke(main, ["enablement", question, CATALOGUE, str(program), str(facts), *words])


def test_growth_by_office_is_that_of_the_firm(firm: Written) -> None:
    result = run(firm, "growth", "--from", "2025-01-01", "--to", "2025-12-31", "--json")
    answer = json.loads(result.output)
    assert {one["office"]: one["net"] for one in answer["offices"]} == {
        "austin": 52,
        "chicago": 82,
        "monterrey": 45,
        "seattle": 22,
        "toronto": 76,
        None: 277,
    }
    assert answer["offices"][-1]["growth"] == {
        "held_before": 494,
        "earned": 344,
        "lapsed": 47,
        "moved_in": 14,
        "moved_out": 34,
        "held_after": 771,
    }


def test_coverage_shows_every_path_on_one_screen(firm: Written) -> None:
    lines = run(firm, "coverage", *DAY, "--need", "quaysign_engineering_advanced=4").output.splitlines()
    assert lines[6] == "Orrinstack    Sales         26 +2 -1 /1   15 +1 -1 /2         ·"
    assert lines[8] == "Quaysign      Engineering      28 +4 -1      14 -1 /4   3 +1 /4"
    assert lines[27] == "300 people on 2026-03-31: 812 credentials, 21 of 72 certifications without a holder."
    assert lines[-1] == "quaysign_engineering_advanced            4     3        1     1      99"


def test_of_an_office_only_its_own_people_are_asked_to_learn(firm: Written) -> None:
    words = ("--office", "monterrey", "--need", "quaysign_engineering_advanced=2", "--next", "--json")
    answer = json.loads(run(firm, "coverage", *DAY, *words).output)
    here = {
        row["person"]
        for row in firm.own("employments")
        if row["office"] == "monterrey" and row["role"] == "engineering"
    }
    needed = {cell["code"]: cell["needed"] for cell in answer["cells"] if cell["needed"]}
    assert (answer["people"], needed) == (35, {"quaysign_engineering_advanced": 2})
    chosen = {one["person"] for one in answer["suggestions"]}
    missing = sum(gap["missing"] - gap["in_progress"] for gap in answer["gaps"])
    assert (len(chosen), chosen - here) == (missing, set())


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("coverage", *DAY, "--office", "atlantis"), "office-unknown"),
        (("coverage", *DAY, "--need", "quaysign_engineering_advance=2"), "certification-unknown"),
        (("growth", "--from", "2025-02-01", "--to", "2025-01-31"), "period-order"),
    ],
)
def test_what_cannot_be_answered_is_said(firm: Written, words: tuple[str, ...], code: str) -> None:
    result = run(firm, *words, "--json")
    assert (json.loads(result.stdout)["error"]["code"], result.exit_code) == (code, 2)
