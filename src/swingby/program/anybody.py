"""Which rules read everybody's facts (``credit: any``), and so have an answer for one thing at a time only."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any, Final

from swingby.program.blocks import Located
from swingby.program.model import Program
from swingby.program.numbers import Credit, EachNumber, FactNumber, NumberReference, RequirementReference
from swingby.program.walk import children, rules

#: Where a reference to a number leads.
_SECTIONS: Final = {"measure": "measures", "points": "points", "score": "scores", "incentive": "incentives"}
_NONE: Final[frozenset[str]] = frozenset()


def credits_anyone(program: Program) -> bool:
    """Whether any rule reads everybody's facts at all: to look what leads to one is long where rules are many."""
    return any(isinstance(part, Credit) and part.anyone for rule in rules(program) for part in rule.parts)


def askers(program: Program, rule: Located, *, given: Collection[str] = ()) -> Iterator[Located]:
    """The parts of a rule that read everybody's facts where no ``each`` says about which thing.

    A part is the credit itself, or the reference through which the rule comes to it. Numbers named in ``given`` are set
    by hand and read no facts.
    """
    waiting: list[tuple[Any, Located | None, frozenset[str]]] = [(rule, None, _NONE)]
    seen: set[tuple[int, frozenset[str]]] = set()
    while waiting:
        part, through, cells = waiting.pop()
        if isinstance(part, str) or part is None or (id(part), cells) in seen:
            continue
        seen.add((id(part), cells))
        if _asks(part, cells):
            yield through or part.credit
        behind = _behind(program, part, given)
        if behind is not None:
            waiting.append((behind, through or part, cells))
        waiting += [(inner, through, around) for inner, around in _inner(program, part, cells)]


def _asks(part: Any, cells: frozenset[str]) -> bool:
    credit = getattr(part, "credit", None)
    split = frozenset(part.options.by) if isinstance(part, FactNumber) else _NONE
    return credit is not None and credit.anyone and not split & cells


def _behind(program: Program, part: Any, given: Collection[str]) -> Any:
    if isinstance(part, RequirementReference):
        return program.requirements.get(part.name)
    if isinstance(part, NumberReference) and part.name not in given:
        return getattr(program, _SECTIONS[part.section]).get(part.name)
    return None


def _inner(program: Program, part: Any, cells: frozenset[str]) -> Iterator[tuple[Any, frozenset[str]]]:
    """What stands inside a part, with the cells that are looked at one at a time there; not what is of one thing each."""
    if isinstance(part, EachNumber) and isinstance(part.each, str) and part.each != "enrolment":
        table = program.tables.get(part.each)
        if table is None or not table.items:
            return
        cells |= {part.each}
    yield from ((inner, cells) for inner in children(part))
