"""Which nodes are needed as of which days: from the asked days down to the facts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from swingby.engine.clock import Clock
from swingby.engine.graph import EachPeriodNode, Graph, Input, LadderNode, Node
from swingby.program.model import Header, Ladder, Review

ONE_DAY = "day"
Days = list[set[date]]


@dataclass(frozen=True, slots=True)
class Moment:
    """One review of a ladder: the midnight it belongs to, and the day it looks at."""

    on: date
    looks_at: date
    review: int
    grace: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True)
class Demand:
    """For every node the days on which it is needed, in order; for every walked ladder its moments."""

    days: Sequence[Sequence[date]]
    promotions: dict[int, tuple[Moment, ...]]
    demotions: dict[int, tuple[Moment, ...]]
    replay_from: date | None = None
    grace: bool = True


def follows_the_day(ladder: Ladder, header: Header) -> bool:
    """True when the tier is simply the highest earned on the day, so that nothing is replayed."""
    reviews = (ladder.promote, *ladder.demote)
    remembers = header.protected_through is not None or any(tier.keeps for tier in ladder.tiers)
    return all(_daily(review) for review in reviews) and len(ladder.demote) == 1 and not remembers


def _daily(review: Review) -> bool:
    schedule = review.schedule
    plain = not (review.effective or review.hold or review.one_step or review.grace or review.keeps)
    unit = schedule.unit
    every_day = schedule.kind == "each" and unit is not None and (unit.unit, unit.count) == (ONE_DAY, 1)
    return plain and every_day and schedule.then is None


def demand_days(
    graph: Graph, clock: Clock, asked: Iterable[date], replay_from: date | None, *, grace: bool = True
) -> Demand:
    """Work out the days from the nodes read by nobody down to those that read facts.

    Without ``replay_from`` no ladder is walked: only what is earned on the day is asked for. Without ``grace`` only
    the days that reviews look at are asked for, not those of grace before them.
    """
    first = set(asked)
    days: list[set[date]] = [set(first) for _ in graph.nodes]
    demand = Demand([], {}, {}, replay_from, grace)
    for number in range(len(graph.nodes) - 1, -1, -1):
        _pass_on(graph, clock, number, days, demand)
    return Demand([sorted(item) for item in days], demand.promotions, demand.demotions, replay_from, grace)


def _pass_on(graph: Graph, clock: Clock, number: int, days: Days, demand: Demand) -> None:
    node = graph[number]
    if isinstance(node, EachPeriodNode):
        looks = {look for day in days[number] for look in clock.looks(node.unit, node.window, day)}
        days[node.item.node] |= {clock.shifted(look, node.item.shift) for look in looks}
    elif isinstance(node, LadderNode) and demand.replay_from and not follows_the_day(node.ladder, clock.program.header):
        _pass_on_walk(node, clock, number, days, demand)
    else:
        _pass_on_same_days(node, clock, days[number], days)


def _pass_on_same_days(node: Node, clock: Clock, wanted: set[date], days: list[set[date]]) -> None:
    for item in node.inputs:
        days[item.node] |= {clock.shifted(day, item.shift) for day in wanted}


def _pass_on_walk(node: LadderNode, clock: Clock, number: int, days: Days, demand: Demand) -> None:
    replay_from = demand.replay_from or date.min
    until = max(days[number])
    ladder = node.ladder
    promotions = tuple(_moments(clock, ladder.promote, 0, replay_from, until, grace=False))
    demotions = tuple(
        sorted(
            (
                moment
                for index, review in enumerate(ladder.demote)
                for moment in _moments(clock, review, index, replay_from, until, grace=demand.grace)
            ),
            key=lambda moment: (moment.on, moment.review),
        )
    )
    demand.promotions[number], demand.demotions[number] = promotions, demotions
    today = set(days[number])
    _ask(node.earned, today | {moment.looks_at for moment in promotions}, days, clock)
    for index, kept in enumerate(node.kept):
        looks = {look for moment in demotions if moment.review == index for look in (moment.looks_at, *moment.grace)}
        _ask(kept, looks | today, days, clock)


def _ask(inputs: Iterable[Input | None], wanted: set[date], days: list[set[date]], clock: Clock) -> None:
    for item in inputs:
        if item is not None:
            days[item.node] |= {clock.shifted(day, item.shift) for day in wanted}


def _moments(clock: Clock, review: Review, index: int, first: date, last: date, *, grace: bool) -> Iterable[Moment]:
    for on in clock.review_moments(review.schedule, first, last):
        looks_at = clock.look_day(review.schedule, on)
        before = tuple(clock.days_before(looks_at, review.grace)) if review.grace and grace else ()
        yield Moment(on, looks_at, index, before)
