"""What is planted in the example company's program and promises, asked of the same functions as a user's commands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal

import pytest

from swingby.engine import assess, rhythm_program, rhythms_of
from swingby.engine.replaying import Comparison, Price, backtest, headline
from swingby.facts import FactSet, read_folder
from swingby.insight import (
    Act,
    Between,
    Card,
    EffectQuestion,
    Outcome,
    ReturnQuestion,
    Verdict,
    answer_effect,
    answer_return,
)
from tests.generation.company import DEMO, PROTECTED, UNPROTECTED, Example, standings

pytestmark = [pytest.mark.slow, pytest.mark.proof]

SINCE, UNTIL = date(2023, 2, 1), date(2026, 4, 1)
GOLD = Act("decisions", "Gold of the yearly check", {"topic": ("volume_tier",), "outcome": ("gold",)})
#: Eight points of the list price are 10.4 hundredths of what is paid; funds are two more.
GRANTED = Between(0.124, 0.124)
TARNWICK, MERROWICK = "tarnwick-labs", "merrowick-services"
#: The last days of fiscal quarters; nobody looked after APAC in those from May to October 2025.
BEFORE, ALONE, AFTER = date(2025, 4, 30), (date(2025, 7, 31), date(2025, 10, 31)), date(2026, 1, 31)


def test_gold_would_have_to_add_six_points_of_win_rate_to_pay(company: Example) -> None:
    """T4: nothing is shown, about six points would be needed, and more than about four is unlikely."""
    effect = EffectQuestion(GOLD, Outcome.WIN_RATE, SINCE, UNTIL, parts=("seller",))
    card = answer_return(ReturnQuestion(effect, granted=GRANTED), company.facts, company.program)
    found = {figure.label: figure for figure in card.figures}
    needed, seen = found["Effect from which on it pays within 4 quarters"], found["Effect"]
    assert card.verdict is Verdict.NOT_SHOWN
    assert needed.value == pytest.approx(0.06, abs=0.01)
    assert seen.low is not None
    assert seen.high is not None
    assert seen.low < 0 < seen.high < needed.value
    assert (seen.high - seen.low) / 2 == pytest.approx(0.036, abs=0.01)
    assert 2_000_000 < found["Cost"].value < 3_000_000
    assert "To pay within 4 quarters it would have to raise win rate by 6." in card.sentence
    assert "points is unlikely" in card.sentence
    assert card.decision == (
        "Do not spend on it for win rate; an effect that pays is unlikely. What else it does is not judged here."
    )


def test_who_lost_gold_by_the_change_of_rules_alone_won_as_often(company: Example) -> None:
    """T4: nothing is shown of them either, and without gamers, who lost more than Gold on that day, they are too few to ask."""
    lost = [name for name in company.kinds if company.tier(name, PROTECTED) == "gold" and is_below_gold(company, name)]
    others = [name for name in lost if company.kinds[name] != "year_end_gamer"]
    card, alone = (win_rate_since(company, names) for names in (lost, others))
    effect = card.figures[0]
    assert (len(lost), len(others)) == (26, 13)
    assert (card.verdict, effect.unit) == (Verdict.NOT_SHOWN, "points")
    assert effect.low is not None
    assert effect.high is not None
    assert effect.low < 0 < effect.high
    assert "Inviting partners by lot, in waves." in card.mind
    assert alone.verdict is Verdict.UNANSWERABLE
    assert alone.sentence.endswith(f"{len(others)} partners with the act can be studied; 20 are needed.")


def is_below_gold(company: Example, name: str) -> bool:
    return company.tier(name, UNPROTECTED) in ("member", "select")


def win_rate_since(company: Example, names: list[str]) -> Card:
    """What losing Gold on the day on which it is no longer protected did to how often they win."""
    act = Act("", "losing Gold by the change of rules", days=dict.fromkeys(names, UNPROTECTED))
    question = EffectQuestion(act, Outcome.WIN_RATE, SINCE, UNTIL, parts=("seller",))
    return answer_effect(question, company.facts, company.program)


def test_tarnwick_is_small_by_volume_and_gold_by_points(company: Example) -> None:
    """T7."""
    days = date(2024, 2, 1), date(2025, 2, 1), date(2026, 2, 1)
    found = standings(company.version("v1-volume"), company.facts, *days, names=[TARNWICK])
    assert [found[TARNWICK, day].tiers["level"].tier for day in days] == ["member", "select", "select"]
    assert company.tier(TARNWICK) == "gold"


def numbers(
    company: Example, names: list[str], *days: date
) -> Mapping[date, Mapping[str, Mapping[str, Decimal | None]]]:
    """By day and partner the number of each promise's period, as the board of promises reads them."""
    asked = [rhythm.number for rhythm in rhythms_of(company.program)]
    found = assess(rhythm_program(company.program), company.facts, as_of=days, enrolments=names)
    listed: dict[date, dict[str, dict[str, Decimal | None]]] = {day: {} for day in days}
    for item in found:
        listed[item.as_of][item.enrolment] = {name: item.numbers[name].value for name in asked}
    found.close()
    return listed


