from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from swingby.engine import HistoryLine, NumberResult, RequirementRow, Standing, TierStanding
from swingby.program import Program, load_text
from swingby.web.domain.results import computed

PROGRAM = """
program: {id: example, label: Example, language: 1, version: "1", effective: 2025-01-01, currency: USD}
measures:
  engineers:
    label: Engineers
    count: person
    of: credentials
    control: controllable
    effort: {hours: 100, lead_days: 60}
  visits:
    label: Visits
    count: facts
    of: activities
    where: {kind: visit}
    over: {last: 12 months}
    control: controllable
    effort: {hours: 1}
ladders:
  level:
    tiers:
      - {id: member}
      - {id: gold, requires: {all: [{measure: engineers, at_least: 8}, {measure: visits, at_least: 1}]}}
    start: member
"""


def _program() -> Program:
    loaded = load_text(PROGRAM)
    assert loaded.errors == ()
    assert loaded.program is not None
    return loaded.program


def _row(path: str, name: str, *, value: int, line: int) -> RequirementRow:
    gap = Decimal(max(line - value, 0))
    result = "unmet" if gap else "met"
    return RequirementRow(path, "number", name, name, result, Decimal(value), Decimal(line), gap, "at_least")  # type: ignore[arg-type]


def _standing(*, engineers: int, visits: int) -> Standing:
    whole = RequirementRow("gold", "all", "", "all", "unmet", None, None, None)
    rows = (
        whole,
        _row("gold.1", "engineers", value=engineers, line=8),
        _row("gold.2", "visits", value=visits, line=1),
    )
    tier = TierStanding("level", "member", "member", "gold", None, None, False, {"gold": rows})
    numbers = {
        "engineers": NumberResult(Decimal(engineers), "known"),
        "visits": NumberResult(Decimal(visits), "known"),
    }
    return Standing("one", date(2026, 3, 31), {"level": tier}, numbers, {})


@pytest.mark.parametrize(
    ("engineers", "words"),
    [
        (3, "about 500 hours, 100 each"),
        (7, "about 100 hours"),
    ],
)
def test_the_effort_of_a_closed_gate_is_that_of_all_that_is_missing(engineers: int, words: str) -> None:
    result = computed(_standing(engineers=engineers, visits=1), _program()).result

    assert [(row["title"], row["effort"]) for row in result["actions"]] == [
        (f"Engineers: {'one' if engineers == 7 else 8 - engineers} more", words)
    ]


def test_one_hour_is_said_in_the_singular() -> None:
    result = computed(_standing(engineers=8, visits=0), _program()).result

    assert [row["effort"] for row in result["actions"]] == ["about 1 hour"]


TRACKS = """
program: {id: example, label: Example, language: 1, version: "1", effective: 2025-01-01, currency: USD}
tracks:
  model: {chosen: business_model, otherwise: resell}
measures:
  deals: {label: Deals, count: facts, of: deals, over: {last: 12 months}, control: controllable}
  jobs: {label: Jobs, count: facts, of: activities, where: {kind: job}, over: {last: 12 months}, control: controllable}
ladders:
  level:
    tiers:
      - {id: member}
      - id: gold
        requires:
          all:
            - any:
                - all: [{track: model, is: resell}, {measure: deals, at_least: 100}]
                - all: [{track: model, is: consult}, {measure: jobs, at_least: 2}]
            - {measure: deals, at_least: 200}
    start: member
"""


def _either(first: str, rows: tuple[RequirementRow, ...]) -> Standing:
    whole = RequirementRow("gold", "all", "", "all", "unmet", None, None, None)
    group = RequirementRow("gold.1", "any", "", "any of", first, None, None, None)  # type: ignore[arg-type]
    tier = TierStanding("level", "member", "member", "gold", None, None, False, {"gold": (whole, group, *rows)})
    return Standing("one", date(2026, 3, 31), {"level": tier}, {}, {})


