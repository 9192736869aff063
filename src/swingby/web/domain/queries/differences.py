"""What two versions of a program say otherwise, in sentences under headings; kept in memory by their texts."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

from swingby.program import Program, difference, difference_by_matter, difference_sentence, told_changes

Sections = tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class _ByText:
    """A program that is the same as another of the same text."""

    hash: str
    program: Program = field(compare=False)


def told_difference(old: Program | None, new: Program | None) -> Sections:
    """The sentences under each heading, what matters most to partners first; none without both versions."""
    if old is None or new is None:
        return ()
    return _told(_ByText(old.hash, old), _ByText(new.hash, new))


@lru_cache(maxsize=32)
def _told(old: _ByText, new: _ByText) -> Sections:
    found = difference(old.program, new.program)
    return tuple(
        (heading, tuple(difference_sentence(change) for change in changes))
        for heading, changes in difference_by_matter(found)
    )


def told_to_partners(old: Program | None, new: Program | None) -> Sections:
    """The same as partners read it: by what things are called, and without what changes nothing for them."""
    if old is None or new is None:
        return ()
    return _told_to_partners(_ByText(old.hash, old), _ByText(new.hash, new))


@lru_cache(maxsize=32)
def _told_to_partners(old: _ByText, new: _ByText) -> Sections:
    return told_changes(old.program, new.program)
