"""Deals: won ones by month with season, growth and quality; as many lost as the win rate says; some still open."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from swingby.generation.drawing import NONE, Floats, Stream, Truths, Whole, growing, spread_out
from swingby.generation.gaming import game_bookings, rush, taken_back
from swingby.generation.money import Rates, draw_currencies
from swingby.generation.partners import Block, deals_a_year

LOST, WON = 0, 1
QUARTER, YEAR = 3, 12
DIRECT = -1


@dataclass(frozen=True, slots=True)
class Deals:
    """One item for each opportunity; partner -1 is nobody.

    Attributes
    ----------
    outcome
        `LOST` or `WON`, on the day `closed`; those that close after the last day are open.
    usd
        Worth when it closes.
    customer
        Number of the customer of a won deal or an open one, or ``NONE``; `new` on the first that it won. Numbers above those
        of all customers are prospects.
    back
        Won, and taken back afterwards as though it had never been.
    """

    partner: Whole
    created: Whole
    closed: Whole
    outcome: Whole
    usd: Floats
    customer: Whole
    new: Truths
    currency: Whole
    back: Truths

    @property
    def count(self) -> int:
        """How many."""
        return len(self.partner)

    def take(self, index: Whole | Truths) -> Deals:
        """Some of them."""
        return Deals(*(getattr(self, name)[index] for name in Deals.__slots__))

    def is_won(self, last: int) -> Truths:
        """Which were won up to a day."""
        return np.asarray((self.outcome == WON) & (self.closed <= last))

    def is_open(self, last: int) -> Truths:
        """Which were there on a day and not decided yet."""
        return np.asarray((self.created <= last) & (self.closed > last))


def draw_deals(block: Block, rates: Rates) -> Deals:
    """All opportunities of a block, in order of partner and of the day they close; those without a partner first."""
    stream = block.stream("deals")
    partner, month, outcome = _counts(block, stream)
    first = np.maximum(block.months.starts[month], block.joined[partner] + 1)
    closed = stream.within(first, block.months.starts[month + 1] - 1)
    usd = _sizes(block, stream, partner, month)
    won = outcome == WON
    usd[won] = _told_years(block, partner[won], month[won], usd[won])
    usd[won] = game_bookings(block, stream, partner[won], month[won], usd[won])
    closed[won] = rush(block, partner[won], closed[won], usd[won])
    back = np.zeros(len(partner), dtype=bool)
    back[won] = taken_back(block, stream, partner[won], closed[won], usd[won])
    company = block.company["deals"]
    cycle = block.company.by_archetype(company["cycle"])[block.archetype][partner]
    created = closed - np.round(cycle * stream.factor(len(partner), company["cycle_spread"])).astype(np.int64)
    found = _deals(partner, (created, closed), outcome, usd, back)
    direct = _direct(block, stream)
    everything = Deals(*(np.concatenate([getattr(direct, n), getattr(found, n)]) for n in Deals.__slots__))
    ordered = everything.take(np.lexsort((everything.closed, everything.partner)))
    return _in_currencies(block, stream, rates, _with_prospects(block, _with_customers(block, stream, ordered)))


def _deals(partner: Whole, days: tuple[Whole, Whole], outcome: Whole, usd: Floats, back: Truths) -> Deals:
    """Deals whose customers and currencies are still to be said."""
    count = len(partner)
    none = np.full(count, NONE, dtype=np.int64)
    return Deals(partner, *days, outcome, usd, none, np.zeros(count, dtype=bool), none, back)


def _counts(block: Block, stream: Stream) -> tuple[Whole, Whole, Whole]:
    """Partner, month and outcome of every opportunity."""
    won = _monthly_rate(block, stream)
    win = block.figure("win")[:, None]
    counts = np.stack([stream.poisson(won * (1 - win) / win), stream.poisson(won)], axis=2)
    cell, _ = spread_out(counts.ravel())
    place, outcome = np.divmod(cell, 2)
    partner, month = np.divmod(place, block.months.all)
    return partner, month, outcome


def _monthly_rate(block: Block, stream: Stream) -> Floats:
    """Won deals that are to be expected of each partner in each month."""
    figures, months = block.company["deals"], block.months.all
    ahead = np.arange(months) - figures["mid_month"]
    rate = (deals_a_year(block) / YEAR * block.deal_level)[:, None] * _season(block)
    rate = rate * growing(1 + block.figure("growth"), ahead / YEAR)
    rate = rate * np.exp(figures["quality"] * block.quality[:, None] * ahead)
    mean, sd = figures["noise"]
    rate = rate * stream.factor((block.size, months), sd, mean)
    begins = block.months.starts[1:][None, :] > block.joined[:, None]
    return np.asarray(rate * begins * _until_last_deal(block))


def _season(block: Block) -> Floats:
    """The factor of each month; the last of the fiscal year as the archetype says."""
    season = np.array(block.company["deals"]["season"], dtype=np.float64)
    month = np.arange(block.months.all) % YEAR
    usual = np.broadcast_to(season[month], (block.size, block.months.all)).copy()
    usual[:, month == YEAR - 1] = block.figure("january")[:, None]
    return usual


def _until_last_deal(block: Block) -> Truths:
    """False in the months after an archetype's last deals."""
    never = np.datetime64("2200-01-01")
    ends = [np.datetime64(figures.get("last_deal", never)) for figures in block.company.archetypes.values()]
    last = np.array(ends, dtype="datetime64[D]").astype(np.int64)[block.archetype]
    return np.asarray(block.months.starts[None, :-1] <= last[:, None])


