"""A very small example folder: the shipped program and a dozen partners with a few facts each."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from pathlib import Path

PROGRAM = Path(__file__).parents[3] / "examples" / "harborline" / "program"
NAMED = ("Tarnwick Labs", "Sedgerow Consulting", "Thornquay Consulting")


def write_example(folder: Path, *, partners: int = 12) -> Path:
    """Write the folder that the demonstration loads."""
    shutil.copytree(PROGRAM, folder / "program")
    facts = folder
    names = [*NAMED, *(f"Example Partner {number}" for number in range(len(NAMED), partners))]
    keys = [name.lower().replace(" ", "-") for name in names]
    _write(
        facts / "organizations.csv",
        ({"organization": k, "name": n, "region": "apac"} for k, n in zip(keys, names, strict=True)),
    )
    _write(facts / "enrolments.csv", ({"enrolment": k, "organization": k, "joined_on": "2023-02-01"} for k in keys))
    _write(facts / "people.csv", ({"person": f"{k}-{n}", "country": "AU"} for k in keys for n in range(3)))
    _write(facts / "employments.csv", (_employment(k, n) for k in keys for n in range(3)))
    _write(facts / "credentials.csv", (_credential(k, n) for k in keys for n in range(3)))
    _write(facts / "activities.csv", (row for k in keys for row in _activities(k)))
    _write(
        facts / "deals.csv",
        (
            {
                "fact_id": f"{k}-won",
                "deal": f"{k}-1",
                "stage": "won",
                "amount": "12000",
                "currency": "USD",
                "happened_on": "2026-02-20",
            }
            for k in keys
        ),
    )
    _write(
        facts / "deal_parties.csv",
        (
            {"fact_id": f"{k}-party", "deal": f"{k}-1", "organization": k, "role": "seller", "starts_on": "2026-01-10"}
            for k in keys
        ),
    )
    return folder


def _employment(key: str, number: int) -> Mapping[str, str]:
    return {
        "fact_id": f"{key}-{number}-e",
        "organization": key,
        "person": f"{key}-{number}",
        "role": "engineering",
        "starts_on": "2023-02-01",
    }


def _credential(key: str, number: int) -> Mapping[str, str]:
    return {
        "fact_id": f"{key}-{number}-c",
        "person": f"{key}-{number}",
        "code": "keep-eng-adv",
        "role": "engineering",
        "level": "advanced",
        "starts_on": "2025-06-01",
        "ends_on": "2026-12-01",
    }


def _activities(key: str) -> Iterable[Mapping[str, str]]:
    for number, kind in enumerate(("plan_reviewed", "campaign", "training_completed", "opportunity_sourced") * 4):
        day = date(2025, 4, 15) + timedelta(days=20 * number)
        yield {"fact_id": f"{key}-{number}-a", "organization": key, "kind": kind, "happened_on": day.isoformat()}


def _write(file: Path, rows: Iterable[Mapping[str, str]]) -> None:
    listed = list(rows)
    with file.open("w", encoding="utf-8", newline="") as text:
        writer = csv.DictWriter(text, list(listed[0]))
        writer.writeheader()
        writer.writerows(listed)
