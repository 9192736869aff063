"""The oracle against published cases and examples worked out by hand."""

from __future__ import annotations

from datetime import datetime
from fractions import Fraction

import pytest

from . import evaluate
from .making import Making, on

AS_OF = on("2024-06-30")


def quickbooks(*, desktop: str = "", cancelled: bool = False) -> Making:
    """The firm of case PA-1, with desktop certificates and a cancelled client for the other two."""
    made = Making("quickbooks-proadvisor").employ("abcde")
    for product, count in [("online", 12), ("self_employed", 2), ("payroll", 4), ("desktop_bundle", 3)]:
        for client in range(count):
            ends = "2024-06-30" if cancelled and (product, client) == ("online", 0) else None
            made.state("subscriptions", "2024-01-15", ends, customer=f"c{client}", product=product)
    made.certify("abc", code="online").certify("a", code="online").certify("b", code="advanced_online")
    return made.certify(desktop, code="desktop")


@pytest.mark.parametrize(
    ("made", "total", "tier"),
    [
        (quickbooks(), 1450, "platinum"),
        (quickbooks(desktop="de"), 1650, "elite"),
        (quickbooks(desktop="de", cancelled=True), 1600, "elite"),
        (Making("quickbooks-proadvisor"), 0, "silver"),
    ],
    ids=["PA-1", "PA-2", "PA-3", "new firm"],
)
def test_quickbooks_cases(made: Making, total: int, tier: str) -> None:
    result = evaluate(made.world(), "e1", AS_OF)
    assert (result.numbers["total"], result.tiers) == (total, {"level": tier})


def test_quickbooks_removal_is_dated() -> None:
    made = quickbooks(desktop="de", cancelled=True).world()
    assert [evaluate(made, "e1", on(day)).numbers["total"] for day in ("2024-06-29", "2024-06-30")] == [1650, 1600]


def aws(*, c_level: str = "professional", launches: int = 22, monthly: int = 11200, a_leaves: bool = False) -> Making:
    """The partner of the worked example for AWS, with the changes of the cases."""
    made = Making("aws-services-path").employ("bcdefghi").employ("a", ends="2024-06-01" if a_leaves else None)
    made.certify("abcde", family="accreditation", role="technical").certify(
        "dfgh", family="accreditation", role="business"
    )
    made.certify("afgh", family="certification", level="foundational", role="any")
    for person, level in [("a", "associate"), ("b", "professional"), ("c", c_level), ("d", "specialty")]:
        made.certify(person, family="certification", role="technical", level=level)
    made.certify("ei", family="certification", role="technical", level="associate")
    for deal in range(launches):
        revenue = monthly if deal == 0 else 0
        made.event("deals", "2024-02-01", deal=f"d{deal}", stage="launched", monthly_revenue=revenue)
    for _ in range(2):
        made.event("activities", "2022-01-01", kind="public_reference")
    for _ in range(21):
        made.event("surveys", "2024-03-01")
    for topic in ("business_plan", "fee"):
        made.state("decisions", "2024-01-01", topic=topic, outcome="approved")
    return made


@pytest.mark.parametrize(
    ("made", "tier"),
    [
        (aws(c_level="associate"), "select"),
        (aws(), "advanced"),
        (aws(launches=19), "select"),
        (aws(monthly=9500), "select"),
        (aws(a_leaves=True), "select"),
    ],
    ids=["AWS-1", "AWS-2", "AWS-3", "AWS-4", "AWS-5"],
)
def test_aws_cases(made: Making, tier: str) -> None:
    assert evaluate(made.world(), "e1", AS_OF).tiers == {"level": tier}


def test_aws_leaver_takes_certificates_along() -> None:
    numbers = evaluate(aws(a_leaves=True).world(), "e1", AS_OF).numbers
    assert [numbers[name] for name in ("foundational", "technical", "accredited")] == [3, 5, 7]


def test_aws_row_says_what_is_missing() -> None:
    rows = evaluate(aws(c_level="associate").world(), "e1", AS_OF).rows
    assert rows["level", "advanced", "5"] == (2, 3, 1, "unmet")
    assert rows["level", "advanced", ""] == (None, None, None, "unmet")
    assert rows["level", "premier", ""][1:] == (182, 182, "unmet")


def test_launches_leave_the_window_after_twelve_months() -> None:
    world = aws().world()
    days = ("2025-01-31", "2025-02-01")
    assert [evaluate(world, "e1", on(day)).numbers["launches"] for day in days] == [22, 0]


CAPPED = """
program: {id: x, effective: 2023-02-01, currency: USD}
calendars: {fiscal: {starts: 02-01}}
points:
  training: {for_each: activities, where: {kind: training}, earn: 4,
             cap: {at_most: 10, per: fiscal quarter}, expires: {after: 12 months}}
  campaign: {for_each: activities, where: {kind: campaign}, earn: {initially: 40, 2024-05-01: 25}, cap: 60}
scores: {total: {sum: [training, campaign], cap: 70}}
"""


