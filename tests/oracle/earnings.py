"""Earnings: recomputed from a number, or entries of facts and of closed periods."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Any

from . import caps, numbers, requirements, schedules, values, windows
from .columns import own_column, quantity, read
from .credit import Credited, holds
from .frame import Frame, Num, incomplete, known
from .literals import ONE_DAY, add, is_day, length
from .numbers import capped
from .of_facts import complete, counted_facts
from .of_lists import resting
from .periods import moment, periods_between, read_period
from .rounding import rounded
from .scales import never_falls, scaled, scaled_column, summands
from .tree import Node


@dataclass(frozen=True)
class Line:
    """One dated entry: what it was worth before caps, what is left of it, and until when.

    ``look`` reads values for it (on its own day, with its fact in hand); ``sure`` is false while its gate
    or its number is not known; ``reverses`` marks the negative line of a cancelled fact.
    """

    fact_id: str
    dated: date
    before: Fraction
    after: Fraction
    look: Frame
    item: Credited | None
    in_force: bool
    sure: bool = True
    reverses: bool = False
    may_fall: bool = False


def section(frame: Frame, name: str) -> Node:
    """The declaration of an earning."""
    for part in ("points", "incentives"):
        if name in frame.world.section(part):
            return frame.world.section(part)[name]  # type: ignore[no-any-return]
    raise KeyError(name)


def total(frame: Frame, name: str, over: Any = None) -> Num:
    """What an earning gives as of the day: its entries in force (dated in the window), or the recomputed number."""
    spec = section(frame, name)
    if "based_on" in spec and "each" not in spec:
        return recomputed(frame, spec, over)
    span = windows.window(frame, over) if over is not None else (None, frame.end)
    counted = [line for line in lines(frame, name) if line.in_force and windows.inside(span, line.dated)]
    amount = sum((line.after for line in counted), Fraction(0))
    falls = frame.remember(("falls", name), lambda: _may_fall(frame.holding("", None), spec))
    if all(line.sure for line in counted) and _complete(frame, spec):
        return replace(known(amount), bare=falls)
    return replace(incomplete(Fraction(0)), bare=True) if falls else incomplete(amount)


def _may_fall(frame: Frame, spec: Node) -> bool:
    """Whether a closed period rests on a number that may still fall: said of all partners together, whenever they joined."""
    if "for_each" in spec:
        return False
    period = read_period(spec["each"])
    assert period is not None
    own = "joined" in str(spec.get("over")) or (period.calendar and frame.calendars.is_personal(period.calendar))
    looks = [replace(frame, enrolment=str(row["enrolment"])) for row in frame.world.facts.get("enrolments", [])]
    begins = [(look, max(look.joined, look.effective)) for look in looks] if own else [(frame, frame.effective)]
    return any(line.may_fall for look, begin in begins for line in _of_periods(look, spec, begin))


def _complete(frame: Frame, spec: Node) -> bool:
    """Entries without a written window are complete when every day is covered whose entries would be in force."""
    if "for_each" not in spec:
        return True
    if "over" in spec or "expires" not in spec:
        return complete(frame, spec["for_each"], spec)
    day = frame.day
    while day > date(1900, 1, 1) and moment(spec["expires"], day, frame.calendars) > frame.day:
        if not frame.run.ledger.covered(spec["for_each"], day):
            return False
        day -= ONE_DAY
    return True


def recomputed(frame: Frame, spec: Node, over: Any = None) -> Num:
    """Scale, times, never below 0, gate, caps, rounding of a number as of the day; undefined earns nothing."""
    based_on = spec["based_on"] if over is None else _over(spec["based_on"], over)
    found = numbers.number(frame, based_on)
    gate = requirements.judge(frame, spec["requires"]).result if "requires" in spec else "met"
    falls = found.may_fall or (found.state == "incomplete" and not never_falls(frame, spec["earn"]))
    if found.state == "undefined" or gate == "unmet":
        return resting(known(0), on_what_may_fall=falls)
    if found.known and gate == "met":
        assert found.value is not None
        return resting(known(_worth(frame, spec, found.value)), on_what_may_fall=falls)
    if not falls and found.floor is not None and never_falls(frame, spec["earn"]):
        return incomplete(_worth(frame, spec, found.floor) if gate == "met" else Fraction(0))
    return replace(incomplete(Fraction(0)), bare=True)


def _over(based_on: Any, over: Any) -> Any:
    return {"measure": based_on, "over": over} if isinstance(based_on, str) else {**based_on, "over": over}


def _worth(frame: Frame, spec: Node, x: Fraction) -> Fraction:
    earned = sum((scaled(frame, part, x) for part in summands(spec["earn"])), Fraction(0))
    worth = max(earned * _times(frame, spec), Fraction(0))
    for cap in cap_list(spec):
        worth = max(capped(frame, cap, worth), Fraction(0))
    return rounded(worth, spec["round"]) if "round" in spec else worth


def cap_list(spec: Node) -> list[Node]:
    """The caps of an earning, in order; a bare value is an upper one."""
    if "cap" not in spec:
        return []
    written = spec["cap"] if isinstance(spec["cap"], list) else [spec["cap"]]
    return [
        cap if isinstance(cap, dict) and {"at_most", "at_least"} & set(cap) else {"at_most": cap} for cap in written
    ]


def _times(frame: Frame, spec: Node) -> Fraction:
    product = Fraction(1)
    for factor in spec.get("times", []):
        product *= values.fraction(frame, factor) or Fraction(0)
    return product


def lines(frame: Frame, name: str) -> list[Line]:
    """Every line dated by the as-of day, in order of date and fact id, capped and rounded."""
    return frame.remember(("lines", name), lambda: _lines(frame.holding("", None), name))  # type: ignore[no-any-return]


def _lines(frame: Frame, name: str) -> list[Line]:
    spec = section(frame, name)
    raw = _of_facts(frame, spec) if "for_each" in spec else _of_periods(frame, spec, max(frame.joined, frame.effective))
    begun = sorted((line for line in raw if line.dated <= frame.day), key=lambda line: (line.dated, line.fact_id))
    begun = caps.apply(frame, spec, begun)
    if "round" in spec:
        begun = [replace(line, after=rounded(line.after, spec["round"])) for line in begun]
    return [part for line in begun for part in _with_reversal(frame, spec, line)]


def entered_kind(spec: Node) -> str:
    """The kind of fact that entries stand for: what started or ended is an event of its own."""
    when = spec.get("when", "held")
    return str(spec["for_each"] if when == "held" else f"{when} {spec['for_each']}")


def _of_facts(frame: Frame, spec: Node) -> Iterator[Line]:
    """One entry per fact; the entry of a state lives while the state and its link hold."""
    kind = entered_kind(spec)
    is_state = frame.run.ledger.shape(kind) == "state"
    for item in counted_facts(frame, kind, spec, entries=True):
        if is_state and not holds(item.row, frame.day):
            continue
        on = frame.run.ledger.day_of(kind, item.row)
        rates = own_column(frame, kind, item.row, spec["rates_at"]) if "rates_at" in spec else None
        look = frame.on(rates or on).holding(kind, item.row)
        parts = summands(spec["earn"])
        earned = sum(
            (scaled_column(look, part, _quantity(look, spec, part, kind, item)) for part in parts), Fraction(0)
        )
        line = _line(frame, spec, str(item.row["fact_id"]), on, look, earned, item)
        if line.in_force or not is_state:
            yield line


def _quantity(look: Frame, spec: Node, scale: Any, kind: str, item: Credited) -> Fraction:
    """1, or the column under a scale's ``of`` (0 where it is missing), times the share of a split."""
    column = scale.get("of") if isinstance(scale, dict) else None
    if column is None:
        return Fraction(1)
    return (
        quantity(look, kind, item.row, column, own_currency=spec.get("currency") == "own") or Fraction(0)
    ) * item.share


