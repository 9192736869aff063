"""A tier that is held and not kept: what is foretold is held against the walks that take it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

import pytest

from swingby.engine import Mending, mendings
from tests.soundness.worlds import World, on

RULES = """
measures:
  people: {label: People, count: person, of: credentials}
  sales: {label: Sales, sum: quantity, of: transactions, over: {last: 2 months}}
ladders:
  level:
    start: low
    tiers: [{id: low}, {id: mid, requires: {measure: people, at_least: 1}}, {id: high, %s}]
    promote: {each: month%s}
    demote: %s
"""
EARNS = "requires: {measure: people, at_least: 2}"


def world(demote: str, *, earns: str = EARNS, hold: str = "", header: str = "") -> World:
    """Three people, two of whom leave one after the other in the summer of 2024."""
    made = World.of(RULES % (earns, hold, demote), header=header)
    for person, until in (("ann", "2024-06-11"), ("ben", "2024-08-21"), ("cy", None)):
        made.state("employments", "2020-01-01", until, person=person)
        made.state("credentials", "2023-01-01", person=person)
    return made.event("transactions", "2024-05-01", quantity=5)


def told(made: World, day: str) -> Mapping[str, Mending]:
    """What is to be mended on a day."""
    with made.facts() as facts, made.assessed(day) as run:
        return mendings(run, facts, "acme")


def the_only(made: World, day: str) -> Mending:
    """What is to be mended on the ladder."""
    found = told(made, day)
    assert list(found) == ["level"]
    return found["level"]


def test_nothing_is_said_of_a_tier_that_is_kept() -> None:
    made = world("{dates: [02-01, 10-01], grace: 30 days}")
    assert told(made, "2024-08-20") == {}
    assert told(made, "2024-10-01") == {}


@pytest.mark.parametrize("day", ["2024-08-21", "2024-09-30"])
def test_since_when_until_when_and_what_then(day: str) -> None:
    found = the_only(world("{dates: [02-01, 10-01], grace: 30 days}"), day)
    assert found == Mending(
        tier="high",
        missed_since=on("2024-08-21"),
        last_met=on("2024-08-20"),
        mend_until=on("2024-09-30"),
        has_grace=True,
        lost_on=on("2024-10-01"),
        holds_from=on("2024-10-01"),
        then="mid",
    )


def test_a_review_that_grace_spares_is_told_and_the_next_one_takes() -> None:
    made = world("{each: month, grace: 60 days}")
    before = the_only(made, "2024-08-25")
    assert (before.kept_on, before.mend_until, before.lost_on) == (None, on("2024-10-31"), on("2024-11-01"))
    after = the_only(made, "2024-10-01")
    assert (after.kept_on, after.mend_until, after.lost_on) == (on("2024-10-01"), on("2024-10-31"), on("2024-11-01"))


def test_without_grace_it_must_be_met_on_the_last_day() -> None:
    found = the_only(world("{each: quarter, effective: {after: 10 days}}"), "2024-09-01")
    assert (found.has_grace, found.mend_until) == (False, on("2024-09-30"))
    assert (found.lost_on, found.holds_from, found.then) == (on("2024-10-01"), on("2024-10-11"), "mid")


def test_what_a_review_has_taken_already_cannot_be_mended() -> None:
    found = the_only(world("{each: quarter, effective: {after: 10 days}}"), "2024-10-05")
    assert (found.lost_on, found.mend_until, found.holds_from) == (on("2024-10-01"), None, on("2024-10-11"))


def test_a_hold_and_protected_days_put_it_off() -> None:
    held = world("{each: quarter}", hold=", hold: {after: 24 months}")
    assert the_only(held, "2024-09-01").lost_on == on("2025-04-01")
    protected = world("{each: quarter}", header="protected_through: 2024-10-01")
    assert the_only(protected, "2024-09-01").lost_on == on("2025-01-01")


def test_what_keeps_a_tier_may_be_another_rule_than_what_earns_it() -> None:
    own = f"{EARNS}, keeps: {{measure: sales, at_least: 1}}"
    found = the_only(world("{each: quarter}", earns=own), "2024-07-10")
    assert (found.missed_since, found.lost_on, found.then) == (on("2024-07-01"), on("2024-10-01"), "mid")
    assert told(world("{each: quarter}", earns=own), "2024-06-01") == {}
    of_review = world("[{each: year}, {each: month, keeps: {measure: sales, at_least: 1}}]")
    assert the_only(of_review, "2024-07-10").lost_on == on("2024-08-01")


def test_a_ladder_that_is_never_demoted_loses_nothing() -> None:
    assert told(world("never"), "2024-09-01") == {"level": Mending("high", on("2024-08-21"), on("2024-08-20"))}


def test_what_was_never_met_is_missed_since_the_first_day_and_long_ago_is_not_dated() -> None:
    made = World.of(RULES % (EARNS, "", "{each: year}")).row(
        "tier_decisions",
        organization="acme",
        ladder="level",
        effect="at_least",
        tier="high",
        starts_on=on("2020-01-01"),
    )
    assert the_only(made, "2020-03-01").missed_since == on("2020-01-01")
    found = the_only(made, "2022-03-01")
    assert (found.missed_since, found.last_met, found.lost_on) == (None, None, None)


def back_again(demote: str, promote: str) -> World:
    """One who leaves before the review of July and another who comes after it: what keeps high is met again."""
    rules = (RULES % (EARNS, "", demote)).replace("promote: {each: month}", f"promote: {promote}")
    made = World.of(rules)
    for person, since, until in (
        ("ann", "2020-01-01", "2024-06-11"),
        ("ben", "2020-01-01", None),
        ("cy", "2024-07-20", None),
    ):
        made.state("employments", since, until, person=person)
        made.state("credentials", since, person=person)
    return made


@pytest.mark.parametrize(("day", "is_met"), [("2024-07-10", False), ("2024-07-25", True), ("2024-08-29", True)])
def test_what_was_taken_is_told_also_when_it_is_met_again(day: str, *, is_met: bool) -> None:
    """It was silent while it was met, and named the next review's day when it was missed once more."""
    made = back_again("{each: quarter, effective: {after: 60 days}}", "{each: year}")
    found = the_only(made, day)
    assert made.held("level", "2024-08-29", "2024-08-30") == ["high", "mid"]
    assert (found.is_met, found.lost_on, found.holds_from) == (is_met, on("2024-07-01"), on("2024-08-30"))
    assert (found.then, found.mend_until) == ("mid", None)


