"""Geometry of the charts: from values to coordinates, without markup.

The templates draw what these functions return, so that the same picture serves the page and a document. All
coordinates are ``Decimal`` with one place, in the units of the frame's view box.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal

from swingby.web.design.parts import Gate, Level, LineChart, Reading, State

TENTH = Decimal("0.1")
HALF_LABEL = 26
RING_GAP = Decimal("2.4")
MONTH_STEPS = (1, 2, 3, 6, *range(12, 1200, 12))  # up to a century on the narrowest picture
NICE_STEPS = (Decimal(1), Decimal(2), Decimal("2.5"), Decimal(5), Decimal(10))


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """The view box of a chart, its margins, and how many labels fit along each axis."""

    width: int
    height: int
    left: int
    right: int
    top: int
    bottom: int
    day_labels: int
    value_labels: int

    @property
    def plot_width(self) -> int:
        """Width between the margins."""
        return self.width - self.left - self.right

    @property
    def plot_height(self) -> int:
        """Height between the margins."""
        return self.height - self.top - self.bottom

    @property
    def floor(self) -> int:
        """The y coordinate of the lower axis."""
        return self.height - self.bottom

    @property
    def edge(self) -> int:
        """The x coordinate of the right end of the plot."""
        return self.width - self.right


WIDE = Frame(width=720, height=300, left=44, right=18, top=12, bottom=30, day_labels=12, value_labels=5)
NARROW = Frame(width=340, height=230, left=38, right=14, top=12, bottom=30, day_labels=4, value_labels=4)


@dataclass(frozen=True, slots=True, kw_only=True)
class DayLabel:
    """A label below the plot; ``style`` is how Django writes the day, ``anchor`` keeps it inside the picture."""

    x: Decimal
    day: date
    style: str
    anchor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueLabel:
    """A label left of the plot with its grid line."""

    y: Decimal
    value: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelLine:
    """A level drawn across the plot."""

    y: Decimal
    level: Level


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """All coordinates of one line chart in one frame."""

    frame: Frame
    key: str
    line: str
    area: str
    compared: tuple[str, ...]
    end_x: Decimal
    end_y: Decimal
    days: tuple[DayLabel, ...]
    values: tuple[ValueLabel, ...]
    levels: tuple[LevelLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RingPart:
    """One arc of a ring whose whole path is 100 long."""

    length: Decimal
    rest: Decimal
    offset: Decimal
    state: State


@dataclass(frozen=True, slots=True, kw_only=True)
class Axes:
    """The scales of a chart: what the corners of the plot mean."""

    frame: Frame
    first: date
    last: date
    ceiling: Decimal

    def x(self, day: date) -> Decimal:
        """Horizontal place of a day."""
        span = max((self.last - self.first).days, 1)
        return tenth(self.frame.left + Decimal(self.frame.plot_width * (day - self.first).days) / span)

    def y(self, value: Decimal) -> Decimal:
        """Vertical place of a value."""
        return tenth(self.frame.floor - self.frame.plot_height * value / self.ceiling)


def tenth(value: Decimal) -> Decimal:
    """Round a coordinate to one place."""
    return value.quantize(TENTH, rounding=ROUND_HALF_UP)


def share_of(value: Decimal | None, whole: Decimal | None) -> Decimal:
    """How much of a bar is filled, from 0 to 1; an unknown value fills nothing."""
    if value is None or not whole or whole <= 0:
        return Decimal(0)
    return min(max(value / whole, Decimal(0)), Decimal(1))


def fill_of(gate: Gate) -> Decimal:
    """How much of a requirement's bar is filled; a met one is always full."""
    if gate.state == "met":
        return Decimal(1)
    if gate.comparison in {"at_most", "below"}:
        return share_of(gate.threshold, gate.value)
    return share_of(gate.value, gate.threshold)


def ring_of(states: Sequence[State]) -> tuple[RingPart, ...]:
    """Divide a ring into one arc per requirement, with a gap between neighbours."""
    if not states:
        return ()
    slot = Decimal(100) / len(states)
    gap = RING_GAP if len(states) > 1 else Decimal(0)
    length = tenth(slot - gap)
    return tuple(
        RingPart(length=length, rest=100 - length, offset=-tenth(slot * index + gap / 2), state=state)
        for index, state in enumerate(states)
    )


def nice_step(largest: Decimal, labels: int) -> Decimal:
    """The smallest round step that reaches the largest value in so many steps."""
    raw = max(largest, Decimal(1)) / labels
    unit = Decimal(1).scaleb(raw.adjusted())
    return next(step * unit for step in NICE_STEPS if step * unit >= raw)


