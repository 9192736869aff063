"""Who holds what on the last day: for each person and vendor the levels from Fundamentals up, so that all counts are met.

A stack is one person's levels at one vendor. Stacks are placed one after another, the tall ones first; single
levels come last and fill what is left, so that offices and paths both add up.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from swingby.generation.firm.description import LEVELS, Firm, Office
from swingby.generation.firm.staff import Person

FULL = len(LEVELS)


class Misfit(Exception):
    """A drawing that leads nowhere; another one is tried."""


@dataclass(frozen=True, slots=True)
class Stack:
    """The levels that a person holds at a vendor; ``is_settled`` when all of them are from before the first day."""

    person: str
    vendor: str
    height: int
    is_settled: bool


@dataclass(frozen=True, slots=True)
class Slot:
    """One level of a stack: a credential that somebody holds or held."""

    person: str
    vendor: str
    level: str


def draw_stacks(firm: Firm, random: Random, staff: list[Person]) -> list[Stack]:
    """Stacks of all who are here on the last day.

    Raises
    ------
    Misfit
        When nobody is left who could take the next stack.
    """
    room = {office.key: office.held for office in firm.offices.values()}
    lasting = {office.key: office.lasting for office in firm.offices.values()}
    people = [person for person in staff if person.left_on is None]
    found: dict[tuple[str, str], Stack] = {}
    for vendor, role, height in sorted(_wanted(firm, random), key=lambda item: _order(firm, item)):
        is_settled = firm.vendors[vendor].settled and role == "engineering" and height == FULL
        able = [
            person
            for person in people
            if person.role == role and (person.key, vendor) not in found and room[person.office] >= height
            if not is_settled or (person.is_veteran and lasting[person.office] >= height)
        ]
        person = _chosen(random, able, room)
        room[person.office] -= height
        lasting[person.office] -= height if is_settled else 0
        found[person.key, vendor] = Stack(person.key, vendor, height, is_settled)
    return list(found.values())


def _wanted(firm: Firm, random: Random) -> list[tuple[str, str, int]]:
    wanted = [
        (vendor.key, role, height)
        for vendor in firm.vendors.values()
        for role, counts in vendor.held.items()
        for height in _heights(counts)
    ]
    random.shuffle(wanted)
    return wanted


def _heights(counts: tuple[int, ...]) -> Iterator[int]:
    """One height for each person: with 5, 3 and 1 holders three, two, two, one and one."""
    for nth in range(counts[0]):
        yield sum(nth < count for count in counts)


def _order(firm: Firm, item: tuple[str, str, int]) -> tuple[bool, int]:
    vendor, role, height = item
    return not (firm.vendors[vendor].settled and role == "engineering" and height == FULL), -height


def _chosen(random: Random, able: list[Person], room: dict[str, int]) -> Person:
    if not able:
        raise Misfit("nobody can take this stack")
    return random.choices(able, [person.zeal * room[person.office] for person in able])[0]


def slots_of(stacks: list[Stack]) -> Iterator[Slot]:
    """Every credential of the last day."""
    for stack in stacks:
        for level in LEVELS[: stack.height]:
            yield Slot(stack.person, stack.vendor, level)


# --- when each was earned -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Origin:
    """The year in which a credential came, and whether somebody brought it along; year 0 is before the first."""

    year: int
    is_brought: bool = False


LASTING = Origin(0)


class _Open:
    """What is not yet said to have come in a year: each stack from its floor, which was brought along, to its top."""

    def __init__(self, stacks: list[Stack]) -> None:
        self.stacks = {(stack.person, stack.vendor): stack for stack in stacks}
        self.top = {key: stack.height for key, stack in self.stacks.items()}
        self.floor = dict.fromkeys(self.stacks, 0)
        self.origins: dict[Slot, Origin] = {}

    def open_of(self, people: set[str]) -> list[tuple[str, str]]:
        """Stacks of these people that have an open level."""
        return [key for key, top in self.top.items() if key[0] in people and top > self.floor[key]]

    def bring(self, key: tuple[str, str], year: int) -> None:
        """The lowest open level was brought along."""
        self.origins[Slot(*key, LEVELS[self.floor[key]])] = Origin(year, is_brought=True)
        self.floor[key] += 1

    def earn(self, key: tuple[str, str], year: int) -> None:
        """The highest open level was earned."""
        self.top[key] -= 1
        self.origins[Slot(*key, LEVELS[self.top[key]])] = Origin(year)


def draw_origins(firm: Firm, random: Random, staff: list[Person], stacks: list[Stack]) -> dict[Slot, Origin]:
    """Where each credential of the last day comes from, so that each office's years add up.

    Raises
    ------
    Misfit
        When those who joined hold more than their office earned in a year, or brought less than it says.
    """
    open_ = _Open(stacks)
    for office in firm.offices.values():
        here = [person for person in staff if person.office == office.key and person.left_on is None]
        for number, year in office.years.items():
            _bring(random, open_, _joined_in(here, number), number, year.moved_in)
        for number in sorted(office.years, reverse=True):
            _earn(random, open_, here, number, sum(office.years[number].earned))
        _check(office, open_, {person.key for person in here})
    return {slot: open_.origins.get(slot, LASTING) for slot in slots_of(stacks)}


def _joined_in(people: list[Person], year: int) -> set[str]:
    return {person.key for person in people if person.joined_on.year == year}


def _bring(random: Random, open_: _Open, joiners: set[str], year: int, count: int) -> None:
    for _ in range(count):
        able = open_.open_of(joiners)
        if not able:
            raise Misfit("those who joined bring too little")
        open_.bring(random.choice(able), year)


def _earn(random: Random, open_: _Open, here: list[Person], year: int, count: int) -> None:
    """Whatever those who joined in the year did not bring they earned; the rest is anybody's who was here before."""
    joiners = _joined_in(here, year)
    others = {person.key for person in here if person.joined_on.year < year}
    for _ in range(count):
        able = open_.open_of(joiners) or [key for key in open_.open_of(others) if not open_.stacks[key].is_settled]
        if not able:
            raise Misfit("too few credentials are left to earn")
        open_.earn(random.choice(able), year)
    if open_.open_of(joiners):
        raise Misfit("those who joined hold too much")


def _check(office: Office, open_: _Open, people: set[str]) -> None:
    lasting = sum(open_.top[key] - open_.floor[key] for key in open_.top if key[0] in people)
    if lasting != office.lasting:
        raise Misfit(f"{office.key} does not add up")
