"""Reading requirements: a number or a status against a line, and groups of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final, Literal, cast

from swingby.program.blocks import Filter, Test, Value
from swingby.program.numbers import (
    ColumnTest,
    Compare,
    DecisionMade,
    Group,
    Number,
    RankLine,
    Requirement,
    RequirementReference,
    TierHeld,
    TrackIs,
)
from swingby.program.reading import filters
from swingby.program.reading.circles import QUANTITY, REQUIREMENT, ROWS
from swingby.program.reading.facts import OVER
from swingby.program.reading.nodes import ListNode, MapNode, Node, ScalarNode
from swingby.program.reading.number_forms import AGO, AT, NUMBER_MAPS, REFERENCE, REFERENCE_HEADS, read_number
from swingby.program.reading.reader import Fields, Reader, did_you_mean
from swingby.program.reading.scalars import COLUMN, NAME, WORDS, choice, one_or_more
from swingby.program.reading.shapes import Construct, Joined, Key, ListOf, Shape
from swingby.program.reading.shapes import Literal as LiteralForm
from swingby.program.reading.texts import TEXT_KEYS, rule_text
from swingby.program.reading.values import NUMBER_HEADS

Keys = tuple[Key[Any], ...]

# --- a number against a line ----------------------------------------------------------------------------------------

LINE: Final[Shape[Value | Literal["all"]]] = Shape("a number, or all")


def _read_line(node: Node, reader: Reader) -> Value | Literal["all"] | None:
    if isinstance(node, ScalarNode) and node.text == "all":
        return "all"
    return QUANTITY.read(node, reader)


LINE.bind(_read_line, LiteralForm("all", words=("all",)), QUANTITY)
_LINE_DOCS: Final[dict[Test, str]] = {
    "at_least": "the line or more; all is the number of things counted",
    "above": "more than the line",
    "at_most": "the line or less",
    "below": "less than the line",
    "is": "exactly the line",
    "is_not": "anything but the line",
}
LINES: Final = tuple(Key(word, LINE, doc) for word, doc in _LINE_DOCS.items())
TESTS: Final[tuple[Test, ...]] = tuple(_LINE_DOCS)
TOP: Final = Key("top", QUANTITY, "for a rank: within this share (3%) or this count of the peers")
CUT: Final[Key[Literal["down", "up"]]] = Key(
    "cut", choice("down or up", ("down", "up")), "how the share of the peers is rounded to places", default="down"
)
COMPARE: Final = Construct(
    "requirement of a number",
    "A number against a line; measure, points and score may hold a list of names for one row each.",
    (*LINES, TOP, CUT, AGO, AT, *TEXT_KEYS),
    one_of=(*TESTS, "top"),
)


def _read_compare(node: MapNode, reader: Reader) -> Requirement | None:
    number = read_number(node, reader, COMPARE.keys)
    fields = _own_fields(node, reader, COMPARE)
    if number is None or fields is None:
        return None
    return _rank_line(fields, number) if fields.has(TOP) else _compare(fields, number)


def _own_fields(node: MapNode, reader: Reader, construct: Construct) -> Fields | None:
    """The keys of the requirement itself; those of the number inside were checked with the number."""
    own = tuple(entry for entry in node.entries if construct.key(entry[0].text))
    if construct is COMPARE and not _has_line(node):
        message = "A number needs a line: one of at_least, above, at_most, below, is, is_not or top."
        reader.error(node, "line-missing", message, 'Add "at_least:" with the number to reach.')
        return None
    return reader.fields(MapNode(node.location, own, node.key), construct)


def _has_line(node: MapNode) -> bool:
    return any(name in node.names for name in COMPARE.one_of)


def _compare(fields: Fields, number: Number) -> Compare | None:
    key = next(key for key in LINES if fields.has(key))
    line = fields.get(key)
    if line is None:
        return None
    return Compare(
        number=number,
        test=cast("Test", key.name),
        line=None if line == "all" else line,
        ago=fields.get(AGO),
        at=fields.get(AT),
        text=rule_text(fields),
        location=fields.location,
    )


def _rank_line(fields: Fields, number: Number) -> RankLine | None:
    top = fields.get(TOP)
    node = fields.node.get(TOP.name)
    if top is None:
        return None
    is_share = isinstance(node, ScalarNode) and node.text.endswith("%")
    return RankLine(
        number=number,
        top=top,
        is_share=is_share,
        cut=fields.get(CUT) or "down",
        text=rule_text(fields),
        location=fields.location,
    )


# --- statuses -------------------------------------------------------------------------------------------------------

LADDER: Final = Key("ladder", NAME, "the name of a ladder", required=True)
TIER_LINES: Final = tuple(
    Key(word, NAME, f"the tier held is {_said}")
    for word, _said in (
        ("at_least", "this one or higher"),
        ("above", "higher than this one"),
        ("at_most", "this one or lower, or none"),
        ("below", "lower than this one, or none"),
        ("is", "this one"),
        ("is_not", "another one, or none"),
    )
)
TIER_HELD: Final = Construct(
    "requirement of a tier", "The tier held on a ladder.", (LADDER, *TIER_LINES, AGO, AT, *TEXT_KEYS), one_of=TESTS
)


def _read_tier_held(node: MapNode, reader: Reader) -> TierHeld | None:
    fields = reader.fields(node, TIER_HELD)
    key = next((key for key in TIER_LINES if node.get(key.name) is not None), None)
    ladder, tier = (fields.get(LADDER), fields.get(key)) if fields and key else (None, None)
    if fields is None or key is None or ladder is None or tier is None:
        return None
    return TierHeld(
        ladder=ladder,
        test=cast("Test", key.name),
        tier=tier,
        ago=fields.get(AGO),
        at=fields.get(AT),
        text=rule_text(fields),
        location=node.location,
    )


DECISION: Final = Key("decision", NAME, "the topic that was decided", required=True)
OUTCOMES: Final = Key("is", WORDS, "the outcome, or a list of accepted ones", default="approved")
DECISION_OVER: Final = Key("over", OVER.shape, "when the decision was taken", default="in force on the day")
DECISION_MADE: Final = Construct(
    "requirement of a decision", "The latest decision on a topic.", (DECISION, OUTCOMES, DECISION_OVER, *TEXT_KEYS)
)


def _read_decision(node: MapNode, reader: Reader) -> DecisionMade | None:
    fields = reader.fields(node, DECISION_MADE)
    topic = fields.get(DECISION) if fields else None
    if fields is None or topic is None:
        return None
    return DecisionMade(
        topic=topic,
        outcomes=fields.get(OUTCOMES) or ("approved",),
        over=fields.get(DECISION_OVER),
        text=rule_text(fields),
        location=node.location,
    )


TRACK: Final = Key("track", NAME, "the name of a track", required=True)
TRACK_IS: Final = Key("is", WORDS, "the word, or one of a list")
TRACK_IS_NOT: Final = Key("is_not", WORDS, "any other word")
TRACK_MAP: Final = Construct(
    "requirement of a track",
    "The track is one of the words.",
    (TRACK, TRACK_IS, TRACK_IS_NOT, *TEXT_KEYS),
    one_of=("is", "is_not"),
)


def _read_track(node: MapNode, reader: Reader) -> TrackIs | None:
    fields = reader.fields(node, TRACK_MAP)
    if fields is None:
        return None
    track, words = fields.get(TRACK), fields.get(TRACK_IS) or fields.get(TRACK_IS_NOT)
    if track is None or not words:
        return None
    return TrackIs(
        track=track, words=words, negated=fields.has(TRACK_IS_NOT), text=rule_text(fields), location=node.location
    )


COLUMN_KEY: Final = Key("column", COLUMN, "a column of the enrolment or its organization", required=True)
COLUMN_TEST: Final = Construct(
    "requirement of a column", "A column under a test.", (COLUMN_KEY, *filters.TESTS.keys, *TEXT_KEYS)
)


def _read_column(node: MapNode, reader: Reader) -> ColumnTest | None:
    fields = reader.fields(node, COLUMN_TEST)
    column = fields.get(COLUMN_KEY) if fields else None
    if fields is None or column is None:
        return None
    conditions = filters.column_tests(column, fields)
    if not conditions and not any(fields.has(key) for key in filters.TESTS.keys):
        reader.error(node, "line-missing", "A column needs a test.", f"Write {{column: {column}, is: …}}.")
        return None
    found = Filter(conditions=conditions, location=node.location)
    return ColumnTest(filter=found, text=rule_text(fields), location=node.location)


NAMED: Final = Key("requirement", NAME, "the name of a requirement", required=True)
NAMED_MAP: Final = Construct(
    "reference to a requirement", "A declared requirement, perhaps of another day.", (NAMED, AGO, AT, *TEXT_KEYS)
)


def _read_named(node: MapNode, reader: Reader) -> RequirementReference | None:
    fields = reader.fields(node, NAMED_MAP)
    name = fields.get(NAMED) if fields else None
    if fields is None or name is None:
        return None
    return RequirementReference(
        name=name, ago=fields.get(AGO), at=fields.get(AT), text=rule_text(fields), location=node.location
    )


# --- groups ---------------------------------------------------------------------------------------------------------

GroupKind = Literal["all", "any", "none", "count"]
_GROUP_DOCS: Final[dict[GroupKind, str]] = {
    "all": "every one is met",
    "any": "at least one is met",
    "none": "not one is met",
    "count": "so many are met as at_least says",
}
GROUP_HEADS: Final = tuple(Key(word, ROWS, doc) for word, doc in _GROUP_DOCS.items())
GROUP_LINE: Final = Key("at_least", LINE, "with count: how many; all for every one")
GROUP_MAP: Final = Construct(
    "group of requirements", "Requirements together.", (*GROUP_HEADS, GROUP_LINE, *TEXT_KEYS), one_of=tuple(_GROUP_DOCS)
)


def _read_group(node: MapNode, reader: Reader) -> Group | None:
    fields = reader.fields(node, GROUP_MAP)
    head = next(key for key in GROUP_HEADS if node.get(key.name) is not None)
    items = fields.get(head) if fields else None
    if fields is None or not items:
        return None
    _check_group_line(fields, head.name)
    line = fields.get(GROUP_LINE)
    return Group(
        kind=cast("GroupKind", head.name),
        items=items,
        at_least=None if line == "all" else line,
        text=rule_text(fields),
        location=node.location,
    )


def _check_group_line(fields: Fields, kind: str) -> None:
    if kind == "count" and not fields.has(GROUP_LINE):
        fields.reader.error(
            fields.location, "line-missing", "count needs at_least.", 'Add "at_least:" with a number or all.'
        )
    if kind != "count" and fields.has(GROUP_LINE):
        fields.reader.error(
            fields.location, "key-unknown", f"{kind} has no at_least.", "Write count: […] for so many of a list."
        )


# --- telling them apart ---------------------------------------------------------------------------------------------

_READERS: Final[dict[str, Callable[[MapNode, Reader], Requirement | None]]] = {
    "all": _read_group,
    "any": _read_group,
    "none": _read_group,
    "ladder": _read_tier_held,
    "decision": _read_decision,
    "track": _read_track,
    "requirement": _read_named,
    "column": _read_column,
}


def read_requirement(node: Node, reader: Reader) -> Requirement | None:
    """One requirement; rows that a short form writes together become a group that needs all of them."""
    rows = read_rows(node, reader)
    if not rows:
        return None
    first, *others = rows
    if not others:
        return first
    return Group(kind="all", items=rows, location=node.location)


def read_rows(node: Node, reader: Reader) -> tuple[Requirement, ...]:
    """The requirements that a node writes: one, or one for each of a list of names."""
    found = reader.mapping(node, "a requirement", _requirement_hint(node, reader))
    if found is None:
        return ()
    rows = (_read_one(each, reader) for each in _expand(found))
    return tuple(row for row in rows if row is not None)


def _requirement_hint(node: Node, reader: Reader) -> str:
    if isinstance(node, ScalarNode) and node.text in reader.names:
        return f"Write {{{reader.names[node.text]}: {node.text}, at_least: …}}."
    return "Write {measure: …, at_least: …}, {requirement: …}, {decision: …} or a group such as {all: […]}."


def _expand(node: MapNode) -> Iterable[MapNode]:
    """One mapping for each name in a list under measure, points or score."""
    for key, child in node.entries:
        if isinstance(child, ListNode) and key.text in _LISTED:
            return [_with_head(node, key, name) for name in child.items]
    return [node]


_LISTED: Final = frozenset(key.name for key in REFERENCE_HEADS)


def _with_head(node: MapNode, key: ScalarNode, name: Node) -> MapNode:
    entries = tuple((old, name if old is key else value) for old, value in node.entries)
    return MapNode(name.location, entries, node.key)


def _read_one(node: MapNode, reader: Reader) -> Requirement | None:
    for word, read in _READERS.items():
        if word in node.names:
            return read(node, reader)
    if isinstance(node.get("count"), ListNode) and not {"each", "of"}.intersection(node.names):
        return _read_group(node, reader)
    if not any(name in NUMBER_HEADS for name in node.names):
        _not_a_requirement(node, reader)
        return None
    return _read_compare(node, reader)


def _not_a_requirement(node: MapNode, reader: Reader) -> None:
    known = (*_READERS, *NUMBER_HEADS)
    hint = next(filter(None, (did_you_mean(name, known) for name in node.names)), "")
    message = "This is not a requirement: no key says what is asked."
    reader.error(node, "requirement-shape", message, hint or _requirement_hint(node, reader))


def _read_row_list(node: Node, reader: Reader) -> tuple[Requirement, ...] | None:
    if not isinstance(node, ListNode):
        reader.shape(node, "a list of requirements", "Put it into brackets: […].")
        return None
    if not node.items:
        reader.shape(node, "at least one requirement", "Add one, or leave the group out.")
    return tuple(row for item in node.items for row in read_rows(item, reader))


ROW_HEADS: Final = tuple(
    Key(key.name, one_or_more(NAME, "a name or a list of names"), f"{key.doc}, or a list for one row each")
    for key in REFERENCE_HEADS
)
NAMED_NUMBERS: Final = Construct(
    "numbers by name", REFERENCE.doc, (*ROW_HEADS, *REFERENCE.keys[len(ROW_HEADS) :]), REFERENCE.one_of
)
COMPARED: Final = (*(each for each in NUMBER_MAPS if each is not REFERENCE), NAMED_NUMBERS)
ROWS.bind(_read_row_list, ListOf(REQUIREMENT))
REQUIREMENT.bind(
    read_requirement, Joined(COMPARED, COMPARE), TIER_HELD, DECISION_MADE, TRACK_MAP, COLUMN_TEST, NAMED_MAP, GROUP_MAP
)
