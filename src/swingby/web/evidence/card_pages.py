"""A card as it is kept, made ready for a page: the same for the vendor and for a partner."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from django.utils.safestring import mark_safe

from swingby.insight import (
    RESULT_WORDS,
    VERDICT_WORDS,
    Card,
    Check,
    Figure,
    Result,
    Verdict,
    card_from,
    card_picture,
    check_heading,
    figure_words,
    kept_together,
    range_words,
)
from swingby.web.design.parts import Tone
from swingby.web.domain.cards.questions import question_of
from swingby.web.domain.cards.settings import Setting
from swingby.web.evidence.counted import counted_words, is_about_deals
from swingby.web.evidence.parts import CardView, CheckLine

if TYPE_CHECKING:  # The gallery shows cards without any table.
    from swingby.web.models import KeptCard

TONES: Mapping[str, tuple[Tone, str]] = {
    Verdict.SHOWN: ("good", "circle-check"),
    Verdict.SUGGESTED: ("warn", "circle-question-mark"),
    Verdict.NOT_SHOWN: ("plain", "circle-minus"),
    Verdict.UNANSWERABLE: ("pending", "circle-question-mark"),
}
RESULT_LOOKS: Mapping[Result, tuple[Tone, str]] = {
    Result.PASSED: ("good", "check"),
    Result.FAILED: ("bad", "x"),
    Result.NOT_RUN: ("plain", "minus"),
}
NO_BREAK = "\N{NO-BREAK SPACE}"
#: A range of so many letters is broken into two lines.
MOST_OF_RANGE = 32
#: How figures begin that are no effect: what a table of two groups would have said.
NAIVE = "Difference, not effect"


def card_view(data: Mapping[str, Any]) -> CardView:
    """The card in words, with its picture drawn."""
    card = card_from(_kept(data))
    tone, icon = TONES[card.verdict]
    return CardView(
        question=card.question,
        verdict=str(card.verdict).capitalize(),
        tone=tone,
        icon=icon,
        meant=VERDICT_WORDS[card.verdict],
        sentence=card.sentence,
        decision=card.decision,
        first=_said(card.figures[0]) if card.figures else None,
        beside=next((_said(one) for one in card.figures if one.label.startswith(NAIVE)), None),
        picture=_drawn(card),
        figures=tuple(map(_row, card.figures)),
        checks=tuple(map(check_line, card.checks)),
        ranges=range_words(card),
        counts=tuple((one.label, f"{one.number:,}", counted_words(one.label)) for one in card.counts),
        counts_deals=is_about_deals(one.label for one in card.counts),
        mind=card.mind,
        about=card.about,
        method=card.method,
        notes=card.notes,
    )


def _kept(value: Any) -> Any:
    """What is kept, with numbers and their units on one line."""
    if isinstance(value, str):
        return kept_together(value)
    if isinstance(value, Mapping):
        return {name: _kept(one) for name, one in value.items()}
    return [_kept(one) for one in value] if isinstance(value, list | tuple) else value


def _said(figure: Figure) -> tuple[str, str]:
    return figure.label, kept_together(figure_words(figure))


def _row(figure: Figure) -> tuple[str, str]:
    """A figure for a table, whose range stands on one line where it is no longer than a column."""
    label, words = _said(figure)
    number, bracket, range_ = words.partition("(")
    kept = range_.replace(" ", NO_BREAK) if len(range_) < MOST_OF_RANGE else range_
    return label, f"{number}{bracket}{kept}"


def _drawn(card: Card) -> str:
    if card.picture is None or not card.picture.marks:
        return ""
    return mark_safe(card_picture(card.picture))  # noqa: S308 - markup of our own, in which every text is escaped


def check_line(check: Check) -> CheckLine:
    """A check with its word and its look."""
    tone, icon = RESULT_LOOKS[check.result]
    return CheckLine(
        name=check_heading(check).capitalize(),
        result=RESULT_WORDS[check.result].capitalize(),
        tone=tone,
        icon=icon,
        words=check.words,
    )


def stands_on(row: KeptCard) -> str:
    """What a card was computed from, for its last line: the same on the page and on paper."""
    day = f"{row.finished_at:%-d %B %Y}" if row.finished_at else ""
    return (
        f"Computed on {day} from what had come in up to position {row.position:,}, with version {row.program_version} of the"
        f" program and version {row.method_version} of the method."
    )


def settings_said(row: KeptCard) -> tuple[tuple[str, str], ...]:
    """What was set, as the form calls it."""
    asked = question_of(row.question)
    return tuple(_settings(row, asked.settings)) if asked else ()


def _settings(row: KeptCard, settings: tuple[Setting, ...]) -> Iterator[tuple[str, str]]:
    for setting in settings:
        value = row.settings.get(setting.name, "")
        if setting.sort != "experiment" and (value or setting.choices):
            yield setting.label, said_value(setting, value)


def said_value(setting: Setting, value: str) -> str:
    """A setting as a person reads it."""
    if setting.sort == "act":
        return act_words(value)
    if setting.sort == "yes":
        return "yes" if value else "no"
    return dict(setting.choices).get(value, value)


def act_words(key: str) -> str:
    """An act as a list says it: credentials, level advanced."""
    kind, _, words = key.partition(":")
    column, _, word = words.partition("=")
    return ", ".join(part.replace("_", " ") for part in (kind, f"{column} {word}".strip()) if part)
