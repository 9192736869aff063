"""Who should see and write which rows of vouchers, said a second time and without SQL."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from swingby.web.tenancy import Scope

Row = Mapping[str, Any]
Tables = Mapping[str, list[Row]]


def gives_vouchers(row: Row, scope: Scope, tables: Tables) -> bool:
    """Who leads learning in the firm of a voucher."""
    leads = {"partner_admin", "partner_manager"}
    posts = [one for one in tables["memberships"] if one["person"] == scope.person and one["role"] in leads]
    return any(one["organization"] == row["partner_org"] for one in posts)


def code_known(row: Row, scope: Scope, tables: Tables) -> bool:
    """The holder, who gives vouchers in the firm, and jobs of the firm."""
    known = scope.person in {"", row["person"]} or gives_vouchers(row, scope, tables)
    return row["partner_org"] in scope.partner_orgs and known


def voucher_held(row: Row, scope: Scope, tables: Tables) -> bool:
    return any(code_known(code, scope, tables) for code in tables["voucher_codes"] if code["voucher"] == row["id"])


def voucher_seen(row: Row, scope: Scope, tables: Tables) -> bool:
    return row["owner_org"] in scope.owner_orgs or voucher_held(row, scope, tables)


def brought_in(row: Row, scope: Scope, tables: Tables) -> bool:
    """By the firm for itself, or by a vendor for a partner of its program."""
    bought = row["partner_org"] in scope.partner_orgs and row["owner_org"] == row["partner_org"]
    whose = (row["owner_org"], row["partner_org"])
    enrolled_there = any((one["owner_org"], one["partner_org"]) == whose for one in tables["enrolments"])
    return (bought and gives_vouchers(row, scope, tables)) or (row["owner_org"] in scope.owner_orgs and enrolled_there)


def voucher_brought_in(row: Row, scope: Scope, tables: Tables) -> bool:
    return brought_in(row, scope, tables) and row["state"] == "free"


def code_brought_in(row: Row, scope: Scope, tables: Tables) -> bool:
    return brought_in(row, scope, tables) and row["person"] is None