def _of_periods(frame: Frame, spec: Node, begin: date) -> Iterator[Line]:
    """One entry per closed period whose last day lies in the enrolment and in the version, from a day on."""
    period = read_period(spec["each"])
    assert period is not None
    span = windows.window(frame, spec.get("over", "ever"))
    for _, after in periods_between(frame.calendars(period.calendar), period, begin, frame.end):
        last = after - ONE_DAY
        if last > frame.day or not windows.inside(span, last):
            continue
        look = frame.on(last)
        found = numbers.number(look, spec["based_on"])
        rises = found.floor is not None and not found.bare and never_falls(look, spec["earn"])
        x = (found.floor if rises else found.value) or Fraction(0)
        earned = sum((scaled(look, part, x) for part in summands(spec["earn"])), Fraction(0))
        line = _line(frame, spec, last.isoformat(), last, look, earned, None)
        worth = Fraction(0) if found.state == "undefined" else max(line.before, Fraction(0))
        is_open = found.state == "incomplete"
        falls = found.bare or (is_open and not rises)
        yield replace(line, before=worth, after=worth, sure=line.sure and not is_open, may_fall=falls)


def _line(
    frame: Frame, spec: Node, fact_id: str, on: date, look: Frame, earned: Fraction, item: Credited | None
) -> Line:
    """Times and gate of one entry, of which the scales gave so much. The gate is read on the entry's day."""
    dated = _dated(look, spec, on)
    amount = earned * _times(look, spec)
    gate = "met"
    if "requires" in spec and dated <= frame.day:
        gate = requirements.judge(look.on(dated), spec["requires"]).result
    worth = amount if gate == "met" else Fraction(0)
    return Line(fact_id, dated, worth, worth, look, item, _in_force(frame, spec, dated), gate != "unknown")


def _dated(look: Frame, spec: Node, on: date) -> date:
    """The day the entry counts for: the fact's day, a column, or a later day that a dated value sets."""
    written = spec.get("dated")
    if written is None:
        return on
    if isinstance(written, str) and not is_day(written):
        assert look.fact is not None
        found = read(look, look.fact_kind, look.fact, written)
    else:
        found = values.value(look.on(on), written)
    if isinstance(written, dict) and "column" not in written:
        return max(found, on) if isinstance(found, date) else on
    return found if isinstance(found, date) else on


def _in_force(frame: Frame, spec: Node, dated: date) -> bool:
    """Dated by the day, confirmed by its run, and not expired (the limit is exclusive)."""
    if dated > frame.day:
        return False
    if "awarded" in spec and schedules.awarded(frame, spec["awarded"], dated) > frame.day:
        return False
    return "expires" not in spec or frame.day < moment(spec["expires"], dated, frame.calendars)


def _with_reversal(frame: Frame, spec: Node, line: Line) -> list[Line]:
    """The line, and the negative line of a fact cancelled by the day."""
    cancelled = line.item.row.get("cancelled_on") if line.item else None
    rule = spec.get("cancelled", "reverse")
    if cancelled is None or cancelled > frame.day or rule == "keep" or line.item is None:
        return [line]
    if isinstance(rule, dict) and cancelled >= add(_fact_day(frame, spec, line.item), length(rule["within"])):
        return [line]
    return [line, replace(line, dated=cancelled, before=-line.after, after=-line.after, reverses=True)]


def _fact_day(frame: Frame, spec: Node, item: Credited) -> date:
    return frame.run.ledger.day_of(entered_kind(spec), item.row)


__all__ = ["Line", "cap_list", "lines", "recomputed", "section", "total"]
