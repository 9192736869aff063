"""One record as it was brought in: what it says, from where, and when."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import connection
from psycopg import sql

from swingby.program.kinds import FACT_KINDS
from swingby.web.models import Enrolment, ScorecardLine
from swingby.web.tenancy import current_scope

#: Columns that say how a record is kept, and not what it is about.
_KEPT = frozenset(
    "fact_id owner_org partner_org position reversed_position reverses chain root_id source batch attributes recorded_at"
    " undone".split()
)

#: What was agreed with the partner whose record it is; others with a part in the deal do not read it.
_PRICES = frozenset({"list_amount", "discount", "margin"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A record with what it says in words, in the order of its columns; ``row`` is what the reader may read of it."""

    key: str
    kind: str
    source: str
    arrived: datetime
    position: int
    removed_at: int | None
    details: tuple[tuple[str, str], ...]
    row: Mapping[str, Any] = field(default_factory=dict, repr=False)


def record_of(enrolment: Enrolment, *, kind: str, key: str) -> Record | None:
    """A record about this partner, or one that stands behind its numbers; row-level security has the last word."""
    if kind not in FACT_KINDS or "\0" in key:
        return None
    query = sql.SQL(
        "SELECT * FROM {} WHERE owner_org = %s AND fact_id = %s ORDER BY position DESC, reversed_position NULLS FIRST LIMIT 1"
    ).format(sql.Identifier(f"fact_{kind}"))
    with connection.cursor() as cursor:
        cursor.execute(query, [enrolment.owner_id, key])
        found = cursor.fetchone()
        names = [column.name for column in cursor.description or ()]
    if found is None:
        return None
    row = dict(zip(names, found, strict=True))
    is_own = row["partner_org"] == enrolment.partner_id
    if not is_own and not _counted(enrolment, kind, key):
        return None
    reads_all = is_own or enrolment.owner_id in current_scope().owner_orgs
    return _record(kind, row if reads_all else {name: row[name] for name in row if name not in _PRICES})


def _counted(enrolment: Enrolment, kind: str, key: str) -> bool:
    return ScorecardLine.objects.filter(enrolment=enrolment, record=key, record_kind=kind).exists()


def _record(kind: str, row: Mapping[str, Any]) -> Record:
    return Record(
        key=row["fact_id"],
        kind=kind,
        source=row.get("source") or "",
        arrived=row["recorded_at"],
        position=row["position"],
        removed_at=row["reversed_position"],
        details=tuple(_details(kind, row)),
        row={**json.loads(row.get("attributes") or "{}"), **row},
    )


def _details(kind: str, row: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    words = {column.name for column in FACT_KINDS[kind].all_columns if column.type == "word"}
    carried = json.loads(row.get("attributes") or "{}")
    own = {name: value for name, value in row.items() if name not in _KEPT}
    for name, value in {**own, **carried}.items():
        if value not in (None, ""):
            yield name.removesuffix("_on").replace("_", " ").capitalize(), _words(value, is_word=name in words)


def _words(value: Any, *, is_word: bool) -> str:
    """A value as people write it; a word of the program without its underscores."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Decimal):
        return f"{value.normalize():,f}"
    if isinstance(value, date):
        return f"{value:%-d %B %Y}"
    text = str(value)
    return text[:1].upper() + text[1:].replace("_", " ") if is_word else text
