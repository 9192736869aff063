"""Questions from the command line: a card as text, JSON, page and paper."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from jsonschema import Draft202012Validator

from swingby.cli import main
from tests.insight.company import Row, drawn
from tests.insight.exposure.test_cards import tables
from tests.insight.staying.test_cards import drawn as leaving
from tools.json_shapes import ANSWERS, schema_of

RULES = """
program: {id: small, label: Small, language: 1, version: "1", effective: 2023-02-01, currency: USD}
"""
EFFECT = ("--outcome", "deal-size", "--from", "2023-02-01", "--to", "2025-01-31")
ADVANCED = ("--act", "credentials", "--where", "level=advanced", "--said", "the first advanced engineer")


def written(folder: Path, found: dict[str, list[Row]]) -> Path:
    """A company as files."""
    (folder / "program").mkdir(parents=True)
    (folder / "program" / "program.yaml").write_text(RULES)
    (folder / "facts").mkdir()
    for name, rows in found.items():
        columns = list(dict.fromkeys(key for row in rows for key in row))
        with (folder / "facts" / f"{name}.csv").open("w", newline="") as file:
            writer = csv.DictWriter(file, columns)
            writer.writeheader()
            writer.writerows(rows)
    return folder


@pytest.fixture(scope="module")
def certified(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A company whose certificates make deals 28 % larger."""
    return written(tmp_path_factory.mktemp("certified"), drawn())


