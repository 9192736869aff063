"""What rules say about themselves."""

from __future__ import annotations

from collections.abc import Iterator

from swingby.program.describing import english
from swingby.program.describing.tree import Line
from swingby.program.numbers import RuleText


def text_lines(text: RuleText) -> Iterator[Line]:
    """The clause that a rule comes from, and its note."""
    if text.source:
        yield Line(english.sentence(f"Source: {text.source}"))
    if text.note:
        yield Line(english.sentence(f"Note: {text.note}"))
