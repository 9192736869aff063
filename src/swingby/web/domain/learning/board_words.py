"""What a line of a board is called, and why its rank is another one than before, in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from swingby.enablement import Cause, CauseKind, RankChange
from swingby.web.domain.learning.projects import office_words
from swingby.web.models import Grouping

_CAUSES: Final[Mapping[CauseKind, object]] = {
    CauseKind.EARNED: gettext_lazy("what was earned here"),
    CauseKind.LAPSED: gettext_lazy("what lapsed here"),
    CauseKind.MOVED: gettext_lazy("people who came or went"),
    CauseKind.HEADS: gettext_lazy("another number of people"),
    CauseKind.OTHERS: gettext_lazy("how the others did"),
    CauseKind.SHOWN: gettext_lazy("who is on the board"),
}


def part_words(grouping: Grouping, key: str) -> str:
    """A part as a board calls it; partners have names of their own."""
    if grouping is Grouping.TEAM:
        office, _slash, team = key.partition("/")
        named = office_words(team) or _("no team")
        return named if team.startswith(office) else f"{office_words(office)}, {named}"
    if grouping is Grouping.JOINED:
        return _("Joined in %(year)s") % {"year": key}
    if grouping is Grouping.REGION:
        return key.upper() if key in {"emea", "apac"} else office_words(key) or _("No region")
    return office_words(key)


def why(change: RankChange | None) -> str:
    """The reason for a change of rank; that there was none is said as well."""
    if change is None:
        return _("Not on the board before.")
    if change.before == change.after:
        balance = _sides(change.causes)
        return _("Place kept: %(causes)s.") % {"causes": balance} if balance else _("Place kept.")
    places = abs(change.before - change.after)
    up = ngettext("Up %(places)s place: %(causes)s.", "Up %(places)s places: %(causes)s.", places)
    down = ngettext("Down %(places)s place: %(causes)s.", "Down %(places)s places: %(causes)s.", places)
    words = up if change.after < change.before else down
    return words % {"places": places, "causes": _sides(change.causes)}


def _sides(causes: Iterable[Cause]) -> str:
    """Each cause with its places, those that weigh most first."""
    ordered = sorted(causes, key=lambda cause: -abs(cause.places))
    return ", ".join(f"{_CAUSES[cause.kind]} ({_signed(cause.places)})" for cause in ordered)


def _signed(places: int) -> str:
    return f"+{places}" if places > 0 else f"\N{MINUS SIGN}{-places}"
