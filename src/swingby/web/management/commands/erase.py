"""Erase a person: ``python -m swingby.web erase PERSON``, or ``--again`` after a backup was restored."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from psycopg import sql

from swingby.web.erasure import Erased, FilesSearched, UnknownPersonError, erase_in_database, erase_in_files
from swingby.web.erasure.following import delete_old_files, follow_files, forget_sessions, note_old_files
from swingby.web.server import open_database

#: The keys of everybody who was erased: a restored backup holds them again until ``--again`` was run.
LIST = "erased.txt"
#: Files that are about to be deleted.
JOURNAL = "erasing.txt"


class Command(BaseCommand):
    """Erase one person, or everybody again who was erased before."""

    help = "Erase the name and the mail address of a person from database and files. What happened stays, by key."

    def add_arguments(self, parser: CommandParser) -> None:
        """Who, and where the application keeps its files."""
        parser.add_argument("person", nargs="?", help="the key or the mail address")
        parser.add_argument("--again", action="store_true", help="everybody who was erased before, after a restore")
        parser.add_argument("--data", type=Path, help="the folder of the application")

    def handle(self, *_: Any, person: str | None, again: bool, data: Path | None, **__: Any) -> None:
        """Erase and say what was done."""
        files = Path(settings.SWINGBY_FILES)
        noted = files.parent / LIST
        people = noted.read_text(encoding="utf-8").split() if again and noted.exists() else [person] if person else []
        if not people:
            raise CommandError(f"Name a person, or --again where {noted} lists those who were erased before.")
        with open_database(data) as database:
            for each in people:
                self._erase(database.url("owner"), each, files=files, noted=noted, passes_over=again)

    def _erase(self, url: str, person: str, *, files: Path, noted: Path, passes_over: bool) -> None:
        journal = noted.with_name(JOURNAL)
        try:
            with psycopg.connect(url) as connection:
                delete_old_files(journal, connection)
                erased = erase_in_database(connection, person)
                forget_sessions(connection, erased.needles.key)
                searched = erase_in_files(files, erased.needles)
                follow_files(connection, searched)
                note_old_files(journal, searched)
        except UnknownPersonError as error:
            if passes_over:
                return
            raise CommandError(str(error)) from error
        with psycopg.connect(url) as connection:
            delete_old_files(journal, connection)
        with psycopg.connect(url, autocommit=True) as connection:
            for table in ("people", *erased.rows):
                # The old rows vanish from the disk, too.
                connection.execute(sql.SQL("VACUUM {}").format(sql.Identifier(table)))
        _note(noted, erased.needles.key)
        self._say(erased, searched)

    def _say(self, erased: Erased, searched: FilesSearched) -> None:
        total = sum(erased.rows.values())
        self.stdout.write(f"{erased.needles.key} is erased; something stood in {total} more rows.")
        for table, count in sorted(erased.rows.items()):
            self.stdout.write(f"  {table}: {count}")
        self.stdout.write(f"Files written anew: {len(searched.rewritten)}; removed: {len(searched.removed)}.")
        if searched.not_searched:
            self.stdout.write(f"{len(searched.not_searched)} pictures and documents cannot be searched: look at them.")
        if not erased.needles.searches_name:
            self.stdout.write("The name is a single word, so only the address was searched for in texts.")
        self.stdout.write("Older backups hold the person still: after restoring one, run this with --again.")


def _note(noted: Path, key: str) -> None:
    known = noted.read_text(encoding="utf-8").split() if noted.exists() else []
    if key not in known:
        noted.parent.mkdir(parents=True, exist_ok=True)
        noted.write_text("\n".join([*known, key]) + "\n", encoding="utf-8")
