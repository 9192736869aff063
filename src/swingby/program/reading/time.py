"""Reading lengths, periods, windows, moments and schedules."""

from __future__ import annotations

from datetime import date
from typing import Final, Literal

from swingby.program.blocks import (
    DayUnit,
    Length,
    Moment,
    MomentStep,
    PeriodUnit,
    Schedule,
    Window,
    WindowKind,
)
from swingby.program.reading import literals
from swingby.program.reading.nodes import ListNode, MapNode, Node, ScalarNode
from swingby.program.reading.reader import Fields, Reader, did_you_mean, shorten
from swingby.program.reading.scalars import DAY, DAY_OF_YEAR, INTEGER, choice, from_text, list_of, one_or_more
from swingby.program.reading.shapes import Construct, Key, Shape
from swingby.program.reading.shapes import Literal as LiteralForm

# --- lengths and periods --------------------------------------------------------------------------------------------

LENGTH_PART: Final[Shape[tuple[int, DayUnit]]] = from_text(
    "a length",
    literals.length_part,
    LiteralForm("length", pattern=f"^{literals.LENGTH_PATTERN}$"),
    hint='Write a count and a unit, as "12 months" or "30 days" (at most 100 years).',
    code="length-shape",
)
LENGTH: Final[Shape[Length]] = Shape("a length", "`12 months`, or a list that is added in order")
_PARTS: Final = one_or_more(LENGTH_PART, "a length")


def read_length(node: Node, reader: Reader) -> Length | None:
    """``12 months`` or ``[1 month, 15 days]``."""
    parts = _PARTS.read(node, reader)
    return Length(parts) if parts else None


LENGTH.bind(read_length, *_PARTS.forms)

PERIOD: Final[Shape[PeriodUnit]] = Shape("a period", "`month`, `fiscal quarter`, `2 membership years`")


def read_period(node: Node, reader: Reader) -> PeriodUnit | None:
    """``month``, ``fiscal quarter``, ``2 membership years``."""
    if not isinstance(node, ScalarNode) or node.is_nothing:
        reader.shape(node, "a period such as month or fiscal quarter")
        return None
    found = literals.period(node.text)
    if found is None:
        period_unknown(node, reader)
    return found


def period_unknown(node: ScalarNode, reader: Reader) -> None:
    """Note that a text is no period, and which one it may stand for."""
    before, _, last = node.text.rpartition(" ")
    word = last or node.text
    instead = f"{before} {_unit_for(word)}".strip() if _unit_for(word) else ""
    hint = f"write {{{node.key}: {instead}}}." if instead else f"units are {', '.join(literals.UNITS)}."
    reader.error(node, "period-unknown", f'"{shorten(word)}" is not a unit;', hint)


_ADVERBS: Final = {
    "daily": "day",
    "weekly": "week",
    "monthly": "month",
    "quarterly": "quarter",
    "half-year": "half",
    "half-years": "halves",
    "half_year": "half",
    "half-yearly": "half",
    "semester": "half",
    "yearly": "year",
    "annual": "year",
    "annually": "year",
}


def _unit_for(word: str) -> str:
    if word in _ADVERBS:
        return _ADVERBS[word]
    hint = did_you_mean(word, literals.UNITS)
    return hint.split('"')[1] if hint else ""


PERIOD.bind(read_period, LiteralForm("period", pattern=f"^{literals.PERIOD_PATTERN}$"))

# --- moments --------------------------------------------------------------------------------------------------------

MOMENT: Final[Shape[Moment]] = Shape("a moment", "a midnight worked out from another")
START_OF: Final = Key("start_of", PERIOD, "go to the start of the period that holds the moment")
END_OF: Final = Key(
    "end_of", PERIOD, "go to the end of the period that holds the moment: the midnight after its last day"
)
SHIFT: Final = Key("shift", INTEGER, "move the period by so many first; negative goes back", default="0")
AFTER: Final = Key("after", LENGTH, "then add a length")
MOMENT_KEYS: Final = (START_OF, END_OF, SHIFT, AFTER)
MOMENT_STEP: Final = Construct(
    "moment", "A midnight worked out from another: start_of or end_of first, then after.", MOMENT_KEYS
)


