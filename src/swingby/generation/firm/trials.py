"""What was tried to have people learn more: study groups by lot, a stage in two waves; and when whoever passed did so.

The days of the year in which these were tried are drawn together, because what was tried decides how many passed when.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from swingby.generation.firm.description import LEVELS, Firm, Round
from swingby.generation.firm.stacks import Misfit, Origin, Slot
from swingby.generation.firm.staff import Person
from swingby.values import add_months

#: Who joins or is invited needs so long before an exam.
PREPARING = timedelta(days=10)
WAVES = ("first", "second")
SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Seat:
    """One person who wanted to join a study group, what was drawn, and the credential that was aimed at."""

    person: str
    round: Round
    drawn: str
    passed: bool
    vendor: str = ""
    level: str = ""


@dataclass(frozen=True, slots=True)
class Trials:
    """The wave of each team, the seats of each round, and the day of each credential that was earned."""

    waves: Mapping[str, str]
    seats: tuple[Seat, ...]
    days: Mapping[Slot, date]


class _Diary:
    """Days on which people pass: working days, one exam a person and day, not before they could."""

    def __init__(self, random: Random, people: Mapping[str, Person]) -> None:
        self.random = random
        self.people = people
        self.used: defaultdict[str, set[date]] = defaultdict(set)
        self.days: dict[Slot, date] = {}

    def write(self, slot: Slot, first: date, end: date, barred: Callable[[date], bool] | None = None) -> None:
        """Draw the day of a credential from [first, end), but no day that is barred."""
        start = max(first, self.people[slot.person].joined_on + PREPARING)
        days = [start + timedelta(days=nth) for nth in range((end - start).days)]
        able = [day for day in days if day.weekday() < SATURDAY and day not in self.used[slot.person]]
        able = [day for day in able if barred is None or not barred(day)]
        if not able:
            raise Misfit("no day is left for a credential")
        self.days[slot] = self.random.choice(able)
        self.used[slot.person].add(self.days[slot])


def draw_trials(firm: Firm, random: Random, staff: list[Person], origins: Mapping[Slot, Origin]) -> Trials:
    """Waves, seats and days.

    Raises
    ------
    Misfit
        When days or people do not suffice.
    """
    people = {person.key: person for person in staff}
    diary = _Diary(random, people)
    waves = _waves(firm, random)
    tried = firm.stage["first_wave_on"].year
    for year in sorted({origin.year for origin in origins.values() if origin.year}):
        slots = [slot for slot, origin in origins.items() if origin == Origin(year)]
        random.shuffle(slots)
        if year == tried:
            seats = _trial_year(firm, diary, slots, waves)
        else:
            _plain_year(firm, diary, slots, year)
    days = _from_low_to_high(diary.days)
    return Trials(
        waves,
        tuple(_aimed(firm, random, seat, people[seat.person], days=days, origins=origins) for seat in seats),
        days,
    )


def _waves(firm: Firm, random: Random) -> dict[str, str]:
    """The teams of each office in the order of a lot: so many in the first wave, the others in the second."""
    found: dict[str, str] = {}
    for office in firm.offices.values():
        drawn = set(random.sample(range(1, office.teams + 1), office.first_wave))
        found |= {f"{office.key}-{nth}": WAVES[nth not in drawn] for nth in range(1, office.teams + 1)}
    return found


# --- years without a trial ------------------------------------------------------------------------------------------


def _plain_year(firm: Firm, diary: _Diary, slots: list[Slot], year: int) -> None:
    """So many in each part of the year and each office; who came last takes the first part that is long enough."""
    for office in firm.offices.values():
        here = [slot for slot in slots if diary.people[slot.person].office == office.key]
        parts = _parts(firm, year, office.years[year].earned)
        diary.random.shuffle(parts)
        for slot in sorted(here, key=lambda slot: diary.people[slot.person].joined_on, reverse=True):
            first, end = _taken(parts, diary.people[slot.person])
            diary.write(slot, first, end)


def _parts(firm: Firm, year: int, earned: tuple[int, ...]) -> list[tuple[date, date]]:
    """The days of the year in as many parts as it was counted in, each as often as something was earned in it."""
    months, end = 12 // len(earned), firm.today + timedelta(days=1)
    starts = [add_months(date(year, 1, 1), months * nth) for nth in range(len(earned) + 1)]
    return [(starts[nth], min(starts[nth + 1], end)) for nth, count in enumerate(earned) for _ in range(count)]


def _taken(parts: list[tuple[date, date]], person: Person) -> tuple[date, date]:
    for place, (_, end) in enumerate(parts):
        if person.joined_on + 3 * PREPARING < end:
            return parts.pop(place)
    raise Misfit("no part of the year is left for who joined")


# --- the year of the trials -----------------------------------------------------------------------------------------


def _trial_year(firm: Firm, diary: _Diary, slots: list[Slot], waves: Mapping[str, str]) -> list[Seat]:
    seats = _seats(firm, diary, slots)
    by_person = {seat.person: seat for seat in seats}
    waiting = list(slots)
    for seat in seats:
        if seat.passed:
            slot = next(slot for slot in waiting if slot.person == seat.person)
            waiting.remove(slot)
            first = seat.round.drawn_on + PREPARING
            diary.write(slot, first, seat.round.drawn_on + timedelta(days=firm.study_days - 5))
    first, end = firm.stage["first_wave_on"], firm.stage["second_wave_on"]
    for slot in _on_stage(firm, diary, waiting, waves):
        waiting.remove(slot)
        diary.write(slot, first, end)
    for slot in waiting:
        barred = _barred(firm, by_person.get(slot.person))
        diary.write(slot, date(first.year, 1, 2), date(first.year + 1, 1, 1), barred)
    return seats


def _seats(firm: Firm, diary: _Diary, slots: list[Slot]) -> list[Seat]:
    """First those who will pass, of all rounds, then the others: everybody wants to join once."""
    earners = list(dict.fromkeys(slot.person for slot in slots))
    anybody = [person.key for person in diary.people.values() if person.left_on is None]
    diary.random.shuffle(anybody)
    taken: set[str] = set()
    seats = []
    for passed, pool in ((True, earners), (False, anybody)):
        for round_ in firm.rounds:
            for word, count in _counts(round_, passed=passed).items():
                drawn = _drawn(diary, round_, pool, taken, count)
                taken.update(drawn)
                seats += [Seat(person, round_, word, passed) for person in drawn]
    return seats


def _counts(round_: Round, *, passed: bool) -> dict[str, int]:
    if passed:
        return {"invited": round_.invited_passed, "waiting": round_.waiting_passed}
    return {"invited": round_.invited - round_.invited_passed, "waiting": round_.waiting - round_.waiting_passed}


def _drawn(diary: _Diary, round_: Round, pool: list[str], taken: set[str], count: int) -> list[str]:
    able = [key for key in pool if key not in taken and diary.people[key].joined_on + PREPARING < round_.drawn_on]
    if len(able) < count:
        raise Misfit("too few want to join a study group")
    return able[:count]


def _on_stage(firm: Firm, diary: _Diary, slots: list[Slot], waves: Mapping[str, str]) -> list[Slot]:
    """As many credentials of each wave as were earned between the two days."""
    found = []
    for wave, count in zip(WAVES, firm.stage["earned"], strict=True):
        able = [slot for slot in slots if waves[diary.people[slot.person].team] == wave]
        able = [slot for slot in able if diary.people[slot.person].joined_on < firm.stage["first_wave_on"]]
        if len(able) < count:
            raise Misfit("a wave earned too little")
        found += able[:count]
    return found


def _barred(firm: Firm, seat: Seat | None) -> Callable[[date], bool]:
    """The days of the stage, and for who wanted to join a study group the days in which passing would count."""
    first, end = firm.stage["first_wave_on"], firm.stage["second_wave_on"]
    start = seat.round.drawn_on if seat else end
    stop = start + timedelta(days=firm.study_days + 10 if seat else 0)
    return lambda day: first <= day < end or start <= day < stop


# --- afterwards -----------------------------------------------------------------------------------------------------


def _from_low_to_high(days: Mapping[Slot, date]) -> dict[Slot, date]:
    """The same days, so that nobody passes a higher level of a vendor before a lower one in one year."""
    groups: defaultdict[tuple[str, str, int], list[Slot]] = defaultdict(list)
    for slot, day in days.items():
        groups[slot.person, slot.vendor, day.year].append(slot)
    found: dict[Slot, date] = {}
    for slots in groups.values():
        ordered = sorted(slots, key=lambda slot: LEVELS.index(slot.level))
        found |= dict(zip(ordered, sorted(days[slot] for slot in slots), strict=True))
    return found


def _aimed(
    firm: Firm, random: Random, seat: Seat, person: Person, *, days: Mapping[Slot, date], origins: Mapping[Slot, Origin]
) -> Seat:
    """The seat with what it aimed at: what was passed in time, else what was passed later, else what nobody sees yet."""
    until = seat.round.drawn_on + timedelta(days=firm.study_days)
    later = {day: slot for slot, day in days.items() if slot.person == seat.person and day > seat.round.drawn_on}
    first = min(later, default=until)
    slot = later[first] if later and seat.passed == (first <= until) else _not_held(firm, random, person, origins)
    return replace(seat, vendor=slot.vendor, level=slot.level)


def _not_held(firm: Firm, random: Random, person: Person, origins: Mapping[Slot, Origin]) -> Slot:
    """The next level at some vendor whose path somebody has gone."""
    able = []
    for vendor in firm.vendors.values():
        if vendor.outlook != "actual":
            continue
        level = next((name for name in LEVELS if Slot(person.key, vendor.key, name) not in origins), None)
        if level is not None and vendor.held[person.role][LEVELS.index(level)]:
            able.append(Slot(person.key, vendor.key, level))
    return random.choice(able)
