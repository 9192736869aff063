"""What is found on a host after it was hurt, in words; nothing where all is as it should be."""

from __future__ import annotations

import time
from collections.abc import Iterator

from tests.web.server.asking import CUSTOMERS, SOURCE, Acknowledged
from tests.web.server.host import Host

#: How long the worker may take to finish all that waits.
FINISH_SECONDS = 180.0
_OPEN_JOBS = """
SELECT task_name, status, attempts FROM procrastinate_jobs
WHERE status IN ('todo', 'doing') AND (scheduled_at IS NULL OR scheduled_at <= now() OR attempts > 0)
"""


def wait_for_jobs(host: Host) -> None:
    """Wait until nothing waits that is due."""
    until = time.monotonic() + FINISH_SECONDS
    while left := host.rows(_OPEN_JOBS):
        host.bring_back()
        assert time.monotonic() < until, left
        time.sleep(0.3)


def findings(host: Host, done: Acknowledged) -> list[str]:
    """Everything that is lost, doubled, unfinished, or otherwise than the ledger says."""
    return [
        *done.problems,
        *_lost(host, done),
        *_doubled(host),
        *_registered(host, done),
        *_unfinished(host),
        *_otherwise(host),
    ]


def _lost(host: Host, done: Acknowledged) -> Iterator[str]:
    """What was acknowledged and is not there."""
    standing = _keys(
        host,
        "SELECT split_part(fact_id, '~', 1) FROM fact_activities WHERE source = %s AND reversed_position IS NULL",
        SOURCE,
    )
    accepted = _keys(
        host,
        "SELECT r.id FROM activity_reports r JOIN fact_activities f ON f.fact_id = r.fact_id"
        " WHERE r.state = 'accepted' AND f.reversed_position IS NULL",
    )
    yield from (f"fact {key} is lost" for key in sorted(done.facts - standing))
    yield from (f"report {key} is lost" for key in done.reports - _keys(host, "SELECT id FROM activity_reports"))
    yield from (f"accepted report {key} has no fact" for key in done.accepted - accepted)
    loaded = _keys(host, "SELECT id FROM uploads WHERE state = 'loaded'")
    yield from (f"file {key} is not loaded" for key in done.files - loaded)
    yield from (f"dispute {key} is lost" for key in done.disputes - _keys(host, "SELECT id FROM disputes"))
    answered = _keys(host, "SELECT id FROM disputes WHERE state = 'declined'")
    yield from (f"the answer to {key} is lost" for key in done.answered - answered)
    states = {str(key): str(state) for key, state in host.rows("SELECT id, state FROM review_lines")}
    yield from (f"line {key} is {states[key]}" for key, state in done.decided.items() if states[key] != state)
    yield from (f"the appeal {key} is lost" for key in done.appeals - _keys(host, "SELECT line FROM appeals"))


def _doubled(host: Host) -> Iterator[str]:
    """What counts more than once: each activity of these tests has a quantity of its own."""
    rows = host.rows(
        "SELECT quantity::bigint, string_agg(fact_id, ', ' ORDER BY fact_id) FROM fact_activities"
        " WHERE quantity IS NOT NULL AND reversed_position IS NULL GROUP BY quantity HAVING count(*) > 1"
    )
    yield from (f"activity {number} counts more than once: {keys}" for number, keys in rows)
    settled = host.rows(
        "SELECT fact_id FROM fact_decisions WHERE reversed_position IS NULL GROUP BY fact_id, owner_org"
        " HAVING count(*) > 1"
    )
    yield from (f"decision {key} counts more than once" for (key,) in settled)


_REGISTERED = """
SELECT r.customer, r.state, (SELECT count(*) FROM deal_progress AS p WHERE p.registration = r.id),
       (SELECT count(*) FROM audit_entries AS a WHERE a.subject = r.id AND a.action = 'registration.send'),
       (SELECT count(*) FROM audit_entries AS a WHERE a.subject = r.id AND a.action = 'registration.approve'),
       (SELECT count(*) FROM notifications AS n WHERE position('/' || r.id || '/' IN n.path) > 0),
       (SELECT count(*) FROM fact_deals AS d WHERE d.deal = r.deal AND d.reversed_position IS NULL),
       (SELECT count(*) FROM fact_deal_parties AS d WHERE d.deal = r.deal AND d.reversed_position IS NULL)
FROM deal_registrations AS r WHERE starts_with(r.customer, %s) ORDER BY 1
"""
#: State of a registration -> what stands beside it: progress, both acts, facts of the deal and of its party.
_WHOLE = {"waiting": (1, 1, 0, 0, 0), "approved": (1, 1, 1, 1, 1)}


def _registered(host: Host, done: Acknowledged) -> Iterator[str]:
    """Registrations that are lost, there twice, or half done."""
    states: dict[str, list[str]] = {}
    for customer, state, *beside, told, deals, parties in host.rows(_REGISTERED, CUSTOMERS):
        states.setdefault(str(customer), []).append(str(state))
        found = (*beside, deals, parties)
        if found != _WHOLE.get(str(state)):
            yield f"the registration of {customer} is {state} with {found} beside it"
        if not told:
            yield f"nobody was told of the registration of {customer}"
    yield from (f"{customer} is registered {len(each)} times" for customer, each in states.items() if len(each) > 1)
    yield from (f"the registration of {customer} is lost" for customer in sorted(done.customers - states.keys()))
    approved = {customer for customer, each in states.items() if each == ["approved"]}
    yield from (f"the approval of {customer} is lost" for customer in sorted(done.approved - approved))


def _unfinished(host: Host) -> Iterator[str]:
    yield from (f"job {name} was given up" for (name,) in host.rows(
        "SELECT task_name FROM procrastinate_jobs WHERE status = 'failed'"
    ))  # fmt: skip
    for owner, count, last in host.rows("SELECT owner_org, count(*), max(position) FROM ref_positions GROUP BY 1"):
        if count != last:
            yield f"{owner} has {count} positions up to {last}"
    for key, table, rows, told in host.rows(
        "SELECT upload, table_name, rows, new + changed + same + wrong + repeated + withdrawn + waiting"
        " FROM upload_tables"
    ):
        if rows != told:
            yield f"of {rows} rows of {table} in {key} only {told} are told"


def _otherwise(host: Host) -> Iterator[str]:
    """A whole night afterwards: every standing as the columnar copy gives it, and nothing to be mended there."""
    with_night = "SELECT count(*) FROM nightly_runs WHERE owner_org = 'harbor' AND finished_at IS NOT NULL"
    host.defer("run_night", owner="harbor")
    wait_for_jobs(host)
    if host.rows(with_night) == [(0,)]:
        yield "no night was finished"
    for key, said in host.rows(
        "SELECT enrolment, differences FROM disagreements WHERE owner_org = 'harbor' AND settled_on IS NULL"
    ):
        yield f"the standing of {key} is otherwise: {said}"
    for said, waiting, failures in host.rows(
        "SELECT compared, waiting, failures FROM nightly_runs WHERE owner_org = 'harbor' AND day = '2026-03-31'"
    ):
        if waiting or failures or not said:
            yield f"the night compared {said}, left out {waiting}, and says {failures}"


def _keys(host: Host, query: str, *values: object) -> set[str]:
    return {str(row[0]) for row in host.rows(query, *values)}
