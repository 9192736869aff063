"""A scorecard out of one run: what asks for what, which lines stand behind it, and why something counts no longer."""

from __future__ import annotations

from contextlib import closing
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from swingby.engine import assess
from swingby.facts import read_folder
from swingby.program import Program
from swingby.program.numbers import FactNumber
from swingby.web.domain.points import month_ends
from swingby.web.domain.programs import load_files
from swingby.web.domain.programs import read_folder as read_program_folder
from swingby.web.domain.scorecards import Card, days_ahead, scorecard_of
from tests.soundness.worlds import World
from tests.web.demo.tiny import write_example

DAY = date(2026, 3, 31)
PROGRAM = """
measures:
  engineers: {label: Engineers, count: person, of: credentials, where: {level: advanced}, text: {source: "Guide 2.1"}}
  staff: {label: Staff, count: person, of: employments}
  density: {label: Density, ratio: [engineers, staff]}
  sales: {label: Sales, sum: quantity, of: transactions, over: {last: 6 months}}
  calls: {label: Calls, count: facts, of: touches, over: ever, side: vendor}
points:
  plans: {label: Plan reviewed, for_each: activities, earn: 20, cap: {at_most: 40, per: year}, expires: {after: 6 months}}
scores:
  total: {label: Points, sum: [plans]}
ladders:
  level:
    tiers:
      - {id: member}
      - id: gold
        label: Gold
        requires:
          all: [{score: total, at_least: 40}, {any: [{measure: density, at_least: 75%}, {measure: sales, at_least: 9}]}]
"""


def card(program: str = PROGRAM) -> Card:
    made = World.of(program.replace(', text: {source: "Guide 2.1"}', ', source: "Guide 2.1"'))
    for day in ("2025-08-01", "2026-01-10", "2026-02-10", "2026-03-10"):
        made.event("activities", day, f"plan-{day}", kind="plan")
    made.event("transactions", "2025-07-01", "long-ago", quantity=5)
    made.event("transactions", "2026-01-05", "lately", quantity=2)
    made.event("transactions", "2026-01-06", "cancelled", quantity=3, cancelled_on="2026-02-10")
    made.event("touches", "2026-01-06", "call", kind="call")
    made.state("employments", "2023-01-01", None, "job-ola", person="ola")
    made.state("employments", "2023-01-01", "2026-01-15", "job-sam", person="sam")
    for person, ends in (("ola", None), ("ola", "2026-02-01"), ("sam", None)):
        made.state("credentials", "2023-02-01", ends, f"{person}-{ends}", person=person, level="advanced", code="x")
    days = map(str, (*month_ends(DAY), *days_ahead(DAY)))
    with made.facts() as facts, made.assessed(*days, keep_facts=True) as run:
        return scorecard_of(run, facts, enrolment="acme", day=DAY)


@pytest.fixture(scope="module")
def found() -> Card:
    return card()


def lines(found: Card, rule: str, *, counts: bool = True) -> list[tuple[Any, ...]]:
    chosen = [line for line in found.lines if line["rule"] == rule and line["counts"] is counts]
    return [(line["kind"], line["record"], line["amount"], line["thing"]) for line in chosen]


def test_points_have_their_lines_with_limits_and_add_up(found: Card) -> None:
    assert lines(found, "plans") == [
        ("entry", "plan-2026-01-10", Decimal(20), ""),
        ("entry", "plan-2026-02-10", Decimal(20), ""),
        ("cap", "plan-2026-03-10", Decimal(-20), ""),
        ("entry", "plan-2026-03-10", Decimal(20), ""),
    ]
    assert lines(found, "plans", counts=False) == [("expired", "plan-2025-08-01", Decimal(20), "")]


def test_records_that_counted_once_say_why_they_count_no_longer(found: Card) -> None:
    assert lines(found, "sales") == [("counted", "lately", Decimal(2), "")]
    assert lines(found, "sales", counts=False) == [
        ("old", "long-ago", Decimal(5), ""),
        ("cancelled", "cancelled", Decimal(3), ""),
    ]
    assert lines(found, "engineers") == [("counted", "ola-None", None, "ola")]
    assert lines(found, "engineers", counts=False) == [
        ("ended", "ola-2026-02-01", None, "ola"),
        ("moved", "sam-None", None, "sam"),
    ]


def test_what_the_vendor_keeps_for_itself_has_no_lines(found: Card) -> None:
    calls = next(row for row in found.numbers if row["name"] == "calls")
    assert (calls["value"], calls["withheld"], calls["side"], lines(found, "calls")) == ("1", True, "vendor", [])


