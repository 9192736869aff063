"""A backtest of small worlds, worked out by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from swingby.engine.replaying import (
    Comparison,
    Cost,
    Gap,
    GroupCount,
    Loser,
    Move,
    NearLine,
    NotReplayable,
    Price,
    Reason,
    Review,
    Side,
    Stopping,
    TierCount,
    backtest,
    headline,
)
from swingby.errors import SwingbyError
from tests.soundness.worlds import World, on, program_text, read

BODY = """
measures:
  visits: {label: Visits, count: facts, of: activities, over: {last: 6 months}}
  people: {label: People, count: person, of: credentials}
  sales: {label: Sales, sum: amount, of: transactions, over: {last: 12 months}}
ladders:
  level:
    tiers:
      - {id: low}
      - {id: mid, label: Mid, requires: {measure: visits, at_least: 1}}
      - {id: high, label: High, requires: {all: [{measure: visits, at_least: 2}, {measure: people, at_least: 1}]}}
    start: low
    promote: {each: month}
    demote: {each: quarter}
benefits:
  discount: {label: Discount, value: {by: level, low: 5%, mid: 10%, high: 20%}}
  seats: {label: Seats, value: {by: level, high: 3}}
"""
STRICTER = BODY.replace("visits, at_least: 2", "visits, at_least: 3")
PRICES = (Price("discount", "sales"), Price("seats", Decimal(100)))


def made(body: str = BODY) -> World:
    """Three partners: acme and bolt visit twice by April, of whom only acme has somebody certified."""
    world = World.of(body, partners=("acme", "bolt", "cora"))
    for who in ("acme", "bolt"):
        for day in ("2020-03-01", "2020-04-01"):
            world.event("activities", day, kind="x", organization=who)
    world.state("credentials", "2020-01-01", person="ann", level="x").state("employments", "2020-01-01", person="ann")
    return world.event("transactions", "2020-03-03", amount=1000, currency="USD", kind="x")


def version(body: str, *, effective: str = "2022-01-01") -> str:
    return program_text(body).replace("effective: 2020-01-01", f"effective: {effective}").replace("'1'", "'2'")


def replayed(world: World, body: str, first: str, last: str, **options: object) -> Comparison:
    with world.facts() as facts:
        return backtest(
            read(version(body)),
            facts,
            against=world.program,
            first=on(first),
            last=on(last),
            **options,  # type: ignore[arg-type]
        )


MISSED = Reason("high", "high.1", "Visits at least 3", True, Decimal(2), Decimal(3), Decimal(1), "at_least")
DOWN = Move("acme", "level", "high", "mid", "down", (MISSED,))


def test_one_review_is_told_whole() -> None:
    found = replayed(made(), STRICTER, "2020-05-01", "2020-05-31", prices=PRICES)
    assert found == Comparison(
        old=Side("tried", "1", date(2020, 1, 1), date(2020, 1, 1), date(2020, 5, 1)),
        new=Side("tried", "2", date(2022, 1, 1), date(2020, 1, 1), date(2020, 5, 1)),
        currency="USD",
        known="now",
        reviews=(
            Review(
                on=date(2020, 5, 1),
                looks_at=date(2020, 4, 30),
                holds_from=date(2020, 5, 1),
                compared=3,
                moves=(DOWN,),
                unknown=0,
                tiers=(
                    TierCount("level", "high", "High", old=1, new=0, up=0, down=1, aside=0),
                    TierCount("level", "mid", "Mid", old=1, new=2, up=0, down=0, aside=0),
                    TierCount("level", "low", "low", old=1, new=1, up=0, down=0, aside=0),
                ),
            ),
        ),
        stopping=(
            Stopping("old", "level", "mid", "mid", "visits", "Visits at least 1", 1, ("cora",)),
            Stopping("old", "level", "high", "high.1", "visits", "Visits at least 2", 0, ()),
            Stopping("old", "level", "high", "high.2", "people", "People at least 1", 1, ("bolt",)),
            Stopping("new", "level", "mid", "mid", "visits", "Visits at least 1", 1, ("cora",)),
            Stopping("new", "level", "high", "high.1", "visits", "Visits at least 3", 2, ("acme",)),
            Stopping("new", "level", "high", "high.2", "people", "People at least 1", 1, ()),
        ),
        costs=(
            Cost("discount", "Discount", "sales", Decimal(200), Decimal(100), is_yearly=True, unknown=0),
            Cost("seats", "Seats", "100", Decimal(300), Decimal(0), is_yearly=True, unknown=0),
        ),
        worse_off=(Loser("acme", (DOWN,), Decimal(400)),),
        groups=(GroupCount("region", "", 3, up=0, down=1, aside=0),),
    )
    assert headline(found) == (
        "If nobody changed behaviour: 1 of 1 High drops, none rise, USD 100 less Discount a year, "
        "USD 300 less Seats a year."
    )


def test_every_review_of_the_span_is_replayed() -> None:
    found = replayed(made(), STRICTER, "2020-04-01", "2020-07-01")
    assert [(item.on, item.looks_at, [move.enrolment for move in item.moves]) for item in found.reviews] == [
        (date(2020, 4, 1), date(2020, 3, 31), []),
        (date(2020, 5, 1), date(2020, 4, 30), ["acme"]),
        (date(2020, 6, 1), date(2020, 5, 31), ["acme"]),
        (date(2020, 7, 1), date(2020, 6, 30), ["acme"]),
    ]


def test_what_no_longer_stops_a_partner_is_the_reason_to_rise() -> None:
    found = replayed(
        made(),
        BODY.replace("{measure: people, at_least: 1}", "{measure: visits, at_least: 1}"),
        "2020-05-01",
        "2020-05-02",
    )
    reason = Reason("high", "high.2", "People at least 1", False, Decimal(0), Decimal(1), Decimal(1), "at_least")
    assert found.last.moves == (Move("bolt", "level", "mid", "high", "up", (reason,)),)


def test_demotions_wait_for_their_own_reviews() -> None:
    """On 30 September two visits are left, from 1 October none: who is lower in October, is low in January."""
    world = made().event("activities", "2020-04-02", kind="x")
    found = replayed(world, STRICTER, "2020-09-01", "2021-01-01")
    assert [
        [(tier.label, tier.old, tier.new) for tier in item.tiers if tier.tier != "low"] for item in found.reviews
    ] == [
        [("High", 1, 1), ("Mid", 1, 1)],
        [("High", 1, 0), ("Mid", 1, 2)],
        [("High", 1, 0), ("Mid", 1, 2)],
        [("High", 1, 0), ("Mid", 1, 2)],
        [("High", 0, 0), ("Mid", 0, 0)],
    ]


def test_a_partner_who_joins_in_between_is_there_from_then_on() -> None:
    world = made()
    world.enrol("dune", joined_on=date(2020, 5, 15))
    world.event("activities", "2020-05-16", kind="x", organization="dune")
    found = replayed(world, STRICTER, "2020-05-01", "2020-07-01")
    assert [(item.compared, {tier.label: tier.new for tier in item.tiers}) for item in found.reviews] == [
        (3, {"High": 0, "Mid": 2, "low": 1}),
        (4, {"High": 0, "Mid": 3, "low": 1}),
        (4, {"High": 0, "Mid": 3, "low": 1}),
    ]


def test_who_lacks_facts_is_not_compared_and_never_zero() -> None:
    """Bolt is: it has nobody certified, so that visits which are not known cannot change its tier."""
    world = made()
    world.row("coverage", kind="activities", source="log", complete_from="2020-01-01")
    found = replayed(world, STRICTER, "2020-05-01", "2020-08-01")
    assert [(item.on, item.compared, item.unknown) for item in found.reviews] == [
        (date(2020, 5, 1), 1, 2),
        (date(2020, 6, 1), 1, 2),
        (date(2020, 7, 1), 3, 0),
        (date(2020, 8, 1), 3, 0),
    ]
    gap = (Gap("activities", "log", date(2020, 1, 1), None),)
    days = (date(2020, 5, 1), date(2020, 6, 1))
    assert [item for item in found.not_replayable if item.tier == "high"] == [
        NotReplayable("old", "level", "high", "high.1", "Visits at least 2", days, 1, gap),
        NotReplayable("new", "level", "high", "high.1", "Visits at least 3", days, 3, gap),
    ]
    assert found.not_compared == ()


def test_a_part_of_a_kind_may_begin_later_than_the_rest() -> None:
    """The old version counts every activity, which is known; only the rule of the new one, about a part, is not."""
    declared = "facts:\n  seen: {subset_of: activities, where: {kind: x}}\n"
    world = made(declared + BODY)
    world.row("coverage", kind="seen", source="log", complete_from="2020-01-01")
    found = replayed(world, declared + STRICTER.replace("of: activities", "of: seen"), "2020-06-01", "2020-07-01")
    assert [(item.on, item.compared, item.unknown) for item in found.reviews] == [
        (date(2020, 6, 1), 1, 2),
        (date(2020, 7, 1), 3, 0),
    ]
    gap = (Gap("seen", "log", date(2020, 1, 1), None),)
    assert [item for item in found.not_replayable if item.tier == "high"] == [
        NotReplayable("new", "level", "high", "high.1", "Visits at least 3", (date(2020, 6, 1),), 3, gap)
    ]


def test_nobody_compared_is_said() -> None:
    world = made().state("credentials", "2020-01-01", person="ben", level="x")
    world.state("employments", "2020-01-01", person="ben", organization="bolt")
    world.row("coverage", kind="activities", source="log", complete_from="2020-04-20")
    found = replayed(world, STRICTER, "2020-05-01", "2020-05-31")
    assert (found.not_compared, headline(found)) == (
        ("acme", "bolt", "cora"),
        "If nobody changed behaviour: nobody can be compared.",
    )


def test_an_unknown_cost_is_left_out_and_counted() -> None:
    world = made()
    world.row("coverage", kind="transactions", source="erp", complete_from="2020-01-01")
    found = replayed(world, STRICTER, "2020-05-01", "2020-05-31", prices=PRICES)
    assert found.costs == (
        Cost("discount", "Discount", "sales", Decimal(0), Decimal(0), is_yearly=True, unknown=3),
        Cost("seats", "Seats", "100", Decimal(300), Decimal(0), is_yearly=True, unknown=0),
    )
    assert found.worse_off == (Loser("acme", (DOWN,), None),)


NEAR = """
measures: {sales: {label: Sales, sum: amount, of: transactions, over: {last: 12 months}}, visits: {count: facts, of: activities, over: ever}}
ladders:
  level:
    tiers: [{id: low}, {id: high, requires: {any: [{measure: sales, at_least: 1000}, {measure: visits, at_least: 5}]}}]
    promote: {each: month}
    demote: {each: month}
