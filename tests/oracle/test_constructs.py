"""Constructs that no published case needs, each with an example worked out by hand."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from swingby.program import FACT_KINDS

from . import evaluate, ledger
from .making import Making, on, sales

HEAD = "program: {id: x, effective: 2023-02-01, currency: USD}\n"
AS_OF = on("2024-06-30")


def numbers(made: Making, day: str = "2024-06-30", enrolment: str = "e1") -> dict[str, Any]:
    """Every number of a partner on a day."""
    return evaluate(made.world(), enrolment, on(day)).numbers


def measure(spec: str, rest: str = "") -> Making:
    """A partner of a program with one measure ``x``."""
    return Making(f"{HEAD}{rest}measures:\n  x: {spec}\n")


@pytest.mark.parametrize(
    ("window", "days"),
    [
        ("{last: 1 month}", ["2024-06-01", "2024-06-30"]),
        ("{last: [1 month, 15 days]}", ["2024-05-17", "2024-06-30"]),
        ("{previous: month}", ["2024-06-01", "2024-06-30"]),
        ("{previous: 2 quarters}", ["2024-01-01", "2024-06-30"]),
        ("{current: 2 months}", ["2024-05-01", "2024-06-30"]),
        ("{previous: month, ago: 1 day}", ["2024-05-01", "2024-05-31"]),
        ("{from: 2024-05-03, through: 2024-05-05}", ["2024-05-03", "2024-05-05"]),
        ("{last: 12 months, not_before: joined}", ["2024-03-15", "2024-06-30"]),
        ("{from: joined, through: 2025-01-01}", ["2024-03-15", "2024-06-30"]),
        ("{next: 1 month}", ["2024-07-01", "2024-07-31"]),
    ],
)
def test_first_and_last_day_of_a_window(window: str, days: list[str]) -> None:
    first, last = (date.toordinal(on(day)) for day in days)
    made = Making(f"{HEAD}measures:\n  x: {{count: facts, of: activities, over: {window}}}\n", joined=on("2024-03-15"))
    for ordinal in (first - 1, first, last, last + 1):
        made.event("activities", date.fromordinal(ordinal).isoformat(), kind="k")
    assert numbers(made)["x"] == 2


def test_a_window_from_leap_day() -> None:
    made = measure("{count: facts, of: activities, over: {last: 12 months}}")
    for day in ("2023-02-28", "2023-03-01", "2024-02-29"):
        made.event("activities", day, kind="k")
    assert numbers(made, "2024-02-29")["x"] == 2


@pytest.mark.parametrize(
    ("operation", "value"),
    [("sum", 6), ("average", Fraction(3, 2)), ("median", Fraction(3, 2)), ("least", -1), ("greatest", 4)],
)
def test_put_facts_together(operation: str, value: Fraction) -> None:
    made = measure(f"{{{operation}: amount, of: transactions, over: ever}}")
    assert numbers(sales(made, 1, 4, 2, -1))["x"] == value
    assert numbers(measure(f"{{{operation}: amount, of: transactions, over: ever}}"))["x"] in (0, "undefined")


def test_pick_chooses_before_where_and_ties_go_to_the_first_id() -> None:
    spec = "{count: facts, of: transactions, over: ever, pick: {highest: 1, column: amount, per: customer}, where: {kind: a}}"
    made = measure(spec)
    sales(made, 5, customer="c1", kind="a")
    sales(made, 5, customer="c1", kind="b")
    sales(made, 7, customer="c2", kind="b")
    sales(made, 6, customer="c2", kind="a")
    assert numbers(made)["x"] == 1


@pytest.mark.parametrize(
    ("test", "passing"),
    [
        ("{product: red}", 1),
        ("{product: [red, blue]}", 2),
        ("{product: {is_not: red}}", 2),
        ("{product: {exists: false}}", 1),
        ("{amount: {at_least: 2, below: 3}}", 1),
        ("{any: [{product: red}, {amount: {above: 2}}]}", 2),
        ("{customer.market: emerging}", 1),
        ("{product: {table: accepted}}", 1),
    ],
)
def test_filters(test: str, passing: int) -> None:
    tables = "tables: {accepted: [blue, {is: red, until: 2024-06-30}]}\n"
    made = measure(f"{{count: facts, of: transactions, over: ever, where: {test}}}", tables)
    made.reference("customers", customer="c1", market="emerging")
    for amount, product, customer in [(1, "red", "c1"), (2, "blue", "c2"), (3, None, None)]:
        sales(made, amount, product=product, customer=customer)
    assert numbers(made)["x"] == passing


STATES = [("2024-01-01", None), ("2024-01-01", "2024-06-30"), ("2024-05-01", "2024-06-01"), ("2024-07-01", None)]


@pytest.mark.parametrize(
    ("keys", "count"),
    [
        ("", 1),
        (", over: {last: 1 month}", 2),
        (", over: {last: 2 months}", 3),
        (", over: ever", 3),
        (", over: {last: 2 months}, when: started", 1),
        (", over: {last: 1 month}, when: ended", 2),
    ],
)
def test_states_on_a_day_and_in_a_window(keys: str, count: int) -> None:
    made = measure(f"{{count: facts, of: subscriptions{keys}}}")
    for starts, ends in STATES:
        made.state("subscriptions", starts, ends)
    assert numbers(made)["x"] == count


def test_cancelled_events_stop_counting_on_the_day() -> None:
    made = measure("{count: facts, of: activities, over: ever}")
    made.event("activities", "2024-05-01", kind="k", cancelled_on=on("2024-06-30"))
    assert [numbers(made, day)["x"] for day in ("2024-06-29", "2024-06-30")] == [1, 0]


def tree(roll_up: str) -> Making:
    """A parent and its child are enrolled; a branch of the child is not."""
    credit = f", credit: {{roll_up: {roll_up}}}" if roll_up else ""
    made = Making(f"{HEAD}measures:\n  x: {{count: facts, of: activities, over: ever{credit}}}\n")
    for name, parent in [("child", "acme"), ("branch", "child")]:
        made.reference("organizations", organization=name, parent=parent)
    made.reference("enrolments", enrolment="e2", organization="child", joined_on=on("2023-02-01"), ended_on=None)
    for name in ("acme", "child", "branch"):
        made.event("activities", "2024-05-01", organization=name, kind="k")
    return made


@pytest.mark.parametrize(("roll_up", "counts"), [("", (1, 2)), ("nearest", (1, 2)), ("own", (1, 1)), ("tree", (3, 2))])
def test_rolling_up(roll_up: str, counts: tuple[int, int]) -> None:
    made = tree(roll_up)
    assert (numbers(made)["x"], numbers(made, enrolment="e2")["x"]) == counts


def test_events_stay_with_the_employer_of_their_day_and_states_leave_with_the_person() -> None:
    measures = "measures:\n  x: {count: facts, of: talks, over: ever}\n  y: {count: person, of: credentials}\n"
    made = Making(f"{HEAD}facts: {{talks: {{owner: person, columns: {{}}}}}}\n{measures}")
    made.employ("a", "2024-01-01", "2024-06-01").certify("a")
    for day in ("2023-12-31", "2024-01-01", "2024-05-31", "2024-06-01"):
        made.row("talks", happened_on=on(day), person="a")
    assert [numbers(made)[name] for name in "xy"] == [2, 0]
    assert numbers(made, "2024-05-31")["y"] == 1


@pytest.mark.parametrize(
    ("several", "amounts"),
    [
        ("all", (100, 100)),
        ("earliest", (100, 0)),
        ("latest", (0, 100)),
        ("split", (25, 75)),
        ("[digital, claimed]", (0, 100)),
    ],
)
def test_several_links(several: str, amounts: tuple[int, int]) -> None:
    made = measure(f"{{sum: amount, of: usage, over: ever, credit: {{several: {several}}}}}")
    made.reference("organizations", organization="other", parent=None)
    made.reference("enrolments", enrolment="e2", organization="other", joined_on=on("2023-02-01"), ended_on=None)
    made.state("associations", "2023-01-01", customer="c", kind="claimed", share=Decimal("0.25"))
    made.state("associations", "2023-05-01", customer="c", kind="digital", share=Decimal("0.75"), organization="other")
    made.row("usage", happened_on=on("2024-05-01"), customer="c", amount=100)
    assert (numbers(made)["x"], numbers(made, enrolment="e2")["x"]) == amounts


def test_amounts_are_converted_at_the_latest_rate_of_their_day() -> None:
    made = measure("{sum: amount, of: transactions, over: ever}")
    for day, rate in [("2024-01-01", "1.1"), ("2024-05-01", "1.25"), ("2024-06-02", "9")]:
        made.reference("exchange_rates", currency="EUR", valued_on=on(day), rate=Decimal(rate))
    sales(made, 100, currency="EUR", day="2024-04-30")
    sales(made, 100, currency="EUR", day="2024-05-01")
    assert numbers(sales(made, 1, currency="USD"))["x"] == 236


@pytest.mark.parametrize(
    ("spec", "value"),
    [
        ("{ratio: [2, 3]}", Fraction(2, 3)),
        ("{ratio: [0, 0]}", "undefined"),
        ("{ratio: [0, 0], undefined: 50%}", Fraction(1, 2)),
        ("{ratio: [5, 3], base: 4}", "undefined"),
        ("{growth: [3, 2]}", Fraction(1, 2)),
        ("{growth: [3, -2]}", "undefined"),
        ("{product: [{ratio: [1, 3]}, 3]}", 1),
        ("{difference: [1, 3]}", -2),
        ("{average: [1, {ratio: [0, 0]}, 4]}", Fraction(5, 2)),
        ("{average: [{ratio: [1, 1], weight: 3}, {sum: [5], weight: {initially: 1, 2024-06-30: 0}}]}", 1),
        ("{sum: [1, {ratio: [0, 0]}]}", "undefined"),
        ("{greatest: [1, 7, 3], cap: 5}", 5),
        ("{ratio: [15, 7], round: {to: 0.01}}", Fraction(214, 100)),
        ("{ratio: [-5, 2], round: {to: 1}}", -3),
        ("{ratio: [-5, 2], round: {to: 1, mode: half_even}}", -2),
        ("{ratio: [-5, 2], round: {to: 1, mode: down}}", -2),
        ("{sum: [7], round: {to: 5, mode: up}}", 10),
        ("{count: month, over: {from: joined}}", 17),
        ("{count: [{track: t, is: a}, {decision: d}]}", 1),
    ],
)
def test_numbers_of_lists(spec: str, value: object) -> None:
    made = measure(spec, "tracks: {t: {chosen: t, otherwise: a}}\n")
    assert numbers(made)["x"] == value


def test_each_thing_each_cell_each_enrolment_and_rank() -> None:
    program = f"""{HEAD}
