"""Tiers by exception over the API: asked for by one, granted by another, ended with a reason."""

from __future__ import annotations

from typing import Any

import pytest

from swingby.web.clock import today
from tests.web.api.asking import get, post
from tests.web.domain.reviewing import begin

pytestmark = pytest.mark.django_db
TARN, HARBOR = "harbor-program-tarn", "/programs/harbor-program"
ASKED, GRANTED = f"/exceptions/{TARN}-exception-asked", f"/exceptions/{TARN}-exception-granted"
LAST = "2027-06-30"


def ask(*, person: str = "manager", **other: Any) -> Any:
    said = {"partner": TARN, "ladder": "level", "tier": "gold", "first": today().isoformat(), "last": LAST}
    return post(f"{HARBOR}/exceptions", {**said, "words": "A merger.", **other}, person=person)


def decide(where: str, act: str, words: str = "", *, person: str = "manager", **headers: str) -> Any:
    return post(f"{where}/decide", {"act": act, "words": words}, person=person, **headers)


def test_the_register_is_read_with_what_may_be_done() -> None:
    found = get(f"{HARBOR}/exceptions?partner={TARN}").json()["items"]
    (asked,) = get(f"{HARBOR}/exceptions?partner={TARN}&state=asked").json()["items"]

    assert {(row["state"], *row["acts"]) for row in found} == {("asked", "grant", "decline"), ("granted", "end")}
    assert (asked, asked["last"], asked["asked_by"]) == (get(ASKED).json(), "2026-08-31", "success")


def test_one_asks_and_another_grants() -> None:
    begin()
    asked = ask().json()
    where = f"/exceptions/{asked['id']}"
    own, other = decide(where, "grant"), decide(where, "grant", person="second-manager").json()

    assert (asked["state"], asked["acts"], asked["last"], asked["history"][0]["words"]) == (
        "asked",
        [],
        LAST,
        "A merger.",
    )
    assert (own.status_code, get(where).json()["decided_by"]) == (403, "second-manager")
    assert (other["state"], other["acts"], [act["act"] for act in other["history"]]) == (
        "granted",
        ["end"],
        ["grant", "ask"],
    )


def test_what_was_granted_is_ended_with_a_reason() -> None:
    begin()
    where = f"/exceptions/{ask().json()['id']}"
    decide(where, "grant", person="second-manager")

    assert decide(where, "end").status_code == 422
    assert decide(where, "end", "The merger is off.").json()["state"] == "ended"
    assert decide(where, "end", "Again.").status_code == 409


@pytest.mark.parametrize(
    "said",
    [
        {"tier": "no-such-tier"},
        {"ladder": "no-such-ladder"},
        {"first": "2020-01-01"},
        {"last": "2020-01-01"},
        {"last": "9999-12-31"},
        {"last": 20270630},
        {"words": ""},
        {"words": "x" * 2001},
        {"words": "a\0b"},
    ],
    ids=str,
)
def test_what_cannot_be_asked_for_is_refused(said: dict[str, Any]) -> None:
    begin()
    before = get(f"{HARBOR}/exceptions").json()

    assert (ask(**said).status_code, get(f"{HARBOR}/exceptions").json()) == (422, before)
    assert ask().status_code == 201


@pytest.mark.parametrize("partner", ["other-program-tarn", "no-such-partner"])
def test_nobody_asks_for_a_partner_of_another_program(partner: str) -> None:
    assert ask(partner=partner).status_code == 404


@pytest.mark.parametrize(("person", "status"), [("executive", 403), ("partner-admin", 403), ("other-vendor", 404)])
def test_who_may_not_ask_is_told_so(person: str, status: int) -> None:
    assert ask(person=person).status_code == status


def test_a_decision_on_what_changed_since_is_refused() -> None:
    mark = get(ASKED)["ETag"]
    decide(ASKED, "decline", "Not now.", person="second-manager")

    assert decide(ASKED, "grant", **{"If-Match": mark}).status_code == 412
