"""Decisions as values: what they rest on, how they are written, and what explains a change."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from swingby import __version__
from swingby.engine.decisions import (
    DecidedNumber,
    Decision,
    KnownAt,
    RowDifference,
    as_document,
    decide,
    differences,
    hash_of,
    position_of,
    read_document,
    replay,
)
from swingby.facts import FactSet, from_rows
from swingby.program import Program, load_text, rules_hash

TEXT = """
program: {id: tried, label: Tried, language: 1, version: "1", effective: 2024-01-01, currency: USD}
measures:
  sold: {label: Sold, sum: amount, of: transactions, over: ever}
  third: {label: A third, ratio: [sold, 3]}
points:
  sales: {label: Sales, for_each: transactions, earn: {rate: 1, of: amount}, into: purse}
accounts:
  purse: {unit: USD}
tracks:
  size: {otherwise: small, cases: [{is: large, requires: {measure: sold, at_least: 100}}]}
ladders:
  level: {tiers: [{id: member}, {id: gold, requires: {measure: sold, at_least: 100}}]}
"""
DAY = date(2024, 3, 31)
TEXTS = {"program.yaml": TEXT}


@pytest.fixture
def program() -> Program:
    loaded = load_text(TEXT)
    assert loaded.program is not None, loaded.issues
    return loaded.program


@pytest.fixture
def facts(program: Program) -> Iterator[FactSet]:
    rows: dict[str, list[dict[str, object]]] = {
        "organizations": [{"organization": "acme", "name": "Acme"}],
        "enrolments": [{"enrolment": "acme", "organization": "acme", "joined_on": date(2024, 1, 1)}],
        "transactions": [
            {
                "fact_id": "t1",
                "organization": "acme",
                "happened_on": date(2024, 2, 1),
                "amount": Decimal("100.500"),
                "currency": "USD",
                "recorded_at": "2024-02-02T10:00:00Z",
            }
        ],
    }
    with from_rows(rows, program) as found:
        assert found.issues == ()
        yield found


@pytest.fixture
def decision(program: Program, facts: FactSet) -> Decision:
    return decide(program, facts, as_of=DAY)


def test_it_rests_on_program_day_position_and_engine(program: Program, decision: Decision) -> None:
    basis = decision.basis
    assert (basis.program.rules, basis.program.text) == (rules_hash(program), program.hash)
    assert (basis.as_of, basis.engine, basis.partners) == (DAY, __version__, None)
    assert basis.known_at == KnownAt(1, datetime(2024, 2, 2, 10, tzinfo=UTC))
    assert [(table.table, table.is_fact, table.rows) for table in basis.facts] == [
        ("enrolments", False, 1),
        ("organizations", False, 1),
        ("transactions", True, 1),
    ]


def test_it_keeps_tiers_requirements_numbers_tracks_and_accounts(decision: Decision) -> None:
    rows = decision.rows
    assert [(row.enrolment, row.ladder, row.tier, row.next_tier) for row in rows.tiers] == [
        ("acme", "level", "gold", None)
    ]
    assert [(row.path, row.result, row.value, row.line, row.gap) for row in rows.requirements] == [
        ("gold", "met", Decimal("100.5"), Decimal(100), Decimal(0))
    ]
    assert [(row.number, str(row.value)) for row in rows.numbers] == [
        ("sales", "100.5"),
        ("sold", "100.5"),
        ("third", "33.5"),
    ]
    assert [(row.track, row.word) for row in rows.tracks] == [("size", "large")]
    assert [(row.account, row.balance, row.opened) for row in rows.accounts] == [
        ("purse", Decimal("100.5"), Decimal("100.5"))
    ]


def test_a_document_gives_the_decision_back(decision: Decision) -> None:
    text = as_document(decision, TEXTS, {"program": "../program"})
    found = read_document(text, name="x.json")
    assert (found.decision, found.texts, found.places) == (decision, TEXTS, {"program": "../program"})
    assert (found.is_altered, found.hash) == (False, hash_of(decision, TEXTS))


def test_the_same_decision_is_the_same_bytes_wherever_it_stands(decision: Decision) -> None:
    one, other = (as_document(decision, TEXTS, {"program": place}) for place in ("a", "b"))
    assert one.replace('"a"', '"b"') == other
    assert one == as_document(decision, TEXTS, {"program": "a"})


def test_a_name_that_is_no_text_survives(decision: Decision) -> None:
    text = as_document(decision, TEXTS, {"facts": "caf\udce9"})
    assert read_document(text.encode().decode(), name="x").places == {"facts": "caf\udce9"}


@pytest.mark.parametrize("part", ["facts", "engine", "as_of", "tiers", "requirements", "numbers", "texts"])
def test_the_hash_covers_every_part(decision: Decision, part: str) -> None:
    changed = {
        "facts": lambda: replace(decision, basis=replace(decision.basis, facts=())),
        "engine": lambda: replace(decision, basis=replace(decision.basis, engine="0")),
        "as_of": lambda: replace(decision, basis=replace(decision.basis, as_of=date(2024, 4, 1))),
        "tiers": lambda: replace(decision, rows=replace(decision.rows, tiers=())),
        "requirements": lambda: replace(decision, rows=replace(decision.rows, requirements=())),
        "numbers": lambda: replace(decision, rows=replace(decision.rows, numbers=())),
        "texts": lambda: decision,
    }[part]()
    texts = {"program.yaml": f"{TEXT}# more"} if part == "texts" else TEXTS
    assert hash_of(changed, texts) != hash_of(decision, TEXTS)


def test_replaying_says_the_same(program: Program, facts: FactSet, decision: Decision) -> None:
    found = replay(decision, program, facts)
    assert (found.same, found.causes, found.differences, found.position, dict(found.late)) == (True, (), (), 1, {})


def test_another_engine_is_named(program: Program, facts: FactSet, decision: Decision) -> None:
    older = replace(decision, basis=replace(decision.basis, engine="0.0.9"))
    found = replay(older, program, facts)
    assert (found.same, [cause.code for cause in found.causes]) == (True, ["engine"])
    assert found.causes[0].message == f"Swingby 0.0.9 computed it, this is {__version__}."


def test_a_difference_without_a_cause_is_called_by_its_name(
    program: Program, facts: FactSet, decision: Decision
) -> None:
    numbers = tuple(replace(row, value=Decimal(1)) if row.number == "sold" else row for row in decision.rows.numbers)
    wrong = replace(decision, rows=replace(decision.rows, numbers=numbers))
    found = replay(wrong, program, facts)
    assert (found.same, [cause.code for cause in found.causes]) == (False, ["unexplained"])
    assert found.differences == (RowDifference("acme", "number", "sold", "", "value 1", "value 100.5"),)


def test_one_digit_is_a_difference(decision: Decision) -> None:
    numbers = (*decision.rows.numbers[:-1], replace(decision.rows.numbers[-1], value=Decimal("33.50000001")))
    assert [row.now for row in differences(decision.rows, replace(decision.rows, numbers=numbers))] == [
        "value 33.50000001"
    ]


def test_rows_that_come_and_go_are_told_whole(decision: Decision) -> None:
    more = replace(decision.rows, numbers=(*decision.rows.numbers, DecidedNumber("bolt", "sold", None, "undefined")))
    expected = RowDifference("bolt", "number", "sold", "", None, "value none, state undefined")
    assert differences(decision.rows, more) == (expected,)
    assert differences(more, decision.rows) == (replace(expected, was=expected.now, now=None),)


def test_words_of_a_row_are_no_difference(decision: Decision) -> None:
    renamed = tuple(replace(row, label="Otherwise said") for row in decision.rows.requirements)
    assert differences(decision.rows, replace(decision.rows, requirements=renamed)) == ()


def test_nothing_known_is_position_zero(program: Program, facts: FactSet) -> None:
    found = decide(program, facts, as_of=DAY, known_at=0)
    assert found.basis.known_at == KnownAt(0, None)
    assert position_of(facts, found.basis.known_at) == 0
    again = replay(found, program, facts)
    assert (again.same, again.causes, dict(again.late)) == (True, (), {"transactions": 1})


def test_the_present_decides_what_is_known(program: Program, facts: FactSet) -> None:
    early = decide(program, facts, as_of=date(2024, 1, 31), now=datetime(2024, 2, 1, 12, tzinfo=UTC))
    assert early.basis.known_at.position == 0
    assert decide(program, facts, as_of=date(2024, 1, 31)).basis.known_at.position == 1
