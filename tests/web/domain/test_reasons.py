"""Why a record does not count is said from the program and the record."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from swingby.program import Program
from swingby.web.domain.programs import load_files
from swingby.web.domain.queries.reasons import Asked, taken_away, why_not
from swingby.web.models import ScorecardLine

DAY = date(2026, 3, 31)
PROGRAM = """
program: {id: example, label: Example, language: 1, version: "1", effective: 2025-01-01, currency: USD}
measures:
  services:
    label: Services delivered
    count: facts
    of: activities
    where: {kind: service_delivered, rating: {at_least: 4}, status: [accepted, checked]}
    over: {last: 12 months}
  talks: {label: Talks, count: facts, of: activities, where: {kind: talk}, over: {current: month}}
  named: {label: Named, count: facts, of: activities, where: {kind: visit, person: {exists: true}}, over: ever}
  engineers: {label: Engineers, count: person, of: credentials, where: {level: advanced}}
  share: {label: Share, ratio: [services, talks]}
points:
  launch: {label: Launch, for_each: activities, where: {kind: launch}, over: {from: 2026-01-01, through: 2026-01-31}, earn: 5}
"""


def _program() -> Program:
    return load_files({"program.yaml": PROGRAM})


def _activity(**more: Any) -> dict[str, Any]:
    unsaid = dict.fromkeys(("rating", "person", "cancelled_on", "reversed_position"))
    return {**unsaid, "happened_on": date(2026, 3, 1), "status": "accepted", **more}


def _service(**more: Any) -> dict[str, Any]:
    return _activity(kind="service_delivered", rating=Decimal(5), **more)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (_activity(kind="lunch"), [("", "No rule of the program counts “lunch”.")]),
        (
            _activity(kind="service_delivered", rating=Decimal("3.50")),
            [("Services delivered", "It asks that rating is at least 4; the record says 3.5.")],
        ),
        (
            _activity(kind="service_delivered"),
            [("Services delivered", "It asks that rating is at least 4; the record does not say it.")],
        ),
        (
            _activity(kind="service_delivered", rating=Decimal(2), status="submitted"),
            [
                (
                    "Services delivered",
                    (
                        "It asks that rating is at least 4; the record says 2."
                        " It asks that status is “accepted” or “checked”; the record says submitted."
                    ),
                )
            ],
        ),
        (
            {**_service(), "happened_on": date(2025, 3, 31)},
            [("Services delivered", "It looks at what was in the last 12 months, and the record is of 31 March 2025.")],
        ),
        (_service(), []),
        (
            {**_activity(kind="talk"), "happened_on": date(2026, 2, 28)},
            [("Talks", "It looks at what was in the current month so far, and the record is of 28 February 2026.")],
        ),
        (
            _activity(kind="launch"),
            [
                (
                    "Launch",
                    "It looks at what was from 1 January 2026 through 31 January 2026, and the record is of 1 March 2026.",
                )
            ],
        ),
        (
            _activity(kind="visit"),
            [("Named", "It asks that person is given; the record does not say it.")],
        ),
        ({**_service(), "cancelled_on": date(2026, 3, 5)}, [("", "It was cancelled on 5 March 2026.")]),
        ({**_service(), "reversed_position": 7}, [("", "It was taken out.")]),
        ({**_service(), "happened_on": date(2026, 4, 2)}, [("", "Its day, 2 April 2026, is still to come.")]),
    ],
)
def test_an_activity_says_why_it_does_not_count(row: dict[str, Any], said: list[tuple[str, str]]) -> None:
    asked = Asked(kind="activities", row=row, as_of=DAY, joined_on=date(2025, 1, 1))
    assert [(each.label, each.words) for each in why_not(_program(), asked)] == said


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"level": "basic", "ends_on": None}, ["No rule of the program counts records like this one."]),
        ({"level": "advanced", "ends_on": date(2026, 3, 1)}, ["It ended on 28 February 2026."]),
        ({"level": "advanced", "ends_on": None}, []),
    ],
)
def test_a_credential_does_so_too(row: dict[str, Any], said: list[str]) -> None:
    asked = Asked(kind="credentials", row={"starts_on": date(2025, 1, 1), **row}, as_of=DAY, joined_on=date(2025, 1, 1))
    assert [each.words for each in why_not(_program(), asked)] == said


def test_nothing_is_said_against_a_rule_for_which_a_record_counts() -> None:
    row = _activity(kind="service_delivered", rating=Decimal(1))
    asked = Asked(kind="activities", row=row, as_of=DAY, joined_on=DAY, counting={"services"})
    assert why_not(_program(), asked) == ()


def test_a_limit_that_took_all_is_the_reason() -> None:
    def line(rule: str, kind: str, amount: int) -> ScorecardLine:
        return ScorecardLine(rule=rule, kind=kind, counts=True, amount=Decimal(amount))

    lines = [line("a", "entry", 20), line("a", "cap", -20), line("b", "entry", 20), line("b", "cap", -5)]
    lines += [line("c", "entry", 4), line("c", "gate", -4), line("d", "counted", 1)]
    assert taken_away(lines) == {
        "a": "The limit of this rule is used up.",
        "c": "What this rule asks for first is not met.",
    }
