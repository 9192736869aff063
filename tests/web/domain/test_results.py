from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from swingby.engine import NumberResult, RequirementRow, Standing, TierStanding
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
