"""What the numbers of deals on cards count, because they differ from card to card and each is right."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

_EACH = "A deal counts once, by how it ended last, for each partner that has a part in it"
#: By the words of a count what is in it and what is not.
COUNTED: Mapping[str, str] = {
    "deals won": f"{_EACH} and is studied here, in the periods that are compared. Direct deals, deals outside of them and deals of"
    " partners that were left out are not in it.",
    "won deals, by partner": f"{_EACH}, or an organization below it has, on the days that this card is about. Direct deals are not"
    " in it.",
    "deals with a partner that ended": "Each deal once, won or lost, that opened and ended on the days of this card, and whose"
    " origin and worth were known when it opened.",
    "direct deals that ended": "Deals in which no partner has any part, won or lost, chosen by the same rules as the line above.",
    "compared: deals with a partner": "Of the deals above those that have direct deals like them.",
    "compared: direct deals": "Of the direct deals above those that have deals with a partner like them.",
}


def counted_words(label: str) -> str:
    """What a number counts; nothing where its words say it already."""
    return COUNTED.get(label, "")


def is_about_deals(labels: Iterable[str]) -> bool:
    """Whether a card counts deals, which other pages count otherwise."""
    return any(label in COUNTED for label in labels)
