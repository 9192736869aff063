"""Renames, mergers, several mail addresses, resellers that nobody knows: a name becomes an id or stands in the report."""

from __future__ import annotations

from typing import Any

from swingby.facts import FactSet, from_rows, unreached
from tests.facts.programs import program

ORGANIZATIONS = [
    {"organization": "o1", "name": "Merrowick Services"},
    {"organization": "o2", "name": "Tarnwick Labs"},
    {"organization": "o3", "name": "Calderwyn Distribution"},
]
SALE = {"distributor": "o3", "happened_on": "2025-03-10", "product": "keep"}


def found(facts: FactSet, query: str) -> list[tuple[Any, ...]]:
    return facts.connection.execute(query).fetchall()


def test_a_mail_address_becomes_its_person_and_is_kept_nowhere() -> None:
    held = {"starts_on": "2025-01-01", "code": "x1"}
    facts = from_rows(
        {
            "people": [{"person": "p1"}, {"person": "p2"}],
            "mails": [
                {"mail": "Ola@merrowick.example", "person": "p1"},
                {"mail": "ola.private@mail.example", "person": "p1"},
                {"mail": "shared@merrowick.example", "person": "p2"},
            ],
            "credentials": [
                held | {"fact_id": "c1", "person": "OLA@merrowick.example "},
                held | {"fact_id": "c2", "person": "ola.private@mail.example"},
                held | {"fact_id": "c3", "person": "p2"},
                held | {"fact_id": "c4", "person": "nobody@mail.example"},
            ],
        },
        program(),
    )
    assert found(facts, "SELECT fact_id, person FROM fact_credentials ORDER BY 1") == [
        ("c1", "p1"),
        ("c2", "p1"),
        ("c3", "p2"),
        ("c4", "nobody@mail.example"),
    ]
    assert [(issue.line, issue.column, issue.value, issue.code) for issue in facts.issues] == [
        (4, "person", "nobody@mail.example", "reference-unknown")
    ]
    assert facts.count("mails") == 0


def test_a_name_that_is_learned_later_changes_no_made_id() -> None:
    held = {"starts_on": "2025-01-01", "code": "x1", "person": "ola@mail.example"}
    before = from_rows({"credentials": [held]}, program())
    after = from_rows({"credentials": [held], "mails": [{"mail": "ola@mail.example", "person": "p1"}]}, program())
    query = "SELECT fact_id FROM fact_credentials"
    assert found(before, query) == found(after, query)
    assert found(after, "SELECT person FROM fact_credentials") == [("p1",)]


def test_a_renamed_firm_is_known_by_all_its_names() -> None:
    visit = {"kind": "visit", "happened_on": "2025-03-10"}
    facts = from_rows(
        {
            "organizations": ORGANIZATIONS,
            "organization_names": [{"name": "Merrow IT", "organization": "o1"}],
            "activities": [
                visit | {"fact_id": "a1", "organization": "o1"},
                visit | {"fact_id": "a2", "organization": "merrow  it"},
                visit | {"fact_id": "a3", "organization": "Merrowick Services"},
                visit | {"fact_id": "a4", "organization": "Merrowick"},
            ],
            "enrolments": [{"enrolment": "e1", "organization": "Merrow IT"}],
        },
        program(),
    )
    assert found(facts, "SELECT fact_id, organization FROM fact_activities ORDER BY 1") == [
        ("a1", "o1"),
        ("a2", "o1"),
        ("a3", "o1"),
        ("a4", "Merrowick"),
    ]
    assert found(facts, "SELECT organization FROM ref_enrolments") == [("o1",)]
    assert [(issue.line, issue.value, issue.code) for issue in facts.issues] == [(4, "Merrowick", "reference-unknown")]


def test_a_name_of_two_firms_stands_for_neither() -> None:
    facts = from_rows(
        {
            "organizations": [{"organization": "o1", "name": "North"}, {"organization": "o2", "name": "north"}],
            "activities": [{"kind": "visit", "happened_on": "2025-03-10", "organization": "North"}],
        },
        program(),
    )
    assert found(facts, "SELECT organization FROM fact_activities") == [("North",)]
    assert [issue.code for issue in facts.issues] == ["reference-unknown"]


