"""Drawing measures: windows, filters, numbers of facts, of each, of lists, ranks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

from .drawing import NUMBERS, OWNERS, STATES, THINGS, WORDS, Sketch
from .literals import add_months
from .tree import Node

CREDIT_OF = {"credentials": "credit_person", "usage": "credit_customer", "deals": "credit_deal"}
PERIODS = ["month", "quarter", "half", "year"]
SMALL = ["1", "2", "3", "0", "5"]


def kinds_allowed(sketch: Sketch) -> list[str]:
    """Kinds whose way to a partner may be used."""
    return [kind for kind in WORDS if kind not in CREDIT_OF or CREDIT_OF[kind] in sketch.allowed]


def use_kind(sketch: Sketch, kinds: list[str]) -> str:
    """One of the kinds, noting how its facts reach a partner and that it is a state."""
    kind = sketch.one_of(kinds)
    if kind in CREDIT_OF:
        sketch.used.add(CREDIT_OF[kind])
    sketch.used.add("state" if kind in STATES else "event")
    return kind


def period_text(sketch: Sketch, units: list[str] = PERIODS) -> str:
    """A unit, perhaps of the fiscal or membership calendar."""
    unit = sketch.one_of(units)
    for calendar in ("fiscal", "membership"):
        if sketch.may(calendar, 3):
            return f"{calendar} {unit}"
    return unit


def window(sketch: Sketch) -> Any:
    """A window of any allowed form; ``last`` by default."""
    form = sketch.one_of(["last", *(name for name in WINDOWS if name in sketch.allowed)])
    sketch.used.add(form)
    written = WINDOWS[form](sketch)
    if isinstance(written, dict):
        if sketch.may("window_ago", 5):
            written["ago"] = sketch.one_of(["1 month", "12 months", "20 days"])
        if sketch.may("not_before", 5):
            written["not_before"] = "joined"
    return written


def _last(sketch: Sketch) -> Node:
    length = sketch.one_of(["12 months", "6 months", "1 month", "90 days", "2 years"])
    return {"last": ["1 month", "15 days"] if sketch.may("length_list", 6) else length}


def _periods(sketch: Sketch, name: str) -> Node:
    count = sketch.one_of([4, 2, 1, 12])
    text = period_text(sketch)
    return {name: text if count == 1 else f"{count} {text}s".replace("halfs", "halves")}


def _from(sketch: Sketch) -> Node:
    start = sketch.one_of(
        ["joined", add_months(sketch.as_of, -9).isoformat(), add_months(sketch.as_of, -18).isoformat()]
    )
    if sketch.draw(st.booleans()):
        return {"from": start}
    return {"from": start, "through": add_months(sketch.as_of, sketch.one_of([-1, 0, 2])).isoformat()}


WINDOWS: dict[str, Callable[[Sketch], Any]] = {
    "last": _last,
    "previous": lambda sketch: _periods(sketch, "previous"),
    "current": lambda sketch: _periods(sketch, "current"),
    "ever": lambda _: "ever",
    "from_through": _from,
}


def where(sketch: Sketch, kind: str) -> Node:
    """A filter of one to three tests."""
    tests: Node = {}
    for column, words in WORDS[kind].items():
        if sketch.may("where", 3):
            tests[column] = _word_test(sketch, [word for word in words if word is not None])
    for column in NUMBERS[kind]:
        if sketch.may("where_bounds", 5):
            tests[column] = {
                sketch.one_of(["at_least", "above", "at_most", "below"]): sketch.one_of(["1", "3", "0", "33.33"])
            }
    if sketch.may("where_any", 6):
        column, words = next(iter(WORDS[kind].items()))
        tests["any"] = [{column: words[0]}, {column: words[1]}]
    if kind == "usage" and sketch.may("where_link", 3):
        tests["association.kind"] = "claimed"
    if kind in ("transactions", "usage") and sketch.may("where_reference", 4):
        tests["customer.market"] = sketch.one_of(["developed", "emerging"])
    return tests


def _word_test(sketch: Sketch, words: list[str]) -> Any:
    if sketch.may("where_list", 3):
        return words[:2]
    if sketch.may("where_is_not", 4):
        return {"is_not": words[0]}
    if sketch.may("where_exists", 5):
        return {"exists": sketch.one_of(["true", "false"])}
    if sketch.may("where_table", 4):
        until = {"is": words[1], "until": add_months(sketch.as_of, sketch.one_of([-2, 2])).isoformat()}
        return {"table": sketch.declare("tables", [words[0], until])}
    return sketch.one_of(words)


def facts_number(sketch: Sketch) -> Node:
    """A number of facts."""
    operations = [name for name in FACTS_OPERATIONS if name in sketch.allowed] or ["count_facts"]
    common = [name for name in operations if name.startswith("count") or name == "sum"]
    operation = sketch.one_of([*common, *operations])
    sketch.used.add(operation)
    kinds = [kind for kind in kinds_allowed(sketch) if FACTS_OPERATIONS[operation](kind)]
    kind = use_kind(sketch, kinds or ["activities"])
    spec: Node = {}
    if operation == "count_person":
        spec["count"] = "person"
    elif operation.startswith("count"):
        spec["count"] = "facts" if operation == "count_facts" else sketch.one_of(THINGS[kind])
    else:
        spec[operation] = sketch.one_of(NUMBERS[kind])
    spec["of"] = kind
    return {**spec, **_when_and_which(sketch, kind)}


def _when_and_which(sketch: Sketch, kind: str) -> Node:
    spec: Node = {}
    if tests := where(sketch, kind):
        spec["where"] = tests
    if kind not in STATES:
        spec["over"] = window(sketch)
    elif sketch.may("state_over", 3):
        spec["over"] = window(sketch)
        if sketch.may("state_when", 2):
            spec["when"] = sketch.one_of(["started", "ended"])
    if sketch.may("pick", 6):
        spec["pick"] = pick(sketch, kind)
    if kind in OWNERS and sketch.may("roll_up", 6):
        spec["credit"] = {"roll_up": sketch.one_of(["own", "tree"])}
    return spec


def pick(sketch: Sketch, kind: str) -> Node:
    """A choice of a few facts."""
    spec: Node = {sketch.one_of(["last", "first"]): sketch.one_of(["1", "2"])}
    if NUMBERS[kind] and sketch.draw(st.booleans()):
        spec = {sketch.one_of(["highest", "lowest"]): "1", "column": sketch.one_of(NUMBERS[kind])}
    if sketch.draw(st.booleans()):
        spec["per"] = sketch.one_of(THINGS[kind])
    if sketch.draw(st.booleans()) and (tests := where(sketch, kind)):
        spec["among"] = tests
    return spec


FACTS_OPERATIONS: dict[str, Callable[[str], bool]] = {
    "count_facts": lambda _: True,
    "count_person": lambda kind: "person" in THINGS[kind],
    "count_thing": lambda kind: bool(THINGS[kind]),
    "sum": lambda kind: bool(NUMBERS[kind]),
    "average": lambda kind: bool(NUMBERS[kind]),
    "median": lambda kind: bool(NUMBERS[kind]),
    "least": lambda kind: bool(NUMBERS[kind]),
    "greatest": lambda kind: bool(NUMBERS[kind]),
}


def value(sketch: Sketch, plain: str) -> Any:
    """A value: plain, dated, or by the partner's country."""
    if sketch.may("dated_value", 4):
        changed = add_months(sketch.as_of, sketch.one_of([-1, -4, 0])).isoformat()
        return {"initially": plain, changed: sketch.one_of(SMALL)}
    if sketch.may("by_value", 4):
        return {"by": "organization.country", "NO": sketch.one_of(SMALL), "US": "2", "otherwise": plain}
    if sketch.may("table_value", 5):
        spec = {"by": "organization.region", "emea": "85%", "apac": "60%", "otherwise": plain}
        return {"table": sketch.declare("tables", spec)}
    return plain


