"""The same checks as a plain loop in Python, with the csv reader of its standard library."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

SHAPE = re.compile(r"\d{4}-\d{2}-\d{2}")
NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)")
MOST = Decimal(10) ** 16


def validate(folder: Path, bad: Path) -> int:
    """Check every row, write the bad ones; returns how many count."""
    seen: dict[str, tuple[str, ...]] = {}
    good = 0
    with (folder / "activities.csv").open(newline="") as file, bad.open("w", newline="") as target:
        reader, writer = csv.DictReader(file), csv.writer(target)
        writer.writerow(("line", "column", "value", "code"))
        for row in reader:
            wrong = list(_wrong(row))
            if not wrong and (before := seen.setdefault(row["fact_id"], tuple(row.values()))) != tuple(row.values()):
                wrong = [("fact_id", "id-twice")] if before else []
            writer.writerows((reader.line_num, column, row[column], code) for column, code in wrong)
            good += not wrong
    return good


def _wrong(row: dict[str, str]) -> Iterator[tuple[str, str]]:
    for name in ("happened_on", "organization", "kind"):
        if not row[name]:
            yield name, "value-missing"
    if (day := row["happened_on"]) and (code := _of_day(day)):
        yield "happened_on", code
    if number := row["quantity"]:
        if NUMBER.fullmatch(number) is None:
            yield "quantity", "number-shape"
        elif abs(Decimal(number)) >= MOST:
            yield "quantity", "number-too-large"


def _of_day(text: str) -> str:
    if SHAPE.fullmatch(text) is None:
        return "date-shape"
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return "date-impossible"
    return "" if date(1950, 1, 1) <= found <= date(2100, 12, 31) else "date-out-of-range"
