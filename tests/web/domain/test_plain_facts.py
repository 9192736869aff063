"""What is read without the checks of files is what they would read, whatever is sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from swingby.facts import from_rows, stored_contracts
from swingby.program.kinds import Column
from swingby.web.domain.plain_facts import plain_values
from tests.facts.programs import program

PROGRAM = program(time_zone="America/Los_Angeles")
KINDS = {name: each for name, each in stored_contracts(PROGRAM).items() if each.kind is not None}
DAYS = st.dates(date(1900, 1, 1), date(2110, 1, 1))
_TEXTS = "|x | x|=1|@x|a@b.example|\u00e4|\u2003x|x\u00a0|-|+1|1e3|25%|1,5|007|.5|\ufffd|\u0661|1.123456789|usd"
_DAYS = "2025-02-30|2025-1-1|2025-01-01T23:30:00Z|20250101|45000|2101-01-01|1949-12-31|99999999999999999"
_OTHERS = (0, 1, -1, 10**16, 10**15, True, False, Decimal("1E+3"), Decimal("0.000000001"), Decimal(-2), Decimal("1.10"))
ODD = st.sampled_from([*_TEXTS.split("|"), *_DAYS.split("|"), *"true|True|no|1|0|EUR|USD".split("|"), *_OTHERS])
PLAIN: Mapping[str, st.SearchStrategy[Any]] = {
    "date": DAYS.map(str) | DAYS | st.datetimes(datetime(2020, 1, 1), datetime(2026, 1, 1)).map(str),
    "number": st.decimals(-5, 10**9, places=3).map(str) | st.integers(0, 100) | st.decimals(0, 10, places=2),
    "percent": st.sampled_from(["0.25", "25%", "1", "1.5", Decimal("0.5"), 0, 100]),
    "truth": st.booleans() | st.sampled_from(["true", "false", "yes"]),
    "text": st.sampled_from(["x", "a b", "Deal 7", "o1", "USD", "EUR", "<b>", "?"]),
}


def value_for(column: Column) -> st.SearchStrategy[Any]:
    plain = PLAIN.get({"amount": "number", "id": "text", "word": "text"}.get(column.type, column.type), st.nothing())
    return plain | plain | plain | st.none() | ODD


def rows_of(kind: str) -> st.SearchStrategy[list[dict[str, Any]]]:
    columns = {column.name: value_for(column) for column in KINDS[kind].columns}
    required = {name: columns.pop(name) for name in KINDS[kind].required}
    return st.lists(st.fixed_dictionaries(required, optional=columns), min_size=1, max_size=30)


def judged(kind: str, rows: Sequence[Mapping[str, Any]]) -> tuple[dict[int, tuple[Any, ...]], set[int]]:
    """By place, what the checks of files read, and the places of which they say anything."""
    given_rows = [{"fact_id": f"r{place}", **row} for place, row in enumerate(rows)]
    names = ", ".join(f'"{column.name}"' for column in KINDS[kind].columns)
    with from_rows({kind: given_rows}, PROGRAM) as read:
        found = read.connection.execute(f"SELECT fact_id, {names} FROM fact_{kind}").fetchall()
        said = {issue.line - 1 for issue in read.issues if issue.line}
    return {int(row[0][1:]): row[1:] for row in found}, said


@pytest.mark.parametrize("kind", sorted(KINDS))
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(data=st.data())
def test_a_plain_row_is_read_as_the_checks_read_it(kind: str, data: st.DataObject) -> None:
    rows = data.draw(rows_of(kind))
    values, said = judged(kind, rows)
    for place, row in enumerate(rows):
        plain = plain_values(row, KINDS[kind], currency="USD")
        if plain is not None:
            assert (place in said, tuple(plain.values())) == (False, values[place])
            assert [type(each) for each in plain.values()] == [type(each) for each in values[place]]


CALL: dict[str, Any] = {"organization": "o1", "kind": "call", "happened_on": "2026-03-20", "quantity": "2.5"}
DEAL: dict[str, Any] = {"deal": "d1", "happened_on": "2026-03-20", "amount": "9", "currency": "USD", "stage": "won"}


def plain(kind: str, row: dict[str, Any]) -> dict[str, Any] | None:
    missing = dict.fromkeys(KINDS[kind].required, "x")
    found = plain_values(missing | row, KINDS[kind], currency="USD")
    return None if found is None else {name: found[name] for name in row}


def test_what_systems_send_is_plain() -> None:
    day = date(2026, 3, 20)
    assert plain("activities", CALL) == CALL | {"happened_on": day, "quantity": Decimal("2.5")}
    assert plain("activities", CALL | {"happened_on": day, "quantity": 2}) == CALL | {"happened_on": day, "quantity": 2}
    assert plain("deals", DEAL) == DEAL | {"happened_on": day, "amount": 9}
    held = {"person": "p1", "code": "c1", "starts_on": "2026-01-01", "ends_on": "2028-01-01"}
    assert plain("credentials", held) == held | {"starts_on": date(2026, 1, 1), "ends_on": date(2028, 1, 1)}


@pytest.mark.parametrize(
    ("kind", "change"),
    [
        ("activities", {"happened_on": "2026-02-30"}),
        ("activities", {"happened_on": None}),
        ("activities", {"happened_on": "2026-03-20T10:00:00Z"}),
        ("activities", {"cancelled_on": "2026-03-19"}),
        ("activities", {"organization": " o1"}),
        ("activities", {"organization": "a@b.example"}),
        ("activities", {"organization": "\u00e4"}),
        ("deals", {"amount": "1.123456789"}),
        ("deals", {"amount": "1,5"}),
        ("deals", {"currency": "EUR"}),
        ("deals", {"deal": "=1+1"}),
        ("deals", {"deal": 7}),
        ("decisions", {}),
    ],
    ids=str,
)
def test_anything_else_is_left_to_the_checks(kind: str, change: dict[str, Any]) -> None:
    row = {"activities": CALL, "deals": DEAL}.get(kind, {"happened_on": "2026-03-20"})
    assert plain(kind, row | change) is None
