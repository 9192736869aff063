"""Load the other vendors in whose programs an example firm is: their rules, its facts there, where it stands, its stakes."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from django.db import transaction

from swingby.facts import FactSet, read_folder
from swingby.web.clock import now, today
from swingby.web.demo.facts import copy_facts
from swingby.web.demo.standings import open_reviews_and_store_standings
from swingby.web.domain.organizations import register_organization
from swingby.web.domain.programs import load_files, loaded, publish_version
from swingby.web.domain.programs import read_folder as read_program_folder
from swingby.web.models import PARTNER_ROLES, Enrolment, Membership, Organization, Program, Stake
from swingby.web.tenancy import Scope, open_scope

YEAR = timedelta(days=365)
NOTE = "An example: the sum of the firm's own records of twelve months."
EXPECTED_NOTE = "An example: expected by the firm, which has no tier there yet."


def load_vendors(folder: Path, firm: str, vendors: dict[str, str]) -> None:
    """Bring the programs of vendors that are not here yet, with the one firm in each.

    Parameters
    ----------
    vendors
        Their names by key; the key is the folder of the program.
    """
    for vendor, name in vendors.items():
        own, place = Scope(owner_orgs=frozenset({vendor}), partner_orgs=frozenset({firm})), folder / "programs" / vendor
        with transaction.atomic(), open_scope(own):
            if place.is_dir() and not Organization.objects.filter(pk=vendor).exists():
                _load(place, folder / "facts" / vendor, vendor, name, firm)


def _load(place: Path, facts_folder: Path, vendor: str, name: str, firm: str) -> None:
    files = read_program_folder(place)
    register_organization(vendor, name=name, registered_by=vendor)
    program = Program.objects.create(id=vendor, owner_id=vendor, name=load_files(files).header.label)
    version = publish_version(program, files=files)
    rules = loaded(version)
    with read_folder(facts_folder, rules) as facts:
        _enrol(facts, program, firm)
        copy_facts(facts, rules, owner=vendor)
        open_reviews_and_store_standings(facts, version=version, program=rules, as_of=today())


def _enrol(facts: FactSet, program: Program, firm: str) -> None:
    """The files call each enrolment after the firm; here it stands beside those of the other vendors."""
    key = f"{program.pk}-{firm}"
    facts.connection.execute("UPDATE ref_enrolments SET enrolment = ? WHERE organization = ?", [key, firm])
    (joined,) = facts.connection.execute("SELECT min(joined_on) FROM ref_enrolments").fetchall()[0]
    Enrolment.objects.create(
        id=key, program=program, owner_id=program.owner_id, partner_id=firm, joined_on=joined or today()
    )


def say_stakes(folder: Path, firm: str) -> None:
    """What the firm's own records say each program brought and cost in twelve months, and who answers for it."""
    worth, cost = (_by_vendor(folder / "facts" / "enablement" / f"{name}.csv") for name in ("worth", "costs"))
    with transaction.atomic(), open_scope(Scope(partner_orgs=frozenset({firm}))):
        people = list(Membership.objects.filter(organization=firm, role__in=PARTNER_ROLES).order_by("role", "person"))
        rows = Enrolment.objects.filter(partner=firm).order_by("owner")
        Stake.objects.bulk_create(
            Stake(
                organization_id=firm,
                enrolment=row,
                person_id=people[nth % len(people)].person_id if people and row.owner_id in worth else None,
                worth=worth.get(row.owner_id, {}).get("amount"),
                cost=cost.get(row.owner_id, {}).get("amount"),
                currency="USD",
                note=EXPECTED_NOTE if worth.get(row.owner_id, {}).get("expected") else NOTE,
                said_at=now(),
            )
            for nth, row in enumerate(rows)
        )


def _by_vendor(file: Path) -> dict[str, dict[str, Decimal]]:
    found: dict[str, dict[str, Decimal]] = {}
    for row in _last_year(file):
        sums = found.setdefault(row["vendor"], {"amount": Decimal(0)})
        sums["amount"] += Decimal(row["amount"])
        if row["outlook"] == "expected":
            sums["expected"] = sums["amount"]
    return found


def _last_year(file: Path) -> Iterator[dict[str, str]]:
    """Rows about a vendor, of the twelve months up to today or of what is expected."""
    with file.open(encoding="utf-8", newline="") as text:
        for row in csv.DictReader(text):
            day = date.fromisoformat(row["happened_on"])
            if row["vendor"] and (row["outlook"] == "expected" or today() - YEAR < day <= today()):
                yield row