"""


def test_five_per_cent_on_either_side_of_a_line() -> None:
    sales = {"under": 949, "below": 950, "exact": 1000, "above": 1050, "over": 1051, "saved": 990}
    world = World.of(NEAR, partners=tuple(sales))
    for who, amount in sales.items():
        world.event("transactions", "2020-03-03", organization=who, amount=amount, currency="USD", kind="x")
    for day in range(1, 6):
        world.event("activities", f"2020-03-0{day}", organization="saved", kind="x")
    found = replayed(world, NEAR, "2020-04-01", "2020-04-30")
    line = ("Sales at least 1000", Decimal(1000))
    assert found.near == tuple(
        NearLine(who, "level", "high", "high.1", line[0], Decimal(sales[who]), line[1], is_met)
        for who, is_met in (("above", True), ("exact", True), ("below", False))
    )


# --- what was known when --------------------------------------------------------------------------------------------


def at(day: str) -> datetime:
    return datetime.combine(date.fromisoformat(day), datetime.min.time(), UTC)


ONE_CHECK = """
measures: {sales: {label: Sales, sum: amount, of: transactions, over: {last: 12 months}}}
ladders:
  level:
    tiers: [{id: select}, {id: gold, requires: {measure: sales, at_least: 150}}]
    start: select
    promote: {each: month}
    demote: {each: month}
