"""What a partner program says: loading, checking and the model of it.

Outsiders import from here; the modules inside may move.
"""

from __future__ import annotations

from swingby.program.blocks import Location
from swingby.program.comparing import Change, Difference, difference
from swingby.program.comparing import as_table as difference_as_table
from swingby.program.describing import Description, Line, Passage, describe
from swingby.program.issues import Issue, Level
from swingby.program.kinds import FACT_KINDS, NAME_TABLES, REFERENCE_TABLES, Column, FactKind
from swingby.program.loading import Loaded, load, load_text, load_texts
from swingby.program.model import Header, Program
from swingby.program.rendering import as_markdown, as_text

__all__ = [
    "FACT_KINDS",
    "NAME_TABLES",
    "REFERENCE_TABLES",
    "Change",
    "Column",
    "Description",
    "Difference",
    "FactKind",
    "Header",
    "Issue",
    "Level",
    "Line",
    "Loaded",
    "Location",
    "Passage",
    "Program",
    "as_markdown",
    "as_text",
    "describe",
    "difference",
    "difference_as_table",
    "load",
    "load_text",
    "load_texts",
]
