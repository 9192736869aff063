"""Reads what an experiment needs from facts: the outcome by month, and what was known when."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import numpy as np

from swingby.engine import FactSource
from swingby.facts import known_tables
from swingby.insight.experiments.plan import Design
from swingby.insight.numerics.arrays import Floats
from swingby.program import Program

OUTCOMES = ("deals", "deal_parties")
_EARLY = """
SELECT count(*) FROM fact_deals
WHERE happened_on >= $start AND position <= $known AND stage IN ($won, $lost) AND cancelled_on IS NULL
"""


def known_outcomes(facts: FactSource, program: Program, position: int) -> Mapping[str, str]:
    """A digest of each list of outcomes as it was known at a position."""
    kinds = {name: program.kinds[name] for name in OUTCOMES}
    tables = known_tables(facts.connection, kinds, known_at=position)
    return {one.table: one.digest for one in tables if one.table in OUTCOMES}


def known_too_early(facts: FactSource, design: Design, position: int) -> int:
    """How many outcomes from the start on were recorded up to a position: then somebody may have looked."""
    bound = {"start": design.start, "known": position, "won": design.won, "lost": design.lost}
    found = facts.connection.cursor().execute(_EARLY, bound).fetchone()
    return int(found[0]) if found else 0


def last_outcome(facts: FactSource) -> date | None:
    """The last day on which a deal is known."""
    found = facts.connection.cursor().execute("SELECT max(happened_on) FROM fact_deals").fetchone()
    return found[0] if found else None


def regions_of(facts: FactSource) -> Mapping[str, str]:
    """The region of each organization; empty where there is none."""
    rows = facts.connection.cursor().execute("SELECT organization, region FROM ref_organizations").fetchall()
    return {str(organization): str(region or "") for organization, region in rows}


def change_of(outcome: Floats, before: int, *, is_relative: bool) -> tuple[Floats, Floats]:
    """The outcome by month less its mean in the months before, and that mean; missing where nothing is known before.

    Parameters
    ----------
    outcome
        Partners by months, of which so many are before.
    is_relative
        As a share of that mean.
    """
    early = outcome[:, :before]
    seen = np.isfinite(early)
    count = seen.sum(axis=1)
    usual = np.where(count > 0, np.where(seen, early, 0.0).sum(axis=1) / np.maximum(count, 1), np.nan)
    change = outcome[:, before:] - usual[:, None]
    return (change / np.where(usual > 0, usual, np.nan)[:, None] if is_relative else change), usual
