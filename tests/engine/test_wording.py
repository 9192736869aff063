"""How far a number is from its line, and what a part of a group has to do with its tier, in words."""

from __future__ import annotations

from decimal import Decimal

import pytest

from swingby.engine import bearings, gap_words
from tests.soundness.worlds import World


@pytest.mark.parametrize(
    ("gap", "test", "is_place", "words"),
    [
        ("2", "at_least", False, "2 to go"),
        ("1200.50", "at_least", False, "1,200.5 to go"),
        ("0.5", "above", False, "more than 0.5 to go"),
        ("0", "above", False, "must be more"),
        ("1", "at_most", False, "1 too many"),
        ("0.03", "at_most", False, "0.03 too much"),
        ("3", "below", False, "more than 3 too many"),
        ("0", "below", False, "must be less"),
        ("0", "at_least", False, ""),
        ("1", "at_most", True, "1 place to go"),
        ("4", "at_most", True, "4 places to go"),
        ("4", "is", False, "4 away"),
        (None, "is", False, ""),
    ],
)
def test_the_distance_to_a_line(*, gap: str | None, test: str, is_place: bool, words: str) -> None:
    assert gap_words(None if gap is None else Decimal(gap), test, is_place=is_place) == words


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ("g all unmet, g.1 number unmet, g.2 number met", "asked asked asked"),
        ("g any unmet, g.1 number unmet, g.2 number unmet", "asked asked asked"),
        ("g any met, g.1 number unmet, g.2 number met", "asked not_needed not_needed"),
        ("g count met, g.1 all unmet, g.1.1 number met, g.1.2 number unmet", "asked not_needed not_needed not_needed"),
        ("g all unmet, g.1 any met, g.1.1 number unmet, g.2 number unmet", "asked asked not_needed asked"),
        ("g none met, g.1 number unmet, g.2 all unmet, g.2.1 number met", "asked must_not must_not not_needed"),
        ("g none unmet, g.1 all met, g.1.1 number met, g.1.2 any met, g.1.2.1 status unmet", "asked" + " must_not" * 4),
        ("g none unmet, g.1 none met, g.1.1 number unmet", "asked must_not not_needed"),
    ],
)
def test_what_the_parts_of_groups_have_to_do_with_the_tier(rows: str, expected: str) -> None:
    told = bearings((path, kind, result) for path, kind, result in (row.split() for row in rows.split(", ")))
    assert list(told.values()) == [word.replace("_", " ") for word in expected.split()]


RANKED = """
measures:
  sales: {sum: quantity, of: transactions, over: ever}
  place: {rank: {measure: sales}}
ladders:
  by_top: {tiers: [{id: gold, requires: {measure: place, top: 1}}]}
  by_line: {tiers: [{id: gold, requires: {all: [{measure: place, at_most: 1}, {measure: sales, at_most: 4}]}}]}
"""


def test_a_place_in_a_ranking_is_told_from_a_number_that_must_stay_low() -> None:
    made = World.of(RANKED, partners=("acme", "bolt", "cord"))
    for nth, name in enumerate(("acme", "bolt", "cord"), start=5):
        made.event("transactions", "2024-01-01", quantity=nth, organization=name)
    tiers = made.standing("2024-02-01").tiers
    rows = [*tiers["by_top"].rows["gold"], *tiers["by_line"].rows["gold"][1:]]
    said = [(row.value, gap_words(row.gap, row.test, is_place=row.is_place)) for row in rows]
    assert said == [(3, "2 places to go"), (3, "2 places to go"), (5, "1 too many")]
