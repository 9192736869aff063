"""Descriptions and differences as text for terminals and as Markdown."""

from __future__ import annotations

from swingby.program import comparing, describing
from swingby.program.comparing import Difference
from swingby.program.describing import Description


def as_text(found: Description | Difference, *, width: int = 100) -> str:
    """Plain text, in lines of at most ``width`` characters where words allow it."""
    if isinstance(found, Description):
        return describing.as_text(found, width=width)
    return comparing.as_text(found, width=width)


def as_markdown(found: Description | Difference) -> str:
    """Markdown: headings, lists and, of a difference, tables."""
    return describing.as_markdown(found) if isinstance(found, Description) else comparing.as_markdown(found)
