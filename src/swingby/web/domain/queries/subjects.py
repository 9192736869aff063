"""What records are about, in a few words: for lists in which a key alone would say nothing."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.db import connection
from psycopg import sql

from swingby.program.kinds import FACT_KINDS

#: The columns that tell one record from another, most telling first.
_TELLING = ("topic", "kind", "code", "product", "plan", "document", "role", "outcome", "stage")
MOST_WORDS = 2


def subjects_of(owner: str, records: Iterable[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """By kind and key what records of a vendor are about; who says nothing in words is left out.

    One statement for each kind, and one for the names of customers; row-level security has the last word.
    """
    by_kind: defaultdict[str, list[str]] = defaultdict(list)
    for kind, key in dict.fromkeys(records):
        if kind in FACT_KINDS:
            by_kind[kind].append(key)
    rows = {
        (kind, str(row["fact_id"])): row
        for kind, keys in by_kind.items()
        for row in _rows(f"fact_{kind}", "fact_id", owner, keys)
    }
    names = customer_names(owner, (str(row["customer"]) for row in rows.values() if row.get("customer")))
    found = {place: in_words(row, names) for place, row in rows.items()}
    return {place: words for place, words in found.items() if words}


def _rows(table: str, column: str, owner: str, keys: list[str]) -> Iterator[dict[str, Any]]:
    query = sql.SQL("SELECT * FROM {} WHERE owner_org = %s AND {} = ANY(%s)").format(
        sql.Identifier(table), sql.Identifier(column)
    )
    with connection.cursor() as cursor:
        cursor.execute(query, [owner, keys])
        names = [each.name for each in cursor.description or ()]
        yield from (dict(zip(names, row, strict=True)) for row in cursor.fetchall())


def customer_names(owner: str, customers: Iterable[str]) -> dict[str, str]:
    """The names of a vendor's customers by key; who has none in the records is left out."""
    keys = sorted(set(customers))
    if not keys:
        return {}
    return {row["customer"]: row["name"] for row in _rows("ref_customers", "customer", owner, keys) if row.get("name")}


def in_words(row: Mapping[str, Any], customers: Mapping[str, str]) -> str:
    """One record by the columns that tell it from others, and whom it is about."""
    carried = json.loads(row.get("attributes") or "{}")
    told = [str(row.get(name) or carried.get(name) or "") for name in _TELLING]
    words: list[str] = []
    for word in (word.replace("_", " ") for word in told if word):
        if len(words) < MOST_WORDS and not any(word in before for before in words):
            words.append(word)
    customer = str(row.get("customer") or "")
    if customer:
        words.append(customers.get(customer, customer))
    said = ", ".join(words)
    return said[:1].upper() + said[1:]
