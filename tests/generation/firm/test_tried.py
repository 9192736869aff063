"""What was tried, and what is true about it: the figures that the evidence has to find."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from math import exp, log, sqrt

from tests.generation.firm.written import Span, Written, span

CASH_OFFICES = ["austin", "chicago", "seattle"]
NINETY = timedelta(days=90)
SURE = 1.96


def earned(firm: Written) -> list[tuple[Span, Span]]:
    """Every credential that was earned here, with where its holder worked on that day."""
    return [
        (item, stint)
        for item in firm.credentials()
        for stint in firm.stints()
        if stint.person == item.person and stint.holds(item.starts_on) and item.starts_on.year >= 2024
    ]


def test_nobody_is_without_the_office_board(firm: Written) -> None:
    assert {(row["office"], row["starts_on"], row.get("ends_on", "")) for row in firm.own("boards")} == {
        (office, "2025-01-13", "") for office in ("chicago", "toronto", "austin", "seattle", "monterrey")
    }


def test_study_groups_by_lot(firm: Written) -> None:
    lots = firm.own("study_invitations")
    passed = {
        (row["person"], row["code"]): date.fromisoformat(row["happened_on"])
        for row in firm.own("attempts")
        if row["outcome"] == "passed"
    }
    found: Counter[tuple[str, bool]] = Counter()
    for row in lots:
        drawn = date.fromisoformat(row["happened_on"])
        day = passed.get((row["person"], row["code"]), date.max)
        found[row["drawn"], drawn < day <= drawn + NINETY] += 1
    assert found == {("invited", True): 50, ("invited", False): 46, ("waiting", True): 30, ("waiting", False): 66}
    assert Counter((row["round"], row["drawn"]) for row in lots) == {
        (name, lot): 48 for name in ("spring", "autumn") for lot in ("invited", "waiting")
    }
    assert len({row["person"] for row in lots}) == 192


def test_no_exam_of_who_waited_or_was_invited_is_passed_in_time_but_the_one_aimed_at(firm: Written) -> None:
    """Counting any exam instead of the one aimed at gives the same people."""
    days = {}
    for row in firm.own("study_invitations"):
        days[row["person"]] = (row["drawn"], date.fromisoformat(row["happened_on"]))
    any_ = {
        row["person"]
        for row in firm.own("attempts")
        if row["outcome"] == "passed" and row["person"] in days
        if days[row["person"]][1] < date.fromisoformat(row["happened_on"]) <= days[row["person"]][1] + NINETY
    }
    assert Counter(days[person][0] for person in any_) == {"invited": 50, "waiting": 30}


def test_the_difference_of_study_groups_is_21_points_between_7_and_34() -> None:
    invited, waiting = 50 / 96, 30 / 96
    error = sqrt((invited * (1 - invited) + waiting * (1 - waiting)) / 96)
    found = [round(100 * (invited - waiting + SURE * side * error)) for side in (-1, 0, 1)]
    assert found == [7, 21, 34]


def test_the_stage_in_two_waves_of_twelve_teams(firm: Written) -> None:
    stages = {row["team"]: row for row in firm.own("stages")}
    waves = Counter((row["wave"], row["starts_on"]) for row in stages.values())
    assert waves == {("first", "2025-05-05"): 12, ("second", "2025-08-04"): 12}
    teams = [(span(row, "team"), row["person"]) for row in firm.own("employments")]
    assert {stint.of for stint, _ in teams} == set(stages)
    found = Counter(
        stages[stint.of]["wave"]
        for item, _ in earned(firm)
        if date(2025, 5, 5) <= item.starts_on < date(2025, 8, 4)
        for stint, person in teams
        if person == item.person and stint.holds(item.starts_on)
    )
    assert found == {"first": 52, "second": 40}
    error = sqrt(1 / 52 + 1 / 40)
    low, high = (exp(log(52 / 40) + SURE * side * error) for side in (-1, 1))
    assert (52 / 40, low < 1 < high) == (1.3, True)


def test_money_for_certificates_only_pulled_them_forward(firm: Written) -> None:
    quarters = Counter(
        (stint.of in CASH_OFFICES, (item.starts_on.month + 2) // 3)
        for item, stint in earned(firm)
        if item.starts_on.year == 2024
    )
    assert [[quarters[offered, quarter] for quarter in range(1, 5)] for offered in (True, False)] == [
        [26, 26, 45, 11],
        [14, 16, 16, 17],
    ]
    offers = [(row["office"], row["amount"], row["starts_on"], row["ends_on"]) for row in firm.own("cash_offers")]
    assert sorted(offers) == [(office, "500", "2024-07-01", "2024-10-01") for office in CASH_OFFICES]


def test_22_500_dollars_were_paid(firm: Written) -> None:
    paid = [row for row in firm.own("costs") if row["kind"] == "cash_incentive"]
    assert (len(paid), sum(int(row["amount"]) for row in paid)) == (45, 22_500)
    assert sorted({row["office"] for row in paid}) == CASH_OFFICES
