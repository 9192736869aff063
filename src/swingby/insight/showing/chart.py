"""The picture of a card as SVG: one text that pages colour by their style and paper shows in its own light colours."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil, floor, log10
from textwrap import wrap

from swingby.insight.cards import Mark, Picture, Series
from swingby.insight.showing.markup import Markup, element, joined
from swingby.insight.showing.meanings import Style, styles_of
from swingby.insight.showing.saying import place_words, summary, tick_words

#: Colours for paper, light; the style of the page overrides them by class.
INK, FAINT, GRID = "#1b2030", "#5d6675", "#dfe3ea"
FACE = "Hanken Grotesk, system-ui, sans-serif"
STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
LINE = 18
#: How wide a letter is at most, on average, in faces that a page may fall back to.
LETTER = 7.0
#: How far ranges of several series at the same place stand apart.
APART = 7


@dataclass(frozen=True, slots=True)
class Frame:
    """How large a picture is, how wide its margins are, and how many labels fit along its axes."""

    name: str
    width: int
    plot: int
    left: int
    right: int
    labels: int
    values: int


WIDE = Frame("wide", width=720, plot=240, left=66, right=16, labels=13, values=6)
NARROW = Frame("narrow", width=350, plot=190, left=58, right=10, labels=7, values=5)


@dataclass(frozen=True, slots=True)
class Axes:
    """What the corners of the plot mean; ``top`` is where it begins below the legend."""

    frame: Frame
    x: tuple[float, float]
    y: tuple[float, float]
    top: int

    @property
    def width(self) -> int:
        """How wide the plot is."""
        return self.frame.width - self.frame.left - self.frame.right

    def across(self, value: float) -> float:
        """The horizontal place of a value."""
        low, high = self.x
        return self.frame.left + self.width * (value - low) / (high - low)

    def down(self, value: float) -> float:
        """The vertical place of a value."""
        low, high = self.y
        return self.floor - self.frame.plot * (value - low) / (high - low)

    @property
    def floor(self) -> int:
        """The vertical place of the lower axis."""
        return self.top + self.frame.plot

    @property
    def edge(self) -> int:
        """The horizontal place of the right end."""
        return self.frame.width - self.frame.right


@dataclass(frozen=True, slots=True)
class Drawn:
    """A series with its style, and how far its marks stand beside their place."""

    series: Series
    style: Style
    beside: float


def chart(picture: Picture, frame: Frame, *, key: str = "picture") -> Markup:
    """The picture in one size; ``key`` tells its title and description from those of others on the page."""
    drawn = _all_drawn(picture)
    named = [one for one in drawn if one.series.name]
    axes = _axes(picture, frame, top=22 + LINE * len(named))
    below = [*_names(axes, picture), *_at_risk(axes, picture, drawn)]
    title, words = f"{key}-{frame.name}-title", f"{key}-{frame.name}-words"
    return element(
        "svg",
        element("title", picture.title, id=title),
        element("desc", summary(picture), id=words),
        *_legend(named, axes),
        *_grid(axes, picture),
        *(part for one in drawn for part in _marks(axes, picture, one)),
        *_labels(axes, picture),
        *below,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {frame.width} {_foot(axes, picture) + LINE * _lines_below(picture) + 8}",
        role="img",
        aria_labelledby=f"{title} {words}",
        class_=f"chart {frame.name}",
        font_family=FACE,
        font_size=12,
    )


def _all_drawn(picture: Picture) -> list[Drawn]:
    """Ranges of several series at the same places stand beside each other, so that none hides another."""
    ranged = picture.form != "steps" and any(mark.high > mark.low for mark in picture.marks)
    middle = (len(picture.series) - 1) / 2
    return [
        Drawn(one, style, (nth - middle) * APART * ranged)
        for nth, (one, style) in enumerate(zip(picture.series, styles_of(picture.series), strict=True))
    ]


def _foot(axes: Axes, picture: Picture) -> int:
    """The vertical place of the last line of what the x axis says."""
    return axes.floor + 18 + LINE * len(_title_of_x(axes, picture))


def _lines_below(picture: Picture) -> int:
    """How many lines stand below the x axis and what it says."""
    counted = sum(bool(one.at_risk) for one in picture.series)
    return len(picture.places) + (counted + 1 if counted else 0)


def _title_of_x(axes: Axes, picture: Picture) -> list[str]:
    return wrap(picture.x, int(axes.width / LETTER)) or [""]


def _axes(picture: Picture, frame: Frame, *, top: int) -> Axes:
    places = [mark.x for mark in picture.marks]
    ends = [end for mark in picture.marks for end in (mark.low, mark.y, mark.high)]
    low, high = picture.bounds or (min(0.0, *ends), max(0.0, *ends))
    if picture.bounds is None:
        room = (high - low) * 0.06 or 1.0
        low, high = low - room * (low < 0), high + room * (high > 0)
    half = 0.5 if picture.form != "steps" else 0.0
    first, last = min(places) - half, max(places) + half
    return Axes(frame, (first, last if last > first else first + 1), (low, high if high > low else low + 1), top)


def nice_steps(low: float, high: float, most: int, *, whole: bool = False) -> list[float]:
    """Round numbers between two others, at most so many; ``whole`` ones where there are no others, as of partners.

    >>> nice_steps(-0.04, 0.31, 5)
    [0.0, 0.1, 0.2, 0.3]
    >>> nice_steps(0, 13, 6, whole=True)
    [0.0, 5.0, 10.0]
    """
    size: float = 10 ** floor(log10((high - low) / most))
    steps = [one * size for one in STEPS if not whole or (one * size).is_integer()]
    step = next((one for one in steps if (high - low) / one <= most), 1.0)
    first, last = ceil(low / step - 1e-9), floor(high / step + 1e-9)
    return [round(nth * step, 10) for nth in range(first, last + 1)]


def ticks_of(picture: Picture, frame: Frame) -> list[float]:
    """Where the x axis is labelled: at marks, at the places of a table below, or at round numbers."""
    at_risk = [one.x for series in picture.series for one in series.at_risk]
    places = sorted(dict.fromkeys(at_risk or (mark.x for mark in picture.marks)))
    if picture.form == "steps" and not at_risk:
        return nice_steps(places[0], places[-1], frame.labels)
    every = ceil(len(places) / frame.labels)
    return _round_places(places, every) or places[::every]


def _round_places(places: list[float], every: int) -> list[float]:
    """Of places the round ones, so that labels stand evenly on either side of a place that is left out."""
    step = every * min((later - one for one, later in pairwise(places)), default=1)
    found = [place for place in places if place % step == 0]
    return found if 2 * len(found) >= len(places[::every]) else []


def _grid(axes: Axes, picture: Picture) -> Iterator[Markup]:
    for value in _heights(axes, picture):
        down = axes.down(value)
        zero = value == picture.nothing
        yield element(
            "line",
            class_="zero" if zero else "grid",
            x1=axes.frame.left,
            x2=axes.edge,
            y1=down,
            y2=down,
            stroke=FAINT if zero else GRID,
        )
        yield _word(tick_words(value, picture.unit), axes.frame.left - 8, down + 4, anchor="end")
    if picture.begins_at is not None:
        across = axes.across(picture.begins_at)
        yield element(
            "line",
            class_="begins",
            x1=across,
            x2=across,
            y1=axes.top,
            y2=axes.floor,
            stroke=FAINT,
            stroke_dasharray="4 3",
        )


def _word(text: str, x: float, y: float, *, anchor: str = "start", class_: str = "word") -> Markup:
    return element("text", text, class_=class_, x=x, y=y, text_anchor=anchor, fill=FAINT)


def _heights(axes: Axes, picture: Picture) -> list[float]:
    """Where the y axis is labelled, and where there is nothing."""
    found = nice_steps(*axes.y, axes.frame.values, whole=picture.unit == "count")
    return found if picture.nothing in found else sorted([*found, picture.nothing])


def _fitting(text: str, room: float) -> str:
    """As much of a text as fits; the whole of it stands in the table of numbers."""
    letters = int(room / LETTER)
    return text if len(text) <= letters else f"{text[: letters - 1].rstrip()}…"


def _legend(named: Sequence[Drawn], axes: Axes) -> Iterator[Markup]:
    left = axes.frame.left
    for place, one in enumerate(named):
        down = 12 + LINE * place
        yield _stroke(f"M{left} {down}h26", one.style)
        name = _fitting(one.series.name, axes.frame.width - left - 34)
        yield element("text", name, class_="name", x=left + 34, y=down + 4, fill=INK)


def _stroke(path: str, style: Style) -> Markup:
    return element(
        "path",
        class_=f"line {style.name}",
        d=path,
        fill="none",
        stroke=style.light,
        stroke_width=2,
        stroke_dasharray=style.dashes,
    )


def _marks(axes: Axes, picture: Picture, drawn: Drawn) -> Iterator[Markup]:
    marks = drawn.series.marks
    if not marks:
        return
    if picture.form == "steps":
        yield _area(axes, marks, drawn.style)
        yield _stroke(_stairs(axes, [(mark.x, mark.y) for mark in marks]), drawn.style)
        return
    if picture.form == "line":
        points = " L".join(f"{axes.across(mark.x) + drawn.beside:.1f} {axes.down(mark.y):.1f}" for mark in marks)
        yield _stroke(f"M{points}", drawn.style)
    for mark in marks:
        yield from _point(axes, mark, drawn)


def _point(axes: Axes, mark: Mark, drawn: Drawn) -> Iterator[Markup]:
    across, style = axes.across(mark.x) + drawn.beside, drawn.style
    if mark.high > mark.low:
        low, high = axes.down(mark.low), axes.down(mark.high)
        path = f"M{across:.1f} {low:.1f}V{high:.1f}M{across - 4:.1f} {low:.1f}h8M{across - 4:.1f} {high:.1f}h8"
        yield element("path", class_=f"reach {style.name}", d=path, fill="none", stroke=style.light, stroke_width=1.5)
    yield element("circle", class_=f"dot {style.name}", cx=across, cy=axes.down(mark.y), r=4, fill=style.light)


def _stairs(axes: Axes, places: Sequence[tuple[float, float]]) -> str:
    """A path that keeps each height until the next place."""
    first, *rest = places
    return f"M{axes.across(first[0]):.1f} {axes.down(first[1]):.1f}" + "".join(
        f"H{axes.across(x):.1f}V{axes.down(y):.1f}" for x, y in rest
    )


def _area(axes: Axes, marks: Sequence[Mark], style: Style) -> Markup:
    """The range of a curve, from its upper end there and back along its lower one; its edge is seen on any ground."""
    upper = _stairs(axes, [(mark.x, mark.high) for mark in marks])
    back = "".join(f"V{axes.down(before.low):.1f}H{axes.across(before.x):.1f}" for before in reversed(marks[:-1]))
    path = f"{upper}L{axes.across(marks[-1].x):.1f} {axes.down(marks[-1].low):.1f}{back}Z"
    return element(
        "path",
        class_=f"area {style.name}",
        d=path,
        fill=style.light,
        fill_opacity=0.12,
        stroke=style.light,
        stroke_width=0.75,
        stroke_opacity=0.75,
    )


def _labels(axes: Axes, picture: Picture) -> Iterator[Markup]:
    for tick in ticks_of(picture, axes.frame):
        yield _word(place_words(tick), axes.across(tick), axes.floor + 17, anchor="middle")
    middle = (axes.frame.left + axes.edge) / 2
    for nth, line in enumerate(_title_of_x(axes, picture), start=1):
        yield _word(line, middle, axes.floor + 18 + LINE * nth, anchor="middle")


def _names(axes: Axes, picture: Picture) -> Iterator[Markup]:
    """What the places of the x axis stand for, a line for each."""
    foot, left = _foot(axes, picture), 2 if axes.frame is NARROW else axes.frame.left
    for nth, name in enumerate(picture.places, start=1):
        words = _fitting(f"{nth}  {name}", axes.frame.width - left)
        yield element("text", words, class_="name", x=left, y=foot + LINE * nth, fill=INK)


def _at_risk(axes: Axes, picture: Picture, drawn: Sequence[Drawn]) -> Iterator[Markup]:
    """How many are still looked at, below the x axis, one line for each series."""
    counted = [one for one in drawn if one.series.at_risk]
    if not counted:
        return
    kept = set(ticks_of(picture, axes.frame))
    down = _foot(axes, picture) + LINE
    yield _word(picture.remaining, 2, down)
    for place, one in enumerate(counted, start=1):
        yield _stroke(f"M2 {down + LINE * place - 4}h16", one.style)
        yield joined(
            *(
                _word(f"{left.number:,}", axes.across(left.x), down + LINE * place, anchor="middle")
                for left in one.series.at_risk
                if left.x in kept
            )
        )
