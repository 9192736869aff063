"""Certificates: who holds which level from when on, renewals, and those that lapsed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from swingby.generation.archetypes import Figures
from swingby.generation.calendar import day_number
from swingby.generation.columns import Table, days, words
from swingby.generation.drawing import NONE, Floats, Stream, Truths, Whole, spread_out
from swingby.generation.partners import Block
from swingby.generation.people import ADMINISTRATION, ENGINEERING, People, person

PAST = 640
OLDER = 400
SOON = 20
EARLY_SHARE = 0.6
LEAST = 0.01


@dataclass(frozen=True, slots=True)
class Certificates:
    """One item for each certificate; `level` and `product` are numbers in the order of the company's file."""

    holder: Whole
    level: Whole
    product: Whole
    starts: Whole
    ends: Whole

    def followed_by(self, *others: Certificates) -> Certificates:
        """These, then others."""
        parts = (self, *others)
        return Certificates(
            *(np.concatenate([getattr(part, name) for part in parts]) for name in Certificates.__slots__)
        )


def draw_certificates(block: Block, people: People) -> Certificates:
    """Everything that is held at the end, was held and renewed before, or lapsed."""
    stream = block.stream("certificates")
    parts = [_advanced(block, stream, people), _of_leavers(block, stream, people), _lapsed(block, stream, people)]
    parts += [_usual(block, stream, people, level) for level in ("fundamentals", "intermediate")]
    parts.append(_sprinted(block, stream, people))
    found = parts[0].followed_by(*parts[1:])
    return _counting_at_the_end(block, found)


def _levels(block: Block) -> list[str]:
    return list(block.company["credentials"]["levels"])