def _sizes(block: Block, stream: Stream, partner: Whole, month: Whole) -> Floats:
    """What each deal is worth: the partner's median, a shock that lasts, chance, and the first advanced engineer."""
    figures = block.company["deals"]
    memory, sd = figures["shock"]
    shock = stream.normal((block.size, block.months.all), sd * np.sqrt(1 - memory**2))
    shock[:, 0] /= np.sqrt(1 - memory**2)
    for nth in range(1, block.months.all):
        shock[:, nth] += memory * shock[:, nth - 1]
    lever = block.company["credentials"]["lever"] * _ramp(block)
    spread = block.company.by_archetype(figures["size"])[block.archetype][partner]
    usd = block.median[partner] * np.exp((shock + lever)[partner, month]) * stream.factor(len(partner), spread)
    return np.asarray(np.round(np.maximum(usd, 100), 2))


def _ramp(block: Block) -> Floats:
    """How far the first advanced engineer of each partner has come to bear; those from before have it in their median."""
    ramp = np.array([0.0, *block.company["credentials"]["ramp"]])
    within = block.adopts >= block.months.starts[0]
    since = np.arange(block.months.all)[None, :] - block.months.of(block.adopts)[:, None]
    return np.where(within[:, None], ramp[np.clip(since, 0, len(ramp) - 1)], 0.0)


