"""What one would write by hand in DuckDB to win: rules as rows, whole numbers for partners and paths, one dense join."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb

from bench.engine_case.ours import limited
from bench.engine_case.rules import KNOWN_AT, LADDER, TIERS, Case
from bench.engine_case.tables import branch_rows, constants, half_rows, leaf_rows, rule_rows

STATEMENTS = """
CREATE TEMP TABLE enrolled AS
SELECT CAST(row_number() OVER () AS INTEGER) AS e, enrolment, organization
FROM read_parquet('{data}/enrolments.parquet')
WHERE joined_on <= DATE '{as_of}' AND (ended_on IS NULL OR ended_on > DATE '{as_of}');

CREATE TEMP TABLE known AS
SELECT f.kind, f.happened_on, f.cancelled_on, f.person, f.quantity, f.rating, f.status, n.e
FROM read_parquet('{data}/activities.parquet') AS f JOIN enrolled AS n USING (organization)
WHERE f.position <= {known_at} AND (f.reversed_position IS NULL OR f.reversed_position > {known_at})
  AND f.happened_on >= DATE '{first}' AND f.happened_on < DATE '{end}';

CREATE TEMP TABLE numbers AS
SELECT r.number, f.e, CAST(count(*) AS DECIMAL(18, 8)) AS value
FROM known AS f JOIN rules AS r ON r.form = 'count' AND {matching} AND {lasting}
GROUP BY r.number, f.e;

INSERT INTO numbers
SELECT r.number, f.e, sum(f.quantity)
FROM known AS f JOIN rules AS r ON r.form = 'sum' AND {matching} AND {lasting}
GROUP BY r.number, f.e;

INSERT INTO numbers
SELECT number, e, count(*)
FROM (
  SELECT DISTINCT r.number, f.e, f.person
  FROM known AS f JOIN rules AS r ON r.form = 'person' AND {matching} AND {lasting}
)
GROUP BY number, e;

INSERT INTO numbers
SELECT number, e, sum(least(n * earn, cap))
FROM (
  SELECT r.number, f.e, r.earn, r.cap, CASE r.per WHEN 'month' THEN d.month ELSE d.quarter END AS bucket, count(*) AS n
  FROM known AS f JOIN days AS d ON d.day = f.happened_on JOIN rules AS r ON r.form = 'points' AND {matching}
  GROUP BY ALL
)
GROUP BY number, e;

INSERT INTO numbers
SELECT {total}, e, least(sum(value), {total_cap})
FROM (SELECT h.half, v.e, least(sum(v.value), any_value(h.cap)) AS value
      FROM numbers AS v JOIN halves AS h USING (number) GROUP BY h.half, v.e)
GROUP BY e;

CREATE TEMP TABLE answers AS
SELECT n.e, l.leaf, coalesce(v.value, 0) AS value, coalesce(v.value, 0) >= l.line AS met
FROM leaves AS l CROSS JOIN enrolled AS n LEFT JOIN numbers AS v ON v.number = l.number AND v.e = n.e;

CREATE TEMP TABLE met_groups AS
SELECT a.e, l.tier, l.place, count(*) FILTER (a.met) >= coalesce(any_value(b.need), 1) AS met
FROM answers AS a JOIN leaves AS l USING (leaf) LEFT JOIN branches AS b ON b.tier = l.tier AND b.place = l.place
GROUP BY a.e, l.tier, l.place;

CREATE TEMP TABLE met_tiers AS SELECT e, tier, bool_and(met) AS met FROM met_groups GROUP BY e, tier;
"""

MATCHING = """
    r.kind = f.kind AND f.happened_on >= r.s AND f.happened_on < r.t AND f.rating >= r.least_rating
    AND f.quantity >= r.low AND f.quantity <= r.high AND (r.status = '' OR r.status = f.status)
