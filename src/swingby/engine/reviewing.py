"""What a review would decide: who moves on its day and why, who cannot be decided, who is near a line."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from swingby.engine.assessment import FactSource, assess
from swingby.engine.clock import Clock, is_daily
from swingby.engine.moments import Moment, ReviewDays, walk_start
from swingby.engine.standing import RequirementRow, Standing, TierStanding
from swingby.program import Program
from swingby.program.blocks import Schedule
from swingby.program.model import Ladder, Review

#: A value and its line differ by at most this share of the line: near.
NEAR = Decimal("0.05")
#: Whole numbers with a smaller line are never near: the next one is more than five per cent away.
LEAST_LINE = 20
_NEVER = Schedule(kind="never")
#: Where standings of several days are found: the partner and the day.
Standings = Mapping[tuple[str, date], Standing]


@dataclass(frozen=True, slots=True, order=True)
class ReviewDay:
    """One day on which a ladder is reviewed.

    Attributes
    ----------
    looks_at
        The day that it looks at.
    holds_from
        The days from which its outcomes hold: one for promotions and demotions, or one for each.
    lowers
        Whether tiers can be lost.
    """

    on: date
    ladder: str
    looks_at: date
    holds_from: tuple[date, ...]
    lowers: bool

    @property
    def days(self) -> tuple[date, ...]:
        """The days whose standings say what the review decides."""
        return tuple(sorted({self.looks_at, *self.holds_from}))


@dataclass(frozen=True, slots=True)
class ProposedMove:
    """A partner whom a review would move.

    Attributes
    ----------
    ladder
        Its name, with the cell where tiers are held by cell: ``level[emea]``.
    holds_from
        From when the new tier would be held.
    rows
        What decides: of a demotion what is missed of the tier held, of a promotion what the new tier asks for.
    is_near
        A demotion that misses each of its lines by little.
    """

    enrolment: str
    ladder: str
    before: str | None
    after: str | None
    goes_up: bool
    holds_from: date
    rows: tuple[RequirementRow, ...]
    is_near: bool


@dataclass(frozen=True, slots=True)
class UndecidedTier:
    """A partner who keeps its tier because nobody can say whether it still meets what the tier asks for."""

    enrolment: str
    ladder: str
    tier: str | None
    rows: tuple[RequirementRow, ...]


@dataclass(frozen=True, slots=True)
class ReviewProposal:
    """What one review would decide.

    Attributes
    ----------
    near
        Partners who miss the next tier by little.
    standings
        Those of the day that the review looks at, of everybody whom it moves or cannot decide about.
    """

    day: ReviewDay
    known_at: int
    moves: tuple[ProposedMove, ...]
    undecided: tuple[UndecidedTier, ...]
    near: tuple[tuple[str, str], ...]
    partners: int
    standings: tuple[Standing, ...] = ()


def has_reviews(ladder: Ladder) -> bool:
    """Whether the tier changes on review days, and not from day to day."""
    return not all(is_daily(review.schedule) for review in (ladder.promote, *ladder.demote))


def review_days(
    program: Program,
    *,
    after: date,
    until: date,
    joined: Collection[date] = (),
    holidays: frozenset[date] = frozenset(),
) -> tuple[ReviewDay, ...]:
    """The days on which ladders are reviewed after a day, up to and including another one, in order.

    Parameters
    ----------
    joined
        The days on which partners joined, for reviews that depend on them.
    """
    clock = Clock(program, holidays=holidays)
    found: dict[tuple[date, str], ReviewDay] = {}
    for ladder in program.ladders.values():
        for day in _days_of(_without_daily(ladder), clock, sorted(joined), until):
            if after < day.on <= until:
                known = found.get((day.on, day.ladder), day)
                holds = tuple(sorted({*known.holds_from, *day.holds_from}))
                found[day.on, day.ladder] = replace(known, holds_from=holds, lowers=known.lowers or day.lowers)
    return tuple(sorted(found.values()))


def _days_of(ladder: Ladder, clock: Clock, joined: Iterable[date], until: date) -> Iterator[ReviewDay]:
    reviews = (ladder.promote, *ladder.demote)
    personal = any(clock.is_personal(review.schedule, review.effective) for review in reviews)
    clocks = {day: clock.of_those_who_joined(day) for day in (joined if personal else (None,))}
    days = ReviewDays.of(ladder, clocks.items(), until, grace=False)
    for cohort, (promotions, demotions) in days.by_cohort.items():
        own = clocks[cohort]
        for moment in promotions:
            yield _day(ladder, own, ladder.promote, moment, lowers=False)
        for moment in demotions:
            yield _day(ladder, own, ladder.demote[moment.review], moment, lowers=True)


def _day(ladder: Ladder, clock: Clock, review: Review, moment: Moment, *, lowers: bool) -> ReviewDay:
    own = clock.with_tier_since(moment.on) if clock.joined else clock
    holds = own.moment(review.effective, moment.on) if review.effective else moment.on
    through = clock.program.header.protected_through
    can_lower = lowers and (through is None or holds > through) and moment.on > walk_start(clock)
    return ReviewDay(moment.on, ladder.name, moment.looks_at, (max(holds, moment.on),), can_lower)


def _without_daily(ladder: Ladder) -> Ladder:
    """What happens from day to day is no review that people look at."""
    demote = tuple(_seldom(review) for review in ladder.demote)
    return replace(ladder, promote=_seldom(ladder.promote), demote=demote)


def _seldom(review: Review) -> Review:
    return replace(review, schedule=_NEVER) if is_daily(review.schedule) else review


def propose(
    program: Program,
    facts: FactSource,
    day: ReviewDay,
    *,
    known_at: int | None = None,
    enrolments: Collection[str] | None = None,
) -> ReviewProposal:
    """What a review would decide of everybody, as known at a position of the ledger.

    Raises
    ------
    SwingbyError
        As `assess`.
    """
    position = facts.latest_position if known_at is None else known_at
    chosen = None if enrolments is None else sorted(enrolments)
    after = assess(program, facts, as_of=day.days, known_at=position, enrolments=chosen, decided_until=day.on)
    with closing(after):
        if day.holds_from == (day.on,):
            return proposal_of(program, day, after.by_key, known_at=position)
        # An outcome of an earlier review may take effect meanwhile: it is none of this one's.
        earlier = assess(
            program, facts, as_of=day.days, known_at=position, enrolments=chosen, decided_until=day.looks_at
        )
        with closing(earlier):
            return proposal_of(program, day, after.by_key, before=earlier.by_key, known_at=position)


def proposal_of(
    program: Program, day: ReviewDay, after: Standings, *, known_at: int, before: Standings | None = None
) -> ReviewProposal:
    """What standings say that a review decides.

    Parameters
    ----------
    after
        Standings on the days of the review.
    before
        The same without the review; by default who stood where on the day that it looks at.
    """
    partners = sorted({enrolment for enrolment, on in after if on == day.looks_at})
    found = [
        (after[enrolment, day.looks_at], name)
        for enrolment in partners
        for name, tier in after[enrolment, day.looks_at].tiers.items()
        if tier.ladder == day.ladder
    ]
    moves = [_move(program, day, looked, name, (before or {}, after)) for looked, name in found]
    moving = {(move.enrolment, move.ladder) for move in moves if move}
    stay = [(looked, name) for looked, name in found if (looked.enrolment, name) not in moving]
    undecided = [_undecided(looked, name) for looked, name in stay] if day.lowers else []
    near = [(looked.enrolment, name) for looked, name in stay if _just_misses(looked.tiers[name])]
    listed = {item.enrolment for item in (*moves, *undecided) if item}
    return ReviewProposal(
        day=day,
        known_at=known_at,
        moves=tuple(filter(None, moves)),
        undecided=tuple(filter(None, undecided)),
        near=tuple(near),
        partners=len(partners),
        standings=tuple(after[enrolment, day.looks_at] for enrolment in sorted(listed)),
    )


def _move(
    program: Program, day: ReviewDay, looked: Standing, name: str, both: tuple[Standings, Standings]
) -> ProposedMove | None:
    order: list[str | None] = [None, *(tier.id for tier in program.ladders[day.ladder].tiers)]
    for on in day.holds_from:
        old, new = (_tier(run, looked.enrolment, on, name) for run in both)
        held = looked.tiers[name].tier if old is None else old.tier
        if new is None or new.tier == held:
            continue
        goes_up = order.index(new.tier) > order.index(held)
        rows = _deciding(looked.tiers[name], new.tier if goes_up else held, goes_up=goes_up)
        is_near = not goes_up and bool(rows) and all(map(_is_near, rows))
        return ProposedMove(looked.enrolment, name, held, new.tier, goes_up, on, rows, is_near)
    return None


def _tier(run: Standings, enrolment: str, on: date, name: str) -> TierStanding | None:
    found = run.get((enrolment, on))
    return found.tiers.get(name) if found else None


def _deciding(tier: TierStanding, of: str | None, *, goes_up: bool) -> tuple[RequirementRow, ...]:
    """The parts that a tier asks for directly; of a demotion those that are missed, and below a group the numbers missed in it."""
    rows = tier.rows.get(of, ()) if of else ()
    if not rows:
        return ()
    whole = rows[0]
    parts = [row for row in rows if row.path.rpartition(".")[0] == whole.path] if whole.kind == "all" else [whole]
    if goes_up:
        return tuple(parts)
    return tuple(one for row in parts if row.result == "unmet" for one in (row, *_missed_below(row, rows)))


def _missed_below(group: RequirementRow, rows: Sequence[RequirementRow]) -> Iterator[RequirementRow]:
    """The numbers missed inside a group, but for alternatives that something else than numbers closes, such as another track."""
    inside = {row.path: row for row in rows if row.path.startswith(f"{group.path}.")}
    shut = {_above(row) for row in inside.values() if (row.kind, row.result) == ("status", "unmet")}
    shut = {path for path in shut if path in inside and inside[path].kind == "all"}
    for row in inside.values():
        is_missed = (row.kind, row.result) == ("number", "unmet")
        if is_missed and not any(row.path.startswith(f"{path}.") for path in shut):
            yield row


def _above(row: RequirementRow) -> str:
    return row.path.rpartition(".")[0]


def _undecided(looked: Standing, name: str) -> UndecidedTier | None:
    tier = looked.tiers[name]
    rows = tier.rows.get(tier.tier, ()) if tier.tier else ()
    if not rows or rows[0].result != "unknown":
        return None
    unknown = tuple(row for row in rows if row.result == "unknown" and row.kind in ("number", "status"))
    return UndecidedTier(looked.enrolment, name, tier.tier, unknown or rows[:1])


def _is_near(row: RequirementRow) -> bool:
    if row.kind != "number" or row.gap is None or row.line is None:
        return False
    whole = (
        row.line == row.line.to_integral_value() and (row.value or 0) == (row.value or Decimal(0)).to_integral_value()
    )
    return abs(row.gap) <= NEAR * abs(row.line) and not (whole and row.line < LEAST_LINE)


def _just_misses(tier: TierStanding) -> bool:
    missed = _deciding(tier, tier.next_tier, goes_up=False)
    return bool(missed) and all(map(_is_near, missed))
