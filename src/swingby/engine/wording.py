"""The words of groups of requirements: how many of their parts must hold, and what the parts ask for."""

from __future__ import annotations

from collections.abc import Sequence

from swingby.program.blocks import Constant
from swingby.program.numbers import Group

_HEADS = {"all": "all of", "any": "one of", "none": "none of"}


def group_head(group: Group) -> str:
    """How many parts must hold, or must not: ``one of``, ``at least 2 of``."""
    if group.kind != "count":
        return _HEADS[group.kind]
    if group.at_least is None:
        return "all of"
    return f"at least {group.at_least.value} of" if isinstance(group.at_least, Constant) else "enough of"


def spelled(head: str, parts: Sequence[str]) -> str:
    """A group as one phrase: ``one of: visits at least 3 or sales at least 5``; one part that must hold is that part."""
    if len(parts) == 1 and head != "none of":
        return parts[0]
    word = "and" if head == "all of" else "or"
    last = f" {word} ".join(part for part in (", ".join(parts[:-1]), *parts[-1:]) if part)
    return f"{head}: {last}"


def nested(part: str, *, is_group: bool) -> str:
    """A part as it stands inside another group."""
    return f"({part})" if is_group and ": " in part else part
