"""Reading earnings: what a behaviour earns in points or money."""

from __future__ import annotations

from typing import Any, Final, Literal

from swingby.program.blocks import Length, Moment, Scale, Schedule, Value
from swingby.program.model import Earning, FactSource, SplitPart
from swingby.program.numbers import Requirement
from swingby.program.reading import literals
from swingby.program.reading.circles import NUMBER, QUANTITY, REQUIREMENT, VALUE
from swingby.program.reading.efforts import CONTROL, EARNING_EFFORT
from swingby.program.reading.facts import CREDIT, OVER, PICK, WHEN, WHERE
from swingby.program.reading.limits import PER
from swingby.program.reading.nodes import ListNode, Node, ScalarNode
from swingby.program.reading.options import BY, CAP_KEY, ROUND
from swingby.program.reading.reader import Fields, Reader
from swingby.program.reading.scalars import COLUMN, NAME, TRUTH, choice, list_of
from swingby.program.reading.shapes import Construct, Key, ListOf, MapOf, Shape
from swingby.program.reading.shapes import Literal as LiteralForm
from swingby.program.reading.texts import TEXT_KEYS, rule_text
from swingby.program.reading.time import LENGTH, MOMENT, PERIOD, SCHEDULE, is_moment
from swingby.program.reading.values import TIMES

# --- scales ---------------------------------------------------------------------------------------------------------

ScaleKind = Literal["rate", "full", "steps", "bands"]
SCALE: Final[Shape[Scale]] = Shape("a scale", "how a number becomes points or money; a list of scales is their sum")
SCALE_PART: Final[Shape[Scale]] = Shape("one scale", "one part of a sum of scales")
BOUNDS: Final[Shape[tuple[tuple[Value, Value], ...]]] = Shape("lower bounds with values")
RATE: Final = Key("rate", QUANTITY, "so much for each")
FULL: Final = Key("full", QUANTITY, "this much where at is reached, and a share of it below")
STEPS: Final = Key("steps", BOUNDS, "the value of the highest bound reached, for the whole amount; below the first 0")
BANDS: Final = Key("bands", BOUNDS, "each rate on the part between its bound and the next")
SCALE_OF: Final = Key("of", COLUMN, "with for_each: the column that is x", default="1 for each fact")
SCALE_PER: Final = Key("per", QUANTITY, "with rate: for each so many", default="1")
WHOLE: Final = Key("whole", TRUTH, "with rate and per: only whole ones count", default="false")
SCALE_AT: Final = Key("at", QUANTITY, "with full: where the full amount is reached")
SCALE_MAP: Final = Construct(
    "scale", "A number becomes points or money.", (RATE, FULL, STEPS, BANDS, SCALE_OF, SCALE_PER, WHOLE, SCALE_AT)
)
_SCALES: Final[tuple[ScaleKind, ...]] = ("rate", "full", "steps", "bands")
_SUM: Final = 2
_BELONGS: Final = {"at": "full", "per": "rate", "whole": "rate"}


def _read_bounds(node: Node, reader: Reader) -> tuple[tuple[Value, Value], ...] | None:
    found = reader.mapping(node, "bounds with values", "Write {0: 1, 1000: 2}.")
    if found is None:
        return None
    pairs = [(QUANTITY.read(key, reader), QUANTITY.read(child, reader)) for key, child in found.entries]
    bounds = [_bound(key) for key, _ in found.entries]
    if None not in bounds and bounds != sorted(bounds, key=lambda bound: bound or 0):
        reader.error(node, "steps-order", "Bounds go from low to high.", "Write the lowest first.")
    return tuple((low, value) for low, value in pairs if low is not None and value is not None)


def _bound(key: ScalarNode) -> Any:
    return literals.number(key.text)


BOUNDS.bind(_read_bounds, MapOf(QUANTITY, f"^{literals.NUMBER_PATTERN}$"))


