"""Carrying out a proposal beside what is known: at the next position, in the same DuckDB database.

What stood before is what is known at the position before; so both can be assessed, compared and copied from here.
"""

from __future__ import annotations

import tempfile
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from swingby.facts.contracts import NAME_KEYS, TableContract
from swingby.facts.fact_set import FactSet
from swingby.facts.proposal import Proposal, count_references, refuse_references
from swingby.facts.report import file_reports
from swingby.program.kinds import OWNER_COLUMN, OWNER_LINK, FactKind


@dataclass(frozen=True, slots=True)
class Counted:
    """What became of the rows of one table in a delivery; `unexplained` is nothing, or something was lost.

    Attributes
    ----------
    rows
        In the files, without the header and without rows that the mapping keeps out.
    waiting
        Rows about somebody whom only a mail address names; they wait until it is said whose it is.
    repeated, withdrawn
        Rows that came twice, and rows that only take another fact away.
    vanished
        Facts that a snapshot no longer holds: no rows of the file.
    """

    table: str
    source: str | None
    mode: str
    rows: int
    new: int
    changed: int
    same: int
    wrong: int
    repeated: int = 0
    withdrawn: int = 0
    waiting: int = 0
    vanished: int = 0
    known: int = 0

    @property
    def unexplained(self) -> int:
        """Rows of which nobody can say what became of them."""
        told = self.new + self.changed + self.same + self.wrong + self.repeated + self.withdrawn + self.waiting
        return self.rows - told


def set_aside_mails(proposal: Proposal) -> None:
    """Let rows wait in which a person is named by a mail address that nobody is known by: facts hold keys only."""
    for change in proposal.changes:
        contract = proposal.contracts[change.kind]
        people = [column for column, table in contract.references.items() if table == "people"]
        named = " OR ".join(f"c.\"{column}\" LIKE '%@%'" for column in people)
        if named:
            proposal.incoming.connection.execute(
                f"UPDATE changes_{change.kind} SET status = 'waiting' WHERE status IN ('new', 'changed')"
                f" AND fact_id IN (SELECT c.fact_id FROM came_{change.kind} AS c WHERE {named})"
            )


def leave_out(
    proposal: Proposal, table: str, words: Mapping[str, tuple[str, str]], *, place: tuple[str, str]
) -> Proposal:
    """Leave new rows of a list out, by their key with the reason and what to do: they are wrong rows then.

    ``place`` is the column that is wrong, and the code of the issues.
    """
    contract = proposal.contracts[table]
    for said in dict.fromkeys(words.values()):
        keys = [key for key, each in words.items() if each == said]
        refuse_references(proposal.incoming, contract, keys, place=place, words=said, level="error")
    counts = {**proposal.references, table: count_references(proposal.incoming, contract)}
    return replace(proposal, references={name: each for name, each in counts.items() if any(each)})


def revive_undone(proposal: Proposal, *, positions: Collection[int]) -> None:
    """Let rows come in again that an undo at one of these positions took away.

    Events that were sent before stay as they are, also when they were corrected away since; but who undoes a load by
    mistake sends its file again.
    """
    listed = ", ".join(str(each) for each in sorted(positions))
    for change in proposal.changes if positions else ():
        proposal.incoming.connection.execute(_REVIVED.format(name=change.kind, listed=listed))


def count_rows(proposal: Proposal) -> tuple[Counted, ...]:
    """What became of every row of the files, table by table."""
    reports = file_reports(proposal.incoming)
    read: dict[str, tuple[int, int]] = {}
    for report in reports:
        rows, wrong = read.get(report.table, (0, 0))
        read[report.table] = (rows + report.rows, wrong + report.bad)
    facts = {change.kind: change for change in proposal.changes}
    return tuple(
        _counted(proposal, table, *read[table], mode=facts[table].mode if table in facts else "events")
        for table in read
    )


