"""The façade of comparisons: two versions on a day, two days of a version, all reviews of a span under two versions."""

from __future__ import annotations

import tempfile
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from swingby.engine.assessing import Compiled
from swingby.engine.assessment import FactSource
from swingby.engine.probing import Asking
from swingby.engine.replaying import findings
from swingby.engine.replaying.pairing import Pairs, Tiers, moves
from swingby.engine.replaying.prices import Price, check_prices, cost_nodes, is_yearly
from swingby.engine.replaying.results import Comparison, Cost, Gap, Knowledge, Loser, Move, Review, Side
from swingby.engine.replaying.reviews import Look, Looks, looks_between
from swingby.engine.replaying.session import Asked, Knowing, Run, close, run_sides
from swingby.engine.replaying.versions import Order, begun_together, compiled_together, orders
from swingby.errors import MisusedError, SwingbyError
from swingby.program import Program

#: Is told what is being done, for work that takes a while.
Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class _Sides:
    """Both programs as they are replayed, with their facts and reviews, and as they were given."""

    given: tuple[Program, Program]
    old: Compiled
    new: Compiled
    old_facts: FactSource
    new_facts: FactSource
    old_looks: Looks
    new_looks: Looks

    @property
    def programs(self) -> tuple[Program, Program]:
        return self.old.program, self.new.program

    def together(
        self, common: Mapping[str, Order], prices: Sequence[Price]
    ) -> Iterator[tuple[Sequence[Asked], FactSource]]:
        """What is run in one go: both sides where they share a graph, else one after the other."""
        ranks = [{name: getattr(order, side) for name, order in common.items()} for side in ("old", "new")]
        tracks = {name: self.new.builder.track_word(name) for name in self.new.program.tracks}
        old = Asked("old", self.old, self.old_looks.days, ranks[0], cost_nodes(self.old, prices), {})
        new = Asked("new", self.new, self.new_looks.days, ranks[1], cost_nodes(self.new, prices), tracks)
        if self.old.builder.graph is self.new.builder.graph:
            yield (old, new), self.new_facts
        else:
            yield from (((old,), self.old_facts), ((new,), self.new_facts))


def _silent(_: str) -> None:
    return None


def compare_versions(
    old: Program,
    new: Program,
    facts: FactSource,
    *,
    as_of: date,
    known_at: int | None = None,
    prices: Sequence[Price] = (),
    old_facts: FactSource | None = None,
    progress: Progress = _silent,
) -> Comparison:
    """Who stands elsewhere on a day under another version, and why.

    Both versions are taken as if they had begun on the first day of the earlier one. The standings are those of two
    assessments.

    Parameters
    ----------
    known_at
        The ledger position up to which facts are known; the latest by default.
    prices
        What benefits cost, for the change in money.
    old_facts
        The facts as the old version reads them, where it declares other kinds of fact than the new one.
    progress
        Is told what is being done.

    Raises
    ------
    SwingbyError
        ``price-unusable``; ``nothing-to-compare`` when the versions have no ladder in common; ``not-computed``.
    """
    before, after = compiled_together(*begun_together(old, new), apart=old_facts is not None)
    looks = Looks((Look(as_of, as_of, as_of),))
    sides = _Sides((old, new), before, after, old_facts or facts, facts, looks, looks)
    return _compared(sides, None, known_at, prices, progress)


def compare_days(
    program: Program,
    facts: FactSource,
    *,
    days: tuple[date, date],
    known_at: int | None = None,
    prices: Sequence[Price] = (),
    progress: Progress = _silent,
) -> Comparison:
    """Who stands elsewhere on the second of two days, and why; the standings are those of two assessments.

    Raises
    ------
    SwingbyError
        As `compare_versions`; ``days-in-order`` when the second day does not come after the first.
    """
    if days[0] >= days[1]:
        message = f"{days[1]} does not come after {days[0]}."
        raise MisusedError(code="days-in-order", message=message, hint="Name the earlier day first.")
    compiled = compiled_together(program, program)
    looks = [Looks((Look(day, day, day),)) for day in days]
    sides = _Sides((program, program), compiled[0], compiled[1], facts, facts, looks[0], looks[1])
    return _compared(sides, None, known_at, prices, progress)