def _told_years(block: Block, partner: Whole, month: Whole, usd: Floats) -> Floats:
    """Scale the years of a story to the bookings that it tells."""
    scaled = usd.copy()
    for place, story in block.stories.items():
        for nth, bookings in enumerate(story.bookings):
            here = (partner == place) & (month // YEAR == nth)
            total = float(usd[here].sum())
            scaled[here] *= bookings / total if total else 1.0
    return np.round(scaled, 2)


def _direct(block: Block, stream: Stream) -> Deals:
    """Won deals without a partner."""
    figures, company = block.company["deals"], block.company
    means = np.full(block.months.count, figures["direct"] / YEAR * block.size / company.size)
    month, _ = spread_out(stream.poisson(means))
    closed = stream.within(block.months.starts[month], block.months.starts[month + 1] - 1)
    usd = np.round(figures["direct_median"] * stream.factor(len(month), figures["size"]["otherwise"]), 2)
    cycle = np.round(figures["cycle"]["otherwise"] * stream.factor(len(month), figures["cycle_spread"]))
    nobody, won = np.full(len(month), DIRECT), np.full(len(month), WON)
    return _deals(nobody, (closed - cycle.astype(np.int64), closed), won, usd, np.zeros(len(month), dtype=bool))


def _with_customers(block: Block, stream: Stream, deals: Deals) -> Deals:
    """Some won deals are a new customer's; the others go to an earlier one of the partner."""
    here = np.flatnonzero(deals.is_won(block.months.last))
    partner, figures = deals.partner[here], block.company["deals"]
    share = np.where(partner == DIRECT, figures["direct_new_customer"], figures["new_customer"])
    new = stream.chance(share)
    new[np.unique(partner, return_index=True)[1]] = True
    count = np.cumsum(new)
    start = np.searchsorted(partner, partner)
    before = count[start] - 1
    known = count - before
    customer = before + np.floor(stream.uniform(len(here)) * known).astype(np.int64)
    found, is_new = deals.customer.copy(), deals.new.copy()
    found[here] = np.where(new, count - 1, customer)
    is_new[here] = new
    return replace(deals, customer=found, new=is_new)


def _with_prospects(block: Block, deals: Deals) -> Deals:
    """Some open deals go to an earlier customer of the partner; the others are a prospect's, who is one by this deal alone."""
    here = np.flatnonzero(deals.is_open(block.months.last))
    first, partner, stream = np.flatnonzero(deals.new), deals.partner[here], block.stream("prospects")
    start, end = (np.searchsorted(deals.partner[first], partner, side) for side in ("left", "right"))
    earlier = start + np.floor(stream.uniform(len(here)) * (end - start)).astype(np.int64)
    known = stream.chance(np.full(len(here), 1 - block.company["deals"]["new_customer"])) & (end > start)
    known[known] = deals.closed[first[earlier[known]]] < deals.created[here[known]]
    customer = deals.customer.copy()
    customer[here] = np.where(known, earlier, len(first) - 1 + np.cumsum(~known))
    return replace(deals, customer=customer)


def _in_currencies(block: Block, stream: Stream, rates: Rates, deals: Deals) -> Deals:
    """A customer keeps the currency of its first deal; amounts are what the currency can express."""
    region = np.where(deals.partner == DIRECT, 0, block.region[deals.partner])
    currency = draw_currencies(block.company, stream, region, counted=deals.partner != DIRECT)
    first = np.flatnonzero(deals.new)
    has = (deals.customer != NONE) & (deals.customer < len(first))
    currency[has] = currency[first][deals.customer[has]]
    month = np.clip(block.months.of(deals.closed), 0, block.months.all - 1)
    usd = rates.usd(rates.amounts(deals.usd, currency, month), currency, month)
    return replace(deals, currency=currency, usd=usd)


def bookings_by_year(block: Block, deals: Deals) -> Floats:
    """Won in each fiscal year by each partner, with what was taken back later."""
    won = deals.take(deals.is_won(block.months.last) & (deals.partner != DIRECT))
    years = -(-block.months.count // YEAR)
    cell = won.partner * years + block.months.of(won.closed) // YEAR
    return _table_of(cell, won.usd, (block.size, years))


def _table_of(cell: Whole, usd: Floats, shape: tuple[int, int]) -> Floats:
    """Sums by partner and period."""
    return np.asarray(np.bincount(cell, usd, shape[0] * shape[1]).reshape(shape), dtype=np.float64)


def bookings_by_quarter(block: Block, deals: Deals) -> Floats:
    """Won in each fiscal quarter by each partner."""
    won = deals.take(deals.is_won(block.months.last) & (deals.partner != DIRECT))
    quarters = -(-block.months.count // QUARTER)
    cell = won.partner * quarters + block.months.of(won.closed) // QUARTER
    return _table_of(cell, won.usd, (block.size, quarters))


def growth_by_quarter(booked: Floats) -> Floats:
    """Growth of the last two quarters over the two before, on the first day of each quarter; 0 without any."""
    growth = np.zeros(booked.shape)
    for nth in range(4, booked.shape[1]):
        late, early = booked[:, nth - 2 : nth].sum(axis=1), booked[:, nth - 4 : nth - 2].sum(axis=1)
        growth[:, nth] = np.divide(late - early, early, out=np.zeros(len(booked)), where=early > 0)
    return np.clip(growth, -1, 1)
