"""A description: sentences under headings, with lists inside sentences."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from difflib import get_close_matches

from swingby.errors import SwingbyError


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence or an item of a list, with the items of its own list."""

    text: str
    items: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True)
class Passage:
    """Sentences under a heading, and passages below it.

    Attributes
    ----------
    path
        The rule that the passage is about, such as ``measures.engineers``; empty for a heading that only groups.
    place
        Where the rule was written, ``points.yaml:12``; empty for what was not written anywhere.
    """

    heading: str
    path: str = ""
    place: str = ""
    lines: tuple[Line, ...] = ()
    passages: tuple[Passage, ...] = ()


@dataclass(frozen=True, slots=True)
class Description:
    """A program in plain English, as a tree that renderers turn into text."""

    title: str
    passages: tuple[Passage, ...]

    def only(self, path: str) -> Description:
        """The description of one rule or tier.

        Raises
        ------
        SwingbyError
            ``name-unknown`` when there is no such rule.
        """
        passages = tuple(passage for passage in self.walk() if passage.path == path)
        if not passages:
            paths = [passage.path for passage in self.walk() if passage.path]
            near = get_close_matches(path, paths, n=1)
            hint = f'Did you mean "{near[0]}"?' if near else "Write the section and the name, such as points.training."
            raise SwingbyError(code="name-unknown", message=f'There is no rule "{path}".', hint=hint)
        return replace(self, passages=passages)

    def walk(self) -> Iterator[Passage]:
        """Every passage, outer ones first."""
        waiting = list(reversed(self.passages))
        while waiting:
            passage = waiting.pop()
            yield passage
            waiting.extend(reversed(passage.passages))


def flat(lines: tuple[Line, ...]) -> str:
    """Lines and their items as one text, items set apart by semicolons."""
    return " ".join(_flat(line) for line in lines)


def _flat(line: Line) -> str:
    return f"{line.text} {'; '.join(_flat(item) for item in line.items)}" if line.items else line.text
