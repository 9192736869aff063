"""Ladders: the tier earned on a day, and the walk over the reviews."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from . import requirements, schedules, tracks
from .credit import credited, holds
from .frame import Frame
from .literals import ONE_DAY, day, length, subtract
from .periods import CalendarOf, moment, read_period
from .tree import Node

DAILY: Node = {"each": "day"}


def spec_of(frame: Frame, name: str) -> Node:
    """The declaration of a ladder."""
    return frame.world.section("ladders")[name]  # type: ignore[no-any-return]


def tier_held(frame: Frame, name: str) -> str | None:
    """The tier held on the frame's day, as the reviews up to the asked day have decided it."""
    tiers = spec_of(frame, name)["tiers"]
    place = _place(frame, name)
    return None if place < 0 else str(tiers[place]["id"])


def _place(frame: Frame, name: str) -> int:
    frame = replace(frame, things=(), fact=None, reads_on=None, asked=max(frame.asked, frame.day))
    spec = spec_of(frame, name)
    if follows_the_day(frame, spec):
        return max(earned(frame, name), _protected(frame, spec))
    decided = frame.on(frame.asked).remember(("walk", name), lambda: _walk(frame.on(frame.asked), name))
    begun = [place for effective, place in decided if effective <= frame.day]
    return begun[-1] if begun else -1


def follows_the_day(frame: Frame, spec: Node) -> bool:
    """Whether nothing needs replaying: both schedules are plainly daily and nothing remembers the past."""
    protected = frame.world.section("program").get("protected_through")
    plain = spec.get("promote", DAILY) == DAILY and _demotions(spec) == [DAILY]
    return plain and not protected and not any("keeps" in tier for tier in spec["tiers"])


def _demotions(spec: Node) -> list[Any]:
    demote = spec.get("demote", DAILY)
    return demote if isinstance(demote, list) else [demote]


def earned(frame: Frame, name: str) -> int:
    """The highest tier whose requirement is met; each stands alone. -1 for none."""
    tiers = spec_of(frame, name)["tiers"]

    def highest() -> int:
        met = [place for place, tier in enumerate(tiers) if _verdict(frame, tier.get("requires")) == "met"]
        return max(met, default=-1)

    return int(frame.remember(("earned", name), highest))


def _verdict(frame: Frame, requirement: Node | None) -> str:
    """A tier without a requirement is always met."""
    return "met" if requirement is None else requirements.judge(frame, requirement).result


def _protected(frame: Frame, spec: Node) -> int:
    """The tier below which a decision in force does not let the partner fall. -1 for none."""
    if "protect" not in spec:
        return -1
    found = tracks.decision(frame, spec["protect"], None)
    order = [tier["id"] for tier in spec["tiers"]]
    return order.index(found["outcome"]) if found and found["outcome"] in order and holds(found, frame.day) else -1


def _by_people(frame: Frame, name: str, effect: str, on: date) -> list[tuple[date, int, str, int]]:
    """What people decided for a day: its first day, position, id, and place on the ladder."""
    places = {"none": -1, **{tier["id"]: place for place, tier in enumerate(spec_of(frame, name)["tiers"])}}
    known = frame.run.ledger.known("tier_decisions", frame.known)
    found = []
    for row in (item.row for item in credited(frame, "tier_decisions", known, {"roll_up": "own"})):
        is_ours = row["ladder"] == name and row.get("program") in (None, frame.world.section("program")["id"])
        if is_ours and row["effect"] == effect and row["tier"] in places and holds(row, on):
            found.append((row["starts_on"], row["position"], str(row["fact_id"]), places[row["tier"]]))
    return found


@dataclass
class Walk:
    """What the walk remembers: tier, since when, until when demotion and promotion are blocked; and its decisions."""

    tier: int
    since: date
    no_demotion_before: date | None = None
    no_promotion_before: date | None = None
    decided: list[tuple[date, int]] = field(default_factory=list)

    def decide(self, effective: date, tier: int) -> None:
        """Take a tier from a day on; a later decision replaces pending ones that would begin after it."""
        self.decided = [past for past in self.decided if past[0] <= effective]
        self.decided.append((effective, tier))
        self.tier, self.since = tier, effective


def _walk(frame: Frame, name: str) -> list[tuple[date, int]]:
    """Every decision (effective day, tier) of the reviews up to the asked day."""
    spec = spec_of(frame, name)
    order = [tier["id"] for tier in spec["tiers"]]
    start = max(frame.joined, frame.effective)
    walk = Walk(order.index(spec["start"]) if "start" in spec else -1, start)
    walk.decide(start, walk.tier)
    clock = Clock(frame, start)
    midnight = start
    while midnight <= frame.asked:
        _review(clock, walk, name, spec, midnight)
        midnight += ONE_DAY
    return walk.decided