def _counted(proposal: Proposal, table: str, rows: int, wrong: int, *, mode: str) -> Counted:
    run, desk = proposal.incoming.connection.execute, proposal.incoming.desk
    repeated = desk.count(_REPEATED, [table])
    if proposal.contracts[table].kind is None:
        new, changed = proposal.references.get(table, (0, 0))
        own = desk.count(f"SELECT count(*) FROM own_{table}") if desk.has_table(f"own_{table}") else 0
        return Counted(table, None, mode, rows, new, changed, own - new - changed, wrong, repeated)
    by = dict(run(f"SELECT status, count(*) FROM changes_{table} GROUP BY status").fetchall())
    sources = [row[0] for row in run(f"SELECT DISTINCT source FROM sources_{table} ORDER BY 1").fetchall()]
    known = next(change.known for change in proposal.changes if change.kind == table)
    return Counted(
        table=table,
        source=next((source for source in sources if source), None),
        mode=mode,
        rows=rows,
        wrong=wrong,
        repeated=repeated,
        known=known,
        **{name: by.get(name, 0) for name in ("new", "changed", "same", "withdrawn", "waiting", "vanished")},
    )


def carry_out(proposal: Proposal, known: FactSet, *, held: Collection[str] = ()) -> int:
    """Write what a proposal changes into what is known, at the next position, which is returned.

    Parameters
    ----------
    proposal
        Read beside ``known``.
    known
        Is changed: new rows, reversals, new rows of reference tables.
    held
        Organizations that are left as they are, in the lists that name them too.
    """
    position = known.latest_position + 1
    with tempfile.TemporaryDirectory(prefix="swingby-") as folder:
        for table in proposal.references:
            _hold_references(proposal, proposal.contracts[table], held)
            _add_references(proposal.incoming, known, proposal.contracts[table], Path(folder))
        for change in proposal.changes:
            contract = proposal.contracts[change.kind]
            _move(proposal.incoming, known, _new_rows(contract, position), contract.relation, Path(folder))
            _reverse(proposal.incoming, known, contract, (position, Path(folder)))
    known.connection.execute("INSERT INTO ref_positions VALUES (?, now())", [position])
    for change in proposal.changes if held else ():
        _leave(known, proposal.contracts[change.kind], position, held)
    known.__dict__.pop("positions", None)  # Kept from before.
    known.__dict__.pop("coverage", None)
    return position


def take_away(known: FactSet, tables: Mapping[str, TableContract], *, positions: Collection[int]) -> int:
    """Undo what stands at some positions, at the next one: reverse it, and write anew what it had reversed.

    What a later position reversed stays as that one says.
    """
    position = known.latest_position + 1
    listed = ", ".join(str(each) for each in sorted(positions)) or "0"  # There is no position 0.
    for contract in tables.values():
        if contract.kind is not None:
            own = ", ".join(f'"{column.name}"' for column in contract.columns)
            for statement in _UNDO:
                known.connection.execute(
                    statement.format(table=contract.relation, own=own, position=position, listed=listed)
                )
    known.connection.execute("INSERT INTO ref_positions VALUES (?, now())", [position])
    known.__dict__.pop("positions", None)
    return position


def touched(known: FactSet, tables: Mapping[str, TableContract], *, position: int) -> dict[str, int]:
    """The organizations whose facts came or were reversed at a position, with how many."""
    found: dict[str, int] = {}
    for contract in tables.values():
        if contract.kind is None:
            continue
        at = f"f.position = {position} OR f.reversed_position = {position}"
        query = f"SELECT organization, count(*) FROM ({_organizations(contract.kind, at)}) WHERE organization IS NOT NULL GROUP BY 1"
        for organization, rows in known.connection.execute(query).fetchall():
            found[organization] = found.get(organization, 0) + rows
    for organization in _touched_by_lists(known, tables):
        found[organization] = found.get(organization, 0) + 1
    return found


