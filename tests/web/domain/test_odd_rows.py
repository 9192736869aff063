"""Rows that may be right and will surprise are told: where the first stands, how many there are, and what it means."""

from __future__ import annotations

from pathlib import Path

import pytest

from swingby.facts import read_facts
from swingby.program import Program, load_text
from swingby.web.domain.asking_rules import unread_kinds
from swingby.web.domain.odd_rows import MOST_WORDS, Odd, odd_rows

RULES = """
program: {id: p, version: '1', effective: 2025-01-01, currency: EUR}
tables: {stages: [won, renewed]}
facts: {accepted: {subset_of: activities, where: {status: accepted}}}
measures:
  talks: {count: facts, of: accepted, over: ever, label: Accepted}
  sellers: {count: person, of: credentials, where: {any: [{role: sales}, {level: advanced}]}}
  others: {count: facts, of: usage, where: {product: {is_not: [trial]}}, over: ever}
points:
  plans: {for_each: activities, where: {kind: plan_reviewed}, earn: 20, label: Plan reviewed}
  deals: {for_each: deals, where: {stage: {table: stages}}, earn: {rate: 1, of: amount}, label: Deals won}
  bought: {for_each: transactions, where: {kind: sale}, earn: {rate: {by: product, a: 2, b: 1}, of: amount}}
"""
ACTIVITY = "fact_id,organization,kind,happened_on,status,quantity"
ALL_BLIND = (
    "No row says kind, and these rules cannot see them without it: bought."
    " These are all rules that ask for them, so nothing of it counts."
)
FILL = "Say which column of the file holds it, or that it is always the same."


@pytest.fixture(scope="module")
def program() -> Program:
    found = load_text(RULES).program
    assert found is not None
    return found


def odd(program: Program, folder: Path, **files: str) -> list[Odd]:
    delivery, mapping = folder / "delivery", folder / "mapping.yaml"
    delivery.mkdir()
    for name, text in files.items():
        (delivery / f"{name}.csv").write_text(text)
    mapping.write_text("files:\n" + "".join(f"  - {{read: '{name}.csv', as: {name}}}\n" for name in files))
    with read_facts(delivery, program, mapping=mapping) as incoming:
        return list(odd_rows(delivery, mapping, program, incoming))


def said(found: list[Odd]) -> list[tuple[str, int, str, int]]:
    return [(each.code, each.line, each.column, each.rows) for each in found]


def rows(*lines: str, head: str = ACTIVITY) -> str:
    return "\n".join([head, *lines, ""])


def test_what_rules_ask_for_is_not_odd(program: Program, tmp_path: Path) -> None:
    files = {
        "activities": rows("a,acme,plan_reviewed,2026-03-31,accepted,2", "b,acme,talk,2026-03-30,accepted,0"),
        "usage": rows("c,x,2026-01-01", "c,,2026-01-01", head="customer,product,happened_on"),
        "credentials": rows("p,sales,,2026-01-01", "q,,advanced,2026-01-01", head="person,role,level,starts_on"),
        "deals": rows("d,won,2026-01-01,-5", "e,renewed,2026-01-01,5", head="deal,stage,happened_on,amount"),
    }
    assert odd(program, tmp_path, **files) == []


def test_words_that_no_rule_asks_for_are_told_where_the_first_stands(program: Program, tmp_path: Path) -> None:
    lines = ("d,lost,2026-01-01,5", "e,won,2026-01-01,5", "f,lost,2026-01-01,5", "g,Won,2026-01-01,5")
    found = odd(program, tmp_path, deals=rows(*lines, head="deal,stage,happened_on,amount"))
    assert found == [
        Odd(
            code="word-unasked",
            line=2,
            column="stage",
            value="lost",
            rows=2,
            reason='No rule in force asks for stage "lost": 2 rows count for nothing.',
        ),
        Odd(
            code="word-unasked",
            line=5,
            column="stage",
            value="Won",
            rows=1,
            reason='No rule in force asks for stage "Won": the row counts for nothing.',
            hint='Did you mean "won"?',
        ),
    ]


def test_a_word_that_one_rule_sees_and_none_names_is_told_only_if_it_looks_like_a_slip(
    program: Program, tmp_path: Path
) -> None:
    lines = ("a,acme,plan_reviewd,2026-01-01,accepted,", "b,acme,talk,2026-01-01,accepted,")
    (found,) = odd(program, tmp_path, activities=rows(*lines))
    assert (found.value, found.hint) == ("plan_reviewd", 'Did you mean "plan_reviewed"?')
    assert found.reason == 'No rule in force names kind "plan_reviewd", which the row says.'


@pytest.mark.parametrize(
    ("product", "told"), [("a", []), ("c", [("word-unasked", 2, "product", 1)])], ids=["a case", "no case"]
)
def test_a_word_without_a_case_in_a_rate_brings_nothing(
    program: Program, tmp_path: Path, product: str, told: list[tuple[str, int, str, int]]
) -> None:
    line = f"acme,sale,{product},2026-01-01,5"
    text = rows(line, head="organization,kind,product,happened_on,amount")
    assert said(odd(program, tmp_path, transactions=text)) == told


def test_a_column_that_rules_ask_for_and_the_file_lacks_is_told_with_the_rules(
    program: Program, tmp_path: Path
) -> None:
    files = {
        "activities": rows("acme,plan_reviewed,2026-01-01", head="organization,kind,happened_on"),
        "transactions": rows("acme,a,2026-01-01,5", head="organization,product,happened_on,amount"),
    }
    reasons = {each.column: (each.line, each.reason, each.hint) for each in odd(program, tmp_path, **files)}
    assert reasons == {
        "status": (0, "No row says status, and these rules cannot see them without it: Accepted.", FILL),
        "kind": (0, ALL_BLIND, FILL),
    }


