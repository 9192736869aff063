"""A difference as sentences, as rows of a table and as Markdown."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Iterator
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
columns: Final = ("Rule", "Part", "Old", "New", "Where")
_MARKS = re.compile(r"([\\`*_\[\]<>|#])")


def as_text(found: Difference, *, width: int = 100) -> str:
    """Sentences for a terminal, what matters most first."""
    lines = textwrap.wrap(summary(found), width)
    for matter, changes in _by_matter(found):
        lines += ["", _HEADINGS[matter].upper()]
        for change in changes:
            lines += textwrap.wrap(
                sentence(change), width, initial_indent="- ", subsequent_indent="  ", break_on_hyphens=False
            )
            lines.append(f"  {where(change)}")
    return "\n".join(lines) + "\n"


def as_markdown(found: Difference) -> str:
    """A table for each kind of thing that differs."""
    blocks = [_escaped(summary(found))]
    for matter, changes in _by_matter(found):
        table = [f"| {' | '.join(columns)} |", f"|{' --- |' * len(columns)}"]
        table += [f"| {' | '.join(map(_escaped, row))} |" for row in rows(changes)]
        blocks += [f"## {_HEADINGS[matter]}", "\n".join(table)]
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


def _by_matter(found: Difference) -> Iterator[tuple[Matter, list[Change]]]:
    for matter in MATTERS:
        changes = [change for change in (*found.changes, *found.texts) if change.matter == matter]
        if changes:
            yield matter, changes


def rows(changes: Iterable[Change]) -> list[tuple[str, str, str, str, str]]:
    """Changes as rows of a table."""
    return [(change.rule, change.part, change.old or "", change.new or "", where(change)) for change in changes]


def sentence(change: Change) -> str:
    """A change in words."""
    subject = f"{change.rule}, {change.part}" if change.part else change.rule
    if change.kind == "renamed":
        return f"{change.rule} was called {english.quoted(change.old or '')} before."
    if change.kind == "added":
        return english.sentence(f"{subject} is new: {change.new}")
    if change.kind == "removed":
        return english.sentence(f"{subject} is gone: {change.old}")
    return english.sentence(f"{subject}: {change.new}; before: {change.old}")


def where(change: Change) -> str:
    """``points.yaml:12 and points.yaml:14``: where it stands in the old and in the new version."""
    places = [f"{place.file}:{place.line}" if place else "not there" for place in (change.old_place, change.new_place)]
    return " → ".join(places)


def _escaped(text: str) -> str:
    return _MARKS.sub(r"\\\1", text)
