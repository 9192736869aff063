"""Which activities a program rewards, read from its points rules."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass

from swingby.program.blocks import Constant, Filter, TableValue, Value
from swingby.program.model import Earning, FactSource, Program
from swingby.program.numbers import FactNumber, NumberReference

ACTIVITIES = "activities"


@dataclass(frozen=True, slots=True)
class ReportableKind:
    """A kind of activity that a partner may report, and the rule's words for it."""

    kind: str
    label: str


def reportable_kinds(program: Program) -> tuple[ReportableKind, ...]:
    """The kinds that some points rule counts, by label; a kind that no rule counts is not offered."""
    if program.hash not in _read:
        _read[program.hash] = _read_kinds(program)
    return _read[program.hash]


#: By the hash of a program, because a page and every standing ask for them.
_read: dict[str, tuple[ReportableKind, ...]] = {}
_paying: dict[str, dict[str, tuple[Earning, ...]]] = {}


def _read_kinds(program: Program) -> tuple[ReportableKind, ...]:
    found: dict[str, str] = {}
    for earning in program.points.values():
        kinds = tuple(_kinds_of(earning, program))
        for kind in kinds:
            label = earning.text.label if len(kinds) == 1 and earning.text.label else _plain_words(kind)
            found.setdefault(kind, label)
    rows = (ReportableKind(kind, label) for kind, label in found.items())
    return tuple(sorted(rows, key=lambda row: row.label.casefold()))


def rules_for(program: Program, kind: str) -> tuple[Earning, ...]:
    """The rules that give points or money for a kind of activity."""
    if program.hash not in _paying:
        _paying[program.hash] = _read_rules(program)
    return _paying[program.hash].get(kind, ())


def _read_rules(program: Program) -> dict[str, tuple[Earning, ...]]:
    found: dict[str, tuple[Earning, ...]] = {}
    for rule in (*program.points.values(), *program.incentives.values()):
        for kind in dict.fromkeys(_kinds_of(rule, program)):
            found[kind] = (*found.get(kind, ()), rule)
    return found


def _plain_words(kind: str) -> str:
    return kind.replace("_", " ").capitalize()


def _kinds_of(earning: Earning, program: Program) -> Iterator[str]:
    for part in _parts_of(earning, program, set()):
        declared = program.facts.get(part.of)
        if declared is not None and declared.subset_of == ACTIVITIES:
            yield from _words(declared.where, program)
        if ACTIVITIES in (part.of, declared.subset_of if declared else None):
            yield from _words(part.where, program)


def _parts_of(node: object, program: Program, seen: set[str]) -> Iterator[FactSource | FactNumber]:
    """Every place below a node that reads facts, through references to measures, each once."""
    if isinstance(node, NumberReference) and node.section == "measure" and node.name not in seen:
        seen.add(node.name)
        declared = program.measures[node.name]
        if declared.control != "outcome":  # What a partner can only hope for comes from systems, not from reports.
            yield from _parts_of(declared.number, program, seen)
    elif isinstance(node, tuple):
        for item in node:
            yield from _parts_of(item, program, seen)
    elif is_dataclass(node):
        if isinstance(node, FactSource | FactNumber):
            yield node
        for field in fields(node):
            yield from _parts_of(getattr(node, field.name), program, seen)


def _words(where: Filter | None, program: Program) -> Iterator[str]:
    """The words that ``kind`` is compared with, alternatives included."""
    if where is None:
        return
    for condition in where.conditions:
        if condition.column == "kind" and condition.test == "is":
            for value in condition.values:
                yield from _texts(value, program)
    for alternative in where.alternatives:
        yield from _words(alternative, program)


def _texts(value: Value, program: Program) -> Iterator[str]:
    if isinstance(value, Constant) and isinstance(value.value, str):
        yield value.value
    elif isinstance(value, TableValue):
        for item in program.tables[value.table].items:
            yield str(item.value)
