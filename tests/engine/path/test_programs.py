"""Paths in whole programs: a published one, and that of the example company."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path as File

import pytest

from swingby.engine.path import Condition, Path, PathStep, Total, find_path
from swingby.facts import from_rows
from swingby.program import load, load_text

pytestmark = pytest.mark.slow
EXAMPLES = File(__file__).parents[3] / "examples"
AWS = (EXAMPLES / "published/aws-services-path/program.yaml").read_text()
#: The guide prints no effort; here every certificate takes as long.
EFFORT = "    count: person\n    control: controllable\n    effort: {hours: 40, money: 300}\n"
SINCE = date(2024, 1, 1)


def certificates(people: str, **cells: str) -> list[Mapping[str, object]]:
    return [{"person": person, "starts_on": SINCE, **cells} for person in people]


def named(rows: Sequence[Mapping[str, object]], letter: str) -> list[Mapping[str, object]]:
    return [{"fact_id": f"{letter}{nth:02}", **row} for nth, row in enumerate(rows)]


#: The first worked case under the print of 2024: one senior person short of Advanced.
SHORT_OF_ADVANCED: Mapping[str, Sequence[Mapping[str, object]]] = {
    "organizations": [{"organization": "acme"}],
    "enrolments": [{"enrolment": "acme", "organization": "acme", "joined_on": SINCE}],
    "employments": named([{"organization": "acme", "person": each, "starts_on": SINCE} for each in "abcdefghi"], "e"),
    "credentials": named(
        [
            *certificates("abcde", family="accreditation", role="technical"),
            *certificates("dfgh", family="accreditation", role="business"),
            *certificates("afgh", family="certification", level="foundational"),
            *certificates("acei", family="certification", role="technical", level="associate"),
            *certificates("b", family="certification", role="technical", level="professional"),
            *certificates("d", family="certification", role="technical", level="specialty"),
        ],
        "c",
    ),
    "deals": [
        {"fact_id": f"d{nth}", "deal": f"d{nth}", "stage": "launched", "happened_on": date(2024, 9, 10), "monthly_revenue": Decimal(600)}
        for nth in range(20)
    ],
    "deal_parties": [
        {"fact_id": f"p{nth}", "deal": f"d{nth}", "organization": "acme", "starts_on": SINCE} for nth in range(20)
    ],
    "activities": named([{"organization": "acme", "kind": "public_reference", "happened_on": SINCE}] * 2, "r"),
    "surveys": named([{"organization": "acme", "happened_on": date(2024, 9, 1)}] * 20, "s"),
    "decisions": [
        {"fact_id": "fee", "organization": "acme", "topic": "fee", "outcome": "approved", "starts_on": SINCE},
        {"fact_id": "plan", "organization": "acme", "topic": "business_plan", "outcome": "approved", "starts_on": date(2024, 5, 1)},
    ],
}  # fmt: skip


def test_the_services_path_asks_for_one_senior_person_more() -> None:
    program = load_text(AWS.replace("    count: person\n", EFFORT)).program
    assert program is not None
    today = date(2024, 12, 31)
    with closing(from_rows(SHORT_OF_ADVANCED, program)) as facts:
        assert not facts.errors
        path = find_path(program, facts, partner="acme", as_of=today)
    assert replace(path, rows=()) == Path(
        partner="acme",
        ladder="level",
        tier="advanced",
        held="select",
        as_of=today,
        by=date(2025, 12, 31),
        least="hours",
        outlook="path",
        steps=(
            PathStep(
                rule="senior",
                section="measure",
                label="People with a professional or specialty certificate",
                word="",
                count=1,
                people=("a",),
                start_on=today,
                ready_on=today,
                effort=Total(Decimal(40), Decimal(300)),
                is_costed=True,
                unlocks=("advanced.6",),
            ),
        ),
        effort=Total(Decimal(40), Decimal(300)),
        ready_by=today,
        review_on=today,
        effective_on=today,
        verified=True,
        is_least=False,  # A professional certificate stands for a specialty one.
    )
    assert [(row.path, row.result, row.value, row.line) for row in path.rows] == [
        ("advanced", "met", None, None),
        ("advanced.1", "met", Decimal(5), Decimal(4)),
        ("advanced.2", "met", Decimal(4), Decimal(4)),
        ("advanced.3", "met", Decimal(4), Decimal(4)),
        ("advanced.4", "met", Decimal(8), Decimal(8)),
        ("advanced.5", "met", Decimal(6), Decimal(6)),
        ("advanced.6", "met", Decimal(3), Decimal(3)),
        ("advanced.7", "met", Decimal(20), Decimal(20)),
        ("advanced.8", "met", Decimal(12000), Decimal(10000)),
        ("advanced.9", "met", Decimal(2), Decimal(2)),
        ("advanced.10", "met", Decimal(20), Decimal(20)),
        ("advanced.11", "met", None, None),
        ("advanced.12", "met", None, None),
    ]


JOINED, TODAY = date(2025, 2, 1), date(2026, 1, 31)
STAFF = ("ada", "ben", "cleo", "dan")
SMALL: Mapping[str, Sequence[Mapping[str, object]]] = {
    "organizations": [{"organization": "acme", "business_model": "resell", "region": "emea"}],
    "enrolments": [{"enrolment": "acme", "organization": "acme", "joined_on": JOINED}],
    "employments": named(
        [{"organization": "acme", "person": each, "role": "engineering", "starts_on": JOINED} for each in STAFF], "e"
    ),
    "credentials": named(
        [
            {"person": "ada", "code": "x", "level": "advanced", "role": "engineering", "starts_on": JOINED},
            {"person": "ben", "code": "y", "level": "intermediate", "role": "engineering", "starts_on": JOINED},
        ],
        "c",
    ),
    "activities": named(
        [
            {"organization": "acme", "kind": "plan_reviewed", "happened_on": date(2025, 12, 1)},
            {"organization": "acme", "kind": "customer_active", "happened_on": date(2025, 12, 1)},
            {"organization": "acme", "kind": "customer_new", "happened_on": date(2025, 12, 1)},
        ],
        "a",
    ),
}


#: What is done, how often, from when it counts, its hours, and the points that are reached: 167 are missing at 83.
TO_SELECT = [
    ("survey", 1, date(2026, 2, 1), 1, 87),
    ("pipeline_review", 1, date(2026, 2, 3), 2, 90),
    ("advocacy merchandise_photo", 6, date(2026, 2, 5), 6, 102),
    ("plan_reviews", 1, date(2026, 2, 7), 3, 122),
    ("pipeline_review", 1, date(2026, 3, 1), 2, 125),
    ("pipeline_review", 1, date(2026, 4, 1), 2, 128),
    ("plan_reviews", 1, date(2026, 5, 1), 3, 148),
    ("pipeline_review", 1, date(2026, 5, 1), 2, 151),
    ("survey", 1, date(2026, 5, 1), 1, 155),
    ("advocacy merchandise_photo", 6, date(2026, 5, 1), 6, 167),
    ("pipeline_review", 1, date(2026, 6, 1), 2, 170),
    ("pipeline_review", 1, date(2026, 7, 1), 2, 173),
    ("plan_reviews", 1, date(2026, 8, 1), 3, 193),
    ("pipeline_review", 1, date(2026, 8, 1), 2, 196),
    ("survey", 1, date(2026, 8, 1), 1, 200),
    ("advocacy merchandise_photo", 5, date(2026, 8, 1), 5, 210),
    ("pipeline_review", 1, date(2026, 9, 1), 2, 213),
    ("pipeline_review", 1, date(2026, 10, 1), 2, 216),
    ("plan_reviews", 1, date(2026, 11, 1), 3, 236),
    ("survey", 1, date(2026, 11, 1), 1, 240),
    ("advocacy merchandise_photo", 5, date(2026, 11, 1), 5, 250),
]


def test_a_small_partner_of_the_example_company_reaches_select() -> None:
    program = load(EXAMPLES / "harborline/program").program
    assert program is not None
    with closing(from_rows(SMALL, program)) as facts:
        assert not facts.errors
        path = find_path(program, facts, partner="acme", as_of=TODAY)
    assert [
        (f"{step.rule} {step.word}".strip(), step.count, step.ready_on, step.effort.hours, step.gains[0].value)
        for step in path.steps
    ] == TO_SELECT
    unlocking = {(step.rule, step.ready_on): step.unlocks for step in path.steps if step.unlocks}
    assert unlocking == {
        ("plan_reviews", date(2026, 2, 7)): ("select.3",),
        ("advocacy", date(2026, 11, 1)): ("select.1",),
    }
    assert replace(path, steps=(), rows=()) == Path(
        partner="acme",
        ladder="level",
        tier="select",
        held="member",
        as_of=TODAY,
        by=date(2027, 1, 31),
        least="hours",
        outlook="path",
        effort=Total(Decimal(56)),
        ready_by=date(2026, 11, 1),
        review_on=date(2026, 12, 1),
        effective_on=date(2026, 12, 1),
        verified=True,
        is_least=True,
        depends_on=(
            Condition(
                path="select.1",
                name="total",
                label="Points at least 250",
                control="outcome",
                value=Decimal(250),
                line=Decimal(250),
                gap=Decimal(0),
                is_met=True,
                test="at_least",
            ),
        ),
    )
    assert [(row.path, row.result, row.value, row.line) for row in path.rows] == [
        ("select", "met", None, None),
        ("select.1", "met", Decimal(250), Decimal(250)),
        ("select.2", "met", Decimal(1), Decimal(1)),
        ("select.3", "met", Decimal(4), Decimal(2)),
        ("select.4", "met", None, None),
        ("select.4.1", "met", None, None),
        ("select.4.2", "unmet", None, None),
        ("select.4.2.1", "unmet", None, None),
        ("select.4.2.2", "unmet", Decimal(0), Decimal(3)),
    ]
