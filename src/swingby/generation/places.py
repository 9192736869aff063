"""Which archetype, track and region each partner has: whole companies at the size of the file, and a part of one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from swingby.generation.archetypes import Company, Story
from swingby.generation.drawing import Array, Stream, Whole


@dataclass(frozen=True, slots=True)
class Places:
    """Numbers of archetype, track and region for each partner, and the stories by partner."""

    archetype: Whole
    track: Whole
    region: Whole
    stories: Mapping[int, Story]


def draw_places(company: Company, stream: Stream, sizes: Sequence[int], *, told: bool) -> Places:
    """Places of several companies one after the other; only the first may have stories."""
    parts = [_company_places(company, stream, size) for size in sizes]
    archetype, track, region = (np.concatenate(each) for each in zip(*parts, strict=True))
    if not told:
        return Places(archetype, track, region, {})
    stories: dict[int, Story] = {}
    for story in company.stories:
        place = _place_for(company, story, archetype[: sizes[0]], track, stories)
        if place is not None:
            stories[place] = story
            track[place] = list(company.tracks).index(story.track)
            _settle(place, company.regions.index(story.region), track, region, stories)
    return Places(archetype, track, region, stories)


def _company_places(company: Company, stream: Stream, size: int) -> tuple[Whole, Whole, Whole]:
    """In the proportions of the file: whole parts first, then one more for the largest remainders."""
    counts = np.array([figures["tracks"] for figures in company.archetypes.values()])
    shares = counts.ravel() * size / company.size
    taken = np.floor(shares).astype(np.int64)
    order = np.argsort(taken - shares, kind="stable")
    taken[order[: size - taken.sum()]] += 1
    archetype, track = np.divmod(np.repeat(np.arange(len(taken)), taken), counts.shape[1])
    return archetype, track, _regions(company, stream, track)


def _regions(company: Company, stream: Stream, track: Whole) -> Whole:
    """Regions by track: the numbers of the file in a whole company, as near as can be in a part of one."""
    region = np.zeros(len(track), dtype=np.int64)
    for number, counts in enumerate(company.tracks.values()):
        here = np.flatnonzero(track == number)
        edges = np.round(np.cumsum(counts) * len(here) / max(1, sum(counts))).astype(np.int64)
        region[here] = np.searchsorted(edges, stream.generator.permutation(len(here)), side="right")
    return region


def _place_for(
    company: Company, story: Story, archetype: Whole, track: Whole, taken: Mapping[int, Story]
) -> int | None:
    """A free place of its archetype, on its own track if there is one."""
    free = [
        place for place in np.flatnonzero(archetype == company.code(story.archetype)).tolist() if place not in taken
    ]
    wanted = list(company.tracks).index(story.track)
    return min(free, key=lambda place: (int(track[place]) != wanted, place), default=None)


def _settle(place: int, wanted: int, track: Whole, region: Whole, taken: Mapping[int, Story]) -> None:
    """Give the place the story's region; another one of the track takes its region in exchange."""
    others: Array = np.flatnonzero((track == track[place]) & (region == wanted))
    other = next((each for each in others.tolist() if each not in taken), None)
    if region[place] != wanted and other is not None:
        region[other] = region[place]
    region[place] = wanted
