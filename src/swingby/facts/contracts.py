"""What a table of facts may look like when it is read: columns, keys, and what other table a column names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from swingby.program.kinds import NAME_TABLES, REFERENCE_TABLES, Column, FactKind

#: What makes a row of a reference table the only one of its kind.
REFERENCE_KEYS: Mapping[str, tuple[str, ...]] = {
    "organizations": ("organization",),
    "offices": ("office",),
    "enrolments": ("enrolment",),
    "people": ("person",),
    "customers": ("customer",),
    "products": ("product",),
    "credential_types": ("code",),
    "exchange_rates": ("currency", "valued_on"),
    "coverage": ("kind", "source", "complete_from"),
    "holidays": ("day",),
}

#: The same for the tables of other names.
NAME_KEYS: Mapping[str, tuple[str, ...]] = {"organization_names": ("name",), "mails": ("mail",)}

#: Column -> the reference table in which its value should stand.
NAMES_A_ROW: Mapping[str, str] = {
    "organization": "organizations",
    "parent": "organizations",
    "merged_into": "organizations",
    "distributor": "organizations",
    "office": "offices",
    "person": "people",
    "customer": "customers",
    "product": "products",
    "code": "credential_types",
}

#: Days after which something no longer holds; far in the future they mean "open".
END_COLUMNS = frozenset({"ends_on", "ended_on", "counts_until", "complete_to"})

RECORDED_AT, REVERSES = "recorded_at", "reverses"


@dataclass(frozen=True, slots=True)
class TableContract:
    """One table as it may be read.

    Attributes
    ----------
    name
        As in file names: ``activities``, ``organizations``.
    columns
        Typed columns of the content, days included, without those of the ledger.
    kind
        Of a fact table; None for a reference table.
    key
        What makes a row the only one; of a fact (source, fact_id).
    """

    name: str
    columns: tuple[Column, ...]
    kind: FactKind | None
    key: tuple[str, ...]

    @property
    def relation(self) -> str:
        """Name of the relation it becomes."""
        return f"ref_{self.name}" if self.kind is None else f"fact_{self.name}"

    @property
    def readable(self) -> tuple[str, ...]:
        """Every column that a file may have."""
        ledger = () if self.kind is None else ("fact_id", "source", RECORDED_AT, REVERSES)
        return (*ledger, *(column.name for column in self.columns))

    @property
    def day(self) -> str | None:
        """The column of a fact's first day; None for a reference table."""
        return None if self.kind is None else self.kind.day_columns[0]

    @property
    def required(self) -> tuple[str, ...]:
        """Columns that every row must fill."""
        asked = [column.name for column in self.columns if column.required]
        days = [] if self.day is None else [self.day]
        return tuple(dict.fromkeys([*days, *asked]))

    @property
    def references(self) -> Mapping[str, str]:
        """Columns that name a row of another table, with that table."""
        return {
            column.name: NAMES_A_ROW[column.name]
            for column in self.columns
            if column.name in NAMES_A_ROW and column.type in ("id", "word") and (column.name,) != self.key
        }

    @property
    def span(self) -> tuple[str, str] | None:
        """The columns between which a row holds, if it has both."""
        names = {column.name for column in self.columns}
        pairs = [("starts_on", "ends_on"), ("joined_on", "ended_on"), ("complete_from", "complete_to")]
        return next((pair for pair in pairs if names.issuperset(pair)), None)


def contract_of_kind(kind: FactKind) -> TableContract:
    """The table of a fact kind."""
    days = tuple(Column(name, "date") for name in kind.day_columns)
    return TableContract(kind.name, (*days, *kind.columns), kind, ("source", "fact_id"))


def contracts(kinds: Mapping[str, FactKind]) -> Mapping[str, TableContract]:
    """Every table that a program can read: reference tables first, because facts name their rows."""
    keys = {**REFERENCE_KEYS, **NAME_KEYS}
    tables = {**REFERENCE_TABLES, **NAME_TABLES}
    found = {name: TableContract(name, columns, None, keys[name]) for name, columns in tables.items()}
    return found | {name: contract_of_kind(kind) for name, kind in kinds.items()}


def suggestion(word: str, known: Iterable[str]) -> str:
    """Return ``Did you mean "x"?``, or nothing when no known word is near."""
    listed = sorted(known)
    stem = word.removesuffix("_id").removesuffix("_date")
    near = [stem] if stem in listed else get_close_matches(word, listed, n=1, cutoff=0.6)
    return f'Did you mean "{near[0]}"?' if near else ""
