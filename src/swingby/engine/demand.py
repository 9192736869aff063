"""Which nodes are needed as of which days, and for whom: from the asked days down to the facts.

A node is asked under a *lens*: what is known (as asked, or at a review of the past) and up to which review the tiers
are decided. A node under lens ``l`` has the number ``node + l * len(graph.nodes)``, so that everything downstream sees
it as a rule of its own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from swingby.engine.clock import Clock
from swingby.engine.graph import Graph
from swingby.engine.moments import Moment, ReviewDays, follows_the_day
from swingby.engine.nodes import EachPeriodNode, EntriesNode, Input, LadderNode, Node, RankNode
from swingby.engine.personal import is_personal
from swingby.engine.setting import Cohort, Lens, Setting

__all__ = ["Demand", "demand_days", "reads", "reads_of_facts"]

Days = dict[Cohort, set[date]]


@dataclass(slots=True)
class Demand:
    """Who needs which node as of which days.

    Attributes
    ----------
    asked
        By numbered node: days for everybody (under None) and days for those who joined on one day.
    on_facts
        By numbered node: the days of facts on which it may be needed; for whom, only the facts say.
    lenses
        The ways of looking; the first is the asked one.
    asked_lens
        Under which lens the results of an asked day stand.
    reviews
        By ladder the moments at which it is reviewed, for everybody or by the day of joining.
    """

    size: int
    asked: defaultdict[int, Days] = field(default_factory=lambda: defaultdict(lambda: defaultdict(set)))
    on_facts: defaultdict[int, Days] = field(default_factory=lambda: defaultdict(lambda: defaultdict(set)))
    lenses: list[Lens] = field(default_factory=list)
    asked_lens: dict[date, int] = field(default_factory=dict)
    reviews: dict[int, ReviewDays] = field(default_factory=dict)

    def numbered(self, node: int) -> list[int]:
        """The numbers under which a node is needed, one for each lens."""
        wanted = {*self.asked, *self.on_facts}
        return [number for lens in range(len(self.lenses)) if (number := node + lens * self.size) in wanted]

    def days(self, number: int) -> list[date]:
        """Every day on which somebody may need a node, in order."""
        found = [*self.asked.get(number, {}).values(), *self.on_facts.get(number, {}).values()]
        return sorted(set().union(*found))

    def days_of(self, number: int, cohort: Cohort) -> list[date]:
        """The days on which a node may be needed for those who joined on a day; for None, for anybody."""
        if cohort is None:
            return self.days(number)
        found = [
            demand.get(number, {}).get(who, ()) for demand in (self.asked, self.on_facts) for who in (None, cohort)
        ]
        return sorted(set().union(*found))

    def is_shared(self, number: int) -> bool:
        """True when everybody needs the node on all of its days."""
        cohorts = set(self.asked.get(number, {}))
        return number not in self.on_facts and cohorts <= {None}

    def cohorts(self, number: int) -> Iterator[tuple[Cohort, Sequence[date]]]:
        """The asked days of a node, by the day of joining."""
        for cohort, days in sorted(self.asked.get(number, {}).items(), key=lambda item: str(item[0] or "")):
            yield cohort, sorted(days)

    def lens_at(self, setting: Setting, moment: Moment) -> Lens:
        """The lens of a review: what was known by the end of the day that it looks at."""
        return Lens(setting.known_by(moment.looks_at), moment.looks_at if self.lenses[0].until else None)

    def number_at(self, setting: Setting, moment: Moment, node: int) -> int:
        """The number of a node under the lens of a review."""
        lens = self.lens_at(setting, moment)
        return node + (self.lenses.index(lens) * self.size if lens != Lens() else 0)

    def lens_of(self, number: int) -> Lens:
        """The lens of a numbered node."""
        return self.lenses[number // self.size]


def demand_days(graph: Graph, clock: Clock, setting: Setting) -> Demand:
    """Work out the days from the nodes read by nobody down to those that read facts."""
    search = _Search(graph, clock, setting, Demand(len(graph.nodes)))
    search.ask()
    for node in range(len(graph.nodes) - 1, -1, -1):
        search.pass_on(node)
    return search.demand


@dataclass(slots=True)
class _Search:
    graph: Graph
    clock: Clock
    setting: Setting
    demand: Demand
    clocks: dict[Cohort, Clock] = field(default_factory=dict)

    def ask(self) -> None:
        """Ask everything of everybody on the asked days, or what is asked of each."""
        apart = self.setting.replay and tiers_are_read_later(self.graph)
        self.demand.lenses.append(Lens(until=self.setting.asked[0] if apart else None))
        for day in self.setting.asked:
            lens = Lens(self.setting.known_by(day) if self.setting.as_then else None, day if apart else None)
            if lens not in self.demand.lenses:
                self.demand.lenses.append(lens)
            self.demand.asked_lens[day] = self.demand.lenses.index(lens)
            for node in self.setting.questions.get(day, range(len(self.graph.nodes))):
                self.demand.asked[self._number(node, self.demand.asked_lens[day])][None].add(day)

    def _number(self, node: int, lens: int) -> int:
        return node + lens * self.demand.size

    def pass_on(self, node: int) -> None:
        """Pass the demand for one node on to what it reads."""
        found = self.graph[node]
        if isinstance(found, LadderNode) and self.setting.replay and not self._follows_the_day(found):
            self._pass_on_walk(node, found)
            return
        personal = is_personal(self.clock, found)
        for number in self.demand.numbered(node):
            for demand in (self.demand.asked, self.demand.on_facts):
                for cohort, days in list(demand.get(number, {}).items()):
                    self._pass_on_days(number, cohort, days, demand, personal=personal)

    def _follows_the_day(self, node: LadderNode) -> bool:
        return follows_the_day(node.ladder, self.clock.program.header)

    def _pass_on_days(
        self, number: int, cohort: Cohort, days: set[date], demand: defaultdict[int, Days], *, personal: bool
    ) -> None:
        cohorts = self.setting.cohorts if personal and cohort is None else (cohort,)
        node, lens = self.graph[number], number // self.demand.size
        everybody = isinstance(node, RankNode)
        for each in cohorts:
            clock = self._clock(each)
            to = None if everybody else each if personal else cohort
            for item, day in reads(node, clock, days, self.setting):
                where = self.demand.asked if everybody else demand
                where[self._number(item.node, lens)][to].add(clock.shifted(day, item.shift))
        self._pass_on_to_facts(node, lens)

    def _pass_on_to_facts(self, node: Node, lens: int) -> None:
        """What an earning reads on the days of its facts."""
        if isinstance(node, EntriesNode) and node.number is None:
            for item, _, day in reads_of_facts(node, self.clock, self.setting):
                self.demand.on_facts[self._number(item.node, lens)][None].add(self.clock.shifted(day, item.shift))

    def _clock(self, cohort: Cohort) -> Clock:
        if cohort not in self.clocks:
            self.clocks[cohort] = self.clock.of_those_who_joined(cohort)
        return self.clocks[cohort]

    # --- ladders with clocks ----------------------------------------------------------------------------------------

    def _pass_on_walk(self, node: int, found: LadderNode) -> None:
        until = max(day for number in self.demand.numbered(node) for day in self.demand.days(number))
        personal = is_personal(self.clock, found)
        cohorts = self.setting.cohorts if personal else (None,)
        reviews = ReviewDays.of(
            found.ladder, [(cohort, self._clock(cohort)) for cohort in cohorts], until, grace=self.setting.grace
        ).after(self.setting.reviewed_until(found.ladder.name))
        self.demand.reviews[node] = reviews
        for cohort, (promotions, demotions) in reviews.by_cohort.items():
            for moment in promotions:
                self._ask(found.earned, cohort, moment, [moment.looks_at])
            for moment in demotions:
                self._ask(found.kept[moment.review], cohort, moment, [moment.looks_at, *moment.grace])
                self._ask(found.lower, cohort, moment, [moment.looks_at, *moment.grace])

    def _ask(self, inputs: Iterable[Input | None], cohort: Cohort, moment: Moment, looks: Sequence[date]) -> None:
        lens = self._lens(moment)
        for item in inputs:
            if item is not None:
                days = {self.clock.shifted(look, item.shift) for look in looks}
                self.demand.asked[self._number(item.node, lens)][cohort] |= days

    def _lens(self, moment: Moment) -> int:
        """The place of a review's lens, which is added when it is new."""
        lens = self.demand.lens_at(self.setting, moment)
        if lens == Lens():
            return 0
        if lens not in self.demand.lenses:
            self.demand.lenses.append(lens)
        return self.demand.lenses.index(lens)


