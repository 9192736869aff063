"""What reading gives: shapes, pages, ETags, filters; and how many statements a page takes."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from swingby.web.domain.organizations import enrol_partner, register_organization
from swingby.web.models import Program, Standing, StandingRequirement
from swingby.web.tenancy import act_for_owner
from tests.web.acting import the_enrolment
from tests.web.api.asking import get, post

pytestmark = pytest.mark.django_db
TARN = "/partners/harbor-program-tarn"
PARTNERS = "/programs/harbor-program/partners"


def add_partners(count: int) -> None:
    with act_for_owner("harbor"):
        program = Program.objects.get(pk="harbor-program")
        for number in range(count):
            partner = register_organization(f"extra-{number:03}", name=f"Extra {number}", registered_by="harbor")
            enrol_partner(program, partner=partner, joined_on=date(2025, 5, 1))


def ids(answer: Any) -> list[str]:
    return [item["id"] for item in answer.json()["items"]]


def test_a_partner_is_told_as_the_screens_tell_it() -> None:
    assert get(TARN).json() == {
        "id": "harbor-program-tarn",
        "program": "harbor-program",
        "owner": "harbor",
        "organization": "tarn",
        "name": "Tarn Example",
        "parent": None,
        "country": "",
        "region": "emea",
        "joined_on": "2025-03-01",
        "ended_on": None,
        "tier": "member",
        "score": None,
        "as_of": "2026-03-31",
    }


def test_a_standing_has_each_requirement_with_numbers_as_text() -> None:
    with act_for_owner("harbor"):
        standing = Standing.objects.get(enrolment=the_enrolment())
        StandingRequirement.objects.create(
            owner_id="harbor",
            partner_id="tarn",
            standing=standing,
            ladder="level",
            tier="gold",
            requirement="gold.all.1",
            state="unmet",
            value="12.500",
            threshold="40",
            gap="27.5",
        )
    found = get(f"{TARN}/standing").json()

    assert found["requirements"][1] == {
        "ladder": "level",
        "tier": "gold",
        "requirement": "gold.all.1",
        "state": "unmet",
        "value": "12.5",
        "threshold": "40",
        "gap": "27.5",
    }
    assert (found["tier"], found["position"]) == ({"id": "member", "label": "Member", "rank": 0}, 1)
    assert get(f"{TARN}/standings/1").json() == found
    assert get(f"{TARN}/standings/99999999999999999999").status_code == 404


def test_pages_hold_every_row_once_also_when_rows_come_between() -> None:
    add_partners(7)
    first = get(f"{PARTNERS}?limit=4")
    add_partners(8)
    second = get(f"{PARTNERS}?limit=4&cursor={first.json()['next']}")
    third = get(f"{PARTNERS}?limit=200&cursor={second.json()['next']}")
    found = [*ids(first), *ids(second), *ids(third)]

    assert found == sorted(set(found))
    assert (len(found), third.json()["next"]) == (11, None)


def test_reports_come_newest_first_page_by_page() -> None:
    whole = ids(get("/reports?limit=200"))
    found: list[str] = []
    cursor = ""
    while cursor is not None:
        page = get(f"/reports?limit=3&cursor={cursor}")
        found += ids(page)
        cursor = page.json()["next"]

    assert (found, len(found)) == (whole, 15)


@pytest.mark.parametrize(
    "cursor", ["x", "%00", "bm8", "WyJhIiwgImIiXQ", "WyIyMDI2LTEzLTAxIiwgIngiXQ", "%F0%90%80", "e30"]
)
def test_a_cursor_of_nobody_is_no_page(cursor: str) -> None:
    answer = get(f"/reports?cursor={cursor}")

    assert (answer.status_code, answer.json()["code"]) == (404, "cursor")


def test_a_page_is_bounded() -> None:
    answer = get(f"{PARTNERS}?limit=201")

    assert (answer.status_code, answer.json()["issues"][0]["location"]) == (422, "query.limit")


def test_filters_narrow() -> None:
    assert ids(get(f"{PARTNERS}?name=SEDGE")) == ["harbor-program-sedge", "harbor-program-sedge-north"]
    assert len(ids(get(f"{PARTNERS}?tier=member"))) == 3
    assert ids(get(f"{PARTNERS}?tier=gold")) == []
    assert ids(get("/reports?partner=harbor-program-tarn&state=accepted")) == ["harbor-program-tarn-accepted"]


def test_a_partner_sees_only_its_own_among_the_partners() -> None:
    assert ids(get(PARTNERS, person="partner-member")) == ["harbor-program-tarn"]
    assert ids(get(PARTNERS, person="both-programs")) == ["harbor-program-sedge", "harbor-program-sedge-north"]


def test_each_side_reads_its_notes() -> None:
    vendor, partner = (get(f"{TARN}/notes", person=person).json()["items"] for person in ("success", "partner-member"))

    assert sorted(note["text"] for note in vendor) == ["partner shared", "vendor only_us", "vendor shared"]
    assert sorted(note["text"] for note in partner) == ["partner only_us", "partner shared", "vendor shared"]


def test_what_did_not_change_is_not_sent_again() -> None:
    first = get(TARN)
    same = get(TARN, **{"If-None-Match": f'"other", W/{first["ETag"]}'})
    other = get(TARN, **{"If-None-Match": '"other"'})

    assert (same.status_code, same.content, same["ETag"]) == (304, b"", first["ETag"])
    assert (other.status_code, other["ETag"]) == (200, first["ETag"])
    assert first["Cache-Control"] == "private, no-cache"


def test_nothing_is_written_over_what_changed_since_it_was_read() -> None:
    address = "/reports/harbor-program-tarn-submitted"
    read = get(address)["ETag"]
    stale = post(f"{address}/decline", {"answer": "No."}, **{"If-Match": '"older"'})
    fresh = post(f"{address}/decline", {"answer": "No."}, **{"If-Match": read})
    again = post(f"{address}/decline", {"answer": "No."}, **{"If-Match": read})

    assert [answer.status_code for answer in (stale, fresh, again)] == [412, 200, 412]


@pytest.mark.parametrize("address", ["/programs", PARTNERS, "/reports", f"{TARN}/notes", f"{TARN}/standings"])
def test_statements_do_not_grow_with_rows(address: str) -> None:
    few = statements(f"{address}?limit=1")
    add_partners(60)

    assert statements(f"{address}?limit=200") == few


def statements(address: str) -> int:
    get(address)
    with CaptureQueriesContext(
        connection,
    ) as caught:
        assert get(address).status_code == 200
    return len(caught)


def test_cards_are_read_with_what_they_rest_on_and_what_was_decided() -> None:
    answer = get("/programs/harbor-program/cards", person="executive").json()
    first = next(item for item in answer["items"] if item["id"] == "harbor-program-card")
    whole = get("/programs/harbor-program/cards/harbor-program-card", person="executive").json()

    assert first["decision"] == {"word": "keep", "by_whom": "An example", "until": "2026-09-30"}
    assert (first["verdict"], first["kind"], first["settings"]["outcome"]) == ("shown", "effect", "deal size")
    assert [figure["label"] for figure in whole["card"]["figures"]][:2] == ["Effect", "What that is worth"]
    assert {name: whole[name] for name in first} == first


def test_a_partner_reads_the_cards_that_are_shared_with_it() -> None:
    answer = get(f"{TARN}/cards", person="partner-member").json()

    assert [item["id"] for item in answer["items"]] == ["harbor-program-tarn-shared"]
    assert set(answer["items"][0]) == {"id", "shared_at", "card"}
