"""Every credential with its whole history: earned or brought along, renewed, lapsed or taken along by who left."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from swingby.errors import SwingbyError
from swingby.generation.firm.description import LEVELS, Firm, Vendor
from swingby.generation.firm.drawing import day_between, stream
from swingby.generation.firm.stacks import (
    FULL,
    LASTING,
    Misfit,
    Origin,
    Slot,
    Stack,
    draw_origins,
    draw_stacks,
)
from swingby.generation.firm.staff import Person
from swingby.generation.firm.trials import Trials, draw_trials
from swingby.values import add_months

#: Days between which what was held on the first day had been earned.
EARLIEST, LATEST = date(2020, 6, 1), date(2023, 12, 10)
APART = timedelta(days=20)
NOTICE = timedelta(days=11)
#: Who lapses had been here for so long, so that the credential was earned here.
LONG_HERE = date(2021, 9, 30)
MOST_TRIES = 60
MOST_DAYS_TRIED = 400
LAST_IN_EVERY_MONTH = 28


@dataclass(frozen=True, slots=True)
class Credential:
    """One credential of one person.

    Attributes
    ----------
    ends_on
        The first day on which it no longer holds, as known today, all renewals counted.
    origin
        The year it was earned in or brought along; ``year`` 0 before the first.
    """

    person: str
    vendor: str
    role: str
    level: str
    starts_on: date
    ends_on: date
    origin: Origin


@dataclass(frozen=True, slots=True)
class Learning:
    """All that the firm's people learned: people, their credentials, and what was tried."""

    staff: tuple[Person, ...]
    credentials: tuple[Credential, ...]
    trials: Trials


def draw_learning(firm: Firm, seed: str, staff: list[Person]) -> Learning:
    """Draw until everything adds up; which drawing that is depends on the seed alone.

    Raises
    ------
    SwingbyError
        ``firm`` when no drawing does.
    """
    why = Misfit()
    for attempt in range(MOST_TRIES):
        try:
            return _attempt(firm, stream(seed, "learning", attempt), staff)
        except Misfit as misfit:
            why = misfit
    raise SwingbyError(
        code="firm",
        message=f"The figures of the firm could not all be met in {MOST_TRIES} drawings: {why}.",
        hint="Give it another seed, or figures that leave more room.",
    )


def _attempt(firm: Firm, random: Random, staff: list[Person]) -> Learning:
    stacks = draw_stacks(firm, random, staff)
    origins = draw_origins(firm, random, staff, stacks)
    trials = draw_trials(firm, random, staff, origins)
    held = _Held(firm, random, {person.key: person for person in staff}, origins, trials)
    told = list(_told(firm, random, held, stacks))
    lost: set[tuple[str, str]] = set()
    credentials = [*held.all(), *_lapsed(firm, random, held, lost), *_taken_along(firm, random, held, lost)]
    leaving = {key: day for key, day in told if day is not None}
    now = tuple(replace(person, left_on=leaving.get(person.key, person.left_on)) for person in staff)
    return Learning(now, tuple(sorted(credentials, key=_place)), trials)


def _place(credential: Credential) -> tuple[str, str, int, date]:
    return credential.person, credential.vendor, LEVELS.index(credential.level), credential.starts_on


class _Held:
    """What is held on the last day, with its days; stories may settle some of them first."""

    def __init__(
        self, firm: Firm, random: Random, people: Mapping[str, Person], origins: Mapping[Slot, Origin], trials: Trials
    ) -> None:
        self.firm = firm
        self.random = random
        self.people = people
        self.origins = origins
        self.days: dict[Slot, date] = dict(trials.days)

    def all(self) -> Iterator[Credential]:
        """Every credential of the last day."""
        groups: defaultdict[tuple[str, str], list[Slot]] = defaultdict(list)
        for slot in self.origins:
            groups[slot.person, slot.vendor].append(slot)
        for slots in groups.values():
            self._date([slot for slot in slots if self.origins[slot] == LASTING])
            self._date([slot for slot in slots if self.origins[slot].is_brought])
            for slot in slots:
                yield self.credential(slot, self.days[slot], self.origins[slot])

    def _date(self, slots: list[Slot]) -> None:
        """Days of levels that were held before, from the highest down."""
        end: date | None = None
        for slot in sorted(slots, key=lambda slot: LEVELS.index(slot.level), reverse=True):
            self.days[slot] = self.days.get(slot) or self._before(slot, end)
            end = self.days[slot] - APART

    def _before(self, slot: Slot, end: date | None) -> date:
        person, origin = self.people[slot.person], self.origins[slot]
        first, last = (max(EARLIEST, person.joined_on + APART), LATEST)
        if origin.is_brought:
            first, last = person.joined_on - timedelta(days=480), person.joined_on - 3 * APART
        last = min(last, end) if end else last
        for _ in range(MOST_DAYS_TRIED):
            day = day_between(self.random, first, max(last, first + APART))
            if self._is_safe(slot, day):
                return day
        raise Misfit("a credential cannot be kept through the day that it must be safe until")

    def _is_safe(self, slot: Slot, day: date) -> bool:
        vendor = self.firm.vendors[slot.vendor]
        if vendor.safe_until is None or slot.level != LEVELS[-1]:
            return True
        return _renewed(self.firm, slot.level, day, self.firm.today) >= vendor.safe_until

    def credential(self, slot: Slot, day: date, origin: Origin) -> Credential:
        """The credential of a slot, renewed up to today."""
        role = self.people[slot.person].role
        ends_on = _renewed(self.firm, slot.level, day, self.firm.today)
        return Credential(slot.person, slot.vendor, role, slot.level, day, ends_on, origin)


