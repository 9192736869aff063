"""Sample pages of badges: usual, empty, very large, and what the world sees."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date

from swingby.web.design.gallery.extremes import LONG_NAME, LONG_WORD
from swingby.web.design.gallery.samples import TODAY
from swingby.web.design.parts import Choice
from swingby.web.enablement.badge_parts import BadgeLine, BadgesPage, ForeignLine, PublicBadgePage

FIRM = "Tarnwick Labs"
END = date(2026, 12, 14)
HERE = "/gallery/?page=badges"
ADDRESS = "https://partners.example/badge/example/"


def _line(label: str, state: str = "good", **more: object) -> BadgeLine:
    line = BadgeLine(label=label, state=state, starts_on=TODAY, ends_on=END, change_url=HERE, file_url=HERE)
    return replace(line, **more)  # type: ignore[arg-type]


def badges_page() -> BadgesPage:
    """A badge in each state, and one of others."""
    return BadgesPage(
        name=FIRM,
        issue_url=HERE,
        import_url=HERE,
        badges=(
            _line("Beacon Advanced Engineer", public_url=ADDRESS, shows_name=True),
            _line("Keel Associate", public_url=ADDRESS),
            _line("Quay Fundamentals"),
            _line("Tide Fundamentals", "expired"),
            _line("Pilot Fundamentals", "withdrawn", change_url="", file_url=""),
        ),
        free=(Choice(value="sextant", label="Sextant Fundamentals"),),
        foreign=(
            ForeignLine(
                name="Welding", issuer="Example College", starts_on=TODAY, proof="The signature holds against your key."
            ),
        ),
    )


def badges_empty() -> BadgesPage:
    """Nothing is held, and nothing came from elsewhere."""
    return BadgesPage(name=FIRM, issue_url=HERE, import_url=HERE)


def badges_unlinked() -> BadgesPage:
    """Somebody whom the records do not know."""
    return BadgesPage(name=FIRM, is_linked=False)


def badges_large() -> BadgesPage:
    """Long words, many badges."""
    line = _line(LONG_WORD, public_url=ADDRESS + LONG_WORD, shows_name=True)
    foreign = ForeignLine(name=LONG_NAME, issuer=LONG_WORD, starts_on=TODAY, ends_on=END, proof=LONG_NAME)
    free = (Choice(value="a", label=LONG_WORD),)
    return BadgesPage(
        name=LONG_NAME, issue_url=HERE, import_url=HERE, badges=(line,) * 12, free=free, foreign=(foreign,) * 12
    )


def shown_badge(state: str = "good", holder: str = "Mei Example") -> PublicBadgePage:
    """What the world sees."""
    return PublicBadgePage(
        label="Beacon Advanced Engineer",
        vendor="Beacon",
        issuer=FIRM,
        state=state,
        starts_on=TODAY,
        ends_on=END,
        holder=holder,
        file_url=HERE,
    )


def shown_large() -> PublicBadgePage:
    """Long words before the world."""
    return replace(shown_badge(holder=LONG_NAME), label=LONG_WORD, issuer=LONG_NAME, vendor=LONG_WORD)


#: Page -> its template, and what makes its values.
PAGES: Mapping[str, tuple[str, Callable[[], object]]] = {
    "badges": ("badges", badges_page),
    "badges-empty": ("badges", badges_empty),
    "badges-unlinked": ("badges", badges_unlinked),
    "badges-large": ("badges", badges_large),
    "badge": ("badge", shown_badge),
    "badge-unnamed": ("badge", lambda: shown_badge(holder="")),
    "badge-expired": ("badge", lambda: shown_badge("expired")),
    "badge-withdrawn": ("badge", lambda: shown_badge("withdrawn")),
    "badge-large": ("badge", shown_large),
}
