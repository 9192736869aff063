"""Customers of won deals: subscriptions and renewals, use, support cases, references, and who looks after them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from swingby.generation.columns import Table, cents, days, keys, same, texts, whole, words
from swingby.generation.deals import DIRECT, Deals
from swingby.generation.drawing import NONE, Floats, Stream, Truths, Whole, spread_out
from swingby.generation.money import Rates
from swingby.generation.names import invented_names
from swingby.generation.partners import Block
from swingby.generation.people import partner_countries

YEAR = 365
ONBOARDING = 60
ACTIVE_SHARE = 0.60
MARKETS = ("small", "medium", "large")
MARKET_SEATS = (80, 400)


@dataclass(frozen=True, slots=True)
class Customers:
    """One item for each customer that the vendor knows by name.

    Attributes
    ----------
    number
        In the deals of the block; ids are made of it.
    active
        Whether three fifths of the seats were in use within sixty days.
    ends
        First day without the subscription, or ``NONE``.
    """

    number: Whole
    partner: Whole
    since: Whole
    currency: Whole
    seats: Whole
    play: Truths
    integration: Truths
    active: Truths
    ends: Whole

    @property
    def count(self) -> int:
        """How many."""
        return len(self.number)


def draw_customers(block: Block, deals: Deals) -> Customers:
    """The customers of deals, what they were offered, whether they became active, and how long they stayed."""
    stream, figures = block.stream("customers"), block.company["customers"]
    first = np.flatnonzero(deals.new)
    count = len(first)
    fit = stream.normal(count, figures["fit"])
    play = stream.chance(np.full(count, figures["play"]))
    integration = stream.chance(np.full(count, figures["integration"]))
    active = stream.chance(_expit(_weighed(figures["active"], play=play, fit=fit)))
    renews = _expit(_weighed(figures["renewal"], active=active, integration=integration, fit=fit))
    seats = _seats(block, stream, count)
    return Customers(
        number=deals.customer[first], partner=deals.partner[first], since=deals.closed[first] + 3,
        currency=deals.currency[first], seats=seats,
        play=play, integration=integration, active=active,
        ends=_ends(block, stream, deals.closed[first] + 3, renews),
    )  # fmt: skip


def _seats(block: Block, stream: Stream, count: int) -> Whole:
    """How large customers are."""
    seats = block.company["customers"]["seats"]
    drawn = seats["median"] * stream.factor(count, seats["spread"])
    return np.asarray(np.clip(np.round(drawn), seats["least"], seats["most"]), dtype=np.int64)


def _expit(value: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-value)))


def _weighed(figures: dict[str, float], **values: Floats | Truths) -> Floats:
    parts = [figures[name] * value for name, value in values.items() if name in figures]
    return np.asarray(figures["base"] + sum(parts))


def _ends(block: Block, stream: Stream, since: Whole, renews: Floats) -> Whole:
    """Each anniversary is a renewal or the end."""
    years = np.floor((block.months.last - since) / YEAR).astype(np.int64)
    stayed = np.floor(np.log(np.maximum(stream.uniform(len(since)), 1e-12)) / np.log(renews)).astype(np.int64)
    return np.where(stayed < years, since + (stayed + 1) * YEAR, NONE)


def customer_tables(block: Block, rates: Rates, deals: Deals) -> Iterator[Table]:
    """Every table about customers."""
    customers = draw_customers(block, deals)
    open_ = deals.take(deals.is_open(block.months.last))
    prospects = open_.take(np.isin(open_.customer, customers.number, invert=True))
    yield _accounts(block, customers, prospects)
    yield _associations(block, customers, prospects)
    yield from _subscriptions_and_use(block, rates, customers)
    yield _cases(block, customers)
    yield _references(block, customers)


def _accounts(block: Block, customers: Customers, prospects: Deals) -> Table:
    """Every customer, then the prospects of open deals, who were never won."""
    seats = _seats(block, block.stream("accounts"), prospects.count)
    number = np.concatenate([customers.number, prospects.customer])
    return Table(
        "customers",
        {
            "customer": keys(number, f"c{block.prefix}"),
            "country": partner_countries(block).take(np.concatenate([customers.partner, prospects.partner])),
            "market": words(np.searchsorted(MARKET_SEATS, np.concatenate([customers.seats, seats])), MARKETS),
            "won_on": days(np.concatenate([customers.since - 3, np.full(prospects.count, NONE)])),
            "name": texts(_names(block, len(number))),
        },
    )


def _names(block: Block, count: int) -> list[str]:
    """Invented names; no two accounts of a block have one."""
    return invented_names(f"{block.seed} customers", block.number * 5_000_000 + np.arange(count), block.names)


def _associations(block: Block, customers: Customers, prospects: Deals) -> Table:
    """Whose customer it is; a prospect is the partner's from the day its deal was opened."""
    here = np.flatnonzero(customers.partner != DIRECT)
    sold, offered = len(here), prospects.count
    return Table(
        "associations",
        {
            "organization": words(np.concatenate([customers.partner[here], prospects.partner]), block.keys),
            "customer": keys(np.concatenate([customers.number[here], prospects.customer]), f"c{block.prefix}"),
            "kind": words(np.repeat([0, 1], [sold, offered]), ["success_partner", "prospect"]),
            "starts_on": days(np.concatenate([customers.since[here] - 3, prospects.created])),
            "ends_on": days(np.concatenate([customers.ends[here], np.full(offered, NONE)])),
        },
    )


