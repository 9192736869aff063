"""What a partner program says: loading, checking and the model of it.

Outsiders import from here; the modules inside may move.
"""

from __future__ import annotations

from swingby.program.blocks import Location
from swingby.program.issues import Issue, Level
from swingby.program.kinds import FACT_KINDS, REFERENCE_TABLES, Column, FactKind
from swingby.program.loading import Loaded, load, load_text, load_texts
from swingby.program.model import Header, Program

__all__ = [
    "FACT_KINDS",
    "REFERENCE_TABLES",
    "Column",
    "FactKind",
    "Header",
    "Issue",
    "Level",
    "Loaded",
    "Location",
    "Program",
    "load",
    "load_text",
    "load_texts",
]