tables: {{product: [red, blue]}}
measures:
  sold: {{sum: amount, of: transactions, over: ever}}
  large: {{count: {{measure: sold, at_least: 10}}, each: customer}}
  mean: {{average: {{measure: sold}}, each: customer, only: {{measure: sold, above: 0}}}}
  by_product: {{by: product, sum: amount, of: transactions, over: ever}}
  best: {{greatest: {{measure: by_product}}, each: product}}
  peers: {{count: {{measure: sold, above: 0}}, each: enrolment, peers: organization.country}}
  place: {{rank: {{measure: sold}}}}
requirements: {{top: {{measure: place, top: 50%}}, top_up: {{measure: place, top: 50%, cut: up}}}}
"""
    made = Making(program)
    for place, country in [(2, "US"), (3, "DE")]:
        made.reference("organizations", organization=f"o{place}", parent=None, country=country)
        made.reference("enrolments", enrolment=f"e{place}", organization=f"o{place}", joined_on=on("2023-02-01"))
        sales(made, 30, organization=f"o{place}")
    sales(made, 12, customer="a", product="red")
    sales(made, 9, customer="b", product="blue")
    sales(made, -1, customer="c", product="blue")
    found = numbers(made)
    names = ["large", "mean", "by_product[red]", "by_product[blue]", "best", "peers", "place"]
    assert [found[name] for name in names] == [1, Fraction(21, 2), 12, 8, 12, 2, 3]
    assert evaluate(made.world(), "e2", AS_OF).requirements == {"top": "met", "top_up": "met"}
    assert numbers(made, enrolment="e2")["place"] == 1
    assert evaluate(made.world(), "e1", AS_OF).requirements == {"top": "unmet", "top_up": "unmet"}


def test_an_add_whoever_sold_before() -> None:
    now, before = (
        "{count: facts, of: usage, over: {last: 1 month}",
        "{count: facts, of: usage, over: {last: 1 month, ago: 1 month}",
    )
    made = measure(f"{{count: {{all: [{now}, above: 0}}, {before}, credit: any, at_most: 0}}]}}, each: customer}}")
    for customer in "abc":
        made.state("associations", "2024-06-01", customer=customer)
        made.row("usage", happened_on=on("2024-06-10"), customer=customer)
    made.row("usage", happened_on=on("2024-05-10"), customer="c")
    assert numbers(made)["x"] == 2


def test_assignment_needs_a_search() -> None:
    seats = "[{role: sales, in: cloud, where: {code: s}}, {role: sales, in: data, where: {code: s}}, {role: tech, in: cloud, count: 2, where: {code: t}}]"
    made = measure(
        f"{{assign: person, of: credentials, seats: {seats}, each_person: {{roles: 1, seats: {{sales: 2, tech: 1}}}}}}"
    )
    made.employ("abc").certify("ab", code="t").certify("ac", code="s")
    assert numbers(made)["x"] == 4
    assert numbers(measure("{assign: person, of: credentials, seats: [{where: {code: s}}]}"))["x"] == 0


def points(spec: str, *, rest: str = "") -> Making:
    """A partner of a program with one earning ``x``."""
    return Making(f"{HEAD}{rest}points:\n  x: {spec}\n")


def entries(made: Making, day: str = "2024-06-30") -> list[Any]:
    """Amounts after caps of the earning ``x``."""
    return [entry[3] for entry in evaluate(made.world(), "e1", on(day)).entries["x"]]


@pytest.mark.parametrize(
    ("earn", "after"),
    [
        ("{rate: 20%, of: amount}", [Fraction(1, 5), 5, -1]),
        ("{rate: 1, per: 3, whole: true, of: amount}", [0, 8, -1]),
        ("{full: 30, at: 10, of: amount}", [3, 30, -15]),
        ("{steps: {0: 1, 25: 9}, of: amount}", [1, 9, -1]),
        ("{bands: {0: 30%, 20: 50%}, of: amount}", [Fraction(3, 10), Fraction(17, 2), Fraction(-3, 2)]),
        ("4", [4, 4, 4]),
        ("4, times: [{by: product, red: 3, otherwise: 50%}]", [2, 2, 2]),
        ("4, cap: {at_most: 10}", [4, 4, 2]),
        ("{rate: 1, of: amount}, cap: {at_most: 10, per: fact}", [1, 10, -5]),
        ("{rate: 1, of: amount}, cap: {at_least: 2, at_most: 10, per: fact}", [2, 10, -5]),
        ("{rate: 1, of: amount}, cap: 10", [1, 9, 0]),
        ("4, requires: {decision: open}", [0, 0, 0]),
        ("{rate: 1, per: 3, of: amount}, round: {to: 0.1}", [Fraction(3, 10), Fraction(83, 10), Fraction(-17, 10)]),
    ],
)
def test_entries(earn: str, after: list[Any]) -> None:
    assert entries(sales(points(f"{{for_each: transactions, earn: {earn}}}"), 1, 25, -5)) == after


@pytest.mark.parametrize(
    ("scale", "amount", "points_"),
    [
        ("{rate: 10}", -1, 0),
        ("{full: 10, at: 3}", 2, Fraction(20, 3)),
        ("{steps: {3: 10}}", 2, 0),
        ("{steps: {3: 10}}", 3, 10),
        ("{rate: {by: organization.region, emea: 2}}", 5, 0),
    ],
)
def test_recomputed(scale: str, amount: int, points_: Fraction) -> None:
    made = points(f"{{based_on: {{sum: amount, of: transactions, over: ever}}, earn: {scale}}}")
    assert numbers(sales(made, amount))["x"] == points_


@pytest.mark.parametrize(
    ("rule", "totals"),
    [("", [4, 0, 0]), (", cancelled: keep", [4, 4, 4]), (", cancelled: {within: 1 month}", [4, 0, 4])],
)
def test_cancelled_entries(rule: str, totals: list[int]) -> None:
    found = []
    for cancelled in (None, "2024-06-10", "2024-06-11"):
        made = points(f"{{for_each: activities, earn: 4{rule}}}")
        made.event("activities", "2024-05-11", kind="k", cancelled_on=on(cancelled) if cancelled else None)
        found.append(numbers(made)["x"])
    assert found == totals


def test_entries_of_closed_periods_and_pending_awards() -> None:
    made = points(
        "{based_on: {sum: amount, of: transactions, over: {current: month}}, each: month, earn: {rate: 10%}, awarded: {after: 40 days}}"
    )
    sales(made, 100, day="2024-04-15")
    sales(made, 50, day="2024-05-31")
    sales(made, 70, day="2024-06-15")
    days = ("2024-06-08", "2024-06-09", "2024-07-09", "2024-07-10")
    assert [numbers(made, day)["x"] for day in days] == [0, 10, 10, 15]


def test_dated_entries_and_rates_of_another_day() -> None:
    made = points(
        "{for_each: transactions, earn: {rate: {initially: 10%, 2024-06-01: 20%}, of: amount}, rates_at: sold_on, dated: {2024-06-15: 2024-07-01}}"
    )
    sales(made, 100, day="2024-06-14", sold_on=on("2024-05-01"))
    sales(made, 100, day="2024-06-15", sold_on=None)
    assert [numbers(made, day)["x"] for day in ("2024-06-30", "2024-07-01")] == [10, 30]


def test_a_gate_is_read_on_the_day_of_the_entry() -> None:
    made = points("{for_each: activities, earn: 4, requires: {decision: open}}")
    made.state("decisions", "2024-05-01", "2024-06-01", topic="open", outcome="approved")
    for day in ("2024-04-30", "2024-05-01", "2024-05-31", "2024-06-01"):
        made.event("activities", day, kind="k")
    assert entries(made) == [0, 4, 4, 0]


GROUPS = {"all": "unknown", "any": "met", "none": "unmet", "count": "met"}


@pytest.mark.parametrize(("group", "result"), [*GROUPS.items(), ("count_two", "unknown"), ("count_three", "unmet")])
def test_groups_follow_three_values(group: str, result: str) -> None:
    least = {"count": 1, "count_two": 2, "count_three": 3}.get(group)
    parts = "[{measure: known, at_least: 1}, {measure: open, at_least: 1}"
    whole = {"count_three": f"{{count: {parts}, {{measure: known, above: 1}}], at_least: 3}}"}
    spec = whole.get(group) or (f"{{count: {parts}], at_least: {least}}}" if least else f"{{{group}: {parts}]}}")
    made = Making(f"""{HEAD}