def test_a_merged_firm_stands_below_the_one_that_took_it_over() -> None:
    facts = from_rows(
        {
            "organizations": [
                {"organization": "o1", "parent": "o9"},
                {"organization": "o2", "parent": "o9", "merged_into": "o1", "merged_on": "2025-06-02"},
                {"organization": "o9"},
            ]
        },
        program(),
    )
    assert found(facts, "SELECT organization, parent FROM ref_organizations ORDER BY 1") == [
        ("o1", "o9"),
        ("o2", "o1"),
        ("o9", None),
    ]


def test_a_reseller_that_nobody_knows_keeps_its_row_and_counts_for_nobody() -> None:
    facts = from_rows(
        {
            "organizations": ORGANIZATIONS,
            "organization_names": [{"name": "Merrow IT", "organization": "o1"}],
            "point_of_sale": [
                SALE | {"fact_id": "s1", "reseller": "MERROW IT"},
                SALE | {"fact_id": "s2", "reseller": "Tarnwick Lab Pty"},
                SALE | {"fact_id": "s3", "reseller": "Tarnwick Lab Pty"},
                SALE | {"fact_id": "s4", "reseller": "Zed & Sons"},
                SALE | {"fact_id": "s5", "reseller": "Zed & Sons", "organization": "o2"},
            ],
        },
        program(),
    )
    assert found(facts, "SELECT fact_id, organization FROM fact_point_of_sale ORDER BY 1") == [
        ("s1", "o1"),
        ("s2", None),
        ("s3", None),
        ("s4", None),
        ("s5", "o2"),
    ]
    assert [(issue.line, issue.value, issue.code, issue.reason, issue.hint) for issue in facts.issues] == [
        (
            2,
            "Tarnwick Lab Pty",
            "reseller-unknown",
            "No organization is known by this name; 2 rows of point_of_sale name it.",
            "Is it o2? Add the name to organization_names.",
        ),
        (
            4,
            "Zed & Sons",
            "reseller-unknown",
            "No organization is known by this name; 1 row of point_of_sale names it.",
            "Add the name to organization_names.",
        ),
    ]
    assert [str(each) for each in unreached(facts, program())] == [
        "point_of_sale: 3 of 5 rows reach no partner; organization_names links nobody to them"
    ]


def test_numbers_that_cannot_be() -> None:
    facts = from_rows(
        {
            "deal_parties": [
                {"organization": "p", "deal": "d", "starts_on": "2025-01-01", "share": share}
                for share in ("25", "100%", "-1%")
            ],
            "deal_lines": [
                {"deal": "d", "product": "keep", "happened_on": "2025-01-01", "discount": discount}
                for discount in ("15%", "15", "-5%")
            ],
            "cases": [{"customer": "c", "happened_on": "2025-01-01", "reply_hours": "-2"}],
        },
        program(),
    )
    assert [(issue.file, issue.line, issue.column, issue.reason, issue.hint) for issue in facts.errors] == [
        ("cases", 1, "reply_hours", "It is below 0.", ""),
        ("deal_lines", 2, "discount", "It is above 100%.", "Write 25% or 0.25 for a quarter."),
        ("deal_parties", 1, "share", "It is above 100%.", "Write 25% or 0.25 for a quarter."),
        ("deal_parties", 3, "share", "It is below 0.", "Write 25% or 0.25 for a quarter."),
    ]


def test_an_event_recorded_before_it_happened_is_noted() -> None:
    visit = {"organization": "p", "kind": "visit", "happened_on": "2025-03-10"}
    facts = from_rows(
        {
            "activities": [
                visit | {"recorded_at": "2025-03-01T00:00:00Z"},
                visit | {"recorded_at": "2025-03-10T09:00:00Z", "quantity": "1"},
            ]
        },
        program(),
    )
    assert [(issue.line, issue.code, issue.level) for issue in facts.issues] == [(1, "recorded-before", "warning")]
