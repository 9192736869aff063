"""A difference as sentences, as rows of a table and as Markdown."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Iterator
from itertools import zip_longest
from typing import Final

from swingby.program.comparing.change import MATTERS, Change, Difference, Matter
from swingby.program.describing import english

_HEADINGS: Final[dict[Matter, str]] = {
    "tiers": "Tiers and what they ask for",
    "points": "Points, money and benefits",
    "measures": "What is counted",
    "program": "The program as a whole",
    "texts": "Words that change no result",
}
_COLUMNS: Final = ("Rule", "Part", "Old", "New", "Where")
_NARROWEST: Final = 12
Row = tuple[str, str, str, str, str]
_MARKS = re.compile(r"([\\`*_\[\]<>|#])")


def as_text(found: Difference, *, width: int = 100) -> str:
    """Sentences for a terminal, what matters most first."""
    lines = textwrap.wrap(summary(found), width)
    for heading, changes in by_matter(found):
        lines += ["", heading.upper()]
        for change in changes:
            lines += textwrap.wrap(
                sentence(change), width, initial_indent="- ", subsequent_indent="  ", break_on_hyphens=False
            )
            lines.append(f"  {where(change)}")
    return "\n".join(lines) + "\n"


def as_markdown(found: Difference) -> str:
    """A table for each kind of thing that differs."""
    blocks = [_escaped(summary(found))]
    for heading, changes in by_matter(found):
        table = [f"| {' | '.join(_COLUMNS)} |", f"|{' --- |' * len(_COLUMNS)}"]
        table += [f"| {' | '.join(map(_escaped, row))} |" for row in _rows(changes)]
        blocks += [f"## {heading}", "\n".join(table)]
    return "\n\n".join(blocks) + "\n"


def summary(found: Difference) -> str:
    """Which versions, from when they hold, and how much differs."""
    old, new = found.old, found.new
    name = new.label if old.label == new.label else f"{old.label} and {new.label}"
    versions = f"{name}: version {old.version}, from {old.effective}, and version {new.version}, from {new.effective}."
    if found.changes:
        return f"{versions} {english.counted(len(found.changes), 'change')}{_texts(found)}."
    if found.texts:
        return f"{versions} These say the same; only words changed that change no result."
    return f"{versions} These say the same."


def _texts(found: Difference) -> str:
    return f", and {english.counted(len(found.texts), 'change')} of words only" if found.texts else ""


def by_matter(found: Difference) -> Iterator[tuple[str, list[Change]]]:
    """The changes under a heading for each kind of thing, what matters most to partners first."""
    for matter in MATTERS:
        changes = [change for change in (*found.changes, *found.texts) if change.matter == matter]
        if changes:
            yield _HEADINGS[matter], changes


def as_table(found: Difference, *, width: int = 100) -> str:
    """One table with a row for each change, for a terminal; cells are broken so that it fits."""
    rows = [_COLUMNS, *_rows((*found.changes, *found.texts))]
    if len(rows) == 1:
        return f"{summary(found)}\n"
    widths = _widths(rows, width)
    lines = [line for row in rows for line in _broken(row, widths)]
    lines.insert(1, "  ".join("-" * size for size in widths))
    return "\n".join(lines) + "\n"


def _widths(rows: list[Row], width: int) -> list[int]:
    """As wide as the longest cell, and where that is too much in all, every column as wide as its share."""
    longest = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    room = width - 2 * (len(longest) - 1)
    share = room // len(longest)
    wide = [size for size in longest if size > share]
    spare = room - sum(size for size in longest if size <= share)
    return [size if size <= share or sum(longest) <= room else max(spare // len(wide), _NARROWEST) for size in longest]


def _broken(row: Row, widths: list[int]) -> Iterator[str]:
    cells = [textwrap.wrap(cell, size) or [""] for cell, size in zip(row, widths, strict=True)]
    for parts in zip_longest(*cells, fillvalue=""):
        yield "  ".join(part.ljust(size) for part, size in zip(parts, widths, strict=True)).rstrip()


def _rows(changes: Iterable[Change]) -> list[Row]:
    return [(change.rule, change.part, change.old or "", change.new or "", where(change)) for change in changes]


def sentence(change: Change) -> str:
    """A change in words."""
    subject = f"{change.rule}, {change.part}" if change.part else change.rule
    if change.kind == "renamed":
        return f"{change.rule} was called {english.quoted(change.old or '')} before."
    if change.kind == "added":
        return english.sentence(f"{subject}{_comma(change)} new: {change.new}")
    if change.kind == "removed":
        return english.sentence(f"{subject}{_comma(change)} gone: {change.old}")
    return english.sentence(f"{subject}: before, {change.old}; now, {change.new}")


def _comma(change: Change) -> str:
    return "," if change.part else " is"


def where(change: Change) -> str:
    """``points.yaml:12 → points.yaml:14``: where it stands in the old and in the new version."""
    places = [f"{place.file}:{place.line}" if place else "not there" for place in (change.old_place, change.new_place)]
    return " → ".join(places)


def _escaped(text: str) -> str:
    return _MARKS.sub(r"\\\1", text)
