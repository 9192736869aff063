"""Seats: how many of them people can fill, each within limits. The maximum, not the first way that comes along.

People who can sit on the same seats are one *crew*: only their number matters. Limits make people choose between
*ways* to take part, such as the roles that they keep to; once it is settled how many of a crew go which way, the most
seats are a flow. So the search is over these divisions, and it ends where the flow without the choice gives no more
than what was found: nearly always at once.

Plain Python over small rows that SQL prepared; the same after every backend.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import chain, combinations, pairwise, product
from math import comb, prod
from typing import TypeVar

from swingby.engine.flow import UNLIMITED, Network
from swingby.errors import SwingbyError

MOST_WAYS = 500
"""Between so many ways one person may choose."""
MOST_TRIES = 2_000
"""So many divisions of people among ways are tried."""

Item = TypeVar("Item")
SeatsEach = int | Mapping[str, int] | None
Share = tuple[int, ...]
"""How many people of a crew go each way."""


@dataclass(frozen=True, slots=True)
class SeatNeed:
    """``count`` seats of a role inside a group, for the same people."""

    role: str
    inside: str
    count: int


@dataclass(frozen=True, slots=True)
class Block:
    """Groups of seats: a person sits once in each, and on ``most`` seats of all of them."""

    most: int
    groups: tuple[tuple[int, ...], ...]


Way = tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Crew:
    """So many people who can sit on the same seats, and the ways that each may choose between.

    ``worth`` says for each way how many seats the first, the second, … of them could add if they were alone.
    """

    size: int
    ways: tuple[Way, ...]
    worth: tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class Division:
    """Between how many and how many people of each crew go each way."""

    least: tuple[Share, ...]
    most: tuple[Share, ...]


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
    crews = (_crew(limits.ways(places), size, wanted) for places, size in Counter(people.values()).items())
    return _Search(wanted, [crew for crew in crews if crew.ways]).most(found)


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
        """Every way to take part that is not a part of another one."""
        by_role: defaultdict[str, list[int]] = defaultdict(list)
        for place in sorted(places):
            if self.of_role(self.seats[place].role) > 0:
                by_role[self.seats[place].role].append(place)
        size = len(by_role) if self.roles is None else min(self.roles, len(by_role))
        _allow_ways(comb(len(by_role), size))
        found: dict[frozenset[int], Way] = {}
        for kept in combinations(by_role, size):
            found |= self._ways_in({role: by_role[role] for role in kept})
            _allow_ways(len(found))
        return tuple(way for seen, way in found.items() if seen and not any(seen < other for other in found))

    def _ways_in(self, by_role: Mapping[str, Sequence[int]]) -> dict[frozenset[int], Way]:
        """The ways within some roles: where a limit of a role may bind, a person chooses a role inside each group."""
        inside: defaultdict[str, defaultdict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
        for role, places in by_role.items():
            tight = self.of_role(role) < len({self.seats[place].inside for place in places})
            for place in places:
                inside[self.seats[place].inside][role if tight else ""].append(place)
        _allow_ways(prod(len(roles) for roles in inside.values()))
        chosen = product(*(roles.items() for roles in inside.values()))
        return {frozenset(chain.from_iterable(places for _, places in way)): self._way(way) for way in chosen}

    def _way(self, chosen: Sequence[tuple[str, list[int]]]) -> Way:
        groups: defaultdict[str, list[tuple[int, ...]]] = defaultdict(list)
        for role, places in chosen:
            groups[role].append(tuple(places))
        most = self.seats_each if isinstance(self.seats_each, int) else UNLIMITED
        return tuple(Block(self.of_role(role) if role else most, tuple(parts)) for role, parts in groups.items())


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


def _crew(ways: tuple[Way, ...], size: int, wanted: Mapping[int, int]) -> Crew:
    """A crew without those who would find no seat that is left."""
    useful = min(size, sum(wanted[place] for place in {place for way in ways for place in _places(way)}))
    worth = tuple(tuple(_added(way, useful, wanted)) for way in ways)
    return Crew(useful, ways, worth)


def _places(way: Way) -> Iterator[int]:
    return (place for block in way for group in block.groups for place in group)


def _added(way: Way, size: int, wanted: Mapping[int, int]) -> Iterator[int]:
    totals = (_alone(way, number, wanted) for number in range(size + 1))
    return (more - less for less, more in pairwise(totals))


def _alone(way: Way, number: int, wanted: Mapping[int, int]) -> int:
    """How many seats so many people fill if nobody else is there."""
    rooms = [(block.most, [sum(wanted[place] for place in group) for group in block.groups]) for block in way]
    return sum(min(most * number, sum(min(number, room) for room in groups)) for most, groups in rooms)


class _Search:
    """Divides crews among their ways, the most promising division first."""

    __slots__ = ("crews", "tries", "wanted")

    def __init__(self, wanted: Mapping[int, int], crews: Sequence[Crew]) -> None:
        self.wanted = wanted
        self.crews = crews
        self.tries = 0

    def most(self, found: int) -> int:
        """Give the most seats, if ``found`` can be filled for certain."""
        start = Division(
            tuple((0,) * len(crew.ways) for crew in self.crews),
            tuple((crew.size,) * len(crew.ways) for crew in self.crews),
        )
        waiting: list[tuple[int, int, Division, list[Share]]] = []
        parts = [start]
        while True:
            for part in parts:
                found = max(found, self._look_at(part, waiting))
            if not waiting or -waiting[0][0] <= found:
                return found
            _, _, division, needs = heappop(waiting)
            parts = self._halves(division, needs)

    def _look_at(self, division: Division, waiting: list[tuple[int, int, Division, list[Share]]]) -> int:
        """Give what a division fills for certain; it waits when it might fill more."""
        bound, needs = self._flow(division)
        if all(sum(share) <= crew.size for share, crew in zip(needs, self.crews, strict=True)):
            return bound
        heappush(waiting, (-bound, self.tries, division, needs))
        settled = tuple(_fitted(share, crew.size) for share, crew in zip(needs, self.crews, strict=True))
        return self._flow(Division(settled, settled))[0]

    def _halves(self, division: Division, needs: Sequence[Share]) -> list[Division]:
        """Two divisions that exclude each other, at the crew that would need most people more than it has."""
        over = [sum(share) - crew.size for share, crew in zip(needs, self.crews, strict=True)]
        place = over.index(max(over))
        least, most = division.least[place], division.most[place]
        way = max(range(len(most)), key=lambda way: most[way] - least[way])
        middle = (least[way] + most[way]) // 2
        upper = _replaced(most, way, middle)
        lower = _replaced(least, way, middle + 1)
        rest = self.crews[place].size - sum(lower)
        narrowed = tuple(min(one, rest + low) for one, low in zip(most, lower, strict=True))
        parts = [Division(division.least, _replaced(division.most, place, upper))]
        if rest >= 0:
            parts.append(Division(_replaced(division.least, place, lower), _replaced(division.most, place, narrowed)))
        return parts

    def _flow(self, division: Division) -> tuple[int, list[Share]]:
        """Give the most seats if nobody had to choose, and how many people of each crew that takes on each way."""
        self.tries += 1
        if self.tries > MOST_TRIES:
            raise _too_hard(f"{MOST_TRIES} divisions of people among roles did not settle it")
        network = Network()
        source, sink = network.place(), network.place()
        seats = {place: network.place() for place in self.wanted}
        for place, number in self.wanted.items():
            network.join(seats[place], sink, number)
        lines = []
        for crew, least, most in zip(self.crews, division.least, division.most, strict=True):
            start = network.place()
            network.join(source, start, _worth(crew, least, most))
            lines.append(
                [_join_way(network, start, way, size, seats) for way, size in zip(crew.ways, most, strict=True)]
            )
        total = network.send(source, sink)
        return total, [tuple(_people(network, way) for way in ways) for ways in lines]


def _worth(crew: Crew, least: Share, most: Share) -> int:
    """The most seats that a crew could fill if it were alone; each further person adds no more than the one before."""
    sure = sum(sum(added[:low]) for added, low in zip(crew.worth, least, strict=True))
    more = sorted(
        chain.from_iterable(added[low:high] for added, low, high in zip(crew.worth, least, most, strict=True))
    )
    rest = crew.size - sum(least)
    return sure + sum(more[len(more) - rest :] if rest < len(more) else more)


BlockLines = tuple[int, list[int]]


def _join_way(network: Network, start: int, way: Way, size: int, seats: Mapping[int, int]) -> list[BlockLines]:
    return [(block.most, _join_block(network, start, block, size, seats)) for block in way] if size else []


def _join_block(network: Network, start: int, block: Block, size: int, seats: Mapping[int, int]) -> list[int]:
    """Join so many people with the seats of a block; gives the line into each of its groups."""
    if block.most < len(block.groups):
        middle = network.place()
        network.join(start, middle, block.most * size)
        start = middle
    lines = []
    for group in block.groups:
        middle = network.place()
        lines.append(network.join(start, middle, size))
        for place in group:
            network.join(middle, seats[place])
    return lines


def _people(network: Network, way: Sequence[BlockLines]) -> int:
    """How many people can share what flows: dealt out in turn, nobody gets two of a group or more than the most."""
    needed = 0
    for most, lines in way:
        carried = [network.carried(line) for line in lines]
        total = sum(carried)
        needed = max(needed, *carried, -(-total // most) if most else 0)
    return needed


def _fitted(share: Share, size: int) -> Share:
    """Where more people would be needed than there are, the ways that need most keep theirs."""
    fitted = [0] * len(share)
    for way in sorted(range(len(share)), key=lambda way: (-share[way], way)):
        fitted[way] = min(share[way], size)
        size -= fitted[way]
    return tuple(fitted)


def _replaced(values: Sequence[Item], place: int, value: Item) -> tuple[Item, ...]:
    return (*values[:place], value, *values[place + 1 :])