"""


def corrected() -> World:
    """Sales that make gold on 1 February, of which a part is cancelled in March."""
    world = World.of(ONE_CHECK)
    world.event("transactions", "2020-01-10", "t1", amount=100, currency="USD", kind="x", recorded_at=at("2020-01-10"))
    world.event("transactions", "2020-01-28", "t2", amount=60, currency="USD", kind="x", recorded_at=at("2020-01-28"))
    return world.row("transactions", fact_id="t3", reverses="t2", recorded_at=at("2020-03-10"))


@pytest.mark.parametrize(("known", "held"), [("then", [1, 1, 0]), ("now", [0, 0, 0])])
def test_a_late_correction_is_seen_by_earlier_reviews_only_in_hindsight(known: str, held: list[int]) -> None:
    found = replayed(corrected(), ONE_CHECK, "2020-02-01", "2020-04-01", known=known)
    assert [next(tier.old for tier in item.tiers if tier.tier == "gold") for item in found.reviews] == held
    assert [item.moves for item in found.reviews] == [(), (), ()]


@pytest.mark.parametrize(("known", "value"), [("then", 160), ("now", 100)])
def test_reasons_know_what_the_review_knew(known: str, value: int) -> None:
    easier, harder = (ONE_CHECK.replace("at_least: 150", f"at_least: {line}") for line in (90, 170))
    world = replace(corrected(), program=read(program_text(easier)))
    found = replayed(world, harder, "2020-02-01", "2020-02-01", known=known)
    reason = Reason(
        "gold", "gold", "Sales at least 170", True, Decimal(value), Decimal(170), Decimal(170 - value), "at_least"
    )
    assert found.last.moves == (Move("acme", "level", "gold", "select", "down", (reason,)),)


# --- what cannot be compared ----------------------------------------------------------------------------------------


def test_a_ladder_that_follows_the_day_is_looked_at_monthly() -> None:
    daily = BODY.replace("promote: {each: month}", "promote: {each: day}").replace("{each: quarter}", "{each: day}")
    found = replayed(World.of(daily), daily, "2020-02-10", "2020-05-09")
    assert [(item.on, item.looks_at) for item in found.reviews] == [
        (day, day) for day in (date(2020, 3, 1), date(2020, 4, 1), date(2020, 5, 1))
    ]


ANNIVERSARY = """
calendars: {member: {starts: joined}}
measures: {visits: {count: facts, of: activities, over: ever}}
ladders:
  level:
    tiers: [{id: low}, {id: high, requires: {measure: visits, at_least: 1}}]
    start: low
    promote: {each: member year}
    demote: [{each: member year}]
