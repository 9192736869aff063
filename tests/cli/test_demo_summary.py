from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from swingby.cli.demo_summary import describe_example

RULES = """\
program: {id: acme, label: Acme, language: 1, version: "1", effective: 2023-01-01, currency: USD}
points:
  visits: {for_each: activities, where: {kind: visit}, over: {last: 3 months}, earn: 10, label: Visits}
scores:
  total: {sum: [visits], label: Points}
ladders:
  level:
    promote: {each: month}
    demote: {each: quarter}
    tiers:
      - {id: member}
      - {id: gold, requires: {score: total, at_least: 10}}
"""


def _example(folder: Path, *, visits: dict[str, str]) -> Path:
    (folder / "program").mkdir()
    (folder / "program" / "program.yaml").write_text(RULES, encoding="utf-8")
    names = ("ash", "birch", "cedar")
    _write(folder / "organizations.csv", "organization,name", [f"{name},{name.capitalize()}" for name in names])
    _write(
        folder / "enrolments.csv", "enrolment,organization,joined_on", [f"{name},{name},2024-01-01" for name in names]
    )
    rows = [f"{name}-1,{name},visit,{day}" for name, day in visits.items()]
    _write(folder / "activities.csv", "fact_id,organization,kind,happened_on", rows)
    return folder


def _write(file: Path, head: str, rows: list[str]) -> None:
    file.write_text("\n".join([head, *rows, ""]), encoding="utf-8")


@pytest.mark.parametrize(
    ("visits", "said"),
    [
        (
            {"ash": "2024-05-20", "birch": "2024-05-20"},
            ["In the application 2 partners keep their higher tier until somebody decides the review of 2024-10-01."],
        ),
        (
            {"ash": "2024-05-20", "birch": "2024-09-20"},
            ["In the application 1 partner keeps its higher tier until somebody decides the review of 2024-10-01."],
        ),
        ({"birch": "2024-09-20"}, []),
    ],
)
def test_the_summary_says_how_many_falls_wait_in_the_application(
    tmp_path: Path, visits: dict[str, str], said: list[str]
) -> None:
    lines = list(describe_example(_example(tmp_path, visits=visits), today=date(2024, 10, 15)))

    assert [line.strip().removeprefix("These are the rules alone. ") for line in lines if "rules alone" in line] == said
    assert [line.split() for line in lines[1:3]] == [
        ["gold", "1" if "birch" in visits and visits["birch"] > "2024-09" else "0"],
        ["member", "2" if "birch" in visits and visits["birch"] > "2024-09" else "3"],
    ]
