"""The page beside the example describes every table and column that is written."""

from __future__ import annotations

import csv
import re

from tests.generation.firm.written import DESCRIBED, Written

OF_EVERY_FACT = {"fact_id", "source", "recorded_at", "reverses", "starts_on", "ends_on", "happened_on"}
ROW = re.compile(r"^\| (?P<tables>`[^|]+`) \|[^|]*\| (?P<columns>[^|]*) \|$", re.MULTILINE)
WORD = re.compile(r"`(\w+)`")


def test_every_table_and_column_is_described(firm: Written) -> None:
    text = DESCRIBED.with_name("README.md").read_text(encoding="utf-8")
    described = {
        table: set(WORD.findall(row["columns"])) for row in ROW.finditer(text) for table in WORD.findall(row["tables"])
    }
    written = {}
    for path in [firm.folder / "names.csv", *sorted((firm.folder / "facts/enablement").glob("*.csv"))]:
        with path.open(encoding="utf-8", newline="") as file:
            written[path.stem] = set(next(csv.reader(file))) - OF_EVERY_FACT
    assert set(written) == set(described)
    missing = {name: columns - described[name] - {"organization"} for name, columns in written.items()}
    assert {name: columns for name, columns in missing.items() if columns} == {}
