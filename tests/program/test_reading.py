"""How rules are read: shapes, short forms, and the messages of what cannot be read."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from swingby.program import load_text
from swingby.program.blocks import (
    ByCase,
    Condition,
    Constant,
    Dated,
    DayOfYear,
    Filter,
    Length,
    ListItem,
    Moment,
    MomentStep,
    OfNumber,
    PeriodUnit,
    Product,
    Scale,
    Schedule,
    TableValue,
    Window,
)
from swingby.program.model import EVERY_DAY, Calendar, Review
from swingby.program.numbers import (
    AssignNumber,
    Cap,
    Compare,
    DecisionMade,
    EachNumber,
    FactNumber,
    Group,
    ListItemNumber,
    ListNumber,
    NumberOptions,
    NumberReference,
    Pick,
    RankLine,
    RuleText,
    TierHeld,
    TimeNumber,
    ValueNumber,
)
from swingby.program.reading.reader import Reader
from swingby.program.reading.scalars import TEXT
from swingby.program.reading.shapes import Construct, Key, Retiring
from swingby.program.reading.source import SourceText, compose
from tests.program.reading import HEADER, codes, issues, loaded

PEOPLE = "measures:\n  a: {count: person, of: credentials}\n  b: {count: code, of: credentials}\n"
A = NumberReference(section="measure", name="a")
B = NumberReference(section="measure", name="b")


def number(value: str) -> Constant:
    return Constant(value=Decimal(value))


def word(value: str) -> Constant:
    return Constant(value=value)


# --- the header -----------------------------------------------------------------------------------------------------


def test_the_header_has_defaults() -> None:
    header = loaded("").header
    assert (header.label, header.language, header.time_zone, header.roll_up) == ("example", 1, "UTC", "nearest")
    assert header.protected_through is None


def test_the_header_reads_every_key() -> None:
    found = load_text(
        'program: {id: harborline, label: Harborline, language: 1, version: "2.1", effective: 2025-02-01, currency: USD,\n'
        "  announced: 2024-10-01, shadow_from: 2024-11-01, protected_through: 2025-07-31, time_zone: Europe/Berlin,\n"
        "  roll_up: tree}\n"
    )
    assert found.program is not None
    header = found.program.header
    assert (header.version, header.effective, header.time_zone) == ("2.1", date(2025, 2, 1), "Europe/Berlin")
    assert (header.announced, header.shadow_from) == (date(2024, 10, 1), date(2024, 11, 1))
    assert (header.protected_through, header.roll_up) == (date(2025, 7, 31), "tree")


def test_all_that_is_wrong_with_a_header_is_said_at_once() -> None:
    found = load_text("program: {id: Bad Id, efective: 2024-13-01, currency: usd, language: 9}\n")
    assert [str(issue) for issue in found.issues] == [
        'program.yaml:1:10: error: [key-missing] program needs the key "effective". Add "effective:".',
        'program.yaml:1:10: error: [key-missing] program needs the key "version". Add "version:".',
        (
            'program.yaml:1:15: error: [name-shape] "Bad Id" is not a program id. '
            "Write lower case letters, digits and hyphens."
        ),
        'program.yaml:1:23: error: [key-unknown] program has no key "efective". Did you mean "effective"?',
        'program.yaml:1:55: error: [currency-shape] "usd" is not a currency. Write its three capital letters, as USD.',
    ]


def test_a_language_of_the_future_is_refused() -> None:
    found = load_text(HEADER.replace("}", ", language: 2}"))
    assert [issue.code for issue in found.issues] == ["language-unknown"]


# --- short forms ----------------------------------------------------------------------------------------------------


def test_a_list_of_names_is_one_row_each() -> None:
    program = loaded(PEOPLE + "requirements: {r: {measure: [a, b], at_least: 2}}\n")
    rows = (
        Compare(number=A, test="at_least", line=number("2")),
        Compare(number=B, test="at_least", line=number("2")),
    )
    assert program.requirements["r"].requirement == Group(kind="all", items=rows)


def test_a_list_of_names_joins_the_group_around_it() -> None:
    program = loaded(PEOPLE + "requirements: {r: {any: [{measure: [a, b], at_least: 2}, {decision: fee}]}}\n")
    group = program.requirements["r"].requirement
    assert isinstance(group, Group)
    assert (group.kind, len(group.items)) == ("any", 3)


def test_rows_of_a_list_of_names_stand_where_their_names_stand() -> None:
    program = loaded(PEOPLE + "requirements: {r: {measure: [a, b], at_least: 2}}\n")
    group = program.requirements["r"].requirement
    assert isinstance(group, Group)
    assert [row.location.column for row in group.items] == [30, 33]


def test_a_number_under_cap_is_an_upper_limit() -> None:
    program = loaded("points: {p: {for_each: activities, earn: 1, cap: 30}}\n")
    assert program.points["p"].cap == (Cap(at_most=number("30")),)


def test_a_filter_value_is_equality() -> None:
    short = loaded("measures: {m: {count: person, of: credentials, where: {level: [a, b]}}}\n")
    long = loaded("measures: {m: {count: person, of: credentials, where: {level: {is: [a, b]}}}}\n")
    assert short.measures["m"].number == long.measures["m"].number


def test_names_in_a_list_stand_for_numbers_of_all_sections() -> None:
    program = loaded(
        PEOPLE
        + "points: {p: {based_on: {measure: a}, earn: 1}}\nscores: {s: {sum: [p, a, 5, {measure: b, weight: 2}]}}\n"
    )
    assert program.scores["s"].number == ListNumber(
        operation="sum",
        items=(
            ListItemNumber(item=NumberReference(section="points", name="p")),
            ListItemNumber(item=A),
            ListItemNumber(item=ValueNumber(value=number("5"))),
            ListItemNumber(item=B, weight=number("2")),
        ),
    )


def test_a_bare_name_outside_a_list_gets_a_hint() -> None:
    assert issues(PEOPLE + "points: {p: {based_on: a, earn: 1}}\n") == [
        (
            'program.yaml:5:24: error: [number-shape] "a" is a bare name. '
            "Write {measure: a}; bare names stand in lists only."
        )
    ]


# --- values ---------------------------------------------------------------------------------------------------------


def benefit(text: str) -> object:
    return loaded(f"{PEOPLE}tracks: {{t: {{chosen: topic, otherwise: x}}}}\ntables: {{f: 85%}}\n"
                  f"ladders: {{l: {{tiers: [{{id: low}}, {{id: high, requires: {{measure: a, at_least: 1}}}}]}}}}\n"
                  f"benefits: {{v: {{value: {text}}}, w: {{value: {{product: [{{table: f}}, {{by: t, x: 1}}]}}}}}}\n").benefits["v"].value  # fmt: skip


def test_a_dated_value_is_sorted_by_day() -> None:
    assert benefit("{initially: 40, 2025-11-01: 25, 2025-02-01: 30}") == Dated(
        initially=number("40"),
        steps=((date(2025, 2, 1), number("30")), (date(2025, 11, 1), number("25"))),
    )


def test_a_value_by_several_keys_nests_and_shares_its_otherwise() -> None:
    assert benefit("{by: [l, t], low: {x: 12, y: 4}, high: 9, otherwise: 2}") == ByCase(
        by="l",
        cases=(
            ("low", ByCase(by="t", cases=(("x", number("12")), ("y", number("4"))), otherwise=number("2"))),
            ("high", number("9")),
        ),
        otherwise=number("2"),
    )


def test_a_product_of_values_holds_numbers_too() -> None:
    assert benefit("{product: [400, a, {table: f}]}") == Product(
        values=(number("400"), OfNumber(number=A), TableValue(table="f"))
    )


def test_a_value_may_be_any_number() -> None:
    assert benefit("{greatest: [a, 10]}") == OfNumber(
        number=ListNumber(
            operation="greatest",
            items=(ListItemNumber(item=A), ListItemNumber(item=ValueNumber(value=number("10")))),
        )
    )


@pytest.mark.parametrize("text", ["1_000", "1e3", "010", "+5", "many"])
def test_a_number_has_no_separators_exponents_or_leading_zeros(text: str) -> None:
    found = issues(PEOPLE + f"requirements: {{r: {{measure: a, at_least: {text}}}}}\n")
    assert found == [
        (
            f'program.yaml:5:42: error: [number-shape] "{text}" is not a number. '
            "Write 1000, 7.5 or 25%, without separators or exponents."
        )
    ]


def test_a_word_where_a_number_stands_may_be_the_name_of_one() -> None:
    assert issues(PEOPLE + "requirements: {r: {measure: a, at_least: b}}\n") == [
        'program.yaml:5:42: error: [number-shape] "b" is not a number. Write at_least: {measure: b}.'
    ]


def test_a_day_must_be_in_the_calendar() -> None:
    assert codes("requirements: {r: {column: enrolment.joined_on, at_least: 2025-02-30}}\n") == [
        "day-shape",
    ]


# --- time -----------------------------------------------------------------------------------------------------------


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


# --- numbers --------------------------------------------------------------------------------------------------------


def test_a_number_of_facts_reads_every_key() -> None:
    program = loaded(
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


# --- requirements ---------------------------------------------------------------------------------------------------


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
        ("{measure: a, atleast: 1, at_least: 1}", '[key-unknown] reference to a number has no key "atleast". Did you mean "at_least"?'),
        ("a", "[shape] Expected a requirement under \"r\", found \"a\". Write {measure: a, at_least: …}."),
        ("{all: {decision: a}}", "[shape] Expected a list of requirements under \"all\", found a mapping."),
        ("{count: [{decision: a}]}", "[line-missing] count needs at_least."),
    ],
)  # fmt: skip
def test_a_requirement_that_cannot_be_read(text: str, expected: str) -> None:
    assert expected in issues(PEOPLE + f"requirements: {{r: {text}}}\n")[0]


# --- earnings -------------------------------------------------------------------------------------------------------


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


# --- ladders --------------------------------------------------------------------------------------------------------


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


# --- facts, tables, tracks, calendars -------------------------------------------------------------------------------


def test_an_own_kind_is_an_event_of_an_organization() -> None:
    program = loaded("facts: {visits: {columns: {minutes: number, fee: amount}}}\n")
    kind = program.kinds["visits"]
    assert (kind.shape, kind.owner) == ("event", "organization")
    assert [(column.name, column.type) for column in kind.columns] == [
        ("organization", "id"),
        ("minutes", "number"),
        ("fee", "amount"),
        ("currency", "word"),
    ]


def test_a_known_kind_keeps_its_columns() -> None:
    program = loaded("facts: {surveys: {columns: {region: word}}}\n")
    assert [column.name for column in program.kinds["surveys"].columns] == ["organization", "topic", "score", "region"]


def test_a_known_column_keeps_its_type() -> None:
    assert codes("facts: {surveys: {columns: {score: word}}}\n") == ["column-retyped"]


def test_a_known_kind_may_get_another_owner() -> None:
    kind = loaded("facts: {cases: {owner: organization}}\n").kinds["cases"]
    assert kind.owner == "organization"
    assert [(column.name, column.required) for column in kind.columns] == [
        ("organization", True),
        ("customer", False),
        ("reply_hours", False),
    ]


def test_a_subset_is_a_kind_of_its_base_s_shape() -> None:
    program = loaded(
        "facts:\n"
        "  usage: {columns: {placement: [customer, product]}}\n"
        "  counted: {subset_of: usage, where: {product: x}}\n"
        "measures: {m: {count: placement, of: counted, over: ever}}\n"
    )
    assert program.kinds["counted"].name == "counted"
    assert program.kinds["counted"].shape == "event"
    assert program.facts["usage"].joint == (("placement", ("customer", "product")),)
    assert program.facts["counted"].subset_of == "usage"


def test_a_table_is_a_list_or_a_value() -> None:
    program = loaded(
        "tables:\n"
        "  accepted: [claimed, {is: reseller, from: 2024-01-01, until: 2024-08-01}]\n"
        "  association.kind: [claimed, digital]\n"
        "  factor: {by: organization.region, emea: 85%, otherwise: 100%}\n"
        "benefits: {b: {value: {table: factor}}}\n"
        "measures: {m: {by: association.kind, count: customer, of: usage, over: ever, where: {association.kind: {table: accepted}}}}\n"
    )
    assert program.tables["accepted"].items == (
        ListItem(value="claimed"),
        ListItem(value="reseller", starts_on=date(2024, 1, 1), ends_on=date(2024, 8, 1)),
    )
    assert [item.value for item in program.tables["association.kind"].items] == ["claimed", "digital"]
    assert program.tables["factor"].value == ByCase(
        by="organization.region", cases=(("emea", number("0.85")),), otherwise=number("1")
    )


def test_norway_is_a_word() -> None:
    program = loaded("tables: {countries: [NO, SE]}\nmeasures: {m: {count: person, of: credentials, where: {person.country: {table: countries}}}}\n")  # fmt: skip
    assert [item.value for item in program.tables["countries"].items] == ["NO", "SE"]


def test_a_track_needs_otherwise() -> None:
    assert issues("tracks: {t: {chosen: model}}\n") == [
        'program.yaml:2:13: error: [key-missing] track needs the key "otherwise". Add "otherwise:".'
    ]


def test_calendars_start_on_a_day_on_joining_or_with_listed_months() -> None:
    found = load_text(
        HEADER
        + "calendars: {fiscal: {starts: 02-01}, membership: {starts: joined}, retail: {month_starts: [2024-02-04, 2024-03-03]}}\n"
    )
    assert found.program is not None
    assert found.program.calendars == {
        "fiscal": Calendar(name="fiscal", starts=DayOfYear(2, 1)),
        "membership": Calendar(name="membership", starts="joined"),
        "retail": Calendar(name="retail", starts=DayOfYear(2, 4), month_starts=(date(2024, 2, 4), date(2024, 3, 3))),
    }


# --- several at once ------------------------------------------------------------------------------------------------


def test_everything_wrong_is_said_at_once_and_nothing_twice() -> None:
    found = issues(
        "mesures: {}\n"
        "measures:\n"
        "  Bad: {count: person, of: credentials}\n"
        "  a: {count: person, off: credentials}\n"
        "  b: {sum: [a, c]}\n"
        "ladders:\n"
        "  l: {tiers: [{id: x, requires: {measure: a, at_least: 2}}, {id: y, requires: {measure: bb, at_least: 2}}]}\n"
    )
    assert [text.split(" ", 2)[0] + " " + text.split("[")[1].split("]")[0] for text in found] == [
        "program.yaml:2:1: section-unknown",
        "program.yaml:4:3: name-shape",
        "program.yaml:5:6: key-missing",
        "program.yaml:5:22: key-unknown",
        "program.yaml:6:16: reference-unknown",
        "program.yaml:8:79: reference-unknown",
    ]


# --- keys that go away ----------------------------------------------------------------------------------------------


def test_a_retiring_key_is_an_error_from_its_day() -> None:
    old = Key("colour", TEXT, "the colour", retiring=Retiring(date(2027, 6, 1), "tint"))
    root, _ = compose(SourceText("program.yaml", "{colour: red}"))
    reader = Reader()
    assert root is not None
    fields = reader.fields(root, Construct("paint", "What a wall gets.", (old,)))
    assert fields is not None
    assert fields.get(old) == "red"
    assert [(str(issue), issue.from_date) for issue in reader.issues] == [
        (
            (
                'program.yaml:1:2: error from 2027-06-01: [key-retiring] "colour" will be refused from 2027-06-01; '
                'write "tint" (swingby upgrade does it).'
            ),
            date(2027, 6, 1),
        )
    ]


def test_another_currency_than_the_own_is_refused() -> None:
    assert codes("points: {p: {for_each: deals, earn: 1, currency: EUR}}\n") == ["word-unknown"]
