"""What is planted in the example company is what evidence says of it, and no more."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from math import expm1
from pathlib import Path

import pytest

from swingby.facts import FactSet, read_folder
from swingby.generation import generate_example
from swingby.insight import (
    SETTINGS,
    Act,
    AnywayQuestion,
    Between,
    Card,
    EffectQuestion,
    ExposureQuestion,
    ForecastQuestion,
    GamingQuestion,
    Outcome,
    ReturnQuestion,
    SignsQuestion,
    StayingQuestion,
    Verdict,
    answer_anyway,
    answer_effect,
    answer_exposure,
    answer_forecast,
    answer_gaming,
    answer_return,
    answer_signs,
    answer_staying,
    figure_words,
)
from swingby.program import Program, load

pytestmark = [pytest.mark.slow, pytest.mark.proof]

SINCE, UNTIL = date(2023, 2, 1), date(2026, 4, 1)
ENGINEER = Act("credentials", "the first advanced engineer", {"level": ("advanced",), "role": ("engineering",)})
REVIEW = Act("touches", "the first business review", {"kind": ("business_review",)})
INTEGRATION = Act("decisions", "the certified integration", {"topic": ("integration",)})


@dataclass(frozen=True, slots=True)
class Company:
    """Facts and program of the example."""

    facts: FactSet
    program: Program

    def effect(self, act: Act, outcome: Outcome) -> Card:
        question = EffectQuestion(act, outcome, SINCE, UNTIL, parts=("seller",))
        return answer_effect(question, self.facts, self.program)


def company(folder: Path, *, truth: bool) -> Iterator[Company]:
    made = generate_example(folder, truth=truth)
    program = load(made.folder / "program").program
    assert program is not None
    with read_folder(made.folder, program) as facts:
        yield Company(facts, program)


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    yield from company(tmp_path_factory.mktemp("planted"), truth=True)


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    yield from company(tmp_path_factory.mktemp("plain"), truth=False)


def counted(card: Card) -> dict[str, int]:
    return {count.label: count.number for count in card.counts}


def shown(card: Card) -> dict[str, str]:
    return {figure.label: figure_words(figure) for figure in card.figures}


def test_the_lever_is_seen_and_the_difference_is_called_one(planted: Company) -> None:
    """T1: 18 %, where certified partners' deals are 2.3 times as large. Not with every seed: docs/measured has the rates."""
    card = planted.effect(ENGINEER, Outcome.DEAL_SIZE)
    effect, counts = card.figures[0], counted(card)
    assert card.verdict is Verdict.SHOWN
    assert effect.low is not None
    assert effect.high is not None
    assert 0 < effect.low < expm1(0.165) < effect.high
    assert (counts["that began"], counts["to compare with"]) == (112, 101)
    difference = next(figure for figure in card.figures if figure.label.startswith("Difference, not effect"))
    assert figure_words(difference) == "2.3 times"


def test_without_the_lever_nothing_is_shown(plain: Company) -> None:
    """T1, with nothing planted."""
    assert plain.effect(ENGINEER, Outcome.DEAL_SIZE).verdict is Verdict.NOT_SHOWN


def test_the_signal_is_no_lever(planted: Company) -> None:
    """T2."""
    assert planted.effect(REVIEW, Outcome.DEAL_SIZE).verdict is Verdict.NOT_SHOWN


def test_a_few_hold_nearly_everything_and_three_belong_together(planted: Company) -> None:
    """T5: the largest makes 13 % and 21 % after merging, like 16 partners and then like 11; half a point and half a partner are rounding."""
    question = ExposureQuestion(UNTIL, parts=("seller",))
    card = answer_exposure(question, planted.facts, planted.program)
    found = {figure.label: figure.value for figure in card.figures}
    apart = [figure.value for figure in card.figures if figure.label.startswith("The same before")]
    assert found["Share of the top tenth of those that sold"] == pytest.approx(0.87, abs=0.03)
    assert (round(apart[0]), round(found["As if so many partners of the same size made all of it"])) == (16, 10)
    assert (round(apart[1], 2), round(found["Share of the largest"], 2)) == (0.14, 0.24)
    assert (
        "The largest, Ardenveil Group, makes 24 %. The agreement of Ardenveil Group (24 %) ends on 2026-09-"
        in card.sentence
    )


def test_direct_deals_without_a_lost_one_say_nothing_of_partners(planted: Company) -> None:
    """Only won direct deals are recorded, as in many a company: a win rate of theirs would be 100 %."""
    card = answer_anyway(AnywayQuestion(SINCE, UNTIL, parts=("seller",)), planted.facts, planted.program)
    assert card.verdict is Verdict.UNANSWERABLE
    assert "direct deals was lost. Nobody wins them all: record lost ones too." in card.sentence


