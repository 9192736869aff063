"""What the vendor does for partners and with them: touches, costs, targets, agreements; and where certified people work."""

from __future__ import annotations

import numpy as np

from swingby.generation.calendar import day_number
from swingby.generation.certificates import Certificates
from swingby.generation.columns import Table, cents, days, keys, same, words
from swingby.generation.drawing import NONE, Floats, Whole, spread_out
from swingby.generation.partners import Block
from swingby.generation.people import ENGINEERING, People, person
from swingby.generation.yearly_check import TIERS, Checked

QUARTER, YEAR = 3, 12
IDLE_SHARE = 0.25
SOME_REVIEWS, SOME_BOOKINGS = 0.04, 20_000
REVIEW = "business_review"


def touch_table(block: Block, growth: Floats) -> Table:
    """Touches by month, and business reviews by quarter.

    Parameters
    ----------
    growth
        Of each partner's bookings, trailing, at the beginning of each quarter.
    """
    stream, figures = block.stream("touches"), block.company["vendor_side"]
    kinds = figures["kinds"]
    cell, _ = spread_out(stream.poisson(_touches_a_month(block)).ravel())
    partner, month = np.divmod(cell, block.months.count)
    reviewed, quarter = np.nonzero(stream.chance(_review_chance(block, growth)))
    kind = np.concatenate([stream.pick(kinds, len(partner)), np.full(len(reviewed), len(kinds))])
    begin = np.concatenate([block.months.starts[month], block.months.starts[quarter * QUARTER]])
    end = np.concatenate([block.months.starts[month + 1], block.months.starts[(quarter + 1) * QUARTER]]) - 1
    partner = np.concatenate([partner, reviewed])
    manager = (partner * 7 + block.region[partner]) % len(figures["managers"])
    return Table(
        "touches",
        {
            "organization": words(partner, block.keys),
            "kind": words(kind, [*kinds, REVIEW]),
            "made_by": words(manager, figures["managers"]),
            "happened_on": days(np.minimum(stream.within(begin, end), block.months.last)),
        },
    )


def _touches_a_month(block: Block) -> Floats:
    """Touches to be expected: by region, fewer where nobody looks after one."""
    figures = block.company["vendor_side"]
    gap = figures["gap"]
    rates = [figures["touches"].get(region, figures["touches"]["otherwise"]) for region in block.company.regions]
    starts = block.months.starts[: block.months.count]
    then = (starts >= day_number(gap["from"])) & (starts <= day_number(gap["until"]))
    here = block.region == block.company.regions.index(gap["region"])
    usual = np.repeat(np.array(rates)[block.region][:, None], block.months.count, axis=1)
    means = np.where(here[:, None] & then[None, :], gap["touches"], usual)
    return means * (starts[None, :] >= block.joined[:, None])


def _review_chance(block: Block, growth: Floats) -> Floats:
    """Business reviews are held with those who are good and grow; they change nothing."""
    figures = block.company["vendor_side"]["review"]
    chance = figures["base"] * block.figure("review")[:, None] + figures["quality"] * block.quality[:, None]
    chance = np.clip(chance + figures["growth"] * growth, 0.0, 0.98)
    there = block.months.starts[: growth.shape[1] * QUARTER : QUARTER][None, :] >= block.joined[:, None]
    return np.where(there & (block.figure("review") >= SOME_REVIEWS)[:, None], chance, 0.0)


def cost_table(block: Block, checked: Checked, booked: Floats) -> Table:
    """What each partner costs: managers' time, paid seats, funds and events, by quarter."""
    stream, figures = block.stream("costs"), block.company["vendor_side"]
    quarters = block.months.count // QUARTER
    tier = np.stack([_tier(block, checked, quarter) for quarter in range(quarters)], axis=1)
    there = block.months.starts[: quarters * QUARTER : QUARTER][None, :] >= block.joined[:, None]
    hours = 2 + 6 * tier + stream.poisson(np.full(tier.shape, 2.0))
    seats = np.array([0, *(figures["seats"][name] for name in TIERS[1:])])[tier] * figures["costs"]["paid_seats"] / 4
    funds = np.where(tier >= TIERS.index("gold"), booked[:, :quarters] * figures["costs"]["funds"], 0.0)
    held = stream.uniform(tier.shape) < figures["costs"]["event_support"]
    events = np.where(held, 250 + 1500 * stream.uniform(tier.shape), 0)
    licences = np.where(tier > 0, float(figures["costs"]["demo_licences"]), 0.0)
    kinds = ("manager_time", "paid_seats", "funds", "event_support", "demo_licences")
    amounts = np.stack([hours * float(figures["costs"]["manager_time"]), seats, funds, events, licences], axis=2)
    partner, quarter, kind = np.nonzero((amounts > 0) & there[:, :, None])
    return Table(
        "costs",
        {
            "organization": words(partner, block.keys),
            "kind": words(kind, kinds),
            "amount": cents(np.round(amounts[partner, quarter, kind] * 100)),
            "currency": same("USD", len(partner)),
            "happened_on": days(block.months.starts[(quarter + 1) * QUARTER] - 1),
        },
    )


