"""Paths of small programs, whole: what is proposed, when, what it unlocks, and what is not in the partner's hands."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

import pytest

from swingby.engine.path import Block, Condition, Gain, Path, PathStep, Risk, Total
from swingby.engine.standing import RequirementRow
from swingby.errors import SwingbyError
from tests.engine.path.tried import AS_OF, JOINED, Facts, path_of, people, rows, steps

pytestmark = pytest.mark.slow
# --- points, as QuickBooks gives them -------------------------------------------------------------------------------

POINTS = """
points:
  clients: {label: Clients, for_each: subscriptions, where: {product: online}, earn: 50}
  certificates:
    label: People with the certificate
    based_on: {count: person, of: credentials, where: {code: online}}
    earn: {rate: 100}
    control: controllable
    effort: {hours: 20, money: 150, lead_days: 14, seats: 1}
  advanced:
    label: People with the advanced certificate
    based_on: {count: person, of: credentials, where: {code: advanced}}
    earn: {rate: 200}
    control: controllable
    effort: {hours: 45, lead_days: 30}
scores: {total: {label: Points, sum: [clients, certificates, advanced]}}
ladders:
  level:
    tiers: [{id: silver}, {id: gold, requires: {score: total, at_least: 200}}, {id: platinum, requires: {score: total, at_least: 800}}]
"""
CERTIFIED: Facts = {
    "employments": people("ann", "bob", "cyd"),
    "credentials": [{"person": "ann", "code": "online", "starts_on": JOINED}],
}


def test_a_path_says_everything_about_its_step() -> None:
    assert path_of(POINTS, CERTIFIED) == Path(
        partner="acme",
        ladder="level",
        tier="gold",
        held="silver",
        as_of=AS_OF,
        by=date(2025, 1, 1),
        least="hours",
        outlook="path",
        steps=(
            PathStep(
                rule="certificates",
                section="points",
                label="People with the certificate",
                word="",
                count=1,
                people=("bob",),
                start_on=AS_OF,
                ready_on=date(2024, 1, 15),
                effort=Total(Decimal(20), Decimal(150), Decimal(1)),
                is_costed=True,
                unlocks=("gold",),
                gains=(Gain("total", "Points", Decimal(100), Decimal(200), Decimal(200)),),
            ),
        ),
        effort=Total(Decimal(20), Decimal(150), Decimal(1)),
        ready_by=date(2024, 1, 15),
        review_on=date(2024, 1, 15),
        effective_on=date(2024, 1, 15),
        verified=True,
        rows=(
            RequirementRow(
                path="gold",
                kind="number",
                name="total",
                label="Points at least 200",
                result="met",
                value=Decimal(200),
                line=Decimal(200),
                gap=Decimal(0),
                test="at_least",
            ),
        ),
    )


@pytest.mark.parametrize(
    ("least", "expected"),
    [
        ("hours", [("certificates", 1, ("bob",), date(2024, 1, 15))]),
        ("money", [("advanced", 1, ("ann",), date(2024, 1, 31))]),
        ("days", [("certificates", 1, ("bob",), date(2024, 1, 15))]),
    ],
)
def test_what_is_weighed_first_decides(least: str, expected: list[tuple[str, int, tuple[str, ...], date]]) -> None:
    assert steps(path_of(POINTS, CERTIFIED, least=least)) == expected


def test_a_day_too_early_is_answered_with_the_first_review_that_can() -> None:
    path = path_of(POINTS, CERTIFIED, by=date(2024, 1, 10))
    assert (path.outlook, path.steps, path.earliest) == ("none", (), date(2024, 1, 15))


def test_a_tier_that_is_held_asks_for_nothing() -> None:
    path = path_of(POINTS, CERTIFIED, to="silver")
    assert (path.outlook, path.held, path.steps, path.rows) == ("held", "silver", (), ())


def test_too_few_people_leave_the_rest_to_an_outcome() -> None:
    path = path_of(POINTS, {**CERTIFIED, "employments": people("ann")}, to="platinum")
    assert (path.outlook, path.depends_on, rows(path)) == (
        "conditional",
        (
            Condition(
                path="platinum",
                name="total",
                label="Points at least 800",
                control="not said",
                value=Decimal(100),
                line=Decimal(800),
                gap=Decimal(700),
                is_met=False,
                test="at_least",
            ),
        ),
        [("platinum", "unmet")],
    )


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"to": "gol"}, "tier-unknown"),
        ({"ladder": "levels"}, "ladder-unknown"),
        ({"by": date(2023, 12, 31)}, "path-days"),
    ],
)
def test_what_cannot_be_meant_is_refused(asked: Mapping[str, object], code: str) -> None:
    with pytest.raises(SwingbyError) as refused:
        path_of(POINTS, CERTIFIED, **asked)
    assert refused.value.code == code


# --- caps, rhythms, reviews -----------------------------------------------------------------------------------------

RHYTHM = """
measures:
  plans: {count: facts, of: activities, where: {kind: plan}, over: {current: quarter}, control: controllable,
          effort: {hours: 3, lead_days: 7}}
  plan_quarters: {label: Quarters with a plan, count: {measure: plans, at_least: 1}, each: quarter, over: {previous: 4 quarters}}
