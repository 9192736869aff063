"""The database's roles and what each may do.

`swingby_owner` owns the tables and runs migrations, `swingby_app` serves requests and jobs and never bypasses row-level
security, `swingby_backup` sees all rows and changes none.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import LiteralString

import psycopg
from psycopg import sql

from swingby.web.server.errors import ExternalDatabaseError, UnsafeRoleError

DATABASE = "swingby"
ADMINISTRATOR = "postgres"
OWNER = "swingby_owner"
APP = "swingby_app"
BACKUP = "swingby_backup"

ROLE_NAMES: Mapping[str, str] = {"administrator": ADMINISTRATOR, "owner": OWNER, "app": APP, "backup": BACKUP}

_ATTRIBUTES: Mapping[str, LiteralString] = {
    OWNER: "LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE",
    APP: "LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE",
    BACKUP: "LOGIN NOSUPERUSER BYPASSRLS NOCREATEDB NOCREATEROLE",
}

_ENTRANCE: tuple[LiteralString, ...] = (
    "REVOKE ALL ON DATABASE {} FROM PUBLIC",
    # Imports stage into temporary tables, since COPY into a table under row-level security is refused.
    "GRANT CONNECT, TEMPORARY ON DATABASE {} TO swingby_app",
    "GRANT CONNECT ON DATABASE {} TO swingby_backup",
)

_LATER = "ALTER DEFAULT PRIVILEGES FOR ROLE swingby_owner IN SCHEMA public GRANT "
_PRIVILEGES: tuple[LiteralString, ...] = (
    "ALTER SCHEMA public OWNER TO swingby_owner",
    "REVOKE ALL ON SCHEMA public FROM PUBLIC",
    "GRANT USAGE ON SCHEMA public TO swingby_app, swingby_backup",
    _LATER + "SELECT, INSERT, UPDATE, DELETE ON TABLES TO swingby_app",
    _LATER + "USAGE, SELECT ON SEQUENCES TO swingby_app",
    _LATER + "SELECT ON TABLES TO swingby_backup",
    _LATER + "SELECT ON SEQUENCES TO swingby_backup",
)


def create_roles(administrator_url: str, *, passwords: Mapping[str, str]) -> None:
    """Create or mend the three roles; repeating it changes nothing."""
    with psycopg.connect(administrator_url, autocommit=True) as connection:
        for role, attributes in _ATTRIBUTES.items():
            _create_role(connection, role, attributes=attributes, password=passwords[role])
        connection.execute("ALTER ROLE swingby_backup SET default_transaction_read_only = on")


def _create_role(connection: psycopg.Connection, role: str, *, attributes: LiteralString, password: str) -> None:
    known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (role,)).fetchone()
    verb = sql.SQL("ALTER ROLE" if known else "CREATE ROLE")
    connection.execute(
        sql.SQL("{} {} {} PASSWORD {}").format(verb, sql.Identifier(role), sql.SQL(attributes), sql.Literal(password))
    )


def create_database(administrator_url: str, *, name: str = DATABASE) -> None:
    """Create a database that `swingby_owner` owns and only our roles may enter; repeatable."""
    with psycopg.connect(administrator_url, autocommit=True) as connection:
        database = sql.Identifier(name)
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,)).fetchone() is None:
            connection.execute(sql.SQL("CREATE DATABASE {} OWNER swingby_owner").format(database))
        for statement in _ENTRANCE:
            connection.execute(sql.SQL(statement).format(database))


def grant_privileges(administrator_url: str) -> None:
    """Say, in the database of the address, what each role may do with tables to come; repeatable."""
    with psycopg.connect(administrator_url) as connection:
        for statement in _PRIVILEGES:
            connection.execute(statement)


def check_app_role(url: str) -> None:
    """Refuse a role for which row-level security is switched off.

    Raises
    ------
    UnsafeRoleError
        If the role of `url` is a superuser or bypasses row-level security.
    ExternalDatabaseError
        If it cannot be asked.
    """
    try:
        with psycopg.connect(url, connect_timeout=5) as connection:
            found = connection.execute(
                "SELECT rolname FROM pg_roles WHERE rolname = current_user AND (rolsuper OR rolbypassrls)"
            ).fetchone()
    except psycopg.OperationalError as error:
        raise ExternalDatabaseError(str(error).strip()) from error
    if found is not None:
        raise UnsafeRoleError(str(found[0]))