def read_scale(node: Node, reader: Reader) -> Scale | None:
    """One scale, or a list of scales that are added up."""
    if not isinstance(node, ListNode):
        return read_part(node, reader)
    if len(node.items) < _SUM:
        reader.error(
            node, "list-length", "A list of scales adds them up, so it has two or more.", "Write the scale alone."
        )
        return None
    parts = [SCALE_PART.read(item, reader) for item in node.items]
    found = tuple(part for part in parts if part is not None)
    return Scale(kind="sum", parts=found, location=node.location) if len(found) == len(parts) else None


def read_part(node: Node, reader: Reader) -> Scale | None:
    """``10``, or a mapping with one of rate, full, steps and bands."""
    if isinstance(node, ScalarNode):
        rate = QUANTITY.read(node, reader)
        return Scale(kind="rate", value=rate, location=node.location) if rate else None
    fields = reader.fields(node, SCALE_MAP)
    if fields is None:
        return None
    _check_scale(fields)
    return _scale(fields)


def _check_scale(fields: Fields) -> None:
    kinds = [kind for kind in _SCALES if kind in fields.node.names]
    strays = [word for word, kind in _BELONGS.items() if word in fields.node.names and kind not in kinds]
    if len(kinds) == 1 and not strays:
        return
    tail = "".join(f' "{word}" belongs to {_BELONGS[word]}.' for word in strays)
    found = "" if len(kinds) == 1 else f" found {', '.join(kinds) or 'none'}."
    fields.reader.error(fields.location, "scale-mixed", f"one of rate, full, steps, bands;{tail}{found}")


def _scale(fields: Fields) -> Scale | None:
    kind = next((kind for kind in _SCALES if kind in fields.node.names), None)
    value, steps = fields.get(RATE) or fields.get(FULL), fields.get(STEPS) or fields.get(BANDS)
    if kind is None or (value is None and not steps):
        return None
    if kind == "full" and not fields.has(SCALE_AT):
        fields.reader.error(
            fields.location, "key-missing", "full needs at: where the full amount is reached.", 'Add "at:".'
        )
    return Scale(
        kind=kind,
        value=value,
        of=fields.get(SCALE_OF),
        per=fields.get(SCALE_PER),
        whole=fields.get(WHOLE) or False,
        at=fields.get(SCALE_AT),
        steps=steps or (),
        location=fields.location,
    )


_PLAIN: Final = LiteralForm("number or percent", ("number", "string"), f"^{literals.NUMBER_PATTERN}$")
SCALE_PART.bind(read_part, _PLAIN, SCALE_MAP)
SCALE.bind(read_scale, _PLAIN, SCALE_MAP, ListOf(SCALE_PART))

# --- days of an entry -----------------------------------------------------------------------------------------------

DATED_SHAPE: Final[Shape[Value | Moment]] = Shape("a day, a column or a moment")
AWARDED_SHAPE: Final[Shape[Schedule | Moment]] = Shape("a schedule or a moment")
CANCELLED_SHAPE: Final[Shape[Literal["reverse", "keep"] | Length]] = Shape("reverse, keep or {within: …}")
WITHIN: Final = Key("within", LENGTH, "reversed if cancelled within so long, else kept", required=True)
CANCELLED_MAP: Final = Construct("cancellation", "What a cancelled fact does.", (WITHIN,))
_CANCELLED_WORD: Final[Shape[Literal["reverse", "keep"]]] = choice("reverse or keep", ("reverse", "keep"))


def _read_dated(node: Node, reader: Reader) -> Value | Moment | None:
    return MOMENT.read(node, reader) if is_moment(node) else VALUE.read(node, reader)


def _read_awarded(node: Node, reader: Reader) -> Schedule | Moment | None:
    return MOMENT.read(node, reader) if is_moment(node) else SCHEDULE.read(node, reader)


