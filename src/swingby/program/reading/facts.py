"""Reading how a rule takes its facts: the kind, the filter, the window, credit and picks."""

from __future__ import annotations

from typing import Final, Literal

from swingby.program.blocks import Window
from swingby.program.numbers import Credit, Pick
from swingby.program.reading.circles import FILTER
from swingby.program.reading.nodes import ListNode, Node, ScalarNode
from swingby.program.reading.reader import Fields, Reader
from swingby.program.reading.scalars import COLUMN, COLUMNS, COUNT, NAME, WORD, choice, one_or_more
from swingby.program.reading.shapes import Construct, Key, ListOf, Shape
from swingby.program.reading.shapes import Literal as LiteralForm
from swingby.program.reading.time import WINDOW

# --- credit ---------------------------------------------------------------------------------------------------------

Several = Literal["all", "earliest", "latest", "split"]
ROLL_UP: Final[Key[Literal["nearest", "own", "tree"]]] = Key(
    "roll_up",
    choice("a way up the tree", ("nearest", "own", "tree")),
    "nearest enrolled organization at or above, only the own, or every enrolled ancestor",
    default="as the program's header says",
)
THROUGH: Final = Key(
    "through",
    NAME,
    "a state kind with an organization that links facts to partners",
    default="the link of the fact's owner",
)
MATCHING: Final = Key(
    "matching", COLUMN, "the link's column that equals the fact's owner", default="the owner's column"
)
AT: Final[Key[Literal["fact", "as_of"]]] = Key(
    "at", choice("a day", ("fact", "as_of")), "when the link must hold", default="fact for events, as_of for states"
)
SEVERAL_SHAPE: Final[Shape[Several | tuple[str, ...]]] = Shape("all, earliest, latest, split or a list of words")
SEVERAL: Final = Key(
    "several",
    SEVERAL_SHAPE,
    "who gets a fact that several partners are linked to; a list of the links' kinds: the first one present takes all",
    default="all",
)
CREDIT_MAP: Final = Construct("credit", "How facts reach a partner.", (THROUGH, MATCHING, AT, SEVERAL, ROLL_UP))
CREDIT_SHAPE: Final[Shape[Credit]] = Shape("credit", "how facts reach a partner")
_ONE: Final[Shape[Several]] = choice("a way to share", ("all", "earliest", "latest", "split"))
_ORDER: Final = one_or_more(WORD, "a list of words")


def _read_several(node: Node, reader: Reader) -> Several | tuple[str, ...] | None:
    return _ORDER.read(node, reader) if isinstance(node, ListNode) else _ONE.read(node, reader)


SEVERAL_SHAPE.bind(_read_several, *_ONE.forms, ListOf(WORD))


def read_credit(node: Node, reader: Reader) -> Credit | None:
    """``any``, or a mapping."""
    if isinstance(node, ScalarNode) and node.text == "any":
        return Credit(anyone=True, location=node.location)
    fields = reader.fields(node, CREDIT_MAP)
    return _credit(fields) if fields else None


def _credit(fields: Fields) -> Credit:
    return Credit(
        through=fields.get(THROUGH),
        matching=fields.get(MATCHING),
        at=fields.get(AT),
        several=fields.get(SEVERAL) or "all",
        roll_up=fields.get(ROLL_UP),
        location=fields.location,
    )


CREDIT_SHAPE.bind(read_credit, LiteralForm("any", words=("any",)), CREDIT_MAP)

# --- pick -----------------------------------------------------------------------------------------------------------

FIRST: Final = Key("first", COUNT, "the earliest n")
LAST: Final = Key("last", COUNT, "the latest n")
HIGHEST: Final = Key("highest", COUNT, "the n highest by column")
LOWEST: Final = Key("lowest", COUNT, "the n lowest by column")
PICK_COLUMN: Final = Key(
    "column", COLUMN, "what highest and lowest compare", default="none; needed by highest and lowest"
)
PER: Final = Key("per", COLUMNS, "so many for each of these", default="so many in all")
AMONG: Final = Key("among", FILTER, "which facts may be picked", default="all credited facts in the window")
PICK_MAP: Final = Construct(
    "pick",
    "Chooses facts before where does; ties by fact id.",
    (FIRST, LAST, HIGHEST, LOWEST, PICK_COLUMN, PER, AMONG),
    one_of=("first", "last", "highest", "lowest"),
)
PICK_SHAPE: Final[Shape[Pick]] = Shape("a pick", "chooses facts before where does")
_ORDERS: Final[tuple[tuple[Key[int], Literal["first", "last", "highest", "lowest"]], ...]] = (
    (FIRST, "first"),
    (LAST, "last"),
    (HIGHEST, "highest"),
    (LOWEST, "lowest"),
)


def read_pick(node: Node, reader: Reader) -> Pick | None:
    """``{last: 1, per: customer}``."""
    fields = reader.fields(node, PICK_MAP)
    if fields is None:
        return None
    found = next(((key, order) for key, order in _ORDERS if fields.has(key)), None)
    count = fields.get(found[0]) if found else None
    if found is None or count is None:
        return None
    column = fields.get(PICK_COLUMN)
    if found[1] in ("highest", "lowest") and column is None:
        reader.error(node, "key-missing", f"{found[1]} needs a column to compare.", 'Add "column:".')
    return Pick(
        order=found[1],
        count=count,
        column=column,
        per=fields.get(PER) or (),
        among=fields.get(AMONG),
        location=node.location,
    )


PICK_SHAPE.bind(read_pick, PICK_MAP)

# --- the keys themselves --------------------------------------------------------------------------------------------

OF: Final = Key("of", NAME, "the kind of fact", required=True)
WHERE: Final = Key("where", FILTER, "which facts", default="all")
OVER: Final = Key("over", WINDOW, "when; must be written for events", default="the as-of day for states")
CREDIT: Final = Key("credit", CREDIT_SHAPE, "how facts reach a partner", default="through the link of the fact's owner")
PICK: Final = Key("pick", PICK_SHAPE, "chooses facts before where does", default="all")
WHEN: Final[Key[Literal["held", "started", "ended"]]] = Key(
    "when",
    choice("held, started or ended", ("held", "started", "ended")),
    "for states: held on the as-of day or at some time in the window, started in it, or ended in it",
    default="held",
)


def window_over(fields: Fields) -> Window | None:
    """The window under ``over``; one that cannot be read counts as written, so that nobody asks for it again."""
    if not fields.has(OVER):
        return None
    return fields.get(OVER) or Window(kind="ever", location=fields.location)
