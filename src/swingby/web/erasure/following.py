"""What follows in the database: rows of files that were written anew, and sessions."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import psycopg
from django.contrib.sessions.backends.db import SessionStore

from swingby.web.erasure.files import FilesSearched

#: What stands in the row of a file that was removed.
GONE = "erased"
Connection = psycopg.Connection[Any]


def follow_files(connection: Connection, searched: FilesSearched) -> None:
    """Let the rows of files name what was written anew; those of removed files name nothing any more."""
    connection.execute("ALTER TABLE stored_files NO FORCE ROW LEVEL SECURITY")
    for before, (after, size) in searched.rewritten.items():
        connection.execute("UPDATE stored_files SET sha256 = %s, size = %s WHERE sha256 = %s", [after, size, before])
    connection.execute(
        "UPDATE stored_files SET sha256 = %s, size = 0 WHERE sha256 = ANY (%s)", [GONE, list(searched.removed)]
    )
    connection.execute("SET CONSTRAINTS ALL IMMEDIATE")
    connection.execute("ALTER TABLE stored_files FORCE ROW LEVEL SECURITY")


def forget_sessions(connection: Connection, key: str) -> None:
    """Delete the sessions of a person, and those that cannot be read here: they may be the person's."""
    store = SessionStore()
    rows = connection.execute("SELECT session_key, session_data FROM django_session").fetchall()
    theirs = [found for found, data in rows if store.decode(data).get("_auth_user_id", key) == key]
    connection.execute("DELETE FROM django_session WHERE session_key = ANY (%s)", [theirs])


def note_old_files(journal: Path, searched: FilesSearched) -> None:
    """Write down which files still hold the person, before the database forgets them."""
    if searched.old:
        journal.write_text("\n".join(map(str, searched.old)) + "\n", encoding="utf-8")


def delete_old_files(journal: Path, connection: Connection) -> None:
    """Delete what was written down and what no row names: what a run that was stopped has left, too."""
    if not journal.exists():
        return
    connection.execute("ALTER TABLE stored_files NO FORCE ROW LEVEL SECURITY")
    named = {row[0] for row in connection.execute("SELECT sha256 FROM stored_files")}
    connection.rollback()
    for line in journal.read_text(encoding="utf-8").splitlines():
        if (file := Path(line)).name not in named:
            file.unlink(missing_ok=True)
    journal.unlink()
