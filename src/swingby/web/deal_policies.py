"""Deals of several partners: each of them reads what is told of the deal, whosever it is first of all.

Who of them does what, and with which share, each reads of itself alone; a customer's name is read by whose customer it is.
Whose part has ended reads what happened until then.
"""

from __future__ import annotations

from collections.abc import Iterator

from swingby.web.policy_parts import PARTNERS

DEAL_TABLES = ("fact_deals", "fact_deal_lines")


def party_of(table: str, partner: str) -> str:
    """That a partner, or one of several, is a party of the deal that a row of a table tells of."""
    return party_among(table, f"= {partner}")


def party_among(table: str, test: str) -> str:
    """That a partner for whom a test holds is a party of the deal that a row of a table tells of."""
    return (
        f"EXISTS (SELECT 1 FROM fact_deal_parties AS p WHERE p.deal = {table}.deal AND p.owner_org = {table}.owner_org"
        f" AND p.partner_org {test} AND p.reversed_position IS NULL"
        f" AND (p.ends_on IS NULL OR p.ends_on > {table}.happened_on))"
    )


def deal_statements() -> Iterator[str]:
    """What lets every party of a deal read it; the policies of the tables stand beside and stay as they are."""
    for table in DEAL_TABLES:
        yield f"DROP POLICY IF EXISTS {table}_party ON {table}"
        yield f"CREATE POLICY {table}_party ON {table} FOR SELECT USING ({party_of(table, f'ANY ({PARTNERS})')})"
