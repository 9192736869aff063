"""Seats: how many of them people can fill, each within limits. The maximum, not the first way that comes along.

Nearly always everybody who is asked for is there, and seating the rarest first shows it. Otherwise the seats are a
flow, with a search where a limit makes people choose how to take part (`swingby.engine.seat_search`).

Plain Python over small rows that SQL prepared; the same after every backend.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, combinations, product
from math import comb, prod

from swingby.engine.flow import UNLIMITED
from swingby.engine.seat_search import Block, NotSettled, Search, Way, crew_of
from swingby.errors import SwingbyError

MOST_WAYS = 500
"""Between so many ways one person may choose."""
FREE = ""
"""Stands for all roles whose limit cannot be exceeded."""
SeatsEach = int | Mapping[str, int] | None


@dataclass(frozen=True, slots=True)
class SeatNeed:
    """``count`` seats of a role inside a group, for the same people."""

    role: str
    inside: str
    count: int


def fill(
    seats: Sequence[SeatNeed], able: Mapping[str, Collection[int]], *, roles: int | None, seats_each: SeatsEach
) -> int:
    """Give the most seats that can be filled.

    Parameters
    ----------
    seats
        What is to be filled.
    able
        For each person, the places in ``seats`` of those that the person may sit on.
    roles
        In how many different roles one person may sit; None is any number.
    seats_each
        On how many seats one person may sit, perhaps per role (roles that are not named have no limit). Inside a group
        a person sits once in any case.

    Raises
    ------
    SwingbyError
        ``seats-search``: after as many tries as we allow, the maximum is not known. No lower number is given instead.
    """
    limits = _Limits(seats, roles, seats_each)
    wanted = {place: need.count for place, need in enumerate(seats) if need.count > 0}
    people = {person: frozenset(wanted.keys() & places) for person, places in able.items()}
    supply = Counter(chain.from_iterable(people.values()))
    found = _one_by_one(limits, people, wanted, supply)
    if found == sum(min(number, supply[place]) for place, number in wanted.items()):
        return found
    crews = (crew_of(limits.ways(places), size, wanted) for places, size in Counter(people.values()).items())
    try:
        return Search(wanted, [crew for crew in crews if crew.ways]).most(found)
    except NotSettled as stopped:
        raise _too_hard("there are too many ways to divide people among roles") from stopped


@dataclass(frozen=True, slots=True)
class _Limits:
    """What one person may do."""

    seats: Sequence[SeatNeed]
    roles: int | None
    seats_each: SeatsEach

    def may_sit(self, need: SeatNeed, taken: Sequence[SeatNeed]) -> bool:
        """Whether somebody who sits on these seats may sit on one more."""
        roles = {other.role for other in taken} | {need.role}
        if any(other.inside == need.inside for other in taken) or (self.roles is not None and len(roles) > self.roles):
            return False
        if isinstance(self.seats_each, int):
            return len(taken) < self.seats_each
        return sum(other.role == need.role for other in taken) < self.of_role(need.role)

    def of_role(self, role: str) -> int:
        """On how many seats of a role, where that has a limit of its own."""
        return self.seats_each.get(role, UNLIMITED) if isinstance(self.seats_each, Mapping) else UNLIMITED

    def ways(self, places: Collection[int]) -> tuple[Way, ...]:
        """Ways to take part, such that whatever a person may do is possible on one of them."""
        by_role: defaultdict[str, list[int]] = defaultdict(list)
        for place in sorted(places):
            if self.of_role(self.seats[place].role) > 0:
                by_role[self.seats[place].role].append(place)
        size = len(by_role) if self.roles is None else min(self.roles, len(by_role))
        _allow_ways(comb(len(by_role), size))
        found: dict[Way, None] = {}
        for kept in combinations(by_role, size):
            found |= dict.fromkeys(self._ways_in({role: by_role[role] for role in kept}))
            _allow_ways(len(found))
        return tuple(way for way in found if way)

    def _ways_in(self, by_role: Mapping[str, Sequence[int]]) -> Iterator[Way]:
        """The ways within some roles: what may exceed a limit is decided, group by group or role by role."""
        insides = {role: {self.seats[place].inside for place in places} for role, places in by_role.items()}
        tight = {role for role, groups in insides.items() if self.of_role(role) < len(groups)}
        groups: defaultdict[str, defaultdict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
        for place in chain.from_iterable(by_role.values()):
            need = self.seats[place]
            groups[need.inside][need.role if need.role in tight else FREE].append(place)
        by_group = prod(len(roles) for roles in groups.values())
        by_limit = prod(comb(len(insides[role]), self.of_role(role)) for role in tight)
        _allow_ways(min(by_group, by_limit))
        if by_group <= by_limit:
            return map(self._one_role_in_each, product(*(roles.items() for roles in groups.values())))
        choices = (combinations(sorted(insides[role]), self.of_role(role)) for role in sorted(tight))
        chosen = (dict(zip(sorted(tight), choice, strict=True)) for choice in product(*choices))
        return (_some_groups_for(picked, groups) for picked in chosen)

    def _one_role_in_each(self, chosen: Sequence[tuple[str, list[int]]]) -> Way:
        """A way with one role in each group, so that limits of roles are limits of disjoint groups."""
        parts: defaultdict[str, list[tuple[int, ...]]] = defaultdict(list)
        for role, places in chosen:
            parts[role].append(tuple(places))
        most = self.seats_each if isinstance(self.seats_each, int) else UNLIMITED
        return tuple(Block(most if role == FREE else self.of_role(role), tuple(part)) for role, part in parts.items())


def _some_groups_for(picked: Mapping[str, Collection[str]], groups: Mapping[str, Mapping[str, Sequence[int]]]) -> Way:
    """A way on which each role that has a limit keeps to so many groups, so that the limits hold by themselves."""
    parts = []
    for inside, roles in groups.items():
        open_to = [places for role, places in roles.items() if role == FREE or inside in picked[role]]
        if open_to:
            parts.append(tuple(chain.from_iterable(open_to)))
    return (Block(UNLIMITED, tuple(parts)),)


def _allow_ways(number: int) -> None:
    if number > MOST_WAYS:
        raise _too_hard(f"a person may choose between more than {MOST_WAYS} ways to take part")


def _too_hard(why: str) -> SwingbyError:
    return SwingbyError(
        code="seats-search",
        message=f"How many seats can be filled at most was not found: {why}.",
        hint="Ask for fewer seats in one number, or let fewer people or roles share them.",
    )


def _one_by_one(
    limits: _Limits, people: Mapping[str, frozenset[int]], wanted: Mapping[int, int], supply: Mapping[int, int]
) -> int:
    """How many seats are filled when the rarest are filled first, by those who can do least else."""
    order = sorted(people, key=lambda person: (len(people[person]), person))
    taken: defaultdict[str, list[SeatNeed]] = defaultdict(list)
    for place in sorted(wanted, key=lambda place: (supply[place], place)):
        need, rest = limits.seats[place], wanted[place]
        for person in order:
            if rest and place in people[person] and limits.may_sit(need, taken[person]):
                taken[person].append(need)
                rest -= 1
    return sum(len(seats) for seats in taken.values())
