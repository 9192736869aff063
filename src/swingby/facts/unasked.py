"""Words of facts that no rule asks for, though one that is asked for is nearly the same."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from swingby.program.blocks import ByCase, Condition, Constant, TableValue
from swingby.program.model import Earning, FactDeclaration, FactSource
from swingby.program.numbers import AssignNumber, FactNumber
from swingby.program.walk import rules, walk

if TYPE_CHECKING:
    from swingby.facts.fact_set import FactSet
    from swingby.program import Program

#: A shorter word differs from others by one letter on purpose.
LONG_ENOUGH: Final = 5
Words = Mapping[tuple[str, str], frozenset[str]]


@dataclass(frozen=True, slots=True)
class Unasked:
    """A word in a column of a kind that no rule asks for, how many rows say it, and the word that may be meant."""

    kind: str
    column: str
    word: str
    rows: int
    meant: str

    def __str__(self) -> str:
        rows = "1 row says" if self.rows == 1 else f"{self.rows:,} rows say"
        return f'{self.kind}.{self.column}: {rows} "{self.word}", which no rule asks for; did you mean "{self.meant}"?'


def unasked(facts: FactSet, program: Program) -> tuple[Unasked, ...]:
    """Words that differ from one that a rule asks for by capitals or by one letter, and that no rule asks for."""
    found = []
    for (kind, column), words in sorted(asked_words(program).items()):
        query = (
            f'SELECT f."{column}", count(*) FROM fact_{kind} AS f '
            f'WHERE f.reversed_position IS NULL AND f."{column}" IS NOT NULL GROUP BY 1 ORDER BY 1'
        )
        for word, rows in facts.connection.execute(query).fetchall():
            meant = None if word in words else _meant(str(word), words)
            found += [Unasked(kind, column, str(word), rows, meant)] if meant else []
    return tuple(found)


def _meant(word: str, words: frozenset[str]) -> str | None:
    close = sorted(asked for asked in words if is_nearly(word, asked))
    return close[0] if close else None


def is_nearly(word: str, asked: str) -> bool:
    """Whether two different words are one but for capitals, or for one letter that is put in, left out or exchanged."""
    one, other = sorted((word.casefold(), asked.casefold()), key=len)
    if one == other:
        return word != asked
    if len(one) < LONG_ENOUGH or len(other) - len(one) > 1:
        return False
    start = next((place for place, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), len(one))
    rest = one[start:] if len(one) < len(other) else one[start + 1 :]
    return rest == other[start + 1 :] and not (other[start] + one[start : start + 1]).isdigit()


# --- what rules ask for -----------------------------------------------------------------------------------------------


def asked_words(program: Program) -> Words:
    """By kind and column of words, all that some rule names there."""
    found: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for rule in rules(program):
        for part in rule.parts:
            for kind, column, word in _asked_by(program, part):
                base = program.kinds[program.base_of(kind)]
                own = base.column(column)
                if own is not None and own.type in ("word", "id", "text"):
                    found[base.name, column].add(word)
    return {place: frozenset(words) for place, words in found.items()}


def _asked_by(program: Program, part: Any) -> Iterator[tuple[str, str, str]]:
    kind = _kind(part)
    if kind is None or kind not in program.kinds:
        return
    cells = getattr(getattr(part, "options", None), "by", ()) or getattr(part, "by", ())
    for column in cells:
        yield from ((kind, column, word) for word in _items(program, column))
    for inner in walk(part):
        if isinstance(inner, Condition):
            for value in inner.values:
                yield from ((kind, inner.column, word) for word in _words(program, value))
        elif isinstance(inner, ByCase):
            yield from ((kind, inner.by, word) for word, _ in inner.cases)


def _kind(part: Any) -> str | None:
    match part:
        case FactNumber() | AssignNumber() | FactSource():
            return part.of
        case Earning() if part.for_each:
            return part.for_each.of
        case FactDeclaration():
            return part.subset_of
    return None


def _words(program: Program, value: Any) -> Iterator[str]:
    if isinstance(value, Constant) and isinstance(value.value, str):
        yield value.value
    elif isinstance(value, TableValue):
        yield from _items(program, value.table)


def _items(program: Program, table: str) -> Iterator[str]:
    named = program.tables.get(table)
    yield from (str(item.value) for item in named.items) if named else ()
