"""Numbers of each: the same number or requirement for one X at a time, then put together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

from . import numbers, requirements, windows
from .columns import enrolled_column
from .conditions import list_items
from .frame import Frame, Num, incomplete, known
from .literals import ONE_DAY
from .of_facts import combine, complete, counted_facts, has_column, thing
from .of_lists import partial, resting
from .periods import periods_between, read_period
from .signs import never_below_zero
from .tree import Node

OPERATIONS = ("count", "sum", "average", "median", "least", "greatest")


def of_each(frame: Frame, spec: Node) -> Num:
    """Look at each X and put the results together; ``only`` chooses among the Xs."""
    operation = next(name for name in OPERATIONS if name in spec)
    inner = spec[operation]
    looks = list(_looks(frame, spec, inner))
    verdicts = [requirements.judge(look, spec["only"]).result if "only" in spec else "met" for look in looks]
    chosen = [look for look, verdict in zip(looks, verdicts, strict=True) if verdict == "met"]
    found = _counted(chosen, inner) if operation == "count" else _combined(operation, chosen, inner)
    if _may_be_more(frame, spec, inner):
        found = _with_more(frame, spec, found, chosen)
    return incomplete(found.floor if operation == "count" else None) if "unknown" in verdicts else found


def _may_be_more(frame: Frame, spec: Node, inner: Any) -> bool:
    """Whether another thing may turn up, because the facts that make the things are not all there."""
    each = spec["each"]
    if each == "enrolment" or is_cell(frame, each) or read_period(each):
        return False
    leaves = _leaves(frame.of_thing(each, None), inner)
    return any(not complete(look, kind, spec) for look, kind, spec in leaves if has_column(look, kind, each))


def _with_more(frame: Frame, spec: Node, found: Num, looks: list[Frame]) -> Num:
    """What stands of a number of each thing whatever other things turn up; one of which no fact is known shows it."""
    operation = next(name for name in OPERATIONS if name in spec)
    inner = spec[operation]
    if operation == "count":
        return incomplete(found.floor)
    if operation != "sum":
        return incomplete()
    another = numbers.number(frame.of_thing(spec["each"], object()), inner)
    rests = found if found.floor is not None else known(0)
    if another.floor is None or (found.floor is None and looks):
        return incomplete()
    above = never_below_zero(frame, inner)
    return partial("sum", [replace(rests, value=None, state="incomplete"), another], above=above)


def _counted(looks: list[Frame], inner: Node) -> Num:
    """How many meet the requirement; incomplete while some are unknown."""
    results = [requirements.judge(look, inner).result for look in looks]
    met = results.count("met")
    return incomplete(Fraction(met), len(looks)) if "unknown" in results else known(met, len(looks))


def _combined(operation: str, looks: list[Frame], inner: Any) -> Num:
    """The numbers put together; undefined ones are left out, an incomplete one makes all incomplete."""
    every = [numbers.number(look, inner) for look in looks]
    found = [number for number in every if number.state != "undefined"]
    floors = [number.floor for number in found if number.floor is not None]
    if not all(number.known for number in found):
        if operation != "sum":
            return incomplete()
        return partial(operation, found, above=bool(looks) and never_below_zero(looks[0], inner))
    whole = known(sum(floors, Fraction(0)), len(looks)) if operation == "sum" else combine(operation, floors)
    return resting(whole, on_what_may_fall=any(number.bare for number in every))


def is_cell(frame: Frame, name: str) -> bool:
    """A list with the name of a column names the cells of that column."""
    return isinstance(frame.world.section("tables").get(name), list)


def _looks(frame: Frame, spec: Node, inner: Any) -> Iterator[Frame]:
    """One look for every X: a period, a cell, an enrolment, or a thing."""
    each = spec["each"]
    if each == "enrolment":
        yield from peers(frame, spec.get("peers"))
    elif is_cell(frame, each):
        yield from (frame.in_cell(each, cell) for cell in list_items(frame, each))
    elif read_period(each):
        yield from (frame.on(day) for day in period_days(frame, each, spec["over"]))
    else:
        yield from (frame.of_thing(each, value) for value in _things(frame, each, inner))


def period_days(frame: Frame, each: str, over: Any) -> list[date]:
    """The day on which each period that overlaps the window is looked at: its last, the open one today."""
    period = read_period(each)
    assert period is not None
    start, end = windows.window(frame, over)
    spans = periods_between(frame.calendars(period.calendar), period, start or frame.joined, end)
    return [frame.day if first <= frame.day < after else after - ONE_DAY for first, after in spans]


def _things(frame: Frame, column: str, inner: Any) -> list[Any]:
    """The things with a fact that the number counts when it looks at that thing only."""
    found = {thing(frame, kind, item, column) for kind, item in _facts_read(frame, inner, picked=False)}
    things = sorted(found - {None}, key=str)
    return [one for one in things if any(True for _ in _facts_read(frame.of_thing(column, one), inner, picked=True))]


def peers(frame: Frame, shared: Any) -> list[Frame]:
    """The enrolments of the day that share the peer columns or tracks, the own one included."""
    names = [] if shared is None else shared if isinstance(shared, list) else [shared]
    looks = [Frame(frame.run, row["enrolment"], frame.day, frame.asked, frame.known) for row in _enrolled_on(frame)]
    own = [_peer_key(frame, name) for name in names]
    return [look for look in looks if [_peer_key(look, name) for name in names] == own]


def _enrolled_on(frame: Frame) -> list[dict[str, Any]]:
    rows = sorted(frame.world.facts.get("enrolments", []), key=lambda row: str(row["enrolment"]))
    return [
        row
        for row in rows
        if (row.get("joined_on") is None or row["joined_on"] <= frame.day)
        and (row.get("ended_on") is None or row["ended_on"] > frame.day)
    ]


def _peer_key(frame: Frame, name: str) -> Any:
    from . import tracks

    return tracks.track(frame, name) if name in frame.world.section("tracks") else enrolled_column(frame, name)


def _facts_read(frame: Frame, node: Any, *, picked: bool) -> Iterator[tuple[str, Any]]:
    """Every credited fact that a number or requirement counts (or would, without ``pick``); thresholds left aside."""
    for look, kind, leaf in _leaves(frame, node):
        spec = leaf if picked else {key: part for key, part in leaf.items() if key != "pick"}
        yield from ((kind, item) for item in counted_facts(look, kind, spec))


def _leaves(frame: Frame, node: Any) -> Iterator[tuple[Frame, str, Node]]:
    """The rules that count facts in a number or requirement, each with its look and kind."""
    if isinstance(node, list):
        for part in node:
            yield from _leaves(frame, part)
    elif isinstance(node, str):
        section = numbers.section_of(frame, node)
        if section:
            yield from _leaves(frame, frame.world.section(section)[node])
    elif "of" in node or "for_each" in node:
        if node.get("credit") != "any":
            yield frame, node.get("of") or node["for_each"], node
    else:
        yield from _leaves_inside(numbers.moved(frame, node), node)


def _leaves_inside(frame: Frame, node: Node) -> Iterator[tuple[Frame, str, Node]]:
    if "requirement" in node:
        yield from _leaves(frame, frame.world.section("requirements")[node["requirement"]])
    days = [frame.day]
    if "each" in node and read_period(node["each"]) and not is_cell(frame, node["each"]):
        days = period_days(frame, node["each"], node["over"])
    parts = [*OPERATIONS, "product", "difference", "ratio", "growth", "all", "any", "none", "based_on"]
    for name in (*parts, *numbers.NAMESPACES):
        if name in node:
            for day in days:
                yield from _leaves(frame.on(day), node[name])
