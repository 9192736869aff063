"""How requirements, earnings and ladders are read."""

from __future__ import annotations

from datetime import date

import pytest

from swingby.program.blocks import (
    Constant,
    Dated,
    DayOfYear,
    Length,
    Moment,
    MomentStep,
    PeriodUnit,
    Scale,
    Schedule,
    Window,
)
from swingby.program.model import EVERY_DAY, Review
from swingby.program.numbers import (
    Cap,
    Compare,
    DecisionMade,
    Group,
    NumberReference,
    RankLine,
    RuleText,
    TierHeld,
)
from tests.program.reading import PEOPLE, A, B, codes, issues, loaded, number

# --- requirements -----------------------------------------------------------------------------------------------------


def requirement(text: str) -> object:
    return loaded(
        PEOPLE
        + "ladders: {l: {tiers: [{id: gold}]}}\n"
        + "scores: {place: {rank: {measure: a}, peers: organization.country}}\n"
        + f"requirements: {{r: {text}}}\n"
    ).requirements["r"].requirement  # fmt: skip


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{measure: a, above: 5}", Compare(number=A, test="above", line=number("5"))),
        ("{measure: a, ago: 1 month, at_most: 5}", Compare(number=A, test="at_most", line=number("5"), ago=Length(((1, "month"),)))),
        ("{score: place, top: 3%}", RankLine(number=NumberReference(section="score", name="place"), top=number("0.03"), is_share=True)),
        ("{score: place, top: 10, cut: up}", RankLine(number=NumberReference(section="score", name="place"), top=number("10"), is_share=False, cut="up")),
        ("{ladder: l, at_least: gold}", TierHeld(ladder="l", test="at_least", tier="gold")),
        ("{decision: audit}", DecisionMade(topic="audit", outcomes=("approved",))),
        ("{decision: audit, is: [passed, waived], over: {last: 2 years}}", DecisionMade(topic="audit", outcomes=("passed", "waived"), over=Window(kind="last", length=Length(((2, "year"),))))),
        ("{count: [{decision: a}, {decision: b}], at_least: 1}", Group(kind="count", items=(DecisionMade(topic="a"), DecisionMade(topic="b")), at_least=number("1"))),
        ("{count: [{decision: a}], at_least: all}", Group(kind="count", items=(DecisionMade(topic="a"),))),
        ("{none: [{decision: a}]}", Group(kind="none", items=(DecisionMade(topic="a"),))),
    ],
)  # fmt: skip
def test_requirements(text: str, expected: object) -> None:
    assert requirement(text) == expected


def test_all_is_the_number_of_things_counted() -> None:
    found = requirement("{count: {measure: a, at_least: 1}, each: day, over: {last: 6 months}, at_least: all}")
    assert isinstance(found, Compare)
    assert found.line is None


def test_a_requirement_keeps_its_texts() -> None:
    program = loaded("requirements: {r: {decision: fee, label: Yearly fee, source: clause 4}}\n")
    assert program.requirements["r"].text == RuleText(label="Yearly fee", source="clause 4")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{measure: a}", "[line-missing] A number needs a line: one of at_least, above, at_most, below, is, is_not or top."),
        ("{measure: a, at_least: 1, at_most: 2}", "[key-choice] requirement of a number needs exactly one of"),
        ("{mesure: a, at_least: 1}", '[requirement-shape] This is not a requirement: no key says what is asked. Did you mean "measure"?'),
        ("{measure: a, at_least: 150,000}", '[number-shape] "150,000" is not a number: the comma begins another key. Write 150000, 7.5 or 25%, without separators.'),
        ("{measure: a, atleast: 1, at_least: 1}", '[key-unknown] reference to a number has no key "atleast". Did you mean "at_least"?'),
        ("a", "[shape] Expected a requirement under \"r\", found \"a\". Write {measure: a, at_least: …}."),
        ("{all: {decision: a}}", "[shape] Expected a list of requirements under \"all\", found a mapping."),
        ("{count: [{decision: a}]}", "[line-missing] count needs at_least."),
    ],
)  # fmt: skip
def test_a_requirement_that_cannot_be_read(text: str, expected: str) -> None:
    assert expected in issues(PEOPLE + f"requirements: {{r: {text}}}\n")[0]


# --- earnings ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("10", Scale(kind="rate", value=number("10"))),
        ("{rate: 20%, of: amount}", Scale(kind="rate", value=number("0.2"), of="amount")),
        ("{rate: 1, per: 1250, whole: true}", Scale(kind="rate", value=number("1"), per=number("1250"), whole=True)),
        ("{full: 30, at: 1000}", Scale(kind="full", value=number("30"), at=number("1000"))),
        ("{steps: {0: 1, 1000: 2}, of: quantity}", Scale(kind="steps", of="quantity", steps=((number("0"), number("1")), (number("1000"), number("2"))))),
        ("{bands: {0: 30%, 20000: 45%}}", Scale(kind="bands", steps=((number("0"), number("0.3")), (number("20000"), number("0.45"))))),
    ],
)  # fmt: skip
def test_scales(text: str, expected: Scale) -> None:
    assert loaded(f"points: {{p: {{for_each: transactions, earn: {text}}}}}\n").points["p"].scale == expected


def test_scales_do_not_mix() -> None:
    assert issues("points: {p: {for_each: deals, earn: {steps: {1: 10}, at: 5}}}\n") == [
        'program.yaml:2:37: error: [scale-mixed] one of rate, full, steps, bands; "at" belongs to full.'
    ]


