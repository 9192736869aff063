"""The guide of a program over the API: a version in sentences, as partners read it."""

from __future__ import annotations

import pytest

from tests.permissions.world import PROGRAM_TEXT
from tests.web.api.asking import get
from tests.web.publishing import publish

pytestmark = pytest.mark.django_db
GUIDE = "/programs/harbor-program/guide"


def test_a_version_is_told_in_sentences_and_tiers() -> None:
    found = get(GUIDE, person="partner-member").json()
    (ladder,) = found["ladders"]

    assert (found["program"], found["version"], found["effective"], found["before"], found["coming"]) == (
        "harbor-program",
        "1",
        "2025-01-01",
        None,
        None,
    )
    assert [tier["id"] for tier in ladder["tiers"]] == ["member", "select", "gold"]
    assert [
        (line["text"], [item["text"] for item in line["items"]]) for tier in ladder["tiers"] for line in tier["asks"]
    ] == [
        ("Asks for nothing.", []),
        ("Asks for:", ["Points: at least 20"]),
        ("Asks for:", ["Points: at least 40", "Plan reviews: at least 3"]),
    ]
    assert [part["heading"] for part in found["parts"]] == ["How points come", "What is counted, and over which days"]


def test_the_guide_of_a_day_is_that_of_the_version_in_force_then() -> None:
    publish("2", "2026-02-01", PROGRAM_TEXT.replace("earn: 20", "earn: 25"))
    publish("3", "2026-08-01", PROGRAM_TEXT.replace("earn: 20", "earn: 30"))
    now, then, ahead = (get(f"{GUIDE}{query}").json() for query in ("", "?on=2026-01-31", "?on=2026-08-01"))

    assert [(each["version"], each["before"]) for each in (now, then, ahead)] == [("2", "1"), ("1", None), ("3", "2")]
    assert (now["coming"]["version"], now["coming"]["effective"], ahead["coming"]) == ("3", "2026-08-01", None)
    assert now["changes"][0]["sentences"] == ["Plan reviewed, earns: 25 points instead of 20 points."]


def test_both_forms_have_a_mark() -> None:
    for address in (GUIDE, f"{GUIDE}/paper"):
        first = get(address)
        again = get(address, **{"If-None-Match": first["ETag"]})

        assert (first.status_code, again.status_code, again.content) == (200, 304, b"")
    assert get(f"{GUIDE}/paper").content.startswith(b"%PDF-")


@pytest.mark.parametrize(
    ("query", "status"),
    [("?on=2024-12-31", 404), ("?on=0001-01-01", 404), ("?on=9999-12-31", 200), ("?on=20260101", 422), ("?on=", 422)],
)
def test_a_day_is_a_day(query: str, status: int) -> None:
    assert [get(f"{GUIDE}{form}{query}").status_code for form in ("", "/paper")] == [status, status]