def _line(sketch: Sketch, name: str) -> Node:
    """A rough requirement on a measure, for use inside numbers of each."""
    return {"measure": name, sketch.one_of(["at_least", "above"]): sketch.one_of(["1", "0", "2"])}


def measure_names(sketch: Sketch) -> list[str]:
    """Measures without cells declared so far."""
    measures = sketch.program.get("measures", {})
    return [name for name, spec in measures.items() if "by" not in spec and name not in sketch.of_everybody]


def each_period(sketch: Sketch) -> Node:
    """A count or sum over periods."""
    inner = sketch.declare("measures", facts_number(sketch))
    text = period_text(sketch, ["month", "quarter", "half"])
    over = {"previous": f"4 {text}s".replace("halfs", "halves")}
    if sketch.draw(st.booleans()):
        over = {"last": sketch.one_of(["12 months", "6 months", "100 days"])}
    return {**_put_together(sketch, inner), "each": text, "over": over}


def _put_together(sketch: Sketch, inner: str) -> Node:
    if sketch.draw(st.booleans()):
        return {"count": _line(sketch, inner)}
    return {sketch.one_of(["sum", "average", "least", "greatest", "median"]): {"measure": inner}}


def each_thing(sketch: Sketch) -> Node:
    """A count or sum over customers, people, products."""
    inner = facts_number(sketch)
    thing = sketch.one_of(THINGS[inner["of"]])
    return {**_put_together(sketch, sketch.declare("measures", inner)), "each": thing}


