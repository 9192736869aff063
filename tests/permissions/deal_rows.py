"""Who reads what is told of a deal, said without SQL."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from swingby.web.tenancy import Scope

Row = Mapping[str, Any]


def deal_read(row: Row, scope: Scope, tables: Mapping[str, list[Row]]) -> bool:
    """Both sides, and whoever has a part in the deal, of what happened before that part ended."""
    if row["owner_org"] in scope.owner_orgs or row["partner_org"] in scope.partner_orgs:
        return True
    deal = (row["owner_org"], row["deal"])
    parts = [each for each in tables["fact_deal_parties"] if (each["owner_org"], each["deal"]) == deal]
    mine = [each for each in parts if each["partner_org"] in scope.partner_orgs and each["reversed_position"] is None]
    return any(each["ends_on"] is None or each["ends_on"] > row["happened_on"] for each in mine)
