"""Who can help: by certification, role, level and place, on a day, with what the records know of projects."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse

from swingby.web.enablement.finding_parts import HelpersPage
from tests.web.acting import signed_in
from tests.web.enablement.firm import FIRM, LEAD, MEMBER, certify, employ, of_the_firm

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 4, 6)


def helpers(**asked: str) -> HelpersPage:
    answer = signed_in(LEAD).get(reverse("learning:helpers", args=[FIRM]), asked)
    assert answer.status_code == 200
    page = answer.context["page"]
    assert isinstance(page, HelpersPage)
    return page


def told(**asked: str) -> list[tuple[str, str]]:
    return [(line.name, line.free) for line in helpers(**asked).lines if line.name in {"ola", "mia", "kim"}]


def insert(table: str, **columns: Any) -> None:
    row = {"owner_org": FIRM, "partner_org": FIRM, **columns}
    with of_the_firm(), connection.cursor() as cursor:
        names, places = ", ".join(row), ", ".join(["%s"] * len(row))
        cursor.execute(f"INSERT INTO {table} ({names}) VALUES ({places})", list(row.values()))


def on_a_project(person: str, until: date | None) -> None:
    since = date(2026, 1, 1)
    written = {"fact_id": f"{person}-{until}", "position": 1, "source": "example"}
    insert("fact_assignments", **written, person=person, project="p", starts_on=since, ends_on=until)


@pytest.fixture(autouse=True)
def nobody_is_on_a_project() -> None:
    with of_the_firm(), connection.cursor() as cursor:
        cursor.execute("UPDATE fact_assignments SET reversed_position = 1 WHERE owner_org = %s", [FIRM])


def test_who_holds_it_on_monday_and_who_does_not() -> None:
    employ("ola", "mia", "kim")
    certify("ola", "expert", until=date(2026, 4, 20))
    certify("mia", "expert", until=MONDAY)
    certify("kim", "basics")
    page = helpers(code="expert")
    assert page.day == MONDAY
    assert [(line.name, line.holds, line.is_ending) for line in page.lines] == [("ola", ("Harbor Expert",), True)]
    assert [name for name, _ in told(level="fundamentals")] == ["kim"]
    assert [name for name, _ in told(role="engineering")] == ["kim", "ola"]
    assert told(role="sales") == []


def test_near_the_customer() -> None:
    employ("ola", office="lyon")
    employ("mia", office="leeds")
    for person in ("ola", "mia"):
        certify(person, "expert")
    insert("ref_offices", office="lyon", country="FR", region="EMEA")
    assert [name for name, _ in told(code="expert", place="lyon")] == ["ola"]
    assert [name for name, _ in told(code="expert", place="country FR")] == ["ola"]
    assert [name for name, _ in told(code="expert", place="region EMEA")] == ["ola"]
    assert [line.place for line in helpers(code="expert").lines] == ["Leeds", "Lyon, FR"]


def test_who_is_on_no_project_comes_first_and_what_is_unknown_is_said() -> None:
    employ("ola", "mia", "kim")
    for person in ("ola", "mia", "kim"):
        certify(person, "expert")
    on_a_project("kim", date(2026, 5, 1))
    on_a_project("kim", date(2026, 4, 10))
    on_a_project("mia", None)
    on_a_project("ola", MONDAY)
    assert told(code="expert") == [
        ("ola", "On no project by the records"),
        ("kim", "On a project until 1 May 2026"),
        ("mia", "On a project, its end is not known"),
    ]


def test_who_leaves_before_cannot_help() -> None:
    employ("ola", until=date(2026, 4, 1))
    certify("ola", "expert")
    assert told(code="expert") == []
    assert [name for name, _ in told(code="expert", day="2026-03-31")] == ["ola"]


def test_names_are_for_those_who_lead() -> None:
    employ("ola")
    certify("ola", "expert")
    assert signed_in(MEMBER).get(reverse("learning:helpers", args=[FIRM])).status_code == 403


@pytest.mark.parametrize("asked", [{"code": "no\0such"}, {"day": "someday"}, {"place": "x" * 500}, {"role": "'"}])
def test_whatever_is_asked_it_answers(asked: dict[str, str]) -> None:
    helpers(**asked)
