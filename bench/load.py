"""The application under an open load: facts sent and pages read at fixed rates, whether or not the last ones are answered.

``./run bench load --minutes 5`` fills a database with partners and facts, starts web server and worker, loads them, and writes docs/measured/load.json. Shorter or smaller runs are printed only.

Partners stand at all tiers, and a fact in ten comes to a partner that has earned nothing so far: its tier moves, and its people are told. How many tiers moved is printed.

Facts come at random moments. As systems that have many to send do, the sender keeps what came within a fifth of a second and sends it as one batch; each fact is timed from its own moment, the waiting included. ``--collect 0`` sends each by itself.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import random
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import psycopg

from bench.live import ACTIVITIES
from tests.permissions.presenting import token_of
from tests.web.made_databases import open_copy
from tests.web.server.asking import Visitor
from tests.web.server.harness import free_port
from tests.web.server.host import Host
from tests.web.site import SITE, environment
from tools.measured import record

OWNER, PROGRAM = "harbor", "harbor-program"
ENOUGH = {"minutes": 5.0, "partners": 10_000, "facts": 5_000_000}
THREADS = 64
PAGES = (
    "/console/harbor/",
    "/console/harbor/?page=2",
    "/console/harbor/week/",
    "/console/harbor/reports/",
    "/console/harbor/operations/",
    "/console/harbor/partners/many-{number}/",
)
PATIENCE = 30.0
BARE = "bench.bare_view:application"


@dataclass(slots=True)
class Seen:
    """What the client measured, in seconds from the moment at which a request was due."""

    facts: list[float] = field(default_factory=list)
    visible: list[float] = field(default_factory=list)
    pages: dict[str, list[float]] = field(default_factory=dict)
    sizes: dict[str, int] = field(default_factory=dict)
    lags: list[float] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    looked: float = 0.0

    def turn(self) -> bool:
        """Whether a second has passed since a standing was looked for: looking is a load of its own."""
        now = time.monotonic()
        is_due = now - self.looked >= 1.0
        self.looked = now if is_due else self.looked
        return is_due


def main(arguments: Sequence[str] | None = None) -> None:
    """Fill, start, load, print, and write what is large enough."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=5.0)
    parser.add_argument("--facts-per-second", type=float, default=50.0)
    parser.add_argument("--pages-per-second", type=float, default=10.0)
    parser.add_argument("--collect", type=float, default=0.2, help="seconds for which the sender collects facts")
    parser.add_argument("--partners", type=int, default=10_000)
    parser.add_argument("--facts", type=int, default=5_000_000)
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="swingby-load-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        host = Host(Path(folder) / "data", open_copy(SITE, Path(folder) / "data"))
        host.settings |= {"SWINGBY_WEB_WORKERS": "2", "SWINGBY_WEB_THREADS": "6"}
        try:
            figures = measure(host, options)
        finally:
            host.stop()
    report(figures, options)


def measure(host: Host, options: argparse.Namespace) -> dict[str, Any]:
    """Everything in one run: how many statements pages take, the load, and a bare view beside it."""
    few = statements(host)
    fill(host, partners=options.partners, facts=options.facts)
    settle(host)
    many = statements(host)
    host.start("web")
    host.wait_for_answer()
    ((newest,),) = host.rows("SELECT max(id) FROM standings")
    seen = load(host, options)
    ((moved,),) = host.rows(_MOVED, newest)
    requests, bare = throughput(host.address, "/health/"), bare_throughput(host)
    return {
        "partners": options.partners,
        "facts before": options.facts,
        "minutes": options.minutes,
        "asked for each second": {"facts": options.facts_per_second, "pages": options.pages_per_second},
        "collected for seconds": options.collect,
        "load of the machine at the end": round(os.getloadavg()[0], 1),
        "facts sent": summary(seen.facts),
        "standing visible": summary(seen.visible),
        "pages": summary([each for listed in seen.pages.values() for each in listed]),
        "each page": {path: summary(listed) for path, listed in sorted(seen.pages.items())},
        "kilobytes": {path: round(size / 1000, 1) for path, size in sorted(seen.sizes.items())},
        "tiers moved": moved,
        "queue lag in seconds": {"maximum": max(seen.lags, default=0), "at the end": seen.lags[-1] if seen.lags else 0},
        "statements": {path: [few[path], many[path]] for path in sorted(few)},
        "requests a second": {"health": requests, "bare view": bare},
        "failures": len(seen.failures),
        "first failures": seen.failures[:5],
    }


