"""Decisions: the standings of a review as they were settled, with what they rest on, and whether they come out again.

Outsiders import from here.
"""

from __future__ import annotations

from swingby.engine.decisions.deciding import (
    Basis,
    Decision,
    KnownAt,
    ProgramMark,
    decide,
    decision_of,
    position_of,
)
from swingby.engine.decisions.document import ReadDecision, as_document, hash_of, read_document
from swingby.engine.decisions.replaying import Cause, Replay, RowDifference, differences, replay, with_late_facts
from swingby.engine.decisions.rows import (
    DecidedAccount,
    DecidedNumber,
    DecidedRequirement,
    DecidedRows,
    DecidedTier,
    DecidedTrack,
    rows_of,
)

__all__ = [
    "Basis",
    "Cause",
    "DecidedAccount",
    "DecidedNumber",
    "DecidedRequirement",
    "DecidedRows",
    "DecidedTier",
    "DecidedTrack",
    "Decision",
    "KnownAt",
    "ProgramMark",
    "ReadDecision",
    "Replay",
    "RowDifference",
    "as_document",
    "decide",
    "decision_of",
    "differences",
    "hash_of",
    "position_of",
    "read_document",
    "replay",
    "rows_of",
    "with_late_facts",
]