points:
  training: {label: Training, for_each: activities, where: {kind: training}, earn: 10, cap: {at_most: 20, per: quarter},
             control: controllable, effort: {hours: 2}}
scores: {total: {label: Points, sum: [training]}}
ladders:
  level:
    tiers:
      - {id: member}
      - id: gold
        requires: {all: [{measure: plan_quarters, at_least: 2}, {score: total, at_least: 30}]}
    start: member
    promote: {each: month, effective: {after: 1 month}}
    demote: {each: year}
"""


def test_a_rhythm_gains_one_quarter_a_quarter_and_a_full_cap_waits() -> None:
    path = path_of(RHYTHM, {})
    assert (steps(path), path.ready_by, path.review_on, path.effective_on, path.effort) == (
        [
            ("training", 2, (), AS_OF),
            ("plans", 1, (), date(2024, 1, 8)),
            ("plans", 1, (), date(2024, 4, 1)),
            ("training", 1, (), date(2024, 4, 1)),
        ],
        date(2024, 4, 1),
        date(2024, 7, 1),
        date(2024, 8, 1),
        Total(Decimal(12)),
    )
    assert [(step.rule, step.unlocks) for step in path.steps] == [
        ("training", ()),
        ("plans", ()),
        ("plans", ("gold.1",)),
        ("training", ("gold.2",)),
    ]


def test_what_was_done_already_is_not_proposed_again() -> None:
    done: list[Mapping[str, object]] = [{"organization": "acme", "kind": "plan", "happened_on": date(2023, 11, 6)}]
    assert steps(path_of(RHYTHM, {"activities": done})) == [
        ("training", 2, (), AS_OF),
        ("plans", 1, (), date(2024, 1, 8)),
        ("training", 1, (), date(2024, 4, 1)),
    ]


# --- gates, alternatives, what is useless ---------------------------------------------------------------------------

GATED = """
measures:
  leads: {count: person, of: credentials, where: {code: lead}, control: controllable, effort: {hours: 30}}
  experts: {count: person, of: credentials, where: {code: expert}, control: controllable, effort: {hours: 10}}
  visits: {count: facts, of: activities, where: {kind: visit}, over: {last: 12 months}, control: controllable, effort: {hours: 1}}
  sales: {label: Sales, sum: amount, of: transactions, over: {last: 12 months}, control: outcome}
  place: {rank: {measure: sales}}
points:
  expertise: {based_on: {measure: experts}, earn: {rate: 20}, cap: 40, requires: {measure: leads, at_least: 1}}
scores: {total: {sum: [expertise]}}
ladders:
  level:
    tiers:
      - {id: member}
      - {id: gold, requires: {any: [{score: total, at_least: 40}, {measure: leads, at_least: 3}]}}
      - id: elite
        requires:
          all:
            - {score: total, at_least: 40}
            - {label: Sales of 5000, measure: sales, at_least: 5000}
            - {label: Best in sales, measure: place, at_most: 1}
            - {label: Interview, decision: interview}
            - {label: A year with us, count: month, over: {from: joined}, at_least: 24}
    promote: {each: month}
    demote: {each: month}
