"""Status over time: one partner's way along a ladder, review by review.

Plain Python over small rows that SQL prepared; the same after every backend.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from swingby.engine.clock import Clock
from swingby.engine.demand import Moment
from swingby.engine.sql import Column
from swingby.program.model import Header, Ladder, Review

HELD = (
    Column("node", "whole"),
    Column("e", "whole"),
    Column("d", "day"),
    Column("ordinal", "whole"),
    Column("possible", "whole"),
    Column("earned", "whole"),
    Column("since", "day"),
    Column("hold", "day"),
    Column("undecided", "whole"),
)
NO_TIER = -1
Row = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Walk:
    """What is the same for every partner on one ladder."""

    number: int
    ladder: Ladder
    clock: Clock
    header: Header
    promotions: tuple[Moment, ...]
    demotions: tuple[Moment, ...]
    always_kept: tuple[tuple[bool, ...], ...]
    days: tuple[date, ...]
    grace: bool


@dataclass(frozen=True, slots=True)
class Held:
    """Where a partner stands: the tier, since when, and until when it is held against each direction."""

    ordinal: int
    since: date
    hold_down: date | None = None
    hold_up: date | None = None
    undecided: bool = False


@dataclass(frozen=True, slots=True)
class Answers:
    """One partner's answers at the review moments: earned by day looked at, kept by (review, moment)."""

    earned: Mapping[date, tuple[int, int]]
    kept: Mapping[tuple[int, date], frozenset[int]]


def walk_rows(walk: Walk, tables: Mapping[str, Sequence[Row]]) -> Iterator[Row]:
    """Walk every partner and give the tier held on each demanded day."""
    answers = _by_partner(tables)
    for e, joined in tables["scope"]:
        start = max(walk.header.effective, _day(joined)) if joined else walk.header.effective
        mine = answers[_whole(e)]
        for held, day in _states(walk, mine, start):
            earned, possible = mine.earned.get(day, (NO_TIER, NO_TIER))
            limit = max((item for item in (held.hold_down,) if item), default=None)
            undecided = int(held.undecided)
            yield (walk.number, e, day, held.ordinal, max(possible, held.ordinal), earned, held.since, limit, undecided)


def _by_partner(tables: Mapping[str, Sequence[Row]]) -> Mapping[int, Answers]:
    earned: defaultdict[int, dict[date, tuple[int, int]]] = defaultdict(dict)
    kept: defaultdict[int, defaultdict[tuple[int, date], set[int]]] = defaultdict(lambda: defaultdict(set))
    for e, day, ordinal, possible in tables["earned"]:
        earned[_whole(e)][_day(day)] = (_whole(ordinal), _whole(possible))
    for review, day, ordinal, e in tables["kept"]:
        kept[_whole(e)][_whole(review), _day(day)].add(_whole(ordinal))
    found: defaultdict[int, Answers] = defaultdict(lambda: Answers({}, {}))
    for e in {*earned, *kept}:
        found[e] = Answers(earned[e], {key: frozenset(value) for key, value in kept[e].items()})
    return found


def _states(walk: Walk, answers: Answers, start: date) -> Iterator[tuple[Held, date]]:
    """The state on each demanded day, in order: the latest decision that has taken effect.

    A change that takes effect later is not yet seen, and never when a later decision took effect before it.
    """
    changes = [Held(_start_ordinal(walk.ladder), start), *_changes(walk, answers, start)]
    for day in walk.days:
        seen = [change for change in changes if change.since <= day]
        yield (seen[-1] if seen else changes[0]), day


def _start_ordinal(ladder: Ladder) -> int:
    return [tier.id for tier in ladder.tiers].index(ladder.start) if ladder.start else NO_TIER


def _changes(walk: Walk, answers: Answers, start: date) -> Iterator[Held]:
    held = Held(_start_ordinal(walk.ladder), start)
    for promotion, demotions in _agenda(walk, start):
        after = _promoted(walk, held, promotion, answers) if promotion else held
        if after is held:
            for moment in demotions:
                after = _demoted(walk, after, moment, answers)
        if after is not held:
            held = after
            yield held


def _agenda(walk: Walk, start: date) -> Iterator[tuple[Moment | None, list[Moment]]]:
    """The midnights at which something is reviewed, promotion and demotions together."""
    up = {moment.on: moment for moment in walk.promotions if moment.on >= start}
    down: defaultdict[date, list[Moment]] = defaultdict(list)
    for moment in walk.demotions:
        if moment.on >= start:
            down[moment.on].append(moment)
    for on in sorted({*up, *down}):
        if on > start or _looks_at_the_day(up.get(on), down.get(on, [])):
            yield up.get(on), down.get(on, [])


def _looks_at_the_day(promotion: Moment | None, demotions: Sequence[Moment]) -> bool:
    return any(moment.looks_at == moment.on for moment in (promotion, *demotions) if moment)


def _promoted(walk: Walk, held: Held, moment: Moment, answers: Answers) -> Held:
    earned, _ = answers.earned.get(moment.looks_at, (NO_TIER, NO_TIER))
    if earned <= held.ordinal or (held.hold_up is not None and moment.on < held.hold_up):
        return held
    review = walk.ladder.promote
    target = held.ordinal + 1 if review.one_step else earned
    since = _effective(walk, review, moment)
    hold = walk.clock.moment(review.hold, since) if review.hold else None
    return Held(target, since, hold_down=hold, hold_up=held.hold_up, undecided=held.undecided)


def _demoted(walk: Walk, held: Held, moment: Moment, answers: Answers) -> Held:
    if held.ordinal == NO_TIER or _is_protected(walk, held, moment):
        return held
    kept = answers.kept.get((moment.review, moment.on), frozenset())
    review = walk.ladder.demote[moment.review]
    if _keeps(walk, moment.review, held.ordinal, kept):
        return held
    target = held.ordinal - 1 if review.one_step else _highest_kept(walk, moment.review, held.ordinal, kept)
    since = _effective(walk, review, moment)
    hold = walk.clock.moment(review.hold, since) if review.hold else None
    undecided = held.undecided or (review.grace is not None and not walk.grace)
    return replace(held, ordinal=target, since=since, hold_up=hold, undecided=undecided)


def _is_protected(walk: Walk, held: Held, moment: Moment) -> bool:
    through = walk.header.protected_through
    if through is not None and moment.on <= through:
        return True
    return held.hold_down is not None and moment.on < held.hold_down


def _keeps(walk: Walk, review: int, ordinal: int, kept: frozenset[int]) -> bool:
    return walk.always_kept[review][ordinal] or ordinal in kept


def _highest_kept(walk: Walk, review: int, below: int, kept: frozenset[int]) -> int:
    lower = (ordinal for ordinal in range(below - 1, NO_TIER, -1) if _keeps(walk, review, ordinal, kept))
    return next(lower, NO_TIER)


def _effective(walk: Walk, review: Review, moment: Moment) -> date:
    return walk.clock.moment(review.effective, moment.on) if review.effective else moment.on


def _day(value: object) -> date:
    if not isinstance(value, date):
        raise TypeError(value)
    return value


def _whole(value: object) -> int:
    if not isinstance(value, int):
        raise TypeError(value)
    return value
