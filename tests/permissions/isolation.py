"""The isolation suite as a function, so that the canary can run it on a database with a hole in it."""

from __future__ import annotations

import json
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from typing import Any, LiteralString

import psycopg
from psycopg import sql
from psycopg.types.json import Jsonb

from swingby.web.domain.tokens import hash_of
from swingby.web.tenancy import Scope, setting_statement
from tests.permissions.expectations import EXPECTED, Predicate, Row, Tables, circle_found
from tests.permissions.presenting import token_of

#: No count is known: row-level security let the statement pass, and a constraint stopped it.
LET_THROUGH = -1
Connection = psycopg.Connection[Any]
#: Where the column that says whose a row is has another name.
_WHOSE_COLUMN = {
    "organizations": "registered_by",
    **dict.fromkeys(("memberships", "api_tokens", "kept_answers", "mails", "doorways", "invitations"), "organization"),
    **dict.fromkeys(("certification_catalogues", "learners", "learning_events", "certification_needs"), "organization"),
    **dict.fromkeys(("badge_keys", "badges", "foreign_badges"), "organization"),
    **dict.fromkeys(("board_counts", "board_choices", "board_countries"), "organization"),
    **dict.fromkeys(("coverage_counts", "coverage_portions"), "organization"),
    **dict.fromkeys(("study_sharings", "study_wishes", "study_circles", "spoken_languages"), "organization"),
    **dict.fromkeys(("study_seats", "study_members", "study_checkins"), "organization"),
    **dict.fromkeys(("program_stakes", "kept_aftermaths", "story_tellers", "thanks"), "organization"),
    **dict.fromkeys(("voucher_budgets", "study_rules", "study_hours"), "organization"),
    **dict.fromkeys(("identity_providers", "provider_identities"), "organization"),
}

#: Where not every column may be changed.
_CHANGED_COLUMN = {"standing_shares": "ended_at", "study_circles": "size", "study_members": "pair"}
_BLIND_CHANGE: Mapping[str, LiteralString] = {
    "deal_progress": "UPDATE deal_progress SET asks = 1",
    "study_circles": "UPDATE study_circles SET size = 1",
    "study_members": "UPDATE study_members SET pair = NULL",
    "kept_aftermaths": "UPDATE kept_aftermaths SET position = 1",
    "spoken_languages": "UPDATE spoken_languages SET is_shown = true",
    "study_rules": "UPDATE study_rules SET billed = 1",
    "study_hours": "UPDATE study_hours SET hours = 1",
    "vouchers": "UPDATE vouchers SET price = 1",
    "voucher_codes": "UPDATE voucher_codes SET given_for = 'basics'",
}
#: What would push rows to somebody who is nobody's.
_PUSH: Mapping[str, LiteralString] = {
    "deal_progress": "UPDATE deal_progress SET partner_org = 'a stranger'",
    "kept_aftermaths": "UPDATE kept_aftermaths SET organization = 'a stranger'",
    "spoken_languages": "UPDATE spoken_languages SET organization = 'a stranger'",
    "study_rules": "UPDATE study_rules SET organization = 'a stranger'",
    "study_hours": "UPDATE study_hours SET organization = 'a stranger'",
    "vouchers": "UPDATE vouchers SET partner_org = 'a stranger'",
    "voucher_codes": "UPDATE voucher_codes SET partner_org = 'a stranger'",
}


def _scope(owners: str = "", partners: str = "", person: str = "") -> Scope:
    return Scope(frozenset(owners.split()), frozenset(partners.split()), person)


SCOPES = {
    "nothing set": None,
    "empty lists": _scope(),
    "a vendor": _scope(owners="harbor"),
    "another vendor": _scope(owners="quay"),
    "a partner": _scope(partners="tarn"),
    "a partner of two vendors": _scope(partners="sedge sedge-north"),
    "another partner": _scope(partners="loom"),
    "vendor and partner at once": _scope(owners="quay", partners="tarn"),
    "a person without posts": _scope(person="manager"),
    "a vendor's person": _scope(owners="harbor", person="manager"),
    "a partner's person": _scope(partners="tarn", person="partner-member"),
    "a partner's lead": _scope(partners="tarn", person="partner-admin"),
    "the key of a badge that is presented": Scope(token="tarn-partner-member-badge"),
    "the key of a key that is presented": Scope(token="tarn-badge-key"),
    "the key of a badge that nobody shows": Scope(token="tarn-partner-admin-badge"),
    "a token that is presented": Scope(token=hash_of(token_of("manager"))),
    "a regional lead": Scope(
        owner_orgs=frozenset({"harbor"}),
        person="manager",
        limited_owners=frozenset({"harbor"}),
        region_partners=frozenset({"tarn"}),
        led_regions=frozenset({"harbor/emea"}),
    ),
    "a lead whose partner has a part in the deal of another": Scope(
        owner_orgs=frozenset({"harbor"}),
        limited_owners=frozenset({"harbor"}),
        region_partners=frozenset({"loom"}),
    ),
    "a lead of no region who is a partner elsewhere": Scope(
        owner_orgs=frozenset({"harbor"}),
        partner_orgs=frozenset({"sedge"}),
        limited_owners=frozenset({"harbor"}),
        region_partners=frozenset({"sedge"}),
    ),
    "a distributor": Scope(partner_orgs=frozenset({"loom"}), shared_enrolments=frozenset({"harbor-program-tarn"})),
    "a code that is presented": Scope(token="join-tarn"),
    "a mail domain that is asked for": Scope(token="tarn.test"),
    "unknown organizations": _scope(owners="nobody", partners="nobody"),
}


