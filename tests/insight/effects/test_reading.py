"""Facts become partners by months: each row counts once, for whom and when it should."""

from datetime import date
from decimal import Decimal

import numpy as np
import pytest

from swingby.errors import MisusedError
from swingby.insight import Act, EffectQuestion, Outcome
from swingby.insight.effects.reading import Months, read_months
from swingby.insight.numerics.panel import NEVER
from tests.insight.company import Row, facts, program

SINCE, UNTIL = date(2024, 1, 1), date(2024, 5, 1)
ADVANCED = Act("credentials", "the first advanced engineer", {"level": ("advanced",)})
QUESTION = EffectQuestion(ADVANCED, Outcome.DEAL_SIZE, SINCE, UNTIL)


def enrolled(*names: str, joined: date | None = date(2020, 1, 1)) -> dict[str, list[Row]]:
    return {
        "organizations": [{"organization": name, "region": "north"} for name in names],
        "enrolments": [{"enrolment": name, "organization": name, "joined_on": joined} for name in names],
    }


def deal(name: str, stage: str, day: date, amount: int | None = None, **more: object) -> Row:
    return {"deal": name, "stage": stage, "happened_on": day, "amount": amount and Decimal(amount), **more}


def party(name: str, organization: str, **more: object) -> Row:
    return {"deal": name, "organization": organization, "starts_on": date(2023, 12, 1), **more}


def months(tables: dict[str, list[Row]], question: EffectQuestion = QUESTION, roll_up: str = "nearest") -> Months:
    rules = program(roll_up)
    with facts(tables, rules=rules) as found:
        return read_months(found, rules, question)


def test_a_deal_counts_once_by_its_last_row_in_its_month() -> None:
    read = months(
        enrolled("a", "b")
        | {
            "deals": [
                deal("1", "won", date(2024, 1, 31), 100),
                deal("2", "open", date(2024, 2, 1), 7),
                deal("2", "lost", date(2024, 2, 1)),
                deal("3", "lost", date(2024, 1, 5)),
                deal("3", "won", date(2024, 4, 30), 50),
                deal("4", "won", date(2024, 5, 1), 9),
                deal("5", "won", date(2023, 12, 31), 9),
                deal("6", "won", date(2024, 3, 3), 9, cancelled_on=date(2024, 3, 20)),
            ],
            "deal_parties": [
                *(party(str(name), "a") for name in range(1, 7)),
                party("1", "a", role="referrer"),
                party("1", "b", share=Decimal("0.25")),
            ],
        }
    )
    assert read.partners == ("a", "b")
    assert read.won.tolist() == [[1, 0, 0, 1], [1, 0, 0, 0]]
    assert read.lost.tolist() == [[0, 1, 0, 0], [0, 0, 0, 0]]
    assert read.money.tolist() == [[100, 0, 0, 50], [25, 0, 0, 0]]
    assert np.exp(read.logs).round(9).tolist() == [[100, 1, 1, 50], [100, 1, 1, 1]]
    assert read.sized.tolist() == read.won.tolist()


def test_amounts_are_in_the_programs_currency_and_one_without_a_rate_has_no_size() -> None:
    read = months(
        enrolled("a")
        | {
            "exchange_rates": [
                {"currency": "EUR", "valued_on": date(2024, 2, 1), "rate": Decimal("1.1")},
                {"currency": "EUR", "valued_on": date(2024, 3, 1), "rate": Decimal("1.2")},
            ],
            "deals": [
                deal("1", "won", date(2024, 1, 31), 100, currency="EUR"),
                deal("2", "won", date(2024, 2, 29), 100, currency="EUR"),
                deal("3", "won", date(2024, 3, 1), 100, currency="EUR"),
                deal("4", "won", date(2024, 4, 1), 100),
            ],
            "deal_parties": [party(str(name), "a") for name in range(1, 5)],
        }
    )
    assert read.money.round(9).tolist() == [[0, 110, 120, 100]]
    assert (read.won.tolist(), read.sized.tolist()) == ([[1, 1, 1, 1]], [[0, 1, 1, 1]])


def test_a_partner_begins_when_a_person_who_works_there_holds_the_certificate() -> None:
    tables = enrolled("a", "b", "c", "d", "e") | {
        "people": [{"person": name} for name in "vwxyz"],
        "employments": [
            {"organization": "a", "person": "v", "starts_on": date(2020, 1, 1)},
            {"organization": "b", "person": "w", "starts_on": date(2024, 3, 5)},
            {"organization": "c", "person": "x", "starts_on": date(2020, 1, 1), "ends_on": date(2024, 1, 20)},
            {"organization": "d", "person": "x", "starts_on": date(2024, 2, 1)},
            {"organization": "e", "person": "y", "starts_on": date(2020, 1, 1)},
            {"organization": "e", "person": "z", "starts_on": date(2020, 1, 1)},
        ],
        "credentials": [
            {"person": "v", "level": "advanced", "starts_on": date(2023, 6, 1)},
            {"person": "w", "level": "advanced", "starts_on": date(2023, 6, 1)},
            {"person": "x", "level": "advanced", "starts_on": date(2024, 2, 10)},
            {"person": "y", "level": "basic", "starts_on": date(2024, 1, 10)},
            {"person": "z", "level": "advanced", "starts_on": date(2024, 5, 1)},
        ],
    }
    assert months(tables).began.tolist() == [-1, 2, NEVER, 1, NEVER]