# --- filling ---------------------------------------------------------------------------------------------------------

_PARTNERS = """
from django.db import transaction
from tests.web.many import add_partners, add_people
with transaction.atomic():
    add_partners({count}, first={first})
    add_people({count}, first={first})
"""
_REFERENCES = (
    (
        b"INSERT INTO ref_organizations (owner_org, partner_org, organization, name, country, region)"
        b" SELECT %(owner)s, 'many-' || n, 'many-' || n, 'Many ' || n, '', '' FROM generate_series(0, %(partners)s - 1) AS n"
    ),
    (
        b"INSERT INTO ref_enrolments (owner_org, partner_org, enrolment, organization, joined_on)"
        b" SELECT %(owner)s, 'many-' || n, 'many-' || n, 'many-' || n, DATE '2025-03-01'"
        b" FROM generate_series(0, %(partners)s - 1) AS n"
    ),
)
_STATEMENTS = """
import json, sys
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.web.acting import signed_in
client, found = signed_in("manager"), {{}}
for path in {paths!r}:
    client.get(path)
    with CaptureQueriesContext(connection) as caught:
        assert client.get(path).status_code == 200, path
    found[path] = len(caught)
sys.stdout.write(json.dumps(found))
"""


def _django(host: Host, text: str) -> str:
    """What a piece of Python says inside the application."""
    prepared = (
        f"import django; django.setup()\nfrom django.conf import settings; settings.ALLOWED_HOSTS = ['*']\n{text}"
    )
    env = {**environment(host.database, "app"), **host.settings}
    said = subprocess.run([sys.executable, "-c", prepared], env=env, check=True, capture_output=True, text=True)
    return said.stdout


def statements(host: Host) -> dict[str, int]:
    """How many statements each page takes."""
    paths = [path for path in PAGES if "{" not in path and "?" not in path]
    found: dict[str, int] = json.loads(_django(host, _STATEMENTS.format(paths=paths)))
    return found


