"""Reading ladders: tiers from low to high, and the clocks that move partners between them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from swingby.program.blocks import Schedule
from swingby.program.model import EVERY_DAY, Ladder, Review, Tier
from swingby.program.reading.circles import REQUIREMENT
from swingby.program.reading.nodes import ListNode, Node, ScalarNode
from swingby.program.reading.options import BY
from swingby.program.reading.reader import Fields, Reader
from swingby.program.reading.scalars import NAME, TRUTH, list_of, read_items
from swingby.program.reading.shapes import Construct, Key, ListOf, Shape
from swingby.program.reading.shapes import Literal as LiteralForm
from swingby.program.reading.texts import TEXT_KEYS, rule_text
from swingby.program.reading.time import LENGTH, MOMENT, SCHEDULE_KEYS, SCHEDULE_MAP, read_never, schedule_of

# --- tiers ----------------------------------------------------------------------------------------------------------

TIER: Final[Shape[Tier]] = Shape("a tier")
ID: Final = Key("id", NAME, "the name of the tier", required=True)
REQUIRES: Final = Key(
    "requires", REQUIREMENT, "what earns the tier; stands alone, whatever lower tiers require", default="nothing"
)
KEEPS: Final = Key("keeps", REQUIREMENT, "what keeps the tier at a demotion review", default="what it requires")
WAS: Final = Key("was", NAME, "what the tier was called in the version before")
TIER_MAP: Final = Construct(
    "tier", "A level: what it requires, and what keeps it.", (ID, REQUIRES, KEEPS, WAS, *TEXT_KEYS)
)


def _read_tier(node: Node, reader: Reader) -> Tier | None:
    fields = reader.fields(node, TIER_MAP)
    found = fields.get(ID) if fields else None
    if fields is None or found is None:
        return None
    text = rule_text(fields)
    return Tier(
        id=found,
        requires=fields.get(REQUIRES),
        keeps=fields.get(KEEPS),
        was=fields.get(WAS),
        label=text.label,
        text=text,
        location=node.location,
    )


TIER.bind(_read_tier, TIER_MAP)

# --- reviews --------------------------------------------------------------------------------------------------------

EFFECTIVE: Final = Key("effective", MOMENT, "from when the outcome holds", default="the review's moment")
HOLD: Final = Key(
    "hold",
    MOMENT,
    "how long the outcome is safe: under promote no demotion, under demote no promotion",
    default="not at all",
)
ONE_STEP: Final = Key("one_step", TRUTH, "at most one tier at a review", default="false")
GRACE: Final = Key("grace", LENGTH, "kept if what keeps the tier was met on any day so long before", default="none")
REVIEW_KEEPS: Final = Key("keeps", REQUIREMENT, "what keeps the tier held at this review", default="what the tier says")
_SHARED: Final[tuple[Key[Any], ...]] = (*SCHEDULE_KEYS, EFFECTIVE, HOLD, ONE_STEP)
PROMOTE_MAP: Final = Construct("promotion", "When higher tiers are given.", _SHARED, one_of=SCHEDULE_MAP.one_of)
DEMOTE_MAP: Final = Construct(
    "demotion", "When tiers are taken away.", (*_SHARED, GRACE, REVIEW_KEEPS), one_of=SCHEDULE_MAP.one_of
)
PROMOTION: Final[Shape[Review]] = Shape("a promotion schedule")
DEMOTION: Final[Shape[Review]] = Shape("a demotion schedule")
DEMOTIONS: Final[Shape[tuple[Review, ...]]] = Shape("a demotion schedule or a list of them")


def _review_reader(construct: Construct) -> Callable[[Node, Reader], Review | None]:
    def read(node: Node, reader: Reader) -> Review | None:
        if isinstance(node, ScalarNode):
            never = read_never(node, reader)
            return Review(schedule=never, location=node.location) if never else None
        fields = reader.fields(node, construct)
        schedule = schedule_of(fields) if fields else None
        return _review(fields, schedule) if fields and schedule else None

    return read


def _review(fields: Fields, schedule: Schedule) -> Review:
    has_keeping = fields.construct is DEMOTE_MAP
    return Review(
        schedule=schedule,
        effective=fields.get(EFFECTIVE),
        hold=fields.get(HOLD),
        one_step=fields.get(ONE_STEP) or False,
        grace=fields.get(GRACE) if has_keeping else None,
        keeps=fields.get(REVIEW_KEEPS) if has_keeping else None,
        location=fields.location,
    )


def _read_demotions(node: Node, reader: Reader) -> tuple[Review, ...] | None:
    if isinstance(node, ListNode):
        return read_items(node, reader, DEMOTION)
    found = DEMOTION.read(node, reader)
    return (found,) if found else None


_NEVER: Final = LiteralForm("never", words=("never",))
PROMOTION.bind(_review_reader(PROMOTE_MAP), _NEVER, PROMOTE_MAP)
DEMOTION.bind(_review_reader(DEMOTE_MAP), _NEVER, DEMOTE_MAP)
DEMOTIONS.bind(_read_demotions, DEMOTION, ListOf(DEMOTION))

# --- ladders --------------------------------------------------------------------------------------------------------

TIERS: Final = Key(
    "tiers",
    list_of(TIER, "a list of tiers"),
    "from low to high; the highest whose requires is met is earned",
    required=True,
)
START: Final = Key("start", NAME, "the tier held from joining", default="none")
PROMOTE: Final = Key("promote", PROMOTION, "when higher tiers are given", default="{each: day}")
DEMOTE: Final = Key("demote", DEMOTIONS, "when tiers are taken away", default="{each: day}")
PROTECT: Final = Key(
    "protect", NAME, "a decision topic whose outcome is a tier: never below it while in force", default="none"
)
LADDER_MAP: Final = Construct(
    "ladder", "Tiers and their clocks.", (TIERS, START, PROMOTE, DEMOTE, PROTECT, BY, *TEXT_KEYS)
)


def read_ladder(name: str, node: Node, reader: Reader) -> Ladder | None:
    """One declaration under ladders."""
    fields = reader.fields(node, LADDER_MAP)
    tiers = fields.get(TIERS) if fields else None
    if fields is None or not tiers:
        return None
    return Ladder(
        name=name,
        tiers=tiers,
        start=fields.get(START),
        promote=fields.get(PROMOTE) or EVERY_DAY,
        demote=fields.get(DEMOTE) or (EVERY_DAY,),
        protect=fields.get(PROTECT),
        by=fields.get(BY) or (),
        text=rule_text(fields),
        location=node.location,
    )
