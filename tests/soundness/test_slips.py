"""Small answers worked out by hand, each for a slip that nothing else in this folder would notice."""

from __future__ import annotations

from tests.soundness.worlds import World

VISITS = "measures: {visits: {count: facts, of: activities, where: {kind: visit}, over: {last: 1 month}}}"


def visited(body: str, *days: str, kind: str = "visit", header: str = "") -> World:
    """A world with one activity on each day."""
    made = World.of(body, header=header)
    for day in days:
        made.event("activities", day, kind=kind, quantity=1)
    return made


# --- days -----------------------------------------------------------------------------------------------------------


def test_a_month_before_the_thirty_first_begins_on_the_last_day_of_february() -> None:
    """A month before 31 March, the end of the 30th, is 29 February."""
    made = visited(VISITS, "2024-02-29")
    assert made.over("visits", "2024-03-29", "2024-03-30", "2024-03-31") == [1, 1, 0]


def test_months_without_facts_count_in_the_mean() -> None:
    body = """
measures:
  visits: {count: facts, of: activities, over: {current: month}}
  mean: {average: {measure: visits}, each: month, over: {previous: 3 months}}
"""
    assert visited(body, *["2024-01-10"] * 6).over("mean", "2024-03-31") == [2]


def test_a_word_leaves_its_list_on_the_day() -> None:
    body = """
tables: {accepted: [{is: visit, until: 2024-03-01}]}
measures: {visits: {count: facts, of: activities, where: {kind: {table: accepted}}, over: ever}}
"""
    assert visited(body, "2024-01-10").over("visits", "2024-02-29", "2024-03-01") == [1, 0]


def test_an_entry_has_the_value_of_its_day() -> None:
    """1 for 29 February, 5 for 1 March, whenever one asks."""
    body = "points: {visited: {for_each: activities, earn: {rate: {initially: 1, 2024-03-01: 5}}}}"
    made = visited(body, "2024-02-29", "2024-03-01")
    assert made.over("visited", "2024-02-29", "2024-03-01", "2024-06-30") == [1, 6, 6]


def test_an_entry_asks_what_held_on_its_day() -> None:
    """A talk on 1 February: the visit before it earns nothing, also when one asks later."""
    body = """
measures: {talks: {count: facts, of: activities, where: {kind: talk}, over: ever}}
points:
  visited: {for_each: activities, where: {kind: visit}, earn: 1, requires: {measure: talks, at_least: 1}}
"""
    made = visited(body, "2024-01-10", "2024-02-20").event("activities", "2024-02-01", kind="talk")
    assert made.over("visited", "2024-01-31", "2024-02-01", "2024-02-20") == [0, 0, 1]


def test_three_of_nine_times_three_are_one() -> None:
    body = "points: {visited: {for_each: activities, earn: {rate: 3, per: 9, of: quantity}}}"
    made = World.of(body).event("activities", "2024-01-10", kind="visit", quantity=3)
    assert made.over("visited", "2024-01-10") == [1]


def test_a_rate_holds_from_its_own_day_until_the_next_one() -> None:
    made = World.of("measures: {booked: {sum: amount, of: transactions, over: {current: month}}}")
    for day, rate in (("2024-01-01", 2), ("2024-02-01", 3)):
        made.row("exchange_rates", currency="EUR", valued_on=day, rate=rate)
    for day in ("2024-01-31", "2024-02-01"):
        made.event("transactions", day, amount=100, currency="EUR")
    assert made.over("booked", "2024-01-31", "2024-02-01") == [200, 300]


# --- facts ----------------------------------------------------------------------------------------------------------

BEST = """
measures:
  best: {count: facts, of: transactions, over: ever, pick: {highest: 1, column: amount, per: customer}, where: {kind: a}}
  middle: {median: amount, of: transactions, over: ever}
"""


