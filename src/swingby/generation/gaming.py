"""Partners that reach a line by the last month of the year: what they book, when, and what is taken back."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np

from swingby.generation.archetypes import Company
from swingby.generation.calendar import day_number
from swingby.generation.drawing import Floats, Stream, Truths, Whole
from swingby.generation.partners import Block, tells

YEAR = 12


def year_ends(company: Company) -> list[int]:
    """The last day of each fiscal year in which partners play for a line."""
    first = company.first
    return [day_number(date(year, first.month, 1) - timedelta(days=1)) for year in company["gaming"]["years"]]


def game_bookings(block: Block, stream: Stream, partner: Whole, month: Whole, amount: Floats) -> Floats:
    """Amounts of won deals after partners have worked towards the line.

    Where the year until January leaves enough, January is filled up; otherwise the year is scaled and January keeps its
    share.
    """
    gaming, scaled = block.company["gaming"], amount.copy()
    for end in year_ends(block.company):
        last = int(block.months.of(np.array([end]))[0])
        least, most = gaming["bookings"]
        line = least + (most - least) * stream.uniform(block.size)
        plays = _players(block, stream)
        in_january = month == last
        in_year = (month > last - YEAR) & (month < last)
        before = np.bincount(partner[in_year], amount[in_year], block.size)
        january = np.bincount(partner[in_january], amount[in_january], block.size)
        plays &= (before > 0) & (january > 0)
        kept = np.minimum(1, np.divide((1 - gaming["january"]) * line, before, out=np.ones(block.size), where=plays))
        rest = np.divide(line - before * kept, january, out=np.ones(block.size), where=plays)
        scaled[in_year] *= np.where(plays, kept, 1)[partner[in_year]]
        scaled[in_january] *= np.where(plays, rest, 1)[partner[in_january]]
    return scaled


def _players(block: Block, stream: Stream) -> Truths:
    """Who plays for the line in a year: those with a story, and as many others as the share says."""
    games = np.flatnonzero(tells(block, "games"))
    told = games[np.isin(games, list(block.stories))]
    count = round(block.company["gaming"]["share"] * len(games)) - len(told)
    others = stream.some(games[~np.isin(games, told)], max(0, count))
    return np.isin(np.arange(block.size), np.concatenate([told, others]))


def rush(block: Block, partner: Whole, day: Whole, amount: Floats) -> Whole:
    """Days of January's deals: the larger half falls into the last days."""
    moved = day.copy()
    span = block.company["gaming"]["last_days"]
    for end in year_ends(block.company):
        last = int(block.months.of(np.array([end]))[0])
        here = np.flatnonzero(tells(block, "games")[partner] & (block.months.of(day) == last))
        order = here[np.lexsort((amount[here], partner[here]))]
        start = np.searchsorted(partner[order], partner[order])
        count = np.bincount(partner[order], minlength=block.size)[partner[order]]
        nth = np.arange(len(order)) - start
        late = end - span + 1 + (nth * span) // np.maximum(1, count)
        moved[order] = np.where(2 * nth >= count, late, np.minimum(day[order], end - span))
    return moved


def taken_back(block: Block, stream: Stream, partner: Whole, day: Whole, amount: Floats) -> Truths:
    """Which of January's deals are cancelled afterwards: about the share that the company's file says."""
    back = np.zeros(len(partner), dtype=bool)
    for end in year_ends(block.company):
        last = int(block.months.of(np.array([end]))[0])
        here = np.flatnonzero(tells(block, "games")[partner] & (block.months.of(day) == last))
        order = here[np.lexsort((stream.uniform(len(here)), partner[here]))]
        before = _running(partner[order], amount[order]) - amount[order]
        total = np.bincount(partner[order], amount[order], block.size)[partner[order]]
        back[order] = before < block.company["gaming"]["cancelled"] * total - 0.5 * amount[order]
        told = np.isin(partner[order], list(block.stories))
        back[order] |= told & (before < block.company["gaming"]["cancelled"] * total)
    return back


def _running(group: Whole, amount: Floats) -> Floats:
    """Sums so far within each group; groups stand together."""
    total = np.cumsum(amount)
    starts = np.searchsorted(group, group)
    return np.asarray(total - total[starts] + amount[starts])