def backtest(
    new: Program,
    facts: FactSource,
    *,
    against: Program,
    first: date,
    last: date,
    known: Knowledge = "now",
    prices: Sequence[Price] = (),
    old_facts: FactSource | None = None,
    progress: Progress = _silent,
) -> Comparison:
    """Replay every review of a span of days under two versions, as if nobody changed behaviour.

    Parameters
    ----------
    against
        The version to compare with, usually the one in force.
    first, last
        The span: reviews whose midnight is in it and whose outcome holds by its end.
    known
        ``now`` replays every review with all that is known by now, late facts and corrections included; ``then`` with
        what was known by the end of the day that the review looks at.

    Raises
    ------
    SwingbyError
        As `compare_versions`; ``no-reviews`` when there are none in the span; ``days-in-order``.
    """
    if first > last:
        message = f"{first} comes after {last}."
        raise MisusedError(code="days-in-order", message=message, hint="Name the first day first.")
    before, after = compiled_together(*begun_together(against, new, first), apart=old_facts is not None)
    ask = Asking(after, facts)
    looks = looks_between((before, after), first, last, cohorts=ask.joining_days(), holidays=frozenset(ask.holidays()))
    sides = _Sides((against, new), before, after, old_facts or facts, facts, looks, looks)
    return _compared(sides, known, None, prices, progress)


def _compared(
    sides: _Sides, known: Knowledge | None, known_at: int | None, prices: Sequence[Price], progress: Progress
) -> Comparison:
    check_prices(prices, sides.given)
    common = orders(*sides.programs)
    if not common:
        raise _nothing_to_compare(sides.given)
    # What people decided under the rules of then says nothing about other rules.
    position = sides.new_facts.latest_position if known_at is None else known_at
    knowing = Knowing(known, position, people=sides.given[0] is sides.given[1])
    runs: list[tuple[Run, ...]] = []
    try:
        for part, facts in sides.together(common, prices):
            progress(" and ".join(f"version {side.compiled.program.header.version}" for side in part))
            runs += run_sides(part, facts, knowing)
        progress("comparison")
        return _read(sides, _Both(runs[0], runs[1], common), prices, known)
    finally:
        close([run for side in runs for run in side])


def _nothing_to_compare(sides: Sequence[Program]) -> SwingbyError:
    named = " and ".join(", ".join(side.ladders) or "none" for side in sides)
    return SwingbyError(
        code="nothing-to-compare",
        message=f"The two versions have no ladder of the same name and cells: {named}.",
        hint="Keep the name of a ladder from one version to the next.",
    )


@dataclass(frozen=True, slots=True)
class _Both:
    """Both sides after their runs."""

    old: tuple[Run, ...]
    new: tuple[Run, ...]
    common: Mapping[str, Order]

    def __iter__(self) -> Iterator[tuple[Run, ...]]:
        yield from (self.old, self.new)


def _read(sides: _Sides, both: _Both, prices: Sequence[Price], known: Knowledge | None) -> Comparison:
    """Ask both sides."""
    last = len(sides.new_looks.days) - 1
    with (
        tempfile.TemporaryDirectory(prefix="swingby-") as folder,
        closing(Pairs.of(both.old, both.new, Path(folder))) as pairs,
    ):
        reviews = _reviews(sides, pairs, both)
        compared, not_compared = pairs.enrolments(last), pairs.left_out(last)
    for runs in both:
        findings.keep_compared(runs, compared)
    spent = findings.costs(both.old, last), findings.costs(both.new, last)
    names = [_enrolled(runs, last) for runs in both]
    return Comparison(
        old=_side(sides.given[0], sides.old, sides.old_looks),
        new=_side(sides.given[1], sides.new, sides.new_looks),
        currency=sides.new.program.header.currency,
        known=known,
        reviews=reviews,
        near=findings.near_lines(both.new, last),
        stopping=(*findings.stopping(both.old, last, "old"), *findings.stopping(both.new, last, "new")),
        not_replayable=(
            *findings.not_replayable(both.old, "old", _bounded(sides.old_facts)),
            *findings.not_replayable(both.new, "new", _bounded(sides.new_facts)),
        ),
        costs=tuple(_cost(price, sides, spent, compared) for price in prices),
        worse_off=_losers(reviews[-1].moves, _by_partner(spent, compared)),
        groups=findings.groups(both.new, last, reviews[-1].moves),
        only_old=tuple(name for name in sides.old.program.ladders if name not in both.common),
        only_new=tuple(name for name in sides.new.program.ladders if name not in both.common),
        joined=tuple(sorted(names[1] - names[0])),
        left=tuple(sorted(names[0] - names[1])),
        not_compared=not_compared,
        by_month=sides.new_looks.by_month,
    )