"""
LASTING = "(f.cancelled_on IS NULL OR f.cancelled_on > DATE '{as_of}')"

#: The month and the fiscal quarter of each day.
DAYS = """
CREATE TEMP TABLE days AS
SELECT CAST(day AS DATE) AS day, year(day) * 12 + month(day) AS month, (year(day) * 12 + month(day) - 2) // 3 AS quarter
FROM generate_series(DATE '{first}', DATE '{end}', INTERVAL 1 DAY) AS t(day)
"""

REQUIREMENTS = """
COPY (
  SELECT n.enrolment, DATE '{as_of}' AS as_of, '{ladder}' AS ladder, x.path, x.value, x.line, x.gap,
         CASE WHEN x.met THEN 'met' ELSE 'unmet' END AS result
  FROM (
    SELECT a.e, l.path, a.value, l.line, greatest(l.line - a.value, 0) AS gap, a.met
    FROM answers AS a JOIN leaves AS l USING (leaf)
    UNION ALL
    SELECT g.e, b.path, NULL, NULL, NULL, g.met FROM met_groups AS g JOIN branches AS b USING (tier, place)
    UNION ALL
    SELECT t.e, w.name, NULL, NULL, NULL, t.met FROM met_tiers AS t JOIN tiers AS w USING (tier)
  ) AS x
  JOIN enrolled AS n USING (e)
) TO '{target}/requirements/1.parquet' (FORMAT parquet)
"""

STANDINGS = """
COPY (
  SELECT n.enrolment, DATE '{as_of}' AS as_of, '{ladder}' AS ladder, w.name AS tier
  FROM (SELECT e, max(CASE WHEN met THEN tier END) AS tier FROM met_tiers GROUP BY e) AS t
  JOIN enrolled AS n USING (e)
  LEFT JOIN tiers AS w USING (tier)
) TO '{target}/standings/1.parquet' (FORMAT parquet)
"""


def prepare(data: Path, case: Case) -> tuple[duckdb.DuckDBPyConnection, Path, Case]:
    """Open a database."""
    return limited(), data, case


def run(ready: tuple[duckdb.DuckDBPyConnection, Path, Case], target: Path) -> None:
    """From the files to the files."""
    connection, data, case = ready
    fill_tables(connection, case)
    for name in ("requirements", "standings"):
        (target / name).mkdir(parents=True, exist_ok=True)
    for text in statements(data, case, target):
        connection.execute(text)


def statements(data: Path, case: Case, target: Path) -> Iterator[str]:
    """Every statement in order."""
    given = {"data": data, "target": target, "ladder": LADDER, "known_at": KNOWN_AT, **constants(case)}
    given |= {"matching": MATCHING, "lasting": LASTING.format(**given)}
    for text in (DAYS, *STATEMENTS.split(";"), REQUIREMENTS, STANDINGS):
        if text.strip():
            yield text.format(**given)


def fill_tables(connection: duckdb.DuckDBPyConnection, case: Case) -> None:
    """The rules, lines and groups as tables."""
    quantity = "DECIMAL(24, 8)"
    connection.execute(
        "CREATE TEMP TABLE rules (number INTEGER, form VARCHAR, points BOOLEAN, kind VARCHAR, s DATE, t DATE, "
        f"least_rating {quantity}, low {quantity}, high {quantity}, status VARCHAR, earn INTEGER, cap INTEGER, per VARCHAR);"
        f"CREATE TEMP TABLE leaves (leaf INTEGER, path VARCHAR, tier INTEGER, place INTEGER, number INTEGER, line {quantity});"
        "CREATE TEMP TABLE branches (path VARCHAR, tier INTEGER, place INTEGER, need INTEGER);"
        "CREATE TEMP TABLE halves (half INTEGER, number INTEGER, cap INTEGER);"
        "CREATE TEMP TABLE tiers (tier INTEGER, name VARCHAR)"
    )
    leaves = ((place, *row) for place, row in enumerate(leaf_rows(case)))
    tables = {
        "rules": rule_rows(case),
        "leaves": leaves,
        "branches": branch_rows(case),
        "halves": half_rows(case),
        "tiers": enumerate(TIERS),
    }
    for name, rows in tables.items():
        listed = [list(row) for row in rows]
        connection.executemany(f"INSERT INTO {name} VALUES ({', '.join('?' * len(listed[0]))})", listed)
