"""Reading calendars, tables, tracks, measures, scores, requirements, accounts and benefits."""

from __future__ import annotations

from datetime import date
from typing import Any, Final, Literal

from swingby.program.blocks import DayOfYear, ListItem, Scalar
from swingby.program.model import (
    Account,
    Benefit,
    Calendar,
    DeclaredNumber,
    NamedRequirement,
    Table,
    Track,
    TrackCase,
)
from swingby.program.numbers import NO_TEXT, RuleText
from swingby.program.reading import literals
from swingby.program.reading.circles import REQUIREMENT, VALUE
from swingby.program.reading.efforts import CONTROL, EFFORT_KEY
from swingby.program.reading.nodes import ListNode, MapNode, Node, ScalarNode
from swingby.program.reading.number_forms import read_number
from swingby.program.reading.reader import Fields, Reader
from swingby.program.reading.scalars import DAY, DAY_OF_YEAR, NAME, TEXT, WORD, choice, list_of, read_items
from swingby.program.reading.shapes import Construct, Key, ListOf, Shape
from swingby.program.reading.shapes import Literal as LiteralForm
from swingby.program.reading.texts import TEXT_KEYS, rule_text
from swingby.program.reading.time import MOMENT

# --- calendars ------------------------------------------------------------------------------------------------------

Starts = DayOfYear | Literal["joined", "tier"]
STARTS_SHAPE: Final[Shape[Starts]] = Shape("a day of the year, joined or tier")


def _read_starts(node: Node, reader: Reader) -> Starts | None:
    if isinstance(node, ScalarNode) and node.text in ("joined", "tier"):
        return "joined" if node.text == "joined" else "tier"
    return DAY_OF_YEAR.read(node, reader)


STARTS_SHAPE.bind(_read_starts, LiteralForm("joined or tier", words=("joined", "tier")), DAY_OF_YEAR)
STARTS: Final = Key("starts", STARTS_SHAPE, "when its year starts: a day, joined, or tier (when the tier held began)")
MONTH_STARTS: Final = Key(
    "month_starts",
    list_of(DAY, "a list of days"),
    "the first day of each month, for years that do not follow the civil months",
)
CALENDAR_MAP: Final = Construct("calendar", "A year of its own.", (STARTS, MONTH_STARTS, *TEXT_KEYS))


def read_calendar(name: str, node: Node, reader: Reader) -> Calendar | None:
    """One declaration under calendars."""
    fields = reader.fields(node, CALENDAR_MAP)
    if fields is None:
        return None
    months = fields.get(MONTH_STARTS) or ()
    starts = fields.get(STARTS) or (DayOfYear(months[0].month, months[0].day) if months else None)
    if not (fields.has(STARTS) or fields.has(MONTH_STARTS)):
        reader.error(node, "key-missing", "A calendar needs starts or month_starts.", 'Add "starts: 02-01".')
    if list(months) != sorted(set(months)):
        reader.error(node, "steps-order", "month_starts go from early to late, each once.", "Sort the days.")
    elif len(months) == 1:
        message = "month_starts name one day; the last day listed only ends the month before it."
        reader.error(node, "list-length", message, "List the first day of every month, and the day after the last one.")
    if starts is None:
        return None
    return Calendar(name=name, starts=starts, month_starts=months, text=rule_text(fields), location=node.location)


# --- tables ---------------------------------------------------------------------------------------------------------

ITEM: Final[Shape[ListItem]] = Shape("an item")
ITEM_IS: Final = Key("is", WORD, "the item", required=True)
ITEM_FROM: Final = Key("from", DAY, "the first day on which it belongs to the list", default="always")
ITEM_UNTIL: Final = Key("until", DAY, "the first day on which it no longer does", default="for ever")
ITEM_MAP: Final = Construct(
    "item of a table", "An item that belongs to a list for a time.", (ITEM_IS, ITEM_FROM, ITEM_UNTIL)
)
TABLE: Final[Shape[Table]] = Shape("a table", "a list, or a value with a name")


def _read_item(node: Node, reader: Reader) -> ListItem | None:
    if isinstance(node, ScalarNode):
        return _item(node, None, None, reader)
    fields = reader.fields(node, ITEM_MAP)
    inner = fields.node.get(ITEM_IS.name) if fields else None
    if fields is None or inner is None:
        return None
    starts, ends = fields.get(ITEM_FROM), fields.get(ITEM_UNTIL)
    if starts and ends and starts >= ends:
        reader.error(node, "window-shape", "The item ends before it starts.", "until is the first day without it.")
    return _item(inner, starts, ends, reader)


def _item(node: Node, starts: date | None, ends: date | None, reader: Reader) -> ListItem | None:
    if not isinstance(node, ScalarNode) or node.is_nothing:
        reader.shape(node, "one item")
        return None
    value: Scalar = literals.scalar(node.text, quoted=node.quoted)
    return ListItem(value=value, starts_on=starts, ends_on=ends, location=node.location)


ITEM.bind(_read_item, LiteralForm("an item", ("string", "number", "boolean")), ITEM_MAP)


def read_table(name: str, node: Node, reader: Reader) -> Table | None:
    """One declaration under tables."""
    if isinstance(node, ListNode):
        return Table(name=name, items=read_items(node, reader, ITEM), location=node.location)
    value = VALUE.read(node, reader)
    return Table(name=name, value=value, location=node.location) if value else None


TABLE.bind(lambda node, reader: read_table("", node, reader), ListOf(ITEM), VALUE)

