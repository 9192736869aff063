"""Facts in: one, many, CloudEvents; the same source and id again changes nothing."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection

from swingby.web.domain.standings import current_position
from swingby.web.jobs import waiting_enrolments
from swingby.web.tenancy import act_for_owner
from tests.web.api.asking import post
from tests.web.many import add_partners

pytestmark = pytest.mark.django_db
FACTS, BATCH, EVENTS = (f"/programs/harbor-program/{name}" for name in ("facts", "facts/batch", "events"))
DONE = {"organization": "tarn", "kind": "plan_reviewed", "happened_on": "2026-03-20"}


def fact(key: str = "a-1", source: str = "crm", **values: object) -> dict[str, Any]:
    return {"kind": "activities", "source": source, "id": key, "values": {**DONE, **values}}


def stored(*sources: str) -> list[tuple[Any, ...]]:
    with act_for_owner("harbor"), connection.cursor() as cursor:
        cursor.execute(
            "SELECT fact_id, source, kind, quantity, reversed_position IS NULL, reverses, partner_org"
            " FROM fact_activities WHERE source = ANY (%s) ORDER BY position, fact_id",
            [list(sources or ("crm",))],
        )
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows


def position() -> int:
    with act_for_owner("harbor"):
        return current_position("harbor")


def outcome(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["outcome"]


def test_a_fact_is_written_once_however_often_it_comes() -> None:
    first, again = post(FACTS, fact()), post(FACTS, fact())

    assert (outcome(first), outcome(again)) == ((201, "new"), (200, "same"))
    assert first.json() == {
        "kind": "activities",
        "source": "crm",
        "id": "a-1",
        "outcome": "new",
        "position": position(),
        "warnings": [],
    }
    assert again.json()["position"] is None
    assert stored() == [("a-1", "crm", "plan_reviewed", None, True, None, "tarn")]


def test_other_content_replaces_what_stood_and_an_old_repeat_changes_nothing() -> None:
    answers = [post(FACTS, fact(quantity=quantity)) for quantity in ("1", "2.50", "1", "2.5")]

    assert [outcome(each)[1] for each in answers] == ["new", "changed", "same", "same"]
    assert [(row[0], str(row[3]), row[4], row[5]) for row in stored()] == [
        ("a-1", "1.00000000", False, None),
        ("a-1~2", "2.50000000", True, "a-1"),
    ]


def test_the_same_id_of_two_sources_names_two_facts() -> None:
    answers = [post(FACTS, fact(source=source)) for source in ("crm", "lms", "lms", "crm")]

    assert [outcome(each)[1] for each in answers] == ["new", "new", "same", "same"]
    assert [row[:2] for row in stored("crm", "lms")] == [("a-1", "crm"), ("lms:a-1", "lms")]


def test_what_was_taken_away_does_not_come_back_with_a_late_repeat() -> None:
    away = {"kind": "activities", "source": "crm", "id": "a-1", "withdrawn": True}
    answers = [post(FACTS, body) for body in (fact(), away, away, fact())]

    assert [outcome(each) for each in answers] == [(201, "new"), (201, "withdrawn"), (200, "same"), (200, "same")]
    assert [row[4] for row in stored()] == [False]


def test_a_batch_stands_at_one_position_and_keeps_what_is_right() -> None:
    before = position()
    wrong = fact("a-3", happened_on="2026-02-30", quantity="many")
    answer = post(BATCH, {"facts": [fact("a-1"), fact("a-2"), wrong, fact("a-1"), fact("a-2", quantity=3)]})

    assert answer.status_code == 200
    assert answer.json() == {
        "position": before + 1,
        "counts": {"new": 2, "changed": 1, "same": 1, "withdrawn": 0, "wrong": 1},
        "outcomes": ["new", "new", "wrong", "same", "changed"],
        "issues": [
            {
                "location": "body.facts[2].values.happened_on",
                "code": "date-impossible",
                "message": "There is no such day.",
                "hint": "",
            },
            {
                "location": "body.facts[2].values.quantity",
                "code": "number-shape",
                "message": "It is not a plain number.",
                "hint": answer.json()["issues"][1]["hint"],
            },
        ],
    }
    assert [row[0] for row in stored() if row[4]] == ["a-1", "a-2~2"]


def test_what_changes_nothing_takes_no_position() -> None:
    post(FACTS, fact())
    before = position()
    answer = post(BATCH, {"facts": [fact(), fact()]})

    assert (answer.json()["position"], position()) == (None, before)


def test_every_problem_of_a_fact_has_its_place_and_code() -> None:
    body = {"kind": "activitys", "source": "crm", "id": "a"}
    unknown = post(FACTS, body).json()
    wrong = post(FACTS, fact(organization=None, happened_on=["2026"], quantty=1)).json()

    assert [(each["location"], each["code"], each["hint"]) for each in unknown["issues"]] == [
        ("body.kind", "table-unknown", 'Did you mean "activities"?')
    ]
    assert [(each["location"], each["code"]) for each in wrong["issues"]] == [
        ("body.values.happened_on", "value-type"),
        ("body.values.quantty", "column-unknown"),
    ]


def test_a_person_is_never_named_by_a_mail_address() -> None:
    answer = post(FACTS, fact(person="somebody@example.test"))

    assert (answer.status_code, answer.json()["issues"][0]["code"]) == (422, "reference-unknown")


def test_an_unknown_partner_is_told_and_kept() -> None:
    answer = post(FACTS, fact(organization="nobody-knows"))

    assert outcome(answer) == (201, "new")
    assert [(each["location"], each["code"]) for each in answer.json()["warnings"]] == [
        ("body.values.organization", "reference-unknown")
    ]
    assert stored()[0][-1] is None


def test_a_number_in_json_stays_exact() -> None:
    body = b'{"kind": "activities", "source": "crm", "id": "n", "values": {"organization": "tarn",'
    body += b' "kind": "plan_reviewed", "happened_on": "2026-03-20", "quantity": 1234567890123456.12345678}}'

    assert post(FACTS, body).status_code == 201
    assert str(stored()[0][3]) == "1234567890123456.12345678"


EVENT = {
    "specversion": "1.0",
    "type": "swingby.fact.activities",
    "source": "crm",
    "id": "e-1",
    "time": "2026-03-20T10:00:00Z",
    "data": DONE,
}


def test_an_event_comes_structured_in_a_batch_and_in_binary() -> None:
    structured = post(EVENTS, EVENT, media_type="application/cloudevents+json; charset=utf-8")
    batch = post(EVENTS, [EVENT, {**EVENT, "id": "e-2"}], media_type="application/cloudevents-batch+json")
    said = {"ce-specversion": "1.0", "ce-type": "swingby.fact.activities", "ce-source": "crm", "ce-id": "e%2D3"}
    binary = post(EVENTS, DONE, **said)
    gone = post(EVENTS, {}, **{**said, "ce-type": "swingby.fact.activities.withdrawn"})

    assert [answer.json()["outcomes"] for answer in (structured, batch, binary, gone)] == [
        ["new"],
        ["same", "new"],
        ["new"],
        ["withdrawn"],
    ]
    assert [row[0] for row in stored()] == ["e-1", "e-2", "e-3"]


def test_every_problem_of_an_event_is_told() -> None:
    bad = {**EVENT, "specversion": "0.3", "type": "com.example.sale", "time": "yesterday", "data": [1]}
    answer = post(EVENTS, bad, media_type="application/cloudevents+json")

    assert answer.status_code == 422
    assert [each["location"] for each in answer.json()["issues"]] == [
        *("body[0].specversion", "body[0].type", "body[0].data", "body[0].time")
    ]
    assert post(EVENTS, EVENT).status_code == 415


def test_a_fact_about_a_person_belongs_to_the_partner_that_employs_it() -> None:
    employed = {"organization": "tarn", "person": "p-7", "starts_on": "2026-01-01"}
    certified = {"person": "p-7", "code": "BEACON", "starts_on": "2026-02-01"}
    post(FACTS, {"kind": "employments", "source": "hr", "id": "e", "values": employed})
    post(FACTS, {"kind": "credentials", "source": "lms", "id": "c", "values": certified})
    moved = {**employed, "organization": "sedge", "starts_on": "2026-03-01"}
    post(FACTS, {"kind": "employments", "source": "hr", "id": "e-2", "values": moved})

    with act_for_owner("harbor"), connection.cursor() as cursor:
        cursor.execute("SELECT partner_org FROM fact_credentials WHERE source = 'lms'")
        assert cursor.fetchall() == [("sedge",)]


def jobs() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE task_name IN ('assess_enrolment', 'assess_many')")
        return int(cursor.fetchone()[0])


def test_many_partners_in_one_batch_are_few_jobs() -> None:
    """A thousand facts about 120 partners: three jobs, fifty standings each at most."""
    add_partners(120)
    before = jobs()
    facts = [fact(f"m-{number}", organization=f"many-{number % 120}") for number in range(1000)]
    answer = post(BATCH, {"facts": facts})

    assert answer.json()["counts"]["new"] == 1000
    assert jobs() - before == 3
    with act_for_owner("harbor"):
        waiting = waiting_enrolments(owner="harbor", enrolments=["many-0", "many-119", "harbor-program-tarn"])
    assert waiting == {"many-0", "many-119"}