def _touched_by_lists(known: FactSet, tables: Mapping[str, TableContract]) -> set[str]:
    """The organizations of which rows of reference tables tell, and those whose facts name such a row."""
    found: set[str] = set()
    for table in known.came:
        rows = _rows_of_list(known, table)
        for column in _PARTNERS_IN.get(table, ()):
            query = f'SELECT DISTINCT "{column}" FROM {rows} WHERE "{column}" IS NOT NULL'
            found.update(row[0] for row in known.connection.execute(query).fetchall())
        if table in _NAMED_BY:
            found.update(_partners_naming(known, tables, _NAMED_BY[table], f"{rows} AS r"))
    return found


def _rows_of_list(known: FactSet, table: str) -> str:
    """What came, what changed, and what stood there before, as one relation."""
    kept = [f"{each}_ref_{table}" for each in ("came", "changed", "former")]
    return "(" + " UNION ALL BY NAME ".join(f"FROM {each}" for each in kept if known.desk.has_table(each)) + ")"


def _partners_naming(
    known: FactSet, tables: Mapping[str, TableContract], columns: tuple[str, str], rows: str
) -> set[str]:
    """The organizations that facts reach which name a row of a list; a rate concerns no fact of an earlier day."""
    found: set[str] = set()
    column, key = columns
    for contract in tables.values():
        if contract.kind is None or column not in {each.name for each in contract.columns}:
            continue
        same = f'r."{key}" = f."{column}"' + (f' AND r.valued_on <= f."{contract.day}"' if key == "currency" else "")
        at = f"f.reversed_position IS NULL AND EXISTS (SELECT 1 FROM {rows} WHERE {same})"
        query = (
            f"SELECT DISTINCT organization FROM ({_organizations(contract.kind, at)}) WHERE organization IS NOT NULL"
        )
        found.update(row[0] for row in known.connection.execute(query).fetchall())
    return found


#: Reference table -> columns with the organizations that a row is about; those above count what is below them.
_PARTNERS_IN: Final[Mapping[str, tuple[str, ...]]] = {
    "organizations": ("organization", "parent"),
    "enrolments": ("organization",),
    "offices": ("organization",),
}
#: Reference table -> the column of facts that names its rows, and the column of its own that is named.
_NAMED_BY: Final[Mapping[str, tuple[str, str]]] = {
    "people": ("person", "person"),
    "customers": ("customer", "customer"),
    "offices": ("office", "office"),
    "products": ("product", "product"),
    "credential_types": ("code", "code"),
    "exchange_rates": ("currency", "currency"),
}


def home_query(kind: FactKind) -> str:
    """For every owner of facts of a kind the organization that they are credited to: columns ``owner``, ``home``."""
    link = OWNER_LINK.get(kind.owner)
    if link is None:
        return "SELECT organization AS owner, organization AS home FROM ref_enrolments"
    return f"SELECT {OWNER_COLUMN[kind.owner]} AS owner, arg_max(organization, starts_on) AS home FROM fact_{link} WHERE reversed_position IS NULL GROUP BY 1"


def _organizations(kind: FactKind, at: str) -> str:
    """Every organization that a fact reaches, not only its home."""
    link, owner = OWNER_LINK.get(kind.owner), OWNER_COLUMN[kind.owner]
    if link is None:
        return f"SELECT f.organization FROM fact_{kind.name} AS f WHERE {at}"
    joined = f"(SELECT DISTINCT {owner}, organization FROM fact_{link}) AS l USING ({owner})"
    return f"SELECT l.organization FROM fact_{kind.name} AS f JOIN {joined} WHERE {at}"


def _move(source: FactSet, target: FactSet, query: str, relation: str, folder: Path) -> None:
    """Carry rows from one DuckDB database to another; columns are matched by name."""
    file = folder / "moved.parquet"
    source.connection.execute(f"COPY ({query}) TO '{file}' (FORMAT parquet)")
    target.connection.execute(f"INSERT INTO {relation} BY NAME SELECT * FROM read_parquet('{file}')")


