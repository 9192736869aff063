"""Drawing the rarer parts: incentives, accounts, benefits, assignments, subsets, currencies, other credit."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from .drawing import IDS, NUMBERS, STATES, Sketch
from .drawing_numbers import facts_number, measure_names, value, where, window
from .literals import add_months
from .tree import Node

SPENT = ["5", "20", "1", "0.29"]


def assign(sketch: Sketch) -> Node:
    """How many seats of two fields can be filled by different people."""
    sketch.used.add("credit_person")
    seats: list[Node] = [
        {"role": "sales", "in": "cloud", "count": sketch.one_of(["1", "2"]), "where": {"role": "sales"}},
        {"role": "technical", "in": "cloud", "count": "1", "where": {"role": "technical"}},
        {"role": "sales", "in": "data", "count": "1", "where": {"code": ["a1", "b1"]}},
    ]
    limits = sketch.one_of(
        [{"roles": "1", "seats": "1"}, {"roles": "2", "seats": "2"}, {"seats": {"sales": "1", "technical": "2"}}]
    )
    return {
        "assign": "person",
        "of": "credentials",
        "seats": seats[: sketch.draw(st.integers(1, 3))],
        "each_person": limits,
    }


def subset(sketch: Sketch) -> Node:
    """A number of a subset of transactions, perhaps of the first of each customer."""
    spec: Node = {"subset_of": "transactions", "where": {"kind": {"is_not": "churn"}}}
    if sketch.may("subset_pick", 2):
        spec["pick"] = {"first": "1", "per": "customer"}
    name = sketch.declare("facts", spec)
    number: Node = sketch.one_of([{"count": "facts"}, {"sum": "amount"}])
    return {**number, "of": name, "over": window(sketch)}


def through(sketch: Sketch) -> Node:
    """Transactions credited through the customer's associations."""
    sketch.used.add("credit_customer")
    credit: Node = {"through": "associations", "matching": "customer"}
    has_several = sketch.may("credit_several", 2)
    if has_several:
        credit["several"] = sketch.one_of(["earliest", "latest", "split", ["claimed", "digital"]])
    if sketch.may("credit_at", 1 if has_several else 2):
        credit["at"] = sketch.one_of(["as_of", "fact"])
    return {"sum": "amount", "of": "transactions", "credit": credit, "over": window(sketch)}


def anybody(sketch: Sketch) -> Node:
    """Customers with facts of this partner and, by anybody, more than so many, or none before."""
    spec: Node = {"count": "facts", "of": "transactions", "over": {"last": "12 months"}}
    line = {"at_least": sketch.one_of(["1", "2", "3"])}
    if not sketch.may("credit_any_named", 2):
        return {"count": {"all": [{**spec, "above": "0"}, {**spec, "credit": "any", **line}]}, "each": "customer"}
    whole, back = _of_everybody(sketch, spec), {"last": "12 months", "ago": sketch.one_of(["12 months", "1 month"])}
    before = _of_everybody(sketch, {**sketch.one_of([spec, {**spec, "count": "product"}, _SUM]), "over": back})
    parts: list[Node] = [{"measure": whole, **line}, {"measure": before, sketch.one_of(["at_most", "above"]): "0"}]
    if sketch.draw(st.booleans()):
        parts = [{"requirement": sketch.declare("requirements", part)} for part in parts]
    own: Node = {"sum": "amount", "of": "transactions", "over": {"last": "12 months"}}
    if sketch.draw(st.booleans()):
        return {"sum": {"measure": sketch.declare("measures", own)}, "each": "customer", "only": {"all": parts}}
    return {"count": {"all": [{**spec, "above": "0"}, *parts]}, "each": "customer"}


_SUM: Node = {"sum": "amount", "of": "transactions"}


def _of_everybody(sketch: Sketch, spec: Node) -> str:
    name = sketch.declare("measures", {**spec, "credit": "any"})
    sketch.of_everybody.add(name)
    return name


def only(sketch: Sketch) -> Node:
    """A sum over the customers or products that meet something."""
    inner = sketch.declare("measures", {"sum": "amount", "of": "transactions", "over": window(sketch)})
    chosen = {"measure": inner, "above": sketch.one_of(["0", "1", "10"])}
    return {sketch.one_of(["sum", "average", "median"]): {"measure": inner}, "each": "customer", "only": chosen}


def peers(sketch: Sketch) -> Node:
    """A rank or count among the partners of the same tree, region or country."""
    inner = sketch.declare("measures", facts_number(sketch))
    shared = sketch.one_of(["organization.root", "organization.region", "organization.country"])
    if sketch.draw(st.booleans()):
        return {"rank": {"measure": inner}, "peers": shared}
    return {"count": {"measure": inner, "above": "0"}, "each": "enrolment", "peers": shared}


def count_list(sketch: Sketch) -> Node:
    """How many of two requirements hold."""
    names = measure_names(sketch) or [sketch.declare("measures", facts_number(sketch))]
    return {"count": [{"measure": sketch.one_of(names), "above": line} for line in ("0", "2")]}


def weighted(sketch: Sketch) -> Node:
    """A sum with a weight by the fact's product."""
    weight: Node = {"by": "product", "red": sketch.one_of(["2", "0.5", "29%"]), "otherwise": "1"}
    return {"sum": "amount", "of": "transactions", "times": [weight], "over": window(sketch)}


