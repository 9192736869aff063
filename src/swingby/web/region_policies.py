"""Regional leads: of the vendor's rows they see those about partners of their regions, whatever else a policy allows.

These policies are restrictive: they stand beside the others and take away. They are made from the catalogue after each
migration run, so that a table that is new gets its own without anybody thinking of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db import connections, transaction

from swingby.facts.postgres import PARTNER_REFERENCES
from swingby.web.policy_parts import setting_array
from swingby.web.tenancy import HELD_FROM_REGIONS, LIMITED_SETTING, REGION_SETTING

LIMITED = setting_array(LIMITED_SETTING)
REGION = setting_array(REGION_SETTING)
_UNLIMITED = f"(owner_org = ANY ({LIMITED})) IS NOT TRUE"

#: What names a partner, and whatever is about the program as a whole under the owner's own name.
IN_REGION = f"({_UNLIMITED} OR partner_org = owner_org OR partner_org = ANY ({REGION}))"
#: Tables that say whose they are in another way, or hold what is about partners without naming one.
OTHERWISE: Mapping[str, str] = {
    **dict.fromkeys(HELD_FROM_REGIONS, f"({_UNLIMITED})"),
    "review_acts": (
        f"({_UNLIMITED} OR EXISTS (SELECT 1 FROM review_lines l WHERE l.id = review_acts.line)"
        " OR EXISTS (SELECT 1 FROM tier_exceptions e WHERE e.id = review_acts.exception))"
    ),
    "organizations": (
        f"((registered_by = ANY ({LIMITED})) IS NOT TRUE OR id = ANY ({LIMITED}) OR id = ANY ({REGION})"
        " OR EXISTS (SELECT 1 FROM enrolments e WHERE e.partner_org = organizations.id))"
    ),
}


def limit_regions(*, using: str, **_: Any) -> None:
    """Give each table of both sides its policy for regional leads; runs as the owner after migrations."""
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        cursor.execute("SELECT current_user")
        if cursor.fetchone()[0] == settings.SWINGBY_APP_ROLE:
            return
        cursor.execute(
            "SELECT c.table_name::text FROM information_schema.columns c JOIN pg_tables t ON t.tablename = c.table_name"
            " AND t.schemaname = c.table_schema WHERE c.table_schema = 'public' AND t.tableowner = current_user"
            " AND c.column_name IN ('owner_org', 'partner_org') GROUP BY 1 HAVING count(*) = 2"
        )
        about = [row[0] for row in cursor.fetchall() if _names_partners(row[0])]
        conditions = {**dict.fromkeys(about, IN_REGION), **OTHERWISE}
        cursor.execute("SELECT tablename::text FROM pg_tables WHERE schemaname = 'public' EXCEPT"
                       " SELECT tablename::text FROM pg_policies WHERE policyname = tablename || '_region'")  # fmt: skip
        for table in sorted({row[0] for row in cursor.fetchall()} & set(conditions)):
            cursor.execute(
                f"CREATE POLICY {table}_region ON {table} AS RESTRICTIVE FOR ALL USING ({conditions[table]})"
            )


def _names_partners(table: str) -> bool:
    """Lists such as products and holidays have the column for nothing: they are the program's."""
    return not table.startswith("ref_") or table.removeprefix("ref_") in PARTNER_REFERENCES