"""


def test_anniversaries_are_reviews_of_those_who_joined_on_that_day() -> None:
    world = World.of(ANNIVERSARY, partners=())
    for name, joined in (("acme", date(2020, 3, 5)), ("bolt", date(2020, 6, 7))):
        world.enrol(name, joined_on=joined).event("activities", "2020-07-01", organization=name, kind="x")
    found = replayed(world, ANNIVERSARY.replace("at_least: 1}", "at_least: 2}"), "2021-01-01", "2021-12-31")
    assert [(item.on, [move.enrolment for move in item.moves]) for item in found.reviews] == [
        (date(2021, 3, 5), ["acme"]),
        (date(2021, 6, 7), ["acme", "bolt"]),
    ]


@pytest.mark.parametrize(
    ("prices", "message"),
    [
        ((Price("rebate", Decimal(1)),), "Benefits cannot be priced: there is no benefit rebate."),
        (
            (Price("discount", "turnover"),),
            "Benefits cannot be priced: version 1 has no measure turnover; version 2 has no measure turnover.",
        ),
    ],
    ids=["benefit", "measure"],
)
def test_a_price_that_cannot_be_used_is_refused(prices: tuple[Price, ...], message: str) -> None:
    with pytest.raises(SwingbyError) as caught:
        replayed(made(), STRICTER, "2020-05-01", "2020-05-31", prices=prices)
    assert (caught.value.code, caught.value.message) == ("price-unusable", message)


def test_a_span_without_a_review_is_refused() -> None:
    with pytest.raises(SwingbyError) as caught:
        replayed(made(), STRICTER, "2020-05-02", "2020-05-31")
    assert caught.value.code == "no-reviews"


def test_versions_without_a_common_ladder_are_refused() -> None:
    with pytest.raises(SwingbyError) as caught:
        replayed(made(), BODY.replace("level", "rank"), "2020-05-01", "2020-05-31")
    assert (caught.value.code, caught.value.message) == (
        "nothing-to-compare",
        "The two versions have no ladder of the same name and cells: level and rank.",
    )


def test_an_outcome_is_looked_at_from_the_day_on_which_it_holds() -> None:
    later = BODY.replace("promote: {each: month}", "promote: {each: quarter, effective: {after: 1 month}}")
    later = later.replace("demote: {each: quarter}", "demote: never")
    stricter = later.replace("visits, at_least: 1", "visits, at_least: 3")
    found = replayed(replace(made(), program=read(program_text(later))), stricter, "2020-04-01", "2020-08-15")
    assert [
        (item.on, item.looks_at, item.holds_from, [move.enrolment for move in item.moves]) for item in found.reviews
    ] == [
        (date(2020, 4, 1), date(2020, 3, 31), date(2020, 5, 1), ["acme", "bolt"]),
        (date(2020, 7, 1), date(2020, 6, 30), date(2020, 8, 1), ["bolt"]),
    ]


def test_very_many_anniversaries_are_looked_at_monthly() -> None:
    world = World.of(ANNIVERSARY, partners=())
    for number in range(160):
        world.enrol(f"p{number}", joined_on=date(2020, 1, 1) + timedelta(days=number))
    world.event("activities", "2020-07-01", organization="p40", kind="x")
    found = replayed(world, ANNIVERSARY.replace("at_least: 1}", "at_least: 2}"), "2021-01-01", "2021-06-15")
    assert (found.by_month, [(item.on, [move.enrolment for move in item.moves]) for item in found.reviews]) == (
        True,
        [(date(2021, month, 1), ["p40"] if month > 2 else []) for month in range(1, 7)]
        + [(date(2021, 6, 15), ["p40"])],
    )
