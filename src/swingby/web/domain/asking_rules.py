"""Which rules of a program ask for facts of a kind, and whether a word, or none, keeps a fact from all of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from swingby.program import Program
from swingby.program.blocks import ByCase, Condition, Constant, Filter, Scale, TableValue
from swingby.program.model import Earning, FactSource
from swingby.program.numbers import AssignNumber, Credit, FactNumber
from swingby.program.walk import UNNAMED, Rule, kinds_read, rules

#: Tests that a missing value passes.
_PASSED_BY_NOTHING: Final = frozenset({"is_not"})


@dataclass(frozen=True, slots=True)
class Asking:
    """One rule that asks for facts of a kind.

    Attributes
    ----------
    rule
        As people call it.
    filters
        Those that a fact must pass, each of them.
    columns
        Those that it adds up or counts: without a value there is nothing to add up.
    words
        Column -> the words that it has something for; others bring nothing.
    """

    rule: str
    filters: tuple[Filter, ...] = ()
    columns: frozenset[str] = frozenset()
    words: tuple[tuple[str, frozenset[str]], ...] = ()

    def may_see(self, program: Program, column: str, word: str | None) -> bool:
        """Whether a fact with this word in a column, or without any, can count, whatever else it says."""
        if word is None and column in self.columns:
            return False
        return all(_may_pass(program, each, column, word) for each in self.filters) and all(
            word in words for name, words in self.words if name == column
        )

    def names(self, column: str) -> bool:
        """Whether what stands in a column matters to the rule."""
        conditions = (condition.column for each in self.filters for condition in _conditions(each))
        return column in self.columns or column in conditions or column in dict(self.words)


def asking_rules(program: Program) -> Mapping[str, tuple[Asking, ...]]:
    """By kind the rules that ask for its facts; a kind that rules read in other ways as well is left out."""
    found: defaultdict[str, list[Asking]] = defaultdict(list)
    for rule in rules(program):
        for kind, asking in _asked_by(program, rule) if rule.section != "facts" else ():
            found[program.base_of(kind)].append(asking)
    otherwise = _read_otherwise(program)
    return {kind: tuple(each) for kind, each in found.items() if kind not in otherwise}


def unread_kinds(program: Program) -> frozenset[str]:
    """The kinds that no rule reads in any way."""
    read = {program.base_of(kind) for kind in kinds_read(program)}
    return frozenset(program.base_of(kind) for kind in program.kinds) - read


def _read_otherwise(program: Program) -> frozenset[str]:
    """Kinds that lead from facts to partners, and those that the application reads of itself."""
    parts = (part for rule in rules(program) for part in rule.parts if isinstance(part, Credit))
    through = {kind for part in parts for kind in (part.through, part.matching) if kind}
    return frozenset({*UNNAMED, *(program.base_of(kind) for kind in through)})


def _asked_by(program: Program, rule: Rule) -> Iterator[tuple[str, Asking]]:
    name = _called(rule)
    for part in rule.parts:
        match part:
            case FactNumber():
                columns = frozenset({part.column}) - {"facts"}
                cells = _cells(program, part.options.by)
                yield part.of, Asking(name, _filters(program, part), columns, cells)
            case AssignNumber():
                seats = tuple(seat.where or Filter() for seat in part.seats)
                asking = Asking(name, (*_of_subsets(program, part.of), Filter(alternatives=seats)))
                yield part.of, asking
            case Earning() if part.for_each is not None:
                asking = Asking(name, _filters(program, part.for_each))
                yield part.for_each.of, replace(asking, **_of_scale(part.scale))
            case _:
                pass


def _called(rule: Rule) -> str:
    label = getattr(getattr(rule.body, "text", None), "label", None)
    return str(label or rule.name.replace("_", " "))


def _filters(program: Program, part: FactNumber | FactSource) -> tuple[Filter, ...]:
    own = (part.where, part.pick.among if part.pick else None)
    return (*(each for each in own if each is not None), *_of_subsets(program, part.of))


def _of_subsets(program: Program, kind: str) -> tuple[Filter, ...]:
    declared = [program.facts[each] for each in program.up_to_base(kind) if each in program.facts]
    found = (filtered for each in declared for filtered in (each.where, each.pick.among if each.pick else None))
    return tuple(each for each in found if each is not None)


def _cells(program: Program, by: tuple[str, ...]) -> tuple[tuple[str, frozenset[str]], ...]:
    items = {name: _items(program, name) for name in by}
    return tuple((name, words) for name, words in items.items() if words)


def _of_scale(scale: Scale) -> dict[str, Any]:
    """What a scale has nothing for: what is not written, and words without a case where there is no other."""
    parts = scale.summands
    columns = frozenset.intersection(*(frozenset({each.of} if each.of else ()) for each in parts))
    value = parts[0].value if len(parts) == 1 else None
    words = dict[str, frozenset[str]]()
    if isinstance(value, ByCase) and value.otherwise is None:
        words[value.by] = frozenset(word for word, _ in value.cases)
    return {"columns": columns, "words": tuple(words.items())}


# --- whether a filter can be passed ----------------------------------------------------------------------------------


def _conditions(part: Filter) -> Iterator[Condition]:
    yield from part.conditions
    for each in part.alternatives:
        yield from _conditions(each)


def _may_pass(program: Program, part: Filter, column: str, word: str | None) -> bool:
    """Whether a fact of which only one column is known can pass."""
    holds = all(_may_hold(program, each, word) for each in part.conditions if each.column == column)
    others = part.alternatives
    return holds and (not others or any(_may_pass(program, each, column, word) for each in others))


def _may_hold(program: Program, condition: Condition, word: str | None) -> bool:
    if condition.test == "exists":
        return (word is not None) == condition.exists
    if word is None:
        return condition.test in _PASSED_BY_NOTHING
    known = [_words(program, value) for value in condition.values]
    if condition.test not in ("is", "is_not") or any(each is None for each in known):
        return True
    return (word in {each for words in known for each in words or ()}) == (condition.test == "is")


def _words(program: Program, value: Any) -> frozenset[str] | None:
    """The words that a value stands for; None if they are not the same for all."""
    if isinstance(value, Constant):
        return frozenset({str(value.value)})
    if isinstance(value, TableValue):
        return _items(program, value.table) or None
    return None


def _items(program: Program, table: str) -> frozenset[str]:
    named = program.tables.get(table)
    return frozenset(str(item.value) for item in named.items) if named else frozenset()
