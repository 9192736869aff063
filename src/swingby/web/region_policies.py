"""Regional leads: of the vendor's rows they see those about partners of their regions, whatever else a policy allows.

These policies are restrictive: they stand beside the others and take away. They are made from the catalogue after each
migration run, so that a table that is new gets its own without anybody thinking of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.conf import settings
from django.db import connections, transaction

from swingby.facts.postgres import PARTNER_REFERENCES
from swingby.web.deal_policies import DEAL_TABLES, party_among
from swingby.web.policy_parts import setting_array
from swingby.web.tenancy import HELD_FROM_REGIONS, LED_SETTING, LIMITED_SETTING, REGION_SETTING

LIMITED = setting_array(LIMITED_SETTING)
#: A lead may look after thousands of partners: they are looked up, where a list would be gone through for each row.
AMONG_REGION = f"IN (SELECT unnest(NULLIF(current_setting('{REGION_SETTING}', true), '')::text[]))"
_UNLIMITED = f"(owner_org = ANY ({LIMITED})) IS NOT TRUE"

#: What names a partner, and whatever is about the program as a whole under the owner's own name.
IN_REGION = f"({_UNLIMITED} OR partner_org = owner_org OR partner_org {AMONG_REGION})"
#: What a lead reads besides: deals of others in which a partner of the region has a part, as that partner reads them.
READ_BESIDES: Mapping[str, str] = {table: party_among(table, AMONG_REGION) for table in DEAL_TABLES}
#: Tables that say whose they are in another way, or hold what is about partners without naming one.
OTHERWISE: Mapping[str, str] = {
    **dict.fromkeys(HELD_FROM_REGIONS, f"({_UNLIMITED})"),
    "region_coverages": f"({_UNLIMITED} OR owner_org || '/' || region = ANY ({setting_array(LED_SETTING)}))",
    "review_acts": (
        f"({_UNLIMITED} OR EXISTS (SELECT 1 FROM review_lines l WHERE l.id = review_acts.line)"
        " OR EXISTS (SELECT 1 FROM tier_exceptions e WHERE e.id = review_acts.exception))"
    ),
    "organizations": (
        f"((registered_by = ANY ({LIMITED})) IS NOT TRUE OR id = ANY ({LIMITED}) OR id {AMONG_REGION}"
        " OR EXISTS (SELECT 1 FROM enrolments e WHERE e.partner_org = organizations.id))"
    ),
}


def limit_regions(*, using: str, **_: Any) -> None:
    """Give each table of both sides its policy for regional leads; runs as the owner after migrations."""
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        cursor.execute("SELECT current_user")
        if cursor.fetchone()[0] == settings.SWINGBY_APP_ROLE:
            return
        conditions = _conditions(cursor)
        cursor.execute("SELECT tablename::text FROM pg_tables WHERE schemaname = 'public' EXCEPT"
                       " SELECT tablename::text FROM pg_policies WHERE policyname = tablename || '_region'")  # fmt: skip
        for table in sorted({row[0] for row in cursor.fetchall()} & set(conditions)):
            for statement in _limits(table, conditions[table]):
                cursor.execute(statement)


def renew_limits(cursor: Any) -> None:
    """Put the limits that tables have in place as they are declared today, in the running transaction."""
    conditions = _conditions(cursor)
    cursor.execute("SELECT tablename::text FROM pg_policies WHERE schemaname = 'public'"
                   " AND policyname = tablename || '_region'")  # fmt: skip
    for table in sorted({row[0] for row in cursor.fetchall()} & set(conditions)):
        for end in ("", "_insert", "_update"):
            cursor.execute(f"DROP POLICY IF EXISTS {table}_region{end} ON {table}")
        for statement in _limits(table, conditions[table]):
            cursor.execute(statement)


def _conditions(cursor: Any) -> Mapping[str, str]:
    """By table, of those that are the migration's own, what stands inside a lead's regions."""
    cursor.execute(
        "SELECT c.table_name::text FROM information_schema.columns c JOIN pg_tables t ON t.tablename = c.table_name"
        " AND t.schemaname = c.table_schema WHERE c.table_schema = 'public' AND t.tableowner = current_user"
        " AND c.column_name IN ('owner_org', 'partner_org') GROUP BY 1 HAVING count(*) = 2"
    )
    about = [row[0] for row in cursor.fetchall() if _names_partners(row[0])]
    return {**dict.fromkeys(about, IN_REGION), **OTHERWISE}


def _limits(table: str, inside: str) -> Iterator[str]:
    """What is read besides is written by nobody; facts are deleted by nobody at all."""
    start = f"CREATE POLICY {table}_region"
    if table not in READ_BESIDES:
        yield f"{start} ON {table} AS RESTRICTIVE FOR ALL USING ({inside})"
        return
    yield f"{start} ON {table} AS RESTRICTIVE FOR SELECT USING ({inside} OR {READ_BESIDES[table]})"
    yield f"{start}_insert ON {table} AS RESTRICTIVE FOR INSERT WITH CHECK ({inside})"
    yield f"{start}_update ON {table} AS RESTRICTIVE FOR UPDATE USING ({inside})"


def _names_partners(table: str) -> bool:
    """Lists such as products and holidays have the column for nothing: they are the program's."""
    return not table.startswith("ref_") or table.removeprefix("ref_") in PARTNER_REFERENCES