def _subscriptions_and_use(block: Block, rates: Rates, customers: Customers) -> Iterator[Table]:
    """One to several products for each customer; readings of seats in use, and what else was seen of them."""
    stream, figures, company = block.stream("subscriptions"), block.company["customers"], block.company
    counts = 1 + np.minimum(stream.poisson(np.full(customers.count, figures["products"] - 1)), 3)
    index, nth = spread_out(counts)
    main = stream.pick({name: line["share"] for name, line in company["lines"].items()}, customers.count)
    product = (main[index] + nth) % len(company["lines"])
    seats = np.maximum(1, customers.seats[index] // (1 + nth))
    month = block.months.of(customers.since[index])
    amount = rates.amounts(seats * float(figures["price"]), customers.currency[index], month)
    yield Table(
        "subscriptions",
        {
            "organization": words(customers.partner[index], [*block.keys]),
            "subscription": keys(np.arange(len(index)), f"s{block.prefix}"),
            "customer": keys(customers.number[index], f"c{block.prefix}"),
            "product": words(product, list(company["lines"])),
            "plan": same("yearly", len(index)),
            "quantity": cents(seats * 100),
            "amount": cents(amount),
            "currency": words(customers.currency[index], rates.currencies),
            "starts_on": days(customers.since[index]),
            "ends_on": days(customers.ends[index]),
        },
    ).take(np.flatnonzero(customers.partner[index] != DIRECT))
    in_use = _seats_in_use(block, stream, customers, index=index, product=product, seats=seats)
    yield in_use.followed_by(_seen(block, stream, customers))


def _seats_in_use(
    block: Block, stream: Stream, customers: Customers, *, index: Whole, product: Whole, seats: Whole
) -> Table:
    """A reading at the end of each month, and one on the sixtieth day."""
    first = block.months.of(customers.since[index])
    gone = np.where(customers.ends[index] == NONE, block.months.last + 1, customers.ends[index])
    final = np.minimum(block.months.of(gone - 1), block.months.count - 1)
    row, nth = spread_out(np.maximum(0, final - first + 1))
    day = np.minimum(block.months.starts[first[row] + nth + 1] - 1, gone[row] - 1)
    sixtieth = np.flatnonzero(customers.since[index] + ONBOARDING - 1 < gone)
    row = np.concatenate([row, sixtieth])
    day = np.concatenate([day, customers.since[index][sixtieth] + ONBOARDING - 1])
    inside = (day <= block.months.last) & (day > customers.since[index][row])
    row, day = row[inside], day[inside]
    used = _share_in_use(stream, customers, index[row], day)
    return Table(
        "usage",
        {
            "customer": keys(customers.number[index[row]], f"c{block.prefix}"),
            "product": words(product[row], list(block.company["lines"])),
            "metric": same("seats_in_use", len(row)),
            "quantity": cents(np.round(used * seats[row]).astype(np.int64) * 100),
            "happened_on": days(day),
        },
    )


def _share_in_use(stream: Stream, customers: Customers, customer: Whole, day: Whole) -> Floats:
    """Grows over sixty days to above three fifths for the active, and stays below for the others."""
    level = np.where(customers.active, ACTIVE_SHARE + 0.02 + 0.3 * stream.uniform(customers.count), 0.0)
    level = np.where(customers.active, level, 0.08 + (ACTIVE_SHARE - 0.14) * stream.uniform(customers.count))
    grown = np.clip((day - customers.since[customer] + 1) / ONBOARDING, 0.1, 1.0)
    wobble = 1 + (stream.uniform(len(day)) - 0.5) * 0.04
    return np.minimum(level[customer] * grown * np.where(grown < 1, wobble, np.maximum(wobble, 1.0)), 1.0)


def _seen(block: Block, stream: Stream, customers: Customers) -> Table:
    """The onboarding play, an integration, and what only looks as though it mattered."""
    decoys = block.company["customers"]["decoys"]
    parts = {"onboarding_play": customers.play, "integration": customers.integration}
    parts |= {name: stream.chance(np.full(customers.count, share)) for name, share in decoys.items()}
    metric, customer = np.nonzero(np.stack(list(parts.values())))
    day = customers.since[customer] + stream.within(customer * 0 + 1, customer * 0 + 45)
    inside = day <= block.months.last
    return Table(
        "usage",
        {
            "customer": keys(customers.number[customer], f"c{block.prefix}"),
            "product": words(np.full(len(customer), -1), []),
            "metric": words(metric, list(parts)),
            "quantity": cents(np.full(len(customer), 100)),
            "happened_on": days(day),
        },
    ).take(np.flatnonzero(inside))


def _cases(block: Block, customers: Customers) -> Table:
    """Support cases, as many for everybody."""
    stream = block.stream("cases")
    gone = np.where(customers.ends == NONE, block.months.last, customers.ends - 1)
    years = np.maximum(0, gone - customers.since) / YEAR
    index, _ = spread_out(stream.poisson(block.company["customers"]["tickets"] * years))
    reply = np.maximum(1, np.round(6 * stream.factor(len(index), 0.9))).astype(np.int64)
    return Table(
        "cases",
        {
            "customer": keys(customers.number[index], f"c{block.prefix}"),
            "reply_hours": whole(reply),
            "close_hours": whole(reply + np.round(30 * stream.factor(len(index), 0.8)).astype(np.int64)),
            "severity": words(stream.within(index * 0, index * 0 + 2), ["low", "normal", "high"]),
            "product": words(stream.pick({n: line["share"] for n, line in block.company["lines"].items()}, len(index)),
                             list(block.company["lines"])),
            "happened_on": days(stream.within(customers.since[index], gone[index])),
        },
    )  # fmt: skip


def _references(block: Block, customers: Customers) -> Table:
    """Customers who speak for a partner, each for a year; a partner without customers has none."""
    stream, begin = block.stream("references"), int(block.months.starts[0])
    first = np.maximum(block.joined, begin)
    years = np.maximum(0, block.months.last - first) / YEAR
    counts = stream.poisson(block.figure("references") * block.level * years)
    for place, story in block.stories.items():
        if story.activities:
            counts[place] = round(story.activities["references"] * years[place])
    mine = np.bincount(customers.partner[customers.partner != DIRECT], minlength=block.size)
    partner, nth = spread_out(np.where(mine > 0, counts, 0))
    told = np.isin(partner, [place for place, story in block.stories.items() if story.activities])
    even = first[partner] + ((nth + 0.7) * (years * YEAR)[partner] / counts[partner]).astype(np.int64)
    drawn = stream.within(first[partner], np.full(len(partner), block.months.last))
    day = np.minimum(np.where(told, even, drawn), block.months.last)
    start = np.searchsorted(customers.partner, partner)
    chosen = start + np.floor(stream.uniform(len(partner)) * mine[partner]).astype(np.int64)
    return Table(
        "references",
        {
            "organization": words(partner, block.keys),
            "customer": keys(customers.number[chosen] if len(chosen) else chosen, f"c{block.prefix}"),
            "kind": words(stream.within(partner * 0, partner * 0 + 2), ["case_study", "call", "quote"]),
            "status": same("approved", len(partner)),
            "starts_on": days(day),
            "ends_on": days(day + YEAR),
        },
    )
