"""Reading must not ask every row about every row: a company of ten thousand partners once took minutes for it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import duckdb
import pytest

from swingby.facts import propose, read_folder
from swingby.generation import generate_example
from swingby.program import load

_EXPLAINED = re.compile(r"\s*(CREATE (TEMP )?TABLE .* AS|INSERT INTO|UPDATE|DELETE|SELECT|WITH)\b", re.DOTALL)
#: Names of resellers that nobody knows are compared with all known names by likeness, which no key can do.
_BY_LIKENESS = "FROM unknown_resellers AS u"
#: How DuckDB calls a join that compares every row with every row.
_QUADRATIC = re.compile(r"BLOCKWISE_NL_JOIN")


class _Watched:
    """A connection that looks at the plan of every statement before it carries it out."""

    def __init__(self, raw: duckdb.DuckDBPyConnection, found: list[str]) -> None:
        self.raw, self.found, self.looked_at = raw, found, 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self.raw, name)

    def cursor(self) -> _Watched:
        return _Watched(self.raw.cursor(), self.found)

    def execute(self, query: str, parameters: Any = None) -> Any:
        if _EXPLAINED.match(query) and ";" not in query:
            self.looked_at += 1
            plan = self.raw.execute(f"EXPLAIN {query}", parameters).fetchall()[0][1]
            self.found += [query] if _QUADRATIC.search(plan) else []
        return self.raw.execute(query, parameters)


@pytest.mark.slow
def test_no_statement_compares_every_row_with_every_row(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    company = generate_example(tmp_path, partners=40)
    program = load(company.folder / "program").program
    assert program is not None
    found: list[str] = []
    opened: list[_Watched] = []
    connect = duckdb.connect

    def watched(*words: Any, **named: Any) -> Any:
        opened.append(_Watched(connect(*words, **named), found))
        return opened[-1]

    monkeypatch.setattr(duckdb, "connect", watched)
    with (
        read_folder(company.folder, program, keep_names=True) as known,
        read_folder(company.folder, program, known=known) as again,
    ):
        assert propose(again, program).changes_nothing
    assert sum(each.looked_at for each in opened) > 200
    assert [query for query in found if not query.endswith(_BY_LIKENESS)] == []


def test_the_watch_sees_a_join_of_every_row_with_every_row() -> None:
    found: list[str] = []
    with duckdb.connect() as raw:
        raw.execute("CREATE TABLE a AS SELECT range AS n FROM range(9)")
        _Watched(raw, found).execute("SELECT * FROM a AS x LEFT JOIN a AS y ON x.n = y.n AND (y.n > 3 OR x.n < y.n)")
    assert len(found) == 1
