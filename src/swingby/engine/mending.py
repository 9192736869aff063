"""A tier that is held and will be lost: what keeps it is not met, or a review took it and that does not hold yet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from swingby.engine.assessment import Assessment, FactSource, assess
from swingby.engine.clock import Clock
from swingby.engine.days_ahead import AsIfNothingMore
from swingby.engine.moments import walk_start
from swingby.engine.standing import Result, Standing, TierStanding
from swingby.program import Program
from swingby.program.model import Ladder, NamedRequirement, Review, Tier
from swingby.program.numbers import Requirement
from swingby.values import add_days, subtract_length

#: So many days back it is looked since when a tier is not met; so many ahead for the review that takes it.
_BACK = 400
_AHEAD = 1500
#: So many reviews that might take the tier are tried.
_TRIED = 3


@dataclass(frozen=True, slots=True)
class Mending:
    """What is to be said of a tier that is held while what keeps it is not met, or that a review has taken already.

    Attributes
    ----------
    last_met, missed_since
        The last day on which it was met, and the first of the days since; both None where that is long ago.
    is_met
        True where it is met on the day itself, which does not give back what the review of ``lost_on`` took.
    kept_on
        The last review since then that let the tier stand, because it was met in the days of grace before.
    mend_until
        The last day that the review of ``lost_on`` looks at; None when it has looked already.
    has_grace
        True where one day up to ``mend_until`` is enough; False where it must be met on that day.
    lost_on, holds_from, then
        The first review that takes the tier if nothing more happens, from when that holds, and the tier then held (None
        for none). ``lost_on`` is None where no review is known that takes it.
    """

    tier: str
    missed_since: date | None
    last_met: date | None
    kept_on: date | None = None
    mend_until: date | None = None
    has_grace: bool = False
    lost_on: date | None = None
    holds_from: date | None = None
    then: str | None = None
    is_met: bool = False


def mendings(run: Assessment, facts: FactSource, enrolment: str, day: date | None = None) -> Mapping[str, Mending]:
    """By ladder (and cell) what is to be said of the tiers of one enrolment that are held and not kept on a day.

    Days to come are looked at with what is known now. Where a ladder is by cell and a tier is kept by other rules than
    it is earned by, nothing is said.
    """
    standing = run.standing(enrolment, day)
    asked = [keep for name, tier in standing.tiers.items() for keep in _keeps(run.program, name, tier)]
    asked = [keep for keep in asked if keep.named or keep.review.effective or keep.on(standing) == "unmet"]
    if not asked:
        return {}
    looking = _Looking.of(run, facts, standing, asked)
    told = [(keep.name, found) for keep in asked if (found := looking.at(keep)) is not None]
    told.sort(key=lambda item: item[1].lost_on or date.max, reverse=True)
    return dict(told)


@dataclass(frozen=True, slots=True)
class _Keep:
    """What keeps a tier at one demotion review; under a name of its own where it is not what earns the tier."""

    name: str
    ladder: Ladder
    tier: Tier
    held: TierStanding
    review: Review
    named: NamedRequirement | None

    def on(self, standing: Standing | None) -> Result | None:
        """Whether it is met on the day of a standing."""
        if standing is None:
            return None
        if self.named is not None:
            return standing.requirements[self.named.name]
        held = standing.tiers.get(self.name)
        rows = held.rows.get(self.tier.id, ()) if held else ()
        return rows[0].result if rows else None


def _keeps(program: Program, name: str, held: TierStanding) -> Iterator[_Keep]:
    ladder = program.ladders[held.ladder]
    tier = next((each for each in ladder.tiers if each.id == held.tier), None)
    for index, review in enumerate(ladder.demote) if tier else ():
        own = review.keeps or (tier.keeps if tier else None)
        if tier is None or (own is None and tier.requires is None) or (own is not None and ladder.by):
            continue
        yield _Keep(name, ladder, tier, held, review, _named(ladder, index, own) if own else None)


def _named(ladder: Ladder, index: int, own: Requirement) -> NamedRequirement:
    return NamedRequirement(location=ladder.location, name=f"keeps {ladder.name} {index}", requirement=own)


# --- the days that were, and the reviews ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Looking:
    """One partner, its standings up to a day, and its own clock."""

    run: Assessment
    facts: FactSource
    standing: Standing
    past: Mapping[date, Standing]
    clock: Clock

    @classmethod
    def of(cls, run: Assessment, facts: FactSource, standing: Standing, asked: Sequence[_Keep]) -> _Looking:
        """Work out the standings of the days that matter to what keeps tiers."""
        joined = run.joined_on(standing.enrolment) or run.program.header.effective
        clock = Clock(run.program, joined=joined, holidays=run.plan.setting.holidays)
        back = [add_days(standing.as_of, -_BACK), *(_grace_start(keep.review, standing.as_of) for keep in asked)]
        first = min(max(min(back), walk_start(clock)), standing.as_of)
        days = [add_days(first, nth) for nth in range((standing.as_of - first).days + 1)]
        looking = cls(run, facts, standing, {}, clock)
        return replace(looking, past=looking.standings(_with_names(run.program, asked), facts, days))

    def standings(self, program: Program, facts: FactSource, days: Sequence[date]) -> Mapping[date, Standing]:
        """The standings of the partner on some days."""
        known, whom = self.run.known_at, [self.standing.enrolment]
        found = assess(program, facts, as_of=days, known_at=known, enrolments=whom)
        found.close()
        return {each.as_of: each for each in found}

    def at(self, keep: _Keep) -> Mending | None:
        """What is to be said of a tier and one review; nothing where it is met, or not known whether it is, and nothing was taken."""
        last_met = max((day for day, found in self.past.items() if keep.on(found) != "unmet"), default=None)
        taken = list(self._taken(keep))
        if last_met == self.standing.as_of:
            told = self._with_loss(Mending(keep.tier.id, None, last_met, is_met=True), keep, taken) if taken else None
            return told if told and told.lost_on else None
        moments = list(self._moments(keep, last_met))
        spared = [on for on in moments if last_met and self._is_spared(keep.review, on, last_met)]
        told = Mending(
            tier=keep.tier.id,
            missed_since=add_days(last_met, 1) if last_met else self._beginning(),
            last_met=last_met,
            kept_on=max((on for on in spared if on <= self.standing.as_of), default=None),
            has_grace=keep.review.grace is not None,
        )
        ahead = [on for on in moments if self._holds_from(keep.review, on) > self.standing.as_of]
        losing = [on for on in ahead if on not in (*spared, *taken)][:_TRIED]
        return self._with_loss(told, keep, [*taken, *losing])

    def _beginning(self) -> date | None:
        """The first day of all, for what was never met; None where it was not looked at that far back."""
        first, begun = min(self.past), walk_start(self.clock)
        return first if first == begun else None

    def _moments(self, keep: _Keep, last_met: date | None) -> Iterator[date]:
        """The midnights on which the review finds it missed and may take the tier: after it was given, and unprotected."""
        for on in self._unprotected(keep, last_met or min(self.past), add_days(self.standing.as_of, _AHEAD)):
            if last_met is None or self.clock.look_day(keep.review.schedule, on) > last_met:
                yield on

    def _taken(self, keep: _Keep) -> Iterator[date]:
        """The midnights of reviews that found it missed up to the day, and whose outcome holds only later."""
        for on in self._unprotected(keep, min(self.past), self.standing.as_of) if keep.review.effective else ():
            looks_at = self.clock.look_day(keep.review.schedule, on)
            enough = (day for day in self.past if _grace_start(keep.review, looks_at) <= day <= looks_at)
            is_missed = all(keep.on(self.past[day]) == "unmet" for day in enough)
            if is_missed and looks_at in self.past and self._holds_from(keep.review, on) > self.standing.as_of:
                yield on

    def _unprotected(self, keep: _Keep, after: date, until: date) -> Iterator[date]:
        """The midnights on which the review may take the tier: after it was given, and neither held nor protected."""
        begun = max(after, keep.held.since or date.min, walk_start(self.clock))
        own = self.clock.with_tier_since(keep.held.since or begun)
        through = self.run.program.header.protected_through
        for on in own.review_moments(keep.review.schedule, begun, until):
            is_held = keep.held.hold_until is not None and on < keep.held.hold_until
            if not (is_held or (through is not None and self._holds_from(keep.review, on) <= through)):
                yield on

    def _is_spared(self, review: Review, on: date, last_met: date) -> bool:
        return last_met >= _grace_start(review, self.clock.look_day(review.schedule, on))

    def _holds_from(self, review: Review, on: date) -> date:
        return self.clock.moment(review.effective, on) if review.effective else on

    def _with_loss(self, told: Mending, keep: _Keep, losing: Sequence[date]) -> Mending:
        """The first of some reviews that takes the tier, when the engine is run for it as if nothing more happened."""
        if not losing:
            return told
        days = {on: self._holds_from(keep.review, on) for on in losing}
        ahead = self.standings(self.run.program, AsIfNothingMore(self.facts), sorted(set(days.values())))
        order = [tier.id for tier in keep.ladder.tiers]
        for on in losing:
            after = ahead[days[on]].tiers[keep.name].tier if days[on] in ahead else keep.tier.id
            if after is None or order.index(after) < order.index(keep.tier.id):
                last = self.clock.look_day(keep.review.schedule, on)
                until = last if last >= self.standing.as_of else None
                return replace(told, mend_until=until, lost_on=on, holds_from=days[on], then=after)
        return told


def _with_names(program: Program, asked: Sequence[_Keep]) -> Program:
    """The program with a name for what keeps a tier where that is not what earns it, so that its results can be read."""
    named = {keep.named.name: keep.named for keep in asked if keep.named is not None}
    if not named:
        return program
    marked = " ".join([program.hash, *(f"{keep.name} {keep.tier.id}" for keep in asked)])
    return replace(program, requirements={**program.requirements, **named}, hash=marked)


def _grace_start(review: Review, looks_at: date) -> date:
    """The first day on which meeting what keeps the tier is enough."""
    return subtract_length(looks_at, review.grace.parts) if review.grace else looks_at
