"""What was decided about partners: their business model, specialisations, reviews, integrations, exceptions."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from swingby.generation.calendar import day_number
from swingby.generation.columns import Table, days, words
from swingby.generation.drawing import NONE, Stream, Whole, spread_out
from swingby.generation.partners import Block
from swingby.generation.work import DAYS_A_YEAR

HELD_FOR = 400
GRANTED_FOR = 730
MOST_SPECIALISATIONS = 4


@dataclass(frozen=True, slots=True)
class Decided:
    """Decisions on one topic."""

    topic: str
    outcome: list[str]
    code: Whole
    partner: Whole
    starts: Whole
    ends: Whole


def decision_table(block: Block) -> Table:
    """All decisions but the yearly check's."""
    stream = block.stream("decisions")
    parts = [_models(block), _specialisations(block, stream), _executive_reviews(block, stream)]
    parts += [_integrations(block, stream), _held_prices(block)]
    topics, outcomes = [part.topic for part in parts], [word for part in parts for word in part.outcome]
    before = np.cumsum([0, *(len(part.outcome) for part in parts)])
    topic = np.concatenate([np.full(len(part.partner), nth) for nth, part in enumerate(parts)])
    outcome = np.concatenate([part.code + before[nth] for nth, part in enumerate(parts)])
    return Table(
        "decisions",
        {
            "organization": words(np.concatenate([part.partner for part in parts]), block.keys),
            "topic": words(topic, topics),
            "outcome": words(outcome, outcomes),
            "starts_on": days(np.concatenate([part.starts for part in parts])),
            "ends_on": days(np.concatenate([part.ends for part in parts])),
        },
    )


def _from(block: Block) -> Whole:
    return np.maximum(block.joined, int(block.months.starts[0]))


def _models(block: Block) -> Decided:
    everybody = np.arange(block.size)
    open_end = np.full(block.size, NONE, dtype=np.int64)
    return Decided("business_model", list(block.company.tracks), block.track, everybody, block.joined, open_end)


def _specialisations(block: Block, stream: Stream) -> Decided:
    means = block.figure("specialisations") * np.minimum(block.level, 1.2)
    partner, _ = spread_out(np.minimum(MOST_SPECIALISATIONS, stream.poisson(means)))
    last = np.full(len(partner), block.months.last)
    starts = stream.within(np.maximum(_from(block)[partner], last - GRANTED_FOR + 30), last)
    return Decided("specialisation", ["granted"], partner * 0, partner, starts, starts + GRANTED_FOR)


def _executive_reviews(block: Block, stream: Stream) -> Decided:
    """Approved once a year or not."""
    years = np.ceil((block.months.last - _from(block)) / DAYS_A_YEAR).astype(np.int64)
    partner, nth = spread_out(np.maximum(0, years))
    share = block.company["rhythm"]["executive_review"]
    held = stream.chance((block.figure("review") * share)[partner])
    begin = _from(block)[partner] + np.round(nth * DAYS_A_YEAR).astype(np.int64)
    day = np.minimum(stream.within(begin, begin + 300), block.months.last)
    return Decided("executive_review", ["approved"], partner[held] * 0, partner[held], day[held], day[held] + HELD_FOR)


def _integrations(block: Block, stream: Stream) -> Decided:
    """A certified integration of some of those who build; a story's on its day."""
    builds = block.track == list(block.company.tracks).index("build") if "build" in block.company.tracks else None
    chosen = np.flatnonzero(builds) if builds is not None else np.zeros(0, dtype=np.int64)
    told = {place: day_number(story.integration) for place, story in block.stories.items() if story.integration}
    free = chosen[~np.isin(chosen, list(told))]
    count = max(0, round(block.company["rhythm"]["integrations"] * len(chosen)) - len(told))
    partner = np.concatenate([stream.some(free, count), np.array(list(told), dtype=np.int64)])
    drawn = stream.within(_from(block)[partner] + 30, np.full(len(partner), block.months.last - 30))
    day = np.where(np.isin(partner, list(told)), [told.get(place, 0) for place in partner.tolist()], drawn)
    return Decided("integration", ["certified"], partner * 0, partner, day, np.full(len(partner), NONE))


def _held_prices(block: Block) -> Decided:
    """Prices that are held for a partner, for 24 months."""
    told = {place: day_number(story.price_held) for place, story in block.stories.items() if story.price_held}
    partner, day = np.array(list(told), dtype=np.int64), np.array(list(told.values()), dtype=np.int64)
    return Decided("price_hold", ["granted"], partner * 0, partner, day, day + GRANTED_FOR)