def _tier(block: Block, checked: Checked, quarter: int) -> Whole:
    """The tier held in a quarter: by the last yearly check, and later by the rules that followed."""
    through = day_number(block.company["yearly_check"]["protected_through"])
    if int(block.months.starts[quarter * QUARTER]) > through:
        return checked.later
    return np.asarray(checked.after[:, max(0, quarter * QUARTER // YEAR - 1)])


def target_table(block: Block, by_year: Floats) -> Table:
    """A target of bookings for each fiscal year of those who book, set a tenth above what came of it, with chance."""
    stream = block.stream("targets")
    partner, year = np.nonzero(by_year > SOME_BOOKINGS)
    amount = np.round(by_year[partner, year] * 1.1 * stream.factor(len(partner), 0.2), -3)
    begin = block.months.starts[year * YEAR]
    end = block.months.starts[np.minimum((year + 1) * YEAR, block.months.all)]
    return Table(
        "targets",
        {
            "organization": words(partner, block.keys),
            "topic": same("bookings", len(partner)),
            "amount": cents(np.maximum(amount, 5000) * 100),
            "currency": same("USD", len(partner)),
            "agreed_by": words(year * 0 + partner % 5, block.company["vendor_side"]["managers"]),
            "starts_on": days(begin),
            "ends_on": days(end),
        },
    )


def agreement_table(block: Block) -> Table:
    """An agreement that renews itself for each partner; that of the group ends on its day."""
    group, everybody = block.company["group"], np.arange(block.size)
    ends = np.full(block.size, NONE, dtype=np.int64)
    for name in (group["head"], *group["members"]):
        place = block.index_of(name)
        if place is not None:
            ends[place] = day_number(group["ends_on"])
    shares = np.flatnonzero(block.stream("agreements").chance(np.full(block.size, 0.42)))
    partner = np.concatenate([everybody, shares])
    document = np.concatenate([everybody * 0, shares * 0 + 1])
    return Table(
        "agreements",
        {
            "organization": words(partner, block.keys),
            "document": words(document, ["partner_agreement", "data_sharing"]),
            "version": same("2023", len(partner)),
            "starts_on": days(block.joined[partner]),
            "ends_on": days(np.where(document == 0, ends[partner], NONE)),
        },
    )


def assignment_table(block: Block, people: People, found: Certificates) -> Table:
    """Projects of certified engineers; some have none, and nobody of a partner that is told to be idle."""
    stream = block.stream("assignments")
    holders = np.unique(found.holder[found.ends > block.months.last])
    idle = [place for place, story in block.stories.items() if story.idle]
    busy = (people.role[holders] == ENGINEERING) & ~np.isin(people.partner[holders], idle)
    busy &= ~stream.chance(np.full(len(holders), IDLE_SHARE))
    index, nth = spread_out(np.where(busy, 1 + stream.poisson(np.full(len(holders), 0.9)), 0))
    begin = np.maximum(people.since[holders[index]], block.months.last - 600)
    starts = stream.within(begin, np.full(len(index), block.months.last - 10))
    ends = starts + stream.within(index * 0 + 30, index * 0 + 260)
    return Table(
        "assignments",
        {
            "person": person(block, holders[index]),
            "project": keys(people.partner[holders[index]] * 20 + nth % 20, f"j{block.prefix}"),
            "share": cents(25 * stream.within(index * 0 + 1, index * 0 + 4)),
            "starts_on": days(starts),
            "ends_on": days(np.where(ends > block.months.last, NONE, ends)),
        },
    )