def value_labels(largest: Decimal, labels: int) -> tuple[Decimal, ...]:
    """Round values from zero to just above the largest."""
    step = nice_step(largest, labels)
    count = int((max(largest, Decimal(1)) / step).to_integral_value(rounding=ROUND_CEILING))
    return tuple(step * index for index in range(count + 1))


def month_starts(first: date, last: date) -> tuple[date, ...]:
    """The first days of months from ``first`` to ``last``, both included."""
    index = first.year * 12 + first.month - 1 + (first.day > 1)
    starts = []
    while (day := date(index // 12, index % 12 + 1, 1)) <= last:
        starts.append(day)
        index += 1
    return tuple(starts)


def day_labels(axes: Axes) -> tuple[DayLabel, ...]:
    """Month labels that fit the frame; a range within about a month gets its two ends."""
    months = month_starts(axes.first, axes.last)
    if len(months) <= 1:
        ends = dict.fromkeys((axes.first, axes.last))
        return tuple(label_at(day, axes, "j M") for day in ends)
    days = thin_out(months, axes.frame.day_labels)
    return tuple(label_at(day, axes, "M Y" if place == 0 or day.month == 1 else "M") for place, day in enumerate(days))


def label_at(day: date, axes: Axes, style: str) -> DayLabel:
    """One label under its day."""
    x = axes.x(day)
    return DayLabel(x=x, day=day, style=style, anchor=anchor_at(x, axes.frame))


def thin_out(months: tuple[date, ...], labels: int) -> tuple[date, ...]:
    """Keep months at an even step of a month, quarter, half-year or years, so that at most ``labels`` remain."""
    step = next(step for step in MONTH_STEPS if len(months) <= step * labels)
    start = next((place for place, day in enumerate(months) if (day.month - 1) % min(step, 12) == 0), 0)
    return months[start::step] if step > 1 else months


def anchor_at(x: Decimal, frame: Frame) -> str:
    """Where a label's text is held so that it stays inside the picture."""
    if x > frame.width - HALF_LABEL:
        return "end"
    return "start" if x < HALF_LABEL else "middle"


def path_through(readings: Sequence[Reading], axes: Axes) -> str:
    """The path of a line; empty without readings."""
    steps = (f"{axes.x(reading.day)} {axes.y(reading.value)}" for reading in readings)
    body = " L".join(steps)
    return f"M{body}" if body else ""


def axes_of(chart: LineChart, frame: Frame) -> Axes:
    """Scales that hold every line and level of a chart."""
    readings = [reading for series in (chart.main, *chart.compared) for reading in series.readings]
    days = [reading.day for reading in readings]
    highest = max([reading.value for reading in readings] + [level.value for level in chart.levels])
    ceiling = value_labels(highest, frame.value_labels)[-1]
    return Axes(frame=frame, first=min(days), last=max(days), ceiling=ceiling)


def draw(chart: LineChart, frame: Frame, size: str) -> Drawing | None:
    """Place one chart in one frame, or return ``None`` when there is nothing to draw.

    Parameters
    ----------
    chart
        What to show.
    frame
        The view box to show it in.
    size
        A word that makes ids of the two versions of one chart differ.
    """
    if not chart.main.readings:
        return None
    axes = axes_of(chart, frame)
    last = chart.main.readings[-1]
    line = path_through(chart.main.readings, axes)
    return Drawing(
        frame=frame,
        key=f"{chart.key}-{size}",
        line=line,
        area=f"{line} L{axes.x(last.day)} {frame.floor} L{axes.x(chart.main.readings[0].day)} {frame.floor} Z",
        compared=tuple(path_through(series.readings, axes) for series in chart.compared),
        end_x=axes.x(last.day),
        end_y=axes.y(last.value),
        days=day_labels(axes),
        values=tuple(
            ValueLabel(y=axes.y(value), value=value) for value in value_labels(axes.ceiling, frame.value_labels)
        ),
        levels=tuple(LevelLine(y=axes.y(level.value), level=level) for level in chart.levels),
    )


def sparkline(trend: Sequence[Decimal]) -> str:
    """Points of a small line in a box of 100 by 30; empty with fewer than two values."""
    if len(trend) <= 1:
        return ""
    low, high = min(trend), max(trend)
    span = high - low or Decimal(1)
    places = (
        f"{tenth(Decimal(100 * index) / (len(trend) - 1))},{tenth(27 - 24 * (value - low) / span)}"
        for index, value in enumerate(trend)
    )
    return " ".join(places)
