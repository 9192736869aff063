"""Nodes that are computed together: all are split by the same cells and things, and wanted by the same kind of asking."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlglot import exp

from swingby.engine.graph import Dims
from swingby.engine.keys import narrowed, parts_of
from swingby.engine.plan import Draft, union_all
from swingby.engine.sql import statement

EVERYBODY = "CROSS JOIN scope AS s"
_THOSE = "JOIN {who} AS s ON s.node = a.node AND s.d = a.d"


@dataclass(frozen=True, slots=True)
class Members:
    """Some nodes, what they are split by, and whether everybody needs them on all of their days."""

    draft: Draft
    numbers: tuple[int, ...]
    dims: Dims
    is_shared: bool

    def text(self, text: str) -> str:
        """A statement over asking rows (``a``) and partners (``s``), narrowed to who needs the nodes when."""
        return text if self.is_shared else text.replace(EVERYBODY, _THOSE)

    def who(self) -> Mapping[str, exp.Expr]:
        """The part for the hole that `text` makes."""
        return {} if self.is_shared else {"who": self.pairs()}

    def pairs(self) -> exp.Expr:
        """Who needs the nodes when: node, e, d and, with cells or things, k."""
        source = self.draft.wanted if self.dims else self.draft.pairs
        names = sorted({source[number] for number in self.numbers})
        return union_all([statement("SELECT * FROM {name}", name=name) for name in names])

    def keys(self, alias: str) -> list[exp.Expr]:
        """The key of the nodes' rows: nothing, or the column ``k``."""
        return [exp.column("k", alias)] if self.dims else []

    def cells(self, alias: str) -> Mapping[str, exp.Expr]:
        """The parts of the key, by the name of the cell."""
        return parts_of(exp.column("k", alias), self.dims) if self.dims else {}

    def same_key(self, left: str, right: str) -> exp.Expr:
        """That two rows have the same key."""
        return exp.EQ(this=exp.column("k", left), expression=exp.column("k", right)) if self.dims else exp.true()

    def name(self, base: str) -> str:
        """A relation's name that no other group of the same stratum has."""
        place = "_".join(str(self.draft.dim_number(dim)) for dim in self.dims)
        return base + (f"_k{place}" if self.dims else "" if self.is_shared else "_some")

    def input_key(self, of: str, reader: str, inputs: Iterable[int], rule: str) -> exp.Expr:
        """That a row of an input stands under the key that belongs to the reader's."""
        return input_key(self.draft, exp.column("k", reader), self.dims, of=of, inputs=inputs, rule=rule)


def input_key(draft: Draft, key: exp.Expr, dims: Dims, *, of: str, inputs: Iterable[int], rule: str) -> exp.Expr:
    """That a row of an input (``of``) stands under the key that belongs to a reader's.

    ``rule`` is the column that names the input; an input may be split by fewer cells and things than its reader.
    """
    alias, column = rule.split(".")
    written = {number: draft.graph.dims_of(number) for number in inputs}
    case = exp.Case()
    for inner in sorted(set(written.values())):
        numbers = sorted(number for number, found in written.items() if found == inner)
        found = narrowed(key, dims, inner) if inner else exp.Literal.string("")
        case = case.when(exp.column(column, alias).isin(*numbers), found)
    same = narrowed(key, dims, inner) if len(set(written.values())) == 1 and inner else case
    return exp.EQ(this=exp.column("k", of), expression=same)


def members(draft: Draft, numbers: Sequence[int]) -> Iterator[Members]:
    """Some nodes in groups that are computed together."""
    groups: dict[tuple[Dims, bool], list[int]] = {}
    for number in numbers:
        dims = draft.graph.dims_of(number)
        if dims and number not in draft.wanted:
            continue
        groups.setdefault((dims, not dims and draft.demand.is_shared(number)), []).append(number)
    for (dims, is_shared), found in sorted(groups.items(), key=lambda item: (item[0][0], not item[0][1])):
        yield Members(draft, tuple(found), dims, is_shared)
