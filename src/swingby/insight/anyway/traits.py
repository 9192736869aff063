"""What was known of a deal on the day it opened, as columns of numbers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import sqrt

import numpy as np

from swingby.insight.anyway.reading import Deals, Words
from swingby.insight.numerics.arrays import Floats, Truths
from swingby.insight.settings import Settings

OTHERS = "others"
#: How sentences call what `Deals.named` holds.
CALLED = {
    "origin": "where it came from",
    "market": "the customer's segment",
    "country": "the customer's country",
    "product": "product",
    "customer": "whether the customer was new",
}
#: Standard errors beyond which a difference of shares is no chance.
_FAR = 2.0


@dataclass(frozen=True, slots=True)
class Trait:
    """One thing that was known, in one column or several."""

    name: str
    columns: Floats


def traits_of(deals: Deals, settings: Settings) -> tuple[Trait, ...]:
    """Size, quarter of the opening, and what else was known and not filled in afterwards."""
    logs = np.log(deals.size)
    traits = [Trait("size", np.column_stack([logs, (logs - logs.mean()) ** 2]))]
    kept = [name for name in deals.named if not filled_in_later(deals, name, settings)]
    words = {"quarter it opened": deals.quarter, **{CALLED[name]: deals.named[name] for name in kept}}
    for name, column in words.items():
        found = _levels(pooled(column, deals.with_partner, settings.fewest_for_trait))
        if found.shape[1]:
            traits.append(Trait(name, found))
    return tuple(traits)


def columns_of(traits: tuple[Trait, ...]) -> Floats:
    """All columns side by side."""
    found: Floats = np.column_stack([one.columns for one in traits])
    return found


def filled_in_later(deals: Deals, name: str, settings: Settings) -> bool:
    """Whether something is known of won deals more often than of lost ones: then it tells the end, and not the beginning."""
    unknown = deals.named[name] == ""
    return any(
        _differ(unknown[side & deals.won], unknown[side & ~deals.won], settings.most_unlike_missing)
        for side in (deals.with_partner, ~deals.with_partner)
    )


def left_out(deals: Deals, settings: Settings) -> Iterator[str]:
    """A sentence for each thing that is not compared, and why."""
    for name, words in deals.named.items():
        if (words == "").all():
            yield f"Not recorded on the day a deal opens, so not compared: {CALLED[name]}."
        elif filled_in_later(deals, name, settings):
            yield f"Not compared, since it is known of won deals more often than of lost ones: {CALLED[name]}."


def brought(deals: Deals, settings: Settings) -> Truths:
    """Deals from where the other side has hardly any: nothing is like them."""
    words = deals.named["origin"]
    found = np.zeros(len(words), bool)
    for word in set(words) - {""}:
        here = words == word
        for side in (deals.with_partner, ~deals.with_partner):
            if int((here & ~side).sum()) < settings.fewest_for_trait:
                found |= here & side
    return found


def pooled(words: Words, side: Truths, fewest: int) -> Words:
    """Words, where those that either side has too seldom are put together."""
    found = words.copy()
    for word in set(words):
        here = words == word
        if min(int((here & side).sum()), int((here & ~side).sum())) < fewest:
            found[here] = OTHERS
    return found


def _levels(words: Words) -> Floats:
    """A column for each word but the first."""
    levels = sorted(set(words))[1:]
    return (
        np.column_stack([words == level for level in levels]).astype(np.float64)
        if levels
        else np.empty((len(words), 0))
    )


def _differ(some: Truths, others: Truths, most: float) -> bool:
    """Whether two shares differ by more than chance and more than is let pass."""
    if not (len(some) and len(others)):
        return False
    first, second = float(some.mean()), float(others.mean())
    chance = sqrt(first * (1 - first) / len(some) + second * (1 - second) / len(others))
    return abs(first - second) > most + _FAR * chance
