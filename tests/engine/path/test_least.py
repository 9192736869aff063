"""Whether a path says that nothing costs less: only where that can be shown."""

from __future__ import annotations

import pytest

from tests.engine.path.tried import Facts, path_of, people

pytestmark = pytest.mark.slow
STAFF: Facts = {"employments": people("ann", "bob", "cyd", "dan")}
PROGRAM = """
measures:
  visits: {{count: facts, of: activities, where: {{kind: visit}}, over: {window}, control: controllable, effort: {{hours: 2}}}}
  talks: {{count: facts, of: activities, where: {{kind: {talks}}}, over: ever, control: controllable, effort: {{hours: 3}}}}
  certified: {{count: person, of: credentials, where: {{code: one}}, control: controllable, effort: {{hours: 20}}}}
  months: {{count: month, over: {{from: joined}}}}
  quarters: {{count: {{measure: visits, at_least: {often}}}, each: quarter, over: {{current: 2 quarters}}}}
  share: {{ratio: [talks, visits]}}
  distance: {{difference: [talks, visits]}}
points:
  visited: {{for_each: activities, where: {{kind: visit}}, earn: 10, cap: {{at_most: 20, per: {period}}}}}
  people: {{based_on: {{measure: certified}}, earn: {{rate: 10}}, cap: 30}}
scores: {{total: {{sum: [visited, people]}}}}
ladders:
  level:
    tiers: [{{id: member}}, {{id: gold, requires: {{all: [{requires}]}}}}]
    promote: {{each: {review}}}
    demote: {{each: year}}
"""
USUAL = {
    "window": "{last: 12 months}",
    "talks": "talk",
    "often": "1",
    "period": "quarter",
    "requires": "{score: total, at_least: 40}",
    "review": "month",
}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, True),
        ({"requires": "{measure: visits, at_least: 3}, {measure: certified, at_least: 2}"}, True),
        ({"requires": "{measure: quarters, at_least: 2}"}, True),
        # Two visits a quarter are needed together: one alone says nothing of that.
        ({"requires": "{measure: quarters, at_least: 2}", "often": "2"}, False),
        # More than forty of one act are not looked at.
        ({"requires": "{measure: visits, at_least: 41}"}, False),
        # Every visit lowers what is asked for.
        ({"requires": "{measure: visits, at_least: 1}, {measure: share, at_least: 1}"}, False),
        ({"requires": "{measure: visits, at_least: 1}, {measure: distance, at_least: 1}"}, False),
        ({"requires": "{measure: visits, at_least: 1}, {measure: visits, at_most: 5}"}, False),
        # One of two kinds stands for both.
        ({"requires": "{measure: talks, at_least: 1}", "talks": "[talk, course]"}, False),
        # More than twelve days on which an act may be done.
        ({"period": "week"}, False),
        # On days without anything new time alone may bring the tier.
        ({"requires": "{score: total, at_least: 20}, {measure: months, at_least: 14}", "review": "day"}, False),
    ],
)
def test_a_path_is_called_the_least_only_where_that_is_shown(changes: dict[str, str], *, expected: bool) -> None:
    path = path_of(PROGRAM.format(**(USUAL | changes)), STAFF)
    assert path.is_least == expected


def test_people_who_are_left_out_may_be_cheaper() -> None:
    counted = [f"p{nth}" for nth in range(8)]
    ending = [
        {"person": name, "code": "one", "starts_on": "2023-01-01", "ends_on": f"2024-{nth + 2:02}-15", "fact_id": name}
        for nth, name in enumerate(counted[1:])
    ]
    facts: Facts = {"employments": people(*counted), "credentials": ending}
    requires = {"requires": "{measure: certified, at_least: 8}"}
    assert path_of(PROGRAM.format(**(USUAL | requires)), facts).is_least is False
