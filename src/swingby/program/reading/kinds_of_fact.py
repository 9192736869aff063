"""Reading ``facts``: own kinds, more columns for the known ones, and subsets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from swingby.program.kinds import (
    COLUMN_TYPES,
    FACT_KINDS,
    OWNER_COLUMN,
    RESERVED_COLUMNS,
    Column,
    ColumnType,
    FactKind,
    Owner,
)
from swingby.program.kinds import (
    Shape as FactShape,
)
from swingby.program.model import FactDeclaration
from swingby.program.reading import literals
from swingby.program.reading.facts import PICK, WHERE
from swingby.program.reading.nodes import ListNode, Node
from swingby.program.reading.reader import Fields, Reader
from swingby.program.reading.scalars import COLUMN, NAME, choice, list_of
from swingby.program.reading.shapes import Construct, Key, MapOf, Shape
from swingby.program.reading.texts import TEXT_KEYS, rule_text

ColumnWriting = ColumnType | tuple[str, ...]
TYPE: Final[Shape[ColumnType]] = choice("a type of column", COLUMN_TYPES)
JOINT: Final = list_of(COLUMN, "a list of columns")
COLUMN_SHAPE: Final[Shape[ColumnWriting]] = Shape("a type, or a list of columns that make a joint id")
COLUMNS_SHAPE: Final[Shape[tuple[tuple[str, ColumnWriting], ...]]] = Shape("columns with their types")


def _read_column(node: Node, reader: Reader) -> ColumnWriting | None:
    return JOINT.read(node, reader) if isinstance(node, ListNode) else TYPE.read(node, reader)


def _read_columns(node: Node, reader: Reader) -> tuple[tuple[str, ColumnWriting], ...] | None:
    found = reader.mapping(node, "columns with their types", "Write {installs: number, app: id}.")
    if found is None:
        return None
    columns: list[tuple[str, ColumnWriting]] = []
    for key, child in found.entries:
        name, kind = NAME.read(key, reader), _read_column(child, reader)
        if name and kind:
            columns.append((name, kind))
    return tuple(columns)


COLUMN_SHAPE.bind(_read_column, TYPE, JOINT)
COLUMNS_SHAPE.bind(_read_columns, MapOf(COLUMN_SHAPE, f"^{literals.NAME_PATTERN}$"))
SHAPE: Final[Key[FactShape]] = Key(
    "shape",
    choice("event or state", ("event", "state")),
    "happens on a day, or holds from a day to a day",
    default="event",
)
OWNER: Final[Key[Owner]] = Key(
    "owner",
    choice("an owner", ("organization", "person", "customer", "deal")),
    "whose fact it is, which decides how it reaches a partner",
    default="organization",
)
COLUMNS_KEY: Final = Key(
    "columns", COLUMNS_SHAPE, "own columns with their types", default="none beside those of every fact"
)
KIND_MAP: Final = Construct(
    "fact kind",
    "A kind of fact of one's own, or more columns for a known one.",
    (SHAPE, OWNER, COLUMNS_KEY, *TEXT_KEYS),
)
SUBSET_OF: Final = Key("subset_of", NAME, "the kind it is a part of", required=True)
SUBSET_MAP: Final = Construct(
    "subset of a fact kind", "A part of a kind under its own name.", (SUBSET_OF, WHERE, PICK, *TEXT_KEYS)
)


def read_fact(name: str, node: Node, reader: Reader) -> FactDeclaration | None:
    """One declaration under facts."""
    found = reader.mapping(node, "a fact kind", "Write {columns: {installs: number}}.")
    if found is None:
        return None
    return _read_subset(name, node, reader) if found.get(SUBSET_OF.name) else _read_kind(name, node, reader)


def _read_subset(name: str, node: Node, reader: Reader) -> FactDeclaration | None:
    fields = reader.fields(node, SUBSET_MAP)
    base = fields.get(SUBSET_OF) if fields else None
    if fields is None or base is None:
        return None
    return FactDeclaration(
        name=name,
        subset_of=base,
        where=fields.get(WHERE),
        pick=fields.get(PICK),
        text=rule_text(fields),
        location=node.location,
    )


def _read_kind(name: str, node: Node, reader: Reader) -> FactDeclaration | None:
    fields = reader.fields(node, KIND_MAP)
    if fields is None:
        return None
    written = fields.get(COLUMNS_KEY) or ()
    kind = _extend(name, fields, FACT_KINDS.get(name))
    joint = tuple((column, parts) for column, parts in written if isinstance(parts, tuple))
    return FactDeclaration(name=name, kind=kind, joint=joint, text=rule_text(fields), location=node.location)


def _extend(name: str, fields: Fields, known: FactKind | None) -> FactKind:
    """The kind with its owner's link first, then known and own columns, and a currency for amounts."""
    written = fields.get(COLUMNS_KEY) or ()
    own = [Column(column, kind) for column, kind in written if isinstance(kind, str)]
    owner = fields.get(OWNER) or (known.owner if known else "organization")
    shape = fields.get(SHAPE) or (known.shape if known else "event")
    if known and shape != known.shape:
        fields.reader.error(
            fields.location, "kind-shape", f"{name} is a known kind of shape {known.shape}.", "Choose another name."
        )
    columns = {column.name: column for column in _known_columns(known, owner)}
    for column in own:
        _add_column(columns, column, fields)
    return FactKind(name, shape, owner, tuple(_with_currency(columns).values()))


def _known_columns(known: FactKind | None, owner: Owner) -> tuple[Column, ...]:
    link = Column(OWNER_COLUMN[owner], "id", required=True)
    if known is None:
        return (link,)
    dropped = {link.name, OWNER_COLUMN[known.owner]} if owner != known.owner else {link.name}
    kept = tuple(column for column in known.columns if column.name not in dropped)
    moved = Column(OWNER_COLUMN[known.owner], "id")
    return (link, *kept) if owner == known.owner else (link, moved, *kept)


def _add_column(columns: dict[str, Column], column: Column, fields: Fields) -> None:
    known = columns.get(column.name)
    if column.name in RESERVED_COLUMNS:
        message = f"Every fact has a column {column.name} of its own meaning."
        fields.reader.error(fields.location, "column-reserved", message, "Choose another name.")
        return
    if known is not None and known.type != column.type:
        message = f"{column.name} is a column of type {known.type}; it cannot become {column.type}."
        fields.reader.error(fields.location, "column-retyped", message, "Choose another name.")
    columns.setdefault(column.name, column)


def _with_currency(columns: dict[str, Column]) -> dict[str, Column]:
    if any(column.type == "amount" for column in columns.values()):
        columns.setdefault("currency", Column("currency", "word"))
    return columns


def kinds_of(facts: Mapping[str, FactDeclaration]) -> dict[str, FactKind]:
    """Every kind that rules can read: the known, the extended, the own, and subsets under their names."""
    kinds = dict(FACT_KINDS)
    kinds.update({name: fact.kind for name, fact in facts.items() if fact.kind})
    for name in facts:
        base = _base(name, facts)
        if base in kinds:
            kinds[name] = replace(kinds[base], name=name)
    return kinds


def _base(name: str, facts: Mapping[str, FactDeclaration]) -> str:
    """Follow subset_of to the kind below; a circle of subsets ends where it started."""
    seen = {name}
    fact = facts.get(name)
    while fact and fact.subset_of and fact.subset_of not in seen:
        name = fact.subset_of
        seen.add(name)
        fact = facts.get(name)
    return name