def test_early_use_is_chosen_and_decoys_are_rejected(planted: Company) -> None:
    """T6: area .72, the next .59; 54 % active; 93 % renew against 65 %."""
    card = answer_signs(SignsQuestion(SINCE, UNTIL), planted.facts)
    found = {figure.label: figure.value for figure in card.figures}
    assert card.verdict is Verdict.SHOWN
    assert card.sentence.startswith("Who stays is told best by: seats in use, of what is subscribed")
    assert card.figures[0].value == pytest.approx(0.72, abs=0.03)
    assert found["Later customers that stayed, with it"] == pytest.approx(0.93, abs=0.03)
    assert found["Later customers that stayed, without it"] == pytest.approx(0.65, abs=0.04)
    assert found["Later customers with it"] == pytest.approx(0.54, abs=0.04)
    assert {check.name: check.words for check in card.checks}["no better than chance"] == (
        "No better than chance among later customers: integration, subscribed, support cases, named sponsor, customer training, kick off."
    )


def test_use_tells_nobody_apart_where_nothing_is_planted(plain: Company) -> None:
    """T6, with nothing planted."""
    assert answer_signs(SignsQuestion(SINCE, UNTIL), plain.facts).verdict is Verdict.NOT_SHOWN


def test_nine_integrations_are_too_few(planted: Company) -> None:
    """T10."""
    card = planted.effect(INTEGRATION, Outcome.WIN_RATE)
    assert card.verdict is Verdict.UNANSWERABLE
    assert card.sentence.endswith("partners with the act can be studied; 20 are needed.")


def test_the_last_quarter_is_forecast_from_those_before(planted: Company) -> None:
    """What came in the quarter lies within the range, and the year before was further off."""
    question = ForecastQuestion(SINCE, date(2026, 1, 1), parts=("seller",))
    card = answer_forecast(question, planted.facts, planted.program, settings=replace(SETTINGS, forecast_apart=0))
    later = answer_forecast(replace(question, until=UNTIL), planted.facts, planted.program)
    assert later.picture is not None
    came = later.picture.series[0].marks[-1].y
    expected, before = card.figures[:2]
    assert [one.verdict for one in (card, later)] == [Verdict.SHOWN] * 2
    assert expected.low is not None
    assert expected.high is not None
    assert expected.low < came < expected.high
    assert abs(expected.value - came) < abs(before.value - came)


def test_a_line_is_reached_by_its_last_days_until_it_no_longer_counts(planted: Company) -> None:
    """T3: in both years 12 to 18 in the 5 % above the line and 0 to 4 below; nothing of it in the year after it was given up."""
    question = GamingQuestion(Decimal(150_000), date(2024, 2, 1), parts=("seller",))
    years = [replace(question, until=date(year, 2, 1)) for year in (2024, 2025, 2026)]
    *played, over = [answer_gaming(year, planted.facts, planted.program) for year in years]
    near = [tuple(round(figure.value) for figure in card.figures[:2]) for card in played]
    assert [card.verdict for card in (*played, over)] == [Verdict.SHOWN, Verdict.SHOWN, Verdict.NOT_SHOWN]
    assert [(12 <= above <= 18, below <= 4) for above, below in near] == [(True, True)] * 2
    assert sum("people certified in the last days" in note for note in played[0].notes) >= 10


def test_what_an_engineer_must_bring_to_pay_is_told_and_no_return_where_nothing_is_planted(
    planted: Company, plain: Company
) -> None:
    """A tenth larger deals pay for eighty hours and a fee; nothing pays where it changes nothing, however little it costs."""
    effect = EffectQuestion(ENGINEER, Outcome.DEAL_SIZE, SINCE, UNTIL, parts=("seller",))
    dear = ReturnQuestion(effect, hours_each=Between(60, 100), hour=Between(80, 110), each=Between(1500, 1500))
    card = answer_return(dear, planted.facts, planted.program)
    found = {figure.label: figure.value for figure in card.figures}
    assert found["Effect from which on it pays within 4 quarters"] == pytest.approx(0.11, abs=0.03)
    for outcome in (Outcome.DEAL_SIZE, Outcome.REVENUE):
        cheap = ReturnQuestion(replace(effect, outcome=outcome), each=Between(1, 1))
        assert answer_return(cheap, plain.facts, plain.program).verdict is Verdict.NOT_SHOWN


def test_nobody_left_the_program_so_no_curve_is_drawn(planted: Company) -> None:
    card = answer_staying(StayingQuestion("partners", SINCE, UNTIL), planted.facts, planted.program)
    assert card.sentence == ("This cannot be answered from these data. Nobody left: all 400 partners are still there.")
