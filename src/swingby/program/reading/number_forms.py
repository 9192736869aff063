"""Reading ranks, assignments, times and references; and telling the forms of number apart."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Final, Literal

from swingby.program.blocks import ByCase, Constant, Value
from swingby.program.numbers import (
    AccountNumber,
    AssignNumber,
    Number,
    NumberReference,
    NumberSection,
    RankNumber,
    Seat,
    TimeNumber,
    ValueNumber,
)
from swingby.program.reading import literals
from swingby.program.reading.circles import FILTER, NUMBER, QUANTITY
from swingby.program.reading.facts import OF, OVER
from swingby.program.reading.nodes import ListNode, MapNode, Node, ScalarNode
from swingby.program.reading.numbers import (
    LIST_ITEM,
    LIST_ITEM_MAP,
    OF_EACH,
    OF_FACTS,
    OF_LIST,
    ONLY,
    PEERS,
    read_list_item,
    read_of_each,
    read_of_facts,
    read_of_list,
)
from swingby.program.reading.options import OPTION_KEYS, Keys, number_options
from swingby.program.reading.reader import Reader
from swingby.program.reading.scalars import COLUMN, DAY, NAME, WORD, choice, list_of
from swingby.program.reading.shapes import Construct, Joined, Key, MapOf, Shape
from swingby.program.reading.time import LENGTH, PERIOD
from swingby.program.reading.values import NUMBER_HEADS, QUANTITY_FORMS

# --- 4 rank, 5 assign, 6 of time ------------------------------------------------------------------------------------

RANK: Final = Key("rank", NUMBER, "the number by which enrolments are placed", required=True)
RANK_MAP: Final = Construct(
    "rank",
    "The place among peers: 1 for the highest; equal values share the better place.",
    (RANK, PEERS, ONLY, *OPTION_KEYS),
)


def read_rank(node: MapNode, reader: Reader, also: Keys) -> RankNumber | None:
    """``{rank: {measure: spend}, peers: organization.country}``."""
    fields = reader.fields(node, RANK_MAP, also)
    number = fields.get(RANK) if fields else None
    if fields is None or number is None:
        return None
    return RankNumber(
        number=number,
        peers=fields.get(PEERS) or (),
        only=fields.get(ONLY),
        options=number_options(fields),
        location=node.location,
    )


SEAT: Final[Shape[Seat]] = Shape("a seat")
ROLE: Final = Key("role", WORD, "what the seat is called", required=True)
INSIDE: Final = Key("in", WORD, "the group the seat stands in; a person sits once per group", required=True)
SEAT_COUNT: Final = Key("count", QUANTITY, "how many such seats", default="1")
SEAT_WHERE: Final = Key("where", FILTER, "which facts let a person sit here", default="all")
SEAT_MAP: Final = Construct("seat", "A role to be filled.", (ROLE, INSIDE, SEAT_COUNT, SEAT_WHERE))
ROLES: Final = Key("roles", QUANTITY, "in how many different roles one person may sit", default="any number")
SEATS_EACH: Final[Shape[Value]] = Shape("a number, or a number per role")
PERSON_SEATS: Final = Key(
    "seats", SEATS_EACH, "how many seats one person may take; a mapping gives them per role", default="any number"
)
PERSON_MAP: Final = Construct("each_person", "How often one person may be used.", (ROLES, PERSON_SEATS))
PERSON: Final[Shape[tuple[Value | None, Value | None]]] = Shape("limits per person")


def _read_seat(node: Node, reader: Reader) -> Seat | None:
    fields = reader.fields(node, SEAT_MAP)
    if fields is None:
        return None
    role, inside = fields.get(ROLE), fields.get(INSIDE)
    if role is None or inside is None:
        return None
    count = fields.get(SEAT_COUNT) or ONE_SEAT
    return Seat(role=role, inside=inside, count=count, where=fields.get(SEAT_WHERE), location=node.location)


SEAT.bind(_read_seat, SEAT_MAP)
ONE_SEAT: Final = Constant(value=Decimal(1))


def _read_seats_each(node: Node, reader: Reader) -> Value | None:
    """A number, or roles with a number each: short for a value by role."""
    if not isinstance(node, MapNode) or _is_value_form(node):
        return QUANTITY.read(node, reader)
    cases = ((key.text, QUANTITY.read(child, reader)) for key, child in node.entries)
    found = tuple((word, value) for word, value in cases if value is not None)
    return ByCase(by="role", cases=found, location=node.location)


def _is_value_form(node: MapNode) -> bool:
    known = ("by", "initially", "table", "benefit", "column", *NUMBER_HEADS)
    return any(name in known or literals.is_day_shaped(name) for name in node.names)


SEATS_EACH.bind(_read_seats_each, QUANTITY, MapOf(QUANTITY))


def _read_person(node: Node, reader: Reader) -> tuple[Value | None, Value | None] | None:
    fields = reader.fields(node, PERSON_MAP)
    return (fields.get(ROLES), fields.get(PERSON_SEATS)) if fields else None


PERSON.bind(_read_person, PERSON_MAP)
ASSIGN: Final = Key("assign", COLUMN, "who sits: a column, usually person", required=True)
SEATS: Final = Key("seats", list_of(SEAT, "a list of seats"), "the seats to fill", required=True)
EACH_PERSON: Final = Key("each_person", PERSON, "how often one person may be used", default="as often as needed")
ASSIGN_MAP: Final = Construct(
    "assign", "The most seats that people can fill.", (ASSIGN, OF, SEATS, EACH_PERSON, *OPTION_KEYS)
)


def read_assign(node: MapNode, reader: Reader, also: Keys) -> AssignNumber | None:
    """``{assign: person, of: credentials, seats: […]}``."""
    fields = reader.fields(node, ASSIGN_MAP, also)
    if fields is None:
        return None
    person, of, seats = fields.get(ASSIGN), fields.get(OF), fields.get(SEATS)
    if person is None or of is None or not seats:
        return None
    roles, seats_each = fields.get(EACH_PERSON) or (None, None)
    options = number_options(fields)
    return AssignNumber(
        person=person, of=of, seats=seats, roles=roles, seats_each=seats_each, options=options, location=node.location
    )


COUNT_UNITS: Final = Key("count", PERIOD, "the unit of time", required=True)
TIME_OVER: Final = Key("over", OVER.shape, "the window that is measured", required=True)
OF_TIME: Final = Construct(
    "number of time", "How many whole units fit into a window.", (COUNT_UNITS, TIME_OVER, *OPTION_KEYS)
)


def read_of_time(node: MapNode, reader: Reader, also: Keys) -> TimeNumber | None:
    """``{count: month, over: {from: joined}}``."""
    fields = reader.fields(node, OF_TIME, also)
    if fields is None:
        return None
    unit, over = fields.get(COUNT_UNITS), fields.get(TIME_OVER)
    if unit is None or over is None:
        return None
    return TimeNumber(unit=unit, over=over, options=number_options(fields), location=node.location)


# --- references -----------------------------------------------------------------------------------------------------

_SECTION_DOCS: Final[dict[NumberSection, str]] = {
    "measure": "the name of a measure",
    "points": "the name of points",
    "score": "the name of a score",
    "incentive": "the name of an incentive",
}
SECTIONS: Final = tuple(_SECTION_DOCS)
REFERENCE_HEADS: Final = tuple(Key(word, NAME, doc) for word, doc in _SECTION_DOCS.items())
AGO: Final = Key("ago", LENGTH, "as of so long ago", default="as of the day")
AT: Final = Key("at", DAY, "as of this day", default="as of the day")
REFERENCE_OVER: Final = Key(
    "over", OVER.shape, "for points and incentives: what was earned in the window", default="what is in force"
)
REFERENCE: Final = Construct(
    "reference to a number",
    "A declared number, perhaps of another day.",
    (*REFERENCE_HEADS, AGO, AT, REFERENCE_OVER),
    one_of=SECTIONS,
)


def read_reference(node: MapNode, reader: Reader, also: Keys) -> NumberReference | None:
    """``{measure: x, ago: 12 months}``; keys that the surroundings take are left to them."""
    fields = reader.fields(node, REFERENCE, also)
    head = next(key for key in REFERENCE_HEADS if node.get(key.name) is not None)
    name = fields.get(head) if fields else None
    if fields is None or name is None:
        return None
    taken = {key.name for key in also}
    return NumberReference(
        section=next(section for section in SECTIONS if section == head.name),
        name=name,
        ago=None if AGO.name in taken else fields.get(AGO),
        at=None if AT.name in taken else fields.get(AT),
        over=fields.get(REFERENCE_OVER),
        location=node.location,
    )


ACCOUNT: Final = Key("account", NAME, "the name of an account", required=True)
SHOW: Final[Key[Literal["balance", "opened", "used", "expired"]]] = Key(
    "show",
    choice("what an account shows", ("balance", "opened", "used", "expired")),
    "what is left, came in, was spent, or lapsed",
    default="balance",
)
ACCOUNT_OVER: Final = Key("over", OVER.shape, "for opened, used and expired: when", default="ever")
ACCOUNT_MAP: Final = Construct("account number", "What an account shows.", (ACCOUNT, SHOW, ACCOUNT_OVER))


def read_account(node: MapNode, reader: Reader, also: Keys) -> AccountNumber | None:
    """``{account: coop, show: opened}``."""
    fields = reader.fields(node, ACCOUNT_MAP, also)
    account = fields.get(ACCOUNT) if fields else None
    if fields is None or account is None:
        return None
    return AccountNumber(
        account=account, show=fields.get(SHOW) or "balance", over=fields.get(ACCOUNT_OVER), location=node.location
    )


# --- telling the forms apart ----------------------------------------------------------------------------------------

FormReader = Callable[[MapNode, Reader, Keys], Number | None]


def read_number(node: Node, reader: Reader, also: Keys = ()) -> Number | None:
    """Any form of number.

    Parameters
    ----------
    node
        What is written.
    reader
        Collects issues.
    also
        Keys that the surroundings read from the same mapping.
    """
    if isinstance(node, ScalarNode):
        return _read_scalar(node, reader)
    found = reader.mapping(node, "a number")
    if found is None:
        return None
    heads = [name for name in found.names if name in NUMBER_HEADS]
    if len(heads) > 1:
        message = f"One number is written here, but {' and '.join(heads)} each begin one."
        reader.error(node, "number-mixed", message, "Keep one of them, or name the inner number.")
        return None
    if heads:
        return _form(found, heads[0])(found, reader, also)
    return _read_value_number(found.without(*(key.name for key in also)), reader)


def _read_scalar(node: ScalarNode, reader: Reader) -> ValueNumber | None:
    section = reader.names.get(node.text)
    if section is None:
        value = QUANTITY.read(node, reader)
        return ValueNumber(value=value, location=node.location) if value else None
    hint = f"Write {{{section}: {node.text}}}; bare names stand in lists only."
    reader.error(node, "number-shape", f'"{node.text}" is a bare name.', hint)
    return None


def _read_value_number(node: MapNode, reader: Reader) -> ValueNumber | None:
    value = QUANTITY.read(node, reader)
    return ValueNumber(value=value, location=node.location) if value else None


def _form(node: MapNode, head: str) -> FormReader:
    if head in _BY_HEAD:
        return _BY_HEAD[head]
    inner = node.get(head)
    if isinstance(inner, ListNode):
        return read_of_list
    if isinstance(inner, MapNode) or "each" in node.names:
        return read_of_each
    return read_of_time if _is_time(node, inner) else read_of_facts


def _is_time(node: MapNode, inner: Node | None) -> bool:
    is_period = isinstance(inner, ScalarNode) and literals.period(inner.text) is not None
    return is_period and "of" not in node.names and "count" in node.names


_BY_HEAD: Final[dict[str, FormReader]] = {
    "rank": read_rank,
    "assign": read_assign,
    "account": read_account,
    **dict.fromkeys(SECTIONS, read_reference),
    **dict.fromkeys(("product", "difference", "ratio", "growth"), read_of_list),
}
NUMBER_MAPS: Final = (OF_FACTS, OF_EACH, OF_LIST, RANK_MAP, ASSIGN_MAP, OF_TIME, REFERENCE, ACCOUNT_MAP)
LIST_ITEM.bind(read_list_item, NAME, Joined(NUMBER_MAPS, LIST_ITEM_MAP), QUANTITY)
NUMBER.bind(read_number, *NUMBER_MAPS, *QUANTITY_FORMS)
