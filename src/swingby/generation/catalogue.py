"""Tables that do not grow with the partners: products, types of certificates, rates, coverage."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import numpy as np

from swingby.generation.archetypes import Company
from swingby.generation.calendar import Months, day_number
from swingby.generation.columns import Table, days, same, texts
from swingby.generation.drawing import NONE
from swingby.generation.money import Rates, rate_table
from swingby.generation.organizations import standing_organizations

#: Kinds of facts and the source that is complete for them from the company's first day on.
COVERED = {
    "activities": "portal",
    "deals": "crm",
    "deal_lines": "crm",
    "credentials": "academy",
    "surveys": "portal",
    "usage": "telemetry",
    "cases": "desk",
    "touches": "crm",
    "costs": "ledger",
}
#: A part of activities, as a version of the program calls it.
PIPELINE_REVIEWS = "pipeline_reviews"


def catalogue_tables(company: Company, months: Months, rates: Rates) -> Iterator[Table]:
    """Every table of that sort."""
    yield standing_organizations(company)
    yield _products(company)
    yield _credential_types(company)
    yield rate_table(rates, months)
    yield _coverage(company)


def _products(company: Company) -> Table:
    lines = company["lines"]
    columns = {
        name: texts([line[key] for line in lines.values()]) for name, key in (("family", "family"), ("name", "label"))
    }
    return Table("products", {"product": texts(list(lines)), **columns})


def _credential_types(company: Company) -> Table:
    """A type for each line, role and level, and the retired version of some."""
    figures = company["credentials"]
    retired = figures["retired"]
    rows: list[tuple[str, str, str, str, date | None]] = []
    for line in company["lines"]:
        for role in figures["roles"]:
            for level in figures["levels"]:
                rows.append((f"{line}_{role}_{level}", role, level, line, None))
                if (line, level) == (retired["product"], retired["level"]):
                    old = f"{line}_{role}_{level}_{retired['version']}"
                    rows.append((old, role, level, line, retired["counts_until"] + timedelta(days=1)))
    names = ("code", "role", "level", "product")
    columns = {name: texts([str(row[nth]) for row in rows]) for nth, name in enumerate(names)}
    ends = np.array([NONE if row[4] is None else day_number(row[4]) for row in rows])
    return Table(
        "credential_types", {**columns, "family": same("certification", len(rows)), "counts_until": days(ends)}
    )


def _coverage(company: Company) -> Table:
    """Of all kinds from the first day on, and of the part of activities that began later, for versions that declare it."""
    covered = {**COVERED, PIPELINE_REVIEWS: COVERED["activities"]}
    begins = [day_number(company.first)] * len(COVERED) + [day_number(company["rhythm"]["pipeline_from"])]
    return Table(
        "coverage",
        {
            "kind": texts(list(covered)),
            "source": texts(list(covered.values())),
            "complete_from": days(np.array(begins)),
        },
    )
