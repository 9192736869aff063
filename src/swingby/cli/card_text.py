"""A card on the terminal: the sentence first, then the picture in plain characters, and what it all rests on."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import wrap

from swingby.insight import (
    RESULT_WORDS,
    VERDICT_WORDS,
    Card,
    Mark,
    Picture,
    amount_words,
    check_heading,
    figure_words,
    place_words,
    range_words,
)

#: Columns of the drawn part of a picture, at most and at least, and at most so many lines of it for each series.
PLOT, LEAST_PLOT = 41, 11
MOST_LINES = 13
#: Columns that a label needs for a number to stand beside it.
LEAST_LABEL = 24


def card_text(card: Card, *, width: int) -> str:
    """The card in lines of at most so many columns."""
    return "\n".join(_lines(card, width))


def _lines(card: Card, width: int) -> Iterator[str]:
    yield from _wrapped(card.question, width)
    yield ""
    yield from _wrapped(f"{str(card.verdict).upper()}. {VERDICT_WORDS[card.verdict]}", width)
    yield ""
    yield from _wrapped(card.sentence, width)
    yield from _wrapped(f"Decision: {card.decision}", width)
    if card.figures:
        yield from _titled("Figures", _pairs([(one.label, figure_words(one)) for one in card.figures], width))
        yield from (f"  {line}" for line in _wrapped(range_words(card), width - 2))
    if card.picture is not None and card.picture.marks:
        yield ""
        yield from _wrapped(card.picture.title, width)
        yield from _wrapped(f"{card.picture.y} by {card.picture.x}; {card.picture.band}", width)
        yield from _picture(card.picture, width)
    if card.checks:
        yield from _titled("What was checked", _checks(card, width))
    if card.counts:
        yield from _titled("What it rests on", _pairs([(one.label, f"{one.number:,}") for one in card.counts], width))
    if card.mind:
        yield from _titled("What would change our mind", (line for one in card.mind for line in _item(one, width)))
    for said in _said(card):
        yield ""
        yield from _wrapped(said, width)


def _said(card: Card) -> Iterator[str]:
    if card.about:
        yield f"About: {card.about}"
    if card.method:
        yield f"Method: {card.method}"
    if card.notes:
        yield "\n".join(card.notes)


def _titled(title: str, lines: Iterator[str]) -> Iterator[str]:
    yield ""
    yield title
    yield from (f"  {line}" for line in lines)


def _wrapped(text: str, width: int) -> Iterator[str]:
    for line in text.splitlines():
        yield from wrap(line, width, break_long_words=False, break_on_hyphens=False)


def _item(text: str, width: int) -> Iterator[str]:
    first, *rest = wrap(text, width - 4, break_long_words=False)
    yield f"- {first}"
    yield from (f"  {line}" for line in rest)


def _pairs(pairs: list[tuple[str, str]], width: int) -> Iterator[str]:
    """Labels on the left, numbers on the right; where they do not fit side by side, a number stands below its label."""
    right = max(len(number) for _, number in pairs)
    room = width - 2 - right - 2
    if room < LEAST_LABEL:
        for label, number in pairs:
            yield from wrap(label, width - 2, break_long_words=False)
            yield f"    {number}"
        return
    left = min(max(len(label) for label, _ in pairs), room)
    for label, number in pairs:
        *first, last = wrap(label, left, break_long_words=False)
        yield from first
        yield f"{last.ljust(left)}  {number.rjust(right)}"


def _checks(card: Card, width: int) -> Iterator[str]:
    left = max(len(check_heading(check)) for check in card.checks)
    for check in card.checks:
        head = f"{RESULT_WORDS[check.result].ljust(7)}  {check_heading(check).ljust(left)}  "
        first, *rest = wrap(check.words, max(20, width - 2 - len(head)), break_long_words=False) or [""]
        yield f"{head}{first}".rstrip()
        yield from (" " * len(head) + line for line in rest)


def _picture(picture: Picture, width: int) -> Iterator[str]:
    low, high = _ends(picture)
    for one in picture.series:
        if one.name:
            yield f"  {one.name}"
        shown = _some(one.marks)
        places = _aligned([place_words(mark.x) for mark in shown])
        numbers = _aligned([amount_words(mark.y, picture.unit, picture.currency, signed=low < 0) for mark in shown])
        plot = min(PLOT, max(LEAST_PLOT, width - 8 - len(places[0]) - len(numbers[0])))
        for mark, place, number in zip(shown, places, numbers, strict=True):
            begins = picture.begins_at is not None and mark.x == round(picture.begins_at + 0.5)
            yield f"  {place} {'>' if begins else ' '} {number}  {_drawn(mark, low, high, plot)}".rstrip()
    for nth, name in enumerate(picture.places, start=1):
        yield from _wrapped(f"  {nth}: {name}", width)


def _aligned(words: list[str]) -> list[str]:
    return [word.rjust(max(map(len, words))) for word in words]


def _ends(picture: Picture) -> tuple[float, float]:
    if picture.bounds is not None:
        return picture.bounds
    ends = [end for mark in picture.marks for end in (mark.low, mark.y, mark.high)]
    return min(0.0, *ends), max(0.0, *ends)


def _some(marks: tuple[Mark, ...]) -> tuple[Mark, ...]:
    """All marks if they are few; otherwise some of them, evenly, the last among them."""
    if len(marks) <= MOST_LINES:
        return marks
    places = dict.fromkeys(round(nth * (len(marks) - 1) / (MOST_LINES - 1)) for nth in range(MOST_LINES))
    return tuple(marks[place] for place in places)


def _drawn(mark: Mark, low: float, high: float, plot: int) -> str:
    """A range as ``|---o---|``, with a dot where zero is."""

    def place(value: float) -> int:
        return round((plot - 1) * (value - low) / ((high - low) or 1))

    cells = [" "] * plot
    if low < 0 < high:
        cells[place(0)] = "."
    if mark.high > mark.low:
        cells[place(mark.low) : place(mark.high) + 1] = ["-"] * (place(mark.high) - place(mark.low) + 1)
        cells[place(mark.low)] = cells[place(mark.high)] = "|"
    cells[place(mark.y)] = "o"
    return "".join(cells)