def test_facts_are_picked_before_the_filter_and_ties_go_to_the_least_id() -> None:
    """Of c1 the a is picked, the least id of two equal ones; of c2 the b, which the filter leaves out."""
    made = World.of(BEST)
    for fact, customer, kind, amount in (
        ("1", "c1", "a", 5),
        ("2", "c1", "b", 5),
        ("3", "c2", "b", 7),
        ("4", "c2", "a", 6),
    ):
        made.event("transactions", "2024-01-10", fact, customer=customer, kind=kind, amount=amount, currency="USD")
    assert made.values("2024-06-30") == {"best": 1, "middle": 5.5}


def test_a_cap_is_filled_by_entries_that_have_expired() -> None:
    """8 in January; in February 2 of 7 fit into the quarter, though January's have expired by then."""
    body = """
points:
  visited:
    {for_each: activities, earn: {rate: 1, of: quantity}, cap: {at_most: 10, per: quarter}, expires: {after: 1 month}}
"""
    made = World.of(body)
    made.event("activities", "2024-01-10", quantity=8, kind="visit").event(
        "activities", "2024-02-20", quantity=7, kind="visit"
    )
    assert [made.values(day)["visited"] for day in ("2024-02-09", "2024-02-25")] == [8, 2]


def test_those_who_are_not_yet_enrolled_have_no_rank() -> None:
    body = """
measures:
  visits: {count: facts, of: activities, over: ever}
  place: {rank: {measure: visits}, peers: organization.country}
"""
    made = World.of(body, partners=()).enrol("acme", country="DE").enrol("bolt", country="DE", joined_on="2024-03-01")
    for day in ("2024-01-10", "2024-01-11"):
        made.event("activities", day, organization="bolt", kind="visit")
    made.event("activities", "2024-01-10", organization="acme", kind="visit")
    assert made.over("place", "2024-02-29", "2024-03-01") == [1, 2]


# --- tiers ----------------------------------------------------------------------------------------------------------


def test_399_of_1000_are_not_forty_percent() -> None:
    body = """
measures:
  won: {sum: quantity, of: activities, where: {kind: won}, over: ever}
  share: {ratio: [won, {sum: quantity, of: activities, over: ever}]}
ladders: {level: {tiers: [{id: low}, {id: high, requires: {measure: share, at_least: 40%}}]}}
"""
    made = World.of(body).event("activities", "2024-01-10", kind="won", quantity=399)
    made.event("activities", "2024-01-11", kind="lost", quantity=601)
    assert made.held("level", "2024-01-10", "2024-01-11") == ["high", "low"]
    made.event("activities", "2024-01-12", kind="won", quantity=2)
    made.event("activities", "2024-01-13", kind="lost", quantity="0.5")
    assert made.held("level", "2024-01-12", "2024-01-13") == ["high", "high"]


def test_the_latest_decision_is_in_force() -> None:
    body = """
ladders: {level: {tiers: [{id: low}, {id: high, requires: {decision: audit, is: passed}}]}}
"""
    made = World.of(body).state("decisions", "2024-01-01", topic="audit", outcome="passed")
    made.state("decisions", "2024-02-01", topic="audit", outcome="failed")
    assert made.held("level", "2024-01-31", "2024-02-01") == ["high", "low"]


LADDER = """
measures:
  visits: {{count: facts, of: activities, where: {{kind: visit}}, over: {{last: {length}}}}}
  talks: {{count: facts, of: activities, where: {{kind: talk}}, over: {{last: 1 month}}}}
ladders:
  level:
    tiers: [{{id: low}}, {{id: mid, requires: {{measure: visits, at_least: 1}}}}, {{id: high, requires: {{measure: {top}}}}}]
    start: low
    {clocks}
"""
MONTHLY = "promote: {each: month}\n    demote: {each: month}"


def test_who_earns_more_at_a_review_does_not_fall_at_it() -> None:
    """In January a visit, in February a talk but no visit: high is earned when mid is lost."""
    made = visited(LADDER.format(length="1 month", top="talks, at_least: 1", clocks=MONTHLY), "2024-01-10")
    made.event("activities", "2024-02-20", kind="talk")
    assert made.held("level", "2024-02-01", "2024-03-01", "2024-04-01") == ["mid", "high", "low"]