def test_cap_per_fiscal_quarter_and_expiry() -> None:
    made = Making(CAPPED)
    for day in ("2024-01-31", "2024-02-01", "2024-02-29", "2024-03-01", "2024-04-30"):
        made.event("activities", day, kind="training")
    world = made.world()
    result = evaluate(world, "e1", on("2024-05-31"))
    assert [entry[2:] for entry in result.entries["training"]] == [(4, 4), (4, 4), (4, 4), (4, 2), (4, 0)]
    totals = [evaluate(world, "e1", on(day)).numbers["training"] for day in ("2025-01-30", "2025-01-31", "2025-02-27")]
    assert totals == [14, 10, 6]
    assert [evaluate(world, "e1", on(day)).numbers["training"] for day in ("2025-02-28", "2025-03-01")] == [2, 0]


def test_dated_rate_and_cap_over_what_is_in_force() -> None:
    made = (
        Making(CAPPED)
        .event("activities", "2024-04-30", kind="campaign")
        .event("activities", "2024-05-01", kind="campaign")
    )
    result = evaluate(made.world(), "e1", on("2024-05-01"))
    assert [entry[2:] for entry in result.entries["campaign"]] == [(40, 40), (25, 20)]


RHYTHM = """
program: {id: x, effective: 2023-02-01, currency: USD}
calendars: {fiscal: {starts: 02-01}}
measures:
  plans: {count: facts, of: activities, where: {kind: plan}, over: {current: fiscal quarter}}
  plan_quarters: {count: {measure: plans, at_least: 1}, each: fiscal quarter, over: {previous: 4 fiscal quarters}}
  half: {ratio: [plan_quarters, 4]}
  thirds: {product: [{ratio: [1, 3]}, 3]}
  gate: {product: [10, {by: organization.region, emea: 85%, apac: 60%, otherwise: 100%}]}
ladders:
  level:
    tiers:
      - {id: member}
      - {id: select, requires: {measure: plan_quarters, at_least: 2}}
      - {id: gold, requires: {all: [{measure: plan_quarters, at_least: all}, {measure: thirds, at_least: 1}]}}
    start: member
    promote: {each: month}
    demote: {dates: [02-01, 08-01], grace: 90 days}
"""


def rhythm() -> Making:
    """A plan in each fiscal quarter of a year, then none."""
    made = Making(RHYTHM)
    for day in ("2024-02-01", "2024-05-31", "2024-10-31", "2025-01-31"):
        made.event("activities", day, kind="plan")
    return made


def test_rhythm_counts_complete_fiscal_quarters() -> None:
    world = rhythm().world()
    days = ("2024-04-29", "2024-04-30", "2024-10-31", "2025-01-31", "2025-04-30")
    assert [evaluate(world, "e1", on(day)).numbers["plan_quarters"] for day in days] == [0, 1, 3, 4, 3]
    assert evaluate(world, "e1", on("2025-01-31")).numbers["gate"] == 6


def test_walk_promotes_monthly_and_demotes_on_dates_with_grace() -> None:
    world = rhythm().world()
    days = {
        "2024-07-31": "member",
        "2024-08-01": "select",
        "2025-01-31": "select",
        "2025-02-01": "gold",
        "2025-07-31": "gold",  # all four quarters held until 29 April; 90 days before 31 July is 2 May
        "2025-08-01": "select",
        "2026-02-01": "member",
    }
    assert {day: evaluate(world, "e1", on(day)).tiers["level"] for day in days} == days


GRACE = """
program: {id: x, effective: 2023-02-01}
measures: {engineers: {count: person, of: credentials, where: {level: advanced}}}
ladders:
  level:
    tiers: [{id: select}, {id: gold, requires: {measure: engineers, at_least: 2}}]
    start: select
    promote: {each: month}
    demote: {dates: [02-01, 08-01], grace: 90 days}
"""


def test_day_ninety_of_grace_still_protects() -> None:
    made = Making(GRACE).employ("a").employ("b", ends="2025-11-03").certify("ab", level="advanced")
    world = made.world()
    days = {"2025-11-03": "gold", "2026-02-01": "gold", "2026-07-31": "gold", "2026-08-01": "select"}
    assert {day: evaluate(world, "e1", on(day)).tiers["level"] for day in days} == days
    earlier = Making(GRACE).employ("a").employ("b", ends="2025-11-02").certify("ab", level="advanced").world()
    assert evaluate(earlier, "e1", on("2026-02-01")).tiers == {"level": "select"}


def test_a_late_fact_changes_the_next_review_not_the_last() -> None:
    late = datetime(2024, 3, 15, 12)
    made = Making(GRACE).employ("ab").certify("a", level="advanced").certify("b", level="advanced", recorded_at=late)
    world = made.world()
    tiers = {day: evaluate(world, "e1", on(day)).tiers["level"] for day in ("2024-03-31", "2024-04-01")}
    assert tiers == {"2024-03-31": "select", "2024-04-01": "gold"}
    assert evaluate(world, "e1", on("2024-03-31"), history="in_hindsight").tiers == {"level": "gold"}


def test_a_reversed_fact_is_known_only_before_its_reversal() -> None:
    made = Making(GRACE).employ("a", starts="2023-01-01").certify("a", starts="2024-01-01", level="advanced")
    world = made.take_back("credentials", "credentials-000", datetime(2024, 5, 1, 12)).world()
    found = [evaluate(world, "e1", on("2024-06-01"), known).numbers["engineers"] for known in (1, 2, 3, None)]
    assert found == [0, 1, 0, 0]


def test_a_third_is_exact() -> None:
    assert evaluate(rhythm().world(), "e1", on("2024-04-30")).numbers["half"] == Fraction(1, 4)