def each_cell(sketch: Sketch) -> Node:
    """A number by product, and the best or the count of its cells."""
    sketch.program.setdefault("tables", {})["product"] = ["red", "blue", "green"]
    kinds = [kind for kind in kinds_allowed(sketch) if "product" in WORDS[kind]]
    kind = use_kind(sketch, kinds)
    spec: Node = {"by": "product", "count": "facts", "of": kind, **_when_and_which(sketch, kind)}
    return {**_put_together(sketch, sketch.declare("measures", spec)), "each": "product"}


def each_enrolment(sketch: Sketch) -> Node:
    """How many of the peers do something."""
    inner = sketch.declare("measures", facts_number(sketch))
    return {**_put_together(sketch, inner), "each": "enrolment"}


def each_day(sketch: Sketch) -> Node:
    """On how many days of a short window something held."""
    inner = sketch.declare("measures", facts_number(sketch))
    return {
        "count": _line(sketch, inner),
        "each": "day",
        "over": {"last": sketch.one_of(["10 days", "1 month", "60 days"])},
    }


def rank(sketch: Sketch) -> Node:
    """The place among all enrolments."""
    return {"rank": {"measure": sketch.declare("measures", facts_number(sketch))}}


def of_time(sketch: Sketch) -> Node:
    """Tenure in months."""
    return {"count": sketch.one_of(["month", "quarter", "day"]), "over": {"from": "joined"}}


def reference(sketch: Sketch, name: str) -> Any:
    """A measure by name, perhaps as it was."""
    if sketch.may("reference_ago", 3):
        return {"measure": name, "ago": sketch.one_of(["1 month", "12 months", "1 quarter"])}
    return name


def listed(sketch: Sketch, operation: str) -> Node:
    """A number of a list of two or three."""
    names = measure_names(sketch) or [sketch.declare("measures", facts_number(sketch))]
    first, second = sketch.one_of(names), sketch.one_of(names)
    items: list[Any] = [first, reference(sketch, second)]
    if operation == "growth":
        items = [first, {"measure": first, "ago": "12 months"}]
    if operation in ("product", "sum", "ratio") and sketch.draw(st.booleans()):
        items[1] = value(sketch, sketch.one_of(["3", "29%", "0.85", "7"]))
    if operation == "average" and sketch.may("weights", 2):
        items = [{"measure": first, "weight": "2"}, {"measure": second, "weight": value(sketch, "1")}]
    spec: Node = {operation: items}
    if operation in ("ratio", "growth") and sketch.may("base", 2):
        spec["base"] = "2"
    return spec


def finished(sketch: Sketch, spec: Node) -> Node:
    """A number with a value for undefined, a cap, rounding."""
    extra: Node = {}
    if sketch.may("undefined_value", 4):
        extra["undefined"] = sketch.one_of(["0", "1"])
    if sketch.may("number_cap", 5):
        extra["cap"] = sketch.one_of(["3", "10", "50%"])
    if sketch.may("round", 5):
        extra["round"] = {
            "to": sketch.one_of(["1", "0.1", "5"]),
            "mode": sketch.one_of(["half_up", "half_even", "up", "down"]),
        }
    return {**spec, **extra}


LISTS = {
    "ratio": "ratio",
    "difference": "difference",
    "sum_list": "sum",
    "product": "product",
    "growth": "growth",
    "average_list": "average",
    "least_list": "least",
    "greatest_list": "greatest",
}
#: Lists that may be written in more than one way are drawn twice as often.
QUOTIENTS = ("ratio", "growth", "average_list")
OTHERS: dict[str, Callable[[Sketch], Node]] = {
    "each_period": each_period,
    "each_thing": each_thing,
    "each_cell": each_cell,
    "each_enrolment": each_enrolment,
    "each_day": each_day,
    "rank": rank,
    "of_time": of_time,
}


def draw_measures(sketch: Sketch) -> None:
    """Two to four measures, the first of facts, the others of any allowed form."""
    sketch.declare("measures", facts_number(sketch))
    forms = [name for name in (*LISTS, *QUOTIENTS, *OTHERS, *OTHERS) if name in sketch.allowed]
    for _ in range(sketch.draw(st.integers(1, 3))):
        form = sketch.one_of(["facts", "facts", *forms])
        if form == "facts":
            spec = facts_number(sketch)
        else:
            sketch.used.add(form)
            spec = listed(sketch, LISTS[form]) if form in LISTS else OTHERS[form](sketch)
        sketch.declare("measures", finished(sketch, spec))
