"""A program with three partners in files, as a person would keep them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from swingby.cli import main

PROGRAM = """
program: {id: tried, label: Tried, language: 1, version: "1", effective: 2024-01-01, currency: USD}
measures:
  people: {label: Certified people, count: person, of: credentials}
points:
  visited: {label: Visits, for_each: activities, where: {kind: visit}, earn: 10, cap: {at_most: 30, per: quarter}}
scores:
  total: {label: Points, sum: [visited]}
ladders:
  level:
    tiers:
      - {id: member}
      - {id: gold, requires: {all: [{score: total, at_least: 30}, {measure: people, at_least: 1}]}}
"""
FACTS = {
    "organizations.csv": "organization,name\nacme,Acme\nbolt,Bolt\n",
    "enrolments.csv": "enrolment,organization,joined_on\nacme,acme,2024-01-01\nbolt,bolt,2024-01-01\n",
    "employments.csv": "fact_id,organization,person,starts_on\ne1,acme,ann,2024-01-01\n",
    "credentials.csv": "fact_id,person,code,starts_on\nc1,ann,one,2024-01-01\n",
    "activities.csv": "fact_id,organization,kind,happened_on\n"
    + "".join(f"a{number},acme,visit,2024-02-0{number}\n" for number in range(1, 5))
    + "b1,bolt,visit,2024-02-01\n",
}
SCENARIOS = """
- name: nobody
  as_of: 2024-03-31
  expect: {tiers: {level: member}, scores: {total: 0}}
- name: three visits and one certificate
  facts:
    activities: [{kind: visit, happened_on: 2024-02-01, repeat: 3}]
    credentials: [{person: ann}]
  as_of: 2024-03-31
  expect: {tiers: {level: gold}, scores: {total: 30}}
"""
Run = Callable[..., Result]


@pytest.fixture
def run() -> Run:
    """Run a command inside this process."""

    def invoke(*words: object) -> Result:
        return CliRunner().invoke(main, [str(word) for word in words])

    return invoke


def write(folder: Path, files: Mapping[str, str]) -> Path:
    """A folder with these files."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def program(tmp_path: Path) -> Path:
    """The folder of the program, with its scenarios."""
    folder = write(tmp_path / "program", {"program.yaml": PROGRAM})
    write(folder / "scenarios", {"all.yaml": SCENARIOS})
    return folder


@pytest.fixture
def facts(tmp_path: Path) -> Path:
    """The folder of the facts."""
    return write(tmp_path / "facts", FACTS)
