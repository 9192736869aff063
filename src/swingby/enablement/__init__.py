"""Enablement: what people can learn, where they are with it, and what became of what they hold.

``load_catalogue`` reads certifications from YAML; ``live`` makes a life of the events between one person and one of
them; ``growth`` counts what a cohort earned, lost and moved. Outsiders import from here; the modules inside may move.
"""

from __future__ import annotations

from swingby.enablement.catalogue import Catalogue, Certification, ExamVersion, PathStep, Retirement
from swingby.enablement.events import Event, EventKind
from swingby.enablement.growth import Growth, Holder, Membership, growth
from swingby.enablement.life import HOLDING, PREPARING, Hold, Life, Refusal, Span, State
from swingby.enablement.living import live
from swingby.enablement.loading import LoadedCatalogue, load_catalogue

__all__ = [
    "HOLDING",
    "PREPARING",
    "Catalogue",
    "Certification",
    "Event",
    "EventKind",
    "ExamVersion",
    "Growth",
    "Hold",
    "Holder",
    "Life",
    "LoadedCatalogue",
    "Membership",
    "PathStep",
    "Refusal",
    "Retirement",
    "Span",
    "State",
    "growth",
    "live",
    "load_catalogue",
]
