"""What partners do: plan reviews, campaigns, training, what customers got, and all that earns nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from swingby.generation.calendar import day_number
from swingby.generation.columns import Table, days, whole, words
from swingby.generation.drawing import NONE, Floats, Stream, Truths, Whole, spread_out
from swingby.generation.partners import Block
from swingby.generation.people import ENGINEERING, People, person

#: Figures of the company's file -> kinds of activities.
YEARLY = {
    "trainings": "training_completed",
    "sourced": "opportunity_sourced",
    "services": "service_delivered",
    "active_customers": "customer_active",
    "new_customers": "customer_new",
}
BY_PEOPLE = ("training_completed", "talk", "community_answer", "course_started", "campaign")
RATED = "service_delivered"
DAYS_A_YEAR = 365.25
LEAP_DAY = "2024-02-29"


@dataclass(frozen=True, slots=True)
class Acts:
    """Acts of one kind, or of several by number."""

    kinds: tuple[str, ...]
    kind: Whole
    partner: Whole
    day: Whole


def activity_table(block: Block, people: People) -> Table:
    """Every activity of a block, kind after kind."""
    stream = block.stream("work")
    acts = [_plans(block, stream), _campaigns(block, stream), _pipeline(block, stream), _advocacy(block, stream)]
    acts += [*_yearly(block, stream), _unscored(block, stream)]
    kinds = list(dict.fromkeys(kind for act in acts for kind in act.kinds))
    code = np.concatenate([np.array([kinds.index(kind) for kind in act.kinds])[act.kind] for act in acts])
    partner, day = (np.concatenate([getattr(act, name) for act in acts]) for name in ("partner", "day"))
    ratings = block.company["rhythm"]["ratings"]
    rating = np.array([int(rating) for rating in ratings])[stream.pick(ratings, len(code))]
    personal = np.isin(code, [kinds.index(kind) for kind in BY_PEOPLE if kind in kinds])
    return Table(
        "activities",
        {
            "organization": words(partner, block.keys),
            "kind": words(code, kinds),
            "person": person(block, np.where(personal, _somebody(block, stream, people, partner), NONE)),
            "rating": whole(np.where(code == kinds.index(RATED), rating, NONE)),
            "happened_on": days(day),
        },
    )


def _somebody(block: Block, stream: Stream, people: People, partner: Whole) -> Whole:
    """One of the technical people who stay, for each; the first group of people are these, partner by partner."""
    staff = np.bincount(people.partner[people.stays & (people.role == ENGINEERING)], minlength=block.size)
    start = np.cumsum(staff) - staff
    return np.asarray(start[partner] + np.floor(stream.uniform(len(partner)) * staff[partner]).astype(np.int64))


def _periods(block: Block, months: int) -> tuple[Whole, Whole, Truths]:
    """First and last day of each period of so many months, from joining on, and whether the partner was there."""
    edges = block.months.edges(months)
    begin = np.maximum(edges[None, :-1], block.joined[:, None])
    end = np.broadcast_to(edges[None, 1:] - 1, begin.shape)
    return begin, end, np.asarray(begin <= end)


def _one_each(block: Block, stream: Stream, chance: Floats, months: int) -> tuple[Whole, Whole]:
    """At most one act in each period: by whom and when."""
    begin, end, there = _periods(block, months)
    partner, period = np.nonzero(stream.chance(np.where(there, chance, 0.0)))
    return partner, stream.within(begin[partner, period], end[partner, period])


def _several_each(block: Block, stream: Stream, means: Floats, months: int) -> tuple[Whole, Whole]:
    """So many acts on average in each period; fewer in one that is cut."""
    begin, end, there = _periods(block, months)
    full = np.diff(block.months.starts[: block.months.count + months : months])[: begin.shape[1]]
    share = np.clip((end - begin + 1) / full, 0, 1)
    cell, _ = spread_out(stream.poisson(np.where(there, means * share, 0.0)).ravel())
    partner, period = np.divmod(cell, begin.shape[1])
    return partner, stream.within(begin[partner, period], end[partner, period])


def _by_quiet(block: Block, name: str, months: int) -> Floats:
    """A figure for each partner and period, which changes where a partner goes quiet."""
    edges = block.months.edges(months)[:-1]
    usual = block.figure(name)
    since, later = block.quiet(name, usual)
    return np.where(edges[None, :] >= since[:, None], later[:, None], usual[:, None])


def _plans(block: Block, stream: Stream) -> Acts:
    """Plan reviews; fewer where the vendor had nobody to hold them."""
    gap, edges = block.company["vendor_side"]["gap"], block.months.edges(3)[:-1]
    here = (block.region == block.company.regions.index(gap["region"])) & ~_told_plans(block)
    then = (edges >= day_number(gap["from"])) & (edges <= day_number(gap["until"]))
    chance = _by_quiet(block, "plan", 3) * _of_learners(block)[:, None]
    chance = np.minimum(chance, 1.0) * np.where(here[:, None] & then[None, :], gap["plan"], 1.0)
    partner, day = _one_each(block, stream, chance, 3)
    leap = int(np.datetime64(LEAP_DAY).astype(int))
    near = np.flatnonzero((day > leap - 29) & (day < leap + 30))
    if block.months.starts[0] <= leap <= block.months.last:
        day[stream.some(near, block.company["mess"]["leap_day"])] = leap
    return Acts(("plan_reviewed",), partner * 0, partner, day)


def _of_learners(block: Block) -> Floats:
    """Who has advanced engineers keeps more plans, and who has none fewer; an archetype's mean stays what it is."""
    share = np.minimum(block.company.per_archetype("adopts")[block.archetype], 1.0)
    factor = np.minimum(block.company["rhythm"]["plans_of_learners"], 1 / np.maximum(share, block.figure("plan")))
    others = np.divide(1 - share * factor, 1 - share, out=np.ones(block.size), where=share < 1)
    return np.where(_told_plans(block), 1.0, np.where(block.adopts != NONE, factor, others))


