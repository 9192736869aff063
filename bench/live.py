"""How long one partner's page waits for a new standing: PostgreSQL, row-level security on, millions of facts behind it.

``./run bench live`` prints one table and writes docs/measured/live.json.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import psycopg

from swingby.engine.live import LiveEngine
from swingby.facts.postgres import row_level_security_statements, table_statements
from swingby.program import load
from swingby.web.server.embedded import open_database

ROOT = Path(__file__).resolve().parents[1]
OWNER = "harborline"
#: With fewer facts the figure says little and is not written down.
ENOUGH = 5_000_000
TODAY = date(2026, 3, 31)

ORGANIZATIONS = """
INSERT INTO ref_organizations (owner_org, partner_org, organization, country, region)
SELECT %(owner)s, 'p' || n, 'p' || n, 'x', (ARRAY['americas', 'emea', 'apac'])[1 + n %% 3]
FROM generate_series(1, %(partners)s) AS n
"""
ENROLMENTS = """
INSERT INTO ref_enrolments (owner_org, partner_org, enrolment, organization, joined_on)
SELECT %(owner)s, 'p' || n, 'e' || n, 'p' || n, DATE '2023-02-01' FROM generate_series(1, %(partners)s) AS n
"""
ACTIVITIES = """
INSERT INTO fact_activities (owner_org, partner_org, fact_id, position, source, happened_on, organization, kind, rating)
SELECT %(owner)s, 'p' || (n %% %(partners)s + 1), 'a' || n, 1 + n / 100000, 'bench',
       DATE '2023-02-01' + (n * 7919 %% 1150)::int, 'p' || (n %% %(partners)s + 1),
       (ARRAY['training_completed', 'plan_reviewed', 'campaign', 'pipeline_reviewed', 'talk', 'opportunity_sourced',
              'service_delivered', 'customer_active', 'customer_new', 'reference'])[1 + ((n + n / %(partners)s) %% 10)::int], 1 + n %% 5
FROM generate_series(%(first)s::bigint, %(last)s::bigint) AS n
"""
PEOPLE = """
INSERT INTO fact_employments (owner_org, partner_org, fact_id, position, source, starts_on, organization, person, role)
SELECT %(owner)s, 'p' || (n %% %(partners)s + 1), 'w' || n, 1, 'bench', DATE '2023-02-01', 'p' || (n %% %(partners)s + 1),
       'h' || n, 'engineering' FROM generate_series(1, %(partners)s * 15) AS n
"""
CREDENTIALS = """
INSERT INTO fact_credentials (owner_org, partner_org, fact_id, position, source, starts_on, ends_on, person, role, level)
SELECT %(owner)s, 'p' || (n %% %(partners)s + 1), 'c' || n, 1, 'bench', DATE '2025-02-01', DATE '2027-02-01', 'h' || n,
       'engineering', (ARRAY['fundamentals', 'intermediate', 'advanced'])[1 + n %% 3]
FROM generate_series(1, %(partners)s * 15) AS n
"""


def main(arguments: Sequence[str] | None = None) -> None:
    """Build the tables, fill them, time warm assessments, print and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--facts", type=int, default=5_000_000)
    parser.add_argument("--partners", type=int, default=10_000)
    parser.add_argument("--repeats", type=int, default=300)
    parser.add_argument("--data", type=Path)
    options = parser.parse_args(arguments)
    data = options.data or Path(tempfile.mkdtemp(prefix="swingby-live-"))
    with open_database(data) as database:
        fill(database.url("owner"), facts=options.facts, partners=options.partners)
        seconds = timings(database.url("app"), partners=options.partners, repeats=options.repeats)
    report(seconds, facts=options.facts, partners=options.partners)


def fill(address: str, *, facts: int, partners: int) -> None:
    """Make tables with row-level security and fill them in chunks, as the owner of the program."""
    with psycopg.connect(address, autocommit=True) as connection:
        if connection.execute("SELECT to_regclass('fact_activities')").fetchone() != (None,):
            return
        for text in (*table_statements(), *row_level_security_statements()):
            connection.execute(text)  # type: ignore[arg-type]
        connection.execute("GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA public TO swingby_app")
        given: dict[str, Any] = {"owner": OWNER, "partners": partners}
        for text in (ORGANIZATIONS, ENROLMENTS, PEOPLE, CREDENTIALS):
            _as_owner(connection, text, given)
        step = 500_000
        for first in range(1, facts + 1, step):
            _as_owner(connection, ACTIVITIES, given | {"first": first, "last": min(first + step - 1, facts)})
            print(f"\r{min(first + step - 1, facts):,} facts", end="", flush=True)
        print()
        connection.execute("VACUUM ANALYZE")


def _as_owner(connection: psycopg.Connection[Any], text: str, given: dict[str, Any]) -> None:
    with connection.transaction():
        _act_for(connection)
        connection.execute(text, given)  # type: ignore[arg-type]


def _act_for(connection: psycopg.Connection[Any]) -> None:
    connection.execute("SELECT set_config('swingby.owner_orgs', %s, true)", ["{" + OWNER + "}"])


def timings(address: str, *, partners: int, repeats: int) -> list[float]:
    """Seconds of warm assessments of many different partners, one transaction each."""
    program = load(ROOT / "examples/harborline/program").program
    assert program is not None
    engine = LiveEngine(program)
    found: list[float] = []
    with psycopg.connect(address) as connection:
        for turn in range(-20, repeats):
            number = (turn * 37) % partners + 1
            started = time.perf_counter()
            with connection.transaction():
                _act_for(connection)
                standing = engine.assess(
                    connection,
                    owner_org=OWNER,
                    enrolment=f"e{number}",
                    organizations=[f"p{number}"],
                    as_of=TODAY,
                    known_at=10**9,
                    held={"level": "select"},
                )
            assert standing is not None
            assert standing.numbers["total"].value
            if turn >= 0:
                found.append(time.perf_counter() - started)
    return found


def report(seconds: Sequence[float], *, facts: int, partners: int) -> None:
    """Print the table and write it where the docs take their figures from."""
    ordered = sorted(1000 * item for item in seconds)
    result = {
        "facts": facts,
        "partners": partners,
        "assessments": len(ordered),
        "median_ms": round(statistics.median(ordered), 1),
        "p95_ms": round(ordered[int(len(ordered) * 0.95) - 1], 1),
        "commit": subprocess.run(
            ["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, cwd=ROOT, check=False
        ).stdout.strip(),
        "date": datetime.now(UTC).date().isoformat(),
    }
    for key, value in result.items():
        print(f"{key:>14}  {value:,}" if isinstance(value, int | float) else f"{key:>14}  {value}")
    if facts < ENOUGH:
        print("Too few facts for a figure in the docs: nothing was written.")
        return
    target = ROOT / "docs/measured/live.json"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(result, indent=2) + "\n")


if __name__ == "__main__":
    main()
