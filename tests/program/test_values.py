"""How values, short forms and headers are read."""

from __future__ import annotations

from datetime import date

import pytest

from swingby.program import load_text
from swingby.program.blocks import (
    ByCase,
    Dated,
    OfNumber,
    Product,
    TableValue,
)
from swingby.program.numbers import (
    Cap,
    Compare,
    Group,
    ListItemNumber,
    ListNumber,
    NumberReference,
    ValueNumber,
)
from tests.program.reading import HEADER, PEOPLE, A, B, codes, issues, loaded, number

# --- the header -------------------------------------------------------------------------------------------------------


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


# --- short forms ------------------------------------------------------------------------------------------------------


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


# --- values -----------------------------------------------------------------------------------------------------------


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
