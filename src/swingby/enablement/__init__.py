"""Enablement: what people can learn, where they are with it, and what became of what they hold.

``load_catalogue`` reads certifications from YAML; ``live`` makes a life of the events between one person and one of
them, ``read_records`` makes lives of facts; ``growth`` counts what a cohort earned, lost and moved, ``board_of``
ranks parts of a firm by it, ``coverage`` counts what is held and lacking, and ``suggest`` says who should take what next. ``stays`` says where everybody counts on every day, ``endings``
and ``falls`` what ceases to count and what rests on it, ``tier_asks`` what tiers ask. Outsiders import from here; the modules inside may move.
"""

from __future__ import annotations

from swingby.enablement.ahead import (
    REMINDED_BEFORE,
    Ending,
    Fall,
    Members,
    Reminder,
    Requirement,
    Resting,
    due_reminders,
    endings,
    falls,
    resting,
    without,
)
from swingby.enablement.asking import AskedByTiers, AskStanding, Purpose, TierAsk, ask_standings, needs_of, tier_asks
from swingby.enablement.boards import (
    MINIMUM_BASE,
    Board,
    BoardLine,
    By,
    Cause,
    CauseKind,
    Part,
    RankChange,
    board_of,
    board_of_people,
    rank_changes,
)
from swingby.enablement.catalogue import Catalogue, Certification, ExamVersion, PathStep, Retirement
from swingby.enablement.coverage import AHEAD, Cell, Lives, Need, coverage, gaps, holders_of
from swingby.enablement.differing import CatalogueChange, CatalogueEnd, catalogue_changes, catalogue_ends, hit_by_change
from swingby.enablement.events import Event, EventKind, without_failures
from swingby.enablement.growth import Growth, Holder, Membership, growth, growths
from swingby.enablement.life import HOLDING, PREPARING, Hold, Life, Refusal, Span, State
from swingby.enablement.living import live
from swingby.enablement.loading import LoadedCatalogue, load_catalogue, load_catalogue_texts
from swingby.enablement.moving import Employment, Heads, Move, Sparing, Stay, heads, members_of, moves, sparings, stays
from swingby.enablement.records import Records, make_records, read_records
from swingby.enablement.reminding import DueWord, due_words
from swingby.enablement.suggesting import Candidate, Suggestion, assign, suggest, ways_for

__all__ = [
    "AHEAD",
    "HOLDING",
    "MINIMUM_BASE",
    "PREPARING",
    "REMINDED_BEFORE",
    "AskStanding",
    "AskedByTiers",
    "Board",
    "BoardLine",
    "By",
    "Candidate",
    "Catalogue",
    "CatalogueChange",
    "CatalogueEnd",
    "Cause",
    "CauseKind",
    "Cell",
    "Certification",
    "DueWord",
    "Employment",
    "Ending",
    "Event",
    "EventKind",
    "ExamVersion",
    "Fall",
    "Growth",
    "Heads",
    "Hold",
    "Holder",
    "Life",
    "Lives",
    "LoadedCatalogue",
    "Members",
    "Membership",
    "Move",
    "Need",
    "Part",
    "PathStep",
    "Purpose",
    "RankChange",
    "Records",
    "Refusal",
    "Reminder",
    "Requirement",
    "Resting",
    "Retirement",
    "Span",
    "Sparing",
    "State",
    "Stay",
    "Suggestion",
    "TierAsk",
    "ask_standings",
    "assign",
    "board_of",
    "board_of_people",
    "catalogue_changes",
    "catalogue_ends",
    "coverage",
    "due_reminders",
    "due_words",
    "endings",
    "falls",
    "gaps",
    "growth",
    "growths",
    "heads",
    "hit_by_change",
    "holders_of",
    "live",
    "load_catalogue",
    "load_catalogue_texts",
    "make_records",
    "members_of",
    "moves",
    "needs_of",
    "rank_changes",
    "read_records",
    "resting",
    "sparings",
    "stays",
    "suggest",
    "tier_asks",
    "ways_for",
    "without",
    "without_failures",
]
