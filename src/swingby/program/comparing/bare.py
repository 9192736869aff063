"""Models without what changes no result, and models with other names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass, replace
from functools import cache
from typing import Any, Final

from swingby.program.blocks import ByCase
from swingby.program.model import Ladder, Tier
from swingby.program.numbers import NO_TEXT, RuleText, TierHeld

Renames = Mapping[tuple[str, str], str]


@cache
def _names(kind: Any) -> tuple[str, ...]:
    return tuple(item.name for item in fields(kind) if item.name not in ("location", "as_percent"))


def rebuilt(part: Any, change: Callable[[Any], Any]) -> Any:
    """The part with every part inside it changed, inner ones first; what stays the same is not copied."""
    if isinstance(part, tuple):
        found = tuple(rebuilt(item, change) for item in part)
        return part if all(a is b for a, b in zip(part, found, strict=True)) else found
    if not is_dataclass(part) or isinstance(part, type):
        return part
    inner = {name: rebuilt(getattr(part, name), change) for name in _names(type(part))}
    moved = {name: value for name, value in inner.items() if value is not getattr(part, name)}
    return change(replace(part, **moved) if moved else part)


def without_texts(part: Any) -> Any:
    """The part without labels, units, clauses and notes."""
    return rebuilt(part, _without_text)


def _without_text(part: Any) -> Any:
    if isinstance(part, RuleText):
        return NO_TEXT
    return replace(part, label=None) if isinstance(part, Tier) and part.label else part


def with_tiers_renamed(part: Any, renames: Renames) -> Any:
    """The part with other names for tiers, by ladder and old name."""
    return rebuilt(part, lambda found: _renamed(found, renames)) if renames else part


def _renamed(part: Any, renames: Renames) -> Any:
    change = _RENAMING.get(type(part))
    return change(part, renames) if change else part


def _tier_held(part: TierHeld, renames: Renames) -> TierHeld:
    return replace(part, tier=renames.get((part.ladder, part.tier), part.tier))


def _ladder(part: Ladder, renames: Renames) -> Ladder:
    tiers = tuple(replace(tier, id=renames.get((part.name, tier.id), tier.id)) for tier in part.tiers)
    start = part.start and renames.get((part.name, part.start), part.start)
    return replace(part, tiers=tiers, start=start)


def _by_case(part: ByCase, renames: Renames) -> ByCase:
    return replace(part, cases=tuple((renames.get((part.by, word), word), value) for word, value in part.cases))


_RENAMING: Final[dict[type, Callable[[Any, Renames], Any]]] = {
    TierHeld: _tier_held,
    Ladder: _ladder,
    ByCase: _by_case,
}