def read_moment(node: Node, reader: Reader) -> Moment | None:
    """One step, or a list of steps that are applied in order."""
    if isinstance(node, ScalarNode):
        _moment_shape(node, reader)
        return None
    nodes = node.items if isinstance(node, ListNode) else (node,)
    steps = tuple(step for item in nodes if (step := _read_step(item, reader)))
    if not nodes:
        reader.shape(node, "at least one step")
    return Moment(steps=steps, location=node.location) if steps else None


def _moment_shape(node: ScalarNode, reader: Reader) -> None:
    written = node.text if literals.length_part(node.text) else "12 months"
    reader.error(node, "moment-shape", f"write {node.key}: {{after: {written}}}")


def _read_step(node: Node, reader: Reader) -> MomentStep | None:
    fields = reader.fields(node, MOMENT_STEP)
    return moment_step(fields) if fields else None


def moment_step(fields: Fields) -> MomentStep | None:
    """The step that the moment keys of a mapping describe."""
    reader = fields.reader
    if fields.has(START_OF) and fields.has(END_OF):
        reader.error(
            fields.location, "moment-shape", "One step has start_of or end_of, not both.", "Write a list of two steps."
        )
    if not any(fields.has(key) for key in (START_OF, END_OF, AFTER)):
        reader.error(
            fields.location, "moment-shape", "A moment needs start_of, end_of or after.", "Write {after: 12 months}."
        )
        return None
    if fields.has(SHIFT) and not (fields.has(START_OF) or fields.has(END_OF)):
        reader.error(
            fields.location, "moment-shape", "shift moves start_of or end_of.", "Add one of them or use after."
        )
    anchor: Literal["start_of", "end_of"] | None = None
    anchor = "start_of" if fields.has(START_OF) else "end_of" if fields.has(END_OF) else None
    unit = fields.get(START_OF) or fields.get(END_OF)
    return MomentStep(anchor, unit, fields.get(SHIFT) or 0, fields.get(AFTER))


MOMENT.bind(read_moment, MOMENT_STEP)

# --- windows --------------------------------------------------------------------------------------------------------

WINDOW: Final[Shape[Window]] = Shape("a window", "a half-open span of days before or after the as-of day")
FIRST_DAY: Final[Shape[date | Literal["joined"]]] = Shape("a day or joined")


def _read_first_day(node: Node, reader: Reader) -> date | Literal["joined"] | None:
    if isinstance(node, ScalarNode) and node.text == "joined":
        return "joined"
    return DAY.read(node, reader)


FIRST_DAY.bind(_read_first_day, LiteralForm("joined", words=("joined",)), DAY)
LAST: Final = Key("last", LENGTH, "so long before the end of the as-of day, to the day")
PREVIOUS: Final = Key("previous", PERIOD, "the last complete periods; one that ends with the as-of day is complete")
CURRENT: Final = Key("current", PERIOD, "the period that holds the as-of day, and those before it if a count is given")
NEXT: Final = Key("next", LENGTH, "so long after the as-of day")
FROM: Final = Key("from", FIRST_DAY, "a first day (included), or joined")
THROUGH: Final = Key("through", DAY, "a last day (included), with from", default="the as-of day")
AGO: Final = Key("ago", LENGTH, "moves the as-of day back first")
NOT_BEFORE: Final = Key("not_before", FIRST_DAY, "cuts the window off at the left: a day or joined")
WINDOW_MAP: Final = Construct(
    "window",
    "When: a half-open span of days.",
    (LAST, PREVIOUS, CURRENT, NEXT, FROM, THROUGH, AGO, NOT_BEFORE),
    one_of=("last", "previous", "current", "next", "from"),
)
_KINDS: Final[tuple[tuple[Key[PeriodUnit], WindowKind] | tuple[Key[Length], WindowKind], ...]] = (
    (LAST, "last"),
    (PREVIOUS, "previous"),
    (CURRENT, "current"),
    (NEXT, "next"),
)


