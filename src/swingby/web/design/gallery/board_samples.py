"""Sample pages of boards: usual, of people, of partners, empty, and very large."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from swingby.web.design.gallery.extremes import LONG_NAME, LONG_WORD
from swingby.web.design.gallery.samples import TODAY
from swingby.web.design.parts import Choice
from swingby.web.enablement.board_parts import BoardRow, BoardsPage, CountrySwitch, OwnChoice, PersonRow

HERE = "/gallery/?page=boards"
_FRAME = BoardsPage(
    name="Tarnwick Labs",
    groupings=(Choice(value="office", label="Offices", chosen=True), Choice(value="person", label="People")),
    periods=(Choice(value="weeks", label="Last 13 weeks", chosen=True),),
    ways=(Choice(value="head", label="Net new per head", chosen=True), Choice(value="net", label="Net new")),
)


def _row(label: str, rank: int, net: int, heads: int, why: str, *, is_tied: bool = False) -> BoardRow:
    return BoardRow(
        rank=rank,
        is_tied=is_tied,
        label=label,
        net=net,
        per_head=(Decimal(net) / heads).quantize(Decimal("0.01")),
        heads=heads,
        earned=net + 3,
        lapsed=2,
        moved=-1,
        why=why,
    )


def boards_page() -> BoardsPage:
    """One that rose, two that are tied, one below zero."""
    rows = (
        replace(_row("Monterrey", 1, 9, 35, "Up 2 places: what was earned here (+2)."), href=HERE),
        replace(
            _row("Toronto", 2, 14, 70, "Down 1 place: how the others did (\N{MINUS SIGN}1).", is_tied=True),
            is_mine=True,
        ),
        _row("Chicago", 2, 17, 85, "Place kept.", is_tied=True),
        _row("Austin", 4, -2, 58, "Not on the board before."),
    )
    headline = "Toronto: place 2 of 4. Down 1 place: how the others did (\N{MINUS SIGN}1)."
    return replace(
        _FRAME,
        first=TODAY - timedelta(weeks=13, days=-1),
        last=TODAY,
        counted_on=TODAY,
        rows=rows,
        total=4,
        hidden=2,
        headline=headline,
    )


def people_page() -> BoardsPage:
    """Names and pseudonyms, the own choice, and switches by country."""
    people = tuple(
        PersonRow(
            rank=nth + 1, is_tied=False, label=f"Comet {1000 + nth}" if nth % 2 else "Mei Example", earned=12 - nth
        )
        for nth in range(11)
    )
    return replace(
        _FRAME,
        shows_people=True,
        people=(*people[:1], replace(people[1], is_mine=True), *people[2:]),
        people_total=11,
        own=OwnChoice(shown_as="pseudonym", pseudonym="Comet 1001", post_url=HERE),
        countries=(
            CountrySwitch(country="ca", label="CA", is_forbidden=True),
            CountrySwitch(country="", label="No country known", is_forbidden=False),
        ),
        country_url=HERE,
    )


def people_few() -> BoardsPage:
    """Fewer than ten asked, in a country that forbids it."""
    own = OwnChoice(is_forbidden=True, post_url=HERE)
    return replace(_FRAME, shows_people=True, people_total=9, own=own)


def boards_hidden() -> BoardsPage:
    """Nobody has ten people."""
    return replace(_FRAME, first=TODAY - timedelta(weeks=13, days=-1), last=TODAY, counted_on=TODAY, hidden=3)


def boards_large() -> BoardsPage:
    """Long words, many parts."""
    row = replace(_row(LONG_WORD, 1234, 1_234_567, 123_456, LONG_NAME, is_tied=True), is_mine=True, href=HERE)
    page = replace(boards_page(), name=LONG_NAME, rows=(row,) * 100, total=1234, hidden=1234, headline=LONG_NAME)
    return replace(page, groupings=(Choice(value="a", label=LONG_WORD),))


#: Page -> its template, and what makes its values.
PAGES: Mapping[str, tuple[str, Callable[[], object]]] = {
    "boards": ("boards", boards_page),
    "boards-empty": ("boards", lambda: _FRAME),
    "boards-hidden": ("boards", boards_hidden),
    "boards-people": ("boards", people_page),
    "boards-few": ("boards", people_few),
    "boards-large": ("boards", boards_large),
}
