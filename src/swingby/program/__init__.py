"""What a partner program says: loading, checking and the model of it.

Outsiders import from here; the modules inside may move.
"""

from __future__ import annotations

from swingby.program.blocks import Location
from swingby.program.comparing import Change, Difference, difference
from swingby.program.comparing import as_table as difference_as_table
from swingby.program.comparing import by_matter as difference_by_matter
from swingby.program.comparing import sentence as difference_sentence
from swingby.program.describing import Description, Line, Passage, describe
from swingby.program.granting import Grant, days_of_change, grants
from swingby.program.guiding import Guide, GuideLadder, GuideTier, guide, plain_lines, plain_words, told_changes
from swingby.program.issues import Issue, Level
from swingby.program.kinds import FACT_KINDS, NAME_TABLES, REFERENCE_TABLES, Column, FactKind
from swingby.program.loading import Loaded, hash_of, load, load_copy, load_text, load_texts, read_texts
from swingby.program.meaning import Likeness, likeness, plain_number, rules_hash
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
    "Grant",
    "Guide",
    "GuideLadder",
    "GuideTier",
    "Header",
    "Issue",
    "Level",
    "Likeness",
    "Line",
    "Loaded",
    "Location",
    "Passage",
    "Program",
    "as_markdown",
    "as_text",
    "days_of_change",
    "describe",
    "difference",
    "difference_as_table",
    "difference_by_matter",
    "difference_sentence",
    "grants",
    "guide",
    "hash_of",
    "likeness",
    "load",
    "load_copy",
    "load_text",
    "load_texts",
    "plain_lines",
    "plain_number",
    "plain_words",
    "read_texts",
    "rules_hash",
    "told_changes",
]
