"""Computes standings: compiles a program to steps of SQL and runs them.

Outsiders import from here; the modules inside may move.
"""

from __future__ import annotations

from swingby.engine.assessing import Compiled, compile_program
from swingby.engine.assessment import Assessment, FactSource, assess, coverage_test, ranks_partners
from swingby.engine.behind import LineItems
from swingby.engine.bulk import Written, assess_to
from swingby.engine.days_ahead import AsIfNothingMore
from swingby.engine.decided import Promotion, decided_promotions
from swingby.engine.demotions import next_demotion
from swingby.engine.limits import Limit, counts_on, limits_on
from swingby.engine.live import LiveEngine, with_held
from swingby.engine.mending import Mending, mendings
from swingby.engine.refusals import refusals
from swingby.engine.reviewing import (
    ProposedMove,
    ReviewDay,
    ReviewProposal,
    UndecidedTier,
    has_reviews,
    proposal_of,
    propose,
    review_days,
)
from swingby.engine.rhythms import Rhythm, periods_of, rhythm_program, rhythms_of
from swingby.engine.standing import (
    CountedFact,
    HistoryLine,
    NumberResult,
    RequirementRow,
    Standing,
    TierStanding,
)
from swingby.engine.tier_decisions import AT_LEAST, SETTLED, TIER_DECISIONS, WITHOUT
from swingby.engine.upcoming import NextReviews, next_reviews
from swingby.engine.wording import LOW_TESTS, Bearing, bearings, gap_words, nested, spelled

__all__ = [
    "AT_LEAST",
    "LOW_TESTS",
    "SETTLED",
    "TIER_DECISIONS",
    "WITHOUT",
    "AsIfNothingMore",
    "Assessment",
    "Bearing",
    "Compiled",
    "CountedFact",
    "FactSource",
    "HistoryLine",
    "Limit",
    "LineItems",
    "LiveEngine",
    "Mending",
    "NextReviews",
    "NumberResult",
    "Promotion",
    "ProposedMove",
    "RequirementRow",
    "ReviewDay",
    "ReviewProposal",
    "Rhythm",
    "Standing",
    "TierStanding",
    "UndecidedTier",
    "Written",
    "assess",
    "assess_to",
    "bearings",
    "compile_program",
    "counts_on",
    "coverage_test",
    "decided_promotions",
    "gap_words",
    "has_reviews",
    "limits_on",
    "mendings",
    "nested",
    "next_demotion",
    "next_reviews",
    "periods_of",
    "proposal_of",
    "propose",
    "ranks_partners",
    "refusals",
    "review_days",
    "rhythm_program",
    "rhythms_of",
    "spelled",
    "with_held",
]