def catalogue_tables(connection: Connection) -> list[str]:
    """Every table in every schema of ours."""
    return [
        row[0]
        for row in connection.execute(
            "SELECT CASE WHEN n.nspname = 'public' THEN c.relname ELSE n.nspname || '.' || c.relname END::text"
            " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p', 'f')"
            " AND n.nspname NOT LIKE 'pg\\_%%' AND n.nspname <> 'information_schema' ORDER BY 1",
            prepare=False,
        )
    ]


def read_all(backup: Connection, tables: Iterable[str]) -> Tables:
    """Every row of these tables, read by the role that sees all."""
    return {table: _rows(backup, table) for table in tables}


def isolation_breaks(app: Connection, everything: Tables, *, tables: Sequence[str]) -> list[str]:
    """What each scope sees or may do beyond or short of what is expected, in words; nothing when all is well."""
    return list(_all_breaks(app, everything, tables))


def isolation_holds(app: Connection, everything: Tables, *, table: str, command: str = "ALL") -> bool:
    """Whether there is no such break in what this command does; the first one ends the search."""
    with closing(_all_breaks(app, everything, [table], command)) as breaks:
        return next(breaks, None) is None


def _all_breaks(
    app: Connection, everything: Tables, tables: Sequence[str], command: str = "ALL"
) -> Generator[str, None, None]:
    for table in tables:
        for name, scope in SCOPES.items():
            with scoped(app, scope):
                for what in _breaks_of(app, table, scope or Scope(), everything, command):
                    yield f"{table}: {name} {what}"


def _breaks_of(app: Connection, table: str, scope: Scope, everything: Tables, command: str) -> Iterator[str]:
    expected = EXPECTED[table]
    if command in {"ALL", "SELECT"}:
        yield from _seeing_breaks(app, table, scope, everything)
    for verb, predicate in (("INSERT", expected.inserts), ("UPDATE", expected.updates), ("DELETE", expected.deletes)):
        if command in {"ALL", verb}:
            yield from _write_breaks(app, table, verb=verb, predicate=predicate, scope=scope, everything=everything)
    if command in {"ALL", "UPDATE", "DELETE"}:
        yield from _blind_breaks(app, table, scope=scope, everything=everything)


def _seeing_breaks(app: Connection, table: str, scope: Scope, everything: Tables) -> Iterator[str]:
    seen = {_canonical(row) for row in _rows(app, table)}
    should = {_canonical(row) for row in everything[table] if EXPECTED[table].sees(row, scope, everything)}
    if seen != should:
        yield f"sees {len(seen - should)} rows too many and {len(should - seen)} too few"


def _blind_breaks(app: Connection, table: str, *, scope: Scope, everything: Tables) -> Iterator[str]:
    """Statements that read no column are not filtered by what may be read: they stand on their own policies alone."""
    expected, rows = EXPECTED[table], everything[table]
    if table in _BLIND_CHANGE:
        yield from _blind_study_breaks(app, table, scope=scope, everything=everything)
    elif not scope.partner_orgs:
        changeable = sum(expected.updates(row, scope, everything) for row in rows)
        found = _blind(app, table, "UPDATE {} SET {}", to=next(iter(scope.owner_orgs), "harbor"))
        if (found or 0) != changeable:
            yield f"changes {found} rows blindly instead of {changeable}"
        if changeable and _blind(app, table, "UPDATE {} SET {}", to="a stranger") is not None:
            yield "pushes its rows to a stranger"
    deletable = sum(expected.deletes(row, scope, everything) for row in rows)
    if (_blind(app, table, "DELETE FROM {}", to="") or 0) != deletable:
        yield f"may not delete just {deletable} rows blindly"