class Clock:
    """Which schedules fall on a midnight, and the look at the world that a review takes."""

    def __init__(self, frame: Frame, start: date) -> None:
        self.frame, self.start = frame, start
        self.known: dict[tuple[int, date | None], set[date]] = {}

    def due(self, schedule: Any, midnight: date, since: date) -> bool:
        """Whether the schedule has a moment on this midnight; a daily one also looks at the first day."""
        if schedules.is_daily(schedule):
            return True
        anchor = since if self._follows_tier(schedule) else None
        key = (id(schedule), anchor)
        if key not in self.known:
            self.known[key] = schedules.moments(self.frame, schedule, self.start + ONE_DAY, self.frame.asked, anchor)
        return midnight in self.known[key]

    def _follows_tier(self, schedule: Any) -> bool:
        period = read_period(schedule["each"]) if isinstance(schedule, dict) and "each" in schedule else None
        return period is not None and self.frame.calendars.follows_tier(period.calendar)

    def look(self, schedule: Any, midnight: date) -> Frame:
        """The look of a review: the day before its midnight or cut-off (a daily one: the day itself), as known then."""
        last = subtract(midnight, length(schedule["cut_off"])) if "cut_off" in schedule else midnight
        on = last if schedules.is_daily(schedule) else last - ONE_DAY
        known = self.frame.known
        if self.frame.run.history != "in_hindsight":
            known = min(known, self.frame.run.ledger.position_at(on + ONE_DAY))
        return replace(self.frame, day=on, asked=on, known=known)


def _review(clock: Clock, walk: Walk, name: str, spec: Node, midnight: date) -> None:
    """What people settled for the day; else promotion first, if there was none each demotion; then protection."""
    promote = spec.get("promote", DAILY)
    settled = _by_people(clock.frame, name, "settled", midnight)
    least = max((place for *_, place in _by_people(clock.frame, name, "at_least", midnight)), default=-1)
    if settled:
        _settle(clock, walk, spec, max(max(settled)[3], least), midnight)
    elif not (clock.due(promote, midnight, walk.since) and _promote(clock, walk, name, promote, midnight)):
        for demote in _demotions(spec):
            if clock.due(demote, midnight, walk.since):
                _demote(clock, walk, spec, demote, midnight, least)
    floor = max(_protected(clock.look(DAILY, midnight), spec), least)
    if floor > walk.tier:
        walk.decide(midnight, floor)


def _settle(clock: Clock, walk: Walk, spec: Node, tier: int, midnight: date) -> None:
    """A tier that people settled starts the hold that a review would have started."""
    rises, moves = tier > walk.tier, tier != walk.tier
    if not moves:
        return
    walk.decide(midnight, tier)
    demote: Any = next((review for review in _demotions(spec) if "hold" in review), None)
    if rises and "hold" in spec.get("promote", DAILY):
        walk.no_demotion_before = _moved(clock, spec["promote"], "hold", midnight, walk)
    if not rises and demote:
        walk.no_promotion_before = _moved(clock, demote, "hold", midnight, walk)


def _promote(clock: Clock, walk: Walk, name: str, promote: Any, midnight: date) -> bool:
    """Take a higher tier that is earned (``one_step``: only the next)."""
    if walk.no_promotion_before is not None and midnight < walk.no_promotion_before:
        return False
    reached = earned(clock.look(promote, midnight), name)
    if reached <= walk.tier:
        return False
    tier = walk.tier + 1 if promote.get("one_step") == "true" else reached
    walk.decide(_moved(clock, promote, "effective", midnight, walk), tier)
    if "hold" in promote:
        walk.no_demotion_before = _moved(clock, promote, "hold", walk.since, walk)
    return True


def _moved(clock: Clock, schedule: Node, key: str, base: date, walk: Walk) -> date:
    if key not in schedule:
        return base
    calendars = CalendarOf(clock.frame.world.section("calendars"), clock.frame.joined, walk.since)
    return moment(schedule[key], base, calendars)


def _demote(clock: Clock, walk: Walk, spec: Node, demote: Any, midnight: date, least: int = -1) -> None:
    """Fall to the highest lower tier that is kept, unless the tier held is kept or a hold still runs."""
    effective = _moved(clock, demote, "effective", midnight, walk)
    if walk.tier < 0 or _blocked(clock, walk, effective, midnight):
        return
    look = clock.look(demote, midnight)
    held = spec["tiers"][walk.tier]
    if _kept(look, demote.get("keeps") or _keeping(held), demote.get("grace")):
        return
    grace = demote.get("grace")
    lower = [place for place in range(walk.tier) if _kept(look, _keeping(spec["tiers"][place]), grace)]
    target = max(lower, default=-1)
    if demote.get("one_step") == "true":
        target = max(target, walk.tier - 1)
    if max(target, least) >= walk.tier:
        return
    walk.decide(effective, max(target, least))
    if "hold" in demote:
        walk.no_promotion_before = _moved(clock, demote, "hold", walk.since, walk)


def _blocked(clock: Clock, walk: Walk, effective: date, midnight: date) -> bool:
    """A hold runs until its midnight; no demotion takes effect up to the protected day."""
    protected = clock.frame.world.section("program").get("protected_through")
    if protected is not None and effective <= day(protected):
        return True
    return walk.no_demotion_before is not None and midnight < walk.no_demotion_before


def _keeping(tier: Node) -> Node | None:
    return tier.get("keeps") or tier.get("requires")


def _kept(look: Frame, requirement: Node | None, grace: Any) -> bool:
    """Met (or not known) on the day looked at or, with grace, on any of that many days before it."""
    first = subtract(look.day, length(grace)) if grace else look.day
    on = look.day
    while on >= first:
        if _verdict(replace(look, day=on, asked=on), requirement) != "unmet":
            return True
        on -= ONE_DAY
    return False