def test_an_earning_has_one_source() -> None:
    rules = PEOPLE + "points: {p: {based_on: {measure: a}, for_each: deals, earn: 1}}\n"
    assert issues(rules)[0] == (
        "program.yaml:5:13: error: [earning-source] say either based_on (a number) or for_each (facts), not both."
    )


def test_bounds_go_from_low_to_high() -> None:
    assert codes("points: {p: {for_each: deals, earn: {steps: {10: 1, 5: 2}}}}\n") == ["steps-order"]


def test_an_earning_reads_every_key() -> None:
    program = loaded(
        "calendars: {fiscal: {starts: 07-01}}\n"
        "accounts: {wallet: {unit: USD}, coop: {unit: USD, expires: {end_of: fiscal half, shift: 1}}}\n"
        "incentives:\n"
        "  a:\n"
        "    for_each: claims\n"
        "    where: {activity: event}\n"
        "    over: {from: 2024-01-01, through: 2024-12-31}\n"
        "    earn: {rate: 5%, of: amount}\n"
        "    times: [2, 3]\n"
        "    cap: [{at_least: 300, at_most: 3000, per: fact}, {at_most: 9000, per: [customer_group, fiscal half]}]\n"
        "    dated: {2024-12-15: 2025-01-01}\n"
        "    rates_at: submitted_on\n"
        "    awarded: {each: month, business_day: next, cut_off: 2 days}\n"
        "    cancelled: {within: 6 months}\n"
        "    into: wallet\n"
        "    currency: own\n"
        "    round: {to: 0.01}\n"
        "  b: {for_each: claims, earn: {rate: 1, of: amount}, out_of: coop, awarded: {after: 60 days}, cancelled: keep}\n"
        "  c: {for_each: claims, earn: 1, split: [{share: 60%, into: wallet}, {share: 40%, into: coop, at_least: 10, per: fiscal half, otherwise: wallet}]}\n"
        "facts: {claims: {columns: {customer_group: word}}}\n"
    )
    found = program.incentives["a"]
    assert found.for_each is not None
    assert found.for_each.over == Window(kind="between", first=date(2024, 1, 1), through=date(2024, 12, 31))
    assert found.over is None
    assert found.times == (number("2"), number("3"))
    assert found.cap == (
        Cap(at_least=number("300"), at_most=number("3000"), per=("fact",)),
        Cap(at_most=number("9000"), per=("customer_group", PeriodUnit("half", "fiscal"))),
    )
    assert found.dated == Dated(initially=None, steps=((date(2024, 12, 15), Constant(value=date(2025, 1, 1))),))
    assert (found.rates_at, found.cancelled, found.into) == ("submitted_on", Length(((6, "month"),)), "wallet")
    assert found.awarded == Schedule(
        kind="each", unit=PeriodUnit("month"), business_day="next", cut_off=Length(((2, "day"),))
    )
    assert found.own_currency
    assert program.incentives["b"].awarded == Moment(steps=(MomentStep(after=Length(((60, "day"),))),))
    assert (program.incentives["b"].out_of, program.incentives["b"].cancelled) == ("coop", "keep")
    assert [(part.into, part.otherwise) for part in program.incentives["c"].split] == [
        ("wallet", None),
        ("coop", "wallet"),
    ]


# --- ladders ----------------------------------------------------------------------------------------------------------


def test_a_ladder_follows_the_day_unless_it_says_otherwise() -> None:
    ladder = loaded("ladders: {l: {tiers: [{id: member}]}}\n").ladders["l"]
    assert (ladder.promote, ladder.demote, ladder.start) == (EVERY_DAY, (EVERY_DAY,), None)


def test_a_ladder_reads_every_key() -> None:
    ladder = loaded(
        PEOPLE
        + "tables: {region: [emea, apac]}\n"
        + "ladders:\n"
        + "  l:\n"
        + "    tiers: [{id: member}, {id: gold, was: premium, label: Gold, requires: {measure: a, at_least: 2}, keeps: {measure: a, at_least: 1}}]\n"
        + "    start: member\n"
        + "    promote: {each: month, effective: {after: 1 month}, hold: {end_of: year, shift: 1}, one_step: true}\n"
        + "    demote: [{dates: [02-01, 08-01], grace: 90 days}, {once: {after: 60 days}, keeps: {measure: b, at_least: 1}}]\n"
        + "    protect: exception\n"
        + "    by: region\n"
    ).ladders["l"]
    assert (ladder.start, ladder.protect, ladder.by) == ("member", "exception", ("region",))
    assert (ladder.tiers[1].was, ladder.tiers[1].label) == ("premium", "Gold")
    assert ladder.promote == Review(
        schedule=Schedule(kind="each", unit=PeriodUnit("month")),
        effective=Moment(steps=(MomentStep(after=Length(((1, "month"),))),)),
        hold=Moment(steps=(MomentStep("end_of", PeriodUnit("year"), 1),)),
        one_step=True,
    )
    dates, once = ladder.demote
    assert (dates.schedule.days, dates.grace) == ((DayOfYear(2, 1), DayOfYear(8, 1)), Length(((90, "day"),)))
    assert once.keeps == Compare(number=B, test="at_least", line=number("1"))


def test_never_is_a_schedule() -> None:
    ladder = loaded("ladders: {l: {tiers: [{id: member}], start: member, promote: never}}\n").ladders["l"]
    assert ladder.promote == Review(schedule=Schedule(kind="never"))


def test_grace_belongs_to_demotion() -> None:
    assert codes("ladders: {l: {tiers: [{id: member}], promote: {each: month, grace: 9 days}}}\n") == ["key-unknown"]
