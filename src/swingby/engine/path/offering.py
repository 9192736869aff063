"""What the partner can do, on which days and by whom, and which reviews could notice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from swingby.engine.clock import is_daily
from swingby.engine.nodes import FactsNode, TimeNode
from swingby.engine.path.acts import Act, Unplannable, acts_of
from swingby.engine.path.days import ReviewDay, act_days, reviews
from swingby.engine.path.design import levels_of
from swingby.engine.path.model import counts_people, touched_nodes
from swingby.engine.path.partner import Aim, Partner
from swingby.engine.path.people import classes, staff
from swingby.engine.path.trials import Offer, Slot, touched_by
from swingby.engine.path.worlds import Copies
from swingby.values import add_days, add_months

#: How far a path looks ahead when no day is named.
MONTHS_AHEAD = 12


@dataclass(frozen=True, slots=True)
class Prospect:
    """The acts on offer, the reviews to come, and the rules no act can move for sure.

    ``is_whole`` is False where some acts, days, people or reviews that may be cheaper are left out.
    """

    offer: Offer
    reviews: tuple[ReviewDay, ...]
    unplannable: tuple[Unplannable, ...]
    is_whole: bool


class _Offering:
    def __init__(self, partner: Partner, aim: Aim, copies: Copies) -> None:
        self.partner, self.aim, self.copies = partner, aim, copies
        self.graph, self.program = partner.compiled.builder.graph, partner.program
        self.is_whole = True
        self.until = max(aim.by, add_months(aim.as_of, MONTHS_AHEAD))

    def touched(self, act: Act) -> frozenset[int]:
        return touched_by(self.program, self.graph.nodes, act, self.aim.as_of)

    def by_class(self, act: Act, people: Mapping[str, date]) -> list[tuple[Act, tuple[str, ...]]]:
        """An act once for each class of people for whom it may change something else."""
        if not act.person:
            return [(act, ())]
        nodes = [self.graph.nodes[number] for number in sorted(self.touched(act))]
        counting = [node for node in nodes if isinstance(node, FactsNode) and counts_people(node)]
        pools, is_whole = classes(self.copies, act, counting, people, self.until)
        self.is_whole &= is_whole
        return [(act, pool) for pool in pools]

    def days_of(self, act: Act) -> tuple[date, ...]:
        """The days on which it makes a difference when an act is done."""
        ready = add_days(self.aim.as_of, act.lead_days(self.program, self.aim.as_of))
        months = (add_months(self.aim.as_of, nth) for nth in range(MONTHS_AHEAD))
        looks = [look for look in (*months, self.until) if ready <= look <= self.until]
        if not looks:
            return ()
        days, is_whole = act_days(self.partner.clock, self.graph, sorted(self.touched(act)), ready, looks)
        self.is_whole &= is_whole
        return days

    def may_wait(self) -> bool:
        """True where every day is a review and some number rises with time alone: only days with something new are looked at."""
        return is_daily(self.aim.ladder.promote.schedule) and any(self.graph.of(TimeNode))

    def overlap(self, one: Act, other: Act) -> bool:
        """True where two acts count the same people: there one person is not two."""
        return any(counts_people(self.graph.nodes[node]) for node in self.touched(one) & self.touched(other))


def prospect(partner: Partner, aim: Aim, copies: Copies) -> Prospect:
    """Everything that a search may choose from."""
    offering, program = _Offering(partner, aim, copies), partner.program
    found, unplannable = acts_of(program, aim.as_of, aim.cells)
    people = staff(copies, aim.as_of)
    offered = [each for act in found for each in offering.by_class(act, people)]
    acts = tuple(act for act, _ in offered)
    pools = {nth: pool for nth, (_, pool) in enumerate(offered) if pool}
    slots = tuple(
        Slot(nth, day) for nth, act in enumerate(acts) if offering.touched(act) for day in offering.days_of(act)
    )
    offer = Offer(
        acts=acts,
        slots=slots,
        reached=tuple(touched_nodes(offering.graph, offering.touched(act)) for act in acts),
        pools=pools,
        overlaps={
            nth: frozenset(other for other in pools if other != nth and offering.overlap(acts[nth], acts[other]))
            for nth in pools
        },
        levels=tuple(levels_of(offering.graph, program, offering.touched(act), aim.as_of) for act in acts),
        organization=partner.organization,
        currency=program.header.currency,
    )
    days = {aim.by, *(slot.day for slot in slots)}
    ahead, is_whole = reviews(partner.clock, aim.ladder, aim.as_of, offering.until, days)
    is_whole &= offering.is_whole and all(act.is_only for act in acts) and not offering.may_wait()
    return Prospect(offer, ahead, unplannable, is_whole)
