"""Writing a batch of facts that was tried in DuckDB into the tables of PostgreSQL, at one ledger position."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.db import connection

from swingby.facts import FactSet, TableContract, attributes_of, home_query, stored_contracts
from swingby.program import Program
from swingby.program.kinds import OWNER_COLUMN, OWNER_LINK, FactKind
from swingby.web.domain.carrying import insert_staged, stage_rows
from swingby.web.domain.facts import take_position
from swingby.web.domain.learning.counting import count_again
from swingby.web.domain.organizations import date_enrolment, enrol_partner, register_organization
from swingby.web.models import Enrolment, Organization
from swingby.web.models import Program as StoredProgram

#: Reference table -> whose rows they are, by their key; the others are a catalogue for everybody.
_HOMES: Mapping[str, str] = {"people": "person", "customers": "customer"}
_PARTNERS_OWN = frozenset({"organizations", "offices", "enrolments"})
_ADDRESSES = frozenset({"organization_names", "mails"})
_CONFLICT = "ON CONFLICT DO NOTHING"
_NEWER_COVERAGE = (
    "ON CONFLICT (owner_org, kind, source, complete_from) DO UPDATE SET complete_to = excluded.complete_to"
)


#: How the batch of an undo begins.
UNDO = "undo "


class StaleError(Exception):
    """Somebody wrote since the facts were read: what was tried is no longer what would happen."""


def undo_positions(owner: str) -> frozenset[int]:
    """The ledger positions at which loads were undone."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT position FROM ref_positions WHERE owner_org = %s AND starts_with(batch, %s)", [owner, UNDO]
        )
        return frozenset(row[0] for row in cursor.fetchall())


def write_position(known: FactSet, program: Program, *, owner: str, position: int, batch: str) -> int | None:
    """Write what was tried at a position; returns it, or None when there is nothing to write.

    Everything is staged before the position is taken, because others wait from then on.

    Raises
    ------
    StaleError
        If the ledger has gone on since ``known`` was read. Nothing is written then, once the transaction ends.
    """
    tables = stored_contracts(program)
    staged = {name: _stage_facts(known, each, owner, position) for name, each in tables.items() if each.kind}
    reversed_rows = {name: _stage_reversals(known, each, position) for name, each in tables.items() if each.kind}
    came = [name for name in known.came if name not in _ADDRESSES]
    if not any(count for count, _ in staged.values()) and not any(reversed_rows.values()) and not came:
        return None
    if take_position(owner, batch=batch) != position:
        raise StaleError
    for name in sorted(came, key=_by_dependency):
        _add_references(known, tables[name], owner=owner)
    for name, (count, columns) in staged.items():
        if count:
            _insert_facts(name, count, columns)
        if reversed_rows[name]:
            _reverse_facts(name, reversed_rows[name], owner=owner, position=position)
    for name, (count, _) in staged.items():
        if count and name in OWNER_LINK.values():
            _move_homes(known, tables, link=name, owner=owner, position=position)
    count_again(owner)
    return position


def _stage_facts(known: FactSet, contract: TableContract, owner: str, position: int) -> tuple[int, list[str]]:
    table, kind = contract.relation, contract.kind
    if kind is None or not known.desk.count(f"SELECT count(*) FROM {table} WHERE position = {position}"):
        return 0, []
    return stage_rows(known, fact_query(contract, kind, owner, position), like=table, staged=f"staged_{contract.name}")