def _reverse(source: FactSet, target: FactSet, contract: TableContract, at: tuple[int, Path]) -> None:
    position, folder = at
    file = folder / "reversed.parquet"
    source.connection.execute(f"COPY ({_REVERSED.format(name=contract.name)}) TO '{file}' (FORMAT parquet)")
    target.connection.execute(
        f"UPDATE {contract.relation} SET reversed_position = {position} FROM read_parquet('{file}') AS r"
        f" WHERE r.fact_id = {contract.relation}.fact_id AND {contract.relation}.reversed_position IS NULL"
    )


def _add_references(source: FactSet, target: FactSet, contract: TableContract, folder: Path) -> None:
    """Add the new rows of a reference table, and keep them apart as ``came_ref_<table>``; those that changed likewise.

    Of a source that says again for which days it is complete, the newer word counts.
    """
    table = contract.name
    file, kept = folder / "references.parquet", f"came_ref_{table}"
    source.connection.execute(f"COPY (SELECT * FROM added_{table}) TO '{file}' (FORMAT parquet)")
    target.connection.execute(f"INSERT INTO ref_{table} BY NAME SELECT * FROM read_parquet('{file}')")
    if table == "coverage":
        source.connection.execute(f"COPY (SELECT * FROM own_coverage) TO '{file}' (FORMAT parquet)")
        target.connection.execute(
            f"UPDATE ref_coverage SET complete_to = n.complete_to FROM read_parquet('{file}') AS n WHERE {_SAME_COVERAGE}"
        )
    elif table not in NAME_KEYS:  # What a name stands for is decided by people.
        _change_references(source, target, contract, folder / "changed.parquet")
    target.connection.execute(f"CREATE TEMP TABLE {kept} AS SELECT * FROM read_parquet('{file}')")
    if target.desk.count(f"SELECT count(*) FROM {_rows_of_list(target, table)}"):
        target.came.append(table)


def _hold_references(proposal: Proposal, contract: TableContract, held: Collection[str]) -> None:
    """Leave out what a list says of organizations that are held."""
    for table in ("added", "changed") if held and contract.name in _PARTNERS_IN else ():
        proposal.incoming.connection.execute(
            f"DELETE FROM {table}_{contract.name} WHERE organization IN (SELECT unnest(CAST(? AS VARCHAR[])))",
            [sorted(held)],
        )


def _change_references(source: FactSet, target: FactSet, contract: TableContract, file: Path) -> None:
    table, kept = contract.relation, f"changed_{contract.relation}"
    source.connection.execute(f"COPY (SELECT * FROM changed_{contract.name}) TO '{file}' (FORMAT parquet)")
    target.connection.execute(f"CREATE TEMP TABLE {kept} AS SELECT * FROM read_parquet('{file}')")
    said = ", ".join(f'"{each.name}" = n."{each.name}"' for each in contract.columns if each.name not in contract.key)
    same = " AND ".join(f'{table}."{key}" IS NOT DISTINCT FROM n."{key}"' for key in contract.key)
    target.connection.execute(
        f"CREATE TEMP TABLE former_{table} AS SELECT * FROM {table} WHERE EXISTS (SELECT 1 FROM {kept} AS n WHERE {same})"
    )
    if said:
        target.connection.execute(f"UPDATE {table} SET {said} FROM {kept} AS n WHERE {same}")


def _leave(known: FactSet, contract: TableContract, position: int, held: Collection[str]) -> None:
    """Take back what a position did to some organizations."""
    if contract.kind is None:
        return
    owner = OWNER_COLUMN[contract.kind.owner]
    listed = ", ".join("'" + each.replace("'", "''") + "'" for each in held)
    theirs = f"{owner} IN (SELECT owner FROM ({home_query(contract.kind)}) WHERE home IN ({listed}))"
    table = contract.relation
    known.connection.execute(
        f"UPDATE {table} SET reversed_position = NULL WHERE reversed_position = {position} AND {theirs}"
    )
    known.connection.execute(f"DELETE FROM {table} WHERE position = {position} AND {theirs}")


