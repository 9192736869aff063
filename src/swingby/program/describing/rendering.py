"""A description as text for terminals and as Markdown."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Iterator

from swingby.program.describing.tree import Description, Line, Passage


def as_text(description: Description, *, width: int = 100) -> str:
    """Plain text for a terminal.

    Parameters
    ----------
    description
        What ``describe`` gave.
    width
        The longest line, in characters.
    """
    blocks = [description.title.upper(), "=" * min(len(description.title), width)]
    for passage in description.passages:
        blocks += _passage_text(passage, 0, width)
    return "\n".join(blocks) + "\n"


def _passage_text(passage: Passage, depth: int, width: int) -> Iterator[str]:
    yield ""
    if depth == 0:
        yield from (passage.heading.upper(), "-" * len(passage.heading))
    else:
        yield f"{'  ' * (depth - 1)}{passage.heading}"
    yield from _lines_text(passage.lines, depth, width)
    for inner in passage.passages:
        yield from _passage_text(inner, depth + 1, width)


def _lines_text(lines: Iterable[Line], depth: int, width: int) -> Iterator[str]:
    for line in lines:
        margin = "  " * depth
        yield _filled(line.text, width, margin, margin)
        yield from _items_text(line.items, depth, width)


def _items_text(items: Iterable[Line], depth: int, width: int) -> Iterator[str]:
    for item in items:
        margin = "  " * depth
        yield _filled(item.text, width, f"{margin}- ", f"{margin}  ")
        yield from _items_text(item.items, depth + 1, width)


def _filled(text: str, width: int, first: str, others: str) -> str:
    return textwrap.fill(
        text, width, initial_indent=first, subsequent_indent=others, break_long_words=False, break_on_hyphens=False
    )


_MARKS = re.compile(r"([\\`*_\[\]<>|#])")


def as_markdown(description: Description) -> str:
    """Markdown, with headings for sections and rules and lists for what rules ask for."""
    blocks = [f"# {_escaped(description.title)}"]
    for passage in description.passages:
        blocks += _passage_markdown(passage, 2)
    return "\n\n".join(blocks) + "\n"


def _passage_markdown(passage: Passage, level: int) -> Iterator[str]:
    yield f"{'#' * min(level, 6)} {_escaped(passage.heading)}"
    paragraph: list[str] = []
    for line in passage.lines:
        paragraph.append(_escaped(line.text))
        if line.items:
            yield " ".join(paragraph)
            yield "\n".join(_items_markdown(line.items, 0))
            paragraph = []
    if paragraph:
        yield " ".join(paragraph)
    for inner in passage.passages:
        yield from _passage_markdown(inner, level + 1)


def _items_markdown(items: Iterable[Line], depth: int) -> Iterator[str]:
    for item in items:
        yield f"{'  ' * depth}- {_escaped(item.text)}"
        yield from _items_markdown(item.items, depth + 1)


def _escaped(text: str) -> str:
    return _MARKS.sub(r"\\\1", text)