def read_window(node: Node, reader: Reader) -> Window | None:
    """``ever``, or one of last, previous, current, next and from."""
    if isinstance(node, ScalarNode):
        return _read_ever(node, reader)
    fields = reader.fields(node, WINDOW_MAP)
    if fields is None:
        return None
    if fields.has(THROUGH) and not fields.has(FROM):
        reader.error(fields.location, "window-shape", "through needs from.", "Add from: a day or joined.")
    return Window(
        kind=next((kind for key, kind in _KINDS if fields.has(key)), "between"),
        length=fields.get(LAST) or fields.get(NEXT),
        unit=fields.get(PREVIOUS) or fields.get(CURRENT),
        first=fields.get(FROM),
        through=fields.get(THROUGH),
        ago=fields.get(AGO),
        not_before=fields.get(NOT_BEFORE),
        location=node.location,
    )


def _read_ever(node: ScalarNode, reader: Reader) -> Window | None:
    if node.text == "ever":
        return Window(kind="ever", location=node.location)
    written = node.text if literals.length_part(node.text) else "12 months"
    hint = f"Write {node.key}: {{last: {written}}} or {node.key}: ever."
    reader.error(node, "window-shape", f'"{shorten(node.text)}" is not a window.', hint)
    return None


WINDOW.bind(read_window, LiteralForm("ever", words=("ever",)), WINDOW_MAP)

# --- schedules ------------------------------------------------------------------------------------------------------

SCHEDULE: Final[Shape[Schedule]] = Shape("a schedule", "repeated moments")
EACH: Final = Key("each", PERIOD, "at every midnight between two periods; {each: day} looks at the day itself")
DATES: Final = Key(
    "dates", list_of(DAY_OF_YEAR, "a list of days of the year"), "at the midnights that begin these days"
)
ONCE: Final = Key("once", MOMENT, "once, at a moment counted from joining")
THEN: Final = Key("then", MOMENT, "moves each moment")
BUSINESS_DAY: Final[Key[Literal["next"]]] = Key(
    "business_day",
    choice("a way to move to a business day", ("next",)),
    "moves a moment on a weekend or holiday to the next business day",
)
CUT_OFF: Final = Key("cut_off", LENGTH, "only facts up to so long before the moment")
SCHEDULE_KEYS: Final = (EACH, DATES, ONCE, THEN, BUSINESS_DAY, CUT_OFF)
SCHEDULE_MAP: Final = Construct("schedule", "Repeated moments.", SCHEDULE_KEYS, one_of=("each", "dates", "once"))


def read_schedule(node: Node, reader: Reader) -> Schedule | None:
    """``never`` or a mapping with each, dates or once."""
    if isinstance(node, ScalarNode):
        return read_never(node, reader)
    fields = reader.fields(node, SCHEDULE_MAP)
    return schedule_of(fields) if fields else None


def read_never(node: ScalarNode, reader: Reader) -> Schedule | None:
    """The word ``never``, or an issue that shows how a schedule is written."""
    if node.text == "never":
        return Schedule(kind="never", location=node.location)
    written = node.text if literals.period(node.text) else _unit_for(node.text) or "month"
    hint = f"Write {node.key}: {{each: {written}}} or {node.key}: never."
    reader.error(node, "schedule-shape", f'"{shorten(node.text)}" is not a schedule.', hint)
    return None


def schedule_of(fields: Fields) -> Schedule | None:
    """The schedule that the schedule keys of a mapping describe."""
    kind: Literal["each", "dates", "once"]
    kind = "each" if fields.has(EACH) else "dates" if fields.has(DATES) else "once"
    unit, days, once = fields.get(EACH), fields.get(DATES), fields.get(ONCE)
    if unit is None and not days and once is None:
        return None
    return Schedule(
        kind=kind,
        unit=unit,
        days=days or (),
        once=once,
        then=fields.get(THEN),
        business_day=fields.get(BUSINESS_DAY),
        cut_off=fields.get(CUT_OFF),
        location=fields.location,
    )


SCHEDULE.bind(read_schedule, LiteralForm("never", words=("never",)), SCHEDULE_MAP)


def is_moment(node: Node) -> bool:
    """Whether a node is written as a moment rather than a schedule or a value."""
    if isinstance(node, ListNode):
        return bool(node.items) and is_moment(node.items[0])
    return isinstance(node, MapNode) and bool(node.entries) and all(name in _MOMENT_NAMES for name in node.names)


_MOMENT_NAMES: Final = frozenset(key.name for key in MOMENT_KEYS)
