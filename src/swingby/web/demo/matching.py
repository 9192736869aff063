"""Let a vendor that was loaded before know a firm's people under the keys that the firm uses.

A vendor's list of mail addresses does that while files are read: an address stands for one key. The examples are made apart
from each other, so that it is done here: who holds as much of the same role is taken for the same person.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path

from django.db import connection

from swingby.web.clock import today
from swingby.web.tenancy import act_for_owner

#: Person, role and level of a credential that is held.
Held = tuple[str, str, str]
Known = Mapping[str, frozenset[tuple[str, str]]]


def match_people(folder: Path, firm: str) -> None:
    """Rename the people of a firm in the facts of each vendor of which the firm's folder tells what its people hold there."""
    for file in sorted(folder.glob("facts/*/credentials.csv")):
        with act_for_owner(file.parent.name):
            renamed = _pairs(_known(_at_vendor(file.parent.name, firm)), _known(_at_firm(file)))
            _rename(file.parent.name, renamed)


def _pairs(theirs: Known, ours: Known) -> dict[str, str]:
    """Each of their people with one of ours who holds most of the same; nobody twice, and who is known by our key stays."""
    free = {key: held for key, held in ours.items() if key not in theirs}
    found: dict[str, str] = {}
    for key in sorted((key for key in theirs if key not in ours), key=lambda key: (-len(theirs[key]), key)):
        best = max(sorted(free), key=lambda mine: len(free[mine] & theirs[key]), default=None)
        if best is not None and free[best] & theirs[key]:
            found[key] = best
            del free[best]
    return found


def _known(rows: Iterable[Held]) -> Known:
    found: dict[str, frozenset[tuple[str, str]]] = {}
    for person, role, level in rows:
        found[person] = found.get(person, frozenset()) | {(role, level)}
    return found


def _at_vendor(owner: str, firm: str) -> list[Held]:
    with connection.cursor() as cursor:
        cursor.execute(_HELD, {"owner": owner, "firm": firm, "on": today()})
        return list(cursor.fetchall())


def _at_firm(file: Path) -> list[Held]:
    with file.open(encoding="utf-8", newline="") as text:
        rows = [
            row for row in csv.DictReader(text) if not row["ends_on"] or date.fromisoformat(row["ends_on"]) > today()
        ]
        return [(row["person"], row["role"], row["level"]) for row in rows]


def _rename(owner: str, renamed: Mapping[str, str]) -> None:
    """In every table of the vendor that names people."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name::text FROM information_schema.columns WHERE table_schema = 'public'"
            " AND column_name = 'person' AND (table_name LIKE 'fact\\_%%' OR table_name = 'ref_people') ORDER BY 1"
        )
        for (table,) in cursor.fetchall():
            cursor.execute(
                f"UPDATE {table} AS t SET person = r.new FROM unnest(%s::text[], %s::text[]) AS r(old, new)"
                " WHERE t.owner_org = %s AND t.person = r.old",
                [list(renamed), list(renamed.values()), owner],
            )


_HELD = """
SELECT c.person, coalesce(c.role, ''), coalesce(c.level, '') FROM fact_credentials AS c
WHERE c.owner_org = %(owner)s AND c.partner_org = %(firm)s AND c.reversed_position IS NULL
AND c.starts_on <= %(on)s AND (c.ends_on IS NULL OR c.ends_on > %(on)s)
AND EXISTS (SELECT 1 FROM fact_employments AS e WHERE e.owner_org = c.owner_org AND e.partner_org = c.partner_org
  AND e.person = c.person AND e.reversed_position IS NULL AND (e.ends_on IS NULL OR e.ends_on > %(on)s))
ORDER BY 1
"""
