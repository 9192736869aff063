"""Finding what differs between two models: down to the smallest part that reads by itself."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from functools import cache
from typing import Any, Final

from swingby.program.blocks import (
    NOWHERE,
    ByCase,
    Condition,
    Constant,
    Dated,
    Filter,
    Length,
    ListItem,
    Location,
    Moment,
    PeriodUnit,
    Rounding,
    Scale,
    Schedule,
    Window,
)
from swingby.program.comparing.aligning import Pair, aligned, in_order
from swingby.program.model import Calendar, Effort, FactDeclaration, Review, SplitPart, Tier, TrackCase
from swingby.program.numbers import (
    Cap,
    ColumnTest,
    Compare,
    Credit,
    DecisionMade,
    EachNumber,
    FactNumber,
    Group,
    ListItemNumber,
    ListNumber,
    NumberReference,
    Pick,
    RankLine,
    RequirementReference,
    RuleText,
    Seat,
    TierHeld,
    TrackIs,
)

#: What is shown as a whole when anything in it differs.
_WHOLE: Final = (
    Length,
    PeriodUnit,
    Rounding,
    Window,
    Schedule,
    Moment,
    Credit,
    Pick,
    Cap,
    Condition,
    Constant,
    Calendar,
    ListItem,
    NumberReference,
    DecisionMade,
    TierHeld,
    TrackIs,
    RequirementReference,
    RankLine,
    Seat,
    SplitPart,
    Effort,
)
#: Parts that change no result.
_SILENT: Final = (
    "text",
    "label",
    "was",
    "control",
    "effort",
    "side",
    "announced",
    "shadow_from",
    "id",
    "version",
    "language",
)
_ORDERED: Final = ("difference", "ratio", "growth")


@dataclass(frozen=True, slots=True)
class Step:
    """One step from a rule to a part of it: the part's name, and what it is a part of on both sides."""

    name: str
    old: Any
    new: Any


@dataclass(frozen=True, slots=True)
class Case:
    """A case of a value that the other side lacks."""

    by: str
    word: str
    value: Any


@dataclass(frozen=True, slots=True)
class Found:
    """Two parts that differ (one may be None), and the way that leads to them."""

    way: tuple[Step, ...]
    old: Any
    new: Any
    silent: bool = False

    @property
    def places(self) -> tuple[Location, Location]:
        """Where both stand, or the nearest part around them that knows."""
        old, new = self._spots()
        return _place([*(step.old for step in self.way), *old]), _place([*(step.new for step in self.way), *new])

    def _spots(self) -> tuple[list[Any], list[Any]]:
        """What differs; of two comparisons of one number their lines, which several rows may share."""
        old, new = self.old, self.new
        if isinstance(old, Compare) and isinstance(new, Compare) and old.number == new.number:
            return [old, old.line], [new, new.line]
        return [old], [new]


def _place(parts: Sequence[Any]) -> Location:
    located = (getattr(part, "location", NOWHERE) for part in reversed(parts))
    return next((place for place in located if place != NOWHERE), NOWHERE)


@cache
def _names(kind: Any) -> tuple[str, ...]:
    return tuple(item.name for item in fields(kind) if item.name not in ("location", "name", "as_percent"))


def differing(old: Any, new: Any, way: tuple[Step, ...] = (), *, silent: bool = False) -> Iterator[Found]:
    """The smallest parts that differ, each once."""
    if old == new:
        return
    if isinstance(old, tuple) and isinstance(new, tuple):
        yield from _tuples(old, new, way, silent=silent)
    elif type(old) is not type(new) or not is_dataclass(old):
        yield Found(way, old, new, silent)
    else:
        yield from _texts(old, new, way)
        yield from _parts(old, new, way, silent=silent)


def _texts(old: Any, new: Any, way: tuple[Step, ...]) -> Iterator[Found]:
    """What rules say about themselves."""
    before, after = getattr(old, "text", None), getattr(new, "text", None)
    if isinstance(before, RuleText) and isinstance(after, RuleText):
        here = (*way, Step("text", old, new))
        for name in _names(RuleText):
            if getattr(before, name) != getattr(after, name):
                yield Found(
                    (*here, Step(name, before, after)), getattr(before, name), getattr(after, name), silent=True
                )


