"""Status over time: one partner's way along a ladder, review by review.

Plain Python over small rows that SQL prepared; the same after every backend.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import cast

from swingby.engine.clock import Clock, is_daily
from swingby.engine.moments import Moment, ReviewDays, walk_start
from swingby.engine.setting import Begun
from swingby.engine.sql import Column
from swingby.engine.tier_decisions import TierDecision, TierDecisions, read_decisions
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
_NOTHING = (NO_TIER, NO_TIER)
Row = tuple[object, ...]
#: A partner in one cell.
Who = tuple[int, str]


@dataclass(frozen=True, slots=True)
class Walk:
    """What is the same for every partner on one ladder.

    Attributes
    ----------
    looks
        Under which number a review finds the ladder's earned tier; for the asked days, the numbers to answer with
        the day up to which reviews have decided (None for all).
    base
        The highest tier that requires nothing, -1 for none.
    known_by
        What was known by the end of a day, where less was known than is asked for.
    begun
        By cell, where everybody stands already; empty to walk from the beginning.
    """

    ladder: Ladder
    clock: Clock
    header: Header
    reviews: ReviewDays
    number_at: Callable[[Moment], int]
    always_kept: tuple[tuple[bool, ...], ...]
    days: tuple[tuple[int, date, date | None], ...]
    base: int
    grace: bool
    has_cells: bool
    known_by: Callable[[date], int | None]
    begun: Mapping[str, Begun]


@dataclass(frozen=True, slots=True)
class Held:
    """Where a partner stands: the tier, since when, and until when it is held against each direction."""

    ordinal: int
    since: date
    hold_down: date | None = None
    hold_up: date | None = None
    undecided: bool = False
    decided: date | None = None


@dataclass(frozen=True, slots=True)
class Protection:
    """A decision that protects a tier: from a day, perhaps until a day, known at a position, perhaps taken back."""

    ordinal: int
    starts_on: date
    ends_on: date | None
    fact: str
    position: int
    gone: int | None


@dataclass(frozen=True, slots=True)
class Answers:
    """One partner's answers at the reviews: earned by number and day, kept by (review, moment), and protections.

    ``decided`` is what people decided about its tier.
    """

    earned: dict[tuple[int, date], tuple[int, int]]
    kept: defaultdict[tuple[int, date], set[int]]
    protections: list[Protection]
    decided: TierDecisions = field(default_factory=TierDecisions)


@dataclass(frozen=True, slots=True)
class Due:
    """A midnight at which something is reviewed or protected, and where a promotion finds what is earned."""

    on: date
    promotion: Moment | None
    earned: tuple[int, date] | None
    demotions: Sequence[Moment]


def walk_rows(walk: Walk, tables: Mapping[str, Sequence[Row]]) -> Iterator[Row]:
    """Walk every partner, in every cell, and give the tier held on each demanded day."""
    answers = _by_partner(walk, tables)
    ways: dict[tuple[date | None, str], Way] = {}
    for e, joined, key in cast("Sequence[tuple[int, date | None, str]]", tables["scope"]):
        way = ways.get((joined, key))
        if way is None:
            clock = walk.clock.of_those_who_joined(joined)
            way = ways[joined, key] = Way.of(walk, clock, walk.begun.get(key))
        mine = answers[e, key]
        for (number, on, _), held in _states(walk, way, mine):
            earned, possible = mine.earned.get((number, on), (NO_TIER, NO_TIER))
            earned, possible = max(earned, walk.base), max(possible, walk.base)
            row = (number, e, on, held.ordinal, possible, earned, held.since, held.hold_down, int(held.undecided))
            yield (*row, key) if walk.has_cells else row


@dataclass(frozen=True, slots=True)
class Way:
    """What is the same for all partners who begin alike: the reviews, and where and when they begin."""

    clock: Clock
    start: date
    first: Held
    reviews: Mapping[date, Due]

    @classmethod
    def of(cls, walk: Walk, clock: Clock, begun: Begun | None) -> Way:
        """The way of those who joined on a day and stand somewhere already."""
        start = begun.day if begun else walk_start(clock)
        first = Held(begun.ordinal, begun.since, begun.hold) if begun else Held(_start_ordinal(walk.ladder), start)
        return cls(clock, start, first, {due.on: due for due in _reviews(walk, clock, start)})

    def agenda(self, lifted: set[date]) -> Iterable[Due]:
        """What is due in order; ``lifted`` are days on which a decision of people may count, whether reviewed or not."""
        if not lifted:
            return self.reviews.values()
        days = sorted({*self.reviews, *lifted})
        return [self.reviews.get(on) or Due(on, None, None, ()) for on in days]


def _reviews(walk: Walk, clock: Clock, start: date) -> Iterator[Due]:
    """The midnights at which something is reviewed, promotion and demotions together."""
    promotions, demotions = walk.reviews.of_those_who_joined(clock.joined)
    ladder = walk.ladder
    up = {moment.on: moment for moment in promotions if _is_on_the_way(moment, ladder.promote, start)}
    down: defaultdict[date, list[Moment]] = defaultdict(list)
    for moment in demotions:
        if _is_on_the_way(moment, ladder.demote[moment.review], start):
            down[moment.on].append(moment)
    for on in sorted({*up, *down}):
        promotion = up.get(on)
        earned = (walk.number_at(promotion), promotion.looks_at) if promotion else None
        yield Due(on, promotion, earned, down.get(on, ()))


def _is_on_the_way(moment: Moment, review: Review, start: date) -> bool:
    """Whether a review comes after the beginning; one of every day comes on it as well, and takes no other along."""
    return moment.on > start or (moment.on == start and is_daily(review.schedule))


def _by_partner(walk: Walk, tables: Mapping[str, Sequence[Row]]) -> defaultdict[Who, Answers]:
    found: defaultdict[Who, Answers] = defaultdict(lambda: Answers({}, defaultdict(set), []))
    for e, key, number, day, *earned in cast("Sequence[tuple[int, str, int, date, int, int]]", tables["earned"]):
        found[e, key].earned[number, day] = (earned[0], earned[1])
    for review, on, ordinal, e, key in cast("Sequence[tuple[int, date, int, int, str]]", tables["kept"]):
        found[e, key].kept[review, on].add(ordinal)
    for who, protection in _protections(walk, tables):
        found[who].protections.append(protection)
    for who, decisions in _decisions(walk, tables).items():
        found[who] = replace(found[who], decided=TierDecisions(decisions))
    return found


def _decisions(walk: Walk, tables: Mapping[str, Sequence[Row]]) -> Mapping[Who, list[TierDecision]]:
    """What people decided, by partner and cell; one that names no cell is for all of them."""
    found: defaultdict[Who, list[TierDecision]] = defaultdict(list)
    keys = _keys(tables) if tables.get("decided") else {}
    for e, item in read_decisions(tables.get("decided", ()), [tier.id for tier in walk.ladder.tiers]):
        for key in keys.get(e, ()):
            if item.cell is None or item.cell == key:
                found[e, key].append(item)
    return found


def _keys(tables: Mapping[str, Sequence[Row]]) -> Mapping[int, list[str]]:
    keys: defaultdict[int, list[str]] = defaultdict(list)
    for e, _, key in tables["scope"]:
        keys[_whole(e)].append(str(key))
    return keys


def _protections(walk: Walk, tables: Mapping[str, Sequence[Row]]) -> Iterator[tuple[Who, Protection]]:
    order, keys = [tier.id for tier in walk.ladder.tiers], _keys(tables)
    for e, outcome, starts_on, ends_on, fact, position, gone in tables.get("protect", ()):
        ordinal = order.index(str(outcome)) if outcome in order else NO_TIER
        ends = ends_on if isinstance(ends_on, date) else None
        taken = None if gone is None else _whole(gone)
        found = Protection(ordinal, _day(starts_on), ends, str(fact), _whole(position), taken)
        yield from (((_whole(e), key), found) for key in keys.get(_whole(e), ()))


def _states(walk: Walk, way: Way, answers: Answers) -> Iterator[tuple[tuple[int, date, date | None], Held]]:
    """The state on each demanded day, in order: the latest decision that has taken effect.

    A change that takes effect later is not yet seen, and never when a later decision took effect before it.
    """
    changes = [way.first, *_changes(walk, way, answers)]
    decided: dict[date | None, Sequence[Held]] = {}
    for asked in walk.days:
        _, day, until = asked
        if until not in decided:
            decided[until] = _decided(changes, until)
        yield asked, next((held for held in reversed(decided[until]) if held.since <= day), changes[0])


def _decided(changes: Sequence[Held], until: date | None) -> Sequence[Held]:
    """What reviews had decided by a day (None for all), in the order in which it takes effect."""
    decided: list[Held] = []
    for change in changes:
        if until is None or change.decided is None or change.decided <= until:
            decided = [past for past in decided if past.since <= change.since]
            decided.append(change)
    return decided


def _start_ordinal(ladder: Ladder) -> int:
    return [tier.id for tier in ladder.tiers].index(ladder.start) if ladder.start else NO_TIER


def _changes(walk: Walk, way: Way, answers: Answers) -> Iterator[Held]:
    held, clock = way.first, way.clock
    lifted = {max(day, way.start) for day in _days_of_protection(walk, answers) | _days_of_decisions(walk, answers)}
    for due in way.agenda(lifted):
        settled = answers.decided.settled(due.on) if lifted else None
        if settled is not None:
            after = _settled(walk, clock, held, max(settled, answers.decided.least(due.on)), due.on)
        else:
            after = _reviewed(walk, clock, held, due, answers)
        if after is not held:
            held = after
            yield held
        floor = max(_floor(walk, answers, due.on), answers.decided.least(due.on)) if lifted else NO_TIER
        if floor > held.ordinal:
            held = replace(held, ordinal=floor, since=due.on, decided=due.on)
            yield held


def _reviewed(walk: Walk, clock: Clock, held: Held, due: Due, answers: Answers) -> Held:
    after = _promoted(walk, clock, held, due, answers) if due.promotion else held
    if after is held:
        for moment in due.demotions:
            after = _demoted(walk, clock, after, moment, answers)
    return after


def _settled(walk: Walk, clock: Clock, held: Held, ordinal: int, on: date) -> Held:
    """The tier that people settled; one that moves starts the hold that a review would have started."""
    if ordinal == held.ordinal:
        return held
    moved = replace(held, ordinal=ordinal, since=on, decided=on)
    own = clock.with_tier_since(on)
    if ordinal > held.ordinal:
        hold = walk.ladder.promote.hold
        return replace(moved, hold_down=own.moment(hold, on)) if hold else moved
    blocks = next((review.hold for review in walk.ladder.demote if review.hold), None)
    return replace(moved, hold_up=own.moment(blocks, on)) if blocks else moved


def _is_due(clock: Clock, review: Review, moment: Moment, held: Held) -> bool:
    """Moments of a calendar that starts with the tier are those of the tier that is held."""
    if not clock.follows_tier(review.schedule):
        return True
    own = clock.with_tier_since(held.since)
    return moment.on > held.since and moment.on in own.review_moments(review.schedule, held.since, moment.on)


def _promoted(walk: Walk, clock: Clock, held: Held, due: Due, answers: Answers) -> Held:
    review, moment = walk.ladder.promote, due.promotion
    earned, _ = answers.earned.get(due.earned, _NOTHING) if due.earned else _NOTHING
    earned = max(earned, walk.base)
    if moment is None or earned <= held.ordinal:
        return held
    blocked = held.hold_up is not None and moment.on < held.hold_up
    if blocked or not _is_due(clock, review, moment, held):
        return held
    target = held.ordinal + 1 if review.one_step else earned
    since = _moved(clock, review, moment, held)
    hold = clock.with_tier_since(since).moment(review.hold, since) if review.hold else held.hold_down
    return replace(held, ordinal=target, since=since, hold_down=hold, decided=moment.on)


def _demoted(walk: Walk, clock: Clock, held: Held, moment: Moment, answers: Answers) -> Held:
    review = walk.ladder.demote[moment.review]
    since = _moved(clock, review, moment, held)
    if held.ordinal == NO_TIER or _is_protected(walk, held, moment, since):
        return held
    kept = answers.kept.get((moment.review, moment.on), set())
    if _keeps(walk, moment.review, held.ordinal, kept) or not _is_due(clock, review, moment, held):
        return held
    target = _highest_kept(walk, held.ordinal, answers.kept.get((LOWER - moment.review, moment.on), set()))
    target = max(target, held.ordinal - 1) if review.one_step else target
    target = max(target, answers.decided.least(moment.on))
    if target >= held.ordinal:
        return held
    hold = clock.with_tier_since(since).moment(review.hold, since) if review.hold else held.hold_up
    undecided = held.undecided or (review.grace is not None and not walk.grace)
    return replace(held, ordinal=target, since=since, hold_up=hold, undecided=undecided, decided=moment.on)


def _is_protected(walk: Walk, held: Held, moment: Moment, since: date) -> bool:
    through = walk.header.protected_through
    if through is not None and since <= through:
        return True
    return held.hold_down is not None and moment.on < held.hold_down


def _keeps(walk: Walk, review: int, ordinal: int, kept: set[int]) -> bool:
    return walk.always_kept[review][ordinal] or ordinal in kept


#: What keeps lower tiers at review ``r`` stands under ``LOWER - r``: their own requirement, with the same grace.
LOWER = -1


def _highest_kept(walk: Walk, below: int, kept: set[int]) -> int:
    lower = (ordinal for ordinal in range(below - 1, NO_TIER, -1) if ordinal in kept or _needs_nothing(walk, ordinal))
    return next(lower, NO_TIER)


def _needs_nothing(walk: Walk, ordinal: int) -> bool:
    tier = walk.ladder.tiers[ordinal]
    return tier.keeps is None and tier.requires is None


def _moved(clock: Clock, review: Review, moment: Moment, held: Held) -> date:
    if review.effective is None:
        return moment.on
    return clock.with_tier_since(held.since).moment(review.effective, moment.on)


# --- protection -----------------------------------------------------------------------------------------------------


def _days_of_protection(walk: Walk, answers: Answers) -> set[date]:
    """The days on which protection may begin: of a decision, of another one that ends, or when it became known."""
    days: set[date] = set()
    for item in answers.protections:
        days |= {item.starts_on, _known_on(walk, item, item.starts_on)}
        if item.ends_on is not None:
            days.add(item.ends_on)
    last = max((day for _, day, _ in walk.days), default=date.min)
    return {day for day in days if day <= last}


def _days_of_decisions(walk: Walk, answers: Answers) -> set[date]:
    """The days on which what people decided begins to count."""
    last = max((day for _, day, _ in walk.days), default=date.min)
    return {day for day in answers.decided.days() if day <= last}


def _known_on(walk: Walk, item: Protection, day: date) -> date:
    """The first day from a day on by whose end a decision was known."""
    last = max((on for _, on, _ in walk.days), default=day)
    while day < last and (known := walk.known_by(day)) is not None and known < item.position:
        day = walk.clock.day_after(day)
    return day


def _floor(walk: Walk, answers: Answers, day: date) -> int:
    """The tier that the latest decision in force protects, as known by the end of a day."""
    known = walk.known_by(day)
    in_force = [
        item
        for item in answers.protections
        if item.starts_on <= day
        and (item.ends_on is None or item.ends_on > day)
        and (known is None or item.position <= known)
        and (item.gone is None or (known is not None and item.gone > known))
    ]
    latest = min(in_force, key=lambda item: (-item.starts_on.toordinal(), item.fact), default=None)
    return latest.ordinal if latest else NO_TIER


def _day(value: object) -> date:
    if not isinstance(value, date):
        raise TypeError(value)
    return value


def _whole(value: object) -> int:
    if not isinstance(value, int):
        raise TypeError(value)
    return value
