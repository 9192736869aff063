"""PostgreSQL tables of the facts, made from the contracts: statements only, nobody is connected to.

Columns that a program adds to a kind, and all but the common columns of a kind that only a program declares, stand in
``attributes`` (jsonb): two programs may give the same name another meaning.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from swingby.facts.contracts import REFERENCE_KEYS
from swingby.program.kinds import (
    FACT_KINDS,
    OWNER_COLUMN,
    OWNER_LINK,
    REFERENCE_TABLES,
    Column,
    ColumnType,
    FactKind,
)

SQL_TYPES: Mapping[ColumnType, str] = {
    "word": "text",
    "text": "text",
    "id": "text",
    "number": "numeric(24, 8)",
    "percent": "numeric(24, 8)",
    "amount": "numeric(24, 8)",
    "date": "date",
    "truth": "boolean",
}

#: Kinds whose rows are the program owner's own business: a partner sees their effect, never the rows.
OWNER_ONLY_KINDS = frozenset({"costs", "tier_decisions", "touches"})

#: Reference tables whose rows belong to one partner; the others are a catalogue for everybody enrolled.
PARTNER_REFERENCES = frozenset({"organizations", "offices", "enrolments", "people", "customers"})

_LEDGER_COLUMNS = (
    "fact_id text NOT NULL",
    "owner_org text NOT NULL",
    "partner_org text",
    "position bigint NOT NULL CHECK (position > 0)",
    "reversed_position bigint CHECK (reversed_position >= position)",
    "reverses text",
    "chain text",
    "root_id text NOT NULL GENERATED ALWAYS AS (coalesce(chain, fact_id)) STORED",
    "recorded_at timestamptz NOT NULL DEFAULT clock_timestamp()",
    "batch text",
    "source text",
)
_POSITIONS = """CREATE TABLE ref_positions (
    owner_org text NOT NULL,
    position bigint NOT NULL CHECK (position > 0),
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    batch text,
    PRIMARY KEY (owner_org, position)
)"""

_NAME = re.compile(r"[a-z][a-z0-9_]*")


def table_statements(
    kinds: Mapping[str, FactKind] = FACT_KINDS,
    references: Mapping[str, tuple[Column, ...]] = REFERENCE_TABLES,
) -> list[str]:
    """Every CREATE TABLE and CREATE INDEX for these kinds and reference tables, and for ``ref_positions``.

    Parameters
    ----------
    kinds
        Fact kinds by name: those of a program, or the built-in ones.
    references
        Reference tables by name; leave one out to put a view of that name in its place.

    Returns
    -------
    list of str
        One statement each, in an order that runs.
    """
    statements = [_POSITIONS, "CREATE INDEX ON ref_positions (owner_org, recorded_at)"]
    for kind in kinds.values():
        statements += fact_table_statements(kind)
    for name, columns in references.items():
        statements += _reference_statements(name, columns)
    return statements


def fact_table_statements(kind: FactKind) -> list[str]:
    """The table of one kind and its indexes."""
    table = f"fact_{_checked(kind.name)}"
    start, end = kind.day_columns
    columns = [*_LEDGER_COLUMNS, f"{start} date NOT NULL", f"{end} date"]
    columns += [_column(column) for column in stored_columns(kind)]
    columns += ["attributes jsonb NOT NULL DEFAULT '{}'", "PRIMARY KEY (owner_org, fact_id)"]
    return [_create(table, columns), *_fact_indexes(table, kind)]


def addition_statements(present: Mapping[str, Collection[str]]) -> list[str]:
    """What brings older tables up to the contracts: built-in tables and columns that are not there yet.

    Parameters
    ----------
    present
        Table name -> its columns, of the tables that are there.
    """
    kinds = {name: kind for name, kind in FACT_KINDS.items() if f"fact_{name}" not in present}
    references = {name: columns for name, columns in REFERENCE_TABLES.items() if f"ref_{name}" not in present}
    statements = [statement for kind in kinds.values() for statement in fact_table_statements(kind)]
    for name, columns in references.items():
        statements += _reference_statements(name, columns)
    statements += [each for each in row_level_security_statements(kinds, references) if "ref_positions" not in each]
    listed = {f"fact_{name}": kind.columns for name, kind in FACT_KINDS.items()}
    listed |= {f"ref_{name}": columns for name, columns in REFERENCE_TABLES.items()}
    return statements + [
        f"ALTER TABLE {table} ADD COLUMN {_column(column)}"
        for table, columns in listed.items()
        for column in columns
        if table in present and column.name not in present[table]
    ]


def stored_columns(kind: FactKind) -> tuple[Column, ...]:
    """The columns that are real ones on PostgreSQL; the kind's others stand in ``attributes``."""
    known = FACT_KINDS.get(kind.name)
    if known is not None:
        return known.columns
    owner = kind.column(OWNER_COLUMN[kind.owner])
    return () if owner is None else (owner,)


def attribute_columns(kind: FactKind) -> tuple[Column, ...]:
    """The kind's columns that stand in ``attributes``."""
    stored = {column.name for column in stored_columns(kind)}
    return tuple(column for column in kind.columns if column.name not in stored)


def relation_query(kind: FactKind) -> str:
    """The facts of a kind with every column it has, as on the other backends: attributes are read out and typed."""
    table = f"fact_{_checked(kind.name)}"
    read = [
        f"CAST({table}.attributes ->> '{_checked(column.name)}' AS {SQL_TYPES[column.type]}) AS {_quoted(column.name)}"
        for column in attribute_columns(kind)
    ]
    return f"SELECT {', '.join([f'{table}.*', *read])} FROM {table}"