def _parts(old: Any, new: Any, way: tuple[Step, ...], *, silent: bool) -> Iterator[Found]:
    if isinstance(old, _WHOLE):
        if _speechless(old) != _speechless(new):
            yield Found(way, old, new, silent)
        return
    kind: Any = type(old)
    if kind in _SPECIAL:
        yield from _SPECIAL[kind](old, new, way)
        return
    for name in _names(kind):
        if name == "text" or (name == "label" and isinstance(old, Tier)):
            continue
        quiet = silent or name in _SILENT
        step = Step(name, old, new)
        yield from differing(getattr(old, name), getattr(new, name), (*way, step), silent=quiet)


def _speechless(part: Any) -> Any:
    """The part without what it says about itself."""
    return replace(part, text=RuleText()) if hasattr(part, "text") else part


# --- lists ----------------------------------------------------------------------------------------------------------


def _tuples(old: tuple[Any, ...], new: tuple[Any, ...], way: tuple[Step, ...], *, silent: bool) -> Iterator[Found]:
    first = next(iter((*old, *new)))
    if not is_dataclass(first):
        yield Found(way, old, new, silent)
        return
    for before, after in _pairs(old, new, way):
        if before is None or after is None:
            yield Found(way, before, after, silent)
        else:
            yield from differing(before, after, way, silent=silent)
    yield from _order(old, new, way)


def _pairs(old: tuple[Any, ...], new: tuple[Any, ...], way: tuple[Step, ...]) -> Iterator[Pair]:
    kinds = {type(item) for item in (*old, *new)}
    if kinds <= {Cap, Review} or _is_ordered(way):
        return in_order(old, new)
    return iter(aligned(old, new, _signatures(kinds)))


def _is_ordered(way: tuple[Step, ...]) -> bool:
    return bool(way) and getattr(way[-1].old, "operation", "") in _ORDERED


def _signatures(kinds: set[type]) -> tuple[Callable[[Any], Hashable], ...]:
    if kinds <= set(_KEYS):
        return (_key,) if kinds == {Tier} else (_key, _kind)
    return (_same, _subject, _kind, _any)


def _key(item: Any) -> Hashable:
    return _KEYS[type(item)](item)


_KEYS: Final[dict[type, Callable[[Any], Hashable]]] = {
    Tier: lambda tier: tier.id,
    TrackCase: lambda case: case.word,
    Condition: lambda condition: (condition.column, condition.test),
    ListItem: lambda item: item.value,
    Seat: lambda seat: (seat.role, seat.inside),
    SplitPart: lambda part: part.into,
}


def _same(item: Any) -> Hashable:
    return repr(item)


def _subject(item: Any) -> Hashable:
    """What an item is about."""
    inner = item.item if isinstance(item, ListItemNumber) else item
    about = inner.number if isinstance(inner, Compare | RankLine) else inner
    if isinstance(about, NumberReference):
        return type(inner), about.section, about.name
    if isinstance(about, Group):
        return type(inner), about.kind, len(about.items)
    named = next((getattr(about, name) for name in ("name", "topic", "ladder", "track") if hasattr(about, name)), "")
    return type(inner), type(about), named


def _kind(item: Any) -> Hashable:
    return type(item.item).__name__ if isinstance(item, ListItemNumber) else type(item).__name__


def _any(_: Any) -> Hashable:
    return None


def _order(old: tuple[Any, ...], new: tuple[Any, ...], way: tuple[Step, ...]) -> Iterator[Found]:
    """Tiers and cases of tracks that change places."""
    kinds = {type(item) for item in (*old, *new)}
    if not kinds <= {Tier, TrackCase}:
        return
    before, after = [_key(item) for item in old], [_key(item) for item in new]
    if [key for key in before if key in after] != [key for key in after if key in before]:
        yield Found((*way, Step("order", None, None)), tuple(map(str, before)), tuple(map(str, after)))


# --- parts with a way of their own ----------------------------------------------------------------------------------


