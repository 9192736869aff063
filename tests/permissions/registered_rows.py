"""Who should write which rows of deal registrations and appeals, said a second time and without SQL."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from swingby.web.tenancy import Scope

Row = Mapping[str, Any]
Tables = Mapping[str, list[Row]]


def progress_told(row: Row, scope: Scope, tables: Tables) -> bool:
    """How a deal goes is its partner's to say."""
    return row["partner_org"] in scope.partner_orgs


def deal_registered(row: Row, scope: Scope, tables: Tables) -> bool:
    return row["partner_org"] in scope.partner_orgs and row["state"] == "waiting"


def registration_changed(row: Row, scope: Scope, tables: Tables) -> bool:
    """The owner answers; the partner mends by sending again, and withdraws, while nobody has approved."""
    return row["owner_org"] in scope.owner_orgs or deal_registered(row, scope, tables)


def appeal_filed(row: Row, scope: Scope, tables: Tables) -> bool:
    return row["partner_org"] in scope.partner_orgs and row["state"] == "filed"
