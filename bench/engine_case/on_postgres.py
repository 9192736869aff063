"""The same on the embedded PostgreSQL: facts loaded before, results left as tables; no gate."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import psycopg

from bench.engine_case.plain_sql import RELATIONS, REQUIREMENTS, STANDINGS, TABLES, filled, rows_of
from bench.engine_case.rules import Case
from swingby.web.server.embedded import open_database

READ = {
    "activities": (
        "organization text, kind text, person text, quantity numeric(24, 8), rating numeric(24, 8), status text, "
        "happened_on date, cancelled_on date, position bigint, reversed_position bigint"
    ),
    "enrolments": "enrolment text, organization text, joined_on date, ended_on date",
}
SETTINGS = (
    "SET work_mem = '128MB'; SET jit = off; SET max_parallel_workers_per_gather = 1; SET synchronous_commit = off"
)
RESULTS = {"requirements": REQUIREMENTS, "standings": STANDINGS}


@contextmanager
def loaded(data: Path, server: Path) -> Iterator[str]:
    """A server with the facts below a folder in its tables; gives its address."""
    with open_database(server) as database:
        address = database.url("owner")
        with psycopg.connect(address, autocommit=True) as connection:
            for name, columns in READ.items():
                _load(connection, data / f"{name}.parquet", name, columns)
            connection.execute("VACUUM ANALYZE")
        yield address


def _load(connection: psycopg.Connection[Any], file: Path, name: str, columns: str) -> None:
    connection.execute(f"DROP TABLE IF EXISTS {name}")  # type: ignore[arg-type]
    connection.execute(f"CREATE UNLOGGED TABLE {name} ({columns})")  # type: ignore[arg-type]
    chosen = ", ".join(_names(columns))
    with duckdb.connect() as source, connection.cursor().copy(f"COPY {name} FROM STDIN") as target:  # type: ignore[arg-type]
        found = source.execute(f"SELECT {chosen} FROM read_parquet('{file}')")
        while rows := found.fetchmany(50_000):
            target.write("".join("\t".join(map(_cell, row)) + "\n" for row in rows))


def _names(columns: str) -> list[str]:
    return re.findall(r"(\w+) (?:text|numeric|date|bigint)", columns)


def _cell(value: object) -> str:
    return "\\N" if value is None else str(value)


def prepare(address: str, case: Case) -> tuple[psycopg.Connection[Any], Case]:
    """Open a session."""
    connection = psycopg.connect(address, autocommit=True)
    connection.execute(SETTINGS)  # type: ignore[arg-type]
    return connection, case


def run(ready: tuple[psycopg.Connection[Any], Case], _target: Path) -> None:
    """From tables to tables; the target is filled afterwards by `write`."""
    connection, case = ready
    for name, columns in TABLES.items():
        rows = rows_of(name, case)
        connection.execute(f"CREATE TEMP TABLE {name} ({columns})")  # type: ignore[arg-type]
        places = ", ".join(["%s"] * len(rows[0]))
        connection.cursor().executemany(f"INSERT INTO {name} VALUES ({places})", rows)  # type: ignore[arg-type]
        connection.execute(f"ANALYZE {name}")  # type: ignore[arg-type]
    for name, text in (RELATIONS | RESULTS).items():
        connection.execute(f"CREATE TEMP TABLE {name} AS {filled(text, case)}")  # type: ignore[arg-type]
        connection.execute(f"ANALYZE {name}")  # type: ignore[arg-type]


def write(ready: tuple[psycopg.Connection[Any], Case], target: Path) -> None:
    """The results as files, to be compared."""
    connection, _ = ready
    columns = {
        "requirements": "{'enrolment': 'VARCHAR', 'as_of': 'DATE', 'ladder': 'VARCHAR', 'path': 'VARCHAR', "
        "'value': 'DECIMAL(38, 12)', 'line': 'DECIMAL(38, 12)', 'gap': 'DECIMAL(38, 12)', 'result': 'VARCHAR'}",
        "standings": "{'enrolment': 'VARCHAR', 'as_of': 'DATE', 'ladder': 'VARCHAR', 'tier': 'VARCHAR'}",
    }
    for name in RESULTS:
        (target / name).mkdir(parents=True, exist_ok=True)
        text = target / name / "rows.csv"
        with text.open("wb") as file, connection.cursor().copy(f"COPY {name} TO STDOUT (FORMAT csv)") as source:  # type: ignore[arg-type]
            for piece in source:
                file.write(piece)
        reading = f"read_csv('{text}', header = false, columns = {columns[name]})"
        duckdb.execute(f"COPY (FROM {reading}) TO '{target / name / '1.parquet'}' (FORMAT parquet)")
        text.unlink()


def peak(ready: tuple[psycopg.Connection[Any], Case]) -> int:
    """The most memory, in KiB, that the server's process for this session had."""
    pid = ready[0].info.backend_pid
    found = re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{pid}/status").read_text(encoding="utf-8"))
    return int(found[1]) if found else 0
