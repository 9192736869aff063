"""Versions of facts on PostgreSQL: one chain for each source and id, of which at most one version stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from django.db import connection
from psycopg.types.json import Jsonb

from swingby.facts import TableContract, attributes_of
from swingby.facts.postgres import relation_query
from swingby.program.kinds import OWNER_COLUMN, OWNER_LINK, FactKind
from swingby.web.domain.batches import undo_positions

Values = Mapping[str, Any]
Outcome = Literal["new", "changed", "same", "withdrawn"]


@dataclass(frozen=True, slots=True)
class Row:
    """One fact with typed values; None takes it away."""

    index: int
    kind: str
    source: str
    id: str
    values: Values | None

    @property
    def key(self) -> tuple[str, str]:
        """What tells facts of a kind apart."""
        return self.source, self.id


@dataclass(frozen=True, slots=True)
class Written:
    """What became of each row, and the organizations whose facts changed."""

    outcomes: tuple[Outcome, ...]
    touched: frozenset[str]


@dataclass(slots=True)
class _Chain:
    """The versions of one fact: how many, what each said, and which stands."""

    root: str
    versions: int = 0
    contents: list[Values] = field(default_factory=list)
    standing: tuple[str, Values] | None = None
    last_reversed: int = 0


def write_rows(owner: str, tables: Mapping[str, TableContract], rows: Sequence[Row], *, position: int) -> Written:
    """Write what is new or changed at a position that was taken: nobody else writes facts of this owner meanwhile."""
    outcomes: dict[int, Outcome] = {}
    touched: set[str] = set()
    for kind in dict.fromkeys(row.kind for row in rows):
        mine = [row for row in rows if row.kind == kind]
        writer = _Writer(owner, tables[kind], position)
        outcomes |= writer.write(mine)
        touched |= writer.touched
    return Written(tuple(outcomes[row.index] for row in rows), frozenset(touched))


class _Writer:
    """Writes the rows of one kind."""

    def __init__(self, owner: str, contract: TableContract, position: int) -> None:
        if contract.kind is None:
            raise ValueError(f"{contract.name} holds no facts")
        self._owner, self._contract, self._kind, self._position = owner, contract, contract.kind, position
        self._names = [column.name for column in contract.columns]
        self._owner_column = OWNER_COLUMN[self._kind.owner]
        self._inserted: dict[str, tuple[Row, _Chain, str | None]] = {}
        self._reversed: list[str] = []
        self._subjects: set[str] = set()
        self.touched: set[str] = set()

    def write(self, rows: Sequence[Row]) -> dict[int, Outcome]:
        """What becomes of each row."""
        chains, taken = self._chains(rows), self._taken(rows)
        undone = undo_positions(self._owner)
        outcomes = {row.index: self._place(row, chains, taken, undone) for row in rows}
        homes = _homes(self._owner, self._kind, self._subjects)
        self._insert(homes)
        self._reverse()
        self._follow_links()
        self.touched |= _organizations(self._owner, self._kind, self._subjects)
        return outcomes

    def _chains(self, rows: Iterable[Row]) -> dict[tuple[str, str], _Chain]:
        """What is known of the facts that came, oldest version first."""
        names = {name: row.key for row in rows for name in (row.id, f"{row.source}:{row.id}")}
        listed = ", ".join(f'f."{name}"' for name in self._names)
        found: dict[tuple[str, str], _Chain] = {}
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT f.fact_id, f.root_id, f.source, f.reversed_position, {listed}"
                f" FROM ({relation_query(self._kind)}) AS f WHERE f.owner_org = %s AND f.source = ANY (%s)"
                " AND (f.fact_id = ANY (%s) OR (f.chain IS NOT NULL AND f.root_id = ANY (%s)))"
                " ORDER BY f.position, f.fact_id",
                [self._owner, sorted({key[0] for key in names.values()}), list(names), list(names)],
            )
            for fact_id, root, source, reversed_position, *values in cursor.fetchall():
                key = source, root.removeprefix(f"{source}:")
                chain = found.setdefault(key, _Chain(root))
                content = dict(zip(self._names, values, strict=True))
                chain.versions += 1
                chain.contents.append(content)
                chain.last_reversed = max(chain.last_reversed, reversed_position or 0)
                if reversed_position is None:
                    chain.standing = fact_id, content
        return found

    def _taken(self, rows: Iterable[Row]) -> set[str]:
        """Ids that another source gave first."""
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT fact_id FROM {self._contract.relation} WHERE owner_org = %s AND fact_id = ANY (%s)",
                [self._owner, sorted({row.id for row in rows})],
            )
            return {row[0] for row in cursor.fetchall()}

    def _place(
        self, row: Row, chains: dict[tuple[str, str], _Chain], taken: set[str], undone: frozenset[int]
    ) -> Outcome:
        chain = chains.get(row.key)
        if row.values is None:
            return self._withdraw(chain)
        if chain is None:
            root = f"{row.source}:{row.id}" if row.id in taken else row.id
            taken.add(row.id)
            chains[row.key] = _Chain(root)
            self._add(row, chains[row.key], root, reverses=None)
            return "new"
        if chain.standing is None:
            if chain.last_reversed not in undone:
                return "same"  # It was taken away on purpose: a late repeat does not bring it back.
            self._add(row, chain, f"{chain.root}~{chain.versions + 1}", reverses=None)
            return "new"
        if row.values in chain.contents:
            return "same"
        before = chain.standing[0]
        self._take_out(chain)
        self._add(row, chain, f"{chain.root}~{chain.versions + 1}", reverses=before)
        return "changed"

    def _withdraw(self, chain: _Chain | None) -> Outcome:
        if chain is None or chain.standing is None:
            return "same"
        self._take_out(chain)
        return "withdrawn"

    def _take_out(self, chain: _Chain) -> None:
        """Reverse what stands, also when it came a moment ago."""
        if chain.standing is None:
            return
        fact_id, values = chain.standing
        self._note_subject(values)
        self._reversed.append(fact_id)
        self._note_link(values)
        chain.standing, chain.last_reversed = None, self._position

    def _add(self, row: Row, chain: _Chain, fact_id: str, *, reverses: str | None) -> None:
        values = row.values or {}
        chain.versions += 1
        chain.contents.append(values)
        chain.standing = fact_id, values
        self._note_subject(values)
        self._note_link(values)
        self._inserted[fact_id] = row, chain, reverses

    def _note_subject(self, values: Values) -> None:
        """Whose the fact is; of some it is not known yet."""
        subject = values[self._owner_column]
        if subject is not None:
            self._subjects.add(str(subject))

    def _note_link(self, values: Values) -> None:
        """A link that comes or goes moves what is about its person, customer or deal."""
        organization = values.get("organization")
        if organization:
            self.touched.add(str(organization))

    # --- statements

    def _insert(self, homes: Mapping[str, str]) -> None:
        if not self._inserted:
            return
        apart = attributes_of(self._contract)
        own = [name for name in self._names if name not in apart]
        columns = ["fact_id", "chain", "reverses", "source", *own, "attributes", "partner_org"]
        listed = ", ".join(f'"{name}"' for name in ("owner_org", "position", "batch", *columns))
        rows: list[list[Any]] = [
            [
                *(self._owner, self._position, f"api {self._position}"),
                *(fact_id, None if chain.root == fact_id else chain.root, reverses, row.source),
                *((row.values or {}).get(name) for name in own),
                Jsonb({name: _text(row.values, name) for name in apart}),
                homes.get(str((row.values or {}).get(self._owner_column))),
            ]
            for fact_id, (row, chain, reverses) in self._inserted.items()
        ]
        with connection.cursor() as cursor:
            cursor.executemany(
                f"INSERT INTO {self._contract.relation} ({listed}) VALUES ({', '.join(['%s'] * len(rows[0]))})", rows
            )

    def _reverse(self) -> None:
        if not self._reversed:
            return
        with connection.cursor() as cursor:
            cursor.execute(
                f"UPDATE {self._contract.relation} SET reversed_position = %s WHERE owner_org = %s"
                " AND fact_id = ANY (%s) AND reversed_position IS NULL",
                [self._position, self._owner, self._reversed],
            )
            if cursor.rowcount != len(self._reversed):
                raise RuntimeError(f"{cursor.rowcount} rows of {len(self._reversed)} were reversed")

    def _follow_links(self) -> None:
        """What is about a person, a customer or a deal belongs to the partner that it is linked to last."""
        about = next((owner for owner, link in OWNER_LINK.items() if link == self._contract.name), None)
        if about is None:
            return
        column = OWNER_COLUMN[about]
        rows = [row.values or {} for row, _, _ in self._inserted.values()]
        subjects = sorted({str(values[column]) for values in rows} | self._linked_before(column))
        with connection.cursor() as cursor:
            for table in _tables_about(about):
                cursor.execute(
                    f"UPDATE {table} AS f SET partner_org = h.home FROM ({_home_query(about)}) AS h"
                    f" WHERE f.owner_org = %s AND f.{column} = h.owner AND f.partner_org IS DISTINCT FROM h.home",
                    [self._owner, subjects, self._owner],
                )

    def _linked_before(self, column: str) -> set[str]:
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT DISTINCT {column} FROM {self._contract.relation} WHERE owner_org = %s AND fact_id = ANY (%s)",
                [self._owner, self._reversed],
            )
            return {row[0] for row in cursor.fetchall()}


def _text(values: Values | None, name: str) -> str | None:
    value = (values or {}).get(name)
    if value is None or isinstance(value, str):
        return value
    return str(value).lower() if isinstance(value, bool) else str(value)


#: Owner of facts -> the reference table that names them, which belongs to their partner as well.
_REFERENCES: Final[Mapping[str, str]] = {"person": "ref_people", "customer": "ref_customers"}


def _tables_about(about: str) -> list[str]:
    from swingby.program.kinds import FACT_KINDS

    facts = [f"fact_{name}" for name, kind in FACT_KINDS.items() if kind.owner == about]
    return [*facts, _REFERENCES[about]] if about in _REFERENCES else facts


def _home_query(about: str) -> str:
    """For some persons, customers or deals the organization that they are credited to."""
    link, column = OWNER_LINK[about], OWNER_COLUMN[about]  # type: ignore[index]
    return (
        f"SELECT DISTINCT ON ({column}) {column} AS owner, organization AS home FROM fact_{link}"
        f" WHERE owner_org = %s AND {column} = ANY (%s) AND reversed_position IS NULL ORDER BY {column}, starts_on DESC"
    )


def _homes(owner: str, kind: FactKind, subjects: set[str]) -> dict[str, str]:
    """Whose each fact is, as the partner sees it; nobody's while the organization is not enrolled."""
    if kind.owner in OWNER_LINK:
        query = _home_query(kind.owner)
    else:
        query = "SELECT organization, organization FROM ref_enrolments WHERE owner_org = %s AND organization = ANY (%s)"
    with connection.cursor() as cursor:
        cursor.execute(query, [owner, sorted(subjects)])
        return dict(cursor.fetchall())


def _organizations(owner: str, kind: FactKind, subjects: set[str]) -> set[str]:
    """Every organization that the facts reach, not only their home."""
    link = OWNER_LINK.get(kind.owner)
    if link is None:
        return set(subjects)
    column = OWNER_COLUMN[kind.owner]
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT DISTINCT organization FROM fact_{link} WHERE owner_org = %s AND {column} = ANY (%s)",
            [owner, sorted(subjects)],
        )
        return {row[0] for row in cursor.fetchall()}
