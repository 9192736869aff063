"""The parts of the reference page of facts that come from the contracts: kinds, tables, types and codes.

The page holds markers such as ``<!-- kinds -->`` and ``<!-- end -->``; what stands between them is written here.
``python -m swingby.facts.reference ROOT`` writes the page of a checkout anew.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

from swingby.facts.contracts import TableContract, contract_of_kind, contracts
from swingby.facts.issues import ISSUE_CODES
from swingby.program.kinds import FACT_KINDS, OWNER_LINK, Column, FactKind

PAGE: Final = Path("docs/reference/facts.md")
_MARKED: Final = re.compile(r"(<!-- (?P<name>[a-z ]+) -->\n).*?(<!-- end -->)", re.DOTALL)


def kinds_table() -> str:
    """Every built-in kind with its columns."""
    rows = (_kind_row(contract_of_kind(kind), kind) for kind in FACT_KINDS.values())
    return _table(["Kind", "Shape", "Reaches a partner through", "Columns"], rows)


def references_table() -> str:
    """Every reference table with its key and columns."""
    tables = [table for table in contracts(FACT_KINDS).values() if table.kind is None]
    rows = ([f"`{table.name}`", ", ".join(f"`{name}`" for name in table.key), _columns(table)] for table in tables)
    return _table(["Table", "One row per", "Columns"], rows)


def codes_table() -> str:
    """Every code that a row issue may have."""
    rows = ([f"`{code}`", level, meaning] for code, (level, meaning) in ISSUE_CODES.items())
    return _table(["Code", "Level", "Means"], rows)


def fill(page: str) -> str:
    """Write the marked parts of a page anew."""
    return _MARKED.sub(lambda found: f"{found[1]}{_PARTS[found['name']]()}{found[3]}", page)


def _kind_row(table: TableContract, kind: FactKind) -> list[str]:
    link = OWNER_LINK.get(kind.owner)
    through = f"`{link}`" if link else "its `organization`"
    return [f"`{kind.name}`", kind.shape, through, _columns(table)]


def _columns(table: TableContract) -> str:
    return ", ".join(_column(column, required=column.name in table.required) for column in table.columns)


def _column(column: Column, *, required: bool) -> str:
    name = f"**`{column.name}`**" if required else f"`{column.name}`"
    return f"{name} {column.type}"


def _table(head: list[str], rows: Iterable[list[str]]) -> str:
    return "".join(f"| {' | '.join(row)} |\n" for row in _with_rule(head, rows))


def _with_rule(head: list[str], rows: Iterable[list[str]]) -> Iterator[list[str]]:
    yield head
    yield ["---"] * len(head)
    yield from rows


_PARTS: Final[Mapping[str, Callable[[], str]]] = {
    "kinds": kinds_table,
    "reference tables": references_table,
    "codes": codes_table,
}


if __name__ == "__main__":
    page = Path(sys.argv[1] if len(sys.argv) > 1 else ".") / PAGE
    page.write_text(fill(page.read_text(encoding="utf-8")), encoding="utf-8")
