"""Activities of made-up partners as Parquet, the same for every contender: written by DuckDB from a seed.

The rows come in the order in which they were recorded, as they would from a ledger; a fifth of the partners does most
of the work. One in a hundred is reversed later, one in fifty cancelled.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from bench.engine_case.rules import KINDS, STATUSES

SEED = 20260731
POSITIONS = 1000
DAYS = 1480

_DRAW = "CREATE MACRO draw(n, k) AS (hash(n, k, {seed}) % 1000003) / 1000003.0"
_FACTS = """
COPY (
  SELECT 'a' || n AS fact_id, 'a' || n AS root_id, 1 + n * {positions} // {facts} AS position,
         CASE WHEN draw(n, 1) < 0.01
              THEN least({positions}, 1 + n * {positions} // {facts} + CAST(draw(n, 2) * 60 AS BIGINT)) END AS reversed_position,
         'bench' AS source, happened_on,
         CASE WHEN draw(n, 3) < 0.02 THEN happened_on + CAST(1 + draw(n, 4) * 60 AS INTEGER) END AS cancelled_on,
         'p' || partner AS organization, kinds[1 + CAST(floor(power(draw(n, 6), 1.4) * {kinds}) AS INTEGER)] AS kind,
         'h' || (partner * 12 + CAST(floor(draw(n, 7) * 12) AS BIGINT)) AS person,
         CAST(CAST(25 + floor(draw(n, 8) * 4000) AS DECIMAL(24, 8)) / 100 AS DECIMAL(24, 8)) AS quantity,
         CAST(1 + floor(draw(n, 9) * 5) AS DECIMAL(24, 8)) AS rating,
         statuses[1 + CAST(floor(power(draw(n, 10), 2) * 3) AS INTEGER)] AS status
  FROM (
    SELECT n, 1 + CAST(floor(power(draw(n, 5), 2.0) * {partners}) AS BIGINT) AS partner,
           DATE '2022-08-01' + CAST(n * {days} // {facts} - floor(draw(n, 11) * 20) AS INTEGER) AS happened_on,
           $kinds AS kinds, $statuses AS statuses
    FROM range(0, {facts}) AS r(n)
  )
) TO '{target}' (FORMAT parquet, ROW_GROUP_SIZE 122880)
"""
_ORGANIZATIONS = """
COPY (SELECT 'p' || n AS organization, CAST(NULL AS VARCHAR) AS parent, 'Partner ' || n AS name, 'xx' AS country,
             'emea' AS region FROM range(1, {partners} + 1) AS r(n)) TO '{target}' (FORMAT parquet)
"""
_ENROLMENTS = """
COPY (SELECT 'e' || n AS enrolment, 'p' || n AS organization, DATE '2022-02-01' AS joined_on,
             CASE WHEN n % 50 = 0 THEN DATE '2026-01-01' END AS ended_on
      FROM range(1, {partners} + 1) AS r(n)) TO '{target}' (FORMAT parquet)
"""


def write_facts(folder: Path, *, facts: int, partners: int) -> Path:
    """Write activities, organizations and enrolments below a folder unless they are there; gives their folder."""
    found = folder / f"{facts}-{partners}"
    if (found / "enrolments.parquet").exists():
        return found
    found.mkdir(parents=True, exist_ok=True)
    size = {"facts": facts, "partners": partners, "positions": POSITIONS, "days": DAYS, "kinds": len(KINDS)}
    with duckdb.connect() as connection:
        connection.execute("SET memory_limit = '4GB'; SET preserve_insertion_order = true")
        connection.execute(_DRAW.format(seed=SEED))
        for name, text in (("activities", _FACTS), ("organizations", _ORGANIZATIONS), ("enrolments", _ENROLMENTS)):
            given = {"kinds": list(KINDS), "statuses": list(STATUSES)} if name == "activities" else None
            connection.execute(text.format(target=found / f"{name}.parquet", **size), given)
    return found
