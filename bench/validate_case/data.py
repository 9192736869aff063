"""The file that is validated: seven columns, one row of twenty wrong, in five ways."""

from __future__ import annotations

from pathlib import Path

import duckdb

NAMES = ("fact_id", "happened_on", "organization", "kind", "person", "quantity", "status")
_ROWS = """
SELECT CASE WHEN i % 100 = 40 THEN 'a' || (i - 1) ELSE 'a' || i END AS fact_id,
       CASE i % 100 WHEN 20 THEN '2025-02-30' WHEN 80 THEN '31.01.2025'
       ELSE strftime(DATE '2025-01-01' + CAST(i % 330 AS INTEGER), '%Y-%m-%d') END AS happened_on,
       CASE WHEN i % 100 <> 60 THEN 'p' || (i % 400) END AS organization,
       'visit' AS kind, 'h' || (i % 6000) AS person,
       CASE WHEN i % 100 = 0 THEN 'x' ELSE '' END || (i % 50) || '.5' AS quantity, 'done' AS status
FROM range({rows}) AS t(i)
"""


def write_rows(folder: Path, rows: int) -> None:
    """Write ``activities.csv``; every hundredth row has a number, a day, an organization or an id that cannot be."""
    folder.mkdir(parents=True, exist_ok=True)
    duckdb.execute(f"COPY ({_ROWS.format(rows=rows)}) TO '{folder / 'activities.csv'}' (HEADER)")
