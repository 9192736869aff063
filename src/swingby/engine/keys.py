"""The key of a cell or thing: one text for all that a result is split by, in order of name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlglot import exp

from swingby.engine.graph import Dims

#: Between the parts of a key; it cannot stand in a text that was read from a file.
BETWEEN = "\x1f"


def part(key: exp.Expr, place: int, count: int) -> exp.Expr:
    """One part of a key that has ``count`` parts."""
    if count == 1:
        return key.copy()
    return exp.Anonymous(
        this="split_part", expressions=[key.copy(), exp.Literal.string(BETWEEN), exp.Literal.number(place + 1)]
    )


def parts_of(key: exp.Expr, dims: Dims) -> Mapping[str, exp.Expr]:
    """The parts of a key by name."""
    return {name: part(key, place, len(dims)) for place, name in enumerate(dims)}


def joined(parts: Sequence[exp.Expr]) -> exp.Expr:
    """A key put together of its parts, which stand in order of name."""
    if not parts:
        return exp.Literal.string("")
    found = parts[0]
    for each in parts[1:]:
        found = exp.DPipe(this=exp.DPipe(this=found, expression=exp.Literal.string(BETWEEN)), expression=each)
    return exp.paren(found) if len(parts) > 1 else found


def narrowed(key: exp.Expr, dims: Dims, to: Dims) -> exp.Expr:
    """The key of fewer dims out of a key of more."""
    if dims == to:
        return key.copy()
    found = parts_of(key, dims)
    return joined([found[name] for name in to])
