"""Boards over the API: what the screen shows, to those who see it there, and nobody who is not shown there."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection

from swingby.web.domain.learning.boards import count_boards, count_partner_boards
from swingby.web.models import BoardChoice, BoardCount, Learner, Person
from tests.web.acting import acting
from tests.web.api.asking import get
from tests.web.enablement.firm import ADMIN, FIRM, MEMBER, certify, employ, key_of, of_the_firm

pytestmark = pytest.mark.django_db
BOARDS, PEOPLE, PARTNERS = f"/firms/{FIRM}/boards", f"/firms/{FIRM}/boards/people", "/organizations/harbor/boards"
RECENT = date(2026, 2, 1)


@pytest.fixture(autouse=True)
def nothing_counted_yet() -> None:
    with of_the_firm():
        BoardCount.objects.filter(organization_id=FIRM).delete()
    for person in (MEMBER, "partner-manager", ADMIN, "partner-finance"):
        with acting(person):
            BoardChoice.objects.filter(person_id=person).delete()


def crew(office: str, number: int) -> list[str]:
    people = [f"{office}-{nth}" for nth in range(number)]
    employ(*people, office=office)
    return people


def two_offices() -> None:
    north, south = crew("north", 10), crew("south", 11)
    employ(key_of(MEMBER), office="south")
    for key in north[:2]:
        certify(key, "basics", since=date(2025, 11, 3))
    for key in south[:5]:
        certify(key, "basics", since=RECENT)
    crew("east", 9)
    count_boards(FIRM)


def ask(key: str, shown_as: str) -> None:
    Person.objects.create_user(f"{key}@tarn.test", name=f"Example {key}", key=key)
    with of_the_firm(), connection.cursor() as cursor:
        Learner.objects.create(organization_id=FIRM, key=key, person_id=key)
        cursor.execute("SELECT set_config('swingby.person', %s, true)", [key])
        cursor.execute(
            "INSERT INTO board_choices (organization, person, learner, shown_as, pseudonym, chosen_at)"
            " VALUES (%s, %s, %s, %s, %s, now())",
            [FIRM, key, key, shown_as, f"Orbit {key}"],
        )


def test_a_board_has_ranks_with_reasons_and_hides_what_is_too_small() -> None:
    two_offices()
    found = get(BOARDS, person=MEMBER).json()
    assert {name: found[name] for name in ("of", "period", "by", "first", "last", "counted_on", "minimum")} == {
        "of": "office",
        "period": "weeks",
        "by": "head",
        "first": "2025-12-31",
        "last": "2026-03-31",
        "counted_on": "2026-03-31",
        "minimum": 10,
    }
    # The office of nine is left out, and the smallest that could be shown with it, so that nobody subtracts.
    assert (found["total"], found["hidden"]) == (1, 2)
    (line,) = found["items"]
    assert line == {
        "key": "south",
        "label": "South",
        "rank": 1,
        "is_tied": False,
        "before": 1,
        "causes": [],
        "why": "Place kept.",
        "people": 12,
        "net": 5,
        "per_head": "0.42",
        "earned": 5,
        "lapsed": 0,
        "moved": 0,
        "is_own": True,
    }


def test_a_change_of_rank_comes_with_its_causes() -> None:
    crew("west", 12)
    north, south = crew("north", 10), crew("south", 11)
    certify(north[0], "basics", since=date(2025, 11, 3))
    for key in south[:5]:
        certify(key, "basics", since=RECENT)
    count_boards(FIRM)
    lines = {line["key"]: line for line in get(f"{BOARDS}?by=net", person=ADMIN).json()["items"]}
    assert (lines["south"]["before"], lines["south"]["rank"], lines["south"]["causes"]) == (
        2,
        1,
        [{"kind": "earned", "places": 1}],
    )
    assert lines["north"]["why"] == "Down 1 place: how the others did (\N{MINUS SIGN}1)."
    assert (
        sum(cause["places"] for cause in lines["north"]["causes"]) == lines["north"]["before"] - lines["north"]["rank"]
    )


def test_a_board_comes_page_by_page_in_its_own_order() -> None:
    for number in range(3):
        people = crew(f"office{number}", 10 + number)
        certify(people[0], "basics", since=RECENT)
    count_boards(FIRM)
    whole = [line["key"] for line in get(BOARDS, person=ADMIN).json()["items"]]
    pages, cursor = [], ""
    while cursor is not None:
        page = get(f"{BOARDS}?limit=1&cursor={cursor}", person=ADMIN).json()
        pages += [line["key"] for line in page["items"]]
        cursor = page["next"]
    assert pages == whole == ["office0", "office1", "office2"]


@pytest.mark.parametrize("asked", ["of=person", "of=partner", "period=decade", "by=luck", "limit=0", "of=%00"])
def test_a_board_that_there_is_not_is_refused_with_its_place(asked: str) -> None:
    answer = get(f"{BOARDS}?{asked}", person=ADMIN)
    assert (answer.status_code, answer.json()["issues"][0]["location"]) == (422, f"query.{asked.partition('=')[0]}")


def test_before_anything_is_counted_there_is_an_empty_board() -> None:
    found = get(BOARDS, person=ADMIN).json()
    assert (found["items"], found["total"], found["first"], found["counted_on"]) == ([], 0, None, None)


def people(person: str = ADMIN) -> dict[str, Any]:
    found: dict[str, Any] = get(PEOPLE, person=person).json()
    return found


def test_people_are_shown_who_asked_for_it_and_as_they_asked() -> None:
    crowd = crew("south", 11)
    for nth, key in enumerate(crowd[:10]):
        ask(key, "pseudonym" if nth % 2 else "name")
    certify(crowd[1], "basics", since=RECENT)
    certify(crowd[10], "basics", since=RECENT)
    count_boards(FIRM)
    found = people()
    assert (found["asked"], found["minimum"], len(found["items"])) == (10, 10, 10)
    assert found["items"][0] == {"rank": 1, "is_tied": False, "name": "Orbit south-1", "earned": 1}
    assert {one["name"] for one in found["items"]} == {
        f"Orbit {key}" if nth % 2 else f"Example {key}" for nth, key in enumerate(crowd[:10])
    }


def test_of_nine_who_asked_nobody_is_shown() -> None:
    for key in crew("south", 9):
        ask(key, "name")
    count_boards(FIRM)
    assert (people()["asked"], people()["items"]) == (9, [])


def test_a_vendor_reads_partners_and_a_regional_lead_those_of_the_region() -> None:
    employ(*(f"out-{nth}" for nth in range(11)), owner="harbor")
    count_partner_boards("harbor")
    shown = {
        person: [line["key"] for line in get(PARTNERS, person=person).json()["items"]]
        for person in ("manager", "lead", "other-lead")
    }
    assert shown == {"manager": [FIRM], "lead": [FIRM], "other-lead": []}
    # The other regions are too small, and this one could be subtracted from the whole.
    regions = get(f"{PARTNERS}?of=region").json()
    assert (regions["items"], regions["hidden"]) == ([], 3)
    assert "out-" not in get(PARTNERS).content.decode()
