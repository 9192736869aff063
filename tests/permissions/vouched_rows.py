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


def bought(row: Row, scope: Scope, tables: Tables) -> bool:
    """By the firm for itself."""
    own = row["partner_org"] in scope.partner_orgs and row["owner_org"] == row["partner_org"]
    return own and gives_vouchers(row, scope, tables)


def voucher_brought_in(row: Row, scope: Scope, tables: Tables) -> bool:
    """By the firm for itself, or by a vendor for a partner of its program."""
    whose = (row["owner_org"], row["partner_org"])
    enrolled_there = any((one["owner_org"], one["partner_org"]) == whose for one in tables["enrolments"])
    given = row["owner_org"] in scope.owner_orgs and enrolled_there
    return row["state"] == "free" and (bought(row, scope, tables) or given)


def code_brought_in(row: Row, scope: Scope, tables: Tables) -> bool:
    """The same; that it is a partner of the program its voucher says."""
    given = row["owner_org"] in scope.owner_orgs and row["owner_org"] != row["partner_org"]
    return row["person"] is None and (bought(row, scope, tables) or given)
