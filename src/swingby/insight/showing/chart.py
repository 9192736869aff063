"""The picture of a card as SVG: one text that pages colour by their style and paper shows in its own light colours."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil, floor, log10

from swingby.insight.cards import Mark, Picture, Series
from swingby.insight.showing.markup import Markup, element, joined
from swingby.insight.showing.saying import place_words, summary, tick_words

#: Colours for paper, light; the style of the page overrides them by class.
INK, FAINT, GRID, BAND = "#1b2030", "#5d6675", "#dfe3ea", "#eceff5"
#: One colour and one kind of line for each series, so that colour is not the only difference.
COLOURS = ("#3b5bdb", "#c2410c", "#0f766e", "#7e22ce")
DASHES = (None, "7 3", "2 3", "9 3 2 3")
FACE = "Hanken Grotesk, system-ui, sans-serif"
STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
LINE = 18


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

    def across(self, value: float) -> float:
        """The horizontal place of a value."""
        low, high = self.x
        width = self.frame.width - self.frame.left - self.frame.right
        return self.frame.left + width * (value - low) / (high - low)

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


def chart(picture: Picture, frame: Frame, *, key: str = "picture") -> Markup:
    """The picture in one size; ``key`` tells its title and description from those of others on the page."""
    named = [(nth, one) for nth, one in enumerate(picture.series) if one.name]
    axes = _axes(picture, frame, top=22 + LINE * len(named))
    counted = sum(bool(one.at_risk) for one in picture.series)
    height = axes.floor + 44 + (LINE * (counted + 1) if counted else 0)
    title, words = f"{key}-{frame.name}-title", f"{key}-{frame.name}-words"
    return element(
        "svg",
        element("title", picture.title, id=title),
        element("desc", summary(picture), id=words),
        *_legend(named, axes),
        *_grid(axes, picture),
        *(part for nth, one in enumerate(picture.series) for part in _drawn(axes, picture, one, nth)),
        *_labels(axes, picture, ticks_of(picture, frame)),
        *_at_risk(axes, picture),
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {frame.width} {height}",
        role="img",
        aria_labelledby=f"{title} {words}",
        class_=f"chart {frame.name}",
        font_family=FACE,
        font_size=12,
    )


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


def nice_steps(low: float, high: float, most: int) -> list[float]:
    """Round numbers between two others, at most so many.

    >>> nice_steps(-0.04, 0.31, 5)
    [0.0, 0.1, 0.2, 0.3]
    """
    size: float = 10 ** floor(log10((high - low) / most))
    step = next(one * size for one in STEPS if (high - low) / (one * size) <= most)
    first, last = ceil(low / step - 1e-9), floor(high / step + 1e-9)
    return [round(nth * step, 10) for nth in range(first, last + 1)]


def ticks_of(picture: Picture, frame: Frame) -> list[float]:
    """Where the x axis is labelled: at marks, at the places of a table below, or at round numbers."""
    at_risk = [one.x for series in picture.series for one in series.at_risk]
    places = sorted(dict.fromkeys(at_risk or (mark.x for mark in picture.marks)))
    if picture.form == "steps" and not at_risk:
        return nice_steps(places[0], places[-1], frame.labels)
    every = ceil(len(places) / frame.labels)
    return places[::every]


def _grid(axes: Axes, picture: Picture) -> Iterator[Markup]:
    for value in nice_steps(*axes.y, axes.frame.values):
        down = axes.down(value)
        zero = value == 0
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


def _legend(named: Sequence[tuple[int, Series]], axes: Axes) -> Iterator[Markup]:
    for place, (nth, one) in enumerate(named):
        down = 12 + LINE * place
        yield _stroke(f"M{axes.frame.left} {down}h26", nth)
        yield element("text", one.name, class_="name", x=axes.frame.left + 34, y=down + 4, fill=INK)


def _stroke(path: str, nth: int) -> Markup:
    place = nth % len(COLOURS)
    return element(
        "path",
        class_=f"line s{place}",
        d=path,
        fill="none",
        stroke=COLOURS[place],
        stroke_width=2,
        stroke_dasharray=DASHES[place],
    )


def _drawn(axes: Axes, picture: Picture, series: Series, nth: int) -> Iterator[Markup]:
    if not series.marks:
        return
    if picture.form == "steps":
        yield _area(axes, series, nth)
        yield _stroke(_stairs(axes, [(mark.x, mark.y) for mark in series.marks]), nth)
        return
    if picture.form == "line":
        points = " L".join(f"{axes.across(mark.x):.1f} {axes.down(mark.y):.1f}" for mark in series.marks)
        yield _stroke(f"M{points}", nth)
    for mark in series.marks:
        yield from _point(axes, mark, nth % len(COLOURS))


def _point(axes: Axes, mark: Mark, place: int) -> Iterator[Markup]:
    across, colour = axes.across(mark.x), COLOURS[place]
    if mark.high > mark.low:
        low, high = axes.down(mark.low), axes.down(mark.high)
        path = f"M{across:.1f} {low:.1f}V{high:.1f}M{across - 4:.1f} {low:.1f}h8M{across - 4:.1f} {high:.1f}h8"
        yield element("path", class_=f"reach s{place}", d=path, fill="none", stroke=colour, stroke_width=1.5)
    yield element("circle", class_=f"dot s{place}", cx=across, cy=axes.down(mark.y), r=4, fill=colour)


def _stairs(axes: Axes, places: Sequence[tuple[float, float]]) -> str:
    """A path that keeps each height until the next place."""
    first, *rest = places
    return f"M{axes.across(first[0]):.1f} {axes.down(first[1]):.1f}" + "".join(
        f"H{axes.across(x):.1f}V{axes.down(y):.1f}" for x, y in rest
    )


def _area(axes: Axes, series: Series, nth: int) -> Markup:
    """The range of a curve, from its upper end there and back along its lower one."""
    place = nth % len(COLOURS)
    upper = _stairs(axes, [(mark.x, mark.high) for mark in series.marks])
    back = "".join(
        f"V{axes.down(before.low):.1f}H{axes.across(before.x):.1f}" for before in reversed(series.marks[:-1])
    )
    path = f"{upper}L{axes.across(series.marks[-1].x):.1f} {axes.down(series.marks[-1].low):.1f}{back}Z"
    return element("path", class_=f"area s{place}", d=path, fill=COLOURS[place], fill_opacity=0.12)


def _labels(axes: Axes, picture: Picture, ticks: Sequence[float]) -> Iterator[Markup]:
    for tick in ticks:
        yield _word(place_words(tick), axes.across(tick), axes.floor + 17, anchor="middle")
    yield _word(picture.x, (axes.frame.left + axes.edge) / 2, axes.floor + 36, anchor="middle")


def _at_risk(axes: Axes, picture: Picture) -> Iterator[Markup]:
    """How many are still looked at, below the x axis, one line for each series."""
    counted = [(nth, one) for nth, one in enumerate(picture.series) if one.at_risk]
    if not counted:
        return
    kept = set(ticks_of(picture, axes.frame))
    down = axes.floor + 36 + LINE
    yield _word(picture.remaining, 2, down)
    for place, (nth, one) in enumerate(counted, start=1):
        yield _stroke(f"M2 {down + LINE * place - 4}h16", nth)
        yield joined(
            *(
                _word(f"{left.number:,}", axes.across(left.x), down + LINE * place, anchor="middle")
                for left in one.at_risk
                if left.x in kept
            )
        )