def test_a_certificate_that_was_taken_back_never_began_anything() -> None:
    tables = enrolled("a") | {
        "people": [{"person": "v"}],
        "employments": [{"organization": "a", "person": "v", "starts_on": date(2020, 1, 1)}],
        "credentials": [
            {"fact_id": "1", "person": "v", "level": "advanced", "starts_on": date(2024, 2, 1)},
            {"fact_id": "2", "reverses": "1", "recorded_at": "2024-04-01T00:00:00Z"},
        ],
    }
    assert (months(tables).began.tolist(), months(tables, replaced(known_at=2)).began.tolist()) == ([NEVER], [1])


def test_own_acts_need_no_link_and_cancelled_ones_do_not_count() -> None:
    act = Act("activities", "the plan", {"kind": ("plan", "plan_b")})
    tables = enrolled("a", "b", "c") | {
        "activities": [
            {"organization": "a", "kind": "plan", "happened_on": date(2024, 2, 1), "cancelled_on": date(2024, 2, 9)},
            {"organization": "a", "kind": "plan", "happened_on": date(2024, 3, 1)},
            {"organization": "b", "kind": "plan_b", "happened_on": date(2024, 1, 1)},
            {"organization": "c", "kind": "call", "happened_on": date(2024, 1, 1)},
        ],
    }
    assert months(tables, EffectQuestion(act, Outcome.REVENUE, SINCE, UNTIL)).began.tolist() == [2, 0, NEVER]


@pytest.mark.parametrize(
    ("roll_up", "money"),
    [
        ("own", [[1, 0, 0, 0], [4, 0, 0, 0]]),
        ("nearest", [[3, 0, 0, 0], [4, 0, 0, 0]]),
        ("tree", [[7, 0, 0, 0], [4, 0, 0, 0]]),
    ],
)
def test_deals_of_daughters_count_as_the_program_rolls_up(roll_up: str, money: list[list[int]]) -> None:
    tables = enrolled("a", "b")
    tables["organizations"] = [
        {"organization": "a"},
        {"organization": "b", "parent": "a"},
        {"organization": "c", "parent": "a"},
    ]
    tables["deals"] = [deal(name, "won", date(2024, 1, 1), worth) for name, worth in (("1", 1), ("2", 4), ("3", 2))]
    tables["deal_parties"] = [party("1", "a"), party("2", "b"), party("3", "c")]
    assert months(tables, roll_up=roll_up).money.tolist() == money


def test_only_whole_months_of_enrolment_count_and_regions_are_numbered() -> None:
    tables = enrolled("a", "b", "c", "d")
    tables["enrolments"] = [
        {"enrolment": "a", "organization": "a", "joined_on": date(2024, 1, 1)},
        {"enrolment": "b", "organization": "b", "joined_on": date(2024, 2, 2), "ended_on": date(2024, 4, 20)},
        {"enrolment": "c", "organization": "c"},
        {"enrolment": "d", "organization": "d", "joined_on": date(2020, 1, 1), "ended_on": date(2024, 1, 1)},
    ]
    tables["organizations"][2]["region"] = "south"
    read = months(tables)
    assert read.partners == ("a", "b", "c")
    assert read.enrolled.astype(int).tolist() == [[1, 1, 1, 1], [0, 0, 1, 0], [1, 1, 1, 1]]
    assert (read.regions.tolist(), read.tenure.tolist()) == ([1, 1, 2], [0, 0, 0])


def test_everything_that_is_wrong_with_a_question_is_said_at_once() -> None:
    question = EffectQuestion(
        Act("credentials", "x", {"levle": ("advanced",)}),
        Outcome.REVENUE,
        date(2024, 1, 2),
        date(2024, 1, 1),
        anticipation=-1,
    )
    with pytest.raises(MisusedError) as refused:
        question.check(program())
    assert refused.value.message == (
        'credentials has no column of words "levle"; it has: person, code, family, role, level, product, version. '
        "2024-01-02 is not the first day of a month. 2024-01-01 is not after 2024-01-02. "
        "An act cannot be anticipated by less than no period."
    )


def replaced(**more: int) -> EffectQuestion:
    return EffectQuestion(ADVANCED, Outcome.DEAL_SIZE, SINCE, UNTIL, **more)  # type: ignore[arg-type]
