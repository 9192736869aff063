"""Enablement: what people can learn, where they are with it, and what became of what they hold.

``load_catalogue`` reads certifications from YAML; ``live`` makes a life of the events between one person and one of
them, ``read_records`` makes lives of facts; ``growth`` counts what a cohort earned, lost and moved, ``coverage`` what it
holds and lacks, and ``suggest`` says who should take what next. ``stays`` says where everybody counts on every day, ``endings``
and ``falls`` what ceases to count and what rests on it, ``tier_asks`` what tiers ask; ``match_groups``, ``plan_weeks`` and
``pair_buddies`` belong to study groups. Outsiders import from here; the modules inside may move.
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
from swingby.enablement.catalogue import Catalogue, Certification, ExamVersion, PathStep, Retirement
from swingby.enablement.coverage import AHEAD, Cell, Lives, Need, coverage, gaps, holders_of
from swingby.enablement.differing import CatalogueChange, CatalogueEnd, catalogue_changes, catalogue_ends, hit_by_change
from swingby.enablement.events import Event, EventKind, without_failures
from swingby.enablement.grouping import (
    LEAST,
    MEETING,
    MOST,
    FreeTime,
    Match,
    Meeting,
    NewGroup,
    NewGroupAnswer,
    Seeker,
    StudyGroup,
    StudyLevel,
    Subject,
    common_hours,
    first_meeting,
    match_group,
    match_groups,
    new_group,
)
from swingby.enablement.growth import Growth, Holder, Membership, growth
from swingby.enablement.life import HOLDING, PREPARING, Hold, Life, Refusal, Span, State
from swingby.enablement.living import live
from swingby.enablement.loading import LoadedCatalogue, load_catalogue, load_catalogue_texts
from swingby.enablement.moving import Employment, Heads, Move, Sparing, Stay, heads, members_of, moves, sparings, stays
from swingby.enablement.pairing import Buddy, BuddyNudge, Pairs, buddy_nudges, pair_buddies, pairs_of
from swingby.enablement.records import Records, make_records, read_records
from swingby.enablement.reminding import DueWord, due_words
from swingby.enablement.study_plan import PlanWeek, WeekPart, plan_weeks
from swingby.enablement.suggesting import Candidate, Suggestion, assign, suggest, ways_for

__all__ = [
    "AHEAD",
    "HOLDING",
    "LEAST",
    "MEETING",
    "MOST",
    "PREPARING",
    "REMINDED_BEFORE",
    "AskStanding",
    "AskedByTiers",
    "Buddy",
    "BuddyNudge",
    "Candidate",
    "Catalogue",
    "CatalogueChange",
    "CatalogueEnd",
    "Cell",
    "Certification",
    "DueWord",
    "Employment",
    "Ending",
    "Event",
    "EventKind",
    "ExamVersion",
    "Fall",
    "FreeTime",
    "Growth",
    "Heads",
    "Hold",
    "Holder",
    "Life",
    "Lives",
    "LoadedCatalogue",
    "Match",
    "Meeting",
    "Members",
    "Membership",
    "Move",
    "Need",
    "NewGroup",
    "NewGroupAnswer",
    "Pairs",
    "PathStep",
    "PlanWeek",
    "Purpose",
    "Records",
    "Refusal",
    "Reminder",
    "Requirement",
    "Resting",
    "Retirement",
    "Seeker",
    "Span",
    "Sparing",
    "State",
    "Stay",
    "StudyGroup",
    "StudyLevel",
    "Subject",
    "Suggestion",
    "TierAsk",
    "WeekPart",
    "ask_standings",
    "assign",
    "buddy_nudges",
    "catalogue_changes",
    "catalogue_ends",
    "common_hours",
    "coverage",
    "due_reminders",
    "due_words",
    "endings",
    "falls",
    "first_meeting",
    "gaps",
    "growth",
    "heads",
    "hit_by_change",
    "holders_of",
    "live",
    "load_catalogue",
    "load_catalogue_texts",
    "make_records",
    "match_group",
    "match_groups",
    "members_of",
    "moves",
    "needs_of",
    "new_group",
    "pair_buddies",
    "pairs_of",
    "plan_weeks",
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
