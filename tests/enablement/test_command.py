"""`swingby enablement` on the example firm: what it prints, and what it says of wrong calls."""

from __future__ import annotations

import json
import shutil
from datetime import date, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from swingby.cli import main
from tests.enablement.test_catalogue import EXAMPLE
from tests.generation.firm.written import TODAY, Span, Written, held

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


def test_what_tiers_ask_is_needed_as_well(firm: Written) -> None:
    tier = ("--tier", str(firm.folder / "programs/quaysign"), str(firm.folder / "facts/quaysign"))
    answer = json.loads(run(firm, "coverage", *DAY, *tier, "--json").stdout)
    cells = {cell["code"]: (cell["needed"], cell["held"], cell["missing"]) for cell in answer["cells"]}
    assert cells["quaysign_engineering_advanced"] == (4, 3, 1)
    asks = [(one["ask"]["tier"], one["ask"]["purpose"], one["held"], one["missing"]) for one in answer["asks"]]
    assert asks == [("silver", "keep", 3, 0), ("gold", "next", 3, 1)]
    places = [f"Quaysign Partner Network {tier}: Places filled for {tier}" for tier in ("Silver", "Gold")]
    assert answer["unread"] == places


def test_facts_of_a_tier_tell_of_one_firm(firm: Written, tmp_path: Path) -> None:
    facts = tmp_path / "facts"
    shutil.copytree(firm.folder / "facts/quaysign", facts)
    with (facts / "enrolments.csv").open("a", encoding="utf-8") as file:
        file.write("another,another,2024-01-01\n")
    tier = ("--tier", str(firm.folder / "programs/quaysign"), str(facts))
    result = run(firm, "coverage", *DAY, *tier, "--json")
    assert (json.loads(result.stdout)["error"]["code"], result.exit_code) == ("one-partner", 2)


def test_a_newer_catalogue_hits_those_who_hold_what_it_changes(firm: Written, tmp_path: Path) -> None:
    newer = tmp_path / "catalogue"
    shutil.copytree(EXAMPLE / "catalogue", newer)
    file = newer / "wrenlight.yaml"
    text = file.read_text(encoding="utf-8")
    first, _, rest = text.partition("    renewal: 90 days\n")
    retired = "    renewal: 90 days\n    retired: {exams_until: 2026-04-01, counts_until: 2026-05-01}\n"
    file.write_text(first + retired + rest, encoding="utf-8")
    people = ("--people", str(firm.folder / "programs/enablement"), str(firm.folder / "facts/enablement"))
    words = ["enablement", "changes", CATALOGUE, str(newer), *people, *DAY]
    answer = json.loads(CliRunner().invoke(main, [*words, "--json"]).stdout)
    after = date(2026, 5, 1)
    code = "wrenlight_engineering_fundamentals"
    holders = sorted(one.person for one in held(firm, TODAY) if one.of == code and one.ends_on > after)
    assert [(one["change"]["code"], one["people"]) for one in answer["changes"]] == [(code, holders)]
    assert [(one["day"], one["becomes"], one["people"]) for one in answer["ends"]] == [
        ("2026-05-01", "retired", holders)
    ]
    same = CliRunner().invoke(main, ["enablement", "changes", CATALOGUE, CATALOGUE])
    assert same.output == "Nothing changes.\n"


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


def test_moves_account_for_what_growth_counts(firm: Written) -> None:
    year = ("--from", "2025-01-01", "--to", "2025-12-31")
    lines = run(firm, "moves", *year, "--spared", "90").output.splitlines()
    assert lines[-2:] == [
        "66 moves: 14 credentials came to the firm, 34 went.",
        "38 credentials of leavers spared in the period.",
    ]
    answer = json.loads(run(firm, "moves", *year, "--json").output)
    inside = [one for one in answer["moves"] if one["left"] and one["joined"]]
    assert all(one["taken"] == one["brought"] for one in inside)


def test_ahead_says_who_is_to_be_reminded_and_what_ends(firm: Written) -> None:
    lines = run(firm, "ahead", *DAY, "--days", "14", "--office", "monterrey").output.splitlines()
    ends = {date.fromisoformat(line[:10]) for line in lines if line[:2] == "20"}
    assert ends == {one.ends_on for one in at_monterrey(firm) if TODAY < one.ends_on < TODAY + timedelta(days=14)}
    assert lines[0].endswith(" at monterrey cease to count before 2026-04-14.")


def at_monterrey(firm: Written) -> list[Span]:
    here = {stint.person for stint in firm.stints() if stint.of == "monterrey" and stint.holds(TODAY)}
    return [one for one in held(firm, TODAY) if one.person in here]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("coverage", *DAY, "--office", "atlantis"), "office-unknown"),
        (("coverage", *DAY, "--need", "quaysign_engineering_advance=2"), "certification-unknown"),
        (("growth", "--from", "2025-02-01", "--to", "2025-01-31"), "period-order"),
        (("moves", "--from", "2025-02-01", "--to", "2025-01-31"), "period-order"),
        (("ahead", *DAY, "--office", "atlantis"), "office-unknown"),
        (("ahead", *DAY, "--without", "nobody"), "person-unknown"),
    ],
)
def test_what_cannot_be_answered_is_said(firm: Written, words: tuple[str, ...], code: str) -> None:
    result = run(firm, *words, "--json")
    assert (json.loads(result.stdout)["error"]["code"], result.exit_code) == (code, 2)
