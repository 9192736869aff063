"""What one would write by hand in DuckDB to win: rules as rows, whole numbers for partners and paths, one dense join."""

from __future__ import annotations

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

CREATE TEMP VIEW known AS
SELECT f.*, CAST(f.quantity AS DECIMAL(18, 8)) AS amount, CAST(f.rating AS DECIMAL(18, 8)) AS stars, n.e
FROM read_parquet('{data}/activities.parquet') AS f JOIN enrolled AS n USING (organization)
WHERE f.position <= {known_at} AND (f.reversed_position IS NULL OR f.reversed_position > {known_at})
  AND f.happened_on >= DATE '{first}' AND f.happened_on < DATE '{end}';

CREATE TEMP TABLE sums AS
SELECT r.number, f.e,
       CASE WHEN NOT r.points THEN 0 WHEN r.per = 'month' THEN year(f.happened_on) * 12 + month(f.happened_on)
            ELSE (year(f.happened_on) * 12 + month(f.happened_on) - 2) // 3 END AS bucket,
       count(*) AS n, sum(CASE WHEN r.form = 'sum' THEN f.amount END) AS amount
FROM known AS f
JOIN rules AS r ON r.kind = f.kind AND f.happened_on >= r.s AND f.happened_on < r.t AND f.stars >= r.least_rating
 AND f.amount >= r.low AND f.amount <= r.high AND (r.status = '' OR r.status = f.status)
 AND (r.points OR f.cancelled_on IS NULL OR f.cancelled_on > DATE '{as_of}')
WHERE r.form <> 'person'
GROUP BY ALL;

CREATE TEMP TABLE numbers AS
SELECT number, e, CAST(sum(CASE form WHEN 'count' THEN n WHEN 'sum' THEN amount ELSE least(n * earn, cap) END)
                       AS DECIMAL(18, 8)) AS value
FROM sums JOIN (SELECT DISTINCT number, form, earn, cap FROM rules) USING (number)
GROUP BY number, e
UNION ALL
SELECT number, e, count(*) AS value
FROM (
  SELECT r.number, f.e, f.person
  FROM known AS f
  JOIN rules AS r ON r.kind = f.kind AND f.happened_on >= r.s AND f.happened_on < r.t AND f.stars >= r.least_rating
   AND (f.cancelled_on IS NULL OR f.cancelled_on > DATE '{as_of}')
  WHERE r.form = 'person'
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
    given = {"data": data, "target": target, "ladder": LADDER, "known_at": KNOWN_AT, **constants(case)}
    for text in (*STATEMENTS.split(";"), REQUIREMENTS, STANDINGS):
        if text.strip():
            connection.execute(text.format(**given))


def fill_tables(connection: duckdb.DuckDBPyConnection, case: Case) -> None:
    """The rules, lines and groups as tables."""
    quantity = "DECIMAL(18, 8)"
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