def test_numbers_say_their_rules_units_and_sources(found: Card) -> None:
    rows = {row["name"]: row for row in found.numbers}
    assert list(rows) == ["total", "plans", "engineers", "staff", "density", "sales", "calls"]
    assert [rows[name]["rules"] for name in ("total", "plans", "density")] == [
        ["total", "plans"],
        ["plans"],
        ["density", "engineers", "staff"],
    ]
    assert (rows["density"]["value"], rows["density"]["unit"]) == ("100", "%")
    assert rows["engineers"]["source"] == "Guide 2.1"


def test_requirements_stand_in_the_order_of_the_program(found: Card) -> None:
    (ladder,) = found.ladders
    gold = ladder["tiers"][1]
    assert [(row["path"], row["depth"], row["number"], row["state"]) for row in gold["rows"]] == [
        ("gold", 0, "", "met"),
        ("gold.1", 1, "total", "met"),
        ("gold.2", 1, "", "met"),
        ("gold.2.1", 2, "density", "met"),
        ("gold.2.2", 2, "sales", "unmet"),
    ]


def test_the_same_line_has_the_same_key_each_time(found: Card) -> None:
    keys = [line["key"] for line in found.lines]
    assert keys == [line["key"] for line in card().lines]
    assert len(set(keys)) == len(keys)


def test_somebody_who_was_not_enrolled_has_none() -> None:
    made = World.of(PROGRAM.replace(', text: {source: "Guide 2.1"}', ""))
    made.enrol("later", joined_on=date(2026, 4, 30))
    with made.facts() as facts, made.assessed(str(DAY), keep_facts=True) as run:
        assert scorecard_of(run, facts, enrolment="later", day=DAY) == Card()


AHEAD = """
measures:
  engineers: {label: Engineers, count: person, of: credentials}
  visits: {label: Visits, count: facts, of: activities, over: ever}
ladders:
  level:
    tiers:
      - {id: member}
      - id: gold
        requires: {all: [{measure: engineers, at_least: 2}, {measure: visits, at_least: 1}]}
"""


def test_what_rests_on_a_record_that_runs_out_is_seen_ahead() -> None:
    made = World.of(AHEAD).event("activities", "2026-01-01", kind="visit")
    for person, ends in (("ola", "2026-04-20"), ("sam", None), ("kim", "2026-06-10")):
        made.state("employments", "2023-01-01", None, f"job-{person}", person=person)
        made.state("credentials", "2023-02-01", ends, f"c-{person}", person=person, code="x")
    # Renewed already, so nothing rests on the first one.
    made.state("credentials", "2026-06-01", None, "c-kim-again", person="kim", code="x")
    days = map(str, (DAY, *days_ahead(DAY)))
    with made.facts() as facts, made.assessed(*days, keep_facts=True) as run:
        found = scorecard_of(run, facts, enrolment="acme", day=DAY)
    assert found.ahead == [{"on": day.isoformat(), "rows": []} for day in days_ahead(DAY)]

    made.state("employments", "2023-01-01", None, "job-lee", person="lee")
    made.tables["credentials"] = [row for row in made.tables["credentials"] if row["person"] != "kim"]
    with made.facts() as facts, made.assessed(str(DAY), *map(str, days_ahead(DAY)), keep_facts=True) as run:
        found = scorecard_of(run, facts, enrolment="acme", day=DAY)
    lost = {"ladder": "level", "tier": "gold", "number": "engineers", "value": "1", "line": "2", "records": ["c-ola"]}
    assert [(each["on"], each["rows"]) for each in found.ahead] == [
        ("2026-04-07", []),
        ("2026-04-30", [lost]),
        ("2026-05-30", [lost]),
        ("2026-06-29", [lost]),
    ]


SEVERAL = """
measures:
  basics: {label: Basics, count: person, of: credentials, where: {level: basic}}
  engineers: {label: Engineers, count: person, of: credentials, where: {level: advanced}}
  visits: {label: Visits, count: facts, of: activities, over: ever}
points:
  basic: {based_on: {measure: basics}, earn: {rate: 5}, cap: 5}
  advanced: {based_on: {measure: engineers}, earn: {rate: 30}}
scores:
  skills: {label: Skills, sum: [basic, advanced]}
  total: {label: Points, sum: [skills]}
ladders:
  level:
    tiers: [{id: member}, {id: gold, requires: REQUIRES}]
"""


