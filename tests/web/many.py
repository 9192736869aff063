"""Many partners of the small world's vendor, for pages that must stay the same size."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from swingby.web.models import Enrolment, Organization, PortfolioRow, Program
from swingby.web.tenancy import act_for_owner

OWNER = "harbor"


def add_partners(count: int, *, first: int = 0, of: Callable[[int], dict[str, Any]] | None = None) -> list[str]:
    """Enrol so many more partners with a row each; ``of`` says what differs. Returns the keys of the enrolments."""
    with act_for_owner(OWNER):
        program = Program.objects.get(pk=f"{OWNER}-program")
        numbers = range(first, first + count)
        partners = [_organization(number) for number in numbers]
        Organization.objects.bulk_create(partners)
        enrolments = [
            Enrolment(id=f"many-{number}", owner_id=OWNER, partner=partner, program=program, joined_on=date(2025, 3, 1))
            for number, partner in zip(numbers, partners, strict=True)
        ]
        Enrolment.objects.bulk_create(enrolments)
        PortfolioRow.objects.bulk_create(
            PortfolioRow(
                owner_id=OWNER,
                partner=partner,
                enrolment=enrolment,
                **{
                    "name": partner.name,
                    "region": ("emea", "apac", "americas")[number % 3],
                    "tier": ("Member", "Select")[number % 2],
                    "tier_rank": number % 2,
                    "score": Decimal(number),
                    **(of(number) if of else {}),
                },
            )
            for number, partner, enrolment in zip(numbers, partners, enrolments, strict=True)
        )
        return [enrolment.pk for enrolment in enrolments]


def _organization(number: int) -> Organization:
    key = f"many-{number}"
    return Organization(id=key, name=f"Many Example {number:05}", lineage=[key], registered_by=OWNER)
