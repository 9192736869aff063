"""Models without what changes no result."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from functools import cache
from typing import Any

from swingby.program.model import Tier
from swingby.program.numbers import NO_TEXT, RuleText


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
