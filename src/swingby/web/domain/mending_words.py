"""What is said of a tier that will be lost, since when and until when that can be mended, and of one that is given already."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from swingby.web.models import Prospect, Side

#: What can still be done about it, said to the partner and said of it.
_ANY_DAY = {
    Side.PARTNER: gettext_lazy("Meet it on any day up to %(mend_until)s, or you hold %(then)s from %(from)s."),
    Side.VENDOR: gettext_lazy("If they meet it on no day up to %(mend_until)s, they hold %(then)s from %(from)s."),
}
_ONE_DAY = {
    Side.PARTNER: gettext_lazy("Meet it on %(mend_until)s, or you hold %(then)s from %(from)s."),
    Side.VENDOR: gettext_lazy("If they do not meet it on %(mend_until)s, they hold %(then)s from %(from)s."),
}
_TAKEN = {
    Side.PARTNER: gettext_lazy("The review of %(lost_on)s took it: you hold %(then)s from %(from)s."),
    Side.VENDOR: gettext_lazy("The review of %(lost_on)s took it: they hold %(then)s from %(from)s."),
}

_GIVEN = {
    Side.PARTNER: gettext_lazy("The review of %(decided_on)s gave it: you hold %(tier)s from %(holds_from)s."),
    Side.VENDOR: gettext_lazy("The review of %(decided_on)s gave it: they hold %(tier)s from %(holds_from)s."),
}


def mending_words(prospect: Prospect | None, *, tier: str, held: str, said_to: Side) -> str:
    """The words, or none where nothing is missed; ``held`` is the id of the tier, and what is known of another is not said."""
    mending: Mapping[str, Any] = (prospect.path.get("mending") if prospect else None) or {}
    return " ".join(_sentences(mending, tier, said_to)) if mending and mending["tier"] == held else ""


def is_taken(prospect: Prospect | None) -> bool:
    """Whether a review took the tier although what keeps it is met again."""
    return prospect is not None and bool((prospect.path.get("mending") or {}).get("is_met"))


def promotion_words(prospect: Prospect | None, *, held: str, said_to: Side) -> str:
    """That a review has given a higher tier, and from when on it is held; none where another tier is held than was known."""
    given: Mapping[str, Any] = (prospect.path.get("promotion") if prospect else None) or {}
    if not given or given["held"] != held:
        return ""
    days = {name: _day_words(given[name]) for name in ("decided_on", "holds_from")}
    return str(_GIVEN[said_to] % {"tier": given["tier"], **days})


def _sentences(mending: Mapping[str, Any], tier: str, said_to: Side) -> Iterator[str]:
    days = ("missed_since", "last_met", "kept_on", "mend_until", "lost_on")
    said = {name: _day_words(mending[name]) for name in days}
    said |= {"tier": tier, "then": mending["then"] or _("no tier"), "from": _day_words(mending["holds_from"])}
    if mending.get("is_met"):
        yield _("What keeps %(tier)s is met again.") % said
    elif said["missed_since"]:
        yield _("What keeps %(tier)s has not been met since %(missed_since)s.") % said
    else:
        yield _("What keeps %(tier)s has not been met for more than a year.") % said
    if said["kept_on"]:
        yield _("The review of %(kept_on)s let it stand, because it was met on %(last_met)s.") % said
    if said["mend_until"]:
        yield str((_ANY_DAY if mending["has_grace"] else _ONE_DAY)[said_to] % said)
    elif said["lost_on"]:
        yield str(_TAKEN[said_to] % said)


def _day_words(text: str | None) -> str:
    return f"{date.fromisoformat(text):%-d %B %Y}" if text else ""
