"""The tables of deals: stages, parties and lines of those in the CRM; what distributors report of the others."""

from __future__ import annotations

import numpy as np

from swingby.generation.columns import Table, cents, days, flags, keys, same, words
from swingby.generation.deals import DIRECT, WON, Deals
from swingby.generation.drawing import NONE, Floats, Stream, Truths, Whole, spread_out
from swingby.generation.money import Rates
from swingby.generation.partners import Block, tells

STAGES = ("registered", "proposed", "won", "lost")
REGISTERED, PROPOSED, STAGE_WON, STAGE_LOST = range(4)
SELLER, SOURCE, DELIVERER, DISTRIBUTOR = range(4)
PARTY_ROLES = ("seller", "source", "deliverer", "distributor")
ESTIMATE = 0.15
MOST_LINES = 3
#: Ways in which distributors write a partner; the last one is known to nobody.
SPELLINGS = 4
UNKNOWN = SPELLINGS - 1


def in_crm(block: Block, deals: Deals) -> Deals:
    """Opportunities of direct sales and of partners that do not buy through a distributor."""
    indirect = (deals.partner != DIRECT) & (block.distributor[deals.partner] >= 0)
    return deals.take(~indirect & (deals.created <= block.months.last))


def through_distributors(block: Block, deals: Deals) -> Deals:
    """Won deals that only a distributor's report shows."""
    indirect = (deals.partner != DIRECT) & (block.distributor[deals.partner] >= 0)
    return deals.take(indirect & deals.is_won(block.months.last))


