"""Sample pages of who can help: usual, empty, and very large."""

from collections.abc import Callable, Mapping
from datetime import date

from swingby.web.design.gallery.extremes import LONG_NAME, LONG_WORD
from swingby.web.design.parts import Choice
from swingby.web.enablement.finding_parts import HelperLine, HelpersPage

MONDAY = date(2026, 4, 6)
_ANY = (Choice(value="", label="Anything", chosen=True), Choice(value="a", label="Beacon Advanced Engineer"))


def _page(name: str, lines: tuple[HelperLine, ...], total: int) -> HelpersPage:
    return HelpersPage(
        name=name,
        day=MONDAY,
        certifications=_ANY,
        roles=_ANY,
        levels=_ANY,
        places=_ANY,
        languages=_ANY,
        lines=lines,
        total=total,
        is_asked=True,
    )


def helpers_page() -> HelpersPage:
    """Free, unknown and busy."""
    held = ("Beacon Advanced Engineer",)
    return _page(
        "Tarnwick Labs",
        (
            HelperLine(
                name="Mei Example",
                holds=held,
                place="North, CA",
                languages=("English", "French"),
                free="On no project by the records",
                tone="good",
            ),
            HelperLine(name="Ola Example", holds=held, place="not known", free="Not known", is_ending=True),
            HelperLine(
                name="Kim Example", holds=held, place="South", free="On a project until 1 May 2026", tone="warn"
            ),
        ),
        3,
    )


def helpers_empty() -> HelpersPage:
    """Nobody."""
    return _page("Tarnwick Labs", (), 0)


def helpers_large() -> HelpersPage:
    """Long words, many people."""
    line = HelperLine(
        name=LONG_NAME,
        holds=(LONG_WORD,) * 9,
        place=LONG_WORD,
        languages=("Chinese", "English", LONG_WORD),
        free=LONG_NAME,
        is_ending=True,
    )
    return _page(LONG_NAME, (line,) * 50, 1234567)


#: Page -> its template, and what makes its values.
PAGES: Mapping[str, tuple[str, Callable[[], object]]] = {
    "helpers": ("helpers", helpers_page),
    "helpers-empty": ("helpers", helpers_empty),
    "helpers-large": ("helpers", helpers_large),
}
