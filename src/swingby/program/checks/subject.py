"""What checks look at: the program, its names and its rules, worked out once."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

from swingby.program.blocks import Filter, Located, Location
from swingby.program.issues import Issue, Level
from swingby.program.kinds import Column, FactKind
from swingby.program.model import FactDeclaration, Program
from swingby.program.numbers import Number, NumberReference, NumberSection
from swingby.program.walk import Rule, rules

T = TypeVar("T", bound=Located)

SECTION_OF: Final[dict[NumberSection, str]] = {
    "measure": "measures",
    "points": "points",
    "score": "scores",
    "incentive": "incentives",
}


@dataclass(frozen=True, slots=True)
class Subject:
    """A program under check.

    Attributes
    ----------
    unread
        (section, name) of declarations that could not be read; references to them are not reported again.
    """

    program: Program
    unread: frozenset[tuple[str, str]] = frozenset()
    rules: tuple[Rule, ...] = field(default=())

    @classmethod
    def of(cls, program: Program, unread: frozenset[tuple[str, str]]) -> Subject:
        return cls(program, unread, tuple(rules(program)))

    def parts(self, kind: type[T]) -> Iterator[tuple[Rule, T]]:
        """Every part of one kind with the rule that it stands in."""
        for rule in self.rules:
            for part in rule.parts:
                if isinstance(part, kind):
                    yield rule, part

    def names(self, section: str) -> frozenset[str]:
        """The names declared in a section, read or not."""
        broken = {name for where, name in self.unread if where == section}
        return frozenset(getattr(self.program, section)) | broken

    def number(self, reference: NumberReference) -> Number | None:
        """The number a reference to a measure or a score stands for."""
        if reference.section == "measure":
            found = self.program.measures.get(reference.name)
        elif reference.section == "score":
            found = self.program.scores.get(reference.name)
        else:
            return None
        return found.number if found else None

    def kind(self, name: str) -> FactKind | None:
        """The kind of that name, if it is known and was read."""
        return self.program.kinds.get(name)

    def joints(self, kind: str) -> frozenset[str]:
        """The joint ids that a kind or the kind it is a part of declares."""
        found: set[str] = set()
        seen: set[str] = set()
        fact: FactDeclaration | None = self.program.facts.get(kind)
        while fact and fact.name not in seen:
            seen.add(fact.name)
            found.update(name for name, _ in fact.joint)
            fact = self.program.facts.get(fact.subset_of) if fact.subset_of else None
        return frozenset(found)

    def column(self, kind: FactKind, name: str) -> Column | None:
        """A column of a kind, joint ids included."""
        if name in self.joints(kind.name):
            return Column(name, "id")
        return kind.column(name)

    def cells(self) -> frozenset[str]:
        """The names of tables that are lists: cells of the column of that name."""
        return frozenset(name for name, table in self.program.tables.items() if table.items)


class Check(ABC):
    """One rule that programs must keep; the docstring of each check is the rule."""

    @abstractmethod
    def run(self, subject: Subject) -> Iterator[Issue]:
        """The issues of one program."""


def error(at: Located | Location, code: str, message: str, hint: str = "") -> Issue:
    """An error at a part."""
    return _issue(at, code, message, hint, "error")


def warning(at: Located | Location, code: str, message: str, hint: str = "") -> Issue:
    """A warning at a part."""
    return _issue(at, code, message, hint, "warning")


def _issue(at: Located | Location, code: str, message: str, hint: str, level: Level) -> Issue:
    return Issue(at if isinstance(at, Location) else at.location, code, message, hint, level)


def columns_of(filters: Iterable[Filter | None]) -> Iterator[tuple[str, Any]]:
    """(column, condition) of filters and the alternatives inside them."""
    for each in filters:
        if each is not None:
            yield from ((condition.column, condition) for condition in each.conditions)
            yield from columns_of(each.alternatives)
