"""Nothing to count, nothing to divide by, nobody enrolled."""

from __future__ import annotations

import pytest

from swingby.errors import SwingbyError
from tests.soundness.worlds import World, on

DAY = "2024-06-30"
NUMBERS = """
measures:
  counted: {count: facts, of: activities, over: ever}
  people: {count: person, of: credentials}
  summed: {sum: amount, of: deals, over: ever}
  mean: {average: amount, of: deals, over: ever}
  least: {least: amount, of: deals, over: ever}
  greatest: {greatest: amount, of: deals, over: ever}
  share: {ratio: [people, counted]}
  share_or_one: {ratio: [people, counted], undefined: 1}
  growth: {growth: [counted, {measure: counted, ago: 12 months}]}
  based: {ratio: [people, counted], base: 4}
  less: {difference: [counted, people]}
  times: {product: [counted, people]}
  both: {sum: [counted, share]}
  better: {greatest: [counted, share]}
  months: {sum: {measure: counted}, each: month, over: {last: 3 months}}
points:
  rated: {based_on: {measure: share}, earn: {rate: 10}}
  entered: {for_each: activities, earn: 5}
scores: {total: {sum: [rated, entered]}}
requirements:
  half: {measure: share, at_least: 50%}
  not_half: {none: [{measure: share, at_least: 50%}]}
  half_or_one: {measure: share_or_one, at_least: 1}
  few: {measure: counted, at_most: 0}
ladders:
  level: {tiers: [{id: some, requires: {measure: counted, at_least: 1}}, {id: sharing, requires: {measure: share, at_least: 50%}}]}
  open: {tiers: [{id: everybody}, {id: active, requires: {measure: counted, at_least: 1}}]}
"""
WITHOUT_FACTS = {
    "counted": 0,
    "people": 0,
    "summed": 0,
    "mean": "undefined",
    "least": "undefined",
    "greatest": "undefined",
    "share": "undefined",
    "share_or_one": 1,
    "growth": "undefined",
    "based": "undefined",
    "less": 0,
    "times": 0,
    "both": "undefined",
    "better": "undefined",
    "months": 0,
    "rated": 0,
    "entered": 0,
    "total": 0,
}


def test_a_partner_without_facts() -> None:
    assert World.of(NUMBERS).values(DAY) == WITHOUT_FACTS


def test_a_partner_without_facts_beside_a_busy_one() -> None:
    made = World.of(NUMBERS, partners=("acme", "bolt"))
    made.event("activities", "2024-01-01", organization="bolt", kind="x")
    made.state("employments", "2024-01-01", organization="bolt", person="ann").state(
        "credentials", "2024-01-01", person="ann", code="one"
    )
    made.state("deal_parties", "2024-01-01", organization="bolt", deal="d")
    made.event("deals", "2024-02-01", deal="d", stage="won", amount=5, currency="USD")
    assert made.values(DAY) == WITHOUT_FACTS


def test_undefined_is_unmet_and_its_negation_is_met() -> None:
    standing = World.of(NUMBERS).standing(DAY)
    assert standing.requirements == {"half": "unmet", "not_half": "met", "half_or_one": "met", "few": "met"}
    assert {name: tier.tier for name, tier in standing.tiers.items()} == {"level": None, "open": "everybody"}


def test_an_undefined_row_has_no_gap() -> None:
    rows = World.of(NUMBERS).standing(DAY).tiers["level"].rows
    assert [(row.value, row.gap, row.result) for row in (*rows["some"], *rows["sharing"])] == [
        (0, 1, "unmet"),
        (None, None, "unmet"),
    ]


def test_nobody_enrolled() -> None:
    with World.of(NUMBERS, partners=()).assessed(DAY) as found:
        assert list(found) == []


def test_not_yet_and_no_longer_enrolled() -> None:
    made = World.of(NUMBERS, partners=())
    made.enrol("acme", joined_on="2024-02-01", ended_on="2024-04-01")
    with made.assessed("2024-01-31", "2024-02-01", "2024-03-31", "2024-04-01") as found:
        assert [str(standing.as_of) for standing in found] == ["2024-02-01", "2024-03-31"]
        with pytest.raises(SwingbyError) as raised:
            found.standing("acme", on("2024-04-01"))
    assert raised.value.code == "partner-unknown"


def test_the_history_of_nothing_is_empty() -> None:
    with World.of(NUMBERS).assessed(DAY) as found:
        assert (found.history("acme", "total"), dict(found.histories("total"))) == ((), {"acme": ()})


def test_a_missing_amount_is_not_zero() -> None:
    made = World.of(NUMBERS).state("deal_parties", "2024-01-01", deal="d")
    made.event("deals", "2024-02-01", deal="d", stage="won", amount=4, currency="USD")
    made.event("deals", "2024-02-02", deal="d", stage="won")
    found = made.values(DAY)
    assert {name: found[name] for name in ("summed", "mean", "least")} == {"summed": 4, "mean": 4, "least": 4}


def test_a_share_below_its_base_is_undefined() -> None:
    made = World.of(NUMBERS).state("employments", "2024-01-01", person="ann")
    made.state("credentials", "2024-01-01", person="ann", code="one")
    for _ in range(3):
        made.event("activities", "2024-01-01", kind="x")
    assert made.values(DAY)["based"] == "undefined"
    made.event("activities", "2024-01-01", kind="x")
    assert str(made.values(DAY)["based"]) == "0.25"


@pytest.mark.parametrize(
    "number",
    [
        "{growth: [{measure: visits}, {measure: visits, ago: 12 months}]}",
        "{ratio: [{measure: visits}, {measure: visits}]}",
        "{least: score, of: surveys, over: {current: month}}",
        "{average: score, of: surveys, over: {current: month}}",
        "{median: score, of: surveys, over: {current: month}}",
    ],
)
@pytest.mark.parametrize("each", ["", "each: month, "])
def test_an_undefined_number_earns_nothing_where_a_scale_gives_something_from_zero(number: str, each: str) -> None:
    """Least, average and median of nothing earned what the scale gives for 0, month by month; growth and ratios did not."""
    world = World.of(f"""
measures:
  visits: {{count: facts, of: activities, over: {{current: month}}}}
  asked: {number}
points:
  earned: {{based_on: {{measure: asked}}, {each}earn: {{steps: {{0: 1, 2: 5}}}}}}
""")
    assert (world.values(DAY)["asked"], world.values(DAY)["earned"]) == ("undefined", 0)
