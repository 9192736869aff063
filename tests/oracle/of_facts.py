"""Numbers of facts: count, sum, average, median, least, greatest of a column of facts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

from . import values, windows
from .columns import quantity, read
from .conditions import passes
from .credit import Credited, credited, holds
from .frame import UNDEFINED, Frame, Num, incomplete, known
from .literals import ONE_DAY
from .periods import containing, read_period
from .tree import Node


def of_facts(frame: Frame, operation: str, spec: Node) -> Num:
    """The number of the facts that count; incomplete where its window reaches outside coverage."""
    facts = counted_facts(frame, spec["of"], spec)
    found = aggregate(frame, operation, spec, facts)
    if complete(frame, spec["of"], spec):
        return found
    return incomplete(found.value) if operation == "count" else incomplete()


def aggregate(frame: Frame, operation: str, spec: Node, facts: list[Credited]) -> Num:
    """Put the facts together. The sum of nothing is 0, the others are undefined."""
    column = spec[operation]
    if operation == "count":
        if column == "facts":
            return known(sum((item_weight(frame, spec, item) for item in facts), Fraction(0)))
        things = {thing(frame, spec["of"], item, column) for item in facts}
        return known(len(things - {None}))
    found = [(quantity(frame, spec["of"], item.row, column), item) for item in facts]
    numbers = [x * item_weight(frame, spec, item) for x, item in found if x is not None]
    if operation == "sum":
        shares = [item.share for x, item in found if x is not None]
        return known(sum((x * share for x, share in zip(numbers, shares, strict=True)), Fraction(0)))
    return combine(operation, numbers)


def combine(operation: str, numbers: list[Fraction]) -> Num:
    """Average, median, least or greatest of numbers; undefined of none."""
    if not numbers:
        return UNDEFINED
    if operation == "average":
        return known(sum(numbers, Fraction(0)) / len(numbers))
    if operation == "median":
        return known(median(numbers))
    return known(min(numbers) if operation == "least" else max(numbers))


def median(numbers: list[Fraction]) -> Fraction:
    """The middle one, or the mean of the middle two."""
    ordered = sorted(numbers)
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2


def thing(frame: Frame, kind: str, item: Credited, column: str) -> Any:
    """The thing a fact is about, by column; a column of the link is read on the first link."""
    return read(frame, kind, item.row, column, item.links[0] if item.links else None)


def item_weight(frame: Frame, spec: Node, item: Credited) -> Fraction:
    """The product of the weights under ``times``; a weight without a value makes 0."""
    weight = Fraction(1)
    for factor in spec.get("times", []):
        weight *= values.fraction(frame.holding(spec["of"], item.row), factor) or Fraction(0)
    return weight


def complete(frame: Frame, kind: str, spec: Node) -> bool:
    """Whether every day of the window (the as-of day for a state without one) is covered for the kind."""
    ledger = frame.run.ledger
    base = ledger.base_kind(kind)
    if not any(row["kind"] == base for row in frame.world.facts.get("coverage", [])):
        return True
    if "over" not in spec:
        return ledger.covered(kind, frame.day)
    start, end = windows.window(frame, spec["over"])
    day = start if start is not None else date(1900, 1, 1)
    while day < end:
        if not ledger.covered(kind, day):
            return False
        day += ONE_DAY
    return True


def counted_facts(frame: Frame, kind: str, spec: Node, *, entries: bool = False) -> list[Credited]:
    """The facts a number counts: known, in the window, credited, of this thing and cell, picked, filtered.

    An earning (``entries``) also keeps facts that were cancelled, and reads values on each fact's day.
    """
    facts = things_facts(frame, kind, spec, entries=entries)
    facts = [item for item in facts if _of_cells(frame, kind, item, spec)]
    if "pick" in spec:
        facts = pick(frame, kind, facts, spec["pick"], entries=entries)
    filters = [spec.get("where") or {}, *_subset_filters(frame, kind)]
    return [
        item
        for item in facts
        if all(passes(_looking(frame, kind, item, entries=entries), kind, item, where) for where in filters)
    ]


def _looking(frame: Frame, kind: str, item: Credited, *, entries: bool) -> Frame:
    return frame.reading_on(frame.run.ledger.day_of(kind, item.row)) if entries else frame


def things_facts(frame: Frame, kind: str, spec: Node, *, entries: bool) -> list[Credited]:
    """The candidate facts; inside ``each: <thing>`` only those of that thing."""
    if not frame.things:
        return candidate_facts(frame, kind, spec, entries=entries)
    whole = replace(frame, things=frame.things[:-1])
    column, wanted = frame.things[-1]

    def by_thing() -> dict[Any, list[Credited]]:
        groups: dict[Any, list[Credited]] = {}
        for item in things_facts(whole, kind, spec, entries=entries):
            groups.setdefault(thing(whole, kind, item, column), []).append(item)
        return groups

    groups = whole.remember(("by thing", column, *_read_so(kind, spec, entries=entries)), by_thing)
    return groups.get(wanted, [])  # type: ignore[no-any-return]


def _read_so(kind: str, spec: Node, *, entries: bool) -> tuple[object, ...]:
    """What of a rule decides which facts are candidates."""
    return kind, repr(spec.get("over")), spec.get("when"), repr(spec.get("credit")), entries


def candidate_facts(frame: Frame, kind: str, spec: Node, *, entries: bool) -> list[Credited]:
    """Known facts of the window that reach the enrolment."""

    def work() -> list[Credited]:
        rows = subset_rows(frame, kind, entries=entries)
        shown = [row for row in rows if in_time(frame, kind, row, spec, entries=entries)]
        return credited(frame, kind, shown, spec.get("credit"))

    key = ("candidates", *_read_so(kind, spec, entries=entries))
    return frame.of_everything().remember(key, work)  # type: ignore[no-any-return]


def subset_rows(frame: Frame, kind: str, *, entries: bool) -> list[dict[str, Any]]:
    """The rows of a kind; a ``pick`` in a subset chooses over all partners, before credit."""
    ledger = frame.run.ledger
    declared = ledger.declared(kind)
    if "subset_of" not in declared:
        return ledger.known(kind, frame.known)
    rows = subset_rows(frame, declared["subset_of"], entries=entries)
    if "pick" not in declared:
        return rows
    past = [row for row in rows if in_time(frame, kind, row, {"over": "ever"}, entries=entries)]
    return [item.row for item in pick(frame, kind, [Credited(row) for row in past], declared["pick"])]


def _subset_filters(frame: Frame, kind: str) -> list[Node]:
    """The ``where`` of a subset and of the subsets it is cut from."""
    declared = frame.run.ledger.declared(kind)
    if "subset_of" not in declared:
        return []
    return [*_subset_filters(frame, declared["subset_of"]), declared.get("where") or {}]


def in_time(frame: Frame, kind: str, row: dict[str, Any], spec: Node, *, entries: bool) -> bool:
    """Whether a fact lies in the window; an event cancelled by the day does not count, except as an entry."""
    if frame.run.ledger.shape(kind) == "state":
        return state_in_time(frame, row, spec)
    cancelled = row.get("cancelled_on")
    if cancelled is not None and cancelled <= frame.day and not entries:
        return False
    return windows.inside(windows.window(frame, spec.get("over", "ever")), row["happened_on"])


def state_in_time(frame: Frame, row: dict[str, Any], spec: Node) -> bool:
    """Whether a state was held, started or ended: on the as-of day, or at some time in the window."""
    when = spec.get("when", "held")
    span = windows.window(frame, spec["over"]) if "over" in spec else (frame.day, frame.end)
    if when == "held" and "over" not in spec:
        return holds(row, frame.day)
    if when == "held":
        return windows.overlaps(span, row["starts_on"], row.get("ends_on"))
    on = row["starts_on"] if when == "started" else row.get("ends_on")
    return on is not None and windows.inside(span, on)


def _of_cells(frame: Frame, kind: str, item: Credited, spec: Node) -> bool:
    """A number ``by`` cells sees only facts of the cell looked at."""
    names = spec.get("by") or []
    cells = dict(frame.cells)
    return all(
        passes(frame, kind, item, {name: cells[name]}) for name in ([names] if isinstance(names, str) else names)
    )


def pick(frame: Frame, kind: str, facts: list[Credited], spec: Node, *, entries: bool = False) -> list[Credited]:
    """The first, last, highest or lowest few, of each group, among those that pass; ties by fact id."""
    among = [
        item for item in facts if passes(_looking(frame, kind, item, entries=entries), kind, item, spec.get("among"))
    ]
    order = next(name for name in ("first", "last", "highest", "lowest") if name in spec)
    groups: dict[Any, list[Credited]] = {}
    for item in among:
        groups.setdefault(tuple(group_of(frame, kind, item, name) for name in _names(spec.get("per"))), []).append(item)
    chosen: list[Credited] = []
    for group in groups.values():
        chosen += _ordered(frame, kind, group, order, spec.get("column"))[: int(spec[order])]
    return chosen


def _names(per: Any) -> list[str]:
    return [] if per is None else per if isinstance(per, list) else [per]


def group_of(frame: Frame, kind: str, item: Credited, name: str) -> Any:
    """What groups a fact: a column, or the period that contains its day."""
    period = read_period(name)
    if period is None:
        return thing(frame, kind, item, name)
    return containing(frame.calendars(period.calendar), period, frame.run.ledger.day_of(kind, item.row))[0]


def _ordered(frame: Frame, kind: str, group: list[Credited], order: str, column: str | None) -> list[Credited]:
    """Best first; facts without the column are not chosen."""
    keyed: list[tuple[Any, Credited]] = []
    for item in group:
        if column is None:
            keyed.append((frame.run.ledger.day_of(kind, item.row), item))
            continue
        found = quantity(frame, kind, item.row, column)
        found_or_day = found if found is not None else read(frame, kind, item.row, column)
        if found_or_day is not None:
            keyed.append((found_or_day, item))
    keyed.sort(key=lambda pair: str(pair[1].row["fact_id"]))
    keyed.sort(key=lambda pair: pair[0], reverse=order in ("last", "highest"))
    return [item for _, item in keyed]


def has_column(frame: Frame, kind: str, column: str) -> bool:
    """Whether facts of a kind can say which thing they are about; facts of which none is known can."""
    rows = frame.world.facts.get(frame.run.ledger.base_kind(kind), [])
    declared = frame.run.ledger.declared(frame.run.ledger.base_kind(kind)).get("columns", {})
    return "." in column or column in declared or not rows or any(column in row for row in rows)
