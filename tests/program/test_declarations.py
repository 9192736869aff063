"""How facts, tables, tracks and calendars are read, and what is said about everything at once."""

from __future__ import annotations

from datetime import date

from swingby.program import load_text
from swingby.program.blocks import (
    ByCase,
    DayOfYear,
    ListItem,
)
from swingby.program.model import Calendar
from swingby.program.reading.reader import Reader
from swingby.program.reading.scalars import TEXT
from swingby.program.reading.shapes import Construct, Key, Retiring
from swingby.program.reading.source import SourceText, compose
from tests.program.reading import HEADER, codes, issues, loaded, number

# --- facts, tables, tracks, calendars ---------------------------------------------------------------------------------


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
        ("close_hours", False),
        ("severity", False),
        ("product", False),
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


# --- several at once --------------------------------------------------------------------------------------------------


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


# --- keys that go away ------------------------------------------------------------------------------------------------


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


def test_a_column_cannot_take_a_name_of_the_ledger() -> None:
    found = load_text(HEADER + "facts: {listings: {columns: {position: number, line: word, content: word}}}\n")
    assert [issue.code for issue in found.issues] == ["column-reserved"]


def test_a_calendar_of_listed_months_has_two_days() -> None:
    assert issues("calendars: {fiscal: {month_starts: [2024-02-05]}}\n") == [
        (
            "program.yaml:2:21: error: [list-length] month_starts name one day; the last day listed only ends the month "
            "before it. List the first day of every month, and the day after the last one."
        ),
        "program.yaml:2:21: warning: [unused] calendars.fiscal is not used by any rule. Use it or delete it.",
    ]