def _group(path: str, result: str) -> RequirementRow:
    return RequirementRow(path, "all", "", "all of", result, None, None, None)  # type: ignore[arg-type]


def _track(path: str, result: str) -> RequirementRow:
    return RequirementRow(path, "status", "model", "model", result, None, None, None)  # type: ignore[arg-type]


def _tracks() -> Program:
    loaded = load_text(TRACKS)
    assert loaded.errors == ()
    assert loaded.program is not None
    return loaded.program


def test_the_way_of_another_track_is_neither_near_nor_worth_doing() -> None:
    rows = (
        _group("gold.1.1", "unmet"),
        _track("gold.1.1.1", "met"),
        _row("gold.1.1.2", "deals", value=1, line=100),
        _group("gold.1.2", "unmet"),
        _track("gold.1.2.1", "unmet"),
        _row("gold.1.2.2", "jobs", value=1, line=2),
    )
    result = computed(_either("unmet", rows), _tracks()).result

    assert [gate["note"] for gate in result["gates"]] == ["Nearest: Deals: 99 more"]
    assert [row["title"] for row in result["actions"]] == ["Deals: 99 more"]


def test_nothing_is_worth_doing_for_what_is_met_another_way() -> None:
    rows = (_row("gold.1.1", "deals", value=100, line=100), _row("gold.1.2", "jobs", value=1, line=2))
    result = computed(_either("met", rows), _tracks()).result

    assert result["actions"] == []


@pytest.mark.parametrize(
    ("cap", "points", "note"),
    [
        (-4, "0", "No points: what this rule gives is used up for now."),
        (-1, "3", "Only what the limit of this rule left."),
        (None, "4", ""),
    ],
)
def test_a_line_shows_the_points_that_its_cap_left(cap: int | None, points: str, note: str) -> None:
    day = date(2026, 3, 26)
    lines = [HistoryLine("training", "Training", "entry", day, Decimal(4), "act-1")]
    if cap is not None:
        lines.append(HistoryLine("training", "Training", "cap", day, Decimal(cap), "act-1"))
    result = computed(_standing(engineers=8, visits=1), _program(), history=lines).result

    assert result["history"] == [
        {"day": "2026-03-26", "what": "Training", "points": points, "state": "counted", "note": note}
    ]
    assert result["history_total"] == 1


def test_points_from_numbers_are_lines_behind_those_of_single_records() -> None:
    day = date(2026, 3, 26)
    lines = [
        HistoryLine("staff", "Staff", "recomputed", date(2026, 3, 31), Decimal(90)),
        HistoryLine("staff", "Staff", "cap", date(2026, 3, 31), Decimal(-40)),
        HistoryLine("training", "Training", "entry", day, Decimal(4), "act-1"),
    ]
    result = computed(_standing(engineers=8, visits=1), _program(), history=lines).result

    assert [(line["day"], line["what"], line["points"], line["note"]) for line in result["history"]] == [
        ("2026-03-26", "Training", "4", ""),
        ("2026-03-31", "Staff", "50", "Only what the limit of this rule left."),
    ]
    assert result["history_total"] == 2


LOW = """
program: {id: example, label: Example, language: 1, version: "1", effective: 2025-01-01, currency: USD}
measures:
  calls: {label: Calls, count: facts, of: activities, over: {current: quarter}, control: controllable, effort: {hours: 2}}
  owed: {label: Owed, unit: USD, sum: amount, of: transactions, over: ever}
  share: {label: Share, ratio: [calls, owed]}
points: {mark: {for_each: activities, earn: 1}}
scores: {marks: {label: Marks, sum: [mark]}}
ladders:
  level:
    tiers: [{id: member}, {id: gold, requires: {measure: calls, at_most: 1}}]
    start: member
"""


def _low_program() -> Program:
    loaded = load_text(LOW)
    assert loaded.program is not None, loaded.issues
    return loaded.program


