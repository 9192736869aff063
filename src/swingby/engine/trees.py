"""Requirements as trees of nodes, so that each result is shown where the program says it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from swingby.engine.building import Builder
from swingby.engine.place import Place
from swingby.engine.standing import RequirementRow, Result
from swingby.engine.wording import group_head, nested, spelled
from swingby.program.blocks import Constant
from swingby.program.model import Ladder
from swingby.program.numbers import (
    ColumnTest,
    Compare,
    DecisionMade,
    Group,
    Number,
    NumberReference,
    RankLine,
    RankNumber,
    Requirement,
    RequirementReference,
    TierHeld,
    TrackIs,
)

RESULTS: Mapping[int, Result] = {0: "unmet", 1: "met", 2: "unknown"}
WORDS = {
    "at_least": "at least",
    "above": "above",
    "at_most": "at most",
    "below": "below",
    "is": "is",
    "is_not": "is not",
}


@dataclass(frozen=True, slots=True)
class Branch:
    """One requirement with the number of its node and its parts; a group without a label has a heading."""

    node: int
    kind: str
    name: str
    label: str
    test: str
    parts: tuple[Branch, ...]
    heading: str = ""
    is_place: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """A row of results: value, line, gap and result of one node."""

    value: Decimal | None
    line: Decimal | None
    gap: Decimal | None
    result: int


def tier_trees(builder: Builder, ladder: Ladder) -> Mapping[str, Branch | None]:
    """For every tier its requirement as a tree."""
    place = Place(cells=frozenset(ladder.by))
    return {tier.id: _branch(builder, tier.requires, place) if tier.requires else None for tier in ladder.tiers}


def _branch(builder: Builder, requirement: Requirement, place: Place) -> Branch:
    node = builder.requirement(requirement, place).node
    name, kind = _name(requirement), _kind(builder, requirement)
    parts = tuple(_branch(builder, item, place) for item in _parts(builder, requirement))
    label, head = requirement.text.label, ""
    if not label and isinstance(requirement, Group):
        head = group_head(requirement)
        label = spelled(head, [nested(part.label, is_group=bool(part.heading)) for part in parts])
    label = label or _label(builder, requirement, name)
    test, is_place = _test(requirement), _is_place(builder, requirement)
    return Branch(node, kind, name, label, test, parts, head[:1].upper() + head[1:], is_place)


def _test(requirement: Requirement) -> str:
    if isinstance(requirement, RankLine):
        return "at_most"
    return requirement.test if isinstance(requirement, Compare | TierHeld) else ""


def _is_place(builder: Builder, requirement: Requirement) -> bool:
    """Whether a number is a place of a ranking."""
    if not isinstance(requirement, Compare | RankLine):
        return False
    number: Number | None = requirement.number
    if isinstance(number, NumberReference):
        declared = builder.program.measures.get(number.name)
        number = declared.number if declared else None
    return isinstance(number, RankNumber)


def _parts(builder: Builder, requirement: Requirement) -> tuple[Requirement, ...]:
    if isinstance(requirement, Group):
        return requirement.items
    if isinstance(requirement, RequirementReference):
        return _parts(builder, builder.program.requirements[requirement.name].requirement)
    return ()


def _kind(builder: Builder, requirement: Requirement) -> str:
    if isinstance(requirement, Group):
        return requirement.kind
    if isinstance(requirement, RequirementReference):
        return _kind(builder, builder.program.requirements[requirement.name].requirement)
    return "number" if isinstance(requirement, Compare | RankLine) else "status"


def _name(requirement: Requirement) -> str:
    if isinstance(requirement, Compare | RankLine):
        return requirement.number.name if isinstance(requirement.number, NumberReference) else ""
    if isinstance(requirement, DecisionMade):
        return requirement.topic
    if isinstance(requirement, TrackIs):
        return requirement.track
    if isinstance(requirement, TierHeld):
        return requirement.ladder
    return requirement.name if isinstance(requirement, RequirementReference) else ""


def _label(builder: Builder, requirement: Requirement, name: str) -> str:
    if isinstance(requirement, Compare | RankLine):
        return f"{number_label(builder, name)} {_line(requirement)}".rstrip()
    if isinstance(requirement, RequirementReference):
        return builder.program.requirements[name].text.label or _words(name)
    return _status(requirement, name)


def _line(requirement: Compare | RankLine) -> str:
    if isinstance(requirement, RankLine):
        return "among the best"
    line = requirement.line
    return WORDS[requirement.test] + (f" {line.value}" if isinstance(line, Constant) else "")


def _status(requirement: Requirement, name: str) -> str:
    match requirement:
        case ColumnTest():
            return " and ".join(_words(condition.column) for condition in requirement.filter.conditions)
        case DecisionMade():
            return f"{_words(name)}: {' or '.join(_words(item) for item in requirement.outcomes)}"
        case TrackIs():
            return f"{_words(name)} {'is not' if requirement.negated else 'is'} {' or '.join(requirement.words)}"
        case TierHeld():
            return f"{_words(name)} {WORDS[requirement.test]} {requirement.tier}"
        case _:
            return ""


def number_label(builder: Builder, name: str) -> str:
    """The label of a declared number, or its name in words."""
    program = builder.program
    declared = (
        program.measures.get(name)
        or program.scores.get(name)
        or program.points.get(name)
        or program.incentives.get(name)
    )
    return (declared.text.label if declared else None) or _words(name) or "this number"


def _words(name: str) -> str:
    return name.replace("_", " ").replace(".", " ")


def tree_rows(tree: Branch | None, path: str, answers: Callable[[int], Answer]) -> Iterator[RequirementRow]:
    """The rows of a tree, the whole first, then its parts in the order of the program."""
    if tree is None:
        return
    found = answers(tree.node)
    measured = tree.kind == "number"
    yield RequirementRow(
        path=path,
        kind=tree.kind,
        name=tree.name,
        label=tree.label,
        result=RESULTS[found.result],
        value=found.value if measured else None,
        line=found.line if measured else None,
        gap=found.gap if measured else None,
        test=tree.test,
        heading=tree.heading,
        is_place=tree.is_place,
    )
    for index, part in enumerate(tree.parts, start=1):
        yield from tree_rows(part, f"{path}.{index}", answers)