def _told_plans(block: Block) -> Truths:
    told = [place for place, story in block.stories.items() if story.plan is not None]
    return np.isin(np.arange(block.size), told)


def _campaigns(block: Block, stream: Stream) -> Acts:
    """Campaigns by half-year; a story's number is kept exactly."""
    told = {place: story.campaigns for place, story in block.stories.items() if story.campaigns is not None}
    means = _by_quiet(block, "campaigns", 6)
    means[list(told)] = 0.0
    partner, day = _several_each(block, stream, means, 6)
    begin, end, there = _periods(block, 6)
    for place, count in told.items():
        for half in np.flatnonzero(there[place]).tolist():
            middle = np.linspace(begin[place, half], end[place, half], count + 2).astype(np.int64)[1:-1]
            partner, day = np.append(partner, np.full(count, place)), np.append(day, middle)
    return Acts(("campaign",), partner * 0, partner, day)


def _pipeline(block: Block, stream: Stream) -> Acts:
    """Monthly pipeline reviews, which began later than everything else."""
    since = day_number(block.company["rhythm"]["pipeline_from"])
    chance = block.figure("pipeline")[:, None] * (block.months.edges(1)[None, :-1] >= since)
    partner, day = _one_each(block, stream, chance, 1)
    return Acts(("pipeline_reviewed",), partner * 0, partner, day)


def _advocacy(block: Block, stream: Stream) -> Acts:
    figures = block.company["rhythm"]
    means = block.figure("advocacy") * block.level / figures["points_each"] / 12
    partner, day = _several_each(block, stream, np.repeat(means[:, None], len(block.months.edges(1)) - 1, axis=1), 1)
    return Acts(tuple(figures["advocacy"]), stream.pick(figures["advocacy"], len(partner)), partner, day)


def _yearly(block: Block, stream: Stream) -> Iterator[Acts]:
    """Acts that come at a yearly rate; a story's are spread evenly."""
    first = np.maximum(block.joined, int(block.months.starts[0]))
    years = np.maximum(0, block.months.last - first + 1) / DAYS_A_YEAR
    for figure, kind in YEARLY.items():
        counts = stream.poisson(block.figure(figure) * block.level * years)
        told = {place: story.activities for place, story in block.stories.items() if story.activities}
        for place, figures in told.items():
            counts[place] = round(figures[figure] * years[place])
        partner, nth = spread_out(counts)
        drawn = stream.within(first[partner], np.full(len(partner), block.months.last))
        even = first[partner] + ((nth + 0.5) * (years * DAYS_A_YEAR)[partner] / counts[partner]).astype(np.int64)
        day = np.where(np.isin(partner, list(told)), even, drawn)
        yield Acts((kind,), partner * 0, partner, np.minimum(day, block.months.last))


def _unscored(block: Block, stream: Stream) -> Acts:
    """What the portal and the academy saw, which no rule counts."""
    figures = block.company["rhythm"]
    means = figures["unscored_each_head"] * block.figure("staff") * block.level / 12
    partner, day = _several_each(block, stream, np.repeat(means[:, None], len(block.months.edges(1)) - 1, axis=1), 1)
    return Acts(tuple(figures["unscored"]), stream.pick(figures["unscored"], len(partner)), partner, day)


def survey_table(block: Block) -> Table:
    """Answers: each quarter that is answered has some topics."""
    stream, topics = block.stream("surveys"), block.company["rhythm"]["surveys"]
    edges = block.months.edges(3)
    chance = np.repeat(block.figure("survey")[:, None], len(edges) - 1, axis=1)
    partner, day = _one_each(block, stream, chance, 3)
    asked = stream.uniform((len(partner), len(topics))) < np.array(list(topics.values()), dtype=np.float64)
    answer, topic = np.nonzero(asked)
    mood = np.clip(np.round(7.2 + stream.normal(len(answer), 1.6)), 0, 10)
    return Table(
        "surveys",
        {
            "organization": words(partner[answer], block.keys),
            "topic": words(topic, list(topics)),
            "score": whole(mood),
            "happened_on": days(day[answer]),
        },
    )