measures:
  known: {{count: facts, of: activities, over: {{last: 1 month}}}}
  open: {{count: facts, of: surveys, over: {{last: 1 month}}}}
requirements: {{r: {spec}}}
""")
    made.event("activities", "2024-06-10", kind="k")
    made.reference("coverage", kind="surveys", source="s", complete_from=on("2023-01-01"), complete_to=on("2024-06-30"))
    assert evaluate(made.world(), "e1", AS_OF).requirements["r"] == result


def test_an_incomplete_count_that_reaches_its_line_is_met() -> None:
    made = Making(
        f"{HEAD}measures:\n  x: {{count: facts, of: surveys, over: {{last: 1 month}}}}\nrequirements: {{r: {{measure: x, at_least: 1}}}}\n"
    )
    made.reference("coverage", kind="surveys", source="s", complete_from=None, complete_to=on("2024-06-30"))
    result = evaluate(made.event("surveys", "2024-06-10").world(), "e1", AS_OF)
    assert (result.numbers["x"], result.requirements["r"]) == ("incomplete", "met")


def test_a_tier_per_cell() -> None:
    made = Making(f"""{HEAD}
tables: {{product: [red, blue]}}
measures: {{sold: {{by: product, sum: amount, of: transactions, over: ever}}}}
ladders: {{badge: {{by: product, tiers: [{{id: holder, requires: {{measure: sold, at_least: 10}}}}]}}}}
""")
    sales(made, 10, product="red")
    sales(made, 9, product="blue")
    assert evaluate(made.world(), "e1", AS_OF).tiers == {"badge[red]": "holder", "badge[blue]": None}


def test_a_correction_keeps_its_place_in_time() -> None:
    made = measure("{sum: amount, of: transactions, over: ever}")
    sales(made, 100, day="2024-05-01")
    columns = {"organization": "acme", "amount": 80, "recorded_at": datetime(2024, 6, 1, 12)}
    made.row("transactions", fact_id="correction", reverses="transactions-000", happened_on=on("2024-05-01"), **columns)
    world = made.world()
    assert [evaluate(world, "e1", AS_OF, known).numbers["x"] for known in (1, 2)] == [100, 80]


@pytest.mark.parametrize("tier", ["growth", "count", "rank", "measure", "account", "silver"])
def test_a_case_may_be_called_as_a_number_is(tier: str) -> None:
    made = Making(f"""{HEAD}
