"""The statements that turn facts into partners by months. Names in braces are checked; everything else is bound."""

from __future__ import annotations

#: Who is looked at: organizations that were enrolled at some time in the window.
PARTNERS = """
CREATE OR REPLACE TEMP TABLE evidence_partners AS
SELECT CAST(row_number() OVER (ORDER BY n.organization) - 1 AS INTEGER) AS p, n.organization, n.joined_on, n.ended_on, o.region
FROM (
  SELECT organization, CASE WHEN count(*) = count(joined_on) THEN min(joined_on) END AS joined_on,
         CASE WHEN count(*) = count(ended_on) THEN max(ended_on) END AS ended_on
  FROM ref_enrolments GROUP BY organization
) AS n
LEFT JOIN ref_organizations AS o ON o.organization = n.organization
WHERE (n.joined_on IS NULL OR n.joined_on < $until) AND (n.ended_on IS NULL OR n.ended_on > $since)
"""

#: Whose facts count for whom, by the program's roll-up.
REACH = {
    "own": "CREATE OR REPLACE TEMP TABLE evidence_reach AS SELECT organization, p FROM evidence_partners",
    "nearest": """
CREATE OR REPLACE TEMP TABLE evidence_reach AS
WITH RECURSIVE below AS (
  SELECT organization, p FROM evidence_partners
  UNION
  SELECT o.organization, b.p FROM ref_organizations AS o JOIN below AS b ON o.parent = b.organization
  WHERE o.organization NOT IN (SELECT organization FROM ref_enrolments)
) SELECT * FROM below
""",
    "tree": """
CREATE OR REPLACE TEMP TABLE evidence_reach AS
WITH RECURSIVE below AS (
  SELECT organization, p FROM evidence_partners
  UNION
  SELECT o.organization, b.p FROM ref_organizations AS o JOIN below AS b ON o.parent = b.organization
) SELECT * FROM below
""",
}

KNOWN = "({alias}.position <= $known AND ({alias}.reversed_position IS NULL OR {alias}.reversed_position > $known))"

#: Which parts in a deal count; with no word every part does.
PART = "($every_part OR list_contains($parts, l.role))"

#: The first day of an act that is the partner's own.
OWN_ACT = """
SELECT r.p, min(f.{day}) AS began FROM fact_{kind} AS f JOIN evidence_reach AS r ON r.organization = f.organization
WHERE {known} AND {holds} AND {where} GROUP BY r.p
"""

#: The first day of an act that reaches a partner through a link: its day, or the link's if that is later.
LINKED_ACT = """
SELECT r.p, min(greatest(f.{day}, l.starts_on)) AS began
FROM fact_{kind} AS f
JOIN fact_{link} AS l ON l.{owner} = f.{owner}
JOIN evidence_reach AS r ON r.organization = l.organization
WHERE {known} AND {link_known} AND {holds} AND {together} AND {where} GROUP BY r.p
"""

#: An event that was cancelled never began anything; a state that ended before it began neither.
HOLDS = {
    "event": "f.cancelled_on IS NULL",
    "state": "(f.ends_on IS NULL OR f.ends_on > f.starts_on)",
}
TOGETHER = {
    "event": "f.happened_on >= l.starts_on AND (l.ends_on IS NULL OR f.happened_on < l.ends_on)",
    "state": "greatest(f.starts_on, l.starts_on) < least(coalesce(f.ends_on, DATE '9999-12-31'), coalesce(l.ends_on, DATE '9999-12-31'))",
}

