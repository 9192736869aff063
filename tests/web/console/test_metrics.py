"""Figures for a monitoring system: to this machine and to who has the token."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from swingby.web.domain.columnar import bring_copy
from swingby.web.jobs import enqueue_night
from swingby.web.models import Disagreement
from swingby.web.tenancy import act_for_owner

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 31)


@pytest.fixture(autouse=True)
def copies(settings: Settings, tmp_path: Path) -> None:
    settings.SWINGBY_COPY = str(tmp_path)
    settings.SWINGBY_METRICS_TOKEN = ""


def _figures() -> dict[str, float]:
    answer = Client().get("/metrics")
    assert answer.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    lines = [line for line in answer.content.decode().splitlines() if not line.startswith("#")]
    assert all(re.fullmatch(r"swingby_[a-z_]+ [0-9.e+]+", line) for line in lines)
    return {name.removeprefix("swingby_"): float(value) for name, value in (line.split() for line in lines)}


def test_figures_of_jobs_nights_and_disk() -> None:
    before = _figures()
    assert "copy_age_seconds" not in before
    bring_copy("harbor")
    enqueue_night(owner="harbor")
    with act_for_owner("harbor"):
        Disagreement.objects.create(
            owner_id="harbor", partner_id="tarn", enrolment_id="harbor-program-tarn", as_of=DAY, stored_position=1,
            known_at=1, program_hash="h", differences=[], found_on=DAY, last_found_on=DAY,
        )  # fmt: skip
    after = _figures()
    assert after["jobs_waiting"] == before["jobs_waiting"] + 1
    assert (before["disagreements"], after["disagreements"]) == (0, 1)
    assert 0 <= after["copy_age_seconds"] < 60
    assert after["night_age_seconds"] > 86_400  # The small world's one night.
    assert after["disk_free_bytes"] > 0


@pytest.mark.parametrize(
    ("address", "headers", "status"),
    [
        ("127.0.0.1", {}, 200),
        ("127.3.2.1", {}, 200),
        ("::1", {}, 200),
        ("192.0.2.7", {}, 404),
        ("", {}, 404),
        ("127.0.0.1", {"X-Forwarded-For": "192.0.2.7"}, 404),
        ("127.0.0.1", {"Forwarded": "for=192.0.2.7"}, 404),
        ("192.0.2.7", {"Authorization": "Bearer the-token"}, 200),
        ("192.0.2.7", {"Authorization": "Bearer another"}, 404),
        ("192.0.2.7", {"Authorization": "Basic the-token"}, 404),
        ("192.0.2.7", {"Authorization": "Bearer "}, 404),
    ],
)
def test_who_reads_them(settings: Settings, address: str, headers: dict[str, str], status: int) -> None:
    settings.SWINGBY_METRICS_TOKEN = "the-token"
    assert Client(headers=headers).get("/metrics", REMOTE_ADDR=address).status_code == status


def test_no_token_is_no_key_and_a_proxy_is_not_this_machine(settings: Settings) -> None:
    elsewhere = Client(headers={"Authorization": "Bearer "})
    assert elsewhere.get("/metrics", REMOTE_ADDR="192.0.2.7").status_code == 404
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    assert Client().get("/metrics").status_code == 404
