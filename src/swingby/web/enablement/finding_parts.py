"""What the page of who can help shows: frozen values without markup."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from swingby.web.design.parts import Choice, Tone


@dataclass(frozen=True, slots=True, kw_only=True)
class HelperLine:
    """Somebody who holds what is looked for. ``free`` says what the records know of the day.

    ``languages`` are those that the person shows.
    """

    name: str
    holds: tuple[str, ...]
    place: str
    languages: tuple[str, ...] = ()
    free: str
    tone: Tone = "plain"
    is_ending: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpersPage:
    """Who can help on a day; where it ``is_too_many`` nobody is listed before more is asked for."""

    name: str
    day: date
    certifications: tuple[Choice, ...] = ()
    roles: tuple[Choice, ...] = ()
    levels: tuple[Choice, ...] = ()
    places: tuple[Choice, ...] = ()
    languages: tuple[Choice, ...] = ()
    lines: tuple[HelperLine, ...] = ()
    total: int = 0
    is_asked: bool = False
    is_too_many: bool = False
