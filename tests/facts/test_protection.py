"""Decisions that are to protect a tier and name none of the ladder are told, with their row."""

from __future__ import annotations

from datetime import date

from swingby.facts import RowIssue, from_rows
from tests.program.reading import loaded

LADDERS = """
ladders:
  level: {tiers: [{id: low}, {id: high}], protect: exception}
  other: {tiers: [{id: badge}], protect: exception}
  plain: {tiers: [{id: x}]}
"""


def test_an_outcome_that_is_no_tier_is_told() -> None:
    outcomes = ["high", "badge", "hihg", None, "x"]
    rows = [
        {
            "fact_id": f"d{place}",
            "organization": "acme",
            "topic": "exception",
            "outcome": outcome,
            "starts_on": date(2024, 1, 1),
        }
        for place, outcome in enumerate(outcomes)
    ]
    other = {
        "fact_id": "o",
        "organization": "acme",
        "topic": "plan",
        "outcome": "approved",
        "starts_on": date(2024, 1, 1),
    }
    with from_rows({"decisions": [*rows, other, {"fact_id": "r", "reverses": "d0"}]}, loaded(LADDERS)) as facts:
        found = facts.issues
    said = (
        "tier-unknown",
        "It protects nothing: it is no tier of the ladder.",
        "Write one of low, high, badge.",
        "warning",
    )
    assert [
        (issue.line, issue.column, issue.value, issue.code, issue.reason, issue.hint, issue.level) for issue in found
    ] == [(line, "outcome", value, *said) for line, value in ((3, "hihg"), (4, ""), (5, "x"))]
    assert all(isinstance(issue, RowIssue) for issue in found)
