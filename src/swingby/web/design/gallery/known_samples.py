"""A partner's people as its vendor may know them: usual, nobody, and long names."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from swingby.web.console.daily_parts import PersonLine
from swingby.web.console.people_parts import KnownPerson, PartnersPeoplePage
from swingby.web.design.gallery.extremes import LONG_NAME, LONG_WORD

WROTE = PersonLine(name="Jonas Adeyemi", role="wrote on 30 March 2026", mail="jonas.adeyemi@sedgerow.example")
NAMED = KnownPerson(
    name="Jonas Adeyemi", is_named=True, role="sales", since=date(2023, 4, 1), held=("Keep sales fundamentals",)
)
UNNAMED = KnownPerson(
    name="sedgerow-0412",
    is_named=False,
    role="engineering",
    since=date(2021, 9, 1),
    held=("Keep engineering advanced until 14 June 2026", "Beacon engineering intermediate"),
)


def people_page() -> PartnersPeoplePage:
    """Some are known by name, most by a key."""
    nobody = replace(UNNAMED, name="sedgerow-0413", held=())
    return PartnersPeoplePage(
        partner="Sedgerow Consulting",
        back_url="/gallery/?page=partner",
        wrote=(WROTE,),
        people=(NAMED, UNNAMED, nobody),
        total=61,
        next_url="#",
    )


def people_empty() -> PartnersPeoplePage:
    """Our records know nobody there, and nobody wrote."""
    return replace(people_page(), wrote=(), people=(), total=0, next_url="")


def people_large() -> PartnersPeoplePage:
    """Long names, and many certificates."""
    person = replace(UNNAMED, name=LONG_WORD, role=LONG_NAME, held=(LONG_NAME,) * 6)
    wrote = replace(WROTE, name=LONG_NAME, mail="")
    return replace(people_page(), partner=LONG_NAME, wrote=(wrote,) * 3, people=(person,) * 3, first_url="#")


PAGES: dict[str, Callable[[], PartnersPeoplePage]] = {
    "known-people": people_page,
    "known-people-empty": people_empty,
    "known-people-large": people_large,
}
