"""Erase one person in every table of the database, whatever tenant it belongs to.

It runs as the owner of the tables, for whom row-level security is lifted until the transaction ends. Every column that
can hold words is searched, driven by the catalogue: a table that is new is searched as well. The record of acts holds
keys only and stays as it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, LiteralString

import psycopg
from psycopg import sql

from swingby.web.erasure.needles import Needles

Connection = psycopg.Connection[Any]
#: Tables whose words are names of things of ours, or which are dealt with by themselves.
_LEFT = frozenset(
    {
        *("audit_entries", "people", "django_session", "django_migrations", "django_content_type"),
        # Texts of programs and plans of experiments are held to a hash; they speak of partners, not of people.
        *("program_versions", "proposed_versions", "experiment_plans"),
    }
)
_STATEMENTS: tuple[LiteralString, ...] = (
    """DELETE FROM account_emailconfirmation WHERE email_address_id IN
       (SELECT id FROM account_emailaddress WHERE user_id = %(key)s)""",
    "DELETE FROM mfa_authenticator WHERE user_id = %(key)s",
    "DELETE FROM provider_identities WHERE person = %(key)s",
    """DELETE FROM board_counts b USING learners l WHERE b.grouping = 'person' AND b.key = l.key
       AND b.organization = l.organization AND l.person = %(key)s""",
    "DELETE FROM board_choices WHERE person = %(key)s",
    # The last one closes the group, as if that one had left; whose buddy is gone has none.
    """UPDATE study_circles SET size = size - 1, closed_at = CASE WHEN size = 1 THEN coalesce(closed_at, now()) ELSE closed_at END
       WHERE id IN (SELECT circle FROM study_seats WHERE person = %(key)s)""",
    "DELETE FROM study_checkins WHERE person = %(key)s",
    "DELETE FROM study_members WHERE person = %(key)s",
    """UPDATE study_members m SET pair = NULL WHERE m.circle IN (SELECT circle FROM study_seats WHERE person = %(key)s) AND NOT EXISTS
       (SELECT 1 FROM study_members o WHERE o.circle = m.circle AND o.pair = m.pair AND o.person <> m.person)""",
    "DELETE FROM study_seats WHERE person = %(key)s",
    "DELETE FROM study_hours WHERE person = %(key)s",
    "DELETE FROM spoken_languages WHERE person = %(key)s",
    "DELETE FROM study_wishes WHERE person = %(key)s",
    """DELETE FROM thanks WHERE person = %(key)s OR story IN (SELECT story FROM story_tellers WHERE person = %(key)s)""",
    "DELETE FROM stories WHERE id IN (SELECT story FROM story_tellers WHERE person = %(key)s)",
    "DELETE FROM story_tellers WHERE person = %(key)s",
    # What was given to them is free again; what they used stays used, without them.
    """UPDATE voucher_budgets b SET given = b.given - v.sum FROM (SELECT o.budget, sum(o.price) AS sum FROM vouchers o
       JOIN voucher_codes c ON c.voucher = o.id WHERE c.person = %(key)s AND o.state = 'given' AND o.is_bought
       GROUP BY o.budget) v WHERE v.budget = b.id""",
    """UPDATE vouchers v SET state = 'returned', given_on = NULL, budget = CASE WHEN is_bought THEN NULL ELSE budget END
       FROM voucher_codes c WHERE c.voucher = v.id AND c.person = %(key)s AND v.state = 'given'""",
    "UPDATE voucher_codes SET person = NULL, booking = NULL WHERE person = %(key)s",
    "UPDATE program_stakes SET person = NULL WHERE person = %(key)s",
    """DELETE FROM kept_aftermaths k WHERE k.person = %(key)s OR %(key)s = ANY (k.people) OR EXISTS
       (SELECT 1 FROM learners l JOIN organizations o ON l.organization = ANY (o.lineage)
        WHERE o.id = k.organization AND l.person = %(key)s AND l.key = ANY (k.people))""",
    "DELETE FROM account_emailaddress WHERE user_id = %(key)s",
    "DELETE FROM memberships WHERE person = %(key)s",
    "UPDATE api_tokens SET revoked_at = now() WHERE person = %(key)s AND revoked_at IS NULL",
    """UPDATE invitations SET state = 'withdrawn', settled_at = now()
       WHERE person = %(key)s AND state IN ('open', 'asked', 'waiting')""",
    "UPDATE enrolments SET success_manager = NULL WHERE success_manager = %(key)s",
    """UPDATE mails SET state = 'failed', problem = 'The person was erased.'
       WHERE person = %(key)s AND state IN ('waiting', 'sending')""",
    """UPDATE people SET name = 'Erased person', email = %(mail)s, password = '!erased', is_active = false,
       last_login = NULL, session_round = session_round + 1 WHERE id = %(key)s""",
)
_WORDS = ("text", "character varying", "jsonb", "ARRAY")


class UnknownPersonError(Exception):
    """Nobody has this key or address."""


@dataclass(frozen=True, slots=True)
class Erased:
    """Who was erased, in how many rows of which tables something stood, and what was not searched for."""

    needles: Needles
    rows: Mapping[str, int]


def erase_in_database(connection: Connection, person: str) -> Erased:
    """Erase a person, named by key or mail address, in the running transaction.

    Raises
    ------
    UnknownPersonError
        If nobody has this key or address.
    """
    found = connection.execute(
        "SELECT id, email, name FROM people WHERE id = %s OR email = lower(%s)", [person, person]
    ).fetchone()
    if found is None:
        raise UnknownPersonError(f"Nobody has the key or the mail address {person}.")
    needles = Needles(*found)
    with _seeing_all(connection):
        rows = {table: _scrub(connection, table, columns, needles) for table, columns in _worded(connection).items()}
        _let_go(connection, needles)
    return Erased(needles, {table: count for table, count in rows.items() if count})


@contextmanager
def _seeing_all(connection: Connection) -> Iterator[None]:
    """Lift row-level security for the owner of the tables, for this transaction."""
    forced = connection.execute(
        "SELECT relname::text FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relforcerowsecurity"
        " AND pg_get_userbyid(relowner) = current_user ORDER BY 1"
    ).fetchall()
    for (table,) in forced:
        connection.execute(sql.SQL("ALTER TABLE {} NO FORCE ROW LEVEL SECURITY").format(sql.Identifier(table)))
    yield
    # What is checked at the end of a transaction must be done before tables can be altered again.
    connection.execute("SET CONSTRAINTS ALL IMMEDIATE")
    for (table,) in forced:
        connection.execute(sql.SQL("ALTER TABLE {} FORCE ROW LEVEL SECURITY").format(sql.Identifier(table)))


def _worded(connection: Connection) -> Mapping[str, Mapping[str, str]]:
    """Table -> column -> type, of every column that can hold words."""
    rows = connection.execute(
        "SELECT c.table_name::text, c.column_name::text, c.data_type::text, c.udt_name::text"
        " FROM information_schema.columns c JOIN pg_tables t"
        " ON t.tablename = c.table_name AND t.schemaname = c.table_schema"
        " WHERE c.table_schema = 'public' AND t.tableowner = current_user AND c.is_generated = 'NEVER'"
        " AND c.data_type = ANY (%s) ORDER BY 1, c.ordinal_position",
        [list(_WORDS)],
    ).fetchall()
    found: dict[str, dict[str, str]] = {}
    for table, column, kind, element in rows:
        if table not in _LEFT and (kind != "ARRAY" or element == "_text"):
            found.setdefault(table, {})[column] = kind
    return found


def _scrub(connection: Connection, table: str, columns: Mapping[str, str], needles: Needles) -> int:
    """Put something else in place of the needles in one table; returns in how many rows they stood."""
    sets = [sql.SQL("{} = {}").format(sql.Identifier(name), _cleaned(name, kind)) for name, kind in columns.items()]
    holds = [sql.SQL("{} ~* %(pattern)s").format(_as_text(name, kind)) for name, kind in columns.items()]
    statement = sql.SQL("UPDATE {} SET {} WHERE {}").format(
        sql.Identifier(table), sql.SQL(", ").join(sets), sql.SQL(" OR ").join(holds)
    )
    done = connection.execute(statement, {"pattern": needles.pattern, "instead": needles.instead})
    return done.rowcount


def _as_text(name: str, kind: str) -> sql.Composed:
    whole = "array_to_string({}, ' ')" if kind == "ARRAY" else "{}::text"
    return sql.SQL(whole).format(sql.Identifier(name))


def _cleaned(name: str, kind: str) -> sql.Composed:
    column = sql.Identifier(name)
    if kind == "ARRAY":
        return sql.SQL(
            "ARRAY(SELECT regexp_replace(e, %(pattern)s, %(instead)s, 'gi')"
            " FROM unnest({}) WITH ORDINALITY AS u(e, n) ORDER BY n)"
        ).format(column)
    cast = sql.SQL("::jsonb") if kind == "jsonb" else sql.SQL("")
    return sql.SQL("regexp_replace({}::text, %(pattern)s, %(instead)s, 'gi'){}").format(column, cast)


def _let_go(connection: Connection, needles: Needles) -> None:
    """Take away every way in, and the row's own name and address; its key stays, so that nothing else breaks."""
    key = {"key": needles.key, "mail": f"{needles.instead}@erased.invalid"}
    for statement in _STATEMENTS:
        connection.execute(statement, key)
