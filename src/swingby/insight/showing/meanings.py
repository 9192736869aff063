"""One colour and one kind of line for each meaning: the same on every card, in pages and on paper, by day and by night."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from swingby.insight.cards import Meaning, Series


@dataclass(frozen=True, slots=True)
class Style:
    """How marks of one meaning look: their class in a page, a colour for light and for dark ground, and their dashes.

    Marks have at least three times the contrast of their ground.
    """

    name: str
    light: str
    dark: str
    dashes: str | None = None


#: Groups are told apart by their order; nothing else has their colours.
STYLES: Mapping[Meaning, tuple[Style, ...]] = {
    Meaning.FOUND: (Style("found", "#3b5bdb", "#8da4ff"),),
    Meaning.COMPARED: (Style("compared", "#4a5260", "#c3c9d4", "7 3"),),
    Meaning.EXPECTED: (Style("expected", "#c2410c", "#fb9a63", "2 3"),),
    Meaning.GROUP: (
        Style("group-1", "#0f766e", "#4fd1c0"),
        Style("group-2", "#7e22ce", "#cf9bff", "7 3"),
        Style("group-3", "#8a6100", "#e3b341", "2 3"),
        Style("group-4", "#be185d", "#f48fb1", "9 3 2 3"),
    ),
}


def styles_of(series: Sequence[Series]) -> list[Style]:
    """A style for each series."""
    seen = dict.fromkeys(Meaning, 0)
    found = []
    for one in series:
        choice = STYLES[one.meaning]
        found.append(choice[seen[one.meaning] % len(choice)])
        seen[one.meaning] += 1
    return found


def colour_rules(where: str) -> Iterator[str]:
    """The colours as rules of a style sheet, for pictures inside ``where``."""
    styles = [style for some in STYLES.values() for style in some]
    yield f"{where} {{ {' '.join(f'--{style.name}: light-dark({style.light}, {style.dark});' for style in styles)} }}"
    for style in styles:
        yield f"{where} :is(.line, .reach, .area).{style.name} {{ stroke: var(--{style.name}); }}"
        yield f"{where} :is(.dot, .area).{style.name} {{ fill: var(--{style.name}); }}"
