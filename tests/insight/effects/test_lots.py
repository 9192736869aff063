"""The card of a lot, from facts: being invited and doing it are kept apart."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from random import Random

import pytest

from swingby.errors import MisusedError
from swingby.insight import Act, Card, EffectQuestion, Lots, Outcome, Result, Verdict, answer_effect
from tests.insight.company import SINCE, UNTIL, Row, drawn, facts, program

LOTS = Lots("decisions", "outcome", ("invited",), ("waiting",), {"topic": ("coaching lot",)})
ACT = Act("credentials", "coaching", {"level": ("advanced",)})
QUESTION = EffectQuestion(ACT, Outcome.DEAL_SIZE, SINCE, UNTIL, lots=LOTS)


def with_lots(tables: dict[str, list[Row]], *, taken_up: int = 7) -> dict[str, list[Row]]:
    """Two rounds in October 2023 and January 2024; of ten invited so many hold the certificate, nobody else does."""
    random = Random(4)
    lots: list[Row] = []
    credentials: list[Row] = []
    for nth, row in enumerate(tables["organizations"]):
        invited, day = random.random() < 0.5, date(2023, 10, 1) if nth % 2 else date(2024, 1, 1)
        lots.append(
            {
                "organization": row["organization"],
                "topic": "coaching lot",
                "outcome": "invited" if invited else "waiting",
                "starts_on": day,
            }
        )
        if invited and nth % 10 < taken_up:
            credentials.append({"person": f"{row['organization']}.e", "level": "advanced", "starts_on": day})
    people = [{"person": row["person"]} for row in credentials]
    jobs = [
        {"organization": str(row["person"])[:-2], "person": row["person"], "starts_on": date(2022, 1, 1)}
        for row in credentials
    ]
    return tables | {"decisions": lots, "credentials": credentials, "people": people, "employments": jobs}


def raised(tables: dict[str, list[Row]], factor: int) -> dict[str, list[Row]]:
    """Deals after the certificate are larger by a factor of so many hundredths."""
    since = {str(row["person"])[:-2]: row["starts_on"] for row in tables["credentials"]}
    deals: list[Row] = []
    for row in tables["deals"]:
        begins = since.get(str(row["deal"]).partition("-")[0])
        later = isinstance(begins, date) and isinstance(row["happened_on"], date) and row["happened_on"] >= begins
        deals.append(row | {"amount": round(row["amount"] * factor / 100, 2)} if later else row)  # type: ignore[operator]
    return tables | {"deals": deals}


@pytest.fixture(scope="module")
def plain() -> dict[str, list[Row]]:
    return with_lots(drawn(partners=80, ever=0, raised=0, seed=8))


@pytest.fixture(scope="module")
def card(plain: dict[str, list[Row]]) -> Iterator[Card]:
    with facts(raised(plain, 140)) as found:
        yield answer_effect(QUESTION, found, program())


def test_being_invited_is_less_than_doing_it_and_the_truth_lies_in_the_range(card: Card) -> None:
    invited, doing, did, waiting = card.figures[:4]
    assert (card.verdict, invited.label) == (Verdict.SHOWN, "Effect of being invited")
    assert doing.label == "Effect of doing it, on those who did because they were invited"
    assert doing.low is not None
    assert doing.high is not None
    assert doing.low < 0.40 < doing.high
    assert 0.1 < invited.value < doing.value
    assert (round(did.value * 41), waiting.value) == (33, 0)


def test_the_card_says_how_the_lot_fell(card: Card) -> None:
    assert {count.label: count.number for count in card.counts} == {
        "invited": 41,
        "waiting": 39,
        "rounds": 2,
        "left out: did it before the lot": 0,
        "left out: no outcome on one side of the lot": 0,
    }
    assert [(check.name, check.result) for check in card.checks] == [
        ("before the lot", Result.PASSED),
        ("missing alike", Result.PASSED),
        ("biggest partner", Result.PASSED),
    ]
    assert card.sentence.startswith("Being invited to coaching changed deal size by +")


def test_a_lot_without_effect_shows_none(plain: dict[str, list[Row]]) -> None:
    with facts(plain) as found:
        card = answer_effect(QUESTION, found, program())
    assert card.verdict is Verdict.NOT_SHOWN
    assert card.sentence.startswith("It is not shown that being invited to coaching changed deal size: ")


def test_a_lot_of_a_few_is_refused(plain: dict[str, list[Row]]) -> None:
    with facts(plain | {"decisions": plain["decisions"][:8]}) as found:
        card = answer_effect(QUESTION, found, program())
    assert (card.verdict, card.figures) == (Verdict.UNANSWERABLE, ())


def test_a_lot_is_about_partners() -> None:
    question = replace(QUESTION, lots=Lots("credentials", "level", ("x",), ("y",), {"nothing": ("z",)}))
    with pytest.raises(MisusedError) as refused:
        question.check(program())
    assert refused.value.message == (
        'credentials has no column of words "nothing"; it has: person, code, family, role, level, product, version. '
        "A lot is about partners; credentials are about a person."
    )