MORE_NUMBERS: dict[str, Callable[[Sketch], Node]] = {
    "assign": assign,
    "subset": subset,
    "credit_through": through,
    "credit_any": anybody,
    "only": only,
    "peers": peers,
    "count_list": count_list,
    "number_times": weighted,
}
NEEDS = {"assign": "credit_person", "credit_through": "credit_customer"}


def draw_more_measures(sketch: Sketch) -> None:
    """Perhaps one or two measures of the rarer forms."""
    names = [name for name in MORE_NUMBERS if name in sketch.allowed and NEEDS.get(name, name) in sketch.allowed]
    for _ in range(sketch.draw(st.integers(0, 2)) if names else 0):
        name = sketch.one_of(names)
        sketch.used.add(name)
        sketch.declare("measures", MORE_NUMBERS[name](sketch))


def draw_currencies(sketch: Sketch) -> None:
    """Give some amounts another currency, with a rate before every fact and another later."""
    if not sketch.may("currency", 4):
        return
    for kind in ("transactions", "subscriptions", "usage", "deals"):
        for place, row in enumerate(sketch.facts.get(kind, [])):
            if "amount" in row:
                row["currency"] = ["USD", "EUR", None][place % 3]
    sketch.facts["exchange_rates"] = [
        {"currency": "EUR", "valued_on": date(2019, 1, 1), "rate": Decimal("1.1")},
        {"currency": "EUR", "valued_on": add_months(sketch.as_of, -5), "rate": Decimal("1.25")},
    ]


def draw_incentives(sketch: Sketch) -> None:
    """Perhaps money at the tier's rate, into an account and out of it. Reads kinds that have facts."""
    kinds = [kind for kind in sketch.facts if NUMBERS.get(kind) and kind not in STATES and sketch.facts[kind]]
    if not kinds or not {"incentive", "account"} & sketch.allowed:
        return
    kind = sketch.one_of(kinds)
    column = sketch.one_of([name for name in NUMBERS[kind] if name in ("amount", "quantity", "score")])
    if sketch.may("incentive", 2):
        spec: Node = {"for_each": kind, "earn": {"rate": _share(sketch), "of": column}}
        if tests := where(sketch, kind):
            spec["where"] = tests
        if sketch.may("own_currency", 3):
            spec["currency"] = "own"
        if sketch.may("dated_entry", 4):
            changed = add_months(sketch.as_of, -2)
            spec["dated"] = {changed.isoformat(): (changed + timedelta(days=20)).isoformat()}
        sketch.declare("incentives", spec)
    if sketch.may("account", 3):
        _account(sketch, kind, column)


def _share(sketch: Sketch) -> Any:
    """A rate, perhaps that of the tier held on the fact's day."""
    if sketch.may("benefit", 2):
        tiers = sketch.program["ladders"]["level"]["tiers"][1:]
        rates: Node = {"by": "level", **{tier["id"]: value(sketch, "6%") for tier in tiers}, "otherwise": "1%"}
        return {"benefit": sketch.declare("benefits", {"value": rates})}
    return value(sketch, sketch.one_of(["20%", "29%", "7.5%"]))


def _account(sketch: Sketch, kind: str, column: str) -> None:
    """An account paid by facts of a kind and spent by a fixed amount for each activity or fact."""
    account: Node = {"unit": "USD"}
    if sketch.may("account_expires", 2):
        account["expires"] = sketch.one_of([{"after": "6 months"}, {"end_of": "half", "shift": "1"}])
    if sketch.may("account_opens", 3):
        account["opens"] = {"start_of": "quarter", "shift": "1"}
    purse = sketch.declare("accounts", account)
    paid: Node = {"for_each": kind, "earn": {"rate": "50%", "of": column}}
    if sketch.may("split", 3):
        rest = sketch.declare("accounts", {"unit": "USD"})
        part: Node = {"share": "40%", "into": purse, "at_least": "10", "per": "quarter", "otherwise": rest}
        paid["split"] = [{"share": "60%", "into": rest}, part]
    else:
        paid["into"] = purse
    sketch.declare("incentives", {**paid, "where": {column: {"above": "0"}}})
    sketch.declare("incentives", {"for_each": kind, "earn": sketch.one_of(SPENT), "out_of": purse})


def draw_second_ladder(sketch: Sketch) -> None:
    """Perhaps a badge that needs the tier, now or at some time in the last months."""
    if not sketch.may("ladder_line", 3):
        return
    order = [tier["id"] for tier in sketch.program["ladders"]["level"]["tiers"]]
    held: Node = {"ladder": "level", sketch.one_of(["at_least", "is"]): sketch.one_of(order[1:])}
    requires: Node = held
    if sketch.may("ladder_each", 2):
        requires = {
            "count": held,
            "each": "month",
            "over": {"previous": "3 months"},
            "at_least": sketch.one_of(["1", "all"]),
        }
    sketch.program["ladders"]["badge"] = {"tiers": [{"id": "holder", "requires": requires}]}


def more_facts(sketch: Sketch) -> set[str]:
    """Kinds read beside those that rules name: the kind a subset is cut from."""
    return {spec["subset_of"] for spec in sketch.program.get("facts", {}).values()}


def customer_rows() -> list[dict[str, Any]]:
    """The customers that facts may be about."""
    markets = ["developed", "emerging", None, "developed"]
    return [
        {"customer": name, "country": "NO", "market": market}
        for name, market in zip(IDS["customer"], markets, strict=True)
    ]
