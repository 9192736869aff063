"""Many partners of the small world's vendor, for pages that must stay the same size."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from swingby.web.models import Enrolment, Membership, Organization, Person, PortfolioRow, Program, Role
from swingby.web.tenancy import Scope, act_for_owner, open_scope

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


def add_people(count: int, *, first: int = 0) -> None:
    """An admin for each of so many partners, who is told of what concerns it."""
    keys = [f"many-{number}" for number in range(first, first + count)]
    with open_scope(Scope(partner_orgs=frozenset(keys))):
        people = [Person(id=f"{key}-admin", email=f"{key}@example.test", name=f"Admin of {key}") for key in keys]
        Person.objects.bulk_create(people)
        Membership.objects.bulk_create(
            Membership(person=person, organization_id=key, role=Role.PARTNER_ADMIN)
            for person, key in zip(people, keys, strict=True)
        )


def _organization(number: int) -> Organization:
    key = f"many-{number}"
    return Organization(id=key, name=f"Many Example {number:05}", lineage=[key], registered_by=OWNER)
