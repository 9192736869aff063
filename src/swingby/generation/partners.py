"""Who the partners of a block are, and how strong each one is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from swingby.generation.archetypes import Company, Story
from swingby.generation.calendar import Months, day_number, months_of
from swingby.generation.drawing import NONE, Array, Floats, Stream, Truths, Whole
from swingby.generation.names import invented_names, key_of
from swingby.generation.places import Places, draw_places

LONG_AGO = 365
BEFORE_ALL = 900


@dataclass(frozen=True, slots=True)
class Block:
    """Some partners that are drawn together; arrays have one item for each.

    Attributes
    ----------
    number
        Of the block; streams and ids are named after it.
    level
        Lifts or lowers all counts of a partner; ``deal_level`` the number of its deals, ``quality`` is seen by nobody.
    median
        Of a deal in USD, before chance.
    adopts
        Day of the first advanced engineer: before the first day, within, or ``NONE``.
    distributor
        Number of the distributor that it buys through, or -1.
    """

    company: Company
    months: Months
    seed: str
    number: int
    names: Sequence[str]
    keys: Sequence[str]
    archetype: Whole
    track: Whole
    region: Whole
    stories: Mapping[int, Story]
    joined: Whole
    level: Floats
    deal_level: Floats
    quality: Floats
    rank: Whole
    median: Floats
    adopts: Whole
    distributor: Whole

    @property
    def size(self) -> int:
        """How many partners there are."""
        return len(self.names)

    @property
    def prefix(self) -> str:
        """Stands in the ids of everything of this block."""
        return f"{self.number}-"

    def stream(self, purpose: str) -> Stream:
        """The draws for one purpose."""
        return Stream(self.seed, self.number, purpose)

    def figure(self, name: str) -> Floats:
        """A figure of each partner's archetype, or of its story."""
        found: Floats = self.told(name, self.company.per_archetype(name)[self.archetype])
        return found

    def told(self, name: str, drawn: Array) -> Any:
        """What was drawn, replaced where a story says otherwise."""
        found = drawn.copy()
        for place, story in self.stories.items():
            said = getattr(story, name, None)
            if said is not None:
                found[place] = said
        return found

    def quiet(self, name: str, otherwise: Floats) -> tuple[Whole, Floats]:
        """From which day a partner goes quiet, and the figure from then on; for others as it was."""
        since, figure = nothing_yet(self.size), otherwise.copy()
        for place in range(self.size):
            told = self.stories[place].quiet if place in self.stories else None
            said = told or self._figures(place).get("quiet")
            if said:
                since[place], figure[place] = day_number(said["from"]), said[name]
        return since, figure

    def _figures(self, place: int) -> Mapping[str, Any]:
        return list(self.company.archetypes.values())[int(self.archetype[place])]

    def index_of(self, name: str) -> int | None:
        """The partner of that name, if it is here."""
        return next((place for place, story in self.stories.items() if story.name == name), None)


def nothing_yet(count: int) -> Whole:
    """A day that never comes, for each."""
    return np.full(count, 2**30, dtype=np.int64)


def draw_block(company: Company, seed: str, number: int, first: int, sizes: Sequence[int]) -> Block:
    """Draw the partners of one block.

    Parameters
    ----------
    first
        The number of the block's first partner among all.
    sizes
        Partners of each company in the block: the size of the file, and perhaps a part of one.
    """
    months, count = months_of(company), sum(sizes)
    places = draw_places(company, Stream(seed, number, "places"), sizes, told=number == 0)
    taken = {story.name for story in company.stories}
    names = invented_names(seed, first + np.arange(count), taken)
    for place, story in places.stories.items():
        names[place] = story.name
    stream = Stream(seed, number, "partners")
    joined = _joined(company, months, stream, places)
    rank = _ranks(company, stream, places, sizes)
    return Block(
        company=company, months=months, seed=seed, number=number, names=names, keys=[key_of(name) for name in names],
        archetype=places.archetype, track=places.track, region=places.region, stories=places.stories, joined=joined,
        level=_own(stream.factor(count, company["rhythm"]["level"]), places, lambda story: story.level),
        deal_level=_own(_deal_levels(company, stream, rank), places, lambda _: 1.0),
        quality=_own(stream.normal(count), places, lambda _: 0.0),
        rank=rank, median=_medians(company, stream, places, rank),
        adopts=_adoption(company, months, stream, places, joined), distributor=_distributors(company, stream, places),
    )  # fmt: skip


def _own(drawn: Floats, places: Places, of: Callable[[Story], float]) -> Floats:
    for place, story in places.stories.items():
        drawn[place] = of(story)
    return drawn


def _joined(company: Company, months: Months, stream: Stream, places: Places) -> Whole:
    """Long before the first day, in a year of late joiners, or when the archetype joins."""
    count = len(places.archetype)
    first = int(months.starts[0])
    joined = stream.within(np.full(count, first - 6 * LONG_AGO), np.full(count, first - LONG_AGO))
    late = stream.chance(company.per_archetype("joins_late")[places.archetype])
    spans = [company["credentials"]["late_joins"] if is_late else None for is_late in late.tolist()]
    figures = list(company.archetypes.values())
    for place, archetype in enumerate(places.archetype.tolist()):
        spans[place] = figures[archetype].get("joins", spans[place] if place not in places.stories else None)
    begins = np.array([day_number(span[0]) if span else NONE for span in spans])
    ends = np.array([day_number(span[1]) if span else NONE for span in spans])
    drawn = stream.within(begins, ends)
    return np.where(begins == NONE, joined, drawn)


