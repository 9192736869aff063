"""Checks that cells are listed, and that values per cell are read where it is clear which cell is meant."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from swingby.program.blocks import Located
from swingby.program.checks.subject import Check, Subject, error
from swingby.program.issues import Issue
from swingby.program.model import Earning, Ladder
from swingby.program.numbers import EachNumber, NumberOptions, NumberReference, RequirementReference, TierHeld
from swingby.program.reading.reader import did_you_mean
from swingby.program.walk import children

Cells = frozenset[str]


class CellsAreListed(Check):
    """What a number, an earning or a ladder is split by is a list under tables, which says what its cells are."""

    def run(self, subject: Subject) -> Iterator[Issue]:
        known = subject.cells() | {name for section, name in subject.unread if section == "tables"}
        for rule in subject.rules:
            for part in rule.parts:
                for name in part.by if isinstance(part, NumberOptions | Earning | Ladder) else ():
                    if name not in known:
                        yield _not_listed(part, name, known)


def _not_listed(at: Located, name: str, known: Cells) -> Issue:
    close = did_you_mean(name, known)
    lists = f"Write {' or '.join(sorted(known))}, or list" if known else "List"
    hint = close or f"{lists} the words of {name} under tables: {{{name}: [...]}}."
    return error(at, "cells-unknown", f'No list under tables says which cells "{name}" has.', hint)


class CellsAreRead(Check):
    """A number or tier per cell is read through ``each`` of that cell, or by a rule with the same ``by``."""

    def run(self, subject: Subject) -> Iterator[Issue]:
        seen: set[tuple[int, Cells]] = set()
        nothing: Cells = frozenset()
        waiting: list[tuple[Any, Cells]] = [
            (rule.body, nothing) for rule in subject.rules if rule.section != "requirements"
        ]
        while waiting:
            part, known = waiting.pop()
            if (id(part), known) not in seen:
                seen.add((id(part), known))
                inner = known | _opened(part)
                yield from _judge(part, inner, subject)
                waiting += [(child, inner) for child in _inside(part, subject)]


def _inside(part: Any, subject: Subject) -> Iterator[Any]:
    """What is read with a part; a named requirement is read where it is used."""
    if isinstance(part, RequirementReference) and part.name in subject.program.requirements:
        yield subject.program.requirements[part.name]
    yield from (child for child in children(part) if isinstance(child, Located | tuple))


def _opened(part: Any) -> Cells:
    """The cells that a part is computed for one at a time."""
    if isinstance(part, Earning | Ladder):
        return frozenset(part.by)
    options = getattr(part, "options", None) or getattr(getattr(part, "number", None), "options", None)
    own = frozenset(options.by) if options else frozenset()
    return own | {part.each} if isinstance(part, EachNumber) and isinstance(part.each, str) else own


def _judge(part: Any, known: Cells, subject: Subject) -> Iterator[Issue]:
    if not isinstance(part, NumberReference | TierHeld):
        return
    name = part.name if isinstance(part, NumberReference) else part.ladder
    open_cells = sorted(_cells_of(part, subject) - known)
    if open_cells:
        word = open_cells[0]
        message = f"{name} has one value per {word}, and nothing says which is meant."
        yield error(part, "cells-open", message, f"Read it through each: {word}, or give this rule by: {word}.")


def _cells_of(part: NumberReference | TierHeld, subject: Subject) -> Cells:
    program = subject.program
    if isinstance(part, TierHeld):
        ladder = program.ladders.get(part.ladder)
        return frozenset(ladder.by) if ladder else frozenset()
    number = subject.number(part)
    if number is not None:
        options = getattr(number, "options", None)
        return frozenset(options.by) if options else frozenset()
    earning = (program.points if part.section == "points" else program.incentives).get(part.name)
    return frozenset(earning.by) if earning else frozenset()