# --- tracks ---------------------------------------------------------------------------------------------------------

CASE: Final[Shape[TrackCase]] = Shape("a case")
CASE_IS: Final = Key("is", WORD, "the word", required=True)
CASE_REQUIRES: Final = Key("requires", REQUIREMENT, "when it is this one", required=True)
CASE_MAP: Final = Construct("case of a track", "A word and what it requires.", (CASE_IS, CASE_REQUIRES))
CHOSEN: Final = Key("chosen", NAME, "a decision topic: the partner's latest choice on it")
CASES: Final = Key("cases", list_of(CASE, "a list of cases"), "computed: the first whose requires is met")
OTHERWISE: Final = Key("otherwise", WORD, "the word when nothing is chosen or no case is met", required=True)
TRACK_MAP: Final = Construct(
    "track", "One word per enrolment.", (CHOSEN, CASES, OTHERWISE, *TEXT_KEYS), one_of=("chosen", "cases")
)


def _read_case(node: Node, reader: Reader) -> TrackCase | None:
    fields = reader.fields(node, CASE_MAP)
    if fields is None:
        return None
    word, requires = fields.get(CASE_IS), fields.get(CASE_REQUIRES)
    return TrackCase(word=word, requires=requires, location=node.location) if word and requires else None


CASE.bind(_read_case, CASE_MAP)


def read_track(name: str, node: Node, reader: Reader) -> Track | None:
    """One declaration under tracks."""
    fields = reader.fields(node, TRACK_MAP)
    otherwise = fields.get(OTHERWISE) if fields else None
    if fields is None or otherwise is None:
        return None
    return Track(
        name=name,
        otherwise=otherwise,
        chosen=fields.get(CHOSEN),
        cases=fields.get(CASES) or (),
        text=rule_text(fields),
        location=node.location,
    )


# --- measures and scores --------------------------------------------------------------------------------------------

SIDE: Final[Key[Literal["partner", "vendor"]]] = Key(
    "side", choice("partner or vendor", ("partner", "vendor")), "whose promise it is", default="partner"
)
MEASURE_KEYS: Final[tuple[Key[Any], ...]] = (*TEXT_KEYS, CONTROL, EFFORT_KEY, SIDE)
MEASURE_MAP: Final = Construct("measure", "A number under a name.", MEASURE_KEYS)


def read_declared(
    name: str, node: Node, reader: Reader, *, section: Literal["measure", "score"]
) -> DeclaredNumber | None:
    """One declaration under measures or scores."""
    number = read_number(node, reader, MEASURE_KEYS)
    fields = _fields_among(node, MEASURE_MAP, reader)
    if number is None or fields is None:
        return None
    return DeclaredNumber(
        name=name,
        section=section,
        number=number,
        text=rule_text(fields),
        control=fields.get(CONTROL),
        effort=fields.get(EFFORT_KEY),
        side=fields.get(SIDE) or "partner",
        location=node.location,
    )


def _fields_among(node: Node, construct: Construct, reader: Reader) -> Fields | None:
    """The keys of a construct in a mapping that also holds others, which were checked by their own reader."""
    if not isinstance(node, MapNode):
        return Fields(reader, MapNode(node.location, ()), construct, ())
    own = tuple(entry for entry in node.entries if construct.key(entry[0].text))
    return Fields(reader, MapNode(node.location, own, node.key), construct, ())


# --- requirements, accounts, benefits -------------------------------------------------------------------------------


def read_named_requirement(name: str, node: Node, reader: Reader) -> NamedRequirement | None:
    """One declaration under requirements."""
    found = REQUIREMENT.read(node, reader)
    if found is None:
        return None
    text: RuleText = getattr(found, "text", NO_TEXT)
    return NamedRequirement(name=name, requirement=found, text=text, location=node.location)


ACCOUNT_UNIT: Final = Key("unit", TEXT, "what it holds: a currency or a word", required=True)
OPENS: Final = Key("opens", MOMENT, "from when what came in can be used", default="at once")
EXPIRES: Final = Key("expires", MOMENT, "until when it can be used", default="never")
ACCOUNT_MAP: Final = Construct(
    "account",
    "A ledger of lots: what comes in first is spent first.",
    (ACCOUNT_UNIT, OPENS, EXPIRES, *(key for key in TEXT_KEYS if key.name != "unit")),
)


def read_account(name: str, node: Node, reader: Reader) -> Account | None:
    """One declaration under accounts."""
    fields = reader.fields(node, ACCOUNT_MAP)
    unit = fields.get(ACCOUNT_UNIT) if fields else None
    if fields is None or unit is None:
        return None
    return Account(
        name=name,
        unit=unit,
        opens=fields.get(OPENS),
        expires=fields.get(EXPIRES),
        text=rule_text(fields),
        location=node.location,
    )


BENEFIT_VALUE: Final = Key("value", VALUE, "what it gives, usually by a ladder", required=True)
BENEFIT_MAP: Final = Construct("benefit", "What a tier grants.", (BENEFIT_VALUE, *TEXT_KEYS))


def read_benefit(name: str, node: Node, reader: Reader) -> Benefit | None:
    """One declaration under benefits."""
    fields = reader.fields(node, BENEFIT_MAP)
    value = fields.get(BENEFIT_VALUE) if fields else None
    if fields is None or value is None:
        return None
    return Benefit(name=name, value=value, text=rule_text(fields), location=node.location)
