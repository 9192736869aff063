"""Who should see which hours of study and which languages, said a second time and without SQL."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from swingby.web.tenancy import Scope

Row = Mapping[str, Any]
Tables = Mapping[str, list[Row]]


def languages_read(row: Row, scope: Scope, tables: Tables) -> bool:
    """One's own; jobs of the firm; who leads learning, where the person shows them."""
    firm, leads = row["organization"], {"partner_admin", "partner_manager"}
    posts = [one for one in tables["memberships"] if one["person"] == scope.person and one["role"] in leads]
    led = row["is_shown"] and any(one["organization"] == firm for one in posts)
    return firm in scope.partner_orgs and (scope.person in {"", row["person"]} or led)


def hours_read(row: Row, scope: Scope, tables: Tables) -> bool:
    """One's own; jobs of the firm; who leads learning, where the firm says so."""
    firm, leads = row["organization"], {"partner_admin", "partner_manager"}
    posts = [one for one in tables["memberships"] if one["person"] == scope.person and one["role"] in leads]
    days = [one["shown_from"] for one in tables["study_rules"] if one["organization"] == firm]
    shown = any(day is not None and day <= row["day"] for day in days)
    led = shown and any(one["organization"] == firm for one in posts)
    return firm in scope.partner_orgs and (scope.person in {"", row["person"]} or led)