def row_level_security_statements(
    kinds: Mapping[str, FactKind] = FACT_KINDS,
    references: Mapping[str, tuple[Column, ...]] = REFERENCE_TABLES,
) -> list[str]:
    """Policies for the tables of `table_statements`: the owner of the program writes, both sides read.

    Whose rows may be touched stands in the transaction's settings ``swingby.owner_orgs`` and
    ``swingby.partner_orgs`` (text arrays). Nothing set means no rows. There is no policy for DELETE: facts stay.
    """
    tables = {"ref_positions": _visible_to_enrolled("ref_positions")}
    tables |= {f"fact_{name}": OWNER_SIDE if name in OWNER_ONLY_KINDS else BOTH_SIDES for name in kinds}
    tables |= {f"ref_{name}": _reference_rows(name) for name in references}
    return [statement for table, rows in tables.items() for statement in _policies(_checked(table), rows)]


def setting_array(name: str) -> str:
    """A list of organizations from the transaction's settings, read once per statement and not once per row."""
    return f"((SELECT NULLIF(current_setting('{name}', true), '')::text[])::text[])"


OWNERS = setting_array("swingby.owner_orgs")
PARTNERS = setting_array("swingby.partner_orgs")
OWNER_SIDE = f"owner_org = ANY ({OWNERS})"
BOTH_SIDES = f"({OWNER_SIDE} OR partner_org = ANY ({PARTNERS}))"


def _visible_to_enrolled(table: str) -> str:
    enrolled = f"e.owner_org = {table}.owner_org AND e.partner_org = ANY ({PARTNERS})"
    return f"({OWNER_SIDE} OR EXISTS (SELECT 1 FROM ref_enrolments AS e WHERE {enrolled}))"


def _reference_rows(name: str) -> str:
    return BOTH_SIDES if name in PARTNER_REFERENCES else _visible_to_enrolled(f"ref_{name}")


def _policies(table: str, visible: str) -> list[str]:
    return [
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
        f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
        f"CREATE POLICY {table}_select ON {table} FOR SELECT USING ({visible})",
        f"CREATE POLICY {table}_insert ON {table} FOR INSERT WITH CHECK ({OWNER_SIDE})",
        f"CREATE POLICY {table}_update ON {table} FOR UPDATE USING ({OWNER_SIDE}) WITH CHECK ({OWNER_SIDE})",
    ]


def _reference_statements(name: str, columns: tuple[Column, ...]) -> list[str]:
    table = f"ref_{_checked(name)}"
    listed = ["owner_org text NOT NULL", "partner_org text", *map(_column, columns)]
    listed += ["attributes jsonb NOT NULL DEFAULT '{}'", _key(columns, REFERENCE_KEYS[name])]
    indexes = [f"CREATE INDEX ON {table} (partner_org)"] if name in PARTNER_REFERENCES else []
    if name == "enrolments":
        indexes.append(f"CREATE INDEX ON {table} (organization, owner_org)")
    if name == "organizations":
        indexes.append(f"CREATE INDEX ON {table} (parent, owner_org)")
    return [_create(table, listed), *indexes]


def _key(columns: tuple[Column, ...], key: tuple[str, ...]) -> str:
    """The primary key; a key with a column that may be empty is a unique one in which empty equals empty."""
    filled = {column.name for column in columns if column.required}
    word = "PRIMARY KEY" if filled.issuperset(key) else "UNIQUE NULLS NOT DISTINCT"
    return f"{word} (owner_org, {', '.join(map(_quoted, key))})"


def _fact_indexes(table: str, kind: FactKind) -> list[str]:
    """One index for each way the live engine finds rows, and two for readers of the ledger's tail.

    The organization leads: a policy with two sides cannot serve as an index condition, a plain column can.
    """
    day = kind.day_columns[0]
    links = [name for name in _found_by(kind) if any(column.name == name for column in stored_columns(kind))]
    return [
        *(f"CREATE INDEX ON {table} ({_quoted(link)}, owner_org, {day})" for link in links),
        f"CREATE INDEX ON {table} (partner_org) WHERE partner_org IS NOT NULL",
        f"CREATE INDEX ON {table} (owner_org, position)",
        f"CREATE INDEX ON {table} (owner_org, reversed_position) WHERE reversed_position IS NOT NULL",
        f"CREATE INDEX ON {table} (owner_org, root_id) WHERE chain IS NOT NULL",
    ]


def _found_by(kind: FactKind) -> list[str]:
    """The owner's column; a link is also found by what it links."""
    linked = [owner for owner, link in OWNER_LINK.items() if link == kind.name]
    return [OWNER_COLUMN[kind.owner], *(OWNER_COLUMN[owner] for owner in linked)]


def _column(column: Column) -> str:
    return f"{_quoted(column.name)} {SQL_TYPES[column.type]}{' NOT NULL' if column.required else ''}"


def _create(table: str, columns: list[str]) -> str:
    lines = ",\n    ".join(columns)
    return f"CREATE TABLE {table} (\n    {lines}\n)"


def _quoted(name: str) -> str:
    return f'"{_checked(name)}"'


def _checked(name: str) -> str:
    """Refuse a name that is not plain lower case: these names become part of a statement."""
    if not _NAME.fullmatch(name):
        raise ValueError(f"not a plain lower-case name: {name!r}")
    return name