def _ranks(company: Company, stream: Stream, places: Places, sizes: Sequence[int]) -> Whole:
    """Ranks of the largest in each company: told ones first, the others by chance; -1 for everybody else."""
    rank = np.full(len(places.archetype), -1, dtype=np.int64)
    largest = company.code(company["ranks"]["archetype"])
    for start, size in zip(np.cumsum([0, *sizes[:-1]]).tolist(), sizes, strict=True):
        here = start + np.flatnonzero(places.archetype[start : start + size] == largest)
        told = {place: int(places.stories[place].rank or 1) - 1 for place in here.tolist() if place in places.stories}
        free = np.array([n for n in range(len(company["ranks"]["bookings"])) if n not in told.values()], dtype=np.int64)
        others = [place for place in here.tolist() if place not in told]
        rank[others] = stream.generator.permutation(free)[: len(others)]
        rank[list(told)] = list(told.values())
    return rank


def _deal_levels(company: Company, stream: Stream, rank: Whole) -> Floats:
    return np.where(rank >= 0, 1.0, stream.factor(len(rank), company["deals"]["level"]))


def deals_by_rank(company: Company) -> Floats:
    """Won deals a year of each rank: from many to few."""
    most, least = company["ranks"]["deals"]
    return np.linspace(float(most), float(least), len(company["ranks"]["bookings"]))


def deals_a_year(block: Block) -> Floats:
    """Won deals a year at mid-window; ranks fall from many to few."""
    return np.where(block.rank >= 0, deals_by_rank(block.company)[block.rank], block.figure("deals"))


def _medians(company: Company, stream: Stream, places: Places, rank: Whole) -> Floats:
    """The archetype's median and its spread; of a rank, what gives its bookings with its deals."""
    spread = company.per_archetype("spread")[places.archetype]
    usual = company.per_archetype("median")[places.archetype] * stream.factor(len(rank), spread)
    for place, story in places.stories.items():
        usual[place] = company.archetypes[story.archetype]["median"]
    ranks, deals = company["ranks"], company["deals"]
    bookings = np.array(ranks["bookings"]) * 1_000_000
    season = sum(deals["season"]) + company.archetypes[ranks["archetype"]]["january"]
    mean = np.exp(deals["size"].get(ranks["archetype"], deals["size"]["otherwise"]) ** 2 / 2)
    by_rank = bookings / (deals_by_rank(company) * season / 12 * mean)
    return np.where(rank >= 0, by_rank[rank], usual)


def _adoption(company: Company, months: Months, stream: Stream, places: Places, joined: Whole) -> Whole:
    """The day of the first advanced engineer."""
    figures, count, none = company["credentials"], len(joined), np.zeros(len(joined), dtype=np.int64)
    ever = stream.chance(company.per_archetype("adopts")[places.archetype])
    early = stream.chance(company.per_archetype("early")[places.archetype])
    within = months.starts[stream.within(*(np.full(count, month - 1) for month in figures["months"]))]
    at_year_end = months.starts[stream.within(none, none + 1) * 12 + 10 + (np.arange(count) % 2)]
    least, most = (30 * month for month in figures["newcomer_months"])
    after = (
        joined
        + least
        + (stream.uniform(count) * np.clip(months.last - joined - least, 0, most - least)).astype(np.int64)
    )
    ends_years = company.per_archetype("adopts_at_year_end")[places.archetype] > 0
    joins = np.array(["joins" in each for each in company.archetypes.values()])[places.archetype]
    day = np.select([joins, early, ends_years], [after, months.starts[0] - 200, at_year_end], within)
    day = np.where(early | joins, day, np.maximum(day + stream.within(none, none + 27), joined + 30))
    told = {place: story for place, story in places.stories.items() if story.engineers is not None}
    for place, story in told.items():
        ever[place], day[place] = story.engineers > 0, months.starts[0] - 200 if story.rank else day[place]  # type: ignore[operator]
    return np.where(ever & (day < months.last), day, NONE)


def _distributors(company: Company, stream: Stream, places: Places) -> Whole:
    """The distributor of the region, for as many of an archetype as buy through one."""
    regions = [each["region"] for each in company["distributors"]]
    of_region = np.array([regions.index(region) for region in company.regions])
    found = np.full(len(places.archetype), -1, dtype=np.int64)
    for code, figures in enumerate(company.archetypes.values()):
        here = np.flatnonzero(places.archetype == code)
        free = here[~np.isin(here, list(places.stories))]
        count = round(figures.get("indirect", 0) * len(here) / sum(figures["tracks"]))
        chosen = stream.some(free, count)
        found[chosen] = of_region[places.region[chosen]]
    return found


def tells(block: Block, name: str) -> Truths:
    """Which partners have an archetype that says so."""
    return np.asarray(block.company.per_archetype(name)[block.archetype] > 0)