def _blind_study_breaks(app: Connection, table: str, *, scope: Scope, everything: Tables) -> Iterator[str]:
    changeable = sum(EXPECTED[table].updates(row, scope, everything) for row in everything[table])
    found = _touched(app, sql.SQL(_BLIND_CHANGE[table]))
    if (found or 0) != changeable:
        yield f"changes {found} rows blindly instead of {changeable}"
    if table in _PUSH and changeable and _touched(app, sql.SQL(_PUSH[table])) is not None:
        yield "pushes its rows to a stranger"
    if table != "study_circles":
        return
    foreign = any(
        circle_found(row, scope, everything) and row["organization"] not in scope.partner_orgs
        for row in everything[table]
    )
    if foreign and _touched(app, sql.SQL("UPDATE study_circles SET closed_at = now(), size = 2")) is not None:
        yield "closes a group of another firm"


def _blind(app: Connection, table: str, statement: LiteralString, *, to: str) -> int | None:
    """How many rows a statement touches; None if it is refused."""
    column = _WHOSE_COLUMN.get(table, "owner_org")
    value: sql.Composable = sql.SQL("{} = {}").format(sql.Identifier(column), sql.Literal(to))
    if table == "memberships" and to != "a stranger":
        value = sql.SQL("role = 'example-' || random()")
    return _touched(app, sql.SQL(statement).format(sql.Identifier(table), value))


def _touched(app: Connection, query: sql.SQL | sql.Composed) -> int | None:
    """How many rows a statement touches; None if it is refused."""
    try:
        with app.transaction(force_rollback=True):
            return app.execute(query).rowcount
    except psycopg.errors.InsufficientPrivilege:
        return None
    except psycopg.errors.IntegrityError:
        return LET_THROUGH


def _write_breaks(
    app: Connection, table: str, *, verb: str, predicate: Predicate, scope: Scope, everything: Tables
) -> Iterator[str]:
    for row in _samples(everything[table]):
        may = predicate(row, scope, everything)
        did = _attempt(app, table, verb, row)
        if may != did:
            yield f"{'may not' if may else 'may'} {verb} {_whose(row)}"


def _attempt(app: Connection, table: str, verb: str, row: Row) -> bool:
    """Whether the database would let it: tried, and taken back."""
    allowed = False
    try:
        with app.transaction(force_rollback=True):
            done = app.execute(_statement(app, table, verb), [Jsonb(dict(row))])
            allowed = done.rowcount == 1
    except psycopg.errors.InsufficientPrivilege:
        allowed = False
    except psycopg.errors.IntegrityError:
        allowed = True  # Row-level security let it pass; the row is there already.
    return allowed


def _statement(app: Connection, table: str, verb: str) -> sql.Composed:
    name = sql.Identifier(table)
    if verb == "INSERT":
        columns = sql.SQL(", ").join(sql.Identifier(column) for column in _columns(app, table))
        return sql.SQL("INSERT INTO {0} ({1}) SELECT {1} FROM jsonb_populate_record(NULL::{0}, %s)").format(
            name, columns
        )
    same = sql.SQL("to_jsonb({}.*) = %s").format(name)
    if verb == "DELETE":
        return sql.SQL("DELETE FROM {} WHERE {}").format(name, same)
    column = sql.Identifier(_CHANGED_COLUMN.get(table, _columns(app, table)[0]))
    return sql.SQL("UPDATE {} SET {} = {} WHERE {}").format(name, column, column, same)


_column_names: dict[str, list[str]] = {}


def _columns(app: Connection, table: str) -> list[str]:
    if table not in _column_names:
        rows = app.execute(
            "SELECT attname::text FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0"
            " AND NOT attisdropped AND attgenerated = '' ORDER BY attnum",
            [table],
        )
        _column_names[table] = [row[0] for row in rows]
    return _column_names[table]


def _samples(rows: list[Row]) -> list[Row]:
    """One row of each sort that a policy could tell apart."""
    sorts: dict[str, Row] = {}
    for row in rows:
        sorts.setdefault(_whose(row), row)
    return list(sorts.values())


def _whose(row: Row) -> str:
    names = ("owner_org", "partner_org", "side", "audience", "state", "organization", "person", "registered_by")
    return ", ".join(f"{name}={row[name]}" for name in names if name in row)


def _rows(connection: Connection, table: str) -> list[Row]:
    query = sql.SQL("SELECT to_jsonb(t) FROM {} AS t").format(sql.Identifier(table))
    return [row[0] for row in connection.execute(query)]


def _canonical(row: Row) -> str:
    return json.dumps(row, sort_keys=True)


@contextmanager
def scoped(app: Connection, scope: Scope | None) -> Iterator[None]:
    """A transaction of the application's role with these settings, rolled back."""
    with app.transaction(force_rollback=True):
        if scope is not None:
            statement, values = setting_statement(scope)
            app.execute(statement.encode(), values)
        yield
