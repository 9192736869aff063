"""Who works at which office from when to when: those of today, those who left, and who moved office."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from random import Random

from swingby.generation.firm.description import Firm, Office
from swingby.generation.firm.drawing import day_between, lognormal, stream

#: Everybody who was there on the first day came between these days.
VETERANS = (date(2014, 1, 6), date(2022, 9, 30))
#: Who joins in a year does so early enough to learn something in it.
JOINING_SHARE = 0.45
LEAVERS_BY_ROLE = {"engineering": 64, "sales": 18, "support": 18}


@dataclass(frozen=True, slots=True)
class Person:
    """One person; ``left_on`` is the first day no longer here.

    Attributes
    ----------
    office, team
        Where the person worked until ``moved_on``, which no year of credentials lies behind.
    zeal
        How likely the person is to learn, beside others.
    """

    key: str
    role: str
    office: str
    team: str
    joined_on: date
    zeal: float
    left_on: date | None = None
    moved_on: date | None = None
    moved_to: str | None = None
    moved_team: str | None = None
    name: str = ""
    post: str = "employee"

    @property
    def is_veteran(self) -> bool:
        """True for those who were here before the first year."""
        return self.joined_on <= VETERANS[1]


def draw_staff(firm: Firm, seed: str) -> list[Person]:
    """Everybody of today and everybody who left, in the order of their keys."""
    random = stream(seed, "staff")
    drawn = [person for office in firm.offices.values() for person in _of_office(firm, random, office)]
    random.shuffle(drawn)
    keyed = [replace(person, key=f"p{nth:03}") for nth, person in enumerate(drawn, start=1)]
    return _with_names(firm, random, _with_transfers(firm, random, keyed))


def _of_office(firm: Firm, random: Random, office: Office) -> Iterator[Person]:
    roles = [role for role, count in _counted(firm, office).items() for _ in range(count)]
    random.shuffle(roles)
    joined = [_joining(random, firm, year) for year, item in office.years.items() for _ in range(item.joiners)]
    joined += [day_between(random, *VETERANS) for _ in range(len(roles) - len(joined))]
    for nth, (role, day) in enumerate(zip(roles, joined, strict=True)):
        yield _person(random, office, nth, role, day)
    left = [_leaving(random, firm, year) for year, item in office.years.items() for _ in range(item.leavers)]
    for nth, day in enumerate(left):
        role = random.choices(list(LEAVERS_BY_ROLE), list(LEAVERS_BY_ROLE.values()))[0]
        yield replace(_person(random, office, nth, role, day_between(random, *VETERANS)), left_on=day)


def _counted(firm: Firm, office: Office) -> dict[str, int]:
    """People by role before anybody moved office; it is engineers who move."""
    moved = sum((item["leaves"] == office.key) - (item["joins"] == office.key) for item in firm.transfers)
    return {role: count + (moved if role == "engineering" else 0) for role, count in office.people.items()}


def _person(random: Random, office: Office, nth: int, role: str, joined_on: date) -> Person:
    newness = 1.0 if joined_on <= VETERANS[1] else 0.6
    team = f"{office.key}-{nth % office.teams + 1}"
    return Person("", role, office.key, team, joined_on, lognormal(random, 0.6) * newness)


def _joining(random: Random, firm: Firm, year: int) -> date:
    first, end = date(year, 1, 4), min(date(year, 12, 31), firm.today)
    return day_between(random, first, first + (end - first) * JOINING_SHARE)


def _leaving(random: Random, firm: Firm, year: int) -> date:
    return day_between(random, date(year, 1, 15), min(date(year, 12, 20), firm.today))


def _with_transfers(firm: Firm, random: Random, staff: list[Person]) -> list[Person]:
    found = {person.key: person for person in staff}
    for item in firm.transfers:
        able = [
            person
            for person in found.values()
            if person.office == item["leaves"] and person.role == "engineering" and person.is_veteran
            if person.left_on is None and person.moved_on is None
        ]
        person = random.choice(able)
        team = f"{item['joins']}-{random.randrange(firm.offices[item['joins']].teams) + 1}"
        found[person.key] = replace(person, moved_on=item["happened_on"], moved_to=item["joins"], moved_team=team)
    return list(found.values())


def _with_names(firm: Firm, random: Random, staff: list[Person]) -> list[Person]:
    """Those whom the firm names, each on the first place that fits; others under names that are drawn."""
    told = _told(firm, staff)
    names = _names(firm, random)
    return [
        replace(person, name=told[person.key]["name"], post=told[person.key]["post"])
        if person.key in told
        else replace(person, name=next(names))
        for person in staff
    ]


def _told(firm: Firm, staff: list[Person]) -> dict[str, Mapping[str, str]]:
    found: dict[str, Mapping[str, str]] = {}
    for item in firm.people:
        place = next(person for person in staff if person.key not in found and _fits(person, item))
        found[place.key] = item
    return found


def _fits(person: Person, item: Mapping[str, str]) -> bool:
    stays = person.left_on is None and person.moved_on is None and person.is_veteran
    return stays and (person.office, person.role) == (item["office"], item["role"])


def _names(firm: Firm, random: Random) -> Iterator[str]:
    taken = {item["name"] for item in firm.people}
    pairs = [f"{first} {last}" for first in firm.first_names for last in firm.last_names]
    random.shuffle(pairs)
    return (name for name in pairs if name not in taken)
