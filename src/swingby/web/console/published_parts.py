"""What the page of a published version shows: frozen values without markup."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from swingby.program import Description, Line, Passage, plain_lines, plain_words


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule in sentences, and where it was written."""

    heading: str
    place: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapter:
    """The rules of one sort."""

    heading: str
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedPage:
    """A published version; without chapters and with ``refused`` where this release cannot read it."""

    program: str
    version: str
    effective: date
    published_at: datetime
    is_in_force: bool
    chapters: tuple[Chapter, ...]
    files: tuple[tuple[str, str], ...]
    file_url: str
    versions_url: str
    refused: str = ""


def chapters_of(description: Description) -> tuple[Chapter, ...]:
    """What a program says, chapter by chapter."""
    return tuple(
        Chapter(heading=plain_words(each.heading), rules=tuple(_rules(each, ""))) for each in description.passages
    )


def _rules(passage: Passage, heading: str) -> Iterator[Rule]:
    """A passage with those below it; a heading that only groups makes no rule."""
    if passage.lines:
        yield Rule(heading=heading, place=passage.place, lines=plain_lines(passage.lines))
    for inner in passage.passages:
        yield from _rules(inner, f"{heading}: {inner.heading}" if heading else inner.heading)
