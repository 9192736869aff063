"""Rows that meet in several ways count once: no fan-out over links, no chasm between kinds."""

from __future__ import annotations

from decimal import Decimal

from tests.soundness.worlds import World

DAY = "2024-06-30"
NUMBERS = """
measures:
  people: {count: person, of: credentials}
  certificates: {count: facts, of: credentials}
  codes: {count: code, of: credentials}
  staff: {count: person, of: employments}
  deals: {count: facts, of: deals, over: ever}
  booked: {sum: amount, of: deals, over: ever}
  mean: {average: amount, of: deals, over: ever}
  least: {least: amount, of: deals, over: ever}
  greatest: {greatest: amount, of: deals, over: ever}
  used: {sum: quantity, of: usage, over: ever}
  customers: {count: customer, of: associations}
  trainings: {count: facts, of: activities, over: ever}
  per_person: {ratio: [booked, people]}
points:
  certified: {for_each: credentials, earn: 10}
  won: {for_each: deals, earn: {rate: 10%, of: amount}}
  learned: {for_each: activities, earn: 1}
scores: {total: {sum: [certified, won, learned]}}
"""


def sold() -> World:
    """A person certified twice, two deals, three trainings, one customer that used something."""
    made = World.of(NUMBERS)
    made.state("employments", "2024-01-01", person="ann", office="north")
    made.state("credentials", "2024-01-01", person="ann", code="one").state(
        "credentials", "2024-01-01", person="ann", code="two"
    )
    made.state("deal_parties", "2024-01-01", deal="d1", role="seller").state(
        "deal_parties", "2024-01-01", deal="d2", role="seller"
    )
    made.event("deals", "2024-02-01", deal="d1", stage="won", amount=100, currency="USD")
    made.event("deals", "2024-02-01", deal="d2", stage="won", amount=300, currency="USD")
    made.state("associations", "2024-01-01", customer="c1", product="keep")
    made.event("usage", "2024-03-01", customer="c1", quantity=7)
    for day in ("2024-04-01", "2024-04-02", "2024-04-03"):
        made.event("activities", day, kind="training_completed")
    return made


EXPECTED = {
    "people": 1,
    "certificates": 2,
    "codes": 2,
    "staff": 1,
    "deals": 2,
    "booked": 400,
    "mean": 200,
    "least": 100,
    "greatest": 300,
    "used": 7,
    "customers": 1,
    "trainings": 3,
    "per_person": 400,
    "certified": 20,
    "won": 40,
    "learned": 3,
    "total": 63,
}


def test_one_link_each() -> None:
    assert sold().values(DAY) == EXPECTED


def test_two_employments_of_one_person_count_once() -> None:
    made = sold().state("employments", "2024-03-01", person="ann", office="south")
    assert made.values(DAY) == EXPECTED


def test_two_links_of_a_deal_and_of_a_customer_count_once() -> None:
    made = sold()
    made.state("deal_parties", "2024-01-01", deal="d1", role="source").state(
        "deal_parties", "2024-01-15", deal="d1", role="deliverer"
    )
    made.state("associations", "2024-02-01", customer="c1", product="chart")
    assert made.values(DAY) == EXPECTED


def test_links_through_two_organizations_of_one_partner_count_once() -> None:
    made = sold().organize("acme north", parent="acme")
    made.state("employments", "2024-01-01", organization="acme north", person="ann")
    made.state("deal_parties", "2024-01-01", organization="acme north", deal="d1", role="seller")
    made.state("associations", "2024-01-01", organization="acme north", customer="c1")
    assert made.values(DAY) == EXPECTED


def test_a_deal_of_two_partners_counts_whole_for_each() -> None:
    made = sold().enrol("bolt").state("deal_parties", "2024-01-01", organization="bolt", deal="d1")
    assert made.values(DAY) == EXPECTED
    assert {name: made.values(DAY, "bolt")[name] for name in ("deals", "booked", "people")} == {
        "deals": 1,
        "booked": 100,
        "people": 0,
    }


def test_kinds_beside_each_other_do_not_multiply() -> None:
    """Twenty more trainings and people change neither bookings nor usage."""
    made = sold()
    for number in range(20):
        made.event("activities", "2024-05-01", kind="training_completed")
        made.state("employments", "2024-01-01", person=f"p{number}")
        made.state("credentials", "2024-01-01", person=f"p{number}", code="one")
    found = made.values(DAY)
    more = {
        "people": 21,
        "certificates": 22,
        "staff": 21,
        "trainings": 23,
        "certified": 220,
        "learned": 23,
        "total": 283,
    }
    assert {**found, "per_person": None} == {**EXPECTED, **more, "per_person": None}
    assert str(found["per_person"]) == "19.047619047619"


def test_a_link_that_ended_before_the_event_gives_nothing() -> None:
    made = World.of(NUMBERS)
    made.state("deal_parties", "2024-01-01", "2024-02-01", deal="d1")
    made.event("deals", "2024-02-01", deal="d1", stage="won", amount=100, currency="USD")
    made.event("deals", "2024-01-31", deal="d1", stage="won", amount=1, currency="USD")
    found = made.values(DAY)
    assert (found["deals"], found["booked"], found["won"]) == (1, 1, Decimal("0.1"))


def test_a_leaver_takes_certificates_along_on_the_day() -> None:
    made = World.of(NUMBERS)
    made.state("employments", "2024-01-01", "2024-06-01", person="ann")
    made.state("credentials", "2023-01-01", person="ann", code="one")
    assert made.over("people", "2024-05-31", "2024-06-01") == [1, 0]
    assert made.over("certified", "2023-12-31", "2024-01-01", "2024-05-31", "2024-06-01") == [0, 10, 10, 0]


def test_links_that_say_no_share_split_equally() -> None:
    made = World.of(
        """
facts: {subs: {shape: state, columns: {member: id}}}
measures:
  half: {sum: quantity, of: usage, over: ever, credit: {through: subs, matching: member, several: split}}
  first: {sum: quantity, of: usage, over: ever, credit: {through: subs, matching: member, several: earliest}}
""",
        partners=("acme", "bolt"),
    )
    made.state("subs", "2024-01-01", member="c1").state("subs", "2024-01-02", member="c1", organization="bolt")
    made.event("usage", "2024-02-01", customer="c1", quantity=6)
    assert (made.values(DAY), made.values(DAY, "bolt")) == ({"half": 3, "first": 6}, {"half": 3, "first": 0})


def test_what_has_no_cells_is_the_same_in_each_of_them() -> None:
    made = World.of(
        """
tables: {region: [emea, apac, americas]}
measures:
  deals: {count: facts, of: transactions, over: ever}
  everywhere: {sum: {measure: deals}, each: region}
  reached: {count: {measure: deals, at_least: 2}, each: region}
"""
    )
    made.event("transactions", "2024-02-01").event("transactions", "2024-03-01")
    assert made.values(DAY) == {"deals": 2, "everywhere": 6, "reached": 3}