def _reviews(sides: _Sides, pairs: Pairs, both: _Both) -> tuple[Review, ...]:
    compared, unknown, flows = pairs.compared(), pairs.unknown(), pairs.flows()
    moved = moves(pairs.moved(), both.old, both.new, both.common)
    labels = {
        (ladder, tier.id): tier.label or tier.id
        for program in sides.programs
        for ladder in both.common
        for tier in program.ladders[ladder].tiers
    }
    tiers = Tiers(both.common, labels)
    return tuple(
        Review(
            on=look.on,
            looks_at=look.looks_at,
            holds_from=look.holds_from,
            compared=compared.get(number, 0),
            moves=moved.get(number, ()),
            unknown=unknown.get(number, 0),
            tiers=tiers.counts(flows.get(number, ())),
        )
        for number, look in enumerate(sides.new_looks.days)
    )


def _side(given: Program, replayed: Compiled, looks: Looks) -> Side:
    header, begins = given.header, replayed.program.header.effective
    return Side(header.label, header.version, header.effective, begins, looks.days[-1].holds_from)


def _enrolled(runs: Sequence[Run], review: int) -> set[str]:
    text = "SELECT n.enrolment FROM {enrolled} AS n WHERE n.review = :review"
    return {str(name) for run in runs for (name,) in run.rows(text, {"review": review})}


def _bounded(facts: FactSource) -> dict[str, list[Gap]]:
    """The sources that are not complete on every day, by kind."""
    found: defaultdict[str, list[Gap]] = defaultdict(list)
    for row in facts.coverage:
        if row.complete_from or row.complete_to:
            found[row.kind].append(Gap(row.kind, row.source, row.complete_from, row.complete_to))
    return dict(found)


# --- money ----------------------------------------------------------------------------------------------------------

Spent = dict[str, dict[str, Decimal | None]]


def _cost(price: Price, sides: _Sides, spent: tuple[Spent, Spent], compared: Collection[str]) -> Cost:
    listed = [side.get(price.benefit) for side in spent]
    known = {name for name in compared if all(side is None or side.get(name) is not None for side in listed)}
    totals = [
        None if side is None else sum((side[name] or Decimal(0) for name in known), Decimal(0)) for side in listed
    ]
    benefit = next(side.benefits[price.benefit] for side in reversed(sides.programs) if price.benefit in side.benefits)
    return Cost(
        benefit=price.benefit,
        label=benefit.text.label or price.benefit,
        price=price.text,
        old=totals[0],
        new=totals[1],
        is_yearly=is_yearly(price, sides.programs),
        unknown=len(compared) - len(known),
    )


def _by_partner(spent: tuple[Spent, Spent], compared: Collection[str]) -> dict[str, Decimal | None]:
    """How much less the priced benefits of each partner are worth on the new side; None where a number is missing."""
    benefits = {*spent[0], *spent[1]}
    found: dict[str, Decimal | None] = {}
    for name in compared if benefits else ():
        sums = [_sum([side[benefit].get(name) for benefit in benefits if benefit in side]) for side in spent]
        found[name] = None if sums[0] is None or sums[1] is None else sums[0] - sums[1]
    return found


def _sum(values: Sequence[Decimal | None]) -> Decimal | None:
    known = [value for value in values if value is not None]
    return sum(known, Decimal(0)) if len(known) == len(values) else None


def _losers(moved: Sequence[Move], by_partner: Mapping[str, Decimal | None]) -> tuple[Loser, ...]:
    """Those with a lower tier or with benefits that are worth less, the greatest loss first."""
    of_each: defaultdict[str, list[Move]] = defaultdict(list)
    for move in moved:
        of_each[move.enrolment].append(move)
    lower = {move.enrolment for move in moved if move.direction == "down"}
    poorer = {name for name, lost in by_partner.items() if lost is not None and lost > 0}
    found = [Loser(name, tuple(of_each[name]), by_partner.get(name)) for name in lower | poorer]
    return tuple(sorted(found, key=lambda loser: (-(loser.lost or 0), loser.enrolment)))
