"""What caps allow on a day: how much, in which days, and when the count begins anew."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from swingby.engine import counts_on, limits_on
from swingby.program import Program, load_text

JOINED = date(2025, 2, 10)
HEAD = """\
program: {id: p, label: P, language: 1, version: "1", effective: 2025-01-01, currency: USD}
calendars: {fiscal: {starts: 02-01}, membership: {starts: joined}}
tracks: {size: {otherwise: small, cases: [{is: large, requires: {measure: people, at_least: 5}}]}}
measures:
  people: {count: person, of: employments}
  this_year: {count: facts, of: activities, over: {current: fiscal year}}
points:
"""
TALKS = "for_each: activities, where: {kind: talk}, earn: 4"


def program(rule: str) -> Program:
    found = load_text(f"{HEAD}  talks: {{{rule}}}\n")
    assert found.program is not None, found.issues
    return found.program


@pytest.mark.parametrize(
    ("rule", "at_most", "anew_on"),
    [
        (f"{TALKS}, cap: {{at_most: 20, per: fiscal quarter}}", "20", date(2026, 5, 1)),
        (f"{TALKS}, cap: {{at_most: 20, per: membership year}}", "20", date(2027, 2, 10)),
        (f"{TALKS}, cap: {{at_most: {{initially: 8, 2026-03-01: 12}}, per: month}}", "12", date(2026, 4, 1)),
        (f"{TALKS}, cap: {{at_most: {{by: size, large: 50, otherwise: 10}}}}", "50", None),
        (f"{TALKS}, cap: {{at_most: {{measure: people}}, per: year}}", None, date(2027, 1, 1)),
        (f"{TALKS}, cap: 30", "30", None),
        ("based_on: {measure: this_year}, earn: {rate: 2}, cap: 30", "30", date(2027, 2, 1)),
    ],
)
def test_how_much_and_until_when(rule: str, at_most: str | None, anew_on: date | None) -> None:
    rules = program(rule)
    known = {"size": "large"}
    (limit,) = limits_on(rules, rules.points["talks"], date(2026, 3, 31), joined_on=JOINED, known=known)

    assert (limit.at_most, limit.anew_on) == (Decimal(at_most) if at_most else None, anew_on)
    assert limit.is_shared


def test_a_limit_for_each_person_is_not_shared_and_a_lower_limit_is_none() -> None:
    rules = program(f"{TALKS}, cap: [{{at_most: 3, per: fact}}, {{at_least: 0}}]")
    found = limits_on(rules, rules.points["talks"], date(2026, 3, 31), joined_on=JOINED, known={})

    assert [(limit.at_most, limit.is_shared) for limit in found] == [(Decimal(3), False)]


@pytest.mark.parametrize(("day", "counts"), [("2026-02-28", False), ("2026-03-01", True), ("2026-04-01", False)])
def test_a_campaign_counts_in_its_days(day: str, *, counts: bool) -> None:
    rules = program("for_each: activities, over: {from: 2026-03-01, through: 2026-03-31}, where: {kind: talk}, earn: 4")
    assert counts_on(rules, rules.points["talks"], date.fromisoformat(day), joined_on=JOINED) is counts