def stage_table(block: Block, rates: Rates, deals: Deals) -> Table:
    """A row for each stage that a deal reached up to the last day; `back` marks what is taken back."""
    stream = block.stream("stages")
    nth = np.arange(deals.count)
    proposed = nth[stream.chance(np.full(deals.count, block.company["deals"]["proposed"]))]
    index = np.concatenate([nth, proposed, nth])
    end = np.where(deals.outcome == WON, STAGE_WON, STAGE_LOST)
    stage = np.concatenate([nth * 0, proposed * 0 + PROPOSED, end])
    middle = deals.created + np.maximum(1, (deals.closed - deals.created) // 2)
    day = np.concatenate([deals.created, middle[proposed], deals.closed])
    ended = stage >= STAGE_WON
    currency = _currencies(block, stream, deals)[index]
    currency = np.where(ended, deals.currency[index], currency)
    guess = np.where(ended, 1.0, stream.factor(len(index), ESTIMATE))
    month = np.clip(block.months.of(day), 0, block.months.all - 1)
    lost_for = stream.pick(block.company["deals"]["lost_reasons"], len(index))
    found = Table(
        "deals",
        {
            "deal": keys(index, f"d{block.prefix}"),
            "customer": keys(deals.customer[index], f"c{block.prefix}"),
            "stage": words(stage, STAGES),
            "amount": cents(rates.amounts(deals.usd[index] * guess, currency, month)),
            "currency": words(currency, rates.currencies),
            "lost_reason": words(
                np.where(stage == STAGE_LOST, lost_for, -1), list(block.company["deals"]["lost_reasons"])
            ),
            "happened_on": days(day),
            "back": flags(deals.back[index] & (stage == STAGE_WON)),
            "calm": flags(_is_calm(block, deals)[index]),
        },
        hidden=frozenset({"back", "calm"}),
    )
    inside = np.flatnonzero((day >= block.months.starts[0]) & (day <= block.months.last))
    return found.take(inside[np.lexsort((stage[inside], index[inside]))])


def _is_calm(block: Block, deals: Deals) -> Truths:
    """Deals of partners whose sums are told: they are written once, in time, and as they are."""
    told = tells(block, "games") | (np.isin(np.arange(block.size), list(block.stories)) & (block.rank < 0))
    return np.asarray((deals.partner != DIRECT) & told[deals.partner])


def _currencies(block: Block, stream: Stream, deals: Deals) -> Whole:
    """The currency until a deal closes: for a few it was another one."""
    changed = stream.chance(np.full(deals.count, block.company["mess"]["currency_changed"]))
    return np.where(changed, np.where(deals.currency == 0, 1, 0), deals.currency)


def party_table(block: Block, deals: Deals) -> Table:
    """Who takes part in each deal of a partner: sellers with their shares, the source, who delivers, a distributor."""
    stream, figures = block.stream("parties"), block.company["deals"]["parties"]
    here = np.flatnonzero(deals.partner != DIRECT)
    count = len(here)
    second = stream.chance(np.full(count, figures["second_seller"]))
    sourced = stream.chance(np.full(count, figures["source"]))
    delivered = stream.chance(np.full(count, figures["deliverer"])) & (deals.outcome[here] == WON)
    distributed = stream.chance(np.full(count, figures["distributor"])) & (deals.outcome[here] == WON)
    other = _others(block, stream, count)
    partner = deals.partner[here]
    alone = tells(block, "games") | np.isin(np.arange(block.size), list(block.stories))
    second &= (other != partner) & ~alone[partner] & ~tells(block, "games")[other]
    share = round(100 * (1 - block.company["deals"]["second_share"]))
    rows = [
        (here, partner, SELLER, np.where(second, share, 100)),
        (here[second], other[second], SELLER, np.full(int(second.sum()), 100 - share)),
        (here[sourced], partner[sourced], SOURCE, np.full(int(sourced.sum()), NONE)),
        (here[delivered], other[delivered], DELIVERER, np.full(int(delivered.sum()), NONE)),
        (here[distributed], block.size + block.region[partner[distributed]], DISTRIBUTOR, nobody(distributed)),
    ]
    index, organization, shares = (np.concatenate([row[nth] for row in rows]) for nth in (0, 1, 3))
    role = np.concatenate([np.full(len(row[0]), row[2]) for row in rows])
    accepted = np.where(role == SOURCE, deals.created[index] + 3, NONE)
    order = np.lexsort((role, index))
    return Table(
        "deal_parties",
        {
            "organization": words(organization, [*block.keys, *distributor_keys(block)]),
            "deal": keys(index, f"d{block.prefix}"),
            "role": words(role, PARTY_ROLES),
            "share": cents(shares),
            "starts_on": days(deals.created[index]),
            "accepted_on": days(accepted),
        },
    ).take(order)


def nobody(chosen: Truths) -> Whole:
    """No share for each of those chosen."""
    return np.full(int(chosen.sum()), NONE, dtype=np.int64)


def distributor_keys(block: Block) -> list[str]:
    """The distributor of each region, in order of the regions."""
    listed = {each["region"]: each["key"] for each in block.company["distributors"]}
    return [listed[region] for region in block.company.regions]


def _others(block: Block, stream: Stream, count: int) -> Whole:
    """A partner that consults, for each."""
    track = list(block.company.tracks).index("consult") if "consult" in block.company.tracks else 0
    free = np.flatnonzero((block.track == track) & ~np.isin(np.arange(block.size), list(block.stories)))
    free = free if len(free) else np.arange(block.size)
    return np.asarray(free[np.floor(stream.uniform(count) * len(free)).astype(np.int64)])


def line_table(block: Block, rates: Rates, deals: Deals, discount: Floats) -> Table:
    """One to three lines of each won deal: what it costs by the list, what was paid, and what is left of it.

    Parameters
    ----------
    discount
        What each deal was granted, as a share.
    """
    stream, company = block.stream("lines"), block.company
    won = np.flatnonzero(deals.is_won(block.months.last))
    lines = 1 + np.floor(stream.uniform(len(won)) ** 2 * MOST_LINES).astype(np.int64)
    part, nth = spread_out(lines)
    index = won[part]
    weight = 0.3 + stream.uniform(len(part))
    share = weight / np.bincount(part, weight, len(won))[part]
    month = block.months.of(deals.closed[index])
    amount = rates.amounts(deals.usd[index] * share, deals.currency[index], month)
    granted = np.clip(discount[index] + stream.normal(len(part), company["discount_spread"]), 0, 0.6)
    percent = np.round(granted * 100).astype(np.int64)
    listed = np.round(amount / (1 - percent / 100)).astype(np.int64)
    listed = np.where(rates.whole[deals.currency[index]], listed // 100 * 100, listed)
    margin = amount - np.round(listed * company["delivery_cost"]).astype(np.int64)
    product = stream.pick({name: line["share"] for name, line in company["lines"].items()}, len(part))
    return Table(
        "deal_lines",
        {
            "deal": keys(index, f"d{block.prefix}"),
            "line": words(nth, ["1", "2", "3"]),
            "product": words(product, list(company["lines"])),
            "quantity": cents(100 * (1 + listed // 60_000)),
            "list_amount": cents(listed),
            "discount": cents(percent),
            "amount": cents(amount),
            "margin": cents(margin),
            "currency": words(deals.currency[index], rates.currencies),
            "happened_on": days(deals.closed[index]),
        },
    )


def point_of_sale_table(block: Block, rates: Rates, deals: Deals) -> Table:
    """Lines of the distributors' reports that have come in; the reseller is a number of `reseller_spellings`."""
    stream, figures = block.stream("point of sale"), block.company["point_of_sale"]
    reported = _reported(block, deals, figures["day"])
    deals, reported = deals.take(reported <= block.months.last), reported[reported <= block.months.last]
    index, _ = spread_out(1 + stream.poisson(np.full(deals.count, figures["lines"] - 1)))
    weight = 0.3 + stream.uniform(len(index))
    share = weight / np.bincount(index, weight, deals.count)[index]
    amount = rates.amounts(deals.usd[index] * share, index * 0, block.months.of(deals.closed[index]))
    unknown = stream.chance(np.full(len(index), figures["unmatched"]))
    spelling = np.where(unknown, UNKNOWN, stream.within(index * 0, index * 0 + UNKNOWN - 1))
    product = stream.pick({name: line["share"] for name, line in block.company["lines"].items()}, len(index))
    return Table(
        "point_of_sale",
        {
            "distributor": words(block.region[deals.partner[index]], distributor_keys(block)),
            "reseller": words(deals.partner[index] * SPELLINGS + spelling, reseller_spellings(block)),
            "organization": words(np.where(spelling < UNKNOWN, deals.partner[index], -1), block.keys),
            "product": words(product, list(block.company["lines"])),
            "invoice": keys(index, f"i{block.prefix}"),
            "quantity": cents(100 * (1 + amount // 20_000)),
            "amount": cents(amount),
            "currency": same(rates.currencies[0], len(index)),
            "list_amount": cents(np.round(amount / 0.9).astype(np.int64)),
            "happened_on": days(deals.closed[index]),
            "reported": days(reported[index]),
        },
        hidden=frozenset({"reported", "organization"}),
    )


ENDINGS = {"americas": "Inc.", "emea": "GmbH", "apac": "Pty Ltd"}


def reseller_spellings(block: Block) -> list[str]:
    """How distributors write each partner: three ways that are known, and one that nobody can place."""
    found = []
    for name, region in zip(block.names, block.region.tolist(), strict=True):
        ending = ENDINGS.get(block.company.regions[region], "Ltd")
        found += [
            name,
            f"{name.upper()} {ending.upper()}",
            f"{name}, {ending}",
            f"{name.split()[0][:5]} {ending} (new acct)",
        ]
    return found


def _reported(block: Block, deals: Deals, day: int) -> Whole:
    """The day of the following month on which a sale is reported."""
    return np.asarray(block.months.starts[block.months.of(deals.closed) + 1] + day - 1, dtype=np.int64)
