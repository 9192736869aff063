"""An experiment from its plan to its card, and plans and lots that are refused."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from statistics import fmean

import pytest

from swingby.errors import MisusedError, SwingbyError
from swingby.facts import FactSet
from swingby.insight import (
    Act,
    Card,
    Design,
    Outcome,
    Plan,
    Result,
    Verdict,
    answer_experiment,
    card_data,
    card_from,
    card_page,
    plan_document,
    plan_experiment,
    plan_hash,
    read_plan,
    smallest_words,
)
from swingby.insight.experiments.drawing import Candidate, balance, draw_waves
from tests.insight.company import UNTIL, Row, drawn, facts, program

DESIGN = Design(
    act=Act("credentials", "coaching", {"level": ("advanced",)}),
    outcome=Outcome.DEAL_SIZE,
    start=date(2024, 8, 1),
    waves=2,
    every=6,
    seed=7,
    before=6,
)
PLANNED_ON = date(2024, 7, 31)


def company() -> dict[str, list[Row]]:
    """Eighty partners with four deals a month, of which nobody holds the certificate."""
    tables = drawn(partners=80, ever=-1, raised=0, seed=8)
    for name in ("deals", "deal_parties"):
        tables[name] = [row for row in tables[name] if str(row["deal"])[-1] in "0123"]
    return tables | {name: [] for name in ("people", "employments", "credentials")}


def planned(tables: dict[str, list[Row]], design: Design = DESIGN, day: date = PLANNED_ON) -> Plan:
    with facts(tables) as found:
        return plan_experiment(design, found, program(), planned_on=day)


def carried_out(tables: dict[str, list[Row]], plan: Plan, factor: float) -> dict[str, list[Row]]:
    """Four of five of the first wave hold the certificate from its day on, and their deals are larger by a factor."""
    first = [one.candidate.organization for one in plan.partners if one.wave == 1]
    did = set(first[: len(first) * 4 // 5])
    people: list[Row] = [{"person": f"{name}.e"} for name in did]
    jobs: list[Row] = [{"organization": name, "person": f"{name}.e", "starts_on": date(2022, 1, 1)} for name in did]
    held: list[Row] = [{"person": f"{name}.e", "level": "advanced", "starts_on": plan.design.start} for name in did]
    deals = [
        row | {"amount": round(Decimal(str(row["amount"])) * Decimal(str(factor)), 2)}
        if _is_later(row, did, plan)
        else row
        for row in tables["deals"]
    ]
    return tables | {"people": people, "employments": jobs, "credentials": held, "deals": deals}


def _is_later(row: Row, did: set[str], plan: Plan) -> bool:
    return str(row["deal"]).partition("-")[0] in did and str(row["happened_on"]) >= str(plan.design.start)


@pytest.fixture(scope="module")
def tables() -> dict[str, list[Row]]:
    return company()


@pytest.fixture(scope="module")
def plan(tables: dict[str, list[Row]]) -> Plan:
    return planned(tables)


@pytest.fixture(scope="module")
def raised(tables: dict[str, list[Row]], plan: Plan) -> Iterator[FactSet]:
    with facts(carried_out(tables, plan, 1.25)) as found:
        yield found


@pytest.fixture(scope="module")
def card(plan: Plan, raised: FactSet) -> Card:
    return answer_experiment(plan, raised, program(), until=UNTIL)


def test_a_plan_says_what_will_be_seen(plan: Plan) -> None:
    assert (len(plan.partners), plan.size_of(1), plan.size_of(2)) == (80, 40, 40)
    assert smallest_words(plan) == "12 %"
    assert max(one.difference for one in plan.balance) < 0.1


def test_a_plan_is_the_same_after_reading_and_each_time(tables: dict[str, list[Row]], plan: Plan) -> None:
    text = plan_document(plan)
    assert read_plan(text, registered=plan_hash(plan)) == plan
    assert read_plan(text, registered=plan_hash(plan).removeprefix("sha256:")) == plan
    assert json.loads(text)["hash"] == plan_hash(plan)
    assert planned(tables) == plan
    assert plan_hash(planned(tables, replace(DESIGN, seed=8))) != plan_hash(plan)


def test_a_true_effect_stops_the_experiment(plan: Plan, card: Card) -> None:
    effect, doing, did, waiting = card.figures[:4]
    assert (card.verdict, effect.label) == (Verdict.SHOWN, "Effect of being drawn")
    assert effect.low is not None
    assert effect.high is not None
    assert 0 < effect.low < 1.25**0.8 - 1 < effect.high
    assert doing.low is not None
    assert doing.high is not None
    assert doing.low < 0.25 < doing.high
    assert (round(did.value * plan.size_of(1)), waiting.value) == (32, 0)
    assert card.decision.startswith("Stop: it works. ")
    assert card.notes[0].endswith("later months are drawn, and do not count.")
    assert {check.result for check in card.checks} == {Result.PASSED}


def test_the_picture_narrows_and_counts_who_waits(card: Card) -> None:
    assert card.picture is not None
    widths = [mark.high - mark.low for mark in card.picture.marks]
    assert [mark.x for mark in card.picture.marks] == [1, 2, 3, 4, 5, 6]
    assert widths[0] > widths[-1]
    assert [one.number for one in card.picture.series[0].at_risk] == [40] * 6
    assert "still waiting" in card_page(card)
    assert card_from(json.loads(json.dumps(card_data(card)))) == card


def test_a_harm_stops_it_too(tables: dict[str, list[Row]], plan: Plan) -> None:
    with facts(carried_out(tables, plan, 0.75)) as found:
        card = answer_experiment(plan, found, program(), until=UNTIL)
    assert (card.verdict, card.decision) == (
        Verdict.SHOWN,
        "Stop: it lowers what it should raise. Invite nobody else.",
    )


def test_without_an_effect_it_goes_on_to_its_end_and_stops_there(tables: dict[str, list[Row]], plan: Plan) -> None:
    with facts(carried_out(tables, plan, 1.0)) as found:
        early = answer_experiment(plan, found, program(), until=date(2024, 11, 1))
        late = answer_experiment(plan, found, program(), until=UNTIL)
    assert (early.verdict, late.verdict) == (Verdict.NOT_SHOWN, Verdict.NOT_SHOWN)
    assert early.decision.startswith("Go on until 2025-02-01. ")
    assert late.decision.startswith("Stop: the planned end has come. ")


def test_a_change_that_comes_by_itself_has_no_uptake(tables: dict[str, list[Row]]) -> None:
    plan = planned(tables, replace(DESIGN, act=Act("", "the new version"), waves=3, every=3))
    with facts(tables) as found:
        card = answer_experiment(plan, found, program(), until=UNTIL)
    assert [figure.label for figure in card.figures] == [
        "Effect of being drawn",
        "Smallest effect that the plan promised to see by its end",
    ]
    assert card.picture is not None
    assert [one.number for one in card.picture.series[0].at_risk] == [53, 53, 53, 26, 26, 26]


def test_a_plan_that_was_changed_is_refused(plan: Plan) -> None:
    with pytest.raises(SwingbyError) as refused:
        read_plan(plan_document(plan).replace('"deal size"', '"revenue"'), registered=plan_hash(plan))
    assert refused.value.code == "plan-changed"


def test_a_lot_that_was_mended_is_refused_even_with_a_new_hash(plan: Plan) -> None:
    first, *others = plan.partners
    mended = replace(plan, partners=(replace(first, wave=3 - first.wave), *others))
    with pytest.raises(SwingbyError) as refused:
        read_plan(plan_document(mended), registered=plan_hash(mended))
    assert (refused.value.code, refused.value.message) == (
        "lot-changed",
        "1 of 80 partners stand in another wave than the lot drew, p000 among them.",
    )


def test_what_is_no_plan_is_refused(plan: Plan) -> None:
    for text in ("{", "[]", '{"experiment": 2}'):
        with pytest.raises(SwingbyError) as refused:
            read_plan(text, registered=plan_hash(plan))
        assert refused.value.code == "plan-unreadable"


def test_outcomes_that_were_known_before_the_plan_are_refused(tables: dict[str, list[Row]], plan: Plan) -> None:
    looked = "2024-07-30T12:00:00Z"
    early = [row | ({"recorded_at": looked} if row["deal"] == "p000-20-0" else {}) for row in tables["deals"]]
    with pytest.raises(SwingbyError) as refused:
        planned(tables | {"deals": early})
    assert (refused.value.code, refused.value.message) == (
        "looked-before",
        "1 outcomes from 2024-08-01 on were known by 2024-07-31.",
    )
    with facts(tables | {"deals": early}) as found:
        card = answer_experiment(plan, found, program(), until=UNTIL)
    assert card.verdict is Verdict.UNANSWERABLE


def test_a_past_that_was_changed_is_noticed(tables: dict[str, list[Row]], plan: Plan) -> None:
    done = carried_out(tables, plan, 1.25)
    changed = [row | ({"amount": 1} if row["deal"] == "p000-3-0" else {}) for row in done["deals"]]
    with facts(done | {"deals": changed}) as found:
        card = answer_experiment(plan, found, program(), until=UNTIL)
    assert card.verdict is Verdict.SUGGESTED
    assert [check.name for check in card.checks if check.result is Result.FAILED] == ["past as it was"]


def test_what_comes_in_later_on_the_day_of_planning_was_not_known(tables: dict[str, list[Row]]) -> None:
    evening = [
        row | ({"amount": 1, "recorded_at": "2024-07-31T20:00:00Z"} if row["deal"] == "p000-3-0" else {})
        for row in tables["deals"]
    ]
    with facts(tables | {"deals": evening}) as found:
        noon = found.position_at(datetime(2024, 7, 31, 12, tzinfo=UTC))
        plan = plan_experiment(DESIGN, found, program(), planned_on=PLANNED_ON, known_at=noon)
        by_day = plan_experiment(DESIGN, found, program(), planned_on=PLANNED_ON)
        card = answer_experiment(plan, found, program(), until=UNTIL)
    assert (plan.known_at(found), by_day.known_at(found)) == (noon, noon + 1)
    assert plan.known != by_day.known
    assert read_plan(plan_document(plan), registered=plan_hash(plan)) == plan
    assert next(check for check in card.checks if check.name == "past as it was").result is Result.PASSED


def test_too_few_partners_are_refused(tables: dict[str, list[Row]]) -> None:
    with pytest.raises(SwingbyError) as refused:
        planned(tables | {"enrolments": tables["enrolments"][:19]})
    assert refused.value.message == (
        "This experiment cannot be planned. The smallest wave would have 9 partners; 10 are needed."
    )


def test_a_plan_is_made_before_its_start(tables: dict[str, list[Row]]) -> None:
    with pytest.raises(MisusedError) as refused:
        planned(tables, day=DESIGN.start)
    assert "a plan is made before anybody looks" in refused.value.message


def test_too_short_a_past_is_refused(tables: dict[str, list[Row]]) -> None:
    late = [row for row in tables["deals"] if str(row["happened_on"]) >= str(PLANNED_ON - timedelta(days=100))]
    with pytest.raises(SwingbyError) as refused:
        planned(tables | {"deals": late})
    assert refused.value.code == "experiment-unplanned"


def test_waves_of_one_lot_are_more_alike_than_by_a_plain_one() -> None:
    partners = [
        Candidate(
            organization=f"p{nth:03}",
            region="north" if nth % 3 else "south",
            size=1.1**nth,
            tenure=nth * 37 % 60,
            usual=nth,
        )
        for nth in range(60)
    ]
    plain = [{**dict.fromkeys((one.organization for one in partners), 2)} for _ in range(100)]
    for seed, waves in enumerate(plain):
        order = sorted(waves, key=lambda name: hash_of(seed, name))
        waves.update(dict.fromkeys(order[:30], 1))
    drawn_by_us = [draw_waves(partners, waves=2, seed=seed) for seed in range(100)]
    assert _unlike(partners, drawn_by_us) < 0.5 * _unlike(partners, plain)
    assert {list(one.values()).count(1) for one in drawn_by_us} == {30}
    assert all(0.3 < fmean(one[name] == 1 for one in drawn_by_us) < 0.7 for name in drawn_by_us[0])


def hash_of(seed: int, name: str) -> float:
    from random import Random

    return Random(f"{seed} {name}").random()


def _unlike(partners: list[Candidate], lots: list[dict[str, int]]) -> float:
    return fmean(max(one.difference for one in balance(partners, lot)) for lot in lots)
