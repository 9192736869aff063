"""What the firm holds in one vendor's program: the same people and credentials, and what it did there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from random import Random
from typing import Any

from swingby.generation.firm.description import Firm, Vendor
from swingby.generation.firm.drawing import one_of, stream
from swingby.generation.firm.histories import Learning
from swingby.generation.firm.rows import Row, known, organization
from swingby.generation.firm.staff import Person

Rows = dict[str, list[Row]]
#: What a vendor is told of the firm's own tables, without the columns that are the firm's own.
SHARED = ("offices", "people", "employments")
OWN_COLUMNS = ("team",)


def vendor_facts(firm: Firm, seed: str, vendor: Vendor, learning: Learning, own: Mapping[str, Sequence[Row]]) -> Rows:
    """The tables of one enrolment; those without rows are left out."""
    random = stream(seed, "vendor", vendor.key)
    able = [person for person in learning.staff if person.left_on is None]
    tables: Rows = {
        "organizations": [organization(firm)],
        "enrolments": [{"enrolment": firm.key, "organization": firm.key, "joined_on": vendor.joined_on}],
        **{name: [_without_own(row) for row in own[name]] for name in SHARED},
        "credential_types": [row for row in own["credential_types"] if row["family"] == vendor.key],
        "credentials": [row for row in own["credentials"] if row["family"] == vendor.key],
        "activities": list(_activities(firm, random, vendor, able)),
        "decisions": list(_decisions(firm, vendor)),
        "references": list(_references(firm, vendor)),
        "deals": list(_deals(vendor)),
        "deal_parties": list(_deal_parties(firm, vendor)),
    }
    tables["customers"] = list(_customers(firm, tables))
    return {name: rows for name, rows in tables.items() if rows}


def _without_own(row: Row) -> Row:
    return {name: value for name, value in row.items() if name not in OWN_COLUMNS}


def _activities(firm: Firm, random: Random, vendor: Vendor, able: Sequence[Person]) -> Iterator[Row]:
    for given in vendor.activities:
        ratings = given.get("ratings", [None])
        for nth, day in enumerate(_days(given, firm.today)):
            row: Row = {
                "fact_id": f"act-{given['kind']}-{nth}",
                "organization": firm.key,
                "kind": given["kind"],
                "person": one_of(random, able).key if "by" in given else None,
                "rating": ratings[nth % len(ratings)],
                "happened_on": day,
            }
            yield known(row, day, vendor.key)


def _days(given: Mapping[str, Any], until: date) -> Iterator[date]:
    day: date = given["starts_on"]
    while day <= until:
        yield day
        day += timedelta(days=given["days"])


def _decisions(firm: Firm, vendor: Vendor) -> Iterator[Row]:
    for given in vendor.decisions:
        row: Row = {"fact_id": f"dec-{given['topic']}-{given['starts_on']}", "organization": firm.key, **given}
        yield known(row, given["starts_on"], vendor.key)


def _references(firm: Firm, vendor: Vendor) -> Iterator[Row]:
    for given in vendor.references:
        for nth, day in enumerate(given["starts_on"]):
            row: Row = {
                "fact_id": f"ref-{given['status']}-{nth}",
                "organization": firm.key,
                "customer": f"{given['status']}-{nth}",
                "status": given["status"],
                "starts_on": day,
            }
            yield known(row, day, vendor.key)


def _deals(vendor: Vendor) -> Iterator[Row]:
    for given in vendor.deals:
        for nth, (day, amount) in enumerate(zip(given["happened_on"], given["amounts"], strict=True)):
            row: Row = {
                "fact_id": f"deal-{given['role']}-{nth}-won",
                "deal": f"{given['role']}-{nth}",
                "customer": f"{given['role']}-{nth}",
                "stage": "won",
                "amount": amount,
                "currency": "USD",
                "happened_on": day,
            }
            yield known(row, day, vendor.key)


def _deal_parties(firm: Firm, vendor: Vendor) -> Iterator[Row]:
    for given in vendor.deals:
        for nth, day in enumerate(given["happened_on"]):
            first = day - timedelta(days=60)
            row: Row = {
                "fact_id": f"party-{given['role']}-{nth}",
                "organization": firm.key,
                "deal": f"{given['role']}-{nth}",
                "role": given["role"],
                "starts_on": first,
            }
            yield known(row, first, vendor.key)


def _customers(firm: Firm, tables: Rows) -> Iterator[Row]:
    named = {str(row["customer"]) for name in ("references", "deals") for row in tables[name]}
    return ({"customer": customer, "country": firm.organization["country"]} for customer in sorted(named))
