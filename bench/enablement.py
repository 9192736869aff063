"""Pages of learning in a very large firm, and people brought together with places.

``./run bench enablement`` fills 100,000 people with a million credentials into one firm and 10,000 partners into one
vendor's program, in a PostgreSQL of its own; it counts coverage and boards as the jobs do, reads the pages inside the
process, and assigns 500 people, beside the optimum that a linear program of scipy finds. It prints one table and writes
docs/measured/enablement.json; shorter or smaller runs are printed only.
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import statistics
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from bench.enablement_case import (
    CODES,
    CREDENTIALS,
    EMPLOYED,
    EVENTS,
    FILES,
    NEEDS,
    PARTNER_CREDENTIALS,
    PARTNER_EMPLOYED,
    PARTNER_REGIONS,
    drawn_case,
    optimum,
)
from swingby.enablement import suggest
from swingby.web.server import Database
from tests.web.made_databases import open_copy
from tests.web.site import SITE, environment
from tools.measured import record

FIRM, OWNER = "tarn", "harbor"
MEMBER, LEAD, MANAGER = "partner-member", "partner-manager", "manager"
#: With fewer of anything the figures say little and are not written down.
ENOUGH = {"people": 100_000, "partners": 10_000, "reads": 30, "candidates": 500}
EACH = 10
#: What takes more seconds than these is read a few times only: no figure of it is asked for.
SLOW, FEW = 1.0, 5
#: Milliseconds at p95 and seconds that are asked for.
MOST_MS, MOST_SECONDS = 150, 5


def main(arguments: Sequence[str] | None = None) -> None:
    """Fill, count, read, assign, print, and write what is large enough."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=ENOUGH["people"])
    parser.add_argument("--partners", type=int, default=ENOUGH["partners"])
    parser.add_argument("--reads", type=int, default=ENOUGH["reads"])
    parser.add_argument("--candidates", type=int, default=ENOUGH["candidates"])
    options = parser.parse_args(arguments)
    figures: dict[str, Any] = {"people": options.people, "credentials": options.people * EACH}
    with tempfile.TemporaryDirectory(prefix="swingby-enablement-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        database = open_copy(SITE, Path(folder) / "data")
        try:
            _set_up(database)
            figures |= of_firm(options) | of_program(options)
        finally:
            database.stop()
    figures |= {"assignment": assignment(options.candidates)}
    report(figures, options)


def _set_up(database: Database) -> None:
    os.environ.update(environment(database, "app"), SWINGBY_BENCH_OWNER=database.url("owner"))
    import django

    django.setup()
    from django.conf import settings

    settings.ALLOWED_HOSTS = ["*"]


# --- a firm ---------------------------------------------------------------------------------------------------------


def of_firm(options: argparse.Namespace) -> dict[str, Any]:
    """Fill one firm, count it as the jobs do, and read its pages."""
    from swingby.web.domain.learning.boards import count_boards
    from swingby.web.domain.learning.portions import count_firm

    _fill_firm(options.people)
    counted = _timed(lambda: _until_done(lambda: count_firm(FIRM)))
    figures: dict[str, Any] = {
        "counting": {"whole firm, seconds": counted, "memory, MB": _memory()},
    }
    _tell()
    figures["counting"]["after one word told, seconds"] = _timed(lambda: _until_done(lambda: count_firm(FIRM)))
    figures["counting"]["boards, seconds"] = _timed(lambda: count_boards(FIRM))
    figures["counting"]["boards and all, memory, MB"] = _memory()
    figures["firm pages"] = {name: _read(person, path, options.reads) for name, (person, path) in _pages().items()}
    return figures


def _pages() -> Mapping[str, tuple[str, str]]:
    from django.urls import reverse

    matrix = reverse("learning:coverage", args=[FIRM])
    return {
        "matrix": (LEAD, matrix),
        "matrix of an office": (LEAD, f"{matrix}?office=office-7"),
        "boards of offices": (MEMBER, f"{reverse('learning:boards', args=[FIRM])}?of=office"),
        "boards of teams": (MEMBER, f"{reverse('learning:boards', args=[FIRM])}?of=team"),
        "my path": (MEMBER, reverse("learning:mine", args=[FIRM])),
        "one certification": (LEAD, reverse("learning:certification", args=[FIRM, CODES[7]])),
        "vouchers": (LEAD, reverse("learning:vouchers", args=[FIRM])),
        "who can help with a certification": (LEAD, f"{reverse('learning:helpers', args=[FIRM])}?code={CODES[7]}"),
        "what lapses at an office": (LEAD, f"{reverse('learning:ahead', args=[FIRM])}?office=office-7"),
    }


def _fill_firm(people: int) -> None:
    from django.db import connection

    from swingby.web.domain.learning.catalogues import take_catalogue
    from swingby.web.models import CertificationNeed, CoverageCount, CoveragePortion
    from tests.permissions.learning import LEARNERS

    with _scope(FIRM):
        CoverageCount.objects.all().delete()
        CoveragePortion.objects.all().delete()
        take_catalogue(FIRM, FILES, on=date(2026, 3, 1))
        CertificationNeed.objects.bulk_create(
            CertificationNeed(organization_id=FIRM, starts_on=date(2026, 1, 1), **need) for need in NEEDS
        )
    given = {"firm": FIRM, "people": people, "each": EACH, "codes": list(CODES), "member": LEARNERS[MEMBER]}
    for text in (EMPLOYED, CREDENTIALS, EVENTS):
        with _scope(FIRM), connection.cursor() as cursor:
            cursor.execute(text, given)
    _analyze()


def _tell() -> None:
    from django.urls import reverse

    from tests.web.acting import signed_in

    answer = signed_in(MEMBER).post(reverse("learning:tell", args=[FIRM]), {"word": "want", "code": CODES[3]})
    assert answer.status_code == 302, answer.status_code


# --- a program ------------------------------------------------------------------------------------------------------


def of_program(options: argparse.Namespace) -> dict[str, Any]:
    """Fill partners of one vendor, count them as the job does, and read the matrix of them all."""
    from django.db import connection
    from django.urls import reverse

    from swingby.web.domain.learning.catalogues import take_catalogue
    from swingby.web.domain.learning.partner_counting import count_partners
    from tests.web.many import add_partners

    for first in range(0, options.partners, 2_000):
        add_partners(min(2_000, options.partners - first), first=first)
    given = {"owner": OWNER, "partners": options.partners, "codes": list(CODES)}
    with _scope(OWNER), connection.cursor() as cursor:
        take_catalogue(OWNER, FILES, on=date(2026, 3, 1))
        for text in (PARTNER_REGIONS, PARTNER_EMPLOYED, PARTNER_CREDENTIALS):
            cursor.execute(text, given)
    _analyze()
    counted = _timed(lambda: _until_done(lambda: count_partners(OWNER)))
    address = reverse("console:program_certifications", args=[OWNER])
    figures = {"partners": options.partners, "counting, seconds": counted}
    figures["matrix of all"] = _read(MANAGER, address, options.reads)
    figures["matrix of one region, as its lead"] = _read("lead", address, options.reads)
    return {"program": figures}


# --- reading and counting -------------------------------------------------------------------------------------------


def _read(person: str, address: str, reads: int) -> dict[str, Any]:
    """Milliseconds of so many readings inside the process, after one that warms it."""
    from tests.web.acting import signed_in

    client, found = signed_in(person), list[float]()
    began = time.perf_counter()
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    is_slow = time.perf_counter() - began > SLOW
    print(f"reading {address}", flush=True)
    for _ in range(min(reads, FEW) if is_slow else reads):
        began = time.perf_counter()
        client.get(address)
        found.append(1000 * (time.perf_counter() - began))
    ordered = sorted(found)
    p95 = ordered[max(0, int(len(ordered) * 0.95) - 1)]
    print(f"{p95:,.0f} ms at p95", flush=True)
    return {"median_ms": round(statistics.median(found)), "p95_ms": round(p95)}


def _until_done(turn: Any) -> None:
    while turn():
        pass


def _timed(act: Any) -> float:
    began = time.perf_counter()
    act()
    seconds = round(time.perf_counter() - began, 1)
    print(f"counted in {seconds} s", flush=True)
    return seconds


def _memory() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


@contextmanager
def _scope(organization: str) -> Iterator[None]:
    from django.db import transaction

    from swingby.web.tenancy import Scope, open_scope

    own = frozenset({organization})
    with transaction.atomic(), open_scope(Scope(owner_orgs=own, partner_orgs=own)):
        yield


def _analyze() -> None:
    import psycopg
    from django.db import connection

    connection.close()
    with psycopg.connect(os.environ["SWINGBY_BENCH_OWNER"], autocommit=True) as session:
        for table in ("fact_employments", "fact_credentials", "learning_events", "organizations", "enrolments"):
            session.execute(f"ANALYZE {table}")  # type: ignore[arg-type]


# --- assigning ------------------------------------------------------------------------------------------------------


def assignment(candidates: int, *, seed: int = 1) -> dict[str, Any]:
    """Bring people and places of 72 certifications together, and ask a linear program for the best there is."""
    case = drawn_case(random.Random(seed), candidates)
    began = time.perf_counter()
    found = suggest(case.catalogue, case.lives, case.candidates, case.cells, case.day, needs=case.needs)
    seconds = time.perf_counter() - began
    cost = sum(case.cost_of(way) for way in found)
    most, least = optimum(case)
    return {
        "candidates": candidates,
        "places": case.places,
        "filled": len(found),
        "seconds": round(seconds, 2),
        "hours": float(sum((way.hours for way in found), Decimal(0))),
        "places that the optimum fills more": most - len(found),
        "gap to the optimum, hours": (cost - least) / 100,
    }


def report(figures: Mapping[str, Any], options: argparse.Namespace) -> None:
    """Print the table, and write it where the docs take their figures from."""
    for name, value in _flat(figures):
        print(f"{name:>60}  {value:,}" if isinstance(value, int | float) else f"{name:>60}  {value}")
    if any(getattr(options, name) < least for name, least in ENOUGH.items()):
        print("Too small for figures in the docs: nothing was written.")
        return
    what = "a firm with 100,000 people and a million credentials, 10,000 partners, and 500 people with places"
    record("enablement", what=what, command="./run bench enablement", figures=figures)


def _flat(figures: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in figures.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{before}{name}: ")
        else:
            yield f"{before}{name}", value


if __name__ == "__main__":
    main()