def _renewed(firm: Firm, level: str, day: date, until: date) -> date:
    """When it ends if it is renewed each time before it does, up to and with a day."""
    months, nth = firm.levels[level].valid_months, 1
    while add_months(day, months * nth) <= until:
        nth += 1
    return add_months(day, months * nth)


# --- stories --------------------------------------------------------------------------------------------------------


def _told(firm: Firm, random: Random, held: _Held, stacks: list[Stack]) -> Iterator[tuple[str, date | None]]:
    """Settled engineers of a vendor who lapse or leave after today, each of no other vendor."""
    for vendor in firm.vendors.values():
        able = _only_here(firm, held, stacks, vendor)
        random.shuffle(able)
        for story, is_leaving in ((vendor.lapses, False), (vendor.leaves, True)):
            for _ in range(story["people"] if story else 0):
                if not able:
                    raise Misfit("nobody is left for a story")
                key = able.pop()
                if story and not is_leaving:
                    held.days[Slot(key, vendor.key, LEVELS[-1])] = _starting(firm, LEVELS[-1], story["happened_on"])
                yield key, story["happened_on"] if story and is_leaving else None


def _only_here(firm: Firm, held: _Held, stacks: list[Stack], vendor: Vendor) -> list[str]:
    """People without a post whose only full stack is at this vendor."""
    full = [stack.person for stack in stacks if stack.height == FULL]
    named = {item["name"] for item in firm.people}
    return [
        stack.person
        for stack in stacks
        if stack.vendor == vendor.key and stack.is_settled and full.count(stack.person) == 1
        if held.people[stack.person].name not in named and held.people[stack.person].moved_on is None
    ]


def _starting(firm: Firm, level: str, ends_on: date) -> date:
    """The latest day before the first one from which whole terms lead to an end."""
    months, nth = firm.levels[level].valid_months, 1
    while add_months(ends_on, -months * nth) >= firm.first:
        nth += 1
    return add_months(ends_on, -months * nth)


# --- what is no longer held ------------------------------------------------------------------------------------------


def _lapsed(firm: Firm, random: Random, held: _Held, lost: set[tuple[str, str]]) -> Iterator[Credential]:
    """What ran out in a year, at people who stayed at least until its end; one at each person and vendor."""
    for office in firm.offices.values():
        for number, year in office.years.items():
            end = min(date(number + 1, 1, 1), firm.today)
            able = [
                person
                for person in held.people.values()
                if person.office == office.key and person.joined_on <= LONG_HERE
                if person.left_on is None or person.left_on > date(number, 12, 31)
            ]
            for _ in range(year.lapsed):
                slot = _lost(firm, random, held, random.choice(able), lost)
                day = _in_every_month(day_between(random, date(number, 1, 2), end))
                role, start = held.people[slot.person].role, _starting(firm, slot.level, day)
                yield Credential(slot.person, slot.vendor, role, slot.level, start, day, LASTING)


def _in_every_month(day: date) -> date:
    """A day that whole months before it lead to."""
    return day.replace(day=min(day.day, LAST_IN_EVERY_MONTH))


def _lost(firm: Firm, random: Random, held: _Held, person: Person, lost: set[tuple[str, str]]) -> Slot:
    """The level above those that the person still has from before, at some vendor."""
    able = []
    for vendor in firm.vendors.values():
        slots = [Slot(person.key, vendor.key, level) for level in LEVELS]
        height = sum(slot in held.origins for slot in slots)
        lasts = all(held.origins[slot] == LASTING for slot in slots[:height])
        top = sum(count > 0 for count in vendor.held[person.role])
        if height < top and lasts and (person.key, vendor.key) not in lost and vendor.outlook == "actual":
            able.append((slots[height], vendor.held[person.role][height]))
    if not able:
        raise Misfit("nothing is left to lapse")
    slot = random.choices([item for item, _ in able], [weight for _, weight in able])[0]
    lost.add((slot.person, slot.vendor))
    return slot


def _taken_along(firm: Firm, random: Random, held: _Held, lost: set[tuple[str, str]]) -> Iterator[Credential]:
    """What those who left in a year held on their last day."""
    for office in firm.offices.values():
        for number, year in office.years.items():
            leavers = [
                person
                for person in held.people.values()
                if person.office == office.key and person.left_on and person.left_on.year == number
            ]
            heights: dict[tuple[str, str], int] = defaultdict(int)
            for _ in range(year.moved_out):
                heights[random.choice(_not_full(firm, leavers, heights, lost))] += 1
            for (key, vendor), height in heights.items():
                yield from _left(firm, random, held.people[key], vendor, height)


def _not_full(
    firm: Firm, leavers: list[Person], heights: Mapping[tuple[str, str], int], lost: set[tuple[str, str]]
) -> list[tuple[str, str]]:
    """At whom and which vendor a further level is possible."""
    return [
        (person.key, vendor.key)
        for person in leavers
        for vendor in firm.vendors.values()
        if vendor.outlook == "actual" and (person.key, vendor.key) not in lost
        if heights.get((person.key, vendor.key), 0) < sum(count > 0 for count in vendor.held[person.role])
    ]


def _left(firm: Firm, random: Random, person: Person, vendor: str, height: int) -> Iterator[Credential]:
    first, end = max(EARLIEST, person.joined_on + APART), LATEST
    left_on = person.left_on or firm.today
    for level in reversed(LEVELS[:height]):
        day = day_between(random, first, max(end, first + APART))
        end = day - APART
        yield Credential(person.key, vendor, person.role, level, day, _renewed(firm, level, day, left_on), LASTING)