ladders: {{level: {{tiers: [{{id: {tier}, requires: {{decision: invited, is: granted}}}}]}}}}
benefits: {{discount: {{value: {{by: level, {tier}: 5%, otherwise: 2%}}}}}}
measures: {{x: {{sum: [{{benefit: discount}}, {{by: level, {tier}: 3, otherwise: 1}}]}}}}
points: {{p: {{for_each: transactions, earn: {{rate: {{by: level, {tier}: 3, otherwise: 1}}, of: amount}}}}}}
""")
    sales(made, 10)
    assert numbers(made) == {"x": Fraction("1.02"), "p": 10}
    made.state("decisions", "2024-01-01", topic="invited", outcome="granted")
    assert numbers(made) == {"x": Fraction("3.05"), "p": 30}


def test_every_known_kind_is_known_here_as_well() -> None:
    """Kinds and owners are written down once more here, for they decide how facts reach a partner."""
    shapes = {"state": ledger.STATES, "event": ledger.EVENTS}
    assert {(shape, *of) for shape, kinds in shapes.items() for of in kinds.items()} == {
        (kind.shape, kind.name, kind.owner) for kind in FACT_KINDS.values()
    }
    money = {column.name for kind in FACT_KINDS.values() for column in kind.columns if column.type == "amount"}
    assert money == ledger.AMOUNTS


def test_lines_of_deals_and_points_of_sale_reach_those_they_name() -> None:
    made = Making(f"""{HEAD}
measures:
  lines: {{sum: amount, of: deal_lines, over: ever, where: {{product.family: suites}}}}
  resold: {{sum: amount, of: point_of_sale, over: ever}}
""")
    made.reference("products", product="office", family="suites", name=None)
    made.state("deal_parties", "2024-01-01", deal="ours")
    for deal, amount in [("ours", 7), ("theirs", 5)]:
        made.event("deal_lines", "2024-02-01", deal=deal, product="office", amount=amount, organization=None)
    made.event("point_of_sale", "2024-02-01", distributor="d", reseller="Acme", amount=3)
    made.event("point_of_sale", "2024-02-01", distributor="d", reseller="Who", amount=2, organization=None)
    assert numbers(made) == {"lines": 7, "resold": 3}
