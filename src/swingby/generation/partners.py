"""Who the partners are: archetype, track, region, joining, and how strong each one is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from random import Random

from swingby.generation.archetypes import Archetype, Company, Story
from swingby.generation.drawing import day_between, lognormal, poisson, stream
from swingby.generation.names import invented_names, key_of

LONG_AGO = date(2023, 2, 1)


@dataclass(frozen=True, slots=True)
class Partner:
    """One partner; ``level`` lifts or lowers all its counts, ``deal_level`` the number of its deals."""

    name: str
    key: str
    archetype: Archetype
    track: str
    region: str
    joined_on: date
    staff: int
    level: float
    deal_level: float
    deal_median: float
    story: Story | None = None


def draw_partners(company: Company, seed: str, count: int) -> list[Partner]:
    """All partners: those with a story first on their archetype's places, others under invented names."""
    names = invented_names(stream(seed, "names"), {story.name for story in company.stories})
    stories = {
        story.archetype: [item for item in company.stories if item.archetype == story.archetype]
        for story in company.stories
    }
    regions = _regions(company, stream(seed, "regions"))
    found = []
    for nth, (archetype, track) in enumerate(_places(company, count)):
        told = stories.get(archetype.name)
        story = told.pop(0) if told else None
        name, region = next(names), next(regions)
        found.append(_partner(seed, nth, archetype, track=track, region=region, name=name, story=story))
    return sorted(found, key=lambda partner: partner.key)


def _places(company: Company, count: int) -> Iterator[tuple[Archetype, str]]:
    """Archetype and track of each partner, in the company's proportions for another number of partners.

    Whole parts first, then one more for the largest remainders, so that they add up to the number asked for.
    """
    places = [
        (archetype, track, places * count / company.size)
        for archetype in company.archetypes.values()
        for track, places in zip(company.tracks, archetype.tracks, strict=True)
    ]
    missing = count - sum(int(share) for _, _, share in places)
    by_remainder = sorted(range(len(places)), key=lambda nth: (int(places[nth][2]) - places[nth][2], nth))
    more = set(by_remainder[:missing])
    for nth, (archetype, track, share) in enumerate(places):
        for _ in range(int(share) + (nth in more)):
            yield archetype, track


def _regions(company: Company, random: Random) -> Iterator[str]:
    names, weights = list(company.regions), list(company.regions.values())
    while True:
        yield random.choices(names, weights)[0]


def _partner(
    seed: str, nth: int, archetype: Archetype, *, track: str, region: str, name: str, story: Story | None
) -> Partner:
    random = stream(seed, "partner", nth)
    joined = day_between(random, *archetype.joins) if archetype.joins else LONG_AGO
    staff = max(2, poisson(random, archetype.staff))
    level, deals, size = lognormal(random, 0.35), lognormal(random, 0.25), lognormal(random, archetype.spread)
    if story is None:
        return Partner(
            name, key_of(name), archetype, track, region, joined, staff, level, deals, archetype.median * size
        )
    return Partner(
        story.name,
        key_of(story.name),
        archetype,
        story.track,
        story.region,
        joined,
        story.staff or staff,
        1.0,
        1.0,
        archetype.median,
        story,
    )


def yearly(partner: Partner) -> Mapping[str, float]:
    """Counts a year by kind of activity."""
    if partner.story is not None and partner.story.activities:
        return partner.story.activities
    return {kind: rate * partner.level for kind, rate in partner.archetype.activities.items()}
