"""The fact tables on PostgreSQL: what they hold, who sees and writes which rows, and that the live reads use an index."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import psycopg
import pytest

from swingby.facts.contracts import REFERENCE_KEYS
from swingby.facts.postgres import (
    OWNER_ONLY_KINDS,
    addition_statements,
    attribute_columns,
    relation_query,
    row_level_security_statements,
    stored_columns,
    table_statements,
)
from swingby.program.kinds import FACT_KINDS, REFERENCE_TABLES, Column, FactKind

pytestmark = pytest.mark.slow

COMMON = "fact_id owner_org partner_org position reversed_position reverses chain root_id recorded_at batch source"
OWN_KIND = FactKind(
    "listings", "state", "organization", (Column("organization", "id", required=True), Column("installs", "number"))
)
WIDER_KIND = FactKind(
    "usage", "event", "customer", (*FACT_KINDS["usage"].columns, Column("workload", "word"), Column("active", "number"))
)
KINDS: Mapping[str, FactKind] = {**FACT_KINDS, "listings": OWN_KIND, "usage": WIDER_KIND}


@pytest.fixture(scope="module")
def address(server: str) -> str:
    """A database with every table and a visitor who owns none of them."""
    with psycopg.connect(f"{server} dbname=postgres", autocommit=True) as connection:
        connection.execute("CREATE DATABASE tables")
        connection.execute("CREATE ROLE visitor")
    with psycopg.connect(f"{server} dbname=tables") as connection:
        for statement in [*table_statements(KINDS), *row_level_security_statements(KINDS)]:
            connection.execute(statement)
        connection.execute("GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA public TO visitor")
    return f"{server} dbname=tables"


@pytest.fixture
def connection(address: str) -> Iterator[psycopg.Connection]:
    with psycopg.connect(address) as connection:
        yield connection
        connection.rollback()


def act(connection: psycopg.Connection, *, owners: str = "", partners: str = "") -> None:
    connection.execute("SET ROLE visitor")
    for name, value in (("owner_orgs", owners), ("partner_orgs", partners)):
        connection.execute("SELECT set_config(%s, %s, true)", [f"swingby.{name}", f"{{{value}}}"])


def add_activity(connection: psycopg.Connection, fact: str, owner: str, partner: str | None) -> None:
    connection.execute(
        "INSERT INTO fact_activities (fact_id, owner_org, partner_org, position, happened_on, organization, kind)"
        " VALUES (%s, %s, %s, 1, '2025-01-01', 'pine', 'visit')",
        [fact, owner, partner],
    )


def visible(connection: psycopg.Connection, table: str, column: str = "fact_id") -> list[str]:
    return [value for (value,) in connection.execute(f"SELECT {column} FROM {table} ORDER BY 1").fetchall()]


def columns_of(connection: psycopg.Connection, table: str) -> list[str]:
    query = "SELECT column_name FROM information_schema.columns WHERE table_name = %s ORDER BY ordinal_position"
    return [name for (name,) in connection.execute(query, [table]).fetchall()]


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
def test_a_kind_has_its_columns(connection: psycopg.Connection, kind: FactKind) -> None:
    own = [column.name for column in stored_columns(kind)]
    assert columns_of(connection, f"fact_{kind.name}") == [*COMMON.split(), *kind.day_columns, *own, "attributes"]
    assert {column.name for column in (*stored_columns(kind), *attribute_columns(kind))} == {
        column.name for column in kind.columns
    }


def test_every_reference_table_has_a_key_and_its_columns(connection: psycopg.Connection) -> None:
    assert set(REFERENCE_KEYS) == set(REFERENCE_TABLES)
    for name, columns in REFERENCE_TABLES.items():
        expected = ["owner_org", "partner_org", *(column.name for column in columns), "attributes"]
        assert columns_of(connection, f"ref_{name}") == expected
        assert set(REFERENCE_KEYS[name]) <= {column.name for column in columns}


def test_every_table_is_under_forced_row_level_security(connection: psycopg.Connection) -> None:
    query = "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
    bare = connection.execute(f"{query} AND NOT (relrowsecurity AND relforcerowsecurity)").fetchall()
    assert bare == []


def test_a_replacement_keeps_the_root_of_its_chain(connection: psycopg.Connection) -> None:
    add_activity(connection, "a1", "orion", "pine")
    connection.execute(
        "INSERT INTO fact_activities (fact_id, owner_org, position, happened_on, organization, kind, reverses, chain)"
        " VALUES ('a2', 'orion', 2, '2025-01-02', 'pine', 'visit', 'a1', 'a1')"
    )
    found = connection.execute("SELECT fact_id, root_id FROM fact_activities ORDER BY 1").fetchall()
    assert found == [("a1", "a1"), ("a2", "a1")]


def test_both_sides_see_their_rows_and_nobody_else(connection: psycopg.Connection) -> None:
    add_activity(connection, "mine", "orion", "pine")
    add_activity(connection, "other_partner", "orion", "larch")
    add_activity(connection, "other_owner", "vega", "pine")
    act(connection)
    assert visible(connection, "fact_activities") == []
    act(connection, owners="orion")
    assert visible(connection, "fact_activities") == ["mine", "other_partner"]
    act(connection, partners="pine")
    assert visible(connection, "fact_activities") == ["mine", "other_owner"]


#: What a row needs besides whose it is.
NEEDED = {
    "costs": {"happened_on": "2025-01-01", "kind": "travel"},
    "touches": {"happened_on": "2025-01-01", "kind": "call"},
    "tier_decisions": {"starts_on": "2025-01-01", "ladder": "level", "effect": "settled"},
}


@pytest.mark.parametrize("kind", sorted(OWNER_ONLY_KINDS))
def test_the_owners_own_business_is_hidden_from_the_partner(connection: psycopg.Connection, kind: str) -> None:
    needed = NEEDED[kind]
    connection.execute(
        f"INSERT INTO fact_{kind} (fact_id, owner_org, partner_org, position, organization, {', '.join(needed)})"
        f" VALUES ('c1', 'orion', 'pine', 1, 'pine', {', '.join(['%s'] * len(needed))})",
        list(needed.values()),
    )
    act(connection, partners="pine")
    assert visible(connection, f"fact_{kind}") == []
    act(connection, owners="orion")
    assert visible(connection, f"fact_{kind}") == ["c1"]


def test_a_partner_writes_nothing(connection: psycopg.Connection) -> None:
    add_activity(connection, "mine", "orion", "pine")
    act(connection, partners="pine")
    assert connection.execute("UPDATE fact_activities SET reversed_position = 2").rowcount == 0
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        add_activity(connection, "forged", "orion", "pine")


def test_an_owner_writes_only_its_own_and_deletes_nothing(connection: psycopg.Connection) -> None:
    act(connection, owners="orion")
    add_activity(connection, "mine", "orion", "pine")
    assert connection.execute("UPDATE fact_activities SET reversed_position = 2").rowcount == 1
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        add_activity(connection, "foreign", "vega", "pine")


def test_catalogues_are_seen_by_enrolled_partners(connection: psycopg.Connection) -> None:
    connection.execute("INSERT INTO ref_products (owner_org, product) VALUES ('orion', 'cloud'), ('vega', 'rig')")
    connection.execute(
        "INSERT INTO ref_enrolments (owner_org, partner_org, enrolment, organization) VALUES ('orion', 'pine', 'e', 'pine')"
    )
    act(connection, partners="pine")
    assert visible(connection, "ref_products", "product") == ["cloud"]
    act(connection, partners="larch")
    assert visible(connection, "ref_products", "product") == []


def test_a_live_read_of_one_partner_uses_an_index(connection: psycopg.Connection) -> None:
    connection.execute(
        "INSERT INTO fact_activities (fact_id, owner_org, partner_org, position, happened_on, organization, kind)"
        " SELECT n, 'orion', 'p' || n % 500, 1, date '2025-01-01' + n % 300, 'p' || n % 500, 'visit'"
        " FROM generate_series(1, 20000) AS n"
    )
    connection.execute("ANALYZE fact_activities")
    act(connection, owners="orion")
    plan = connection.execute(
        "EXPLAIN SELECT * FROM fact_activities WHERE organization = ANY(%s) AND happened_on >= '2025-06-01'", [["p7"]]
    ).fetchall()
    assert "fact_activities_organization_owner_org_happened_on_idx" in "\n".join(line for (line,) in plan)


def test_attributes_are_read_as_typed_columns(connection: psycopg.Connection) -> None:
    connection.execute(
        "INSERT INTO fact_usage (fact_id, owner_org, position, happened_on, customer, attributes)"
        """ VALUES ('u1', 'orion', 1, '2025-01-01', 'c', '{"workload": "lake", "active": "12.5"}')"""
    )
    query = f"SELECT fact_id, workload, active + 1 FROM ({relation_query(WIDER_KIND)}) AS usage"
    assert [tuple(map(str, row)) for row in connection.execute(query).fetchall()] == [("u1", "lake", "13.50000000")]


@pytest.mark.parametrize("name", ['x"; DROP TABLE y', "Usage", "1x", ""])
def test_a_name_that_is_not_plain_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="plain lower-case name"):
        table_statements({name: FactKind(name, "event", "organization", ())})


def test_older_tables_gain_what_the_contracts_gained(server: str) -> None:
    def columns(address: str) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        query = "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'"
        with psycopg.connect(address) as connection:
            for table, column in connection.execute(query).fetchall():
                found.setdefault(table, set()).add(column)
        return found

    def run(name: str, statements: list[str]) -> str:
        with psycopg.connect(f"{server} dbname=postgres", autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        with psycopg.connect(f"{server} dbname={name}") as connection:
            for statement in statements:
                connection.execute(statement)
        return f"{server} dbname={name}"

    old_kinds = {name: kind for name, kind in FACT_KINDS.items() if name != "point_of_sale"}
    old_kinds["cases"] = FactKind("cases", "event", "customer", (Column("customer", "id", required=True),))
    old_references = {name: columns for name, columns in REFERENCE_TABLES.items() if name != "offices"}
    old = [*table_statements(old_kinds, old_references), *row_level_security_statements(old_kinds, old_references)]
    older, newer = run("older", old), run("newer", [*table_statements(), *row_level_security_statements()])
    with psycopg.connect(older) as connection:
        for statement in addition_statements(columns(older)):
            connection.execute(statement)
    policies = "SELECT tablename, policyname FROM pg_policies ORDER BY 1, 2"
    with psycopg.connect(older) as one, psycopg.connect(newer) as other:
        assert one.execute(policies).fetchall() == other.execute(policies).fetchall()
    assert columns(older) == columns(newer)
    assert addition_statements(columns(newer)) == []