def test_words_are_told_for_the_rules_that_can_see_the_file_at_all(program: Program, tmp_path: Path) -> None:
    """Accepted activities may be of any kind; but none of this file is accepted."""
    text = rows("acme,talk,2026-01-01", head="organization,kind,happened_on")
    assert said(odd(program, tmp_path, activities=text)) == [
        ("column-unasked", 0, "status", 1),
        ("word-unasked", 2, "kind", 1),
    ]


def test_rows_that_lack_what_every_rule_asks_for_are_told(program: Program, tmp_path: Path) -> None:
    lines = ("acme,,a,2026-01-01,5", "acme,sale,a,2026-01-01,5")
    (found,) = odd(program, tmp_path, transactions=rows(*lines, head="organization,kind,product,happened_on,amount"))
    assert (found.line, found.column, found.rows) == (2, "kind", 1)
    assert found.reason == "It is empty, and every rule asks for it: the row counts for nothing."


def test_many_words_are_told_together(program: Program, tmp_path: Path) -> None:
    lines = [f"d{each},stage-{each},2026-01-01,5" for each in range(100, 120)]
    found = odd(program, tmp_path, deals=rows(*lines, head="deal,stage,happened_on,amount"))
    assert len(found) == MOST_WORDS + 1
    assert found[-1].reason == "No rule in force asks for stage 8 more words: 8 rows count for nothing."
    assert (found[-1].line, found[-1].rows) == (14, 8)


def test_a_kind_that_no_rule_asks_for_changes_no_standing(program: Program, tmp_path: Path) -> None:
    text = rows("acme,x,2026-01-01,-20", "acme,y,2026-01-01,40", head="organization,topic,happened_on,score")
    (found,) = odd(program, tmp_path, surveys=text)
    assert found == Odd(
        code="kind-unasked", rows=2, reason="No rule in force asks for surveys: 2 rows change no standing."
    )
    assert {"surveys", "activities", "employments"} & unread_kinds(program) == {"surveys"}


@pytest.mark.parametrize(
    ("days", "line", "reason", "hint"),
    [
        (("2026-03-31", "2026-04-01"), 3, "It lies in the future: it does not count before 1 April 2026.", ""),
        (
            ("2031-01-02", "2026-05-01", "2026-01-01"),
            2,
            "2 rows lie in the future, the last on 2 January 2031: none counts before its day.",
            "Look at the year.",
        ),
    ],
)
def test_days_ahead_are_told(
    program: Program, tmp_path: Path, days: tuple[str, ...], line: int, reason: str, hint: str
) -> None:
    lines = [f"a{place},acme,plan_reviewed,{day},accepted," for place, day in enumerate(days)]
    (found,) = odd(program, tmp_path, activities=rows(*lines))
    assert (found.code, found.line, found.column, found.reason, found.hint) == (
        "day-ahead",
        line,
        "happened_on",
        reason,
        hint,
    )


def test_a_partner_who_joins_later_is_told(program: Program, tmp_path: Path) -> None:
    text = rows("e,acme,2027-01-01", head="enrolment,organization,joined_on")
    assert said(odd(program, tmp_path, enrolments=text)) == [("day-ahead", 2, "joined_on", 1)]


def test_less_than_nothing_is_told_where_nothing_is_taken_back(program: Program, tmp_path: Path) -> None:
    head = "organization,kind,product,happened_on,quantity,amount"
    sales = ("acme,sale,a,2026-01-01,-2,-20", "acme,sale,a,2026-01-01,-2,20", "acme,sale,a,2026-01-01,0,-1")
    found = odd(
        program,
        tmp_path,
        activities=rows("a,acme,plan_reviewed,2026-01-01,accepted,-3"),
        transactions=rows(*sales, head=head),
    )
    assert [(each.code, each.line, each.column, each.value, each.rows) for each in found] == [
        ("number-below", 2, "quantity", "-3", 1),
        ("number-below", 3, "quantity", "-2 and 20", 1),
    ]


def test_rows_that_are_left_out_and_those_that_came_twice_are_not_told(program: Program, tmp_path: Path) -> None:
    lines = ("d,lost,2026-02-30,5", "e,lost,2026-01-01,5", "e,lost,2026-01-01,5")
    text = rows(*(f"{each.split(',')[0]},{each}" for each in lines), head="fact_id,deal,stage,happened_on,amount")
    assert said(odd(program, tmp_path, deals=text)) == [("word-unasked", 3, "stage", 1)]


def test_a_column_is_called_as_the_file_calls_it(program: Program, tmp_path: Path) -> None:
    delivery, mapping = tmp_path / "delivery", tmp_path / "mapping.yaml"
    delivery.mkdir()
    (delivery / "crm.csv").write_text("Deal,Phase,Date,Sum\nd,lost,2026-01-01,5\n")
    columns = "{deal: Deal, stage: Phase, happened_on: Date, amount: Sum}"
    mapping.write_text(f"files:\n  - {{read: '*', as: deals, columns: {columns}}}\n")
    with read_facts(delivery, program, mapping=mapping) as incoming:
        assert said(list(odd_rows(delivery, mapping, program, incoming))) == [("word-unasked", 2, "Phase", 1)]
