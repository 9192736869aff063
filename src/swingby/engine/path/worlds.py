"""Facts that have not happened, beside those that have: worlds in which the engine can be run.

A world is a database of its own beside the facts: nothing is written to the facts themselves, and large tables are not
copied. `Whole` shows every fact with some more; `Copies` holds one partner many times, each time with other acts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import count
from typing import TYPE_CHECKING, Any, Self, cast

from swingby.engine.assessment import Covered, FactSource
from swingby.engine.nodes import AnyoneNode, RankNode
from swingby.engine.scope import TREE_DEPTH
from swingby.engine.sql import Column, DuckDB
from swingby.program import FactKind, Program
from swingby.program.kinds import OWNER_COLUMN, OWNER_LINK, REFERENCE_TABLES
from swingby.program.numbers import Credit
from swingby.program.walk import rules

if TYPE_CHECKING:
    import duckdb

    from swingby.engine.assessing import Compiled

#: A fact that has not happened: its kind and its cells.
Row = tuple[str, Mapping[str, object]]
#: Reference tables of which each copy has rows of its own.
_OWN = ("organizations", "enrolments", "people", "customers")
_NAMES = count(1)
#: Optimizers that cost more time on a copy than they save; the others shape a query before it is carried out.
_USELESS = (
    "statistics_propagation,compressed_materialization,late_materialization,join_filter_pushdown,common_subplan,"
    "window_self_join,join_elimination,sum_rewriter,row_group_pruner,top_n_window_elimination,cte_inlining,"
    "materialized_cte,build_side_probe_side,column_lifetime,common_aggregate,duplicate_groups,reorder_filter,"
    "regex_range,in_clause,limit_pushdown,sampling_pushdown"
)


class Spans:
    """A source's coverage without its end: what has not been delivered yet is taken for what did not happen."""

    def __init__(self, covered: Covered) -> None:
        self.kind, self.source = covered.kind, covered.source
        self.complete_from: date | None = covered.complete_from
        self.complete_to: date | None = None


class _Sessions:
    """Sessions that find the relations of a world under their usual names."""

    def __init__(self, raw: duckdb.DuckDBPyConnection, name: str) -> None:
        self.raw, self.name = raw, name

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """One more session."""
        found = self.raw.cursor()
        found.execute(f"USE {self.name}")
        return found

    def execute(self, query: str) -> duckdb.DuckDBPyConnection:
        """Run a query in a session of its own."""
        return self.cursor().execute(query)


class World:
    """A source of facts made of another one; use it as a context, it is forgotten at the end."""

    def __init__(self, facts: FactSource, program: Program, known_at: int) -> None:
        self.facts, self.program, self.latest_position = facts, program, known_at
        self.name = f"swingby_path_{next(_NAMES)}"
        self.raw = facts.connection.cursor()
        self.catalog = str((self.raw.execute("SELECT current_database()").fetchone() or ("memory",))[0])
        self.raw.execute(f"ATTACH ':memory:' AS {self.name}")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.raw.execute(f"DETACH {self.name}")
        self.raw.close()

    @property
    def connection(self) -> duckdb.DuckDBPyConnection:
        """Where runs open their sessions."""
        return cast("duckdb.DuckDBPyConnection", _Sessions(self.raw, self.name))

    @property
    def coverage(self) -> Sequence[Covered]:
        """What the sources are complete for, the days to come included."""
        return [Spans(covered) for covered in self.facts.coverage]

    def position_at(self, moment: date) -> int:
        """The last position that was recorded by the end of a day."""
        return self.facts.position_at(moment)

    def add(self, rows: Sequence[Row], relation: str = "fact_{kind}") -> None:
        """Write facts that have not happened."""
        by_kind: defaultdict[str, list[Mapping[str, object]]] = defaultdict(list)
        for kind, cells in rows:
            by_kind[kind].append(cells)
        for kind, found in by_kind.items():
            names = sorted({name for cells in found for name in cells})
            store = DuckDB(self.raw)
            texts = [tuple(_text(cells.get(name)) for name in names) for cells in found]
            store.store("path_rows", [Column(name, "text") for name in names], texts)
            listed = ", ".join(f'"{name}"' for name in names)
            target = f"{self.name}.main.{relation.format(kind=kind)}"
            self.raw.execute(
                f"INSERT INTO {target} (position, root_id, source, {listed}) "
                f"SELECT {self.latest_position}, fact_id, 'path', {listed} FROM path_rows"
            )

    def view(self, table: str) -> None:
        """Show a relation of the facts as it is."""
        self.raw.execute(f"CREATE VIEW {self.name}.main.{table} AS SELECT * FROM {self.catalog}.main.{table}")


