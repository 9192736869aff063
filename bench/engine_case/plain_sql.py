"""The hand-written statements for PostgreSQL and Spark: the same shape as in DuckDB, in words that both know."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from bench.engine_case.rules import KNOWN_AT, LADDER, TIERS, Case
from bench.engine_case.tables import branch_rows, constants, half_rows, leaf_rows, rule_rows

_MATCHING = """
r.kind = f.kind AND f.happened_on >= r.s AND f.happened_on < r.t AND f.rating >= r.least_rating
AND f.quantity >= r.low AND f.quantity <= r.high AND (r.status = '' OR r.status = f.status)
"""
_LASTING = "(f.cancelled_on IS NULL OR f.cancelled_on > DATE '{as_of}')"

#: Relations in order; each may read those before it.
RELATIONS = {
    "enrolled": """
        SELECT CAST(row_number() OVER (ORDER BY enrolment) AS INT) AS e, enrolment, organization
        FROM enrolments WHERE joined_on <= DATE '{as_of}' AND (ended_on IS NULL OR ended_on > DATE '{as_of}')
    """,
    "known": """
        SELECT f.kind, f.happened_on, f.cancelled_on, f.person, f.quantity, f.rating, f.status, n.e
        FROM activities AS f JOIN enrolled AS n ON n.organization = f.organization
        WHERE f.position <= {known_at} AND (f.reversed_position IS NULL OR f.reversed_position > {known_at})
          AND f.happened_on >= DATE '{first}' AND f.happened_on < DATE '{end}'
    """,
    "own_numbers": """
        SELECT r.number, f.e, CAST(count(*) AS DECIMAL(24, 8)) AS value
        FROM known AS f JOIN rules AS r ON {matching} AND {lasting} WHERE r.form = 'count' GROUP BY r.number, f.e
        UNION ALL
        SELECT r.number, f.e, CAST(sum(f.quantity) AS DECIMAL(24, 8))
        FROM known AS f JOIN rules AS r ON {matching} AND {lasting} WHERE r.form = 'sum' GROUP BY r.number, f.e
        UNION ALL
        SELECT number, e, CAST(count(*) AS DECIMAL(24, 8))
        FROM (SELECT DISTINCT r.number, f.e, f.person
              FROM known AS f JOIN rules AS r ON {matching} AND {lasting} WHERE r.form = 'person') AS u
        GROUP BY number, e
        UNION ALL
        SELECT number, e, CAST(sum(least(n * earn, cap)) AS DECIMAL(24, 8))
        FROM (SELECT r.number, f.e, r.earn, r.cap, CASE r.per WHEN 'month' THEN d.month ELSE d.quarter END AS bucket,
                     count(*) AS n
              FROM known AS f JOIN rules AS r ON {matching} JOIN days AS d ON d.day = f.happened_on
              WHERE r.form = 'points'
              GROUP BY r.number, f.e, r.earn, r.cap, CASE r.per WHEN 'month' THEN d.month ELSE d.quarter END) AS u
        GROUP BY number, e
    """,
    "numbers": """
        SELECT number, e, value FROM own_numbers
        UNION ALL
        SELECT {total}, e, least(sum(value), {total_cap})
        FROM (SELECT h.half, v.e, least(sum(v.value), max(h.cap)) AS value
              FROM own_numbers AS v JOIN halves AS h ON h.number = v.number GROUP BY h.half, v.e) AS u
        GROUP BY e
    """,
    "answers": """
        SELECT n.e, l.leaf, l.tier, l.place, l.path, l.line, coalesce(v.value, 0) AS value,
               CASE WHEN coalesce(v.value, 0) >= l.line THEN 1 ELSE 0 END AS met
        FROM leaves AS l CROSS JOIN enrolled AS n LEFT JOIN numbers AS v ON v.number = l.number AND v.e = n.e
    """,
    "met_groups": """
        SELECT a.e, a.tier, a.place, CASE WHEN sum(a.met) >= coalesce(max(b.need), 1) THEN 1 ELSE 0 END AS met
        FROM answers AS a LEFT JOIN branches AS b ON b.tier = a.tier AND b.place = a.place
        GROUP BY a.e, a.tier, a.place
    """,
    "met_tiers": "SELECT e, tier, min(met) AS met FROM met_groups GROUP BY e, tier",
}
REQUIREMENTS = """
SELECT n.enrolment, DATE '{as_of}' AS as_of, '{ladder}' AS ladder, x.path, x.value, x.line, x.gap,
       CASE x.met WHEN 1 THEN 'met' ELSE 'unmet' END AS result
FROM (SELECT e, path, value, line, greatest(line - value, 0) AS gap, met FROM answers
      UNION ALL
      SELECT g.e, b.path, NULL, NULL, NULL, g.met FROM met_groups AS g
      JOIN branches AS b ON b.tier = g.tier AND b.place = g.place
      UNION ALL
      SELECT t.e, w.name, NULL, NULL, NULL, t.met FROM met_tiers AS t JOIN tiers AS w ON w.tier = t.tier) AS x
JOIN enrolled AS n ON n.e = x.e
"""
STANDINGS = """
SELECT n.enrolment, DATE '{as_of}' AS as_of, '{ladder}' AS ladder, w.name AS tier
FROM (SELECT e, max(CASE WHEN met = 1 THEN tier END) AS tier FROM met_tiers GROUP BY e) AS t
JOIN enrolled AS n ON n.e = t.e LEFT JOIN tiers AS w ON w.tier = t.tier
"""

#: The small tables with the types of their columns.
TABLES = {
    "rules": (
        "number INT, form TEXT, points BOOLEAN, kind TEXT, s DATE, t DATE, least_rating INT, low INT, high INT, "
        "status TEXT, earn INT, cap INT, per TEXT"
    ),
    "leaves": "leaf INT, path TEXT, tier INT, place INT, number INT, line INT",
    "branches": "path TEXT, tier INT, place INT, need INT",
    "halves": "half INT, number INT, cap INT",
    "tiers": "tier INT, name TEXT",
    "days": "day DATE, month INT, quarter INT",
}


def filled(text: str, case: Case) -> str:
    """A statement with the values of a case."""
    given = {"known_at": KNOWN_AT, "ladder": LADDER, **constants(case)}
    return text.format(**given, matching=_MATCHING, lasting=_LASTING.format(**given))


def rows_of(name: str, case: Case) -> list[tuple[object, ...]]:
    """The rows of a small table."""
    match name:
        case "rules":
            return list(rule_rows(case))
        case "leaves":
            return [(place, *row) for place, row in enumerate(leaf_rows(case))]
        case "branches":
            return list(branch_rows(case))
        case "halves":
            return list(half_rows(case))
        case "tiers":
            return list(enumerate(TIERS))
    return list(_days(case))


def _days(case: Case) -> Iterator[tuple[date, int, int]]:
    """The month and the fiscal quarter of each day."""
    first = min(rule.window.start for rule in case.rules)
    end = max(rule.window.end for rule in case.rules)
    for offset in range((end - first).days):
        day = first + timedelta(days=offset)
        month = day.year * 12 + day.month
        yield day, month, (month - 2) // 3