def fill(host: Host, *, partners: int, facts: int) -> None:
    """Partners with a row of the portfolio each, and facts about them."""
    for first in range(0, partners, 2_000):
        _django(host, _PARTNERS.format(count=min(2_000, partners - first), first=first))
    with psycopg.connect(host.database.url("app")) as connection:
        connection.execute("SELECT set_config('swingby.owner_orgs', %s, true)", ["{" + OWNER + "}"])
        for text in _REFERENCES:
            connection.execute(text, {"owner": OWNER, "partners": partners})
    query = ACTIVITIES.replace("'p' || (n %% %(partners)s + 1)", "'many-' || (n %% %(partners)s)") + _EARNED
    with psycopg.connect(host.database.url("app"), autocommit=True) as connection:
        for first in range(1, facts + 1, 250_000):
            with connection.transaction():
                connection.execute("SELECT set_config('swingby.owner_orgs', %s, true)", ["{" + OWNER + "}"])
                given = {"owner": OWNER, "partners": partners, "first": first, "last": min(first + 249_999, facts)}
                connection.execute(query.replace("1 + n / 100000", "1").encode(), given)
            print(f"\r{given['last']:,} facts", end="", flush=True)
    print()
    with psycopg.connect(host.database.url("owner"), autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")


#: One partner in ten has done nothing yet that earns points.
_EARNED = "WHERE n %% 10 <> 0 OR (n + n / %(partners)s) %% 10 > 1\n"
_UNSETTLED = """
SELECT count(*) FROM procrastinate_jobs
WHERE status IN ('todo', 'doing') AND (scheduled_at IS NULL OR scheduled_at <= now())
"""


def settle(host: Host) -> None:
    """Let the first night run, as in every installation that is older than a day: everybody has a standing."""
    host.start("worker")
    host.defer("run_night", owner=OWNER)
    began = time.monotonic()
    while host.rows(_UNSETTLED)[0][0]:
        print(f"\rthe first night: {time.monotonic() - began:.0f} s", end="", flush=True)
        time.sleep(1)
    print()


# --- loading ---------------------------------------------------------------------------------------------------------


def load(host: Host, options: argparse.Namespace) -> Seen:
    """Send and read at the rates that are asked for, at random moments, whatever is still open."""
    seen, dice, seconds = Seen(), random.Random(1), options.minutes * 60
    visitor = Visitor(host, "manager")
    visitor.sign_in()
    due = schedule(dice, options, seconds)
    ended = threading.Event()
    watcher = threading.Thread(target=_watch, args=(host, seen, ended), daemon=True)
    watcher.start()
    begun = time.monotonic()
    with ThreadPoolExecutor(THREADS) as pool:
        for number, (at, facts) in enumerate(due):
            time.sleep(max(0.0, begun + at - time.monotonic()))
            act = (
                partial(_send, host, seen, number, [(begun + each, dice.randrange(options.partners)) for each in facts])
                if facts
                else partial(_read, visitor, seen, begun + at, (number, dice.randrange(options.partners)))
            )
            pool.submit(_guarded, act, seen)
    ended.set()
    watcher.join()
    return seen


def schedule(dice: random.Random, options: argparse.Namespace, seconds: float) -> list[tuple[float, list[float]]]:
    """When requests are due, each with the moments of the facts that it sends; none for a page."""
    batches: dict[float, list[float]] = {}
    for at in moments(dice, options.facts_per_second, seconds):
        sent = math.ceil(at / options.collect) * options.collect if options.collect else at
        batches.setdefault(sent, []).append(at)
    pages = [(at, list[float]()) for at in moments(dice, options.pages_per_second, seconds)]
    return sorted([*batches.items(), *pages])


def moments(dice: random.Random, rate: float, seconds: float) -> list[float]:
    """When requests are due: at random, so many a second on average."""
    found, at = [], 0.0
    while rate and (at := at - math.log(1 - dice.random()) / rate) < seconds:
        found.append(at)
    return found


def _guarded(act: Callable[[], None], seen: Seen) -> None:
    try:
        act()
    except Exception as error:  # noqa: BLE001 - counted
        seen.failures.append(repr(error)[:300])


def _send(host: Host, seen: Seen, number: int, facts: Sequence[tuple[float, int]]) -> None:
    bodies = [_fact(f"l-{number}-{place}", partner) for place, (_, partner) in enumerate(facts)]
    path = f"/api/v1/programs/{PROGRAM}/facts"
    answer = _asked(host, f"{path}/batch", {"facts": bodies}) if len(bodies) > 1 else _asked(host, path, bodies[0])
    ended = time.monotonic()
    seen.facts += [ended - due for due, _ in facts]
    if seen.turn():
        due, partner = facts[0]
        while (_standing(host, partner) or 0) < answer["position"]:
            if time.monotonic() - due > PATIENCE:
                raise TimeoutError(f"the standing of many-{partner} did not follow")
            # A tenth of what was waited for is precise enough, and does not load what is already slow.
            time.sleep(max(0.1, (time.monotonic() - due) / 10))
        seen.visible.append(time.monotonic() - due)


def _fact(key: str, partner: int) -> dict[str, Any]:
    values = {"organization": f"many-{partner}", "kind": "plan_reviewed", "happened_on": "2026-03-20"}
    return {"kind": "activities", "source": "load", "id": key, "values": values}


def _standing(host: Host, partner: int) -> int | None:
    try:
        position: int = _asked(host, f"/api/v1/partners/many-{partner}/standing")["position"]
    except urllib.error.HTTPError:
        return None
    return position


def _asked(host: Host, path: str, body: Mapping[str, Any] | None = None) -> dict[str, Any]:
    headers = {"Authorization": f"Bearer {token_of('manager')}", "Content-Type": "application/json"}
    request = urllib.request.Request(host.address + path, json.dumps(body).encode() if body else None, headers)
    with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
        found: dict[str, Any] = json.loads(answer.read())
        return found


def _read(who: Visitor, seen: Seen, due: float, which: tuple[int, int]) -> None:
    number, partner = which
    pattern = PAGES[number % len(PAGES)]
    text = who.read(pattern.format(number=partner))
    seen.pages.setdefault(pattern, []).append(time.monotonic() - due)
    seen.sizes[pattern] = max(seen.sizes.get(pattern, 0), len(text.encode()))


_MOVED = """
SELECT count(*) FROM (SELECT id, tier, lag(tier) OVER (PARTITION BY enrolment ORDER BY id) AS before FROM standings) AS s
WHERE id > %s AND tier <> before
"""
_LAG = """
SELECT coalesce(extract(epoch FROM now() - min(e.at)), 0)::float FROM procrastinate_jobs AS j
JOIN procrastinate_events AS e ON e.job_id = j.id AND e.type = 'deferred'
WHERE j.status = 'todo' AND j.scheduled_at IS NULL AND j.queue_name = 'standings'
"""


def _watch(host: Host, seen: Seen, ended: threading.Event) -> None:
    """How long the oldest standing has waited, each second."""
    while not ended.wait(1):
        seen.lags.append(round(float(str(host.rows(_LAG)[0][0])), 1))


# --- beside it -------------------------------------------------------------------------------------------------------


def throughput(address: str, path: str, *, seconds: float = 5.0) -> int:
    """Answered requests a second, eight at a time."""
    until, counted = time.monotonic() + seconds, [0] * 8

    def ask(place: int) -> None:
        while time.monotonic() < until:
            with urllib.request.urlopen(address + path, timeout=PATIENCE) as answer:
                answer.read()
            counted[place] += 1

    with ThreadPoolExecutor(len(counted)) as pool:
        list(pool.map(ask, range(len(counted))))
    return round(sum(counted) / seconds)


def bare_throughput(host: Host) -> int:
    """The same of a Django view that only says ok, served in the same way."""
    port = free_port()
    env = {**environment(host.database, "app"), "SWINGBY_PARENT": str(os.getpid()), "SWINGBY_WEB_THREADS": "8"}
    words = [sys.executable, "-m", "swingby.web.server.child", "web", "127.0.0.1", str(port), BARE]
    with subprocess.Popen(words, env={**env, "DJANGO_SETTINGS_MODULE": ""}) as server:
        try:
            address, until = f"http://127.0.0.1:{port}", time.monotonic() + PATIENCE
            while time.monotonic() < until:
                try:
                    urllib.request.urlopen(address, timeout=1).close()
                except OSError:
                    time.sleep(0.1)
                else:
                    break
            return throughput(address, "/")
        finally:
            server.terminate()


def summary(seconds: Sequence[float]) -> dict[str, float | int]:
    """How many, the median and the 95th of a hundred, in milliseconds."""
    if not seconds:
        return {"times": 0}
    ordered = sorted(1000 * each for each in seconds)
    return {
        "times": len(ordered),
        "median_ms": round(statistics.median(ordered)),
        "p95_ms": round(ordered[max(0, math.ceil(len(ordered) * 0.95) - 1)]),
        "maximum_ms": round(ordered[-1]),
    }


def report(figures: Mapping[str, Any], options: argparse.Namespace) -> None:
    """Print all; write it where the docs take their figures from, if it is large enough."""
    print(json.dumps(figures, indent=2, ensure_ascii=False))
    if any(getattr(options, name) < least for name, least in ENOUGH.items()):
        print("Shorter or smaller than a figure for the docs: nothing was written.")
        return
    what = "An open load on two cores: milliseconds at the client from the moment a request was due"
    record("load", what=what, command="./run bench load --minutes 5", figures=figures)


if __name__ == "__main__":
    main()