@pytest.fixture(scope="module")
def exposed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A company of which half hangs on one group."""
    return written(tmp_path_factory.mktemp("exposed"), tables())


def ask(company: Path, question: str, *words: object) -> Result:
    program, facts = company / "program", company / "facts"
    return CliRunner().invoke(main, ["evidence", question, str(program), str(facts), *map(str, words)])


@pytest.fixture(scope="module")
def effect(certified: Path) -> Result:
    """The answer as it is printed, with its files beside the company."""
    return ask(
        certified, "effect", *ADVANCED, *EFFECT, "--html", certified / "card.html", "--pdf", certified / "card.pdf"
    )


def test_a_card_begins_with_its_verdict_and_its_sentence(effect: Result) -> None:
    assert (effect.exit_code, effect.stderr) == (0, "")
    assert effect.stdout.splitlines()[:6] == [
        "Did the first advanced engineer raise deal size?",
        "",
        "SHOWN. The data show it.",
        "",
        "The first advanced engineer raised deal size by 29 % (23 % to 36 %).",
        "Decision: Reckon with 23 % rather than 36 % when this is weighed against its cost.",
    ]


def test_every_part_of_a_card_has_its_title(effect: Result) -> None:
    titles = [line for line in effect.stdout.splitlines() if line and not line.startswith(" ")]
    assert [line.partition(":")[0] for line in titles if line[0].isupper()][3:] == [
        "Decision",
        "Figures",
        "Deal size around the first advanced engineer",
        "What was checked",
        "What it rests on",
        "What would change our mind",
        "About",
        "Method",
        "Partners choose the act; this compares their changes, not their levels.",
    ]


def test_the_picture_has_a_line_for_each_month_and_shows_where_the_act_begins(effect: Result) -> None:
    lines = effect.stdout.splitlines()
    title = lines.index("Deal size around the first advanced engineer")
    start = next(nth for nth, line in enumerate(lines) if nth > title and line.strip().startswith("−6"))
    drawn_lines = lines[start : start + 12]
    assert [line.split()[0] for line in drawn_lines] == ["−6", "−5", "−4", "−3", "−2", "−1", *"012345"]
    assert [line.split()[1] == ">" for line in drawn_lines] == [False] * 6 + [True] + [False] * 5
    assert all("o" in line for line in drawn_lines)


def test_no_line_is_wider_than_asked(certified: Path) -> None:
    shown = ask(certified, "effect", *ADVANCED, *EFFECT, "--width", 60)
    assert max(map(len, shown.stdout.splitlines())) <= 60


def test_json_has_every_digit_and_the_shape_of_its_schema(certified: Path, effect: Result) -> None:
    shown = ask(certified, "effect", *ADVANCED, *EFFECT, "--json")
    card = json.loads(shown.stdout)
    schema = schema_of(ANSWERS["evidence"], is_closed=True)
    assert [error.message for error in Draft202012Validator(schema).iter_errors(card)] == []
    assert (card["verdict"], card["sentence"]) == ("shown", effect.stdout.splitlines()[4])
    assert round(card["figures"][0]["value"], 2) == 0.29


def test_what_an_act_must_bring_to_pay_is_told_with_what_it_costs(certified: Path) -> None:
    costs = ("--outcome", "deal-size", "--each", "4000..6000", "--margin", "0.3", *EFFECT[2:])
    shown = ask(certified, "return", *ADVANCED, *costs)
    assert (shown.exit_code, shown.stderr) == (0, "")
    assert shown.stdout.splitlines()[:4] == [
        "Does the first advanced engineer pay?",
        "",
        "SHOWN. The data show it.",
        "",
    ]
    assert "  Of the cost: said for each that began " in shown.stdout


def test_a_change_that_cannot_be_replayed_is_told_with_what_else_happened(certified: Path, tmp_path: Path) -> None:
    (tmp_path / "program.yaml").write_text(RULES.replace('"1"', '"2"').replace("2023-02-01", "2024-02-01"))
    words = ["--against", str(certified / "program"), *EFFECT[2:], "--noted", "2024-03-01=rain"]
    shown = CliRunner().invoke(main, ["evidence", "change", str(tmp_path), str(certified / "facts"), *words])
    assert (shown.exit_code, shown.stderr) == (1, "")
    assert shown.stdout.splitlines()[:5] == [
        "What did version 2 of Small do?",
        "",
        "CANNOT BE ANSWERED FROM THESE DATA. These data are not enough for an answer.",
        "",
        "What the rules alone would have moved cannot be replayed: no ladder is reviewed between 2023-02-01",
    ]
    assert "2024-03-01: rain." in shown.stdout.splitlines()


def test_an_act_that_nobody_named_is_called_by_its_words(certified: Path) -> None:
    shown = ask(certified, "effect", *ADVANCED[:-2], *EFFECT)
    assert shown.stdout.splitlines()[0] == "Did the first of credentials with level advanced raise deal size?"


def test_a_refusal_is_an_answer_and_ends_with_one(certified: Path) -> None:
    shown = ask(certified, "effect", "--act", "credentials", "--where", "level=basic", *EFFECT, "--width", 200)
    assert (shown.exit_code, shown.stderr) == (1, "")
    assert shown.stdout.splitlines()[2:5] == [
        "CANNOT BE ANSWERED FROM THESE DATA. These data are not enough for an answer.",
        "",
        'This cannot be answered from these data. No fact of credentials has level "basic"; there are: advanced.',
    ]


def test_a_stage_that_no_deal_has_is_refused_with_those_there_are(certified: Path) -> None:
    shown = ask(certified, "effect", *ADVANCED, *EFFECT, "--won", "closed_won", "--width", 200)
    assert shown.exit_code == 1
    assert shown.stdout.splitlines()[4] == (
        'This cannot be answered from these data. No fact of deals has stage "closed_won"; there are: won.'
    )


def test_a_question_that_cannot_be_asked_says_all_that_is_wrong(certified: Path) -> None:
    shown = ask(
        certified, "effect", "--act", "credentials", "--where", "levle=advanced", *EFFECT[:3], "2023-02-03", *EFFECT[4:]
    )
    assert shown.exit_code == 2
    assert shown.stderr.splitlines() == [
        (
            'error [question]: credentials has no column of words "levle"; it has: person, code, family, role, level, product, '
            "version. 2023-02-03 is not the first day of a month."
        ),
        "  Ask again without these.",
    ]


def test_exposure_is_asked_with_a_year(exposed: Path) -> None:
    shown = ask(exposed, "exposure", "--to", "2026-03-31", "--years", 2, "--width", 300)
    lines = shown.stdout.splitlines()
    assert shown.exit_code == 0
    assert lines[:3] == ["How much hangs on a few partners?", "", "SHOWN. The data show it."]
    assert lines[4].endswith(
        "The largest, Ardenveil Group, makes 50 %. The agreement of Ardenveil Group (50 %) ends on 2026-09-30."
    )
    assert [line.split()[0] for line in lines[lines.index("Share of the top tenth of those that sold") + 2 :][:2]] == [
        "2025",
        "2026",
    ]


def test_page_and_paper_are_written(certified: Path, effect: Result) -> None:
    assert effect.exit_code == 0
    page = (certified / "card.html").read_text(encoding="utf-8")
    assert page.startswith("<!doctype html>")
    assert "The first advanced engineer raised deal size by 29\xa0% (23\xa0%\xa0to\xa036\xa0%)." in page
    assert "Program: Small, version 1. Facts: facts." in page
    assert (certified / "card.pdf").read_bytes().startswith(b"%PDF-")


@pytest.fixture(scope="module")
def joined(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A company that partners leave, less so after their first plan."""
    return written(tmp_path_factory.mktemp("joined"), leaving())