def fact_query(contract: TableContract, kind: FactKind, owner: str, position: int | None = None) -> str:
    """The rows of a kind as PostgreSQL keeps them: with their owner, their partner and what they replaced."""
    kept_apart = attributes_of(contract)
    own = [f'f."{each.name}"' for each in contract.columns if each.name not in kept_apart]
    pairs = ", ".join(f"'{name}', f.\"{name}\"" for name in kept_apart)
    attributes = f", json_object({pairs}) AS attributes" if kept_apart else ""
    table, where = contract.relation, f"WHERE f.position = {position}" if position is not None else ""
    replaced = f"(SELECT root_id, source, max(fact_id) AS fact_id FROM {table} WHERE reversed_position = {position} GROUP BY ALL)"
    joined = f"LEFT JOIN {replaced} AS r ON r.root_id = f.root_id AND r.source IS NOT DISTINCT FROM f.source"
    reverses = "r.fact_id AS reverses, " if position is not None else ""
    return (
        f"SELECT '{_text(owner)}' AS owner_org, h.home AS partner_org, NULLIF(f.root_id, f.fact_id) AS chain, {reverses}"
        f"f.fact_id, f.position, f.reversed_position, f.source, {', '.join(own)}{attributes} FROM {table} AS f"
        f" LEFT JOIN ({home_query(kind)}) AS h ON h.owner = f.{OWNER_COLUMN[kind.owner]}"
        f" {joined if position is not None else ''} {where}"
    )


def _stage_reversals(known: FactSet, contract: TableContract, position: int) -> int:
    query = f"SELECT fact_id FROM {contract.relation} WHERE reversed_position = {position} AND position < {position}"
    if not known.desk.count(f"SELECT count(*) FROM ({query})"):
        return 0
    return stage_rows(known, query, like=contract.relation, staged=f"reversed_{contract.name}")[0]


def _insert_facts(name: str, count: int, columns: list[str]) -> None:
    done = insert_staged(f"staged_{name}", into=f"fact_{name}", columns=columns)
    if done != count:
        raise RuntimeError(f"fact_{name}: {done} rows of {count} were inserted")


def _reverse_facts(name: str, count: int, *, owner: str, position: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE fact_{name} AS f SET reversed_position = %s FROM reversed_{name} AS r"
            " WHERE f.owner_org = %s AND f.fact_id = r.fact_id AND f.reversed_position IS NULL",
            [position, owner],
        )
        if cursor.rowcount != count:
            raise RuntimeError(f"fact_{name}: {cursor.rowcount} rows of {count} were reversed")


def _move_homes(known: FactSet, tables: Mapping[str, TableContract], *, link: str, owner: str, position: int) -> None:
    """Whose a person, a customer or a deal is may have changed: the partner then sees what was there before."""
    about = next(each for each, name in OWNER_LINK.items() if name == link)
    column = OWNER_COLUMN[about]
    kinds = [each for each in tables.values() if each.kind is not None and each.kind.owner == about]
    homes = home_query(kinds[0].kind) if kinds and kinds[0].kind is not None else ""
    if not homes:
        return
    changed = f"SELECT {column} FROM fact_{link} WHERE position = {position}"
    query = f"SELECT h.owner AS fact_id, h.home AS owner_org FROM ({homes}) AS h WHERE h.owner IN ({changed})"
    stage_rows(known, query, like=kinds[0].relation, staged="moved_homes")
    references = [f"ref_{name}" for name, key in _HOMES.items() if key == column]
    with connection.cursor() as cursor:
        for table in (*(each.relation for each in kinds), *references):
            cursor.execute(
                f"UPDATE {table} AS f SET partner_org = h.owner_org FROM moved_homes AS h WHERE f.owner_org = %s"
                f" AND f.{column} = h.fact_id AND f.partner_org IS DISTINCT FROM h.owner_org",
                [owner],
            )


def _by_dependency(table: str) -> tuple[bool, bool]:
    return table != "organizations", table != "enrolments"


def _add_references(known: FactSet, contract: TableContract, *, owner: str) -> None:
    """New and changed rows of a reference table, and what the application itself keeps of organizations and enrolments."""
    name = contract.name
    if name == "organizations":
        _register_organizations(known, owner)
    if name == "enrolments":
        _enrol_partners(known, owner)
    query = reference_query(known, name, owner, rows=f"came_ref_{name}")
    _, columns = stage_rows(known, query, like=f"ref_{name}", staged=f"staged_{name}")
    otherwise = _NEWER_COVERAGE if name == "coverage" else _CONFLICT
    insert_staged(f"staged_{name}", into=f"ref_{name}", columns=columns, otherwise=otherwise)
    if name != "coverage":
        _change_references(known, contract, owner)


