"""How windows, moments and numbers are read."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from swingby.program.blocks import (
    ByCase,
    Condition,
    Filter,
    Length,
    Moment,
    MomentStep,
    PeriodUnit,
    Window,
)
from swingby.program.numbers import (
    AssignNumber,
    Cap,
    Compare,
    DecisionMade,
    EachNumber,
    FactNumber,
    ListItemNumber,
    ListNumber,
    NumberOptions,
    Pick,
    RuleText,
    TimeNumber,
)
from tests.program.reading import PEOPLE, A, codes, issues, loaded, number, word

# --- time -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{last: 12 months}", Window(kind="last", length=Length(((12, "month"),)))),
        ("{last: [1 month, 15 days]}", Window(kind="last", length=Length(((1, "month"), (15, "day"))))),
        ("{previous: 2 quarters}", Window(kind="previous", unit=PeriodUnit("quarter", None, 2))),
        (
            "{current: month, ago: 1 month}",
            Window(kind="current", unit=PeriodUnit("month"), ago=Length(((1, "month"),))),
        ),
        ("{next: 12 months}", Window(kind="next", length=Length(((12, "month"),)))),
        ("{from: joined}", Window(kind="between", first="joined")),
        (
            "{from: 2025-05-01, through: 2025-09-30}",
            Window(kind="between", first=date(2025, 5, 1), through=date(2025, 9, 30)),
        ),
        ("{last: 1 year, not_before: joined}", Window(kind="last", length=Length(((1, "year"),)), not_before="joined")),
        ("ever", Window(kind="ever")),
    ],
)
def test_windows(text: str, expected: Window) -> None:
    found = loaded(f"measures: {{m: {{count: facts, of: deals, over: {text}}}}}\n").measures["m"].number
    assert isinstance(found, FactNumber)
    assert found.over == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12 months", "[window-shape] \"12 months\" is not a window. Write over: {last: 12 months} or over: ever."),
        ("{last: month}", '[length-shape] "month" is not a length.'),
        ("{previous: monthly}", '[period-unknown] "monthly" is not a unit; write {previous: month}.'),
        ("{current: half-year}", '[period-unknown] "half-year" is not a unit; write {current: half}.'),
        ("{previous: 2 fiscal half-years}", '[period-unknown] "half-years" is not a unit; write {previous: 2 fiscal halves}.'),
        ("{current: lustrum}", '[period-unknown] "lustrum" is not a unit; units are day, week, month, quarter, half, year.'),
        ("{current: half year}", '[calendar-unknown] There is no calendar "half". Half a year is "half".'),
        ("{through: 2025-01-01}", "[key-choice] window needs exactly one of last, previous, current, next, from; found none."),
        ("{last: 1 year, previous: year}", "[key-choice] window needs exactly one of last, previous, current, next, from; found last and previous."),
    ],
)  # fmt: skip
def test_a_window_that_cannot_be_read(text: str, expected: str) -> None:
    assert expected in issues(f"measures: {{m: {{count: facts, of: deals, over: {text}}}}}\n")[0]


def test_a_moment_is_one_step_or_several() -> None:
    program = loaded(
        "calendars: {fiscal: {starts: 02-01}}\n"
        "points:\n"
        "  p: {for_each: deals, earn: 1, expires: {start_of: fiscal half, shift: 1, after: [1 month, 15 days]}}\n"
        "  q: {for_each: deals, earn: 1, expires: [{after: 10 months}, {end_of: quarter}]}\n"
    )
    half = MomentStep("start_of", PeriodUnit("half", "fiscal"), 1, Length(((1, "month"), (15, "day"))))
    assert program.points["p"].expires == Moment(steps=(half,))
    assert program.points["q"].expires == Moment(
        steps=(MomentStep(after=Length(((10, "month"),))), MomentStep("end_of", PeriodUnit("quarter")))
    )


def test_a_length_is_no_moment() -> None:
    assert issues("points: {p: {for_each: deals, earn: 1, expires: 12 months}}\n") == [
        "program.yaml:2:49: error: [moment-shape] write expires: {after: 12 months}"
    ]


def test_an_adverb_is_no_unit() -> None:
    rules = PEOPLE + "ladders: {l: {tiers: [{id: x, requires: {measure: a, at_least: 1}}], promote: {each: monthly}}}\n"
    assert [text.split(": ", 1)[1] for text in issues(rules)] == [
        'error: [period-unknown] "monthly" is not a unit; write {each: month}.'
    ]


# --- numbers ----------------------------------------------------------------------------------------------------------


def test_a_number_of_facts_reads_every_key() -> None:
    program = loaded(
        "tables: {product: [x, y]}\n"
        "measures:\n"
        "  m:\n"
        "    sum: amount\n"
        "    of: transactions\n"
        "    where: {kind: new, amount: {above: 0}, any: [{product: x}, {customer: {exists: true}}]}\n"
        "    over: ever\n"
        "    times: [{by: product, x: 2, otherwise: 1}]\n"
        "    pick: {highest: 3, column: amount, per: customer, among: {kind: new}}\n"
        "    by: product\n"
        "    cap: 100\n"
        "    round: {to: 1, mode: down}\n"
        "    undefined: 0\n"
        "    label: Sales\n"
        "    unit: USD\n"
        "    control: influenced\n"
        "    effort: {hours: 2}\n"
        "    side: vendor\n"
    )
    found = program.measures["m"]
    new = Condition(column="kind", test="is", values=(word("new"),))
    assert isinstance(found.number, FactNumber)
    assert found.number.where == Filter(
        conditions=(new, Condition(column="amount", test="above", values=(number("0"),))),
        alternatives=(
            Filter(conditions=(Condition(column="product", test="is", values=(word("x"),)),)),
            Filter(conditions=(Condition(column="customer", test="exists", exists=True),)),
        ),
    )
    assert found.number.pick == Pick(
        order="highest", count=3, column="amount", per=("customer",), among=Filter(conditions=(new,))
    )
    options = found.number.options
    assert (options.by, options.cap, options.undefined) == (("product",), (Cap(at_most=number("100")),), number("0"))
    assert options.round is not None
    assert (options.round.to, options.round.mode) == (Decimal(1), "down")
    assert found.text == RuleText(label="Sales", unit="USD")
    assert (found.control, found.side) == ("influenced", "vendor")


def test_each_is_a_period_a_thing_or_a_cell() -> None:
    program = loaded(
        "calendars: {fiscal: {starts: 02-01}}\n"
        "measures:\n"
        "  a: {count: facts, of: deals, over: {current: fiscal quarter}}\n"
        "  q: {count: {measure: a, at_least: 1}, each: fiscal quarter, over: {previous: 4 fiscal quarters}}\n"
        "  c: {sum: {measure: a}, each: customer}\n"
    )
    quarters, customers = program.measures["q"].number, program.measures["c"].number
    assert isinstance(quarters, EachNumber)
    assert isinstance(customers, EachNumber)
    assert quarters.each == PeriodUnit("quarter", "fiscal")
    assert quarters.item == Compare(number=A, test="at_least", line=number("1"))
    assert (customers.each, customers.item) == ("customer", A)


def test_a_count_of_a_unit_is_a_number_of_time() -> None:
    found = loaded("measures: {m: {count: month, over: {from: joined}}}\n").measures["m"].number
    assert found == TimeNumber(unit=PeriodUnit("month"), over=Window(kind="between", first="joined"))


def test_a_count_of_a_list_counts_requirements() -> None:
    found = loaded("measures: {m: {count: [{decision: a}, {decision: b}]}}\n").measures["m"].number
    assert found == ListNumber(
        operation="count",
        items=(ListItemNumber(item=DecisionMade(topic="a")), ListItemNumber(item=DecisionMade(topic="b"))),
    )


def test_seats_have_a_role_a_group_and_a_number() -> None:
    found = loaded(
        "measures: {m: {assign: person, of: credentials, each_person: {roles: 1, seats: {sales: 2}},\n"
        "  seats: [{role: sales, in: cloud, count: 2, where: {role: sales}}, {role: lead, in: cloud}]}}\n"
    ).measures["m"].number  # fmt: skip
    assert isinstance(found, AssignNumber)
    assert [(seat.role, seat.inside, seat.count) for seat in found.seats] == [
        ("sales", "cloud", number("2")),
        ("lead", "cloud", number("1")),
    ]
    assert (found.roles, found.seats_each) == (number("1"), ByCase(by="role", cases=(("sales", number("2")),)))


def test_a_ratio_takes_two_numbers() -> None:
    assert issues(PEOPLE + "scores: {s: {ratio: [a, b, a]}}\n") == [
        "program.yaml:5:21: error: [list-length] ratio takes two numbers, found 3. Write ratio: [first, second]."
    ]


def test_none_keeps_a_number_undefined() -> None:
    found = loaded(PEOPLE + "scores: {s: {ratio: [a, b], undefined: none}}\n").scores["s"].number
    assert isinstance(found, ListNumber)
    assert found.options == NumberOptions(undefined_is_none=True)


def test_two_beginnings_of_a_number_do_not_mix() -> None:
    assert codes("measures: {m: {count: person, sum: share, of: employments}}\n") == ["number-mixed"]
