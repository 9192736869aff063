"""Writes a whole example: one CSV file for each kind, messy in the shares that the company says."""

from __future__ import annotations

import csv
import shutil
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random

from swingby.errors import SwingbyError
from swingby.generation.archetypes import Company, read_company
from swingby.generation.deals import deals
from swingby.generation.drawing import chance, stream
from swingby.generation.partners import Partner, draw_partners
from swingby.generation.people import credentials, draw_people, employments
from swingby.generation.work import activities, decisions, surveys

Row = dict[str, object]
Rows = Mapping[str, list[Row]]
COUNTRIES = {"americas": "us", "emea": "de", "apac": "au"}
CORRECTABLE = ("activities", "deals")
LATE = 45


@dataclass(frozen=True, slots=True)
class Summary:
    """What was written: rows by file, and for how many partners."""

    folder: Path
    seed: str
    partners: int
    rows: Mapping[str, int]


#: The example companies of a source tree; an installation without it names its own.
EXAMPLES = Path(__file__).resolve().parents[3] / "examples"


def generate_example(
    folder: Path, *, archetypes: Path | None = None, seed: str | None = None, partners: int | None = None
) -> Summary:
    """Write an example company to a folder; the same seed gives the same bytes.

    Facts become one CSV file for each kind; the program beside the archetypes is copied to ``program``.

    Parameters
    ----------
    archetypes
        The company's file; the first company of the source tree's examples by default.
    seed
        Another seed than the company's own.
    partners
        Another number of partners, in the same proportions.

    Raises
    ------
    SwingbyError
        ``archetypes`` when that file cannot be read.
    """
    described = archetypes or _first_company()
    company = read_company(described)
    chosen = seed or company.seed
    drawn = draw_partners(company, chosen, partners or company.size)
    tables = _tables(company, chosen, drawn)
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in tables.items():
        _write(folder / f"{name}.csv", rows)
    program = described.parent / "program"
    if program.is_dir():
        shutil.copytree(program, folder / "program", dirs_exist_ok=True)
    return Summary(folder, chosen, len(drawn), {name: len(rows) for name, rows in tables.items()})


def _first_company() -> Path:
    found = sorted(EXAMPLES.glob("*/archetypes.yaml"))
    if not found:
        raise SwingbyError(
            code="archetypes",
            message=f"There is no example company under {EXAMPLES}.",
            hint="Name a file of archetypes.",
        )
    return found[0]


def _tables(company: Company, seed: str, partners: list[Partner]) -> Rows:
    tables: defaultdict[str, list[Row]] = defaultdict(list)
    for partner in partners:
        people = draw_people(company, seed, partner)
        won, parties = deals(company, seed, partner)
        tables["organizations"].append(_organization(partner))
        tables["enrolments"].append(_enrolment(partner))
        tables["people"] += [{"person": person.key, "country": COUNTRIES[partner.region]} for person in people]
        tables["employments"] += employments(people)
        tables["credentials"] += credentials(company, seed, partner, people)
        tables["activities"] += activities(company, seed, partner, people)
        tables["surveys"] += surveys(company, seed, partner)
        tables["decisions"] += decisions(company, seed, partner)
        tables["deals"] += won
        tables["deal_parties"] += parties
        tables["customers"] += _customers(partner, won)
    tables["employments"] += _moves(partners)
    return {name: list(_recorded(company, seed, name, rows)) for name, rows in tables.items()}


def _organization(partner: Partner) -> Row:
    return {
        "organization": partner.key,
        "name": partner.name,
        "country": COUNTRIES[partner.region],
        "region": partner.region,
    }


def _enrolment(partner: Partner) -> Row:
    return {"enrolment": partner.key, "organization": partner.key, "joined_on": partner.joined_on}


def _customers(partner: Partner, won: list[Row]) -> Iterator[Row]:
    for customer in dict.fromkeys(str(row["customer"]) for row in won):
        yield {"customer": customer, "country": COUNTRIES[partner.region]}


def _moves(partners: list[Partner]) -> Iterator[Row]:
    """People of a story who go to another partner take their certificates along."""
    keys = {partner.name: partner.key for partner in partners}
    for partner in partners:
        leave = partner.story.leave if partner.story else None
        if leave and leave["to"] in keys:
            for nth in range(leave["engineers"]):
                yield {
                    "fact_id": f"emp-{partner.key}.l{nth}-moved",
                    "organization": keys[leave["to"]],
                    "person": f"{partner.key}.l{nth}",
                    "kind": "employee",
                    "role": "engineering",
                    "starts_on": leave["left_on"],
                }


# --- mess -----------------------------------------------------------------------------------------------------------

UNRECORDED = ("organizations", "enrolments", "people", "customers")


def _recorded(company: Company, seed: str, name: str, rows: Iterable[Row]) -> Iterator[Row]:
    """Rows with the time they were recorded; some late, some corrected afterwards, some that cannot be right."""
    if name in UNRECORDED:
        yield from rows
        return
    random = stream(seed, "mess", name)
    for row in rows:
        recorded = _recording_day(random, company, row)
        written = {**row, "recorded_at": f"{recorded}T18:00:00Z", "reverses": None, "source": "example"}
        wrong = name in CORRECTABLE and chance(random, company.mess.get("corrected", 0))
        yield _before_correction(written) if wrong else written
        if wrong:
            yield _correction(written, min(recorded + timedelta(days=9), company.last))
        if name == "activities" and chance(random, company.mess.get("impossible", 0)):
            yield {**written, "fact_id": f"{row['fact_id']}-typo", "happened_on": "2025-02-30"}


def _recording_day(random: Random, company: Company, row: Row) -> date:
    day = row.get("happened_on") or row.get("starts_on")
    if not isinstance(day, date):
        return company.last
    late = LATE + random.randrange(20) if chance(random, company.mess.get("late", 0)) else random.randrange(3)
    return max(company.first, min(day + timedelta(days=late), company.last))


def _before_correction(row: Row) -> Row:
    """The wrong first version: an amount ten times too large, or a day of the wrong month."""
    if isinstance(row.get("amount"), Decimal):
        return {**row, "amount": Decimal(str(row["amount"])) * 10}
    day = row["happened_on"]
    return {**row, "happened_on": day - timedelta(days=28) if isinstance(day, date) else day}


def _correction(row: Row, on: date) -> Row:
    return {**row, "fact_id": f"{row['fact_id']}-2", "reverses": row["fact_id"], "recorded_at": f"{on}T18:00:00Z"}


def _write(path: Path, rows: list[Row]) -> None:
    columns = list(dict.fromkeys(name for row in rows for name in row))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n", restval="")
        writer.writeheader()
        writer.writerows(rows)