def reads(node: Node, clock: Clock, days: Iterable[date], setting: Setting) -> Iterator[tuple[Input, date]]:
    """What a node reads as of some days, with the day from which each input's own shift counts."""
    if isinstance(node, EachPeriodNode):
        looks = {look for day in days for look in clock.looks(node.unit, node.window, day)}
        yield from ((item, look) for item in node.inputs for look in looks)
    elif isinstance(node, EntriesNode):
        yield from _reads_of_entries(node, clock, days, setting)
    else:
        yield from ((item, day) for item in node.inputs for day in days)


def _reads_of_entries(
    node: EntriesNode, clock: Clock, days: Iterable[date], setting: Setting
) -> Iterator[tuple[Input, date]]:
    listed = list(days)
    yield from ((item, day) for _, item in node.today for day in listed)
    since = _first_entry(node, clock, setting) if node.closing else None
    closes = {close for day in listed for close in clock.closes(node.earning, day, since=since)} if since else set()
    yield from ((item, close) for _, item in node.closing for close in closes)
    if node.number is not None:
        ends = clock.period_ends(node.earning, max(listed))
        yield from ((item, end) for item in (node.number, *(item for _, item in node.needs)) for end in ends)
        yield from ((node.gate, clock.dated(node.earning, end)) for end in ends if node.gate)


def _first_entry(node: EntriesNode, clock: Clock, setting: Setting) -> date | None:
    """The first day that an entry may count for, which may lie before the program's own; None where there are no facts."""
    if node.number is not None:
        return clock.program.header.effective
    return min(setting.dated_days(node.earning, clock), default=None)


def reads_of_facts(node: EntriesNode, clock: Clock, setting: Setting) -> Iterator[tuple[Input, date, date]]:
    """What an earning reads for each of its facts: the input, the day that leads to it, the day it is read on.

    A value is led to by the day on which values are read, the gate by the day of the fact.
    """
    if not (node.needs or node.gate):
        return
    for day in setting.fact_days(node.earning, read=True) if node.needs else ():
        yield from ((item, day, day) for _, item in node.needs)
    for day in setting.fact_days(node.earning, read=False) if node.gate else ():
        yield from ((gate, day, clock.dated(node.earning, day)) for gate in (node.gate,) if gate)


def tiers_are_read_later(graph: Graph) -> bool:
    """True when some rule reads a tier, and some tier may take effect before it is decided."""
    moved = any(
        review.effective for _, node in graph.of(LadderNode) for review in (node.ladder.promote, *node.ladder.demote)
    )
    read = any(
        isinstance(graph.nodes[item.node], LadderNode)
        for node in graph.nodes
        if not isinstance(node, LadderNode)
        for item in node.inputs
    )
    return moved and read
