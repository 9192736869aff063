"""`compare` and `backtest`: the answer in words, as tables, as JSON, and what they refuse."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from swingby.errors import ExitCode
from tests.cli.conftest import PROGRAM, Run, write

DAY = ("--as-of", "2024-03-31")
SPAN = ("--from", "2024-02-01", "--to", "2024-03-31")
BENEFITS = "benefits: {seats: {label: Seats, value: {by: level, gold: 2, otherwise: 0}}}\n"
WHY = "misses Points at least 40 (10 to go)"
ANSWER = f"""\
Tried: version 2 against 1 on 2024-03-31

If nobody changed behaviour: 1 of 1 gold drops, none rise.

Tiers
ladder  tier    old  new  up  down  aside
------  ------  ---  ---  --  ----  -----
level   gold      1    0   0     1      0
level   member    1    2   0     0      0

Who moves on 2024-03-31
partner  ladder  old   new     way   why
-------  ------  ----  ------  ----  ------------------------------------
acme     level   gold  member  down  {WHY}

Which requirement stops whom
Of those who are on their way to a tier: how many miss a requirement, and for whom it alone is missing.
ladder  tier  requirement                  missed, old  missed, new  alone, old  alone, new  it alone stops
------  ----  ---------------------------  -----------  -----------  ----------  ----------  --------------
level   gold  Points at least 40                     1            2           0           1  acme
level   gold  Certified people at least 1            1            1           0           0
"""


@pytest.fixture
def old(tmp_path: Path) -> Path:
    return write(tmp_path / "old", {"program.yaml": PROGRAM + BENEFITS})


@pytest.fixture
def new(tmp_path: Path) -> Path:
    """A version that asks for a point more than anybody can have."""
    text = (
        (PROGRAM + BENEFITS)
        .replace('version: "1"', 'version: "2"')
        .replace("total, at_least: 30", "total, at_least: 40")
    )
    return write(tmp_path / "new", {"program.yaml": text})


def test_compare_says_who_moves_and_why(run: Run, old: Path, new: Path, facts: Path) -> None:
    shown = run("compare", old, new, facts, *DAY)
    assert (shown.exit_code, shown.stdout) == (0, ANSWER)


def test_compare_two_days_of_a_version(run: Run, old: Path, facts: Path) -> None:
    shown = run("compare", old, facts, "--as-of", "2024-03-31", "--as-of", "2024-02-02", "--csv")
    assert (shown.exit_code, list(csv.reader(io.StringIO(shown.stdout)))) == (
        0,
        [
            ["review", "partner", "ladder", "old", "new", "way", "why"],
            ["2024-03-31", "acme", "level", "member", "gold", "up", "missed Points at least 30 before"],
        ],
    )


def test_backtest_replays_and_prices(run: Run, old: Path, new: Path, facts: Path) -> None:
    shown = run("backtest", new, facts, "--against", old, *SPAN, "--price", "seats=1200", "--json")
    found = json.loads(shown.stdout)
    assert found["headline"] == (
        "If nobody changed behaviour: 1 of 1 gold drops, none rise, USD 2.4 k less Seats a year."
    )
    assert [(item["on"], len(item["moves"])) for item in found["reviews"]] == [("2024-02-01", 0), ("2024-03-01", 1)]
    assert found["costs"] == [
        {
            "benefit": "seats",
            "label": "Seats",
            "price": "1200",
            "old": "2400",
            "new": "0",
            "is_yearly": True,
            "unknown": 0,
        }
    ]


def test_backtest_as_a_page(run: Run, old: Path, new: Path, facts: Path) -> None:
    shown = run("backtest", new, facts, "--against", old, *SPAN, "--price", "seats=1200", "--markdown")
    assert shown.stdout.splitlines()[:12] == [
        "# Tried: version 2 against 1, 2 reviews from 2024-02-01 to 2024-03-01, every review with what is known now",
        "",
        "If nobody changed behaviour: 1 of 1 gold drops, none rise, USD 2.4 k less Seats a year.",
        "",
        "## Moves per review",
        "",
        "| review | compared | up | down | aside | not compared |",
        "| --- | ---: | ---: | ---: | ---: | ---: |",
        "| 2024-02-01 | 2 | 0 | 0 | 0 | 0 |",
        "| 2024-03-01 | 2 | 0 | 1 | 0 | 0 |",
        "",
        "## Tiers",
    ]


def test_the_moves_as_one_table(run: Run, old: Path, new: Path, facts: Path) -> None:
    shown = run("backtest", new, facts, "--against", old, *SPAN, "--table")
    assert [line.split(maxsplit=6) for line in shown.stdout.splitlines()[2:]] == [
        ["2024-03-01", "acme", "level", "gold", "member", "down", WHY]
    ]


@pytest.mark.parametrize(
    "words",
    [
        ("compare", "{old}", "{facts}", *DAY),
        ("compare", "{old}", "{new}", "{facts}", *DAY, *DAY),
        ("compare", "{old}", "{new}", "{facts}", *DAY, "--json", "--csv"),
        ("compare", "{old}", "{facts}", *DAY, *DAY),
        ("compare", "{old}", "{new}", "{facts}", *DAY, "--price", "seats"),
        ("backtest", "{new}", "{facts}", "--against", "{old}", "--from", "2024-03-01", "--to", "2024-02-01"),
    ],
    ids=["one day", "two versions and days", "two forms", "same day", "no price", "turned around"],
)
def test_what_cannot_be_meant_is_misuse(run: Run, old: Path, new: Path, facts: Path, words: tuple[str, ...]) -> None:
    shown = run(*(word.format(old=old, new=new, facts=facts) for word in words))
    assert shown.exit_code == ExitCode.MISUSED


def test_a_version_may_read_kinds_of_fact_that_the_other_does_not_know(
    run: Run, old: Path, new: Path, facts: Path
) -> None:
    text = (new / "program.yaml").read_text(encoding="utf-8")
    text = text.replace("of: credentials}", "of: good}").replace(
        "measures:", "facts: {good: {subset_of: credentials, where: {code: two}}}\nmeasures:"
    )
    write(new, {"program.yaml": text.replace("total, at_least: 40", "total, at_least: 30")})
    shown = run("compare", old, new, facts, *DAY, "--csv")
    assert shown.stdout.splitlines()[1:] == [
        "2024-03-31,acme,level,gold,member,down,misses Certified people at least 1 (1 to go)"
    ]
