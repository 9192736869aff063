"""Two versions side by side: from which day on they are replayed, and how their tiers stand to each other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from swingby.engine.assessing import Compiled, compile_program
from swingby.engine.graph import Graph
from swingby.engine.nodes import ConstantNode, Input
from swingby.engine.replaying.results import Direction
from swingby.program import Program
from swingby.program.blocks import BenefitValue
from swingby.program.comparing.renaming import renames_between
from swingby.program.model import Ladder
from swingby.program.walk import rules


def begun_together(old: Program, new: Program, first: date | None = None) -> tuple[Program, Program]:
    """Both versions with ladders that begin on one day: the first day of the earlier one, or ``first`` before it.

    A version that is moved takes over the protection of the one that is not, so that both are judged alike; where
    both are moved nothing is protected.
    """
    begins = min(old.header.effective, new.header.effective, first or date.max)
    settled = [side.header.protected_through for side in (old, new) if side.header.effective == begins]
    protection = settled[0] if settled else None
    return _begun(old, begins, protection), _begun(new, begins, protection)


def _begun(program: Program, begins: date, protection: date | None) -> Program:
    if program.header.effective == begins:
        return program
    return replace(program, header=replace(program.header, effective=begins, protected_through=protection))


def compiled_together(old: Program, new: Program, *, apart: bool = False) -> tuple[Compiled, Compiled]:
    """Both versions compiled, into one graph where they agree on all that rules only name; then they run in one go."""
    before = compile_program(old)
    if not apart and _agree(old, new):
        after = compile_program(new, onto=before.builder.graph)
        if _names_mean_one(after.builder.graph):
            return before, after
        before = compile_program(old)
    return before, compile_program(new)


def _names_mean_one(graph: Graph) -> bool:
    """Whether a name that values look up, such as that of a track, means one node wherever values stand."""
    found: dict[object, Input] = {}
    return all(
        found.setdefault(key, item) == item
        for node in graph.nodes
        if not isinstance(node, ConstantNode)
        for part in (node, getattr(node, "facts", node))
        for listed in _LOOKED_UP
        for key, item in getattr(part, listed, ())
    )


#: Where nodes say which names their values look up; a value that stands as a number looks up its own.
_LOOKED_UP: Final = ("needs", "closing", "today", "least", "tracks")


_NAMED: Final = ("calendars", "tables", "facts", "kinds", "accounts")
_COUNTS: Final = ("effective", "protected_through", "currency", "time_zone", "roll_up")


def _agree(old: Program, new: Program) -> bool:
    return (
        all(getattr(old, section) == getattr(new, section) for section in _NAMED)
        and all(getattr(old.header, name) == getattr(new.header, name) for name in _COUNTS)
        and old.tracks.keys() == new.tracks.keys()
        and old.ladders.keys() == new.ladders.keys()
        and not (old.accounts or new.accounts)
        and (old.benefits == new.benefits or not (_reads_benefits(old) or _reads_benefits(new)))
        and _read_the_same_facts(old, new)
    )


def _reads_benefits(program: Program) -> bool:
    """Whether a rule reads a benefit by its name."""
    parts = (part for rule in rules(program) if rule.section != "benefits" for part in rule.parts)
    return any(isinstance(part, BenefitValue) for part in parts)


def _read_the_same_facts(old: Program, new: Program) -> bool:
    """Whether earnings of the same name are about the same facts and days, which a plan asks for by name."""
    earnings = [{**side.points, **side.incentives} for side in (old, new)]
    return all(
        (one.for_each, one.dated, one.rates_at) == (other.for_each, other.dated, other.rates_at)
        for name, one in earnings[0].items()
        if (other := earnings[1].get(name)) is not None
    )


@dataclass(frozen=True, slots=True)
class Order:
    """The tiers of a ladder on both sides in one order, from low to high.

    ``old`` and ``new`` give for every tier its rank; equal ranks are the same tier, and ranks within one gap between
    two common tiers can be ordered only where one side alone has tiers there.
    """

    old: Mapping[str | None, int]
    new: Mapping[str | None, int]
    unordered: frozenset[int]

    def direction(self, before: int, after: int) -> Direction:
        """Which way a move between two ranks goes."""
        if before % _GAP and after % _GAP and before // _GAP == after // _GAP and before // _GAP in self.unordered:
            return "aside"
        return "up" if after > before else "down"

    def new_tier(self, tier: str | None) -> str | None:
        """The tier of the new side that is the same as one of the old, if there is one."""
        return next((name for name, rank in self.new.items() if rank == self.old[tier]), None)

    def old_tier(self, tier: str | None) -> str | None:
        """The tier of the old side that is the same as one of the new, if there is one."""
        return next((name for name, rank in self.old.items() if rank == self.new[tier]), None)


#: Ranks between two tiers that both sides have; more tiers than that no ladder has.
_GAP = 10_000
NO_TIER = -_GAP


def orders(old: Program, new: Program) -> dict[str, Order]:
    """The order of each ladder that both versions have under the same name and with the same cells."""
    renamed = renames_between(old, new).tiers
    return {
        name: _order(ladder, new.ladders[name], {a: b for (of, a), b in renamed.items() if of == name})
        for name, ladder in old.ladders.items()
        if name in new.ladders and ladder.by == new.ladders[name].by
    }


def _order(old: Ladder, new: Ladder, renamed: Mapping[str, str]) -> Order:
    before, after = [tier.id for tier in old.tiers], [tier.id for tier in new.tiers]
    same = {tier: renamed.get(tier, tier) for tier in before if renamed.get(tier, tier) in after}
    common = [tier for tier in after if tier in same.values()]
    place = {tier: number * _GAP for number, tier in enumerate(common)}
    new_ranks: dict[str | None, int] = dict(_ranked(after, {tier: tier for tier in common}, place, halfway=0))
    old_ranks: dict[str | None, int] = dict(_ranked(before, same, place, halfway=_GAP // 2))
    loose = [{rank // _GAP for rank in ranks.values() if rank % _GAP} for ranks in (old_ranks, new_ranks)]
    nothing: dict[str | None, int] = {None: NO_TIER - _GAP}
    return Order(nothing | old_ranks, nothing | new_ranks, frozenset(loose[0] & loose[1]))


def _ranked(
    tiers: Sequence[str], same: Mapping[str, str], place: Mapping[str, int], *, halfway: int
) -> Iterator[tuple[str, int]]:
    """The rank of every tier: that of its counterpart, or a little above the common tier below it."""
    below, loose = NO_TIER, halfway
    for tier in tiers:
        if tier in same:
            below, loose = place[same[tier]], halfway
            yield tier, below
        else:
            loose += 1
            yield tier, below + loose