def test_one_step_at_a_time() -> None:
    clocks = "promote: {each: month, one_step: true}\n    demote: never"
    made = visited(
        LADDER.format(length="3 months", top="visits, at_least: 2", clocks=clocks), "2024-01-10", "2024-01-20"
    )
    assert made.held("level", "2024-02-01", "2024-03-01") == ["mid", "high"]


def test_the_last_protected_day_protects() -> None:
    body = LADDER.format(length="1 month", top="visits, at_least: 9", clocks=MONTHLY)
    made = visited(body, "2024-01-10", header="protected_through: 2024-03-01")
    assert made.held("level", "2024-02-01", "2024-03-01", "2024-04-01") == ["mid", "mid", "low"]


def test_grace_reaches_back_to_its_first_day() -> None:
    """Ten days before 30 April is 20 April: a visit of 21 January counts on it for the last time, one of the 20th not."""
    clocks = "promote: {each: month}\n    demote: {dates: [05-01], grace: 10 days}"
    body = LADDER.format(length="3 months", top="visits, at_least: 9", clocks=clocks)
    assert [visited(body, day).held("level", "2024-05-01") for day in ("2024-01-20", "2024-01-21")] == [
        ["low"],
        ["mid"],
    ]


# --- runs and accounts ----------------------------------------------------------------------------------------------


def awarded(schedule: str) -> str:
    return f"points: {{visited: {{for_each: activities, earn: 1, awarded: {schedule}}}}}"


def test_a_run_confirms_what_is_dated_before_it() -> None:
    made = visited(awarded("{each: month}"), "2024-01-31", "2024-02-01")
    assert made.over("visited", "2024-01-31", "2024-02-01", "2024-02-29", "2024-03-01") == [0, 1, 1, 2]


def test_a_run_confirms_what_is_dated_before_its_cut_off() -> None:
    made = visited(awarded("{each: month, cut_off: 2 days}"), "2024-01-29", "2024-01-30")
    assert made.over("visited", "2024-02-01", "2024-02-29", "2024-03-01") == [1, 1, 2]


def test_a_run_on_a_saturday_is_held_on_monday_and_on_a_holiday_the_day_after() -> None:
    """1 June 2024 is a Saturday."""
    made = visited(awarded("{each: month, business_day: next}"), "2024-05-10")
    assert made.over("visited", "2024-06-02", "2024-06-03") == [0, 1]
    made.row("holidays", day="2024-06-03")
    assert made.over("visited", "2024-06-03", "2024-06-04") == [0, 1]


def test_a_part_below_its_minimum_goes_elsewhere() -> None:
    """40% of 200 is 80, below 100; with 100 more it is 120."""
    body = """
accounts: {rebate: {unit: USD}, coop: {unit: USD}}
incentives:
  earned:
    for_each: transactions
    earn: {rate: 1, of: amount}
    split: [{share: 60%, into: rebate}, {share: 40%, into: coop, at_least: 100, per: quarter, otherwise: rebate}]
measures:
  in_rebate: {sum: [{account: rebate}]}
  in_coop: {sum: [{account: coop}]}
"""
    made = World.of(body)
    for day, amount in (("2024-02-01", 200), ("2024-03-01", 100)):
        made.event("transactions", day, amount=amount, currency="USD")
    assert [made.over(name, "2024-02-29", "2024-03-01") for name in ("in_rebate", "in_coop")] == [[200, 180], [0, 120]]


def test_what_is_cancelled_leaves_its_account_on_the_day() -> None:
    body = """
accounts: {wallet: {unit: USD}}
incentives: {earned: {for_each: transactions, earn: {rate: 1, of: amount}, into: wallet}}
measures: {held: {sum: [{account: wallet}]}}
"""
    made = World.of(body)
    made.event("transactions", "2024-01-10", amount=100, currency="USD", cancelled_on="2024-02-10")
    made.event("transactions", "2024-01-20", amount=30, currency="USD")
    assert made.over("held", "2024-02-09", "2024-02-10") == [130, 30]
