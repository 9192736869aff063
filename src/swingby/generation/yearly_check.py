"""What the yearly check by volume decided, and the discount that each deal was granted for it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from swingby.generation.calendar import day_number
from swingby.generation.certificates import Certificates, certified_heads, engineers_on
from swingby.generation.columns import Table, days, same, words
from swingby.generation.deals import DIRECT, YEAR, Deals, bookings_by_year
from swingby.generation.drawing import Floats, Whole
from swingby.generation.partners import Block
from swingby.generation.people import People

TIERS = ("member", "select", "gold", "elite")


@dataclass(frozen=True, slots=True)
class Checked:
    """Tiers by partner and fiscal year: `after` the check at its end; `later` under the rules that followed."""

    after: Whole
    later: Whole


def check_years(block: Block, people: People, found: Certificates, deals: Deals) -> Checked:
    """The tier that each closed fiscal year earned, by bookings and certified heads on its last day."""
    figures, booked = block.company["yearly_check"], bookings_by_year(block, deals)
    after = np.zeros((block.size, block.months.count // YEAR), dtype=np.int64)
    for year in range(after.shape[1]):
        heads = certified_heads(block, people, found, int(block.months.starts[YEAR * (year + 1)]) - 1)
        for number, tier in enumerate(TIERS[1:], start=1):
            enough = (booked[:, year] >= figures["bookings"][tier]) & (heads >= figures["heads"][tier])
            after[enough, year] = number
    return Checked(after, _later(block, people, found))


def _later(block: Block, people: People, found: Certificates) -> Whole:
    """About the tier under later rules: by engineers, where plans are usually kept."""
    day = day_number(block.company["yearly_check"]["protected_through"]) + 1
    engineers, plan = engineers_on(block, people, found, day), block.figure("plan")
    gates = block.company["yearly_check"]["later"]
    tier = np.zeros(block.size, dtype=np.int64)
    for number, name in enumerate(TIERS[1:], start=1):
        tier[(engineers >= gates[name]["engineers"]) & (plan >= gates[name]["plan"])] = number
    return tier


def discounts(block: Block, checked: Checked, deals: Deals) -> Floats:
    """What each deal was granted: by the tier held when it closed."""
    granted = np.array([block.company["yearly_check"]["discount"][tier] for tier in TIERS])
    month = block.months.of(deals.closed)
    year = np.clip(month // YEAR - 1, 0, checked.after.shape[1] - 1)
    through = day_number(block.company["yearly_check"]["protected_through"])
    tier = np.where(deals.closed > through, checked.later[deals.partner], checked.after[deals.partner, year])
    return np.where(deals.partner == DIRECT, 0.05, granted[tier])


def tier_decisions(block: Block, checked: Checked) -> Table:
    """The tiers above the lowest, as decisions from the day after each check on; the last ones as long as protected."""
    figures = block.company["yearly_check"]
    last = day_number(figures["until"]) + 1
    years = [year for year in range(checked.after.shape[1]) if block.months.starts[YEAR * (year + 1)] <= last]
    parts = []
    for year in years:
        partner = np.flatnonzero(checked.after[:, year] > 0)
        day = int(block.months.starts[YEAR * (year + 1)])
        through = day_number(figures["protected_through"]) + 1 if day == last else day + 366
        parts.append(
            (partner, checked.after[partner, year], np.full(len(partner), day), np.full(len(partner), through))
        )
    partner, tier, begin, end = (np.concatenate(each) for each in zip(*parts, strict=True))
    return Table(
        "decisions",
        {
            "organization": words(partner, block.keys),
            "topic": same("volume_tier", len(partner)),
            "outcome": words(tier, TIERS),
            "starts_on": days(begin),
            "ends_on": days(np.minimum(end, _next_year(block, begin))),
        },
    )


def _next_year(block: Block, begin: Whole) -> Whole:
    """The first day of the fiscal year after that which begins on each day."""
    month = np.minimum(block.months.of(begin) + YEAR, block.months.all)
    return np.asarray(block.months.starts[month])