def _chain(block: Block, stream: Stream, level: str, *, holder: Whole, first: Whole, horizon: Whole) -> Certificates:
    """A certificate and its renewals, each within the window before the last one ends, up to a horizon."""
    figures = block.company["credentials"]
    valid = figures["levels"][level]["days"]
    lead = stream.within(np.full(len(holder), 5), np.full(len(holder), figures["window"] - 5))
    counts = np.maximum(1, (horizon - first) // (valid - lead) + 1)
    index, nth = spread_out(counts)
    starts = first[index] + nth * (valid - lead[index])
    product = stream.pick({name: line["share"] for name, line in block.company["lines"].items()}, len(index))
    kept = starts + valid > int(block.months.starts[0])
    number = np.full(len(index), _levels(block).index(level))
    return Certificates(holder[index][kept], number[kept], product[kept], starts[kept], (starts + valid)[kept])


def _engineers(block: Block, stream: Stream, people: People) -> Whole:
    """How many advanced engineers each partner has at the end: one at least for those who ever have one."""
    mean = block.figure("advanced") / np.maximum(block.company.per_archetype("adopts")[block.archetype], LEAST)
    drawn = np.where(block.adopts == NONE, 0, 1 + stream.poisson(np.maximum(0, mean - 1)))
    staff = np.bincount(people.partner[_technical(people)], minlength=block.size)
    return np.asarray(np.minimum(block.told("engineers", drawn), staff), dtype=np.int64)


def _technical(people: People) -> Truths:
    return np.asarray(people.stays & (people.role == ENGINEERING))


def _advanced(block: Block, stream: Stream, people: People) -> Certificates:
    engineers = _engineers(block, stream, people)
    holder = np.flatnonzero(_technical(people) & (people.nth < engineers[people.partner]))
    first = _first_days(block, stream, people, holder)
    last = np.full(len(holder), block.months.last)
    chain = _chain(block, stream, "advanced", holder=holder, first=first, horizon=last)
    # Whoever holds a certificate was there when it was made.
    people.since[holder] = np.minimum(people.since[holder], first - SOON)
    return chain


def _first_days(block: Block, stream: Stream, people: People, holder: Whole) -> Whole:
    """The first engineer's day is the partner's; the others follow, some of them before the first day if it was."""
    partner = people.partner[holder]
    begin, adopted = int(block.months.starts[0]), block.adopts[partner]
    last = np.full(len(holder), block.months.last - SOON)
    early = (adopted < begin) & stream.chance(np.full(len(holder), EARLY_SHARE))
    later = stream.within(np.maximum(adopted, begin), last)
    first = np.where(early, stream.within(np.full(len(holder), begin - OLDER), np.full(len(holder), begin)), later)
    first = np.where(people.nth[holder] == 0, adopted, first)
    for place, story in block.stories.items():
        here = partner == place
        first[here] = np.where(first[here] > begin, begin + 30 * (1 + people.nth[holder][here]), first[here])
        if story.lapsing:
            lapsing = here & (people.nth[holder] < story.lapsing["engineers"])
            first[lapsing] = _told_days(block, stream, story.lapsing, int(lapsing.sum()))
    return np.asarray(np.minimum(first, last))


def _told_days(block: Block, stream: Stream, told: Figures, count: int) -> Whole:
    """Days whose certificate, never renewed, ends between two days."""
    valid = block.company["credentials"]["levels"]["advanced"]["days"]
    ends = stream.within(np.full(count, day_number(told["from"])), np.full(count, day_number(told["until"])))
    return np.asarray(ends - valid)


def _of_leavers(block: Block, stream: Stream, people: People) -> Certificates:
    """Some of those who left were advanced; the story's leavers all are."""
    gone = ~people.stays & (people.role == ENGINEERING) & (block.adopts[people.partner] != NONE)
    chosen = gone & stream.chance(np.full(people.count, block.company["people"]["leavers_certified"]))
    holder = np.flatnonzero(chosen | people.told)
    adopted = np.maximum(block.adopts[people.partner[holder]], people.since[holder])
    horizon = np.minimum(people.until[holder], block.months.last)
    first = stream.within(np.maximum(adopted, int(block.months.starts[0]) - OLDER), horizon - SOON)
    first = np.where(people.told[holder], int(block.months.starts[0]) + 40, first)
    fits = (first >= adopted) | people.told[holder]
    return _chain(block, stream, "advanced", holder=holder[fits], first=first[fits], horizon=horizon[fits])


def _lapsed(block: Block, stream: Stream, people: People) -> Certificates:
    """Certificates of those who stay that ended within the last months, where a partner lets them lapse."""
    counts = np.round(block.figure("lapsed") * block.figure("advanced")).astype(np.int64)
    counts = np.where([place in block.stories for place in range(block.size)], 0, counts)
    nth = people.nth - (np.bincount(people.partner[_technical(people)], minlength=block.size) - counts)[people.partner]
    holder = np.flatnonzero(_technical(people) & (nth >= 0))
    valid = block.company["credentials"]["levels"]["advanced"]["days"]
    ends = stream.within(np.full(len(holder), block.months.last - 300), np.full(len(holder), block.months.last - 5))
    first = ends - valid
    people.since[holder] = np.minimum(people.since[holder], first - SOON)
    return _chain(block, stream, "advanced", holder=holder, first=first, horizon=first)


def _usual(block: Block, stream: Stream, people: People, level: str) -> Certificates:
    """Some of those who stay hold a lower level; the technical ones rather the second."""
    counts = stream.poisson(block.figure(level) * block.level)
    order = stream.uniform(people.count) + (people.role != ENGINEERING) * (level == "intermediate")
    order += (people.role == ADMINISTRATION) * 2.0 + (~people.stays | (people.sprinted != NONE)) * 9.0
    holder = np.flatnonzero(_place_within(people, order) < counts[people.partner])
    holder = holder[people.stays[holder]]
    last = np.full(len(holder), block.months.last - 1)
    first = stream.within(np.maximum(people.since[holder] + SOON, last - PAST), last)
    return _chain(block, stream, level, holder=holder, first=first, horizon=last)


def _place_within(people: People, order: Floats) -> Whole:
    """The place of each person among those of the partner, in an order."""
    sorted_ = np.lexsort((order, people.partner))
    partner = people.partner[sorted_]
    place = np.empty(people.count, dtype=np.int64)
    place[sorted_] = np.arange(people.count) - np.searchsorted(partner, partner)
    return place


def _sprinted(block: Block, stream: Stream, people: People) -> Certificates:
    """Certificates that were made for a year's end."""
    holder = np.flatnonzero(people.sprinted != NONE)
    day = people.sprinted[holder]
    return _chain(block, stream, "fundamentals", holder=holder, first=day, horizon=day)


def _counting_at_the_end(block: Block, found: Certificates) -> Certificates:
    """What is held at the end is not of a type that stopped counting."""
    retired = block.company["credentials"]["retired"]
    stopped = list(block.company["lines"]).index(retired["product"])
    held = (found.starts <= block.months.last) & (found.ends > block.months.last)
    of_old = (found.product == stopped) & (found.starts <= day_number(retired["issued_through"]))
    moved = held & of_old & (found.level == _levels(block).index(retired["level"]))
    return Certificates(found.holder, found.level, np.where(moved, 0, found.product), found.starts, found.ends)


def certified_heads(block: Block, people: People, found: Certificates, day: int) -> Whole:
    """People of each partner who hold something on a day."""
    held = (found.starts <= day) & (found.ends > day)
    heads = np.unique(found.holder[held])
    there = (people.since[heads] <= day) & ((people.until[heads] == NONE) | (people.until[heads] > day))
    return np.bincount(people.partner[heads[there]], minlength=block.size)


def engineers_on(block: Block, people: People, found: Certificates, day: int) -> Whole:
    """Advanced engineers of each partner on a day."""
    advanced = found.level == _levels(block).index("advanced")
    chosen = Certificates(*(getattr(found, name)[advanced] for name in Certificates.__slots__))
    return certified_heads(block, people, chosen, day)


def gone_with_advanced(block: Block, people: People, found: Certificates) -> Whole:
    """Technical people who left and hold an advanced certificate."""
    holders = np.unique(found.holder[found.level == _levels(block).index("advanced")])
    return np.asarray(holders[~people.stays[holders]])


def credential_table(block: Block, people: People, found: Certificates) -> Table:
    """One credential for each certificate; its code says the rest."""
    figures, lines = block.company["credentials"], list(block.company["lines"])
    roles, levels, retired = figures["roles"], _levels(block), figures["retired"]
    codes = [f"{line}_{role}_{level}" for line in lines for role in roles for level in levels]
    role = np.minimum(people.role[found.holder], len(roles) - 1)
    number = (found.product * len(roles) + role) * len(levels) + found.level
    old = (found.product == lines.index(retired["product"])) & (found.level == levels.index(retired["level"]))
    old &= found.starts <= day_number(retired["issued_through"])
    vocabulary = [*codes, *(f"{code}_{retired['version']}" for code in codes)]
    return Table(
        "credentials",
        {
            "person": person(block, found.holder),
            "code": words(number + old * len(codes), vocabulary),
            "starts_on": days(found.starts),
            "ends_on": days(found.ends),
            "mail_domain": words(people.partner[found.holder], block.keys),
        },
        hidden=frozenset({"mail_domain"}),
    )
