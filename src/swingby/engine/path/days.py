"""When: the reviews that can give a tier, and the days on which acts can count."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from swingby.engine.clock import Clock, is_daily
from swingby.engine.graph import Graph
from swingby.engine.nodes import AnyoneNode, EachPeriodNode, EntriesNode, FactsNode, Node
from swingby.errors import SwingbyError
from swingby.program.blocks import PeriodUnit, Window
from swingby.program.model import Ladder
from swingby.values import add_days

#: How many reviews, and how many days where every day is one, and how many days of one act are looked at.
MOST_REVIEWS, MOST_REVIEW_DAYS = 25, 13
MOST_DAYS = 12
_DAY = PeriodUnit("day")


@dataclass(frozen=True, slots=True, order=True)
class ReviewDay:
    """A moment that can give a tier: its midnight, the day it looks at, and the day from which the tier is held."""

    on: date
    looks_at: date
    effective: date

    @property
    def held_on(self) -> date:
        """The first day on which the tier can be held by it."""
        return max(self.on, self.effective)


def reviews(
    clock: Clock, ladder: Ladder, as_of: date, until: date, ready: Collection[date]
) -> tuple[tuple[ReviewDay, ...], bool]:
    """The reviews after a day and up to another; where every day is one, those on which something new can count.

    Returns
    -------
    tuple[tuple[ReviewDay, ...], bool]
        The reviews, and whether these are all.
    """
    schedule = ladder.promote.schedule
    if schedule.kind == "never":
        return (), True
    if is_daily(schedule):
        moments = sorted({day for day in (*ready, until) if as_of <= day <= until})
    else:
        moments = [on for on in clock.review_moments(schedule, add_days(as_of, 1), until) if on > as_of]
    found = [_review(clock, ladder, on) for on in moments]
    most = MOST_REVIEW_DAYS if is_daily(schedule) else MOST_REVIEWS
    return tuple(_thinned(found, most)), len(found) <= most


def _thinned(found: Sequence[ReviewDay], most: int) -> Sequence[ReviewDay]:
    """As many as can be looked at, evenly apart, the first and the last among them."""
    if len(found) <= most:
        return found
    return [found[nth * (len(found) - 1) // (most - 1)] for nth in range(most)]


def _review(clock: Clock, ladder: Ladder, on: date) -> ReviewDay:
    own = clock.with_tier_since(on)
    effective = own.moment(ladder.promote.effective, on) if ladder.promote.effective else on
    return ReviewDay(on, clock.look_day(ladder.promote.schedule, on), effective)


def act_days(
    clock: Clock, graph: Graph, touched: Sequence[int], first: date, looks: Sequence[date]
) -> tuple[tuple[date, ...], bool]:
    """The days on which an act may be done: as soon as it can, when a period begins, and when a window reaches it.

    Returns
    -------
    tuple[tuple[date, ...], bool]
        The days, and whether these are all.
    """
    last = looks[-1]
    units, days = set(), {first}
    for number in touched:
        node = graph.nodes[number]
        units |= set(_units(node))
        for look in looks:
            days |= {start for start in _starts(clock, node, look) if first < start <= look}
    units |= {node.unit for node in _each_period(graph, frozenset(touched))}
    for unit in units - {_DAY}:
        days |= {period.start for period in clock.periods(unit, first, add_days(last, 1)) if period.start > first}
    found = tuple(sorted(day for day in days if day <= last))
    return found[:MOST_DAYS], len(found) <= MOST_DAYS


def _units(node: Node) -> Iterator[PeriodUnit]:
    """The periods of an earning's caps, and of windows that follow the calendar."""
    if isinstance(node, EntriesNode):
        yield from (part for cap in node.earning.cap for part in cap.per if isinstance(part, PeriodUnit))
        yield from (node.earning.each,) if node.earning.each else ()
    window = window_of(node)
    if window is not None and window.unit is not None:
        yield window.unit


def window_of(node: Node) -> Window | None:
    """The window of a number of facts, or of an earning's facts."""
    if isinstance(node, AnyoneNode):
        return node.facts.window
    if isinstance(node, FactsNode):
        return node.window
    if isinstance(node, EntriesNode):
        return node.earning.for_each.over if node.earning.for_each else node.earning.over
    return None


def _starts(clock: Clock, node: Node, look: date) -> Iterator[date]:
    window = window_of(node)
    try:
        if window is not None:
            yield clock.span(window, look).start
        if isinstance(node, EntriesNode) and node.earning.expires:
            yield clock.first_in_force(node.earning.expires, look)
    except SwingbyError:
        return


def _each_period(graph: Graph, touched: frozenset[int]) -> Iterator[EachPeriodNode]:
    """The numbers of each period that look at what an act touches."""
    reached = set(touched)
    for number, node in enumerate(graph.nodes):
        if any(item.node in reached for item in node.inputs):
            reached.add(number)
            if isinstance(node, EachPeriodNode):
                yield node
