"""One colour and one kind of line for each meaning: the same on every card, in pages and on paper, by day and by night."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from swingby.insight.cards import Meaning, Series


@dataclass(frozen=True, slots=True)
class Look:
    """How marks of one meaning look: their class in a page, a colour for light and for dark ground, and their dashes.

    Marks have at least three times the contrast of their ground.
    """

    name: str
    light: str
    dark: str
    dashes: str | None = None


#: Groups are told apart by their order; nothing else has their colours.
LOOKS: Mapping[Meaning, tuple[Look, ...]] = {
    Meaning.FOUND: (Look("found", "#3b5bdb", "#8da4ff"),),
    Meaning.COMPARED: (Look("compared", "#4a5260", "#c3c9d4", "7 3"),),
    Meaning.EXPECTED: (Look("expected", "#c2410c", "#fb9a63", "2 3"),),
    Meaning.GROUP: (
        Look("group-1", "#0f766e", "#4fd1c0"),
        Look("group-2", "#7e22ce", "#cf9bff", "7 3"),
        Look("group-3", "#8a6100", "#e3b341", "2 3"),
        Look("group-4", "#be185d", "#f48fb1", "9 3 2 3"),
    ),
}


def looks_of(series: Sequence[Series]) -> list[Look]:
    """A look for each series."""
    seen = dict.fromkeys(Meaning, 0)
    found = []
    for one in series:
        choice = LOOKS[one.meaning]
        found.append(choice[seen[one.meaning] % len(choice)])
        seen[one.meaning] += 1
    return found


def colour_rules(where: str) -> Iterator[str]:
    """The colours as rules of a style sheet, for pictures inside ``where``."""
    looks = [look for some in LOOKS.values() for look in some]
    yield f"{where} {{ {' '.join(f'--{look.name}: light-dark({look.light}, {look.dark});' for look in looks)} }}"
    for look in looks:
        yield f"{where} :is(.line, .reach, .area).{look.name} {{ stroke: var(--{look.name}); }}"
        yield f"{where} :is(.dot, .area).{look.name} {{ fill: var(--{look.name}); }}"
