"""A card as PDF, from the same picture as the page; it needs the extra ``documents``."""

from __future__ import annotations

import json
from importlib.resources import files

from swingby.documents import typeset
from swingby.insight.cards import Card
from swingby.insight.showing.chart import WIDE, chart
from swingby.insight.showing.page import TO_FILL_IN
from swingby.insight.showing.saying import (
    RESULT_WORDS,
    VERDICT_WORDS,
    check_heading,
    figure_words,
    kept_together,
    range_words,
    summary,
)


def card_paper(card: Card, *, about_data: str = "") -> bytes:
    """The card as a PDF that screen readers can follow (PDF/UA-1).

    Parameters
    ----------
    card
        Any card, refusals too.
    about_data
        A line at the end: of which program and which facts it is.

    Raises
    ------
    ModuleNotFoundError
        Without the package ``typst``.
    """
    source = files("swingby.insight.showing").joinpath("card.typ").read_text(encoding="utf-8")
    pictures = {"picture.svg": chart(card.picture, WIDE)} if card.picture is not None and card.picture.marks else {}
    told = kept_together(json.dumps(_told(card, about_data), ensure_ascii=False))
    return typeset(source, json.loads(told), pictures=pictures)


def _told(card: Card, about_data: str) -> dict[str, object]:
    """The card as the document reads it: everything is text already."""
    picture = card.picture if card.picture is not None and card.picture.marks else None
    about = [f"About: {card.about}"] if card.about else []
    method = [f"Method: {card.method}"] if card.method else []
    return {
        "question": card.question,
        "verdict": str(card.verdict),
        "meant": VERDICT_WORDS[card.verdict],
        "sentence": card.sentence,
        "decision": card.decision,
        "fields": TO_FILL_IN,
        "picture": picture
        and {"title": picture.title, "caption": f"{picture.y}; {picture.band}", "summary": summary(picture)},
        "figures": [[figure.label, figure_words(figure)] for figure in card.figures],
        "ranges": range_words(card),
        "checks": [[check_heading(check), RESULT_WORDS[check.result].lower(), check.words] for check in card.checks],
        "mind": card.mind,
        "basis": [*about, *method, *card.notes],
        "counts": [[count.label, f"{count.number:,}"] for count in card.counts],
        "data": about_data,
    }