def _change_references(known: FactSet, contract: TableContract, owner: str) -> None:
    """What a delivery says anew of rows that are known: the newest word counts, as these tables keep no past."""
    table, staged = contract.relation, f"changed_{contract.name}"
    said = [each.name for each in contract.columns if each.name not in contract.key]
    said += ["partner_org"] if contract.name in _PARTNERS_OWN else []  # Whose it is now is who sees it.
    query = reference_query(known, contract.name, owner, rows=f"changed_{table}")
    count = stage_rows(known, query, like=table, staged=staged)[0] if said else 0
    if not count:
        return
    values = ", ".join(f'"{each}" = s."{each}"' for each in said)
    same = " AND ".join(f'r."{key}" = s."{key}"' for key in ("owner_org", *contract.key))
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} AS r SET {values} FROM {staged} AS s WHERE {same}")
        if cursor.rowcount != count:
            raise RuntimeError(f"{table}: {cursor.rowcount} rows of {count} were changed")


def reference_query(known: FactSet, table: str, owner: str, *, rows: str) -> str:
    """Rows of a reference table as PostgreSQL keeps them, with their owner and, where they have one, their partner."""
    described = known.connection.execute(f"DESCRIBE SELECT * FROM ref_{table}").fetchall()
    columns = ", ".join(f'r."{row[0]}"' for row in described)
    if table in _PARTNERS_OWN:
        return f"SELECT '{_text(owner)}' AS owner_org, r.organization AS partner_org, {columns} FROM {rows} AS r"
    if table not in _HOMES:
        return f"SELECT '{_text(owner)}' AS owner_org, {columns} FROM {rows} AS r"
    link = {"person": "employments", "customer": "associations"}[_HOMES[table]]
    homes = f"SELECT {_HOMES[table]} AS owner, arg_max(organization, starts_on) AS home FROM fact_{link} WHERE reversed_position IS NULL GROUP BY 1"
    return (
        f"SELECT '{_text(owner)}' AS owner_org, h.home AS partner_org, {columns} FROM {rows} AS r"
        f" LEFT JOIN ({homes}) AS h ON h.owner = r.{_HOMES[table]}"
    )


def _register_organizations(known: FactSet, owner: str) -> None:
    rows = known.connection.execute(
        "SELECT organization, parent, coalesce(name, organization), coalesce(country, ''), coalesce(region, '')"
        " FROM (FROM came_ref_organizations UNION ALL BY NAME FROM changed_ref_organizations)"
    ).fetchall()
    waiting = {row[0]: row for row in rows}
    while waiting:  # From the top down; what is left in a circle is cut by reading already.
        ready = [row for row in waiting.values() if row[1] not in waiting]
        for key, parent, name, country, region in ready or list(waiting.values()):
            above = parent if parent and Organization.objects.filter(pk=parent).exists() else None
            register_organization(key, name=name, registered_by=owner, parent=above, country=country, region=region)
            waiting.pop(key)


def _enrol_partners(known: FactSet, owner: str) -> None:
    program = StoredProgram.objects.filter(owner_id=owner).order_by("id").first()
    rows = known.connection.execute(
        "SELECT enrolment, organization, joined_on, ended_on"
        " FROM (FROM came_ref_enrolments UNION ALL BY NAME FROM changed_ref_enrolments)"
    ).fetchall()
    partners = {row.pk: row for row in Organization.objects.filter(pk__in=[row[1] for row in rows])}
    kept = {row.pk: row for row in Enrolment.objects.filter(owner_id=owner, pk__in=[row[0] for row in rows])}
    for key, organization, joined, ended in rows:
        first, enrolment = joined or date.min, kept.get(key)
        if enrolment is None and program is not None and organization in partners:
            enrolment = enrol_partner(program, partner=partners[organization], joined_on=first, key=key)
        if enrolment is not None and (enrolment.joined_on, enrolment.ended_on) != (first, ended):
            date_enrolment(enrolment, joined_on=first, ended_on=ended)


def _text(value: str) -> str:
    return value.replace("'", "''")
