"""What was done to a database, noted in the database itself, so that a restored or another one tells the truth.

Starting Django only to learn that there is nothing to migrate takes longer than everything else together.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import psycopg
from psycopg import errors, sql

WEB = Path(__file__).parents[1]


def stamp_of_tables() -> str:
    """Return a text that changes when code of the web application, or any installed package, does."""
    return hashlib.sha256("\n".join(_parts()).encode()).hexdigest()[:24]


def _parts() -> Iterator[str]:
    for file in sorted(WEB.rglob("*.py")):
        found = file.stat()
        yield f"{file} {found.st_size} {found.st_mtime_ns}"
    for folder in filter(None, sys.path):
        yield from sorted(str(package) for package in Path(folder).glob("*.dist-info"))


def read_marks(owner_url: str) -> Mapping[str, str]:
    """Return the marks by title; none if the database has none or does not say."""
    with contextlib.suppress(psycopg.Error, ValueError), psycopg.connect(owner_url, connect_timeout=5) as connection:
        found = connection.execute("SELECT obj_description('public'::regnamespace)").fetchone()
        marks = json.loads(found[0]) if found and found[0] else {}
        if isinstance(marks, dict):
            return {str(title): str(stamp) for title, stamp in marks.items()}
    return {}


def write_mark(owner_url: str, *, title: str, stamp: str) -> None:
    """Note that `title` was done; a role that may not leaves no mark, and the step is done again next time."""
    marks = json.dumps({**read_marks(owner_url), title: stamp})
    with contextlib.suppress(errors.InsufficientPrivilege), psycopg.connect(owner_url) as connection:
        connection.execute(sql.SQL("COMMENT ON SCHEMA public IS {}").format(sql.Literal(marks)))