def _ahead_of(requires: str, credentials: dict[str, tuple[str, str, str | None]], more: str = "") -> list[list[str]]:
    """The records on which gold rests on the last of the days ahead, for each requirement that is missing then."""
    made = World.of(SEVERAL.replace("REQUIRES", requires) + more).event("activities", "2026-01-01", kind="visit")
    for person in {person for person, *_ in credentials.values()}:
        made.state("employments", "2023-01-01", None, f"job-{person}", person=person)
    for key, (person, level, ends) in credentials.items():
        made.state("credentials", "2023-02-01", ends, key, person=person, level=level, code=key)
    with made.facts() as facts, made.assessed(str(DAY), *map(str, days_ahead(DAY)), keep_facts=True) as run:
        return [row["records"] for row in scorecard_of(run, facts, enrolment="acme", day=DAY).ahead[-1]["rows"]]


ENDING = {
    "basic-ola": ("ola", "basic", "2026-04-20"),
    "basic-kim": ("kim", "basic", None),
    "expert-ola": ("ola", "advanced", "2026-04-20"),
    "expert-lee": ("lee", "advanced", "2026-04-20"),
    "other-lee": ("lee", "advanced", None),
}


@pytest.mark.parametrize(
    ("requires", "rests"),
    [
        # Kim fills the limit of what basics give, and Lee has another certificate.
        ("{score: total, at_least: 65}", [["expert-ola"]]),
        ("{measure: basics, at_least: 2}", [["basic-ola"]]),
        ("{any: [{measure: basics, at_least: 2}, {measure: visits, at_least: 1}]}", []),
        ("{any: [{measure: basics, at_least: 2}, {measure: visits, at_least: 2}]}", [["basic-ola"]]),
        ("{all: [{measure: basics, at_least: 1}, {measure: engineers, at_least: 2}]}", [["expert-ola"]]),
    ],
)
def test_a_tier_rests_on_no_record_without_which_it_is_the_same(requires: str, rests: list[list[str]]) -> None:
    assert _ahead_of(requires, ENDING) == rests


@pytest.mark.parametrize("partner", ["tarnwick-labs", "sedgerow-consulting"])
def test_every_number_of_the_shipped_program_is_what_its_lines_come_to(
    tmp_path_factory: pytest.TempPathFactory, partner: str
) -> None:
    folder = write_example(tmp_path_factory.mktemp("example"), partners=3)
    program = load_files(read_program_folder(folder / "program"))
    with read_folder(folder, program) as facts:
        run = assess(program, facts, as_of=DAY, enrolments=[partner], keep_facts=True)
        with closing(run):
            found = scorecard_of(run, facts, enrolment=partner, day=DAY)
    compared = {row["name"]: (Decimal(row["value"] or 0), _together(found, row, program)) for row in found.numbers}
    known = {name: pair for name, pair in compared.items() if pair[1] is not None}
    assert len(known) > 30
    assert {name: pair for name, pair in known.items() if pair[0] != pair[1]} == {}


def _together(found: Card, row: dict[str, Any], program: Program) -> Decimal | None:
    """What the lines of a number come to; None for numbers put together by more than adding up."""
    lines = [line for line in found.lines if line["rule"] in row["rules"] and line["counts"]]
    if row["section"] != "measure":
        return sum((line["amount"] for line in lines if line["kind"] != "counted"), Decimal(0))
    number = program.measures[row["name"]].number
    if row["withheld"] or not isinstance(number, FactNumber):
        return None
    if number.aggregate == "sum":
        return sum((line["amount"] for line in lines), Decimal(0))
    return Decimal(len({line["thing"] or line["record"] for line in lines}))


NESTED = """
measures:
  won: {count: facts, of: activities, where: {kind: won}, over: ever}
  lost: {count: facts, of: activities, where: {kind: lost}, over: ever}
  net: {difference: [won, lost]}
points:
  winning: {based_on: {measure: net}, earn: {rate: 10}}
  planning: {for_each: activities, where: {kind: plan}, earn: 20}
scores:
  total: {sum: [winning, planning]}
"""


def test_a_number_names_what_it_is_put_together_from_itself_and_not_what_that_is_made_of() -> None:
    made = World.of(NESTED)
    made.event("activities", "2026-01-10", kind="won").event("activities", "2026-01-11", kind="plan")
    with made.facts() as facts, made.assessed(str(DAY), keep_facts=True) as run:
        numbers = {row["name"]: row["parts"] for row in scorecard_of(run, facts, enrolment="acme", day=DAY).numbers}
    assert numbers == {
        "total": ["winning", "planning"],
        "winning": ["net"],
        "net": ["won", "lost"],
        **{key: [] for key in ("planning", "won", "lost")},
    }
