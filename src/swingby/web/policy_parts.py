"""What policies are made of: the lists of the transaction, and whose a row is."""

from __future__ import annotations

from swingby.web.tenancy import OWNER_SETTING, PARTNER_SETTING, PERSON_SETTING, SHARED_SETTING


def setting_array(name: str) -> str:
    """A list from the transaction's settings, read once per statement and not once per row."""
    return f"((SELECT NULLIF(current_setting('{name}', true), '')::text[])::text[])"


OWNERS = setting_array(OWNER_SETTING)
PARTNERS = setting_array(PARTNER_SETTING)
SHARED = setting_array(SHARED_SETTING)
PERSON = f"(SELECT NULLIF(current_setting('{PERSON_SETTING}', true), ''))"

OWNER_SIDE = f"owner_org = ANY ({OWNERS})"
PARTNER_SIDE = f"partner_org = ANY ({PARTNERS})"
BOTH_SIDES = f"({OWNER_SIDE} OR {PARTNER_SIDE})"
OWN_ORGANIZATION = f"(organization = ANY ({OWNERS}) OR organization = ANY ({PARTNERS}))"