def _low(name: str, test: str, gap: str, **more: bool) -> RequirementRow:
    value = Decimal(gap) + 1
    return RequirementRow("gold", "number", name, name, "unmet", value, Decimal(1), Decimal(gap), test, **more)  # type: ignore[arg-type]


def _gates(*rows: RequirementRow) -> Mapping[str, Any]:
    tier = TierStanding("level", "member", "member", "gold", None, None, False, {"gold": rows})
    numbers = {"calls": NumberResult(Decimal(0), "known")}
    return computed(Standing("one", date(2026, 3, 31), {"level": tier}, numbers, {}), _low_program()).result


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (_low("calls", "at_most", "1"), "one too many"),
        (_low("calls", "at_most", "2"), "2 too many"),
        (_low("calls", "at_most", "0.5"), "0.5 too much"),
        (_low("owed", "at_most", "1200"), "USD 1,200 too much"),
        (_low("share", "below", "0.021"), "2.1 percentage points too much"),
        (_low("share", "at_least", "0.01"), "1 percentage point more"),
        (_low("marks", "at_least", "1"), "1 more point"),
        (_low("marks", "at_most", "5"), "5 points too many"),
        (_low("calls", "below", "0"), "less is asked"),
        (_low("calls", "above", "0"), "a little more is asked"),
        (_low("calls", "at_most", "3", is_place=True), "3 places to go"),
        (_low("calls", "at_least", "1"), "one more"),
    ],
)
def test_what_is_missing_or_too_much_in_words(row: RequirementRow, words: str) -> None:
    assert [gate["words"] for gate in _gates(row)["gates"]] == [words]


@pytest.mark.parametrize(
    ("tier", "demote", "keeps"),
    [
        ("{id: gold, requires: {measure: calls, at_least: 3}}", "{each: year}", ["one more"]),
        (
            "{id: gold, requires: {measure: calls, at_least: 3}, keeps: {measure: calls, at_least: 1}}",
            "{each: year}",
            None,
        ),
        (
            "{id: gold, requires: {measure: calls, at_least: 3}}",
            "{each: year, keeps: {measure: calls, at_least: 1}}",
            None,
        ),
    ],
)
def test_what_earns_a_tier_is_not_called_what_keeps_it(tier: str, demote: str, keeps: list[str] | None) -> None:
    ladder = f"{{tiers: [{{id: member}}, {tier}], start: member, promote: {{each: quarter}}, demote: {demote}}}"
    loaded = load_text(LOW[: LOW.index("ladders:")] + f"ladders: {{level: {ladder}}}\n")
    assert loaded.program is not None, loaded.issues
    row = RequirementRow("gold", "number", "calls", "calls", "unmet", Decimal(2), Decimal(3), Decimal(1), "at_least")
    held = TierStanding("level", "gold", "gold", "gold", None, None, False, {"gold": (row,)})
    found = computed(Standing("one", date(2026, 3, 31), {"level": held}, {}, {}), loaded.program).result

    assert [gate["words"] for gate in found["keeps"]] == (keeps or [])
    assert found.get("kept_otherwise", False) is (keeps is None)


def test_nobody_is_advised_to_do_more_of_what_must_stay_low() -> None:
    assert _gates(_low("calls", "at_most", "2"))["actions"] == []
    assert [row["title"] for row in _gates(_low("calls", "at_least", "2"))["actions"]] == ["Calls: 2 more"]


def test_nobody_is_advised_to_do_what_must_not_be() -> None:
    group = RequirementRow("gold", "none", "", "none of", "unmet", None, None, None)
    bad = RequirementRow("gold.1", "status", "barred", "barred", "met", None, None, None)
    other = replace(_low("owed", "at_least", "2"), path="gold.2", name="calls")
    titles = [row["title"] for row in _gates(group, bad, other)["actions"]]
    assert titles == ["Calls: not done yet"]
