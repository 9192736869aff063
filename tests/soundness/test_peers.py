"""Ranks and peers: who is compared with whom, also when only some partners are asked about."""

from __future__ import annotations

from datetime import date

import pytest

from swingby.engine import assess
from swingby.facts import from_rows
from swingby.program import Program, load_text

PROGRAM = """
program: {id: tried, language: 1, version: '1', effective: 2024-01-01, currency: USD}
measures:
  sales: {sum: quantity, of: transactions, over: {last: 12 months}}
  place: {rank: {measure: sales}, peers: organization.country}
  firms: {count: {measure: sales, above: 0}, each: enrolment, peers: organization.country}
ladders:
  level:
    tiers: [{id: member}, {id: premier, requires: {measure: place, top: 50%}}]
    promote: {each: month}
    demote: {each: month, grace: 10 days}
"""
COUNTRIES = {"a": "NO", "b": "NO", "c": "NO", "d": "SE", "e": "NO"}
SALES = {"a": 10, "b": 30, "c": 20, "d": 5}


def program() -> Program:
    found = load_text(PROGRAM).program
    assert found is not None
    return found


def rows() -> dict[str, list[dict[str, object]]]:
    """Five firms: e left before the day; a, b, c are Norwegian, d is alone in Sweden."""
    enrolments: list[dict[str, object]] = [
        {"enrolment": name, "organization": name, "joined_on": date(2024, 1, 1)} for name in COUNTRIES
    ]
    enrolments[-1]["ended_on"] = date(2024, 3, 1)
    sold = [
        {"organization": name, "happened_on": date(2024, 2, 1), "quantity": amount} for name, amount in SALES.items()
    ]
    organizations = [{"organization": name, "country": country} for name, country in COUNTRIES.items()]
    return {"organizations": organizations, "enrolments": enrolments, "transactions": sold}  # type: ignore[dict-item]


@pytest.mark.parametrize("chosen", [None, ("a",), ("a", "c")])
def test_a_rank_is_among_those_enrolled_on_the_day_whoever_is_asked_about(chosen: tuple[str, ...] | None) -> None:
    with from_rows(rows(), program()) as facts:
        found = assess(program(), facts, as_of=date(2024, 6, 30), enrolments=chosen)
        places = {standing.enrolment: standing.numbers["place"].value for standing in found}
        tiers = {standing.enrolment: standing.tiers["level"].tier for standing in found}
        found.close()
    all_places, all_tiers = (
        {"a": 3, "b": 1, "c": 2, "d": 1},
        {"a": "member", "b": "premier", "c": "member", "d": "member"},
    )
    names = chosen or tuple(all_places)
    assert places == {name: all_places[name] for name in names}
    assert tiers == {name: all_tiers[name] for name in names}


def test_peers_are_counted_with_oneself() -> None:
    with from_rows(rows(), program()) as facts:
        found = assess(program(), facts, as_of=date(2024, 6, 30))
        counted = {standing.enrolment: standing.numbers["firms"].value for standing in found}
        found.close()
    assert counted == {"a": 3, "b": 3, "c": 3, "d": 1}