def _text(value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return str(value).lower() if isinstance(value, bool) else str(value)


class Whole(World):
    """All facts, and some that have not happened."""

    def __init__(self, facts: FactSource, program: Program, known_at: int, rows: Sequence[Row]) -> None:
        super().__init__(facts, program, known_at)
        kinds = {kind for kind, _ in rows}
        for kind in sorted(program.kinds):
            if kind in kinds:
                self._with_more(kind)
            else:
                self.view(f"fact_{kind}")
        for table in REFERENCE_TABLES:
            self.view(f"ref_{table}")
        self.add(rows, "more_{kind}")

    def _with_more(self, kind: str) -> None:
        own = f"{self.catalog}.main.fact_{kind}"
        more = f"{self.name}.main.more_{kind}"
        self.raw.execute(f"CREATE TABLE {more} AS SELECT * FROM {own} LIMIT 0")
        self.raw.execute(
            f"CREATE VIEW {self.name}.main.fact_{kind} AS SELECT * FROM {own} UNION ALL SELECT * FROM {more}"
        )


class Copies(World):
    """One partner and what counts for it, once for each tag; ids carry the tag in front. Kinds that no rule reads are left out.

    ``closure`` relations (path_organizations, path_people, …) are temporary tables of the world's own session. Copies are
    small: while they are asked, the database works with one thread and plans with less care, since more of either costs
    more than it brings; with all where partners are compared, which looks at all facts.
    """

    def __init__(self, facts: FactSource, compiled: Compiled, known_at: int, enrolment: str) -> None:
        super().__init__(facts, compiled.program, known_at)
        self._names: dict[str, list[str]] = {}
        self._written, self._filled = set[str](), set[str]()
        self._enclose(compiled, enrolment)
        self.kinds = sorted(compiled.kinds)
        for kind in self.kinds:
            own = f"SELECT * FROM {self.catalog}.main.fact_{kind} AS f WHERE f.position <= {known_at}"
            # Conditions apart are each a join; with OR between them, every row is asked about all of them.
            parts = [f"{own} AND {each}" for each in _conditions(compiled, compiled.program.kinds[kind])]
            self.raw.execute(f"CREATE TEMP TABLE own_{kind} AS {' UNION '.join(parts)}")
            if self.raw.execute(f"SELECT 1 FROM own_{kind} LIMIT 1").fetchone():
                self._filled.add(kind)
        for table in REFERENCE_TABLES:
            if table not in _OWN:
                self.view(f"ref_{table}")
        settings = "SELECT current_setting('threads'), current_setting('disabled_optimizers')"
        self._threads, self._unused = self.raw.execute(settings).fetchall()[0]
        if not any(compiled.builder.graph.of(RankNode)):
            self.raw.execute("SET threads = 1")
            self.raw.execute(f"SET disabled_optimizers = '{_USELESS}'")

    def __exit__(self, *error: object) -> None:
        self.raw.execute(f"SET threads = {self._threads}")
        self.raw.execute(f"SET disabled_optimizers = '{self._unused}'")
        super().__exit__(*error)

    def multiply(self, tags: Sequence[str]) -> None:
        """Write the copies; what is empty and stays so is written once."""
        DuckDB(self.raw).store("path_tags", [Column("tag", "text")], [(tag,) for tag in tags])
        for kind in self.kinds:
            if kind in self._written and kind not in self._filled:
                continue
            columns = self.program.kinds[kind].all_columns
            ids = {"root_id", *(column.name for column in columns if column.type == "id")}
            self._copy(f"own_{kind}", f"fact_{kind}", ids)
            self._written.add(kind)
        for table in _OWN:
            ids = {column.name for column in REFERENCE_TABLES[table] if column.type == "id"}
            self._copy(f"own_{table}", f"ref_{table}", ids)

    def add(self, rows: Sequence[Row], relation: str = "fact_{kind}") -> None:
        """Write facts that have not happened."""
        self._filled |= {kind for kind, _ in rows}
        super().add(rows, relation)

    def only_with(self, rows: Sequence[Row]) -> None:
        """Write one copy that is called as the partner itself, after some acts."""
        self.multiply([""])
        self.add(rows)

    def _copy(self, source: str, target: str, ids: set[str]) -> None:
        if source not in self._names:
            self._names[source] = [str(row[0]) for row in self.raw.execute(f"DESCRIBE {source}").fetchall()]
        names = self._names[source]
        chosen = ", ".join(f't.tag || c."{name}" AS "{name}"' if name in ids else f'c."{name}"' for name in names)
        place = f"{self.name}.main.{target}"
        self.raw.execute(
            f"CREATE OR REPLACE TABLE {place} AS SELECT {chosen} FROM {source} AS c CROSS JOIN path_tags AS t"
        )

    def own_rows(self, kind: str, columns: Sequence[str]) -> list[tuple[Any, ...]]:
        """The partner's own facts of a kind, as known."""
        listed = ", ".join(f'"{name}"' for name in columns)
        known = f"reversed_position IS NULL OR reversed_position > {self.latest_position}"
        return self.raw.execute(f"SELECT {listed} FROM own_{kind} WHERE {known} ORDER BY fact_id").fetchall()

    def _enclose(self, compiled: Compiled, enrolment: str) -> None:
        """The organizations, people, customers and deals of the partner."""
        run, main = self.raw.execute, f"{self.catalog}.main"
        first = f"SELECT organization FROM {main}.ref_enrolments WHERE enrolment = ?"
        run(f"CREATE TEMP TABLE path_organizations AS {first}", [enrolment])
        for _ in range(TREE_DEPTH):
            run(
                "INSERT INTO path_organizations SELECT o.organization "
                f"FROM {main}.ref_organizations AS o JOIN path_organizations AS p ON p.organization = o.parent "
                "WHERE o.organization NOT IN (SELECT organization FROM path_organizations)"
            )
        for kind, column in sorted(_members(compiled.program)):
            run(
                f'INSERT INTO path_organizations SELECT DISTINCT "{column}" FROM {main}.fact_{kind} '
                "WHERE organization IN (SELECT organization FROM path_organizations)"
            )
        for owner, link in OWNER_LINK.items():
            column = OWNER_COLUMN[owner]
            run(
                f"CREATE TEMP TABLE path_{column} AS SELECT DISTINCT {column} FROM {main}.fact_{link} "
                "WHERE organization IN (SELECT organization FROM path_organizations)"
            )
        for table in ("organizations", "enrolments"):
            run(
                f"CREATE TEMP TABLE own_{table} AS SELECT * FROM {main}.ref_{table} "
                "WHERE organization IN (SELECT organization FROM path_organizations)"
            )
        for table, column in (("people", "person"), ("customers", "customer")):
            run(
                f"CREATE TEMP TABLE own_{table} AS SELECT * FROM {main}.ref_{table} "
                f"WHERE {column} IN (SELECT {column} FROM path_{column})"
            )


def _members(program: Program) -> Iterator[tuple[str, str]]:
    """The kinds and columns through which facts of other organizations count."""
    for rule in rules(program):
        for part in rule.parts:
            if isinstance(part, Credit) and part.through and part.matching:
                kind = program.kinds[part.through]
                if kind.column("organization") and kind.column(part.matching):
                    yield part.through, part.matching


def _conditions(compiled: Compiled, kind: FactKind) -> Iterator[str]:
    """Which facts of a kind belong to the copies."""
    owned = [OWNER_COLUMN[kind.owner]]
    owned += ["organization"] if kind.column("organization") else []
    owned += [OWNER_COLUMN[owner] for owner, link in OWNER_LINK.items() if link == kind.name]
    if any(compiled.builder.graph.of(AnyoneNode)) and kind.column("customer"):
        owned.append("customer")
    for column in sorted(set(owned)):
        table = "path_organizations" if column == "organization" else f"path_{column}"
        yield f"f.{column} IN (SELECT {column} FROM {table})"
