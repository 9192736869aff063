"""The search for the most seats where people must choose how to take part.

People who can sit on the same seats are one *crew*: only their number matters. A crew has *ways* to take part, such as
the roles that its people keep to; once it is settled how many of a crew go which way, the most seats are a flow. So the
search is over divisions of crews among ways. A division is left when it cannot give more than what was found, by the
smaller of two bounds: the flow if nobody had to choose, and what people would earn if every seat had a price.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import chain, pairwise
from typing import TypeVar

from swingby.engine.flow import Network

MOST_WORK = 1_000_000
"""So many lines of networks are drawn before the search gives up: some seconds."""
ROUNDS = 60
PATIENCE = 5
SEAT = 10_000
"""What a filled seat is worth; prices are whole parts of it, so that bounds are exact."""

Item = TypeVar("Item")
Share = tuple[int, ...]
"""How many people of a crew go each way."""


class NotSettled(Exception):
    """The search gave up."""


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


def crew_of(ways: Sequence[Way], size: int, wanted: Mapping[int, int]) -> Crew:
    """A crew without those who would find no seat that is left."""
    places = {place for way in ways for block in way for group in block.groups for place in group}
    useful = min(size, sum(wanted[place] for place in places))
    return Crew(useful, tuple(ways), tuple(_added(way, useful, wanted) for way in ways))


def _added(way: Way, size: int, wanted: Mapping[int, int]) -> tuple[int, ...]:
    totals = (_alone(way, number, wanted) for number in range(size + 1))
    return tuple(more - less for less, more in pairwise(totals))


def _alone(way: Way, number: int, wanted: Mapping[int, int]) -> int:
    """How many seats so many people fill if nobody else is there."""
    rooms = [(block.most, [sum(wanted[place] for place in group) for group in block.groups]) for block in way]
    return sum(min(most * number, sum(min(number, room) for room in groups)) for most, groups in rooms)


class Search:
    """Divides crews among their ways, the most promising division first.

    Parameters
    ----------
    wanted
        How many seats there are at each place.
    crews
        Those who may fill them; every crew has a way.
    """

    __slots__ = ("crews", "found", "prices", "waiting", "wanted", "work")

    def __init__(self, wanted: Mapping[int, int], crews: Sequence[Crew]) -> None:
        self.wanted = wanted
        self.crews = crews
        self.found = 0
        self.prices = dict.fromkeys(wanted, SEAT // 2)
        self.waiting: list[tuple[int, int, Division, list[Share]]] = []
        self.work = 0

    def most(self, found: int = 0) -> int:
        """Give the most seats, if ``found`` can be filled for certain.

        Raises
        ------
        NotSettled
            There was more to try than we allow.
        """
        self.found = found
        nobody = tuple((0,) * len(crew.ways) for crew in self.crews)
        everybody = tuple((crew.size,) * len(crew.ways) for crew in self.crews)
        self._look_at(Division(nobody, everybody))
        while self.waiting:
            bound, _, division, needed = heappop(self.waiting)
            if -bound <= self.found:
                break
            for part in self._halves(division, needed):
                self._look_at(part)
        return self.found

    def _look_at(self, division: Division) -> None:
        """Find what a division fills for certain; it waits when it might fill more."""
        bound, needed = self._flow(division)
        if bound <= self.found:
            return
        if self._is_enough(needed):
            self.found = bound
            return
        self._settle(self._fitted(needed))
        bound = self._haggle(division, bound)
        if bound > self.found:
            heappush(self.waiting, (-bound, self.work, division, needed))

    def _is_enough(self, needed: Sequence[Share]) -> bool:
        return all(sum(share) <= crew.size for share, crew in zip(needed, self.crews, strict=True))

    def _fitted(self, needed: Sequence[Share]) -> tuple[Share, ...]:
        return tuple(_fitted(share, crew.size) for share, crew in zip(needed, self.crews, strict=True))

    def _settle(self, shares: tuple[Share, ...]) -> None:
        """Find what these shares fill, then let those choose again who are not needed."""
        best = -1
        while True:
            total, needed = self._flow(Division(shares, shares))
            self.found = max(self.found, total)
            if total <= best:
                return
            best = total
            free = [crew.size - sum(share) for share, crew in zip(needed, self.crews, strict=True)]
            most = tuple(tuple(one + idle for one in share) for share, idle in zip(needed, free, strict=True))
            total, needed = self._flow(Division(tuple(needed), most))
            if total <= self.found:
                return
            shares = self._fitted(needed)

    def _haggle(self, division: Division, bound: int) -> int:
        """Give a smaller bound: seats cost more while too many want them, and their prices bound what people earn."""
        best, stale, caution = bound * SEAT, 0, 1
        for number in range(ROUNDS):
            earned, shares, used = self._priced(division)
            stale = 0 if earned < best else stale + 1
            best = min(best, earned)
            if number % PATIENCE == 0:
                self._settle(shares)
            slopes = {place: used[place] - number for place, number in self.wanted.items()}
            steep = sum(slope * slope for slope in slopes.values())
            if best // SEAT <= self.found or not steep:
                break
            if stale >= PATIENCE:
                stale, caution = 0, caution * 2
            step = max(earned - self.found * SEAT, 1)
            for place, slope in slopes.items():
                self.prices[place] = min(max(self.prices[place] + step * slope // (steep * caution), 0), SEAT)
        return best // SEAT

    def _priced(self, division: Division) -> tuple[int, tuple[Share, ...], Counter[int]]:
        """What is earned at these prices by the seats and by people who each do what pays best, and what they do."""
        earned = sum(self.prices[place] * number for place, number in self.wanted.items())
        shares, used = [], Counter[int]()
        for crew, least, most in zip(self.crews, division.least, division.most, strict=True):
            offers = [_offer(way, self.prices) for way in crew.ways]
            share = _best_paid([paid for paid, _ in offers], least, most, crew.size)
            shares.append(share)
            for number, (paid, places) in zip(share, offers, strict=True):
                earned += number * paid
                for place in places if number else ():
                    used[place] += number
        self.work += sum(len(crew.ways) for crew in self.crews)
        return earned, tuple(shares), used

    def _halves(self, division: Division, needed: Sequence[Share]) -> list[Division]:
        """Two divisions that exclude each other, at the crew that would need most people more than it has."""
        over = [sum(share) - crew.size for share, crew in zip(needed, self.crews, strict=True)]
        place = over.index(max(over))
        least, most = division.least[place], division.most[place]
        way = max(range(len(most)), key=lambda way: most[way] - least[way])
        middle = (least[way] + most[way]) // 2
        lower = _replaced(least, way, middle + 1)
        rest = self.crews[place].size - sum(lower)
        parts = [Division(division.least, _replaced(division.most, place, _replaced(most, way, middle)))]
        if rest >= 0:
            narrowed = tuple(min(one, rest + low) for one, low in zip(most, lower, strict=True))
            parts.append(Division(_replaced(division.least, place, lower), _replaced(division.most, place, narrowed)))
        return parts

    def _flow(self, division: Division) -> tuple[int, list[Share]]:
        """Give the most seats if nobody had to choose, and how many people of each crew that takes on each way."""
        network = Network()
        source, sink = network.place(), network.place()
        seats = {place: network.place() for place in self.wanted}
        for place, number in self.wanted.items():
            network.join(seats[place], sink, number)
        drawn = []
        for crew, least, most in zip(self.crews, division.least, division.most, strict=True):
            start = network.place()
            network.join(source, start, _worth(crew, least, most))
            ways = zip(crew.ways, most, strict=True)
            drawn.append([_join_way(network, start, way, size, seats) if size else [] for way, size in ways])
        self.work += network.size
        if self.work > MOST_WORK:
            raise NotSettled
        total = network.send(source, sink)
        return total, [tuple(_people(network, way) for way in ways) for ways in drawn]


def _worth(crew: Crew, least: Share, most: Share) -> int:
    """The most seats that a crew could fill if it were alone; each further person adds no more than the one before."""
    sure = sum(sum(added[:low]) for added, low in zip(crew.worth, least, strict=True))
    more = [added[low:high] for added, low, high in zip(crew.worth, least, most, strict=True)]
    return sure + sum(sorted(chain.from_iterable(more), reverse=True)[: crew.size - sum(least)])


BlockLines = tuple[int, list[int]]


def _join_way(network: Network, start: int, way: Way, size: int, seats: Mapping[int, int]) -> list[BlockLines]:
    return [(block.most, _join_block(network, start, block, size, seats)) for block in way]


def _join_block(network: Network, start: int, block: Block, size: int, seats: Mapping[int, int]) -> list[int]:
    """Join so many people with the seats of a block; gives the line into each of its groups."""
    if block.most < len(block.groups):
        middle = network.place()
        network.join(start, middle, block.most * size)
        start = middle
    return [_join_group(network, start, group, size, seats) for group in block.groups]


def _join_group(network: Network, start: int, group: Sequence[int], size: int, seats: Mapping[int, int]) -> int:
    if len(group) == 1:
        return network.join(start, seats[group[0]], size)
    middle = network.place()
    for place in group:
        network.join(middle, seats[place])
    return network.join(start, middle, size)


def _people(network: Network, way: Sequence[BlockLines]) -> int:
    """How many people can share what flows: dealt out in turn, nobody gets two of a group or more than the most."""
    needed = 0
    for most, lines in way:
        carried = [network.carried(line) for line in lines]
        needed = max(needed, *carried, -(-sum(carried) // most) if most else 0)
    return needed


def _fitted(share: Share, size: int) -> Share:
    """Where more people would be needed than there are, the ways that need most keep theirs."""
    fitted = [0] * len(share)
    for way in sorted(range(len(share)), key=lambda way: (-share[way], way)):
        fitted[way] = min(share[way], size)
        size -= fitted[way]
    return tuple(fitted)


def _offer(way: Way, prices: Mapping[int, int]) -> tuple[int, list[int]]:
    """What one person earns on a way after the prices of the seats, and on which seats."""
    paid, places = 0, list[int]()
    for block in way:
        cheapest = [min([(prices[place], place) for place in group]) for group in block.groups]
        for price, place in sorted(cheapest)[: block.most]:
            if price < SEAT:
                paid += SEAT - price
                places.append(place)
    return paid, places


def _best_paid(paid: Sequence[int], least: Share, most: Share, size: int) -> Share:
    """People on the ways that pay best, as far as the division lets them."""
    share, rest = list(least), size - sum(least)
    for way in sorted(range(len(paid)), key=lambda way: -paid[way]):
        more = min(most[way] - least[way], rest)
        share[way] += more
        rest -= more
    return tuple(share)


def _replaced(values: Sequence[Item], place: int, value: Item) -> tuple[Item, ...]:
    return (*values[:place], value, *values[place + 1 :])
