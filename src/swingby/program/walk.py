"""Walking over a program: every part that was written, once, with the rule it belongs to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from functools import cache
from typing import Any, Final

from swingby.program.blocks import Located
from swingby.program.kinds import OWNER_LINK
from swingby.program.model import Program

SECTIONS: Final = (
    "calendars",
    "tables",
    "facts",
    "tracks",
    "measures",
    "points",
    "scores",
    "requirements",
    "ladders",
    "accounts",
    "benefits",
    "incentives",
)


#: Kinds that are read without being named: those that lead from a fact to a partner, and what people decide.
UNNAMED: Final = frozenset({*OWNER_LINK.values(), "decisions", "tier_decisions"})


@dataclass(frozen=True, slots=True)
class Rule:
    """One declaration of a program: its section, its name, what it says, and every part of that."""

    section: str
    name: str
    body: Located
    parts: tuple[Any, ...]

    @property
    def path(self) -> str:
        """``measures.engineers``."""
        return f"{self.section}.{self.name}"


def rules(program: Program) -> Iterator[Rule]:
    """Every declaration, section by section."""
    for section in SECTIONS:
        for name, body in getattr(program, section).items():
            yield Rule(section, name, body, tuple(walk(body)))


@cache
def _field_names(kind: Any) -> tuple[str, ...]:
    return tuple(item.name for item in fields(kind) if item.name != "location")


def children(part: Any) -> Iterator[Any]:
    """The parts directly inside a part: blocks, units, lengths; tuples are entered."""
    if isinstance(part, tuple):
        yield from part
    elif is_dataclass(part):
        yield from (getattr(part, name) for name in _field_names(part.__class__))


def walk(part: Any) -> Iterator[Any]:
    """A part and everything inside it, outer parts first; a part that stands in two places comes once."""
    seen: set[int] = set()
    waiting = [part]
    while waiting:
        found = waiting.pop()
        if not (is_dataclass(found) or isinstance(found, tuple)) or id(found) in seen:
            continue
        seen.add(id(found))
        if not isinstance(found, tuple):
            yield found
        waiting.extend(reversed(list(children(found))))


def kinds_read(program: Program) -> frozenset[str]:
    """The kinds whose facts can change a result: all that a rule names anywhere, and those read without being named."""
    parts = (part for rule in rules(program) for part in rule.parts)
    words = {
        word
        for part in parts
        for child in children(part)
        for word in (child if isinstance(child, tuple) else (child,))
        if isinstance(word, str)
    }
    return (UNNAMED | words) & frozenset(program.kinds)