def _new_rows(contract: TableContract, position: int) -> str:
    columns = ", ".join(f'c."{column.name}"' for column in contract.columns)
    name = contract.name
    return (
        f"SELECT {_NEW_ID.format(name=name)} AS fact_id, coalesce(x.root_id, {_NEW_ID.format(name=name)}) AS root_id,"
        f" {position}::BIGINT AS position, c.source, {columns} FROM changes_{name} AS x JOIN came_{name} AS c ON"
        f" c.fact_id = x.fact_id WHERE x.status IN ('new', 'changed')"
    )


def names_added(proposal: Proposal) -> Iterator[tuple[str, str, str]]:
    """Other names that a delivery brings: the table, the name, and what it stands for."""
    for table in NAME_KEYS:
        if proposal.references.get(table, (0, 0))[0]:
            for name, means in proposal.incoming.connection.execute(f"SELECT * FROM added_{table}").fetchall():
                yield table, name, means


_REPEATED: Final = "SELECT count(DISTINCT (_file, _line)) FROM row_issues WHERE table_name = ? AND code = 'row-twice'"
#: The first version of a fact keeps its own id, with the source in front if another source took it; later ones are
#: numbered behind the id of the first.
_NEW_ID: Final = """
CASE WHEN x.root_id IS NOT NULL AND NOT x.by_target THEN x.root_id || '~' || (x.versions + 1)
     WHEN x.key IN (SELECT fact_id FROM known_{name}) OR count(*) OVER (PARTITION BY x.key) > 1
     THEN concat(c.source, ':', x.key) ELSE x.key END"""
_REVERSED: Final = """
SELECT s.fact_id FROM changes_{name} AS x
JOIN chains_{name} AS s ON s.root_id = x.root_id AND s.source IS NOT DISTINCT FROM x.source AND s.stands
WHERE x.status IN ('changed', 'vanished', 'withdrawn')"""
_SAME_COVERAGE: Final = (
    "ref_coverage.kind = n.kind AND ref_coverage.source = n.source"
    " AND ref_coverage.complete_from IS NOT DISTINCT FROM n.complete_from"
)
_REVIVED: Final = """
UPDATE changes_{name} SET status = 'new' WHERE status = 'same' AND current_id IS NULL AND root_id IN (
    SELECT root_id FROM known_{name} GROUP BY root_id
    HAVING count(*) = count(reversed_position) AND max(reversed_position) IN ({listed})
)"""
_UNDO: Final = (
    """
    INSERT INTO {table} (fact_id, root_id, position, source, {own})
    SELECT root_id || '~' || (versions + 1), root_id, {position}, source, {own} FROM (
        SELECT f.*, count(*) OVER (PARTITION BY f.root_id, f.source) AS versions,
               bool_or(f.reversed_position IS NULL AND f.position NOT IN ({listed}))
                   OVER (PARTITION BY f.root_id, f.source) AS goes_on,
               bool_or(f.reversed_position NOT IN ({listed}) AND f.position IN ({listed}))
                   OVER (PARTITION BY f.root_id, f.source) AS went_on,
               row_number() OVER (PARTITION BY f.root_id, f.source, f.reversed_position IN ({listed})
                   AND f.position NOT IN ({listed}) ORDER BY f.position DESC) AS nth
        FROM {table} AS f
    ) WHERE reversed_position IN ({listed}) AND position NOT IN ({listed}) AND nth = 1
        AND NOT coalesce(goes_on, false) AND NOT coalesce(went_on, false)
    """,
    "UPDATE {table} SET reversed_position = {position} WHERE position IN ({listed}) AND reversed_position IS NULL",
)