"""
STAFF: Facts = {"employments": people("ann", "bob", "cyd")}


def test_a_gate_is_opened_where_that_is_cheaper_than_the_other_way() -> None:
    path = path_of(GATED, STAFF)
    assert (steps(path), path.effort) == (
        [("leads", 1, ("ann",), AS_OF), ("experts", 2, ("ann", "bob"), AS_OF)],
        Total(Decimal(50)),
    )
    assert rows(path) == [("gold", "met"), ("gold.1", "met"), ("gold.2", "unmet")]


def test_what_others_decide_is_named_and_not_proposed() -> None:
    names: list[Mapping[str, object]] = [{"organization": name} for name in ("acme", "rival")]
    enrolled: list[Mapping[str, object]] = [
        {"enrolment": name, "organization": name, "joined_on": JOINED} for name in ("acme", "rival")
    ]
    sold: list[Mapping[str, object]] = [
        {"organization": "rival", "amount": Decimal(900), "currency": "USD", "happened_on": date(2023, 12, 1)}
    ]
    facts: Facts = {**STAFF, "organizations": names, "enrolments": enrolled, "transactions": sold}
    path = path_of(GATED, facts, to="elite", by=date(2025, 6, 1))
    assert (path.outlook, path.review_on) == ("conditional", date(2025, 1, 1))
    assert path.depends_on == (
        Condition(
            "elite.2", "sales", "Sales of 5000", "outcome", Decimal(0), Decimal(5000), Decimal(5000), False, "at_least"
        ),
    )
    assert path.blocked_by == (
        Block("elite.3", "Best in sales", "cannot be planned", "cannot be planned: it depends on what others do"),
        Block("elite.4", "Interview", "decision", "the vendor decides it"),
    )


LOW = """
measures:
  visits: {count: facts, of: activities, where: {kind: visit}, over: {last: 12 months}, control: controllable, effort: {hours: 2}}
ladders:
  level:
    tiers: [{id: member}, {id: gold, requires: {all: [{measure: visits, at_least: 2}, {measure: visits, at_most: 5}]}}]
"""


def test_what_must_stay_low_is_not_overdone() -> None:
    path = path_of(LOW, {})
    assert (steps(path), path.outlook) == ([("visits", 2, (), AS_OF)], "path")


def test_what_two_requirements_ask_for_is_paid_once() -> None:
    text = GATED.replace("{any: [{score: total, at_least: 40}, {measure: leads, at_least: 3}]}", TWICE)
    assert text != GATED
    path = path_of(text, STAFF, to="gold")
    assert (steps(path), path.effort) == ([("experts", 2, ("ann", "bob"), AS_OF)], Total(Decimal(20)))


TWICE = "{all: [{measure: experts, at_least: 2}, {any: [{measure: experts, at_least: 2}, {measure: visits, at_least: 15}]}]}"


# --- at risk --------------------------------------------------------------------------------------------------------


def test_what_lapses_before_the_review_is_renewed() -> None:
    text = POINTS.replace(
        "ladders:\n  level:\n", "ladders:\n  level:\n    promote: {each: quarter}\n    demote: {each: quarter}\n"
    )
    lapsing = {"person": "ann", "code": "online", "starts_on": JOINED, "ends_on": date(2024, 2, 1), "fact_id": "c1"}
    path = path_of(text, {**CERTIFIED, "credentials": [lapsing]})
    assert steps(path) == [("certificates", 2, ("bob", "cyd"), date(2024, 1, 15))]
    assert path.at_risk == (
        Risk("credentials", "credentials", Decimal(1), date(2024, 2, 1), "c1", "ann"),
        Risk("total", "Points", Decimal(100), None),
    )


def test_the_same_question_has_the_same_answer() -> None:
    found = path_of(GATED, STAFF)
    assert path_of(GATED, STAFF) == found
