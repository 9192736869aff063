"""All facts of an owner, brought from PostgreSQL into DuckDB for work on everybody: with the positions they have.

Reading happens under the scope that is open, so a job of one owner can bring no other's rows.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.db import connection
from psycopg import sql

from swingby.facts import FactSet, from_rows
from swingby.facts.postgres import relation_query
from swingby.program import REFERENCE_TABLES, Program

NULL = "\\N"


def bring_facts(owner: str, program: Program) -> FactSet:
    """The facts as a program reads them; close them when done."""
    facts = from_rows({}, program)
    try:
        facts.connection.execute("RESET threads")
        with tempfile.TemporaryDirectory(prefix="swingby-facts-") as name:
            file = Path(name) / "rows.csv"
            for table, source in _relations(program):
                _bring(facts, (table, source), owner, file)
    except BaseException:
        facts.close()
        raise
    return facts


def _relations(program: Program) -> Iterable[tuple[str, str]]:
    """Each relation in DuckDB with the query of its rows on PostgreSQL."""
    present = set(connection.introspection.table_names())
    yield "ref_positions", "ref_positions"
    for name in REFERENCE_TABLES:
        yield f"ref_{name}", f"ref_{name}"
    for kind in program.kinds.values():
        if f"fact_{kind.name}" in present:
            yield f"fact_{kind.name}", f"({relation_query(kind)})"


def _bring(facts: FactSet, relation: tuple[str, str], owner: str, file: Path) -> None:
    table, source = relation
    described = facts.connection.execute(f'DESCRIBE "{table}"').fetchall()
    columns = [(str(row[0]), str(row[1])) for row in described]
    with connection.cursor() as cursor, file.open("wb") as target:
        query = sql.SQL(
            "COPY (SELECT {} FROM {} AS r WHERE r.owner_org = {}) TO STDOUT (FORMAT csv, NULL '\\N')"
        ).format(
            sql.SQL(", ").join(sql.SQL("r.{}").format(sql.Identifier(name)) for name, _ in columns),
            sql.SQL(source),
            sql.Literal(owner),
        )
        _copy_out(cursor, query, target)
    casts = ", ".join(f'CAST("{name}" AS {kind})' for name, kind in columns)
    names = ", ".join(f"'{name}': 'VARCHAR'" for name, _ in columns)
    facts.connection.execute(
        f"INSERT INTO \"{table}\" SELECT {casts} FROM read_csv('{file}', header = false, auto_detect = false, delim = ',',"
        f" quote = '\"', escape = '\"', nullstr = '{NULL}', allow_quoted_nulls = false, columns = {{{names}}})"
    )


def _copy_out(cursor: Any, query: sql.Composed, target: Any) -> None:
    with cursor.copy(query) as copied:
        for block in copied:
            target.write(block)