SPAN = ("--from", "2020-01-01", "--to", "2025-12-31")
PLAN = ("--act", "activities", "--where", "kind=plan", "--said", "the first plan")
SENTENCES = {
    ("staying",): "Of partners, 70 % (64 % to 75 %) are still there after 12 months, ",
    ("staying", "--by", "region"): "Of partners, 70 % (64 % to 75 %) are still there after 12 months, ",
    ("staying", *PLAN): "After the first plan partners leave 0.",
    (
        "staying",
        "--of",
        "customers",
    ): "This cannot be answered from these data. 0 customers can be looked at; 20 are needed.",
    ("anyway",): "This cannot be answered from these data. There are no direct deals: every deal has a partner",
    ("forecast",): "This cannot be answered from these data. Nobody won anything from 2020-01-01 until 2026-01-01.",
    ("signs",): "This cannot be answered from these data. Of 0 customers, ",
    ("readiness",): "Of 10 questions 1 can be asked of these facts: how long partners stay.",
    ("value",): "This cannot be answered from these data. 0 partners won a deal before 2023-01-01; 20 are needed.",
}


@pytest.mark.parametrize("words", SENTENCES, ids=" ".join)
def test_every_question_is_answered_in_text_and_in_json(joined: Path, words: tuple[str, ...]) -> None:
    question, *options = words
    shown = ask(joined, question, *options, *SPAN, "--width", 300)
    card = json.loads(ask(joined, question, *options, *SPAN, "--json").stdout)
    schema = schema_of(ANSWERS["evidence"], is_closed=True)
    assert [error.message for error in Draft202012Validator(schema).iter_errors(card)] == []
    assert shown.stdout.splitlines()[4] == card["sentence"]
    assert card["sentence"].startswith(SENTENCES[words])
    assert shown.exit_code == int(card["verdict"] == "cannot be answered from these data")


def test_a_line_is_asked_about_with_its_amount(exposed: Path) -> None:
    words = ("gaming", "--line", "1000", "--to", "2025-12-31")
    shown, card = ask(exposed, *words, "--width", 300), json.loads(ask(exposed, *words, "--json").stdout)
    assert [
        error.message
        for error in Draft202012Validator(schema_of(ANSWERS["evidence"], is_closed=True)).iter_errors(card)
    ] == []
    assert (shown.exit_code, shown.stdout.splitlines()[4], card["verdict"]) == (0, card["sentence"], "not shown")