def _compare(old: Compare, new: Compare, way: tuple[Step, ...]) -> Iterator[Found]:
    """A line that moved reads best with its number; a number that changed in place shows what changed in it."""
    lines = replace(old, number=new.number, text=new.text) != new
    if isinstance(old.number, NumberReference) or isinstance(new.number, NumberReference):
        if lines or old.number != new.number:
            yield Found(way, old, new)
        return
    if lines:
        yield Found(way, old, new)
    step = Step("number", old, new)
    yield from differing(old.number, new.number, (*way, step))


def _column_test(old: ColumnTest, new: ColumnTest, way: tuple[Step, ...]) -> Iterator[Found]:
    if old.filter != new.filter:
        yield Found(way, old, new)


def _dated(old: Dated, new: Dated, way: tuple[Step, ...]) -> Iterator[Found]:
    yield Found(way, old, new)


def _by_case(old: ByCase, new: ByCase, way: tuple[Step, ...]) -> Iterator[Found]:
    """Case by case; what is looked up under another key is another value."""
    if old.by != new.by:
        yield Found(way, old, new)
        return
    before, after = dict(old.cases), dict(new.cases)
    for word in dict.fromkeys((*before, *after)):
        if word in before and word in after:
            yield from differing(before[word], after[word], (*way, Step(f"case {word}", old, new)))
    gone = [Case(old.by, word, value) for word, value in old.cases if word not in after]
    come = [Case(new.by, word, value) for word, value in new.cases if word not in before]
    for case, other in in_order(gone, come) if len(gone) == len(come) else aligned(gone, come, ()):
        yield Found((*way, Step("cases", old, new)), case, other)
    yield from differing(old.otherwise, new.otherwise, (*way, Step("otherwise", old, new)))


def _scale(old: Scale, new: Scale, way: tuple[Step, ...]) -> Iterator[Found]:
    """Only the case that differs, where the scale is a rate by case; else the scale as a whole."""
    others_equal = replace(old, value=new.value) == new
    if others_equal and isinstance(old.value, ByCase) and isinstance(new.value, ByCase):
        yield from differing(old.value, new.value, (*way, Step("rate", old, new)))
    else:
        yield Found(way, old, new)


def _group(old: Group, new: Group, way: tuple[Step, ...]) -> Iterator[Found]:
    if (old.kind, old.at_least) != (new.kind, new.at_least):
        yield Found(way, replace(old, items=()), replace(new, items=()))
    yield from differing(old.items, new.items, (*way, Step("items", old, new)))


def _filter(old: Filter, new: Filter, way: tuple[Step, ...]) -> Iterator[Found]:
    yield from differing(old.conditions, new.conditions, (*way, Step("conditions", old, new)))
    if old.alternatives != new.alternatives:
        yield from differing(old.alternatives, new.alternatives, (*way, Step("alternatives", old, new)))


def _aggregated(old: Any, new: Any, way: tuple[Step, ...]) -> Iterator[Found]:
    """A number that is put together otherwise reads best as a whole."""
    heads = [name for name in ("aggregate", "column", "of", "operation", "each", "by") if hasattr(old, name)]
    if any(getattr(old, name) != getattr(new, name) for name in heads):
        yield Found(way, old, new)
        return
    kind: Any = type(old)
    for name in _names(kind):
        yield from differing(getattr(old, name), getattr(new, name), (*way, Step(name, old, new)))


def _fact(old: FactDeclaration, new: FactDeclaration, way: tuple[Step, ...]) -> Iterator[Found]:
    """Columns follow from each other, so a kind is shown as a whole."""
    if (old.kind, old.joint, old.subset_of) != (new.kind, new.joint, new.subset_of):
        yield Found(way, replace(old, where=None, pick=None), replace(new, where=None, pick=None))
    for name in ("where", "pick"):
        yield from differing(getattr(old, name), getattr(new, name), (*way, Step(name, old, new)))


_SPECIAL: Final[dict[type, Callable[[Any, Any, tuple[Step, ...]], Iterator[Found]]]] = {
    Compare: _compare,
    FactDeclaration: _fact,
    ColumnTest: _column_test,
    Dated: _dated,
    ByCase: _by_case,
    Scale: _scale,
    Group: _group,
    Filter: _filter,
    FactNumber: _aggregated,
    EachNumber: _aggregated,
    ListNumber: _aggregated,
}
