"""Enablement: what people can learn, where they are with it, and what became of what they hold.

``load_catalogue`` reads certifications from YAML; ``live`` makes a life of the events between one person and one of
them, ``read_records`` makes lives of facts; ``growth`` counts what a cohort earned, lost and moved, ``coverage`` what it
holds and lacks, and ``suggest`` says who should take what next. Outsiders import from here; the modules inside may move.
"""

from __future__ import annotations

from swingby.enablement.catalogue import Catalogue, Certification, ExamVersion, PathStep, Retirement
from swingby.enablement.coverage import AHEAD, Cell, Lives, Need, coverage, gaps, holders_of
from swingby.enablement.events import Event, EventKind
from swingby.enablement.growth import Growth, Holder, Membership, growth
from swingby.enablement.life import HOLDING, PREPARING, Hold, Life, Refusal, Span, State
from swingby.enablement.living import live
from swingby.enablement.loading import LoadedCatalogue, load_catalogue
from swingby.enablement.records import Records, Stint, read_records
from swingby.enablement.suggesting import Candidate, Suggestion, assign, suggest

__all__ = [
    "AHEAD",
    "HOLDING",
    "PREPARING",
    "Candidate",
    "Catalogue",
    "Cell",
    "Certification",
    "Event",
    "EventKind",
    "ExamVersion",
    "Growth",
    "Hold",
    "Holder",
    "Life",
    "Lives",
    "LoadedCatalogue",
    "Membership",
    "Need",
    "PathStep",
    "Records",
    "Refusal",
    "Retirement",
    "Span",
    "State",
    "Stint",
    "Suggestion",
    "assign",
    "coverage",
    "gaps",
    "growth",
    "holders_of",
    "live",
    "load_catalogue",
    "read_records",
    "suggest",
]
