"""Why a rank is another one than in the period before, in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from swingby.enablement import Cause, CauseKind, RankChange

_CAUSES: Final[Mapping[CauseKind, object]] = {
    CauseKind.EARNED: gettext_lazy("what was earned here"),
    CauseKind.LAPSED: gettext_lazy("what lapsed here"),
    CauseKind.MOVED: gettext_lazy("people who came or went"),
    CauseKind.HEADS: gettext_lazy("another number of people"),
    CauseKind.OTHERS: gettext_lazy("how the others did"),
    CauseKind.SHOWN: gettext_lazy("who is on the board"),
}


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