#: How a deal ended, once: by its last row, in the program's currency. A slice of the deals at a time, so that millions fit;
#: the costly search for the last row only for deals with several.
ENDED = """
CREATE OR REPLACE TEMP TABLE evidence_ended AS
WITH rows AS (
  SELECT d.deal, d.stage = $won AS won, d.happened_on AS day, d.amount, d.position, d.fact_id,
         CASE WHEN d.currency <> $currency THEN d.currency END AS other
  FROM fact_deals AS d
  WHERE {known} AND d.cancelled_on IS NULL AND d.stage IN ($won, $lost) AND hash(d.deal) % CAST($slices AS UBIGINT) = CAST($slice AS UBIGINT)
), once AS (
  SELECT deal, count(*) AS number, any_value(won) AS won, any_value(day) AS day, any_value(amount) AS amount,
         any_value(other) AS other
  FROM rows GROUP BY deal
), several AS (
  SELECT r.deal, max_by({{'won': r.won, 'day': r.day, 'amount': r.amount, 'other': r.other}}, (r.day, r.position, r.fact_id)) AS row
  FROM rows AS r JOIN once AS o ON o.deal = r.deal AND o.number > 1 GROUP BY r.deal
), last AS (
  SELECT deal, won, day, amount, other FROM once WHERE number = 1
  UNION ALL
  SELECT deal, row.won, row.day, row.amount, row.other FROM several
), plain AS (SELECT * FROM last WHERE day >= $since AND day < $until)
SELECT deal, won, day, CAST(amount AS DOUBLE) AS amount FROM plain WHERE other IS NULL
UNION ALL
SELECT e.deal, e.won, e.day, CAST(e.amount * x.rate AS DOUBLE)
FROM (SELECT * FROM plain WHERE other IS NOT NULL) AS e
ASOF LEFT JOIN ref_exchange_rates AS x ON x.currency = e.other AND e.day >= x.valued_on
"""

#: Partners by months: deals won and lost, money, the sum of logs and how many deals it has. Sums are of decimals, whose
#: order does not matter, so that the same facts give the same figures.
MONTHS = """
SELECT c.p, CAST(datediff('month', $since, c.day) AS INTEGER) AS month,
       count(*) FILTER (c.won) AS won, count(*) FILTER (NOT c.won) AS lost,
       CAST(coalesce(sum(CAST(c.amount * c.share AS DECIMAL(30, 6))) FILTER (c.won), 0) AS DOUBLE) AS money,
       CAST(coalesce(sum(CAST(ln(c.amount) AS DECIMAL(18, 12))) FILTER (c.won AND c.amount > 0), 0) AS DOUBLE) AS logs,
       count(*) FILTER (c.won AND c.amount > 0) AS sized
FROM (
  SELECT r.p, e.deal, any_value(e.won) AS won, any_value(e.day) AS day, any_value(e.amount) AS amount,
         max(CAST(coalesce(l.share, 1) AS DOUBLE)) AS share
  FROM evidence_ended AS e
  JOIN fact_deal_parties AS l ON l.deal = e.deal AND e.day >= l.starts_on AND (l.ends_on IS NULL OR e.day < l.ends_on)
  JOIN evidence_reach AS r ON r.organization = l.organization
  WHERE {known} AND {part} AND hash(l.deal) % CAST($slices AS UBIGINT) = CAST($slice AS UBIGINT) GROUP BY r.p, e.deal
) AS c GROUP BY ALL
"""

#: Whether most acts fall on the very first day that their source knows: the day of an import, not of the act.
FIRST_DAY = "SELECT min(f.{day}) FROM fact_{kind} AS f WHERE {known}"

#: How a partner's first lot fell, and on which day.
LOT = """
SELECT r.p, min(f.{day}) AS day, min_by(list_contains($invited, f."{column}"), f.{day}) AS invited
FROM fact_{kind} AS f JOIN evidence_reach AS r ON r.organization = f.organization
WHERE {known} AND {holds} AND {where} AND list_contains($either, f."{column}") GROUP BY r.p
"""


def parts_bound(parts: tuple[str, ...]) -> dict[str, object]:
    """What `PART` is bound to."""
    return {"every_part": not parts, "parts": list(parts) or [""]}


#: Deals in a slice, at most about.
SLICE = 4_000_000
SLICES = f"SELECT 1 + count(*) // {SLICE} FROM fact_deals"