def _read_cancelled(node: Node, reader: Reader) -> Literal["reverse", "keep"] | Length | None:
    if isinstance(node, ScalarNode):
        return _CANCELLED_WORD.read(node, reader)
    fields = reader.fields(node, CANCELLED_MAP)
    within: Length | None = fields.get(WITHIN) if fields else None
    return within


DATED_SHAPE.bind(_read_dated, MOMENT, VALUE)
AWARDED_SHAPE.bind(_read_awarded, MOMENT, SCHEDULE)
CANCELLED_SHAPE.bind(_read_cancelled, *_CANCELLED_WORD.forms, CANCELLED_MAP)

# --- parts ----------------------------------------------------------------------------------------------------------

PART: Final[Shape[SplitPart]] = Shape("a part")
SHARE: Final = Key("share", QUANTITY, "which share of the entry", required=True)
PART_INTO: Final = Key("into", NAME, "the account it goes into", required=True)
PART_LEAST: Final = Key("at_least", QUANTITY, "the least that this part must come to", default="none")
PART_OTHERWISE: Final = Key(
    "otherwise", NAME, "the account it goes into when it stays below at_least", default="nowhere"
)
PART_MAP: Final = Construct(
    "part", "A share of an entry that goes into an account.", (SHARE, PART_INTO, PART_LEAST, PER, PART_OTHERWISE)
)


def _read_part(node: Node, reader: Reader) -> SplitPart | None:
    fields = reader.fields(node, PART_MAP)
    if fields is None:
        return None
    share, into = fields.get(SHARE), fields.get(PART_INTO)
    if share is None or into is None:
        return None
    return SplitPart(
        share=share,
        into=into,
        at_least=fields.get(PART_LEAST),
        per=fields.get(PER) or (),
        otherwise=fields.get(PART_OTHERWISE),
        location=node.location,
    )


PART.bind(_read_part, PART_MAP)

# --- earnings -------------------------------------------------------------------------------------------------------

EARN: Final = Key("earn", SCALE, "the scale", required=True)
BASED_ON: Final = Key("based_on", NUMBER, "a number: the earning is worked out again every day")
FOR_EACH: Final = Key("for_each", NAME, "a kind of fact: one dated entry for each fact")
EACH: Final = Key(
    "each", PERIOD, "with based_on: one dated entry for each closed period", default="worked out again every day"
)
EARNING_OVER: Final = Key(
    "over", OVER.shape, "with for_each: which facts by day; with each: which periods", default="ever"
)
TIMES_KEY: Final = Key("times", TIMES, "values by which the result of the scale is multiplied", default="1")
REQUIRES: Final[Key[Requirement]] = Key(
    "requires", REQUIREMENT, "0 while unmet; read on the entry's day, or on the as-of day", default="nothing"
)
DATED: Final = Key(
    "dated", DATED_SHAPE, "the day the entry counts for", default="the fact's day, or a period's last day"
)
RATES_AT: Final = Key("rates_at", COLUMN, "the column on whose day values are read", default="the fact's day")
AWARDED: Final = Key("awarded", AWARDED_SHAPE, "what confirms the entry; pending before", default="at once")
EXPIRES: Final = Key(
    "expires",
    MOMENT,
    "from when the entry no longer counts",
    default="never; a state's entry lives while the state does",
)
CANCELLED: Final[Key[Literal["reverse", "keep"] | Length]] = Key(
    "cancelled", CANCELLED_SHAPE, "what a cancelled fact does", default="reverse"
)
INTO: Final = Key("into", NAME, "the account that takes the entries")
OUT_OF: Final = Key("out_of", NAME, "the account that the entries are spent from")
SPLIT: Final = Key("split", list_of(PART, "a list of parts"), "shares of an entry for several accounts")
CURRENCY: Final[Key[Literal["own"]]] = Key(
    "currency",
    choice("own", ("own",)),
    "own keeps the fact's currency in amounts, steps and caps",
    default="the program's currency",
)
EARNING_MAP: Final = Construct(
    "earning",
    "What a behaviour earns: points or money.",
    (
        BASED_ON,
        FOR_EACH,
        WHERE,
        EARNING_OVER,
        CREDIT,
        PICK,
        WHEN,
        EACH,
        EARN,
        TIMES_KEY,
        REQUIRES,
        CAP_KEY,
        DATED,
        RATES_AT,
        AWARDED,
        EXPIRES,
        CANCELLED,
        INTO,
        OUT_OF,
        SPLIT,
        CURRENCY,
        ROUND,
        BY,
        CONTROL,
        EARNING_EFFORT,
        *TEXT_KEYS,
    ),
)
_FACT_KEYS: Final[tuple[Key[Any], ...]] = (WHERE, CREDIT, PICK, WHEN)
_FACT_ONLY: Final[tuple[Key[Any], ...]] = (*_FACT_KEYS, RATES_AT, CANCELLED, CURRENCY)


