"""Example companies: facts drawn from archetypes, the same bytes for the same seed.

Outsiders import from here.
"""

from __future__ import annotations

from swingby.generation.archetypes import Company, Story, read_company
from swingby.generation.example import EXAMPLES, Format, Summary, generate_example

__all__ = ["EXAMPLES", "Company", "Format", "Story", "Summary", "generate_example", "read_company"]
