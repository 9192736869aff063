"""The card of a change, from facts of which the truth is known."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random

import pytest

from swingby.errors import MisusedError
from swingby.facts import FactSet
from swingby.insight import Act, Card, ChangeQuestion, Noted, Outcome, Result, Verdict, answer_change
from swingby.program import Program, load
from swingby.values import add_months
from tests.insight.company import Row, facts

SINCE, CHANGED, UNTIL = date(2022, 1, 1), date(2024, 1, 1), date(2025, 1, 1)
RULES = """
program: {{id: small, label: Small, language: 1, version: "{version}", effective: {effective}, currency: USD}}
measures:
  sales: {{label: Sales, sum: amount, of: deals, where: {{stage: won}}, over: {{last: 12 months}}, control: outcome, unit: USD}}
  plans: {{label: Plans, count: facts, of: activities, where: {{kind: plan}}, over: {{last: 12 months}}, control: controllable}}
ladders:
  level:
    label: Tier
    tiers:
      - {{id: member, label: Member}}
      - {{id: gold, label: Gold, requires: {{all: [{{measure: sales, at_least: 20000}}, {{measure: plans, at_least: {plans}}}]}}}}
    start: member
    promote: {{each: quarter}}
    demote: {{each: quarter}}
"""
QUESTION = ChangeQuestion(SINCE, UNTIL)
LINE = replace(QUESTION, line=Decimal(60_000))


def version(folder: Path, name: str, plans: int, effective: str) -> Program:
    """A version that asks for sales of 20,000 a year and for so many plans."""
    place = folder / name
    place.mkdir()
    (place / "program.yaml").write_text(RULES.format(version=name, plans=plans, effective=effective))
    found = load(place)
    assert found.program is not None, found.issues
    return found.program


def drawn(*, raised: float, partners: int = 90, players: int = 0) -> dict[str, list[Row]]:
    """Partners that win three deals a month; every second one plans nothing, and sells more since the change by ``raised``.

    Players have plans; they end just below a line in the year before and just above it since.
    """
    random = Random(3)
    names = ("organizations", "enrolments", "deals", "deal_parties", "activities")
    tables: dict[str, list[Row]] = {name: [] for name in names}
    for nth in range(partners):
        key, level = f"p{nth:03}", 1500 * random.lognormvariate(0, 0.4)
        _partner(tables, key, date(2021, 1, 1) if nth < partners - 5 else date(2024, 3, 1), plans=nth % 2 == 0)
        for month in range(-12, 36):
            day = add_months(SINCE, month)
            more = 1 + (raised if day >= CHANGED and nth % 2 else 0.0)
            for deal in range(3):
                amount = level * more * random.uniform(0.75, 1.25)
                _deal(tables, f"{key}-{month}-{deal}", key, day + timedelta(days=9 * deal), amount)
    for nth in range(players):
        key = f"x{nth:03}"
        _partner(tables, key, date(2021, 1, 1), plans=True)
        for month in range(-12, 36):
            yearly = 61_000 if month >= 24 else 58_500
            _deal(tables, f"{key}-{month}", key, add_months(SINCE, month), yearly / 12)
    return tables


def ordinary() -> dict[str, list[Row]]:
    """A product that becomes a tenth dearer, a currency that does, and a source that begins: all in the days of the change."""
    days = [date(2023, 11, 5), date(2024, 2, 5)]
    return {
        "deal_lines": [
            {
                "deal": "p000-1-1",
                "product": "p",
                "quantity": Decimal(2),
                "list_amount": Decimal(200 + 20 * nth),
                "currency": "USD",
                "happened_on": day,
            }
            for nth, day in enumerate(days)
            for _ in range(5)
        ],
        "exchange_rates": [
            {"currency": "EUR", "valued_on": day, "rate": Decimal(10 + nth) / 10} for nth, day in enumerate(days)
        ],
        "coverage": [{"kind": "surveys", "source": "panel", "complete_from": date(2024, 1, 15)}],
    }


def _partner(tables: dict[str, list[Row]], key: str, joined: date, *, plans: bool) -> None:
    tables["organizations"].append({"organization": key, "region": "north"})
    tables["enrolments"].append({"enrolment": key, "organization": key, "joined_on": joined})
    for year in (2021, 2022, 2023, 2024) if plans else ():
        tables["activities"].append({"organization": key, "kind": "plan", "happened_on": date(year, 3, 1)})


def _deal(tables: dict[str, list[Row]], deal: str, key: str, day: date, amount: float) -> None:
    worth = Decimal(str(round(amount, 2)))
    tables["deals"].append({"deal": deal, "stage": "won", "amount": worth, "currency": "USD", "happened_on": day})
    tables["deal_parties"].append({"deal": deal, "organization": key, "starts_on": add_months(day, -1)})


@pytest.fixture(scope="module")
def versions(tmp_path_factory: pytest.TempPathFactory) -> tuple[Program, Program]:
    """The new version asks for a plan a year, which the one before does not."""
    folder = tmp_path_factory.mktemp("versions")
    return version(folder, "2", 1, "2024-01-01"), version(folder, "1", 0, "2021-01-01")


@pytest.fixture(scope="module")
def raised(versions: tuple[Program, Program]) -> Iterator[FactSet]:
    """Those whom the new rule moves down sell half as much again since."""
    with facts(drawn(raised=0.5), rules=versions[0]) as found:
        yield found


@pytest.fixture(scope="module")
def unmoved(versions: tuple[Program, Program]) -> Iterator[FactSet]:
    """Nobody sells more or less than before, but twenty see to it that they end just above a line."""
    tables = drawn(raised=0.0, players=20) | ordinary()
    with facts(tables, rules=versions[0]) as found:
        yield found


def asked(facts: FactSet, versions: tuple[Program, Program], question: ChangeQuestion = QUESTION) -> Card:
    return answer_change(question, facts, versions[0], against=versions[1])


@pytest.fixture(scope="module")
def card(raised: FactSet, versions: tuple[Program, Program]) -> Card:
    return asked(raised, versions)


def test_it_says_what_the_rules_alone_would_have_moved_and_what_partners_did(card: Card) -> None:
    assert (card.question, card.verdict) == ("What did version 2 of Small do?", Verdict.SHOWN)
    assert card.sentence == (
        "If nobody changed behaviour: 42 of 85 Gold drop, none rise (review of 2023-10-01). Of those whom it "
        "moves down: version 2 raised revenue by 48 % (44 % to 53 %)."
    )


def test_figures_are_those_of_the_effect_the_line_and_the_rules(card: Card) -> None:
    assert [(figure.label, round(figure.value, 2)) for figure in card.figures] == [
        ("Effect on revenue, of those whom it moves down", 0.48),
        ("What that is worth over 6 months", 589045.73),
        ("Smallest effect that would likely have been seen", 0.06),
        ("Difference, not effect: all partners' revenue over 12 months, against the same a year before", 0.25),
        ("The rules alone would have moved up", 0),
        ("The rules alone would have moved down", 42),
    ]


def test_counts_say_whom_the_change_moves(card: Card) -> None:
    assert {count.label: count.number for count in card.counts} == {
        "reviews replayed": 8,
        "partners compared at the last of them": 85,
        "moved up, by the review long enough before": 0,
        "moved down": 42,
        "left where they are": 43,
        "left out: moved aside, not known, or enrolled later": 5,
        "studied of those moved down": 42,
        "compared with, for those moved down": 43,
    }


def test_the_same_facts_give_the_same_card(raised: FactSet, versions: tuple[Program, Program], card: Card) -> None:
    assert asked(raised, versions) == card


def test_where_nobody_does_anything_else_nothing_is_shown(unmoved: FactSet, versions: tuple[Program, Program]) -> None:
    card = asked(unmoved, versions)
    assert card.verdict is Verdict.NOT_SHOWN
    assert card.sentence == (
        "If nobody changed behaviour: 42 of 105 Gold drop, none rise (review of 2023-10-01). Of those whom it "
        "moves down: it is not shown that version 2 changed revenue: −2.6 % (−6.1 % to +1.0 %) may be chance, and an "
        "effect below 5.0 % would likely have gone unseen."
    )
    assert card.decision == (
        "Neither praise nor blame the version for what came since. Bring the next change in by waves, drawn by lot."
    )


def test_partners_that_gather_above_a_line_since_are_seen(unmoved: FactSet, versions: tuple[Program, Program]) -> None:
    card = asked(unmoved, versions, LINE)
    assert card.verdict is Verdict.SHOWN
    assert card.sentence == (
        "If nobody changed behaviour: 42 of 105 Gold drop, none rise (review of 2023-10-01). In the year since 25 ended just above "
        "USD 60,000 and 3 just below; in the year before 2 above and 21 below: partners gather above it since the change. Of those "
        "whom it moves down: it is not shown that version 2 changed revenue: −2.6 % (−6.1 % to +1.0 %) may be chance, and an "
        "effect below 5.0 % would likely have gone unseen."
    )
    assert card.decision == (
        "Keep the version, and look into who ends just above the line; the question of gaming names whom to ask."
    )
    assert [(figure.label, figure.value) for figure in card.figures[:2]] == [
        ("Just above the line in the year until 2025-01-01", 25),
        ("Just below it", 3),
    ]
    assert card.picture is not None
    assert [(one.name, [mark.y for mark in one.marks][7:9]) for one in card.picture.series] == [
        ("year until 2024-01-01", [21, 2]),
        ("year until 2025-01-01", [3, 25]),
    ]


def test_what_else_happened_is_told_in_the_order_of_days(unmoved: FactSet, versions: tuple[Program, Program]) -> None:
    question = replace(
        QUESTION, noted=(Noted(date(2024, 2, 1), "the price list rose by 4 %"), Noted(date(2022, 2, 1), "a campaign"))
    )
    card = asked(unmoved, versions, replace(question, also=(Act("deals", "won deals", {"stage": ("won",)}),)))
    assert card.notes == (
        "2021-01-01: version 1 in force.",
        "2022-02-01: a campaign.",
        "2024-01-01: version 2 in force.",
        "2024-01-15: surveys from panel are complete only from then on.",
        "2024-02-01: the price list rose by 4 %.",
        "Around the change: list prices moved by +10 % (the middle one of 1 product).",
        "Around the change: partners that joined: 0 in the 366 days before, 5 in the 366 days since.",
        "Around the change: the rate of EUR moved by +10 %.",
        "Around the change: won deals: 3,480 in the 366 days before, 3,480 in the 366 days since.",
        "All partners won +0.4 % against the same months a year before, which is a difference, not an effect.",
    )
    check = next(check for check in card.checks if check.name == "nothing else then")
    assert (check.result, check.words) == (
        Result.FAILED,
        (
            "Within 3 months, or moved by more than luck since: 2024-01-15 surveys from panel are complete only from then on; "
            "2024-02-01 the price list rose by 4 %; list prices moved by +10 % (the middle one of 1 product); the rate of EUR "
            "moved by +10 %."
        ),
    )


def test_without_a_review_long_enough_before_nobody_is_compared(
    unmoved: FactSet, versions: tuple[Program, Program]
) -> None:
    card = asked(unmoved, versions, replace(QUESTION, settle=30))
    assert card.verdict is Verdict.UNANSWERABLE
    assert card.sentence == (
        "If nobody changed behaviour: 42 of 105 Gold drop, none rise (review of 2023-10-01). What partners did "
        "since cannot be told from these data; all partners won +0.4 % against the same months a year before, "
        "which is a difference, not an effect."
    )
    assert {check.name: check.result for check in card.checks}["whom it moves"] is Result.NOT_RUN


MISUSED = {
    "a day outside": (
        replace(QUESTION, day=UNTIL),
        f"The change, on {UNTIL}, is not between {SINCE} and {UNTIL}.",
    ),
    "within a month": (replace(QUESTION, since=date(2022, 1, 2)), "2022-01-02 is not the first day of a month."),
    "nothing before": (
        replace(QUESTION, since=CHANGED, day=date(2024, 3, 1)),
        "Version 2 begins on 2024-01-01: look at days before it too.",
    ),
    "no line": (replace(QUESTION, line=Decimal(0)), "A line lies above zero."),
    "a year to come": (
        replace(LINE, year_until=date(2025, 2, 1)),
        f"The year until 2025-02-01 is not over on {UNTIL}; leave the line out, or name a year that is.",
    ),
    "a mixed year": (
        replace(LINE, year_until=date(2024, 12, 1)),
        f"The year until 2024-12-01 began before the change, on {CHANGED}.",
    ),
    "after the change": (
        replace(QUESTION, settle=-1),
        "A review that comes after the change says nothing of whom it moves.",
    ),
    "no such facts": (
        replace(QUESTION, also=(Act("campaigns", "campaigns"),)),
        'There is no kind of fact "campaigns"; there are: ',
    ),
}


@pytest.mark.parametrize("name", MISUSED)
def test_a_question_that_makes_no_sense_is_refused(name: str, versions: tuple[Program, Program]) -> None:
    question, said = MISUSED[name]
    with pytest.raises(MisusedError) as caught:
        question.check(*versions)
    assert caught.value.message.startswith(said)


def test_versions_in_the_wrong_order_are_refused(versions: tuple[Program, Program]) -> None:
    with pytest.raises(MisusedError) as caught:
        replace(QUESTION, since=date(2020, 12, 1), day=date(2023, 1, 1)).check(versions[1], versions[0])
    assert caught.value.message == "Version 2 begins no earlier than version 1: name the later one first."


def test_an_outcome_that_is_not_money_is_told_in_its_own_unit(
    raised: FactSet, versions: tuple[Program, Program]
) -> None:
    card = asked(raised, versions, replace(QUESTION, outcome=Outcome.DEAL_SIZE))
    assert (card.verdict, card.figures[0].label) == (Verdict.SHOWN, "Effect on deal size, of those whom it moves down")