def test_what_is_given_back_before_it_holds_is_not_told() -> None:
    made = back_again("{each: quarter, effective: {after: 60 days}}", "{each: month}")
    assert made.held("level", "2024-08-30") == ["high"]
    assert told(made, "2024-07-25") == {}


CELLS = """
tables: {product: [cloud, data]}
measures: {certified: {count: person, of: credentials, by: product}}
ladders:
  badge:
    by: product
    tiers: [{id: expert, requires: {measure: certified, at_least: 1}%s}]
    promote: {each: month}
    demote: {each: year, grace: 90 days}
"""


def test_cells_each_have_their_own_days() -> None:
    own = ", keeps: {measure: certified, at_least: 1}"
    for keeps in ("", own):
        made = World.of(CELLS % keeps)
        for person, product, until in (("ann", "cloud", "2024-06-11"), ("ben", "data", None)):
            made.state("employments", "2020-01-01", until, person=person)
            made.state("credentials", "2023-01-01", person=person, product=product)
        found = told(made, "2024-07-20")
        expected = {"badge[cloud]": (on("2024-06-11"), on("2025-01-01"), None)}
        assert {name: (each.missed_since, each.lost_on, each.then) for name, each in found.items()} == (
            {} if keeps else expected
        )


@pytest.mark.slow
@pytest.mark.parametrize(
    "demote",
    [
        "{each: month}",
        "{each: month, grace: 45 days}",
        "{dates: [02-01, 10-01], grace: 2 months, one_step: true}",
        "[{each: year}, {each: quarter, grace: 10 days, effective: {after: 5 days}}]",
    ],
)
def test_the_tier_is_lost_on_the_day_that_was_foretold(demote: str) -> None:
    """A year, day by day: a tier that falls was foretold on the day before, and what is foretold comes."""
    made = world(demote)
    days = [date(2024, 5, 1) + timedelta(days=index) for index in range(10, 330, 24)]
    every = [(date(2024, 5, 1) + timedelta(days=index)).isoformat() for index in range(420)]
    held = dict(zip(every, made.held("level", *every), strict=True))
    for day in days:
        for each in told(made, day.isoformat()).values():
            assert each.holds_from is not None
            assert held[each.holds_from.isoformat()] == each.then != each.tier
            assert held[(each.holds_from - timedelta(days=1)).isoformat()] == each.tier