def test_merrowick_misses_its_plans_and_its_engineers_lapse_while_it_sells(company: Example) -> None:
    """T8: revenue is green, rhythm and coverage are not."""
    found = numbers(company, [MERROWICK], BEFORE, *ALONE, AFTER)
    assert [found[day][MERROWICK]["plan_reviews"] for day in found] == [1, 0, 0, 0]
    year_before, in_july = date(2025, 3, 31), date(2026, 7, 1)
    stands = company.stand(year_before, in_july, names=[MERROWICK])
    now = company.standings[MERROWICK, DEMO].numbers
    then, ahead = (stands[MERROWICK, day].numbers for day in (year_before, in_july))
    engineers = now["engineers"].value, ahead["engineers"].value
    assert engineers[0] == 18
    assert engineers[1] is not None
    assert engineers[1] <= 13
    booked, before = now["bookings"].value, then["bookings"].value
    assert booked is not None
    assert before is not None
    assert booked > before * Decimal("0.85")


def kept(company: Example, found: Mapping[str, Mapping[str, Decimal | None]], side: str) -> float:
    """The share of promises by quarter of one side that were kept."""
    asked = [rhythm for rhythm in rhythms_of(company.program) if rhythm.side == side and rhythm.unit.unit == "quarter"]
    results = [rhythm.is_kept(each[rhythm.number]) for rhythm in asked for each in found.values()]
    return sum(results) / len(results)


def test_the_vendor_broke_its_promises_to_apac_before_apac_broke_its_own(company: Example) -> None:
    """T9: ours first, then theirs, and only in the half-year in which nobody looked after them."""
    apac = [
        str(name)
        for (name,) in company.rows(
            "SELECT enrolment FROM ref_enrolments JOIN ref_organizations USING (organization) WHERE region = 'apac' AND"
            " joined_on < '2025-02-01'"
        )
    ]
    found = numbers(company, apac, BEFORE, *ALONE, AFTER)
    ours = [kept(company, found[day], "vendor") for day in found]
    theirs = [kept(company, found[day], "partner") for day in found]
    assert ([share > 0.9 for share in ours], [share < 0.2 for share in ours]) == (
        [True, False, False, True],
        [False, True, True, False],
    )
    assert max(theirs[1:3]) < 0.75 * min(theirs[0], theirs[3])


@pytest.fixture(scope="module")
def drafts_facts(company: Example) -> Iterator[FactSet]:
    """The facts as the draft reads them: it has a name for pipeline reviews."""
    with read_folder(company.summary.folder, company.version("v3-draft")) as facts:
        yield facts


def replayed(company: Example, facts: FactSet, first: date, last: date) -> Comparison:
    """The draft against the version in force."""
    prices = (Price("paid_seats", Decimal(1200)), Price("discount", "bookings"))
    return backtest(company.version("v3-draft"), facts, against=company.program, first=first, last=last, prices=prices)


@pytest.fixture(scope="module")
def draft(company: Example, drafts_facts: FactSet) -> Comparison:
    """At the review of March 2026."""
    return replayed(company, drafts_facts, date(2026, 3, 1), DEMO)


def test_a_few_of_gold_drop_by_the_draft_and_it_says_what_that_saves_and_who_is_near(draft: Comparison) -> None:
    """T11."""
    gold = next(tier for tier in draft.last.tiers if tier.tier == "gold")
    assert (1 <= gold.down <= 8, 22 <= gold.old <= 41, gold.up) == (True, True, 0)
    assert headline(draft).startswith(f"If nobody changed behaviour: {gold.down} of {gold.old} Gold drop, none rise")
    saved = {cost.benefit: cost.change for cost in draft.costs}
    assert saved["discount"] < saved["paid_seats"] < 0
    assert {move.enrolment for move in draft.last.moves} <= {loser.enrolment for loser in draft.worse_off}
    assert len(draft.near) > 0
    assert draft.not_replayable == ()


def test_reviews_before_anybody_recorded_pipelines_are_not_replayable_for_that_rule(
    company: Example, drafts_facts: FactSet
) -> None:
    """T11: points for pipeline reviews last twelve months, so that those of January 2026 reach before the first one was recorded."""
    found = replayed(company, drafts_facts, date(2025, 3, 1), DEMO)
    unknown = {review.on: review.unknown for review in found.reviews}
    begins = date(2025, 2, 1)
    assert [day for day, partners in unknown.items() if partners == 0] == [date(2026, 2, 1), date(2026, 3, 1)]
    assert 1 <= max(unknown.values()) <= 12
    assert {(item.side, item.tier, item.label) for item in found.not_replayable} == {
        ("new", "select", "Points at least 250"),
        ("new", "gold", "Points at least 550"),
        ("new", "elite", "Points at least 800"),
    }
    for item in found.not_replayable:
        assert item.reviews == tuple(day for day, partners in unknown.items() if partners > 0)
        assert begins in {gap.complete_from for gap in item.because if gap.kind == "pipeline_reviews"}


def test_in_the_version_in_force_nothing_of_it_is_unknown(company: Example) -> None:
    """It counts pipeline reviews as activities like others, and has no name that coverage could be said of."""
    found = assess(company.program, company.facts, as_of=[date(2025, 3, 1)])
    assert [item.enrolment for item in found if item.tiers["level"].is_incomplete] == []
    found.close()