def read_earning(name: str, node: Node, reader: Reader, *, section: Literal["points", "incentive"]) -> Earning | None:
    """One declaration under points or incentives."""
    fields = reader.fields(node, EARNING_MAP)
    if fields is None:
        return None
    _check_source(fields)
    scale, based_on, source = fields.get(EARN), fields.get(BASED_ON), _source(fields)
    if scale is None or (based_on is None and source is None):
        return None
    return Earning(
        name=name,
        section=section,
        scale=scale,
        based_on=based_on,
        for_each=source,
        each=fields.get(EACH),
        over=None if source else fields.get(EARNING_OVER),
        times=fields.get(TIMES_KEY) or (),
        requires=fields.get(REQUIRES),
        cap=fields.get(CAP_KEY) or (),
        dated=fields.get(DATED),
        rates_at=fields.get(RATES_AT),
        awarded=fields.get(AWARDED),
        expires=fields.get(EXPIRES),
        cancelled=fields.get(CANCELLED) or "reverse",
        into=fields.get(INTO),
        out_of=fields.get(OUT_OF),
        split=fields.get(SPLIT) or (),
        own_currency=fields.get(CURRENCY) == "own",
        round=fields.get(ROUND),
        by=fields.get(BY) or (),
        text=rule_text(fields),
        control=fields.get(CONTROL),
        effort=fields.get(EARNING_EFFORT),
        location=node.location,
    )


def _source(fields: Fields) -> FactSource | None:
    of = fields.get(FOR_EACH)
    if of is None:
        return None
    return FactSource(
        of=of,
        where=fields.get(WHERE),
        over=fields.get(EARNING_OVER),
        credit=fields.get(CREDIT),
        pick=fields.get(PICK),
        when=fields.get(WHEN) or "held",
        location=fields.location,
    )


def _check_source(fields: Fields) -> None:
    reader = fields.reader
    if fields.has(BASED_ON) == fields.has(FOR_EACH):
        reader.error(fields.location, "earning-source", "say either based_on (a number) or for_each (facts), not both.")
        return
    strays = [key.name for key in _FACT_ONLY if fields.has(key)] if fields.has(BASED_ON) else []
    if strays:
        message = f"{', '.join(strays)} need for_each."
        reader.error(
            fields.location, "earning-source", message, "Put what limits the facts into the number under based_on."
        )
    if fields.has(FOR_EACH) and fields.has(EACH):
        reader.error(
            fields.location,
            "earning-source",
            "each needs based_on; for_each has an entry for each fact.",
            "Leave each out.",
        )
    _check_flow(fields)


def _check_flow(fields: Fields) -> None:
    used = [key.name for key in (INTO, OUT_OF, SPLIT) if fields.has(key)]
    if len(used) > 1:
        message = f"An entry goes one way, but {' and '.join(used)} are written."
        fields.reader.error(fields.location, "key-choice", message, "Keep one of them.")
