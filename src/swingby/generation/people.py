"""Who works where, from when to when: those who are there at the end, those who left, those who went elsewhere."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from swingby.generation.calendar import day_number
from swingby.generation.columns import Column, Table, cents, days, keys, texts, words
from swingby.generation.drawing import NONE, Array, Floats, Stream, Truths, Whole, spread_out
from swingby.generation.gaming import year_ends
from swingby.generation.partners import Block, tells

ROLES = ("engineering", "sales", "support", "administration")
ENGINEERING, SALES, SUPPORT, ADMINISTRATION = range(len(ROLES))
USUAL_STAY = 1500
SETTLED = 60


@dataclass(frozen=True, slots=True)
class People:
    """One item for each person.

    Attributes
    ----------
    nth
        The person's number among those of the same group at the partner; engineers are the first technical ones.
    until
        First day no longer there, or ``NONE``.
    sprinted
        Day of a certificate that was made for a year's end, or ``NONE``.
    told
        One of the engineers whose leaving is a story.
    """

    partner: Whole
    role: Whole
    nth: Whole
    since: Whole
    until: Whole
    sprinted: Whole
    told: Truths

    @property
    def count(self) -> int:
        """How many."""
        return len(self.partner)

    @property
    def stays(self) -> Truths:
        """Who is there at the end."""
        return np.asarray(self.until == NONE)

    def followed_by(self, *others: People) -> People:
        """These people, then others."""
        parts = (self, *others)
        return People(*(np.concatenate([getattr(part, name) for part in parts]) for name in People.__slots__))


def draw_people(block: Block) -> People:
    """Everybody of a block."""
    stream = block.stream("people")
    staff = np.maximum(2, block.told("staff", stream.poisson(block.figure("staff"))))
    gone = _leavers(block, stream, staff)
    technical = _technical(block, stream, staff, gone)
    people = technical.followed_by(
        *(_beside(block, stream, staff, role) for role in (SALES, SUPPORT, ADMINISTRATION)),
        _gone(block, stream, gone), _sprinters(block, stream), _told_leavers(block),
    )  # fmt: skip
    return _without_admins(block, stream, people)


def _group(counts: Whole, role: int) -> People:
    """So many people of each partner in a role; their days are still to be said."""
    partner, nth = spread_out(counts)
    none = np.full(len(partner), NONE, dtype=np.int64)
    nobody = np.zeros(len(partner), dtype=bool)
    return People(partner, np.full(len(partner), role), nth, since=none, until=none, sprinted=none, told=nobody)


def _began(block: Block, stream: Stream, partner: Whole) -> Whole:
    """A day before the partner joined or the first day, whichever is later."""
    end = np.maximum(block.joined, int(block.months.starts[0]))[partner] - SETTLED
    return stream.within(end - USUAL_STAY, end)


def _leavers(block: Block, stream: Stream, staff: Whole) -> Whole:
    first = np.maximum(block.joined, int(block.months.starts[0]))
    years = np.maximum(0, block.months.last - first) / 365
    drawn = stream.poisson(block.figure("leavers") * staff * years)
    for place, story in block.stories.items():
        drawn[place] = story.gone
    return drawn


def _technical(block: Block, stream: Stream, staff: Whole, gone: Whole) -> People:
    """The last ones came in the place of those who left."""
    group = _group(staff, ENGINEERING)
    first = np.maximum(block.joined, int(block.months.starts[0]))[group.partner]
    late = stream.within(first, np.full(group.count, block.months.last - SETTLED))
    came_late = group.nth >= staff[group.partner] - np.minimum(gone, staff * 3 // 5)[group.partner]
    return replace(group, since=np.where(came_late, late, _began(block, stream, group.partner)))


def _beside(block: Block, stream: Stream, staff: Whole, role: int) -> People:
    """Those who are not technical; somebody administers at every partner."""
    share = block.company["people"]["beside"][ROLES[role]]
    counts = np.maximum(1 if role == ADMINISTRATION else 0, stream.poisson(share * staff))
    for place, story in block.stories.items():
        if story.others is not None:
            counts[place] = story.others - 2 if role == SALES else 1
    group = _group(counts, role)
    return replace(group, since=_began(block, stream, group.partner))


def _gone(block: Block, stream: Stream, gone: Whole) -> People:
    """Technical people who left within the window; those of a story in the last months."""
    group = _group(gone, ENGINEERING)
    since = _began(block, stream, group.partner)
    told = np.isin(group.partner, list(block.stories))
    begin = np.where(told, block.months.last - 4 * SETTLED, block.months.starts[0])
    begin = np.maximum(begin, block.joined[group.partner] + SETTLED)
    return replace(group, since=since, until=stream.within(begin, np.full(group.count, block.months.last)))


def _sprinters(block: Block, stream: Stream) -> People:
    """Those who are certified for a year's end: some are gone soon after."""
    gaming = block.company["gaming"]
    parts = [_group(np.zeros(block.size, dtype=np.int64), SALES)]
    for end in year_ends(block.company):
        counts = np.where(tells(block, "games"), gaming["fundamentals"], 0)
        group = _group(counts, SALES)
        day = stream.within(np.full(group.count, end - gaming["in_days"] + 1), np.full(group.count, end))
        left = stream.within(day + SETTLED // 3, np.full(group.count, end + gaming["gone_within"]))
        until = np.where(group.nth < gaming["gone"], left, NONE)
        parts.append(replace(group, since=day - SETTLED, until=until, sprinted=day))
    return parts[0].followed_by(*parts[1:])


def _told_leavers(block: Block) -> People:
    counts, left = np.zeros(block.size, dtype=np.int64), np.full(block.size, NONE)
    for place, story in block.stories.items():
        if story.leave:
            counts[place], left[place] = story.leave["engineers"], day_number(story.leave["left_on"])
    group = _group(counts, ENGINEERING)
    since = np.full(group.count, int(block.months.starts[0]) - USUAL_STAY)
    return replace(group, since=since, until=left[group.partner], told=np.ones(group.count, dtype=bool))


def _without_admins(block: Block, stream: Stream, people: People) -> People:
    """Some partners have lost everybody who administers."""
    free = np.array([place for place in range(block.size) if place not in block.stories], dtype=np.int64)
    lost = stream.some(free, share_of(block, block.company["mess"]["without_admin"]))
    here = np.isin(people.partner, lost) & (people.role == ADMINISTRATION)
    day = stream.within(np.full(people.count, block.months.last - 150), np.full(people.count, block.months.last - 20))
    return replace(people, until=np.where(here, day, people.until))


def share_of(block: Block, count: int) -> int:
    """What a number of the file is in a block of this size."""
    return min(block.size, round(count * block.size / block.company.size))


# --- tables ---------------------------------------------------------------------------------------------------------


def people_tables(block: Block, people: People, certified: Whole) -> list[Table]:
    """People, their employments and offices.

    Parameters
    ----------
    certified
        The numbers of technical people who left with a certificate; some of them go to another partner.
    """
    stream = block.stream("employments")
    country = partner_countries(block)
    offices = 1 + np.bincount(people.partner, minlength=block.size) // block.company["people"]["offices"]
    found = Table("people", {"person": person(block, np.arange(people.count)), "country": country.take(people.partner)})
    return [found, _employments(block, stream, people, certified, offices), _offices(block, offices, country)]


def person(block: Block, numbers: Array) -> Column:
    """The ids of people."""
    return keys(numbers, f"p{block.prefix}")


def partner_countries(block: Block) -> Column:
    """The country of each partner, by region."""
    stream, listed = block.stream("countries"), block.company["countries"]
    vocabulary = [country for countries in listed.values() for country in countries]
    codes, before = np.zeros(block.size, dtype=np.int64), 0
    for number, region in enumerate(block.company.regions):
        here = block.region == number
        codes[here] = before + stream.pick(listed[region], int(here.sum()))
        before += len(listed[region])
    return words(codes, vocabulary)


def _employments(block: Block, stream: Stream, people: People, certified: Whole, offices: Whole) -> Table:
    """One employment for each person, a second one for those who moved and for those who work for two at once."""
    moved, to = _moved(block, stream, people, certified)
    twice = stream.some(np.flatnonzero(people.stays), share_of(block, block.company["people"]["twice"]))
    again = np.concatenate([np.arange(people.count), moved, twice])
    other = _anywhere(block, stream, len(twice))
    partner = np.concatenate([people.partner, to, other])
    since, until = people.since[again].copy(), people.until[again].copy()
    second = slice(people.count, people.count + len(moved))
    since[second] = until[second] + np.where(people.told[moved], 0, stream.within(moved * 0, moved * 0 + 40))
    until[second] = NONE
    shares = np.where(np.isin(again, twice), 50, NONE)
    kinds = stream.chance(np.full(people.count, block.company["people"]["contractors"]))[again]
    within_partner = np.floor(stream.uniform(len(again)) * offices[partner]).astype(np.int64)
    return Table(
        "employments",
        {
            "organization": words(partner, block.keys),
            "person": person(block, again),
            "kind": words(kinds.astype(np.int64), ["employee", "contractor"]),
            "role": words(people.role[again], ROLES),
            "office": keys((np.cumsum(offices) - offices)[partner] + within_partner, f"o{block.prefix}"),
            "share": cents(shares),
            "starts_on": days(since),
            "ends_on": days(until),
        },
    )


def _moved(block: Block, stream: Stream, people: People, certified: Whole) -> tuple[Whole, Whole]:
    """Certified people who went from one partner to another, and where to."""
    count = share_of(block, block.company["people"]["moved"])
    told = np.flatnonzero(people.told)
    free = certified[~people.told[certified] & (people.until[certified] < block.months.last - SETTLED)]
    moved = np.concatenate([told, stream.some(free, max(0, count - len(told)))])
    to = _anywhere(block, stream, len(moved))
    for nth, partner in enumerate(people.partner[told].tolist()):
        leave = block.stories[partner].leave or {}
        found = block.index_of(str(leave.get("to")))
        to[nth] = to[nth] if found is None else found
    return moved, to


def _anywhere(block: Block, stream: Stream, count: int) -> Whole:
    free = np.array([place for place in range(block.size) if place not in block.stories] or [0], dtype=np.int64)
    return free[np.floor(stream.uniform(count) * len(free)).astype(np.int64)]


def _offices(block: Block, offices: Whole, country: Column) -> Table:
    partner, nth = spread_out(offices)
    return Table(
        "offices",
        {
            "office": keys(np.arange(len(partner)), f"o{block.prefix}"),
            "organization": words(partner, block.keys),
            "name": texts(["Head office" if n == 0 else f"Branch {n}" for n in nth.tolist()]),
            "country": country.take(partner),
            "region": words(block.region[partner], block.company.regions),
        },
    )


def headcount(block: Block, people: People) -> Floats:
    """Technical people at the end, by partner."""
    here = people.stays & (people.role == ENGINEERING)
    return np.bincount(people.partner[here], minlength=block.size).astype(np.float64)
