"""A word that no rule asks for, and that is nearly one that a rule asks for, is told with what may be meant."""

from __future__ import annotations

from datetime import date

import pytest

from swingby.facts import from_rows, unasked
from swingby.facts.unasked import asked_words, is_nearly
from swingby.program import load_text

RULES = """
program: {id: p, version: '1', effective: 2025-01-01, currency: EUR}
tables: {stages: [won, renewed], level: [advanced, foundation]}
facts: {accepted: {subset_of: activities, where: {status: accepted}}}
measures:
  rigging: {count: person, of: credentials, where: {code: {is_not: [rigging]}, any: [{role: sales}, {role: technical}]}}
  by_level: {by: level, count: person, of: credentials}
  talks: {count: facts, of: accepted, over: ever}
points:
  deals: {for_each: deals, where: {stage: {table: stages}}, earn: {rate: {by: lost_reason, price_too_high: 2, otherwise: 1}, of: amount}}
"""


@pytest.mark.parametrize(
    ("word", "asked", "nearly"),
    [
        ("Rigging", "rigging", True),
        ("riging", "rigging", True),
        ("riggingg", "rigging", True),
        ("rigginh", "rigging", True),
        ("xrigging", "rigging", True),
        ("rigign", "rigging", False),
        ("rigging", "rigging", False),
        ("WON", "won", True),
        ("won1", "won", False),
        ("wan", "won", False),
        ("level2", "level3", False),
        ("level2", "level", False),
        ("ÉTÉ", "été", True),
        ("", "rigging", False),
    ],
)
def test_capitals_and_one_letter_make_a_word_nearly_the_same(word: str, asked: str, *, nearly: bool) -> None:
    assert is_nearly(word, asked) is nearly
    assert is_nearly(asked, word) is nearly


def test_words_are_asked_for_by_filters_cases_cells_tables_and_subsets() -> None:
    program = load_text(RULES).program
    assert program is not None
    assert asked_words(program) == {
        ("activities", "status"): {"accepted"},
        ("credentials", "code"): {"rigging"},
        ("credentials", "role"): {"sales", "technical"},
        ("credentials", "level"): {"advanced", "foundation"},
        ("deals", "stage"): {"won", "renewed"},
        ("deals", "lost_reason"): {"price_too_high"},
    }


def test_only_words_in_force_that_are_nearly_asked_for_are_told() -> None:
    program = load_text(RULES).program
    assert program is not None
    day = {"starts_on": date(2025, 1, 1)}
    codes = ("rigging", "Rigging", "Rigging", "sailing", None, "RIGGING")
    credentials = [{"fact_id": f"c{place}", "person": "a", "code": code, **day} for place, code in enumerate(codes)]
    credentials += [{"fact_id": "taken_back", "reverses": "c5"}]
    events = {"organization": "acme", "happened_on": date(2025, 1, 1)}
    rows = {
        "organizations": [{"organization": "acme"}],
        "enrolments": [{"enrolment": "acme", "organization": "acme", "joined_on": date(2025, 1, 1)}],
        "credentials": credentials,
        "activities": [{"fact_id": "a", "kind": "talk", "status": "acepted", **events}],
        "deals": [{"fact_id": "d", "deal": "d", "stage": "Won", "happened_on": date(2025, 1, 1)}],
    }
    with from_rows(rows, program) as facts:
        assert [str(issue) for issue in facts.errors] == []
        assert [str(found) for found in unasked(facts, program)] == [
            'activities.status: 1 row says "acepted", which no rule asks for; did you mean "accepted"?',
            'credentials.code: 2 rows say "Rigging", which no rule asks for; did you mean "rigging"?',
            'deals.stage: 1 row says "Won", which no rule asks for; did you mean "won"?',
        ]
