"""Who reads what is told of a deal, said without SQL."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from swingby.web.tenancy import Scope

Row = Mapping[str, Any]
Tables = Mapping[str, list[Row]]
Predicate = Callable[[Row, Scope, Tables], bool]
DEALS = ("fact_deals", "fact_deal_lines")


def deal_read(row: Row, scope: Scope, tables: Tables) -> bool:
    """Both sides, and whoever has a part in the deal, of what happened before that part ended."""
    if row["owner_org"] in scope.owner_orgs or row["partner_org"] in scope.partner_orgs:
        return True
    deal = (row["owner_org"], row["deal"])
    parts = [each for each in tables["fact_deal_parties"] if (each["owner_org"], each["deal"]) == deal]
    mine = [each for each in parts if each["partner_org"] in scope.partner_orgs and each["reversed_position"] is None]
    return any(each["ends_on"] is None or each["ends_on"] > row["happened_on"] for each in mine)


def shared_in_region(row: Row, scope: Scope, tables: Tables) -> bool:
    """Deals of others in which a partner of a lead's region has a part, as that partner reads them."""
    is_leads = row["owner_org"] in scope.owner_orgs & scope.limited_owners
    return is_leads and deal_read(
        row, replace(scope, owner_orgs=frozenset(), partner_orgs=scope.region_partners), tables
    )


def either_reads(one: Predicate, other: Predicate) -> Predicate:
    return lambda row, scope, tables: one(row, scope, tables) or other(row, scope, tables)
