"""Boards of a firm with a hundred thousand people and a million credentials: counted in portions, read at once."""

from __future__ import annotations

import resource
from statistics import quantiles
from time import perf_counter, process_time

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from swingby.web.domain.learning.boards import count_boards
from swingby.web.models import Grouping
from tests.web.acting import signed_in
from tests.web.enablement.firm import FIRM, MEMBER, employ, key_of, of_the_firm

pytestmark = [pytest.mark.django_db, pytest.mark.long]
PEOPLE, EACH, MOST_SECONDS = 100_000, 10, 0.150
_EMPLOYED = """
INSERT INTO fact_employments (owner_org, partner_org, organization, fact_id, position, source, person, role, office, starts_on)
SELECT %(firm)s, %(firm)s, %(firm)s, 'many-' || n, 1, 'example', 'many-' || n, 'engineering', 'office-' || n %% 50,
       date '2020-01-01' + n %% 1800
FROM generate_series(1, %(people)s) n
"""
_CERTIFIED = """
INSERT INTO fact_credentials (owner_org, partner_org, fact_id, position, source, person, code, starts_on, ends_on)
SELECT %(firm)s, %(firm)s, 'many-' || n || '-' || k, 1, 'example', 'many-' || n,
       CASE WHEN k %% 2 = 0 THEN 'basics' ELSE 'expert' END, date '2021-01-01' + (n * 7 + k * 190) %% 1900,
       date '2021-01-01' + (n * 7 + k * 190) %% 1900 + 365
FROM generate_series(1, %(people)s) n, generate_series(1, %(each)s) k
"""


def test_a_board_of_a_hundred_thousand_people_is_read_at_once(capsys: pytest.CaptureFixture[str]) -> None:
    employ(key_of(MEMBER), office="office-1")
    with of_the_firm(), connection.cursor() as cursor:
        cursor.execute(_EMPLOYED, {"firm": FIRM, "people": PEOPLE})
        cursor.execute(_CERTIFIED, {"firm": FIRM, "people": PEOPLE, "each": EACH})
        cursor.execute("ANALYZE fact_employments")
        cursor.execute("ANALYZE fact_credentials")
    began = perf_counter()
    assert count_boards(FIRM) > 50
    counted = perf_counter() - began
    client = signed_in(MEMBER)
    times = [_seconds(client, grouping) for grouping in (Grouping.OFFICE, Grouping.TEAM) for _ in range(30)]
    slowest = quantiles(times, n=20)[-1]
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    with capsys.disabled():
        print(f"counted in {counted:.0f} s with {memory:.0f} MB, read in {slowest * 1000:.0f} ms (p95)")  # noqa: T201
    assert slowest < MOST_SECONDS


def _seconds(client: Client, grouping: str) -> float:
    """Of this process alone: what others on the machine take away says nothing of the page."""
    began = process_time()
    answer = client.get(reverse("learning:boards", args=[FIRM]), {"of": grouping})
    assert answer.status_code == 200
    return process_time() - began
